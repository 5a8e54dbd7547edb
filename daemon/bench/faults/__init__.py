"""Every fault of the catalogue (assets/faults.toml), made true and ended from outside, by its code.

No bench code runs in the daemon: what happens here happens to a simulated device, a process or a file, and
the daemon notices by itself. A fault that was not cleared ends with the rig.
"""

from collections.abc import Mapping

from daemon.bench.faults.card import CARD
from daemon.bench.faults.cash import CASH
from daemon.bench.faults.center import CENTER
from daemon.bench.faults.face import FACE
from daemon.bench.faults.injection import Injection
from daemon.bench.faults.kiosk import KIOSK
from daemon.bench.faults.printers import PRINTERS
from daemon.bench.rig import Rig

__all__ = ["INJECTIONS", "Injection", "clear", "inject"]

INJECTIONS: Mapping[str, Injection] = {**CARD, **CASH, **PRINTERS, **FACE, **CENTER, **KIOSK}


async def inject(rig: Rig, code: str) -> None:
    """Makes the fault true; one that is there already stays. Raises KeyError (no such code), ChildFailed."""
    async with rig.injecting:
        if code not in rig.injected:
            act = INJECTIONS[code].act(rig)
            await anext(act)
            rig.injected[code] = act


async def clear(rig: Rig, code: str) -> None:
    """Ends what ``inject`` began; nothing happens if that was not done. Raises ChildFailed, OSError."""
    async with rig.injecting:
        if code in rig.injected:
            await anext(rig.injected[code], None)
            del rig.injected[code]

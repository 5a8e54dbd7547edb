"""Stand-in until the faults land."""

from dataclasses import dataclass

from daemon.bench.rig import Rig
from daemon.config import ASSETS
from daemon.session.catalogue import load_faults


@dataclass(frozen=True)
class Injection:
    note: str


INJECTIONS = {code: Injection("the machine is made to have it") for code in load_faults(ASSETS)}


async def inject(rig: Rig, code: str) -> None:
    if code.startswith("document."):
        rig.printer.inject(code)
    elif code.startswith("receipt."):
        rig.receipts.inject(code)


async def clear(rig: Rig, code: str) -> None:
    if code.startswith("document."):
        rig.printer.repair(code)
    elif code.startswith("receipt."):
        rig.receipts.repair(code)

"""What a technician and systemd do with the screen while no kiosk runs: ``madoguchi calibrate`` and
``console``. Both use the kiosk's own drivers and configuration.
"""

import asyncio
from collections.abc import Coroutine
from functools import partial
from pathlib import Path
from typing import TextIO

from daemon.config import Config, load_config
from daemon.face.crosses import draw_cross
from hal.contracts import Display, Touch
from hal.events import DeviceChanged, Event
from hal.faults import DeviceError, Fault


def calibrate(path: Path, out: TextIO) -> int:
    """Shows crosses to touch and keeps how the panel lies. Raises ConfigError, DeviceError, ValueError."""
    return asyncio.run(_calibrate(load_config(path), out))


async def _calibrate(config: Config, out: TextIO) -> int:
    cls, settings = config.settings("display")
    display: Display = cls(settings)
    cls, settings = config.settings("touch")
    touch: Touch = cls(settings, display)
    out.write("touch each cross on the screen, as exactly as you can\n")
    out.flush()
    residual = await _while_it_is_there(display, touch.calibrate(partial(draw_cross, display)))
    out.write(f"every touch lies within {residual:.1f} mm; the kiosk uses it from its next start on\n")
    return 0


async def _while_it_is_there(display: Display, work: Coroutine[None, None, float]) -> float:
    """Keeps the screen during this work, and gives its console back. Raises DeviceError: it is not there."""
    showing, working = asyncio.create_task(display.run(_heard)), asyncio.create_task(work)
    try:
        await asyncio.wait([showing, working], return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            showing.result()
        return working.result()
    finally:
        for task in (showing, working):
            task.cancel()
        await asyncio.gather(showing, working, return_exceptions=True)


def _heard(event: Event) -> None:
    """A screen that is not there cannot show crosses. Raises DeviceError."""
    if isinstance(event, DeviceChanged) and isinstance(event.fault, Fault):
        raise DeviceError(event.fault)


def give_back_console(path: Path) -> int:
    """After a crash: text, keyboard and switching of the console as they were. Raises ConfigError."""
    cls, settings = load_config(path).settings("display")
    cls.give_back(settings)
    return 0

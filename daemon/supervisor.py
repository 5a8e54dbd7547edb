"""Owns the device pumps: each runs for ever, reports and backs off by itself; none can stop another.

A pump that ends by a defect of ours is logged by place, never by text (it could hold what the device
sent), and started again.
"""

import asyncio
import logging
import traceback
from collections.abc import Awaitable, Callable

from hal.contracts import Emit
from hal.events import DeviceChanged
from hal.faults import DeviceError, Fault

log = logging.getLogger(__name__)

FIRST_BACKOFF, LONGEST_BACKOFF = 1.0, 30.0

Pump = Callable[[Emit], Awaitable[None]]


def where(error: BaseException) -> str:
    """The places an exception passed, newest first, without its text."""
    frames = traceback.extract_tb(error.__traceback__)
    return " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))


class Supervisor:
    """A group of pumps. emit: where their events go."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._tasks: list[asyncio.Task[None]] = []
        self._stopping = False

    def keep(self, name: str, pump: Pump, broken: str) -> None:
        """Starts a pump and keeps it running. broken: the fault code while it is down by a defect."""
        self._tasks.append(asyncio.create_task(self._run(name, pump, broken), name=f"pump-{name}"))

    def running(self, name: str) -> Callable[[], Awaitable[bool]]:
        """Answers whether this pump's task is alive."""

        async def answer() -> bool:
            return any(task.get_name() == f"pump-{name}" and not task.done() for task in self._tasks)

        return answer

    async def stop(self) -> None:
        """Cancels every pump and waits until each has let go of its device."""
        self._stopping = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run(self, name: str, pump: Pump, broken: str) -> None:
        backoff, now = FIRST_BACKOFF, asyncio.get_running_loop().time
        while not self._stopping:  # a pump may end by an error of its cleaning up, and must not start again
            began = now()
            try:
                await pump(self._emit)
            except DeviceError as error:
                self._emit(DeviceChanged(name, error.fault))
            except Exception as error:  # noqa: BLE001 a defect in one driver must not reach another
                log.critical("%s pump: %s at %s", name, type(error).__name__, where(error))
                self._emit(DeviceChanged(name, Fault(broken, name, type(error).__name__)))
            backoff = FIRST_BACKOFF if now() - began > LONGEST_BACKOFF else backoff
            await asyncio.sleep(0 if self._stopping else backoff)
            backoff = min(LONGEST_BACKOFF, backoff * 2)

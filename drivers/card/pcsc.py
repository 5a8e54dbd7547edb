"""The card reader over PC/SC: the contract's reading and authentication, and what lies on the reader.

Three rules (card.md §4, §5). PC/SC calls never run on the event loop: one monitor thread looks, one worker
thread talks to the card. A call that does not come back is left behind after the deadline and is a fault,
READER_HUNG, until it returns. Faults and events are told on change only.
"""

import asyncio
import contextlib
import logging
import threading
from collections.abc import Callable
from functools import partial
from typing import TypeVar

import msgspec

from drivers.card import dialogue, scard
from drivers.card.connection import DEVICE, CardJob, reader_absent, service_down
from drivers.card.dialogue import Connect, Look
from drivers.card.monitor import Monitor, Sighting
from drivers.card.worker import Worker
from hal import faults
from hal.contracts import CardReading, Emit, PinUnsure, Signed, WrongPin
from hal.events import CardPlaced, CardTaken, DeviceChanged
from hal.faults import DeviceError, Fault

log = logging.getLogger(__name__)

T = TypeVar("T")

GRACE = 2.0  # seconds for a slow card's command to end after the deadline; then the reader hangs
END_OF_MONITOR = 2.0  # seconds; an idle monitor ends within one

_NOTHING_TOLD = "nothing told yet"
_NOT_WATCHED = Sighting(service=False, detail="the reader is not being watched")
_HUNG = Fault(
    faults.READER_HUNG, DEVICE, "the reader does not answer; restart pcscd, then re-plug the reader's USB"
)


class PcscSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """``[card]``. reader: start of its name, empty: the first one; socket: pcscd's, empty: the system's.

    deadline: seconds a whole reading or authentication may take (a slow card needs about six).
    """

    reader: str = ""
    socket: str = ""
    deadline: float = 15.0


class PcscReader:
    """A ``hal.contracts.CardReader``. One pcscd per process: see ``scard.use_socket``."""

    Settings = PcscSettings

    def __init__(self, settings: PcscSettings) -> None:
        scard.use_socket(settings.socket)
        self._settings = settings
        self._name = settings.reader
        self._emit: Emit = _nobody
        self._seen = _NOT_WATCHED
        self._told_present: bool | None = None
        self._told_code: str | None = _NOTHING_TOLD
        self._count: int | None = None
        self._busy: Fault | None = None
        self._left_behind: Callable[[], object] | None = None  # gives it up
        self._worker: Worker | None = None
        self._turn = asyncio.Lock()

    @property
    def virtual(self) -> bool:
        """By the reader's own name: the bench's reader is called so."""
        return "Virtual" in self._name

    @property
    def name(self) -> str:
        """The reader's full name; before it is found, what it was to be."""
        return self._name

    @property
    def card_present(self) -> bool | None:
        return self._seen.present

    # ------------------------------------------------------------ watching

    async def run(self, emit: Emit) -> None:
        self._emit, self._told_code = emit, _NOTHING_TOLD
        loop = asyncio.get_running_loop()
        monitor = Monitor(self._settings.reader, partial(_post, loop, self._see))
        watcher = Worker("card monitor")
        watching = asyncio.wrap_future(watcher.submit(monitor.run))
        watching.add_done_callback(_look_at)
        watcher.finish()
        try:
            await asyncio.shield(watching)
        finally:
            # in a thread of its own: with a pcscd that hangs even this call does not come back
            threading.Thread(target=monitor.stop, name="card monitor's end", daemon=True).start()
            await asyncio.wait({watching}, timeout=END_OF_MONITOR)
            self._close()

    def _close(self) -> None:
        self._emit, self._seen, self._count = _nobody, _NOT_WATCHED, None
        if self._left_behind is not None:
            self._left_behind()
        self._dismiss_worker()

    def _see(self, sighting: Sighting) -> None:
        self._seen = sighting
        self._name = sighting.reader or self._name
        if not sighting.in_use:
            self._busy = None
        self._tell_fault()
        self._tell_presence(sighting)

    def _tell_presence(self, sighting: Sighting) -> None:
        before, self._count = self._count, None if sighting.present is None else sighting.count
        if sighting.present is None:
            return
        swapped = before is not None and sighting.count - before & 0xFFFF >= 2
        if sighting.present and self._told_present and swapped:
            self._emit(CardTaken())
        elif sighting.present == self._told_present:
            return
        self._told_present = sighting.present
        self._emit(CardPlaced() if sighting.present else CardTaken())

    def _tell_fault(self) -> None:
        fault = self._fault()
        code = fault.code if fault else None
        if code == self._told_code:
            return
        self._told_code = code
        log.info("card reader %r: %s", self._name, fault or "ready")
        self._emit(DeviceChanged(DEVICE, fault))

    def _fault(self) -> Fault | None:
        if not self._seen.service:
            return service_down(self._seen.detail)
        if self._left_behind is not None:
            return _HUNG
        if self._seen.reader is None:
            return reader_absent(self._seen.detail or f"{self._name!r} is gone")
        return self._busy

    # ------------------------------------------------------------ commands

    async def read(self) -> CardReading:
        return await self._perform(dialogue.read)

    async def look(self) -> Look:
        """What a survey may know of the card. Raises CardError, DeviceError."""
        return await self._perform(dialogue.look)

    async def authenticate(
        self, certificate: bytes, pin: bytearray, message: bytes
    ) -> Signed | WrongPin | PinUnsure:
        secret = bytearray(pin)  # the caller's own is wiped at once, ours even if the thread hangs
        _wipe(pin)
        act = partial(dialogue.authenticate, certificate=certificate, pin=secret, message=message)
        try:
            return await self._perform(act)
        finally:
            _wipe(secret)

    async def _perform(self, act: Callable[[Connect], T]) -> T:
        """One job at a time. Raises what ``act`` raises, and DeviceError."""
        async with self._turn:
            job = CardJob(self._reader())
            future = asyncio.wrap_future(self._hands().submit(partial(act, job.connect)))
            future.add_done_callback(_look_at)
            try:
                await self._await_job(job, future)
            finally:
                job.stop()
            return self._outcome(future)

    async def _await_job(self, job: CardJob, future: asyncio.Future[T]) -> None:
        """A card that is only slow ends within the grace, a reader that hangs does not."""
        if await _done_within(future, self._settings.deadline):
            return
        job.stop()
        if not await _done_within(future, GRACE):
            self._leave_behind(future)
            raise DeviceError(_HUNG)

    def _outcome(self, future: asyncio.Future[T]) -> T:
        try:
            return future.result()
        except DeviceError as error:
            if error.fault.code == faults.READER_BUSY:
                self._busy = error.fault
                self._tell_fault()
            raise

    def _reader(self) -> str:
        """Raises DeviceError: there is none that could be asked. A busy one is asked again."""
        fault = self._fault()
        if fault is not None and fault is not self._busy:
            raise DeviceError(fault)
        return self._seen.reader or self._name

    def _hands(self) -> Worker:
        if self._worker is None:
            self._worker = Worker("card worker")
        return self._worker

    def _dismiss_worker(self) -> None:
        worker, self._worker = self._worker, None
        if worker is not None:
            worker.finish()

    def _leave_behind(self, future: asyncio.Future[T]) -> None:
        log.error("a PC/SC call does not return; its thread is left behind")
        self._left_behind = future.cancel
        self._dismiss_worker()
        future.add_done_callback(self._came_back)
        self._tell_fault()

    def _came_back(self, _: asyncio.Future[T]) -> None:
        self._left_behind = None
        self._tell_fault()


async def _done_within(future: asyncio.Future[T], seconds: float) -> bool:
    done, _ = await asyncio.wait({future}, timeout=seconds)
    return bool(done)


def _post(loop: asyncio.AbstractEventLoop, see: Callable[[Sighting], None], sighting: Sighting) -> None:
    """From the monitor's thread, which may outlive the loop for a moment."""
    with contextlib.suppress(RuntimeError):
        loop.call_soon_threadsafe(see, sighting)


def _look_at(future: asyncio.Future[T]) -> None:
    """An error of a job that nobody waits for any more is not worth a traceback."""
    if not future.cancelled():
        future.exception()


def _wipe(secret: bytearray) -> None:
    secret[:] = bytes(len(secret))


def _nobody(event: object) -> None:
    """Hears events while nobody runs the reader."""

"""The touch panel: an input device of the kernel, or on the bench a FIFO that carries the same structs.

Touches come out in pixels of the display. An unplugged panel is reported, and opened again when it is back.
"""

import asyncio
import fcntl
import os
import struct
from dataclasses import dataclass
from pathlib import Path

import msgspec

from drivers.display.packets import (
    ABS_MT_POSITION_X,
    ABS_MT_POSITION_Y,
    ABS_MT_SLOT,
    ABS_X,
    ABS_Y,
    EVENT,
    Contact,
    Decoder,
)
from hal.contracts import Emit
from hal.events import DeviceChanged, Touched
from hal.faults import TOUCH_LOST, Fault

EVIOCGRAB = 0x40044590
ABSINFO = struct.Struct("6i")
"""value, minimum, maximum, fuzz, flat, resolution"""
FIRST_WAIT, LONGEST_WAIT = 0.5, 5.0
LOOK_SECONDS = 1.0
NOWHERE = -1
"""A cancelled touch ends where no button is."""

Matrix = tuple[float, float, float, float, float, float]


class TouchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """path: /dev/input/by-path/…-event or a FIFO. width, height: of the display.

    matrix: calibration in the order of LIBINPUT_CALIBRATION_MATRIX (90°: 0 -1 1 1 0 0).
    """

    path: str
    width: int = 1280
    height: int = 800
    matrix: Matrix = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)


@dataclass(frozen=True)
class Axis:
    """The panel's smallest and largest number."""

    low: int
    high: int

    def part(self, value: int) -> float:
        """0 to 1 across the panel."""
        return (value - self.low) / max(1, self.high - self.low)


@dataclass(frozen=True)
class Scale:
    """From the panel's numbers to pixels of the display."""

    x: Axis
    y: Axis
    settings: TouchSettings

    def pixel(self, x: int, y: int) -> tuple[int, int]:
        u, v = self.x.part(x), self.y.part(y)
        a, b, c, d, e, f = self.settings.matrix
        return (
            _within(a * u + b * v + c, self.settings.width),
            _within(d * u + e * v + f, self.settings.height),
        )


def _within(part: float, pixels: int) -> int:
    return min(pixels - 1, max(0, round(part * (pixels - 1))))


class EvdevTouch:
    """hal.contracts.Touch."""

    Settings = TouchSettings

    def __init__(self, settings: TouchSettings) -> None:
        self._settings = settings
        self._fault: Fault | None = None
        self._heard = False

    @property
    def virtual(self) -> bool:
        """A FIFO is not a panel."""
        return Path(self._settings.path).is_fifo()

    async def run(self, emit: Emit) -> None:
        """Reads touches for ever."""
        wait, self._heard = FIRST_WAIT, False
        while True:
            try:
                panel = _Panel(self._settings)
            except OSError as error:
                self._report(emit, error)
            else:
                wait = FIRST_WAIT
                self._report(emit, None)
                self._report(emit, await panel.follow(emit))
            await asyncio.sleep(wait)
            wait = min(LONGEST_WAIT, wait * 2)

    def _report(self, emit: Emit, error: OSError | None) -> None:
        path = self._settings.path
        detail = f"{path}: {error.strerror or error}; is the panel plugged in?" if error else ""
        fault = Fault(TOUCH_LOST, "touch", detail) if error else None
        if fault != self._fault or not self._heard:
            self._fault, self._heard = fault, True
            emit(DeviceChanged("touch", fault))


class _Panel:
    """One opened panel."""

    def __init__(self, settings: TouchSettings) -> None:
        """Raises OSError."""
        self._path = Path(settings.path)
        self._is_fifo = self._path.is_fifo()
        # A FIFO opened for writing too never reports EOF, however often the other side comes and goes.
        mode = os.O_RDWR if self._is_fifo else os.O_RDONLY
        self._fd = os.open(settings.path, mode | os.O_NONBLOCK | os.O_CLOEXEC)
        self._decoder = Decoder()
        self._multi = False
        try:
            self._scale = self._scale_of(settings)
            self._resume()
        except OSError:
            os.close(self._fd)
            raise

    async def follow(self, emit: Emit) -> OSError:
        """Emits touches until the panel is gone; returns why."""
        loop = asyncio.get_running_loop()
        gone: asyncio.Future[OSError] = loop.create_future()
        loop.add_reader(self._fd, self._read, emit, gone)
        try:
            while not (await asyncio.wait([gone], timeout=LOOK_SECONDS))[0]:
                self._look(gone)
            return gone.result()
        finally:
            loop.remove_reader(self._fd)
            os.close(self._fd)

    def _look(self, gone: "asyncio.Future[OSError]") -> None:
        """A panel that is unplugged says so when it is read; a FIFO that was taken away never does."""
        try:
            status = self._path.stat()
            if not os.path.samestat(status, os.fstat(self._fd)):
                raise OSError(0, "another one has taken its place")
        except OSError as error:
            if not gone.done():
                gone.set_result(error)

    def _read(self, emit: Emit, gone: "asyncio.Future[OSError]") -> None:
        try:
            data = os.read(self._fd, 64 * EVENT.size)
            if not data:
                raise OSError(0, "end of file")
            for contact in self._decoder.feed(data):
                emit(self._touched(contact))
            if self._decoder.lost:
                self._resume()
        except BlockingIOError:
            return
        except OSError as error:
            if not gone.done():
                gone.set_result(error)

    def _touched(self, contact: Contact) -> Touched:
        if contact.x is None or contact.y is None:
            return Touched(NOWHERE, NOWHERE, contact.down)
        return Touched(*self._scale.pixel(contact.x, contact.y), contact.down)

    def _scale_of(self, settings: TouchSettings) -> Scale:
        if self._is_fifo:
            return Scale(Axis(0, settings.width - 1), Axis(0, settings.height - 1), settings)
        fcntl.ioctl(self._fd, EVIOCGRAB, 1)
        x, y = self._abs(ABS_MT_POSITION_X), self._abs(ABS_MT_POSITION_Y)
        self._multi = x[2] > x[1]
        if not self._multi:
            x, y = self._abs(ABS_X), self._abs(ABS_Y)
        return Scale(Axis(x[1], x[2]), Axis(y[1], y[2]), settings)

    def _resume(self) -> None:
        if self._is_fifo:
            self._decoder.resume()
        elif self._multi:
            slot = self._abs(ABS_MT_SLOT)[0]
            self._decoder.resume(self._slot_zero(ABS_MT_POSITION_X), self._slot_zero(ABS_MT_POSITION_Y), slot)
        else:
            self._decoder.resume(self._abs(ABS_X)[0], self._abs(ABS_Y)[0])

    def _abs(self, axis: int) -> tuple[int, ...]:
        """EVIOCGABS."""
        answer = fcntl.ioctl(self._fd, _request(0x40 + axis, ABSINFO.size), bytes(ABSINFO.size))
        return ABSINFO.unpack(answer)

    def _slot_zero(self, axis: int) -> int:
        """EVIOCGMTSLOTS."""
        question = struct.pack("Ii", axis, 0)
        return int(struct.unpack("Ii", fcntl.ioctl(self._fd, _request(0x0A, len(question)), question))[1])


def _request(number: int, size: int) -> int:
    """_IOC(_IOC_READ, 'E', number, size)"""
    return 2 << 30 | size << 16 | ord("E") << 8 | number

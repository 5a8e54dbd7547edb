"""An input device of the kernel by its path: opened, grabbed, read, and opened again when it was unplugged.

Only the one device that is named is ever opened, and once it is ours nobody else hears it. On the bench a
FIFO that carries the same structs stands for it.
"""

import asyncio
import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from drivers.ports.evdev import EVENT, EVIOCGRAB, reading
from drivers.ports.kernel import Kernel, identity

ABSINFO = struct.Struct("6i")
"""value, minimum, maximum, fuzz, flat, resolution"""
NAME_BYTES = 80
FIRST_WAIT, LONGEST_WAIT = 0.25, 2.0
LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Axis:
    """An axis and where it stands. low, high: the device's smallest and largest number."""

    low: int
    high: int
    value: int = 0

    @property
    def exists(self) -> bool:
        return self.high > self.low

    def part(self, value: int) -> float:
        """0 to 1 across the axis."""
        return (value - self.low) / max(1, self.high - self.low)


class Input:
    """One opened device. is_device: whether it can be asked at all (a FIFO cannot)."""

    def __init__(self, path: str, kernel: Kernel) -> None:
        """Raises OSError."""
        self._path, self._kernel = path, kernel
        # A FIFO opened for writing too never reports EOF, however often the other side comes and goes.
        is_fifo = Path(path).is_fifo()
        self._fd = kernel.open(path, (os.O_RDWR if is_fifo else os.O_RDONLY) | os.O_NONBLOCK)
        self.is_device = kernel.is_device(self._fd)
        try:
            if self.is_device:
                kernel.tell(self._fd, EVIOCGRAB, 1)
            elif not is_fifo:
                raise OSError(0, "it is no input device")
        except OSError:
            self.close()
            raise

    @property
    def name(self) -> str:
        """What the device calls itself; "" of a FIFO."""
        if not self.is_device:
            return ""
        answer = self._kernel.ask(self._fd, reading(0x06, NAME_BYTES), bytes(NAME_BYTES))
        return answer.partition(b"\0")[0].decode(errors="replace")

    def axis(self, code: int) -> Axis:
        """EVIOCGABS. An axis it does not have is as long as nothing."""
        answer = self._kernel.ask(self._fd, reading(0x40 + code, ABSINFO.size), bytes(ABSINFO.size))
        value, low, high, *_ = ABSINFO.unpack(answer)
        return Axis(low, high, value)

    def slots(self, code: int, number: int) -> tuple[int, ...]:
        """EVIOCGMTSLOTS: this value of each of the first slots."""
        question = struct.pack(f"I{number}i", code, *[0] * number)
        answer = self._kernel.ask(self._fd, reading(0x0A, len(question)), question)
        return struct.unpack(f"I{number}i", answer)[1:]

    async def follow(self, take: Callable[[bytes], None]) -> OSError:
        """Hands on what it says until it is gone, and returns why."""
        loop = asyncio.get_running_loop()
        gone: asyncio.Future[OSError] = loop.create_future()
        loop.add_reader(self._fd, self._read, take, gone)
        try:
            while not (await asyncio.wait([gone], timeout=LOOK_SECONDS))[0]:
                self._look(gone)
            return gone.result()
        finally:
            loop.remove_reader(self._fd)

    def close(self) -> None:
        """The grab goes with it."""
        os.close(self._fd)

    def _look(self, gone: "asyncio.Future[OSError]") -> None:
        """A device that is unplugged says so when it is read; a FIFO that was taken away never does."""
        try:
            if self._kernel.identity(self._path) != identity(os.fstat(self._fd)):
                raise OSError(0, "another one has taken its place")
        except OSError as error:
            if not gone.done():
                gone.set_result(error)

    def _read(self, take: Callable[[bytes], None], gone: "asyncio.Future[OSError]") -> None:
        try:
            data = os.read(self._fd, 64 * EVENT.size)
            if not data:
                raise OSError(0, "end of file")
            take(data)
        except BlockingIOError:
            return
        except OSError as error:
            if not gone.done():
                gone.set_result(error)


async def keep_reading(
    path: str,
    kernel: Kernel,
    attend: Callable[[Input], Callable[[bytes], None]],
    report: Callable[[OSError | None], None],
) -> None:
    """Reads the device for ever. attend: prepares for one just opened, and says who takes its bytes.

    report: hears None each time it is there, else why it is not.
    """
    wait = FIRST_WAIT
    while True:
        try:
            device = Input(path, kernel)
        except OSError as error:
            report(error)
        else:
            try:
                take = attend(device)
                report(None)
                wait = FIRST_WAIT
                report(await device.follow(take))
            except OSError as error:
                report(error)
            finally:
                device.close()
        await asyncio.sleep(wait)
        wait = min(LONGEST_WAIT, wait * 2)

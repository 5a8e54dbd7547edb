"""Ports on a file descriptor: serial line, pseudo-terminal, character device.

The rule it keeps: nothing is read ahead. Bytes stay in the kernel until somebody asks, so a read that is
given up loses none, and nobody waits in a thread.
"""

import asyncio
import contextlib
import fcntl
import os
import stat
import termios
import tty
from collections.abc import Callable
from urllib.parse import parse_qs

import serial

from drivers.ports.contract import Port, PortLost

CHUNK = 4096
INPUT_LIMIT = 1 << 18
EMPTY_READ_PAUSE = 0.1


class FdPort:
    """A port on a file descriptor it owns (non-blocking). ``close_fd``: who really closes it.

    empty_is_end: whether an empty read means the other side has hung up. A USB printer's character
    device instead answers empty while it has nothing to say.
    """

    def __init__(
        self, fd: int, address: str, close_fd: Callable[[], None] | None = None, *, empty_is_end: bool = True
    ) -> None:
        self._fd = fd
        self._address = address
        self._close_fd: Callable[[], None] | None = close_fd or (lambda: os.close(fd))
        self._empty_is_end = empty_is_end
        self._waiting: set[asyncio.Future[None]] = set()
        self._reading = False
        self._lost: str | None = None

    async def read(self) -> bytes:
        assert not self._reading, f"{self._address}: a second reader"
        self._reading = True
        try:
            while True:
                if data := await self._take():
                    return data
        finally:
            self._reading = False

    async def write(self, data: bytes) -> None:
        rest = memoryview(data)
        while rest:
            self._check()
            try:
                rest = rest[os.write(self._fd, rest) :]
            except BlockingIOError:
                await self._ready(
                    asyncio.get_running_loop().add_writer, asyncio.get_running_loop().remove_writer
                )
            except OSError as error:
                raise self._lose(str(error)) from error

    def discard_input(self) -> bytes:
        found = bytearray()
        while self._lost is None and len(found) < INPUT_LIMIT:
            try:
                data = os.read(self._fd, CHUNK)
            except OSError:  # nothing there, or gone: the next read says which
                break
            if not data:
                break
            found += data
        return bytes(found)

    async def close(self) -> None:
        if self._close_fd is None:
            return
        self._lose("closed")
        with contextlib.suppress(OSError):
            self._close_fd()
        self._close_fd = None

    async def _take(self) -> bytes:
        self._check()
        try:
            data = os.read(self._fd, CHUNK)
        except BlockingIOError:
            loop = asyncio.get_running_loop()
            await self._ready(loop.add_reader, loop.remove_reader)
            return b""
        except OSError as error:
            raise self._lose(str(error)) from error
        if not data and self._empty_is_end:
            raise self._lose("the other side hung up")
        if not data:
            await asyncio.sleep(EMPTY_READ_PAUSE)
        return data

    async def _ready(
        self,
        add: Callable[[int, Callable[[asyncio.Future[None]], None], asyncio.Future[None]], object],
        remove: Callable[[int], object],
    ) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._waiting.add(woken)
        add(self._fd, _wake, woken)
        try:
            await woken
        finally:
            self._waiting.discard(woken)
            if self._lost is None:
                remove(self._fd)

    def _check(self) -> None:
        if self._lost is not None:
            raise PortLost(self._lost)

    def _lose(self, reason: str) -> PortLost:
        if self._lost is None:
            self._lost = f"{self._address} is gone ({reason}); check cable and power"
            for woken in self._waiting:
                _wake(woken)
            if self._waiting:
                loop = asyncio.get_running_loop()
                loop.remove_reader(self._fd)
                loop.remove_writer(self._fd)
        return PortLost(self._lost)


def open_serial(address: str, rest: str) -> Port:
    """A serial line. rest: ``/dev/…`` or ``/dev/…?baud=19200``. Raises OSError, termios.error."""
    path, _, query = rest.partition("?")
    options = parse_qs(query, keep_blank_values=True)
    baud = options.pop("baud", ["9600"])[0]
    if options or not baud.isdecimal():
        raise ValueError(f"{address!r}: the only option is ?baud=number")
    line = serial.Serial(path, int(baud), timeout=0, exclusive=True)
    attributes = termios.tcgetattr(line.fileno())
    attributes[6][termios.VMIN] = 1  # pyserial leaves 0: "nothing there" would read like "hung up"
    termios.tcsetattr(line.fileno(), termios.TCSANOW, attributes)
    return FdPort(line.fileno(), address, line.close)


def open_pty(address: str, path: str) -> Port:
    """A pseudo-terminal's other end. Raises OSError, termios.error."""
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        tty.setraw(fd)  # a cooked pty would echo, which on a one-wire bus looks like the line's own echo
    except (OSError, termios.error):
        os.close(fd)
        raise
    return FdPort(fd, address)


def open_file(address: str, path: str) -> Port:
    """A character device such as a USB printer. Raises OSError, termios.error."""
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    if not stat.S_ISCHR(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError("not a character device")
    return FdPort(fd, address, empty_is_end=False)


def _wake(woken: "asyncio.Future[None]") -> None:
    if not woken.done():
        woken.set_result(None)

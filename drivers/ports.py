"""Byte streams to devices: serial line, pseudo-terminal, character device, TCP; and a pair in memory.

An address is one string: ``serial:/dev/serial/by-id/…`` (9600 8N1, ``?baud=19200``), ``pty:/path``,
``file:/dev/usb/lp0``, ``tcp:host:port``. One reader at a time per port. A port that is lost stays lost:
every later call raises PortLost, and the driver opens a new one. No threads and no blocking calls.
"""

import asyncio
import contextlib
import fcntl
import os
import stat
import termios
import tty
from collections.abc import Callable
from typing import Protocol
from urllib.parse import parse_qs

import serial

CHUNK = 4096
INPUT_LIMIT = 1 << 18
CONNECT_SECONDS = 5.0
EMPTY_READ_PAUSE = 0.1


class PortLost(OSError):
    """The line is gone (EOF, EIO, unplugged, refused). The text names the address and what to look at."""


class Port(Protocol):
    async def read(self) -> bytes:
        """At least one byte, whatever has come. Raises PortLost."""

    async def write(self, data: bytes) -> None:
        """Raises PortLost."""

    def discard_input(self) -> bytes:
        """Throws away, and returns, what has come and was not read."""

    async def close(self) -> None: ...


async def open_port(address: str) -> Port:
    """Opens an address. Raises PortLost, ValueError (malformed address)."""
    kind, _, rest = address.partition(":")
    if not rest:
        raise ValueError(
            f"{address!r} is no port: write serial:/dev/…, pty:/path, file:/dev/… or tcp:host:port"
        )
    if kind == "tcp":
        return await _open_tcp(address, rest)
    openers: dict[str, Callable[[str, str], Port]] = {
        "serial": _open_serial,
        "pty": _open_pty,
        "file": _open_file,
    }
    if kind not in openers:
        raise ValueError(f"{address!r}: {kind!r} is none of serial, pty, file, tcp")
    try:
        return openers[kind](address, rest)
    except (OSError, termios.error) as error:
        raise PortLost(f"{address} cannot be opened ({error}); check cable, power and permissions") from error


def memory_pair() -> tuple[Port, Port]:
    """Two connected ends in this process; bytes written to one are read from the other."""
    left, right = _MemoryPort("memory:left"), _MemoryPort("memory:right")
    left.peer, right.peer = right, left
    return left, right


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
                await self._ready(_loop().add_writer, _loop().remove_writer)
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
            await self._ready(_loop().add_reader, _loop().remove_reader)
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
        woken: asyncio.Future[None] = _loop().create_future()
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
                _loop().remove_reader(self._fd)
                _loop().remove_writer(self._fd)
        return PortLost(self._lost)


class _Inbox:
    """Bytes that have come and wait for the one reader."""

    def __init__(self, address: str) -> None:
        self._address = address
        self._bytes = bytearray()
        self._changed = asyncio.Event()
        self.lost: str | None = None

    def __len__(self) -> int:
        return len(self._bytes)

    def push(self, data: bytes) -> None:
        self._bytes += data
        self._changed.set()

    def lose(self, reason: str) -> None:
        self.lost = self.lost or f"{self._address} is gone ({reason}); check cable, power and network"
        self._changed.set()

    def take(self) -> bytes:
        data = bytes(self._bytes)
        self._bytes.clear()
        return data

    async def read(self) -> bytes:
        while not self._bytes:
            self.check()
            self._changed.clear()
            await self._changed.wait()
        return self.take()

    def check(self) -> None:
        if self.lost is not None:
            raise PortLost(self.lost)


class _MemoryPort:
    def __init__(self, address: str) -> None:
        self._inbox = _Inbox(address)
        self.peer = self

    async def read(self) -> bytes:
        return await self._inbox.read()

    async def write(self, data: bytes) -> None:
        self._inbox.check()
        self.peer._inbox.push(data)

    def discard_input(self) -> bytes:
        return self._inbox.take()

    async def close(self) -> None:
        self._inbox.lose("closed")
        self.peer._inbox.lose("the other side closed")


class _TcpPort(asyncio.Protocol):
    """Not asyncio streams: those cannot throw away input without waiting for it."""

    def __init__(self, address: str) -> None:
        self._inbox = _Inbox(address)
        self._transport: asyncio.Transport | None = None
        self._writable = asyncio.Event()
        self._closed = asyncio.Event()
        self._writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._inbox.push(data)
        if len(self._inbox) > INPUT_LIMIT and self._transport is not None:
            self._transport.pause_reading()

    def connection_lost(self, error: Exception | None) -> None:
        self._inbox.lose(str(error or "the other side closed"))
        self._writable.set()
        self._closed.set()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    async def read(self) -> bytes:
        data = await self._inbox.read()
        self._resume()
        return data

    async def write(self, data: bytes) -> None:
        self._inbox.check()
        assert self._transport is not None
        self._transport.write(data)
        await self._writable.wait()
        self._inbox.check()

    def discard_input(self) -> bytes:
        data = self._inbox.take()
        self._resume()
        return data

    async def close(self) -> None:
        if self._transport is not None:
            self._inbox.lose("closed")
            self._transport.abort()
            await self._closed.wait()

    def _resume(self) -> None:
        if self._inbox.lost is None and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()


async def _open_tcp(address: str, rest: str) -> Port:
    host, _, number = rest.rpartition(":")
    if not host or not number.isdecimal():
        raise ValueError(f"{address!r}: write tcp:host:port")
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, port = await _loop().create_connection(
                lambda: _TcpPort(address), host.strip("[]"), int(number)
            )
    except OSError as error:  # TimeoutError is one
        reason = str(error) or "no answer"
        raise PortLost(f"{address} cannot be reached ({reason}); check network and power") from error
    return port


def _open_serial(address: str, rest: str) -> Port:
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


def _open_pty(address: str, path: str) -> Port:
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        tty.setraw(fd)  # a cooked pty would echo, which on a one-wire bus looks like the line's own echo
    except (OSError, termios.error):
        os.close(fd)
        raise
    return FdPort(fd, address)


def _open_file(address: str, path: str) -> Port:
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    if not stat.S_ISCHR(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError("not a character device")
    return FdPort(fd, address, empty_is_end=False)


def _loop() -> asyncio.AbstractEventLoop:
    return asyncio.get_running_loop()


def _wake(woken: "asyncio.Future[None]") -> None:
    if not woken.done():
        woken.set_result(None)

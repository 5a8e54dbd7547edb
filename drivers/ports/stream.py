"""Ports whose bytes are handed to us: TCP, and the pair in memory.

Not asyncio streams: those cannot throw away input without waiting for it.
"""

import asyncio

from drivers.ports.contract import Port, PortLost

INPUT_LIMIT = 1 << 18
CONNECT_SECONDS = 5.0
FLUSH_SECONDS = 1.0


def memory_pair() -> tuple[Port, Port]:
    """Two connected ends in this process; bytes written to one are read from the other."""
    left, right = _MemoryPort("memory:left"), _MemoryPort("memory:right")
    left.peer, right.peer = right, left
    return left, right


async def open_tcp(address: str, rest: str) -> Port:
    """rest: ``host:port`` of the address. Raises PortLost, ValueError."""
    host, _, number = rest.rpartition(":")
    if not host or not number.isdecimal() or int(number) > 65535:
        raise ValueError(f"{address!r}: write tcp:host:port")
    try:
        async with asyncio.timeout(CONNECT_SECONDS):
            _, port = await asyncio.get_running_loop().create_connection(
                lambda: _TcpPort(address), host.strip("[]"), int(number)
            )
    except OSError as error:  # TimeoutError is one
        reason = str(error) or "no answer"
        raise PortLost(f"{address} cannot be reached ({reason}); check network and power") from error
    return port


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
            self._transport.close()
            try:
                async with asyncio.timeout(FLUSH_SECONDS):
                    await self._closed.wait()
            except TimeoutError:  # it does not take what is left
                self._transport.abort()
                await self._closed.wait()

    def _resume(self) -> None:
        if self._inbox.lost is None and self._transport is not None and not self._transport.is_closing():
            self._transport.resume_reading()

"""The serving side of TCP: every connection that comes is a port, as the virtual devices want it."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from drivers.ports.contract import Port, PortLost

CHUNK = 1 << 16


@asynccontextmanager
async def listen_tcp(serve: Callable[[Port], Awaitable[None]], host: str, port: int) -> AsyncIterator[int]:
    """Serves each connection while the context lasts; gives the bound port (0: a free one)."""
    connections: set[asyncio.Task[None]] = set()

    def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(_attend(serve, _StreamPort(reader, writer)))
        connections.add(task)
        task.add_done_callback(connections.discard)

    server = await asyncio.start_server(connected, host, port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for task in connections:
            task.cancel()
        await asyncio.gather(*connections, return_exceptions=True)
        await server.wait_closed()


async def _attend(serve: Callable[[Port], Awaitable[None]], port: Port) -> None:
    try:
        await serve(port)
    finally:
        await port.close()


class _StreamPort:
    """drivers.ports.Port over an accepted connection, which it owns."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    async def read(self) -> bytes:
        try:
            data = await self._reader.read(CHUNK)
        except OSError as error:
            raise PortLost(str(error)) from error
        if not data:
            raise PortLost("the other side has hung up")
        return data

    async def write(self, data: bytes) -> None:
        try:
            self._writer.write(data)
            await self._writer.drain()
        except OSError as error:
            raise PortLost(str(error)) from error

    def discard_input(self) -> bytes:
        """A server reads everything: there is nothing to discard."""
        return b""

    async def close(self) -> None:
        self._writer.close()
        with suppress(OSError):
            await self._writer.wait_closed()

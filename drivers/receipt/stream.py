"""A port over asyncio's streams: the serving side of a TCP connection."""

import asyncio
from contextlib import suppress

from drivers.ports import PortLost

CHUNK = 1 << 16


class StreamPort:
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

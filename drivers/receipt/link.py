"""Talks to a receipt printer over a port: asks its status, waits until it has printed, clears it.

Rule: answers are told apart by their fixed bits, never by when they come: the picture itself may hold the
octets of a real-time command, and the printer then answers a question nobody asked.
"""

import asyncio
from collections.abc import Callable

from drivers.ports import Port, PortLost
from drivers.receipt.status import (
    CLEAR,
    CLEARED,
    DLE_EOT,
    IDENTITY,
    LONGEST_RASTER,
    QUERIES,
    RESET,
    is_barrier,
    is_status,
    read_status,
    read_text,
)
from hal.faults import Fault

ANSWER_SECONDS = 2.0
WRITE_SECONDS = 60.0
RASTER_HEADER = 8
LONGEST_TEXT = 128


class Link:
    """One connection to a printer; after PortLost it is of no use any more."""

    def __init__(self, port: Port) -> None:
        self._port = port
        self._statuses: list[int] = []
        self._tail = b""
        self._said = b""
        self._printed = False

    async def close(self) -> None:
        await self._port.close()

    async def write(self, data: bytes) -> None:
        """Raises PortLost, also if the printer takes nothing for a minute."""
        try:
            async with asyncio.timeout(WRITE_SECONDS):
                await self._port.write(data)
        except TimeoutError:
            raise PortLost("the receipt printer takes no data; power it off and on") from None

    async def status(self) -> list[Fault]:
        """What is the matter, worst first. Raises PortLost: it does not answer."""
        return read_status({query: await self._ask(query) for query in QUERIES})

    async def told(self, question: int) -> str | None:
        """The printer's word about itself (GS I). None: it has none; then this link is of no use any more,
        as a late answer would look like a status. Raises PortLost.
        """
        self._said = b""
        await self.write(IDENTITY + bytes([question]))
        await self._until(lambda: read_text(self._said) is not None, ANSWER_SECONDS)
        return read_text(self._said)

    def forget_barriers(self) -> None:
        """Before data whose end is to be waited for."""
        self._printed = False

    async def printed(self, seconds: float) -> bool:
        """Whether the answer to BARRIER has come, or comes in this time."""
        return await self._until(lambda: self._printed, seconds)

    async def clear(self) -> None:
        """Nothing that was sent before is printed after this, as far as the printer can forget.

        DLE DC4 8 drops what is held back, say during paper-out. A printer that does not know it may sit in
        the middle of a raster command: NULs complete that. Some go first, so that a header that was broken
        off gets a size of nothing, not one made of the octets of DLE DC4 8.
        """
        self._tail = b""
        await self.write(bytes(RASTER_HEADER) + CLEAR)
        if not await self._until(lambda: self._tail == CLEARED, ANSWER_SECONDS):
            await self.write(bytes(LONGEST_RASTER))
        await self.write(RESET)
        self.forget_barriers()

    async def _ask(self, query: int) -> int:
        self._statuses.clear()
        await self.write(DLE_EOT + bytes([query]))
        if not await self._until(lambda: bool(self._statuses), ANSWER_SECONDS):
            raise PortLost("the receipt printer does not answer; check power, cable and address")
        return self._statuses[0]

    async def _until(self, come: Callable[[], bool], seconds: float) -> bool:
        try:
            async with asyncio.timeout(seconds):
                while not come():
                    self._sort(await self._port.read())
        except TimeoutError:
            return False
        return True

    def _sort(self, data: bytes) -> None:
        self._tail = (self._tail + data)[-len(CLEARED) :]
        self._said = (self._said + data)[-LONGEST_TEXT:]
        self._statuses += [octet for octet in data if is_status(octet)]
        self._printed = self._printed or any(is_barrier(octet) for octet in data)

"""One ccTalk wire: a question and its answer at a time, whole, with retries.

The rules it keeps: a transaction that has begun runs to its end even if nobody waits for it any more (a
cancelled DISPENSE would be half a command on the wire); what a broken transaction leaves behind is thrown
away, 50 ms of silence, before the next question, because ccTalk replies do not say what they answer.
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Literal, TypeVar

from drivers.cash import cctalk
from drivers.cash.cctalk import Frame
from drivers.cash.exchange import GAP_SECONDS, ONCE, TRIES, Broken, Exchange
from drivers.cash.payloads import BadReply
from drivers.ports import Port, PortLost

log = logging.getLogger(__name__)

T = TypeVar("T")

BUSY_SECONDS = 0.1


class BusError(Exception):
    """The wire is there, but the device does not do what it was asked."""


class Silent(BusError):
    """No valid answer, after all retries."""


class Refused(BusError):
    """NAK: the device understood and will not."""


Echo = Literal["auto", "on", "off"]


class Bus:
    """Attach a port, then ask. echo: whether the wire brings our own bytes back (auto: found out once).

    heard: loop time of the last valid answer of any device. broken: attempts that failed, since the start.
    """

    def __init__(self, echo: Echo, crc: bool) -> None:
        self._configured = echo
        self._echo: bool | None = None
        self._crc = crc
        self._port: Port | None = None
        self._lock = asyncio.Lock()
        self._running: set[asyncio.Task[Frame]] = set()
        self.heard = 0.0
        self.broken = 0

    @property
    def echoes(self) -> bool | None:
        """Whether the wire brings our own bytes back. None: nobody has answered yet."""
        return self._echo

    def attach(self, port: Port) -> None:
        """From now on this port is the wire."""
        self._port = port
        self.heard = asyncio.get_running_loop().time()
        self._echo = None if self._configured == "auto" else self._configured == "on"

    async def detach(self) -> None:
        """Lets the transaction under way end, then there is no wire: every question raises PortLost."""
        port, self._port = self._port, None
        if port is not None:
            async with self._lock:
                pass

    async def ask(self, address: int, header: int, data: bytes = b"", *, tries: int = TRIES) -> Frame:
        """The device's reply (ACK, data, NAK or BUSY). DISPENSE is asked once, whatever ``tries`` says.

        Raises Silent, PortLost. Cancelling the caller does not cancel the transaction.
        """
        request = Frame(address, cctalk.HOST, header, data)
        transaction = asyncio.create_task(self._transact(request, 1 if header in ONCE else tries))
        self._running.add(transaction)
        transaction.add_done_callback(self._ended)
        return await asyncio.shield(transaction)

    async def command(self, address: int, header: int, data: bytes = b"") -> None:
        """A question whose answer is ACK. Raises Silent, Refused, PortLost."""
        await self.query(address, header, lambda _: None, data)

    async def query(self, address: int, header: int, parse: Callable[[bytes], T], data: bytes = b"") -> T:
        """A question whose answer has a shape; a misshapen answer is asked for again.

        Raises Silent, Refused, PortLost.
        """
        for _ in range(TRIES):
            reply = await self.ask(address, header, data)
            if reply.header == cctalk.NAK:
                raise Refused(f"device {address} refuses header {header}")
            if reply.header == cctalk.BUSY:
                await asyncio.sleep(BUSY_SECONDS)
                continue
            try:
                return parse(reply.data)
            except BadReply as error:
                log.info("device %d, header %d: %s", address, header, error)
        raise Silent(f"device {address} gives no usable answer to header {header}")

    def _ended(self, transaction: asyncio.Task[Frame]) -> None:
        self._running.discard(transaction)
        if not transaction.cancelled():
            transaction.exception()  # whoever still waits gets it; nobody need be waiting

    async def _transact(self, request: Frame, tries: int) -> Frame:
        for attempt in range(1, tries + 1):
            async with self._lock:  # not across retries: a silent device must not hold up the others
                port = self._port
                if port is None:
                    raise PortLost("the coin vendor's line is not open; check its cable and power")
                try:
                    return await self._attempt(port, request)
                except Broken as error:
                    self.broken += 1
                    where = f"device {request.destination}, header {request.header}, try {attempt}"
                    log.info("%s: %s", where, error)
                    await _quiet(port)
        raise Silent(f"device {request.destination} does not answer header {request.header}")

    async def _attempt(self, port: Port, request: Frame) -> Frame:
        port.discard_input()
        exchange = Exchange(request, self._crc, self._echo)
        await port.write(exchange.sent)
        reply = None
        while reply is None:
            reply = exchange.feed(await _some(port, exchange.patience))
        self._echo = exchange.echo
        self.heard = asyncio.get_running_loop().time()
        return reply


async def _some(port: Port, seconds: float) -> bytes:
    try:
        async with asyncio.timeout(seconds):
            return await port.read()
    except TimeoutError:
        raise Broken("silence") from None


async def _quiet(port: Port) -> None:
    """Throws bytes away until none has come for 50 ms."""
    while True:
        try:
            async with asyncio.timeout(GAP_SECONDS):
                await port.read()
        except TimeoutError:
            return

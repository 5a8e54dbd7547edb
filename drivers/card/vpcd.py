"""The antenna of vsmartcard's virtual reader: carries a virtual card to pcscd over vpcd's TCP protocol.

A connection is a card in the field. While the card lies there, a lost connection (pcscd restarted) is
made again, as a real card would still be there. Frames: two bytes of length, big-endian, then the body;
one-byte bodies are 0 off, 1 on, 2 reset (none answered) and 4 "send the ATR" (card.md §1).
"""

import asyncio
import logging
import socket
from typing import Protocol

log = logging.getLogger(__name__)

OFF, ON, RESET, GET_ATR = b"\x00", b"\x01", b"\x02", b"\x04"
LOST = b"\x00"  # in place of a lost answer or no ATR: too short for either; an empty frame would hang vpcd
_RETRY = 0.05


class Card(Protocol):
    """What lies in the field. atr: empty for a card that does not answer its reset."""

    atr: bytes

    def power_on(self) -> bytes: ...

    def power_off(self) -> None: ...

    def transmit(self, apdu: bytes) -> bytes:
        """C-APDU to R-APDU; empty: no answer."""


class VpcdSlot:
    """One slot of a virtual reader. host, port: where vpcd listens (``PrivatePcscd.port``).

    seconds: that each command to the card takes.
    """

    def __init__(self, host: str, port: int, seconds: float = 0.0) -> None:
        self._seconds = seconds
        self._address = (host, port)
        self._task: asyncio.Task[None] | None = None
        self._connected = asyncio.Event()
        self._answering = asyncio.Event()
        self._answering.set()
        self._hangs_at_command = False
        self.asked = asyncio.Event()
        """Set when a frame has come that a stalled slot does not answer."""

    @property
    def occupied(self) -> bool:
        return self._task is not None

    async def insert(self, card: Card) -> None:
        """Lays the card on the reader; returns when the reader can see it. Waits for pcscd to listen."""
        if self._task is not None:
            raise RuntimeError("there is a card on the reader already")
        self._connected.clear()
        self._task = asyncio.create_task(self._lie_there(card), name="vpcd card")
        await self._connected.wait()

    async def remove(self) -> None:
        """Takes the card off; nothing happens without one."""
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.wait({task})

    def stall(self) -> None:
        """From now on the reader hangs: no frame is answered until ``resume``."""
        self.asked.clear()
        self._answering.clear()

    def stall_at_command(self) -> None:
        """The same, but only from the next command to the card on: until then the reader sees cards."""
        self._hangs_at_command = True

    def resume(self) -> None:
        self._hangs_at_command = False
        self._answering.set()

    async def _lie_there(self, card: Card) -> None:
        while True:
            try:
                await self._one_connection(card)
            except OSError as error:
                log.debug("vpcd: %s", error)
            await asyncio.sleep(_RETRY)

    async def _one_connection(self, card: Card) -> None:
        """Serves one stay in the field. Raises OSError: the reader is not there (any more)."""
        with socket.socket() as line:
            line.setblocking(False)
            await asyncio.get_running_loop().sock_connect(line, self._address)
            self._connected.set()
            try:
                await self._serve(line, card)
            finally:
                card.power_off()

    async def _serve(self, line: socket.socket, card: Card) -> None:
        loop = asyncio.get_running_loop()
        while True:
            body = await _frame(line)
            if self._hangs_at_command and len(body) > 1:
                self.stall()
            self.asked.set()
            await self._answering.wait()
            if self._seconds and len(body) > 1:
                await asyncio.sleep(self._seconds)
            reply = _react(card, body)
            if reply is not None:
                await loop.sock_sendall(line, len(reply).to_bytes(2) + reply)


def _react(card: Card, body: bytes) -> bytes | None:
    if body == OFF:
        card.power_off()
    elif body in (ON, RESET):
        card.power_on()
    elif body == GET_ATR:
        return card.atr or LOST
    else:
        return card.transmit(body) or LOST
    return None


async def _frame(line: socket.socket) -> bytes:
    length = int.from_bytes(await _exactly(line, 2))
    return await _exactly(line, length)


async def _exactly(line: socket.socket, size: int) -> bytes:
    """Raises ConnectionError at the end of the stream."""
    received = b""
    while len(received) < size:
        # vpcd sends length and body apart under Nagle: without this each command takes 40 ms more
        line.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        part = await asyncio.get_running_loop().sock_recv(line, size - len(received))
        if not part:
            raise ConnectionResetError("vpcd closed the line")
        received += part
    return received

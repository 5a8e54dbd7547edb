"""One question on a ccTalk wire without the wire: what to send, and what the bytes that come back are.

The rules it keeps: an echo is counted, never timed, because adapters deliver in chunks; whatever is not a
whole, checked reply to this very question is Broken, and then the wire must be silent for GAP_SECONDS
before the next one, because ccTalk replies do not say what they answer. The caller owns the clock: it waits
``patience`` seconds for the next bytes. MicroPython subset.
"""

from drivers.cash import cctalk
from drivers.cash.cctalk import Decoder, Frame, Garbled

TRIES = 3
GAP_SECONDS = 0.05
REPLY_SECONDS = 0.25
SLOW_REPLY_SECONDS = 5.0
SLOW = frozenset((cctalk.SELF_CHECK, cctalk.RESET))
"""Headers whose answer may take seconds."""

ONCE = frozenset((cctalk.DISPENSE,))
"""Headers that are never asked a second time, whatever became of the first."""

ANSWERS = (cctalk.REPLY, cctalk.NAK, cctalk.BUSY)


class Broken(Exception):
    """This attempt failed: silence, checksum, foreign frame or garbled echo."""


class Exchange:
    """request: the question. echo: whether the wire repeats us; None: not known, then it is found out.

    sent: the bytes to send. ``echo`` is to be believed once there is a reply.
    """

    def __init__(self, request: Frame, crc: bool, echo: "bool | None") -> None:
        self.echo = echo
        self.sent = cctalk.encode(request, crc)
        self._request = request
        self._crc = crc
        self._decoder = Decoder(crc)
        self._echoed = b""
        self._past_echo = echo is False

    @property
    def patience(self) -> float:
        """Seconds that may pass before the next bytes; then it is broken by silence."""
        if self._decoder.pending or (self._echoed and not self._past_echo):
            return GAP_SECONDS
        return SLOW_REPLY_SECONDS if self._request.header in SLOW else REPLY_SECONDS

    def feed(self, data: bytes) -> "Frame | None":
        """The reply (ACK, data, NAK or BUSY) once it is whole. Raises Broken."""
        for found in self._decoder.feed(data if self._past_echo else self._without_echo(data)):
            return self._checked(found)
        return None

    def _without_echo(self, data: bytes) -> bytes:
        self._echoed += data
        size = len(self.sent)
        if self.echo is None:
            self.echo = self._echoed[:size] == self.sent[: len(self._echoed)]
        if not self.echo:
            self._past_echo = True
            return self._echoed
        if len(self._echoed) < size:
            return b""
        if self._echoed[:size] != self.sent:
            raise Broken("the echo differs: collision, or a wiring fault")
        self._past_echo = True
        return self._echoed[size:]

    def _checked(self, found: "Frame | Garbled") -> Frame:
        if isinstance(found, Garbled):
            raise Broken("bad checksum")
        sender_known = self._crc or found.source == self._request.destination
        if found.destination != cctalk.HOST or not sender_known:
            raise Broken("a frame that is not for us")
        if found.header not in ANSWERS:
            raise Broken("a frame that is no reply")
        return found

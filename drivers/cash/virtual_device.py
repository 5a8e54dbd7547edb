"""What every virtual ccTalk device has in common: its identity, its handlers by header, its event memory.

The rule it keeps: a request it does not know, or one with the wrong length, is met with silence (S1 12, 13).
"""

from collections import deque
from collections.abc import Callable

from drivers.cash import cctalk
from drivers.cash.cctalk import Frame
from drivers.cash.payloads import RESULTS, Events

MAKER = "MADOGUCHI VIRTUAL"
SOFTWARE = "1.0"
BUILD = "2026-04"
REVISION = bytes((1, 4, 7))

Clock = Callable[[], float]
Handler = Callable[[bytes], bytes | None]


class Nak(Exception):
    """The device understood and refuses."""


class VirtualDevice:
    """Answers frames. A handler takes the data and returns the reply's (None: silence; raises Nak)."""

    def __init__(self, address: int, category: str, product: str, serial: int, clock: Clock) -> None:
        self.address = address
        self.category = category
        self.product = product
        self.serial = serial
        self.clock = clock
        self.handlers: dict[int, Handler] = {
            cctalk.SIMPLE_POLL: lambda _: b"",
            cctalk.MANUFACTURER: lambda _: MAKER.encode("ascii"),
            cctalk.CATEGORY: lambda _: self.category.encode("ascii"),
            cctalk.PRODUCT: lambda _: self.product.encode("ascii"),
            cctalk.SOFTWARE: lambda _: SOFTWARE.encode("ascii"),
            cctalk.BUILD: lambda _: BUILD.encode("ascii"),
            cctalk.COMMS_REVISION: lambda _: REVISION,
            cctalk.SERIAL: lambda _: self.serial.to_bytes(3, "little"),
            cctalk.RESET: self._reset,
        }

    def answer(self, request: Frame) -> Frame | None:
        """The reply, or None for silence."""
        handler = self.handlers.get(request.header)
        if handler is None:
            return None
        try:
            data = handler(request.data)
        except Nak:
            return Frame(request.source, self.address, cctalk.NAK)
        return None if data is None else Frame(request.source, self.address, cctalk.REPLY, data)

    def power_cycle(self) -> None:
        """Power off and on: volatile memory is gone."""
        raise NotImplementedError

    def _reset(self, data: bytes) -> bytes | None:
        if data:  # a reset with data is a frame gone wrong (S4 5.1)
            return None
        self.power_cycle()
        return b""


class EventMemory:
    """The counter (1..255, wraps to 1; 0: nothing since power-up) and the last five events."""

    def __init__(self) -> None:
        self.counter = 0
        self._results: deque[tuple[int, int]] = deque(maxlen=RESULTS)
        self.clear()

    def clear(self) -> None:
        self.counter = 0
        self._results.extend([(0, 0)] * RESULTS)

    def add(self, a: int, b: int) -> None:
        self.counter = self.counter % 255 + 1
        self._results.appendleft((a, b))

    def read(self) -> bytes:
        return Events(self.counter, tuple(self._results)).build()


class Inhibit:
    """Headers 231/230 and 228/227, kept in RAM: everything is inhibited after power-up."""

    def __init__(self, size: int) -> None:
        self._size = size
        self.mask = 0
        self.master = False

    def clear(self) -> None:
        self.mask, self.master = 0, False

    def allows(self, kind: int) -> bool:
        """kind: 1 is the lowest bit."""
        return self.master and bool(self.mask >> (kind - 1) & 1)

    def handlers(self) -> dict[int, Handler]:
        return {
            cctalk.MODIFY_INHIBITS: self._set_mask,
            cctalk.REQUEST_INHIBITS: lambda _: self.mask.to_bytes(self._size, "little"),
            cctalk.MODIFY_MASTER_INHIBIT: self._set_master,
            cctalk.REQUEST_MASTER_INHIBIT: lambda _: bytes([self.master]),
        }

    def _set_mask(self, data: bytes) -> bytes | None:
        if len(data) != self._size:
            return None
        self.mask = int.from_bytes(data, "little")
        return b""

    def _set_master(self, data: bytes) -> bytes | None:
        if len(data) != 1:
            return None
        self.master = bool(data[0] & 1)
        return b""

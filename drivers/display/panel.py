"""One opened touch panel: which axes it has, where its fingers are, and how it is read again after a gap."""

from collections.abc import Callable

from drivers.display.packets import (
    ABS_MT_POSITION_X,
    ABS_MT_POSITION_Y,
    ABS_MT_SLOT,
    ABS_MT_TOOL_TYPE,
    ABS_MT_TOUCH_MAJOR,
    ABS_MT_TRACKING_ID,
    ABS_X,
    ABS_Y,
    TOOL_PALM,
    Contact,
    Decoder,
    Slot,
)
from drivers.ports.input import Axis, Input

Take = Callable[[Contact], None]


class Panel:
    """glass: pixels of the screen it lies on, which are a FIFO's numbers. palm: part of the panel's width
    that no finger covers; 0: none. longest: seconds of a touch.
    """

    def __init__(self, device: Input, glass: tuple[int, int], palm: float, longest: float) -> None:
        """Raises OSError."""
        self._device = device
        self._multi = False
        self._x, self._y = Axis(0, glass[0] - 1), Axis(0, glass[1] - 1)
        if device.is_device:
            self._measure()
        largest = round(palm * (self._x.high - self._x.low)) if self._multi else 0
        self._decoder = Decoder(self._multi if device.is_device else None, largest, longest)
        self._resume()

    def take(self, data: bytes, act: Take) -> None:
        """Hands on the contacts these bytes complete. Raises OSError."""
        for contact in self._decoder.feed(data):
            act(contact)
        if self._decoder.lost:
            self._resume()

    def look(self, now: float, act: Take) -> bool:
        """Whether something lies on it that is no finger, and so counts no more."""
        for contact in self._decoder.look(now):
            act(contact)
        return self._decoder.dirty

    def part(self, x: int, y: int) -> tuple[float, float]:
        """The panel's numbers as parts of it."""
        return self._x.part(x), self._y.part(y)

    # ------------------------------------------------------------ inside

    def _measure(self) -> None:
        self._multi = self._device.axis(ABS_MT_SLOT).exists
        codes = (ABS_MT_POSITION_X, ABS_MT_POSITION_Y) if self._multi else (ABS_X, ABS_Y)
        self._x, self._y = (self._device.axis(code) for code in codes)
        if not (self._x.exists and self._y.exists):
            raise OSError(0, "it tells no places and can be no touch panel")

    def _resume(self) -> None:
        if not self._device.is_device:
            self._decoder.resume()
        elif self._multi:
            slot = self._device.axis(ABS_MT_SLOT)
            self._decoder.resume(slot=slot.value, slots=self._slots(slot.high + 1))
        else:
            self._decoder.resume(self._device.axis(ABS_X).value, self._device.axis(ABS_Y).value)

    def _slots(self, number: int) -> list[Slot]:
        codes = (
            ABS_MT_TRACKING_ID,
            ABS_MT_POSITION_X,
            ABS_MT_POSITION_Y,
            ABS_MT_TOUCH_MAJOR,
            ABS_MT_TOOL_TYPE,
        )
        columns = [self._device.slots(code, number) for code in codes]
        return [
            Slot(number, x, y, major, tool == TOOL_PALM)
            for number, x, y, major, tool in zip(*columns, strict=True)
        ]

"""Touch packets of the Linux input layer (struct input_event), both ways, without any I/O.

A packet ends with SYN_REPORT and only then counts: keys may come before positions. With a multi-touch panel
(protocol B) only the contact in slot 0 counts. After SYN_DROPPED everything up to the next SYN_REPORT is
worthless, and a touch under way is cancelled, never completed.
"""

import struct
from dataclasses import dataclass

EVENT = struct.Struct("@llHHi")
"""seconds, microseconds, type, code, value: 24 bytes on a 64-bit machine."""

EV_SYN, EV_KEY, EV_ABS = 0, 1, 3
SYN_REPORT, SYN_DROPPED = 0, 3
BTN_TOUCH = 0x14A
ABS_X, ABS_Y = 0, 1
ABS_MT_SLOT, ABS_MT_POSITION_X, ABS_MT_POSITION_Y, ABS_MT_TRACKING_ID = 0x2F, 0x35, 0x36, 0x39
MULTI = (ABS_MT_SLOT, ABS_MT_POSITION_X, ABS_MT_POSITION_Y, ABS_MT_TRACKING_ID)


@dataclass(frozen=True)
class Contact:
    """A finger went down or up. x, y: in the panel's own numbers; None: the touch was cancelled."""

    down: bool
    x: int | None
    y: int | None


def packet(*events: tuple[int, int, int]) -> bytes:
    """These events (type, code, value) and a SYN_REPORT, as bytes."""
    return b"".join(EVENT.pack(0, 0, *event) for event in (*events, (EV_SYN, SYN_REPORT, 0)))


class Decoder:
    """Turns bytes into contacts. lost: after SYN_DROPPED; the caller reads the state and calls ``resume``."""

    def __init__(self) -> None:
        self.lost = False
        self._rest = b""
        self._x = self._y = 0
        self._slot = 0
        self._multi = False
        self._touching = self._reported = False
        self._skipping = False

    def feed(self, data: bytes) -> list[Contact]:
        """The contacts these bytes complete."""
        data = self._rest + data
        whole = len(data) - len(data) % EVENT.size
        self._rest = data[whole:]
        contacts: list[Contact] = []
        for _, _, kind, code, value in EVENT.iter_unpack(data[:whole]):
            if kind == EV_SYN:
                contacts += self._syn(code)
            elif not self._skipping:
                self._take(kind, code, value)
        return contacts

    def resume(self, x: int | None = None, y: int | None = None, slot: int = 0) -> None:
        """The panel's state now (None: as it was): the kernel never repeats a value that did not change."""
        self.lost = False
        self._x = self._x if x is None else x
        self._y = self._y if y is None else y
        self._slot = slot

    def _syn(self, code: int) -> list[Contact]:
        if code == SYN_DROPPED:
            self._skipping = self.lost = True
            return self._cancel()
        if code != SYN_REPORT:
            return []
        if self._skipping:
            self._skipping = False
            return []
        return self._report()

    def _cancel(self) -> list[Contact]:
        was_down, self._touching, self._reported = self._reported, False, False
        return [Contact(False, None, None)] if was_down else []

    def _report(self) -> list[Contact]:
        if self._touching == self._reported:
            return []
        self._reported = self._touching
        return [Contact(self._touching, self._x, self._y)]

    def _take(self, kind: int, code: int, value: int) -> None:
        if kind == EV_ABS and code in MULTI:
            self._multi = True
            self._take_multi(code, value)
        elif not self._multi and kind == EV_KEY and code == BTN_TOUCH:
            self._touching = value != 0
        elif not self._multi and kind == EV_ABS:
            self._move(value if code == ABS_X else None, value if code == ABS_Y else None)

    def _take_multi(self, code: int, value: int) -> None:
        if code == ABS_MT_SLOT:
            self._slot = value
        elif self._slot == 0 and code == ABS_MT_TRACKING_ID:
            self._touching = value >= 0
        elif self._slot == 0:
            self._move(
                value if code == ABS_MT_POSITION_X else None, value if code == ABS_MT_POSITION_Y else None
            )

    def _move(self, x: int | None, y: int | None) -> None:
        self._x = self._x if x is None else x
        self._y = self._y if y is None else y

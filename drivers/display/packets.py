"""Touches out of packets of the Linux input layer, without any I/O.

A packet ends with SYN_REPORT and only then counts: buttons may come before places. Of several fingers on a
multi-touch panel (protocol B) the first counts, in whatever slot, and none takes its place while it is
down. A palm is no finger: what the panel calls one, what is too large, and more than two contacts at once.
A touch that turns out to be one, or whose events were dropped, is cancelled, never completed.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from drivers.ports.evdev import DROPPED, EV_ABS, EV_KEY, REPORT, Event, Stream

BTN_LEFT, BTN_TOUCH = 0x110, 0x14A
"""A tablet or mouse with absolute places says BTN_LEFT."""
ABS_X, ABS_Y = 0, 1
ABS_MT_SLOT, ABS_MT_TOUCH_MAJOR, ABS_MT_POSITION_X, ABS_MT_POSITION_Y = 0x2F, 0x30, 0x35, 0x36
ABS_MT_TOOL_TYPE, ABS_MT_TRACKING_ID = 0x37, 0x39
SLOTTED = frozenset(
    {
        ABS_MT_SLOT,
        ABS_MT_TOUCH_MAJOR,
        ABS_MT_POSITION_X,
        ABS_MT_POSITION_Y,
        ABS_MT_TOOL_TYPE,
        ABS_MT_TRACKING_ID,
    }
)
TOOL_PALM = 2
MOST_FINGERS = 2
LIFTED = -1
"""The tracking id of nobody."""


@dataclass(frozen=True)
class Contact:
    """A finger went down or up. x, y: in the panel's own numbers; None: the touch was cancelled."""

    down: bool
    x: int | None
    y: int | None


CANCELLED = Contact(False, None, None)


@dataclass(frozen=True)
class Slot:
    """What a multi-touch panel says of one contact. id: LIFTED if there is none."""

    id: int = LIFTED
    x: int = 0
    y: int = 0
    major: int = 0
    palm: bool = False

    @property
    def touches(self) -> bool:
        return self.id != LIFTED

    def take(self, code: int, value: int) -> "Slot":
        """With this event of it. A new contact is a finger until the panel says otherwise."""
        if code == ABS_MT_TRACKING_ID:
            return replace(self, id=value, palm=self.palm and value == self.id)
        if code == ABS_MT_POSITION_X:
            return replace(self, x=value)
        if code == ABS_MT_POSITION_Y:
            return replace(self, y=value)
        if code == ABS_MT_TOUCH_MAJOR:
            return replace(self, major=value)
        return replace(self, palm=value == TOOL_PALM)


class Decoder:
    """Turns bytes into contacts. lost: after events were dropped; the caller reads the state and calls
    ``resume``. multi: whether the panel speaks protocol B, None: found out by what it says.

    largest: of a finger, in the panel's numbers; 0: of any size. longest: seconds of a touch; what stays for
    longer is a drop, or gum.
    """

    def __init__(self, multi: bool | None = None, largest: int = 0, longest: float = 30.0) -> None:
        self.lost = False
        self._multi = multi
        self._largest = largest
        self._longest = longest
        self._stream = Stream()
        self._x = self._y = 0
        self._button = False
        self._slots: dict[int, Slot] = {}
        self._slot = 0
        self._finger: int | None = None
        self._known: frozenset[int] = frozenset()
        self._shunned = False
        self._down = False
        self._held = False
        self._presses = 0
        self._seen: dict[int, float] = {}
        self._dirt: frozenset[int] = frozenset()

    @property
    def dirty(self) -> bool:
        """Whether something lies on the panel that is no finger, as of the last look."""
        return bool(self._dirt)

    def look(self, now: float) -> list[Contact]:
        """From time to time: what lies there too long counts no more until it is lifted."""
        self._seen = {number: self._seen.get(number, now) for number in self._there}
        stays = {number for number, since in self._seen.items() if now - since >= self._longest}
        self._dirt = frozenset(stays | (self._dirt & self._seen.keys()))
        finger = self._presses if self._finger is None else self._slots[self._finger].id
        return self._cancel() if finger in self._dirt else []

    def feed(self, data: bytes) -> list[Contact]:
        """The contacts these bytes complete."""
        contacts: list[Contact] = []
        for event in self._stream.feed(data):
            if event == DROPPED:
                self.lost = True
                contacts += self._cancel()
            elif event == REPORT:
                contacts += self._report()
            else:
                self._take(event)
        return contacts

    def resume(self, x: int = 0, y: int = 0, slot: int = 0, slots: Sequence[Slot] = ()) -> None:
        """The panel's state now: the kernel never repeats a value that did not change.

        Whoever touches it already may not act until they are lifted.
        """
        self.lost = self._held = False
        self._x, self._y = x, y
        self._slot, self._slots = slot, dict(enumerate(slots))
        self._known = frozenset(contact.id for contact in slots if contact.touches)

    # ------------------------------------------------------------ inside

    def _take(self, event: Event) -> None:
        kind, code, value = event
        if kind == EV_ABS and code in SLOTTED and self._multi is not False:
            self._multi = True
            if code == ABS_MT_SLOT:
                self._slot = value
            else:
                self._slots[self._slot] = self._slots.get(self._slot, Slot()).take(code, value)
        elif kind == EV_KEY and code in (BTN_TOUCH, BTN_LEFT):
            self._press(value != 0)
        elif kind == EV_ABS and code == ABS_X:
            self._x = value
        elif kind == EV_ABS and code == ABS_Y:
            self._y = value

    def _press(self, held: bool) -> None:
        if held and not self._held:
            self._presses += 1
        self._held = held
        self._button = held and self._presses not in self._dirt

    @property
    def _there(self) -> frozenset[int]:
        """Whatever touches the panel; without slots one press after the other has its number."""
        if self._multi:
            return frozenset(slot.id for slot in self._slots.values() if slot.touches)
        return frozenset({self._presses} if self._held else ())

    def _report(self) -> list[Contact]:
        if self._multi:
            return self._report_slots()
        return self._report_place(self._button, self._x, self._y)

    def _report_place(self, touches: bool, x: int, y: int) -> list[Contact]:
        if touches == self._down:
            return []
        self._down = touches
        return [Contact(touches, x, y)]

    def _report_slots(self) -> list[Contact]:
        touching = {
            number: slot for number, slot in self._slots.items() if slot.touches and slot.id not in self._dirt
        }
        before, self._known = self._known, frozenset(slot.id for slot in touching.values())
        self._shunned = bool(touching) and (self._shunned or len(touching) > MOST_FINGERS)
        if self._finger is None:
            fresh = [number for number, slot in touching.items() if slot.id not in before]
            self._finger = min(fresh, default=None)
        if self._finger is None:
            return []
        slot = self._slots[self._finger]
        if self._shunned or self._is_palm(slot):
            return self._cancel()
        if not slot.touches:
            self._finger = None
        return self._report_place(slot.touches, slot.x, slot.y)

    def _is_palm(self, slot: Slot) -> bool:
        return slot.palm or bool(self._largest and slot.major > self._largest)

    def _cancel(self) -> list[Contact]:
        was_down, self._down, self._button, self._finger = self._down, False, False, None
        return [CANCELLED] if was_down else []

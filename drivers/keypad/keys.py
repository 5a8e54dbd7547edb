"""What the keys of an evdev keyboard or number pad mean to the kiosk, without any I/O.

Only a key that goes down counts: what the kernel repeats while it is held is nothing. A key without a
meaning is nothing either.
"""

from drivers.ports.evdev import DROPPED, EV_KEY, Stream
from hal.events import KEY_BACK, KEY_CLEAR, KEY_ENTER, KEY_HELP, KEY_NEXT, KEY_PREVIOUS

DOWN = 1
"""0: up, 2: held."""
TAB, SHIFTS = 15, frozenset({42, 54})

ROW = {11: "0", **{code: str(code - 1) for code in range(2, 11)}}
"""KEY_0 to KEY_9, above the letters."""
PAD = {82: "0", 79: "1", 80: "2", 81: "3", 75: "4", 76: "5", 77: "6", 71: "7", 72: "8", 73: "9"}
"""KEY_KP0 to KEY_KP9, whatever Num Lock says."""
MEANING = {
    **ROW,
    **PAD,
    28: KEY_ENTER,
    96: KEY_ENTER,  # KEY_KPENTER
    14: KEY_CLEAR,  # KEY_BACKSPACE
    83: KEY_CLEAR,  # KEY_KPDOT
    111: KEY_CLEAR,  # KEY_DELETE
    1: KEY_BACK,  # KEY_ESC
    TAB: KEY_NEXT,
    78: KEY_NEXT,  # KEY_KPPLUS
    106: KEY_NEXT,  # KEY_RIGHT
    108: KEY_NEXT,  # KEY_DOWN
    74: KEY_PREVIOUS,  # KEY_KPMINUS
    103: KEY_PREVIOUS,  # KEY_UP
    105: KEY_PREVIOUS,  # KEY_LEFT
    55: KEY_HELP,  # KEY_KPASTERISK, the key for the blind on ticket machines
    59: KEY_HELP,  # KEY_F1
}
"""Code of the input layer → one of hal.events.KEYS."""


class Keys:
    """Turns bytes into keys."""

    def __init__(self) -> None:
        self._stream = Stream()
        self._shifts: set[int] = set()

    def feed(self, data: bytes) -> list[str]:
        """The keys that went down."""
        pressed = []
        for event in self._stream.feed(data):
            kind, code, value = event
            if event == DROPPED:
                self._shifts.clear()
            elif kind == EV_KEY and code in SHIFTS:
                (self._shifts.add if value else self._shifts.discard)(code)
            elif kind == EV_KEY and value == DOWN and code in MEANING:
                pressed.append(KEY_PREVIOUS if code == TAB and self._shifts else MEANING[code])
        return pressed

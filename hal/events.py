"""What devices report. Every event is a value: equal by content, safe to log, free of personal data.

MicroPython subset: this module also runs on a microcontroller, so values are plain classes with a
common base instead of dataclasses.
"""

from hal.faults import Fault


class Event:
    """An immutable-by-convention value; subclasses name their fields in ``__slots__`` in order."""

    __slots__: tuple[str, ...] = ()

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self._fields() == other._fields()

    def __hash__(self) -> int:
        return hash((type(self).__name__, self._fields()))

    def __repr__(self) -> str:
        return "{}{!r}".format(type(self).__name__, self._fields())

    def _fields(self) -> tuple[object, ...]:
        return tuple(getattr(self, name) for name in type(self).__slots__)


class CardPlaced(Event):
    """A card (or phone) entered the reader's field; nothing is known of it yet."""

    __slots__ = ()


class CardTaken(Event):
    """The reader is empty: seen so by the reader, not inferred from a failed command."""

    __slots__ = ()


class CashCredited(Event):
    """Money the till owns now. Emitted only after the credit is committed to the book.

    value: yen.
    """

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        self.value = value


class CashRejected(Event):
    """The vendor gave the coin or bill back by itself; nothing was credited."""

    __slots__ = ()


class CashReturnPressed(Event):
    """The return lever of the coin vendor (ccTalk coin event 254): the customer's cancel."""

    __slots__ = ()


class BillHeld(Event):
    """A bill waits in escrow for ``CashVendor.decide``. value: yen."""

    __slots__ = ("value",)

    def __init__(self, value: int) -> None:
        self.value = value


class Touched(Event):
    """A finger went down or up. x, y: pixels of the display as the citizen sees it.

    Its repr is empty: on the keypad a place is a digit of the PIN.
    """

    __slots__ = ("down", "x", "y")

    def __init__(self, x: int, y: int, down: bool) -> None:
        self.x = x
        self.y = y
        self.down = down

    def __repr__(self) -> str:
        return "Touched()"


KEY_ENTER, KEY_CLEAR, KEY_BACK, KEY_HELP = "enter", "clear", "back", "help"
KEY_NEXT, KEY_PREVIOUS = "next", "previous"
KEYS = frozenset("0123456789").union((KEY_ENTER, KEY_CLEAR, KEY_BACK, KEY_NEXT, KEY_PREVIOUS, KEY_HELP))
"""Every key of a physical keypad, by what it means."""


class KeyPressed(Event):
    """A key of the physical keypad went down. key: one of ``KEYS``.

    Its repr is empty: it may be a digit of the PIN.
    """

    __slots__ = ("key",)

    def __init__(self, key: str) -> None:
        self.key = key

    def __repr__(self) -> str:
        return "KeyPressed()"


class TrayChanged(Event):
    """The sensor of the paper tray. paper: whether sheets lie in it."""

    __slots__ = ("paper",)

    def __init__(self, paper: bool) -> None:
        self.paper = paper


class DoorChanged(Event):
    """The cabinet's door switch."""

    __slots__ = ("open",)

    def __init__(self, open: bool) -> None:
        self.open = open


class ServiceKeyTurned(Event):
    """The technician's key switch."""

    __slots__ = ("on",)

    def __init__(self, on: bool) -> None:
        self.on = on


class DeviceChanged(Event):
    """A device became faulty, or recovered (``fault`` is None). Emitted on change only.

    device: "card", "cash", "document", "receipt", "display", "touch", "keypad", "voice" or "cabinet"; or what
    the kiosk tells of in the same way: "center", "kiosk", "left-card".
    fault: a ``hal.faults.Fault`` or None.
    """

    __slots__ = ("device", "fault")

    def __init__(self, device: str, fault: "Fault | None") -> None:
        self.device = device
        self.fault = fault

"""The sections of the page, as they travel: one struct each, by the name that ``view.sections`` gives it."""

from collections.abc import Sequence

import msgspec

from daemon.bench.journal import Line
from daemon.bench.status import Case, Reported


class Kiosk(msgspec.Struct, frozen=True):
    """stands: a kiosk has been built; problem: why not, or why it ended. running: its daemon lives.

    clock: what it believes. screen: its name; buttons: ids of those that can be pressed. sells: it says so.
    """

    stands: bool = False
    problem: str = ""
    running: bool = False
    sells: bool = False
    screen: str = ""
    buttons: tuple[str, ...] = ()
    clock: str = ""


class Bench(msgspec.Struct, frozen=True):
    """How this kiosk was built."""

    municipality: str
    at: str
    speed: float
    idle: float


class Card(msgspec.Struct, frozen=True):
    """A card of the wallet. lies: on the reader now."""

    key: str
    name: str
    shows: str
    pin: str
    lies: bool


class Hopper(msgspec.Struct, frozen=True):
    """jammed: a coin is stuck, or will be. swapped: another unit stands there than at first."""

    address: int
    value: int
    coins: int
    jammed: bool
    swapped: bool


class Cash(msgspec.Struct, frozen=True):
    """Values in yen. accepting: what the slots take now. escrow: the bill that waits there, or 0.

    stacker: bills in it. box: yen in the cash box, bills and all. line: whether its cable is in. swapped:
    whether another acceptor stands there than at first.
    """

    accepting: tuple[int, ...]
    escrow: int
    stacker: int
    box: int
    tray: tuple[int, ...]
    hoppers: tuple[Hopper, ...]
    acceptor: int
    line: bool
    swapped: bool


class Paper(msgspec.Struct, frozen=True):
    """tray: ids of the sheets in the output tray. sensor: what it says. left: sheets to print on."""

    tray: tuple[str, ...]
    sensor: bool | None
    left: int
    ruined: int


class Receipts(msgspec.Struct, frozen=True):
    """Ids of the receipts in the slot."""

    slot: tuple[str, ...]


class Said(msgspec.Struct, frozen=True):
    """n: grows with every utterance of this kiosk. clip: whether there is a sound of it."""

    n: int
    key: str
    language: str
    text: str
    clip: bool


class Cabinet(msgspec.Struct, frozen=True):
    lamps: tuple[str, ...]
    door: bool
    key: bool


class Faults(msgspec.Struct, frozen=True):
    """injected: codes, by the page."""

    injected: tuple[str, ...]
    reported: tuple[Reported, ...]


class Holding(msgspec.Struct, frozen=True):
    """What the citizen has taken: ids of sheets and receipts, yen."""

    sheets: tuple[str, ...]
    receipts: tuple[str, ...]
    money: tuple[int, ...]


Section = (
    str
    | bool
    | Kiosk
    | Bench
    | Cash
    | Paper
    | Receipts
    | Cabinet
    | Faults
    | Holding
    | Sequence[Card]
    | Sequence[Said]
    | Sequence[Line]
    | Sequence[Case]
)

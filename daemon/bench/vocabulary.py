"""What a script may name: screens and their buttons, faults, events, spoken keys, cases.

Faults, events and texts are read from the catalogues; screens stand here by hand, and a test compares them
with what the kiosk can show.
"""

from collections.abc import Mapping, Set
from functools import cache
from typing import get_args

from daemon.center.sample import TOWNS
from daemon.config import ASSETS
from daemon.face.texts import LANGUAGES, Texts
from daemon.issuance.messages import Kind
from daemon.session.catalogue import load_events, load_faults
from daemon.session.wizard import MOST_NAMES

_KEYS = (*(f"key.{digit}" for digit in "0123456789"), "key.clear")
_LANGUAGES = tuple(f"language.{code}" for code in LANGUAGES)
_ROW = ("quit", "back", "confirm")
_ERRORS = (
    *("E1", "E3", "E4", "E5", "card-gone", "cash", "center", "door", "in-doubt", "limit", "mismatch", "none"),
    *("order", "printer", "reader", "unavailable"),
)

ANYWHERE = (
    *("access.large", "access.contrast", "access.voice", "access.time"),
    *("page.previous", "page.next"),
)
"""Buttons of the frame: the icons that every screen has, and the pages of one that needs several."""

SCREENS: Mapping[str, tuple[str, ...]] = {
    "start": ("services",),
    "services": ("issue", "register", "quit"),
    "card": ("quit",),
    "reading": (),
    "municipality": ("own", "other", "quit", "confirm", *_LANGUAGES),
    "registration": ("quit", "confirm", *_LANGUAGES),
    "pin": (*_KEYS, "quit", "back"),
    "removal": ("quit", *_LANGUAGES),
    "certificate": (
        *(f"kind.{kind}" for kind in get_args(Kind)),
        *("quit", "confirm"),
    ),
    "scope": (*(f"scope.{key}" for key in ("self", "all", "part", "koseki_all", "koseki_one")), *_ROW),
    "persons": (*(f"person.{at}" for at in range(MOST_NAMES)), *_ROW),
    "person": (*(f"person.{at}" for at in range(MOST_NAMES)), *_ROW),
    "year": (*(f"year.{year}" for year in range(2019, 2060)), *_ROW),
    "items": (
        *(f"item.{item}.{said}" for item in ("head", "honseki", "mynumber") for said in ("yes", "no")),
        *_ROW,
    ),
    "copies": (*_KEYS, *_ROW),
    "confirm": _ROW,
    "apply": ("quit", "confirm"),
    "applying": (),
    "applied": ("quit",),
    "preparing": (),
    "payment": ("quit",),
    "returning": (),
    "take-money": (),
    "printing": (),
    "hold": (),
    "take": ("taken",),
    "receipt": (),
    "thanks": (),
    "card-left": (),
    "closed": (),
    "out": (),
    "refund-offer": ("refund",),
    "claim": ("quit",),
    "timeout": ("more", "continue"),
    **{f"error.{code}": ("quit",) for code in _ERRORS},
}
"""Screen → the buttons it can have."""

PASSING = frozenset({"", "reading", "preparing", "applying", "returning", "printing"})
"""Screens that go on by themselves in a moment: nobody can count on seeing one."""

CASES = (
    *("in-doubt", "paper-unconfirmed", "void-sheets", "payout-unsure", "bill-unsure", "money-doubt"),
    *("coin-washing", "mismatch", "crash"),
)
COINS = (10, 50, 100, 500)
BILLS = (1000, 2000, 5000, 10000)


def is_digit(button: str) -> bool:
    """Whether this button types a digit: on screen "pin" none may stand in a script."""
    return button in _KEYS and button != "key.clear"


def buttons() -> Set[str]:
    """Of all screens."""
    return {button for screen in SCREENS.values() for button in screen} | set(ANYWHERE)


def municipalities() -> Set[str]:
    """Those with sample residents."""
    return TOWNS.keys()


def cards(municipality: str) -> Set[str]:
    """Of its sample residents."""
    return TOWNS[municipality].holders.keys()


@cache
def events() -> Set[str]:
    """Of the kiosk's journal."""
    return load_events(ASSETS).keys()


@cache
def faults() -> Set[str]:
    """Codes of the catalogue."""
    return load_faults(ASSETS).keys()


@cache
def spoken() -> Set[str]:
    """Keys of texts: what the voice says is named by one."""
    return Texts.load(ASSETS / "texts").keys

"""The vocabulary of a screen: what stands on it, not where. `screens` builds these, `renderer` draws them.

All texts are already in the citizen's language. An id is what comes back from a touch; ids never hold
personal data (a name's button is "person.0").
"""

from dataclasses import dataclass
from typing import Literal

from daemon.session.spoken import Spoken

Role = Literal["primary", "normal", "choice"]


@dataclass(frozen=True)
class Button:
    """role: primary = the one main action; choice = one of several, ``chosen`` marks it.

    icon: a drawing above the text, for the buttons of the header.
    """

    id: str
    text: str
    role: Role = "normal"
    enabled: bool = True
    chosen: bool = False
    icon: str = ""


@dataclass(frozen=True)
class Text:
    """A paragraph. alert: must be noticed (error, forgotten card); note: small print; lead: large."""

    text: str
    style: Literal["body", "lead", "note", "alert"] = "body"


@dataclass(frozen=True)
class Described:
    """Screen 2: a button left of its description. notes: the seed's ※ lines."""

    button: Button
    description: str
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Choices:
    """Buttons below each other; with a description each where the screen has one."""

    buttons: tuple[Button, ...]
    note: str = ""


@dataclass(frozen=True)
class YesNo:
    """One row of screen 9. yes.chosen xor no.chosen."""

    label: str
    yes: Button
    no: Button


@dataclass(frozen=True)
class Rows:
    rows: tuple[YesNo, ...]


@dataclass(frozen=True)
class Field:
    """A field the keypad fills: value is what is shown (``***`` for a PIN). hint: under it."""

    label: str
    value: str
    hint: str = ""
    alert: str = ""


@dataclass(frozen=True)
class Keypad:
    """123 / 456 / 789 / 訂正 0. ids "key.0".."key.9" and "key.clear"."""

    clear: str


@dataclass(frozen=True)
class Table:
    """label → value lines of screens 11 and 12. ``across``: a row above them (screen 11's 有/無).

    japanese: the cells that are Japanese in every language: names and addresses.
    """

    rows: tuple[tuple[str, str], ...]
    across: tuple[tuple[str, str], ...] = ()
    japanese: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Picture:
    """A drawing: where the card, coins, paper are."""

    name: Literal[
        "card-place",
        "card-take",
        "coins",
        "coins-take",
        "printing",
        "paper-take",
        "receipt",
        "wait",
        "error",
        "closed",
    ]


@dataclass(frozen=True)
class Progress:
    """k of n, with its sentence."""

    text: str
    k: int
    n: int


Widget = Text | Described | Choices | Rows | Field | Keypad | Table | Picture | Progress


@dataclass(frozen=True)
class Screen:
    """One screen. buttons: the row at the bottom, exactly the seed's. languages: the list of screens 4 and 6.

    name: for logs, the status feed and the bench ("menu", "pin", "confirm", …).
    spoken: what is said when it appears. insists: said again and again until it goes. urgent: loudly.
    """

    name: str
    language: str
    title: str
    body: tuple[Widget, ...]
    prompt: str = ""
    buttons: tuple[Button, ...] = ()
    languages: tuple[Button, ...] = ()
    spoken: Spoken | None = None
    insists: bool = False
    urgent: bool = False

    @property
    def speech(self) -> tuple[str, str, Spoken | None, bool]:
        """A screen that only changes while it stands there keeps this, and is not spoken again."""
        return self.name, self.language, self.spoken, self.urgent


@dataclass(frozen=True)
class View:
    """How a screen is shown to the one who stands there. Not what it says: that is the screen's.

    header: the icons of the frame. pager: to the page before and the next one, where a screen needs several.
    focus: id of the button the physical keypad stands on. page: from 0. large, strong: text, contrast.
    """

    header: tuple[Button, ...] = ()
    pager: tuple[Button, ...] = ()
    focus: str = ""
    page: int = 0
    large: bool = False
    strong: bool = False


def buttons(screen: Screen) -> list[Button]:
    """Every button of a screen in reading order, wherever it stands; also the keys of a keypad."""
    found: list[Button] = []
    for widget in screen.body:
        match widget:
            case Choices(options):
                found += options
            case Described(button):
                found.append(button)
            case Rows(rows):
                found += [button for row in rows for button in (row.yes, row.no)]
            case Keypad(clear):
                keys = [Button(f"key.{key}", key) for key in "123456789"]
                found += [*keys, Button("key.clear", clear), Button("key.0", "0")]
    return [*found, *screen.languages, *screen.buttons]

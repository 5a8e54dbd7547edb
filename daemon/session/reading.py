"""What voice guidance reads of a screen, of a button, of a key: lines the voice has clips for. Pure.

A text can be read only if it is, to the letter, one of those in `spoken`: none of these has a placeholder, so
no name, number or amount is ever read. A digit is read where the screen shows it anyway (copies), never where
it is a PIN.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from daemon.session.spoken import Spoken
from daemon.session.widgets import (
    Button,
    Choices,
    Described,
    Field,
    Progress,
    Rows,
    Screen,
    Table,
    Text,
    Widget,
)

SHOWS_DIGITS = frozenset(("copies",))
"""Screens on which a digit may be said. On every other one it could be the PIN."""
ICONS: dict[str, Spoken] = {
    "access.large": "say.large",
    "access.contrast": "say.contrast",
    "access.voice": "say.voice",
    "access.time": "say.time",
}
DIGITS: tuple[Spoken, ...] = (
    "digit.0",
    "digit.1",
    "digit.2",
    "digit.3",
    "digit.4",
    "digit.5",
    "digit.6",
    "digit.7",
    "digit.8",
    "digit.9",
)


@dataclass(frozen=True)
class Line:
    """A clip. language: whose."""

    key: Spoken
    language: str


Known = Callable[[str, str], Spoken | None]
"""(language, text) → the clip that says exactly this."""


def of_screen(screen: Screen, pages: int, known: Known) -> list[Line]:
    """What it asks for, then what stands on it, from above."""
    told = [screen.title, screen.prompt, *(text for widget in screen.body for text in texts(widget))]
    keys = [known(screen.language, text) for text in told if text]
    if screen.spoken:
        keys.insert(0, screen.spoken)
    if pages > 1:
        keys.append("say.page")
    return [Line(key, screen.language) for key in dict.fromkeys(keys) if key]


def texts(widget: Widget) -> Iterator[str]:
    """What a widget says besides its buttons."""
    match widget:
        case Text(text) | Progress(text) | Choices(_, text):
            yield text
        case Field(label, _, hint, alert):
            yield from (*alert.split("\n"), label, hint)
        case Described(_, description, notes):
            yield from (description, *notes)
        case Rows(rows):
            yield from (row.label for row in rows)
        case Table(rows, across):
            yield from (text for row in (*across, *rows) for text in row)


def of_button(screen: Screen, button: Button, known: Known) -> list[Line]:
    """The button, what it belongs to, and whether it is chosen."""
    language = screen.language
    if button.id.startswith("language."):
        return [Line("say.language", button.id.removeprefix("language.")), *_state(button, language)]
    if button.id in ICONS:
        return [Line(ICONS[button.id], language), *_state(button, language)]
    if button.id.startswith("person."):
        return [Line("say.name", language), *_state(button, language)]
    if button.id.startswith("key.") and button.id != "key.clear":
        return of_digit(screen, button.id)
    row, below = _around(screen, button)
    keys = [known(language, text) for text in (row, button.text, below) if text]
    return [*(Line(key, language) for key in keys if key), *_state(button, language)]


def _state(button: Button, language: str) -> list[Line]:
    """Only what can be chosen says whether it is."""
    if button.chosen:
        return [Line("say.chosen", language)]
    return [Line("say.not_chosen", language)] if button.role == "choice" else []


def _around(screen: Screen, button: Button) -> tuple[str, str]:
    """The label before it, the description behind it."""
    for widget in screen.body:
        match widget:
            case Rows(rows):
                for row in rows:
                    if button.id in (row.yes.id, row.no.id):
                        return row.label, ""
            case Described(described, description) if described.id == button.id:
                return "", description
    return "", ""


def of_digit(screen: Screen, id: str) -> list[Line]:
    """A digit that has the focus, or was typed."""
    digit = id.removeprefix("key.")
    key: Spoken = DIGITS[int(digit)] if screen.name in SHOWS_DIGITS else "say.number"
    return [Line(key, screen.language)]


def of_typed(screen: Screen, id: str) -> list[Line]:
    """What a key of the screen's keypad has done."""
    if id == "key.clear":
        return [Line("say.cleared", screen.language)]
    if screen.name in SHOWS_DIGITS:
        return of_digit(screen, id)
    return [Line("say.entered", screen.language)]

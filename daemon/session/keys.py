"""What a key of the physical keypad means on the screen that stands there. Pure.

The focus walks over the enabled buttons in reading order. A digit types where the screen has digits, else it
goes to the n-th of the screen's own choices; enter presses what has the focus.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from daemon.session.widgets import Screen

Act = Literal["press", "focus", "touch", "help", "nothing"]
PRESSES = {"clear": "key.clear", "back": "back"}
"""Keys that are a button of the screen, where it has it."""


@dataclass(frozen=True)
class Meaning:
    """id: of the button that is pressed or gets the focus. touch: anywhere beside the buttons."""

    act: Act
    id: str = ""


NOTHING = Meaning("nothing")


def meaning(key: str, screen: Screen, order: Sequence[str], focus: str) -> Meaning:
    """key: as ``hal.events.KeyPressed`` has it. order: the enabled buttons, as they are read."""
    if key.isdigit():
        return _digit(key, screen, order)
    if key in ("next", "previous"):
        return _walk(1 if key == "next" else -1, order, focus)
    if key == "enter":
        return _enter(order, focus)
    if key in PRESSES:
        return _press(PRESSES[key], order)
    return Meaning("help") if key == "help" else NOTHING


def first(order: Sequence[str]) -> str:
    """Where the focus begins."""
    own = _own(order)
    return own[0] if own else next(iter(order), "")


def _own(order: Sequence[str]) -> list[str]:
    """Without the icons of the header, which every screen has."""
    return [button for button in order if not button.startswith("access.")]


def _digit(key: str, screen: Screen, order: Sequence[str]) -> Meaning:
    if f"key.{key}" in order:
        return Meaning("press", f"key.{key}")
    row = {button.id for button in screen.buttons}
    frame = ("access.", "page.", "language.", "key.")
    choices = [button for button in order if button not in row and not button.startswith(frame)]
    place = int(key) - 1
    return Meaning("focus", choices[place]) if 0 <= place < len(choices) else NOTHING


def _enter(order: Sequence[str], focus: str) -> Meaning:
    if focus in order:
        return Meaning("press", focus)
    if not _own(order):
        return Meaning("touch")
    return Meaning("focus", first(order))


def _press(id: str, order: Sequence[str]) -> Meaning:
    return Meaning("press", id) if id in order else NOTHING


def _walk(step: int, order: Sequence[str], focus: str) -> Meaning:
    """Around: after the last comes the first."""
    if not order:
        return NOTHING
    if focus not in order:
        return Meaning("focus", first(order) if step > 0 else order[-1])
    return Meaning("focus", order[(order.index(focus) + step) % len(order)])

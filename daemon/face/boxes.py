"""What a laid-out screen consists of: boxes at their places, in pixels. Values, made by `layout`, drawn by
`painter`; the renderer compares them to see what has changed.
"""

from dataclasses import dataclass, replace
from typing import Literal

from daemon.face.design import Surface
from daemon.face.fonts import Font
from daemon.session.widgets import Button
from hal.contracts import Rect

Align = Literal["left", "centre", "right"]
Ink = Literal["text", "soft", "white", "alert"]


@dataclass(frozen=True)
class TextBox:
    """Lines of equal height that fill the rectangle from top to bottom."""

    rect: Rect
    lines: tuple[str, ...]
    font: Font
    ink: Ink = "text"
    align: Align = "left"


@dataclass(frozen=True)
class PanelBox:
    """A surface under other boxes."""

    rect: Rect
    style: Surface


@dataclass(frozen=True)
class ButtonBox:
    """A touch target. Its label stands in the middle of what the insets (left, right) leave.

    icon: a drawing above the label. focused: where the physical keypad stands.
    """

    rect: Rect
    button: Button
    inset: tuple[int, int]
    lines: tuple[str, ...]
    font: Font
    icon: str = ""
    focused: bool = False


@dataclass(frozen=True)
class PictureBox:
    """A drawing, square, in the middle of the rectangle."""

    rect: Rect
    name: str


@dataclass(frozen=True)
class BarBox:
    """k of n parts filled."""

    rect: Rect
    k: int
    n: int


Box = TextBox | PanelBox | ButtonBox | PictureBox | BarBox


@dataclass(frozen=True)
class Block:
    """Boxes placed relative to their common upper left corner. tight: what did not fit in it."""

    width: int
    height: int
    boxes: tuple[Box, ...] = ()
    tight: tuple[str, ...] = ()

    def at(self, x: int, y: int) -> tuple[Box, ...]:
        """The boxes with the corner at x, y."""
        return tuple(moved(box, x, y) for box in self.boxes)


def moved(box: Box, x: int, y: int) -> Box:
    rect = Rect(box.rect.x + x, box.rect.y + y, box.rect.w, box.rect.h)
    return replace(box, rect=rect)

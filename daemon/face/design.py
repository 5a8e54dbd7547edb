"""The design system: every measure, size and colour of the screen, and the reason for it. Pure.

**Millimetres first.** A finger and an eye do not know pixels. A design unit is 1/5.9 mm on the glass this was
drawn for (1280×800 at 10.1 inches: one pixel). On any other glass a unit is at least as many millimetres, and
more where the glass is larger: the picture fills it. So whatever is large enough in units is large enough for
a finger (20 mm, 3 mm apart: Colle & Hiszem 2004; 15 mm on glass under 10.1 inches, where more does not fit)
and for an eye (a kanji of 25 arc minutes at 500 mm, JIS Z 8513).

**The frame never moves.** A header of two arms: the title along the top, four icons (text size, colours,
voice, time) down the left edge, because height is what a wide glass lacks. 終了する, 前画面へ and the one
primary button have places of their own in a row at the bottom, or, where a keypad of 20 mm keys and a row do
not both fit, in a column at the right edge. Between them stands what the screen is about.

**What does not fit is turned over.** Text shrinks to its floor, choices move into columns, and what is still
too much goes to a next page. Nothing is ever clipped, and no target ever shrinks.

**Two sizes of text, two sets of colours.** Large text is twice as large, and its capitals are seen under at
least 0.7° (EN 301 549, 5.1.4). Text has a contrast of 7:1 or more on its ground in both sets. Whatever a
colour says is said by a shape as well: chosen has a tick, disabled a dashed edge, focus a double frame, an
error a sign, pressed a thick edge.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from daemon.face.ink import Ink, ink
from hal.contracts import Rect

UNITS_A_MM = 5.9
DESIGN = (1280, 800)
"""Units across the longer and the shorter side of the glass, at least."""
TOUCH, TOUCH_SMALL = 118, 89
"""20 mm, and 15 mm."""
GAP = 18
"""3 mm."""
SMALL_DIAGONAL_MM = 254
"""Under 10.1 inches, with room for how panels are measured."""

TextStyle = Literal[
    "value", "key", "single", "title", "lead", "choice", "prompt", "alert", "label", "body", "detail", "note"
]
TYPE: Mapping[TextStyle, int] = {
    "value": 68,
    "key": 50,
    "single": 50,
    "title": 42,
    "lead": 42,
    "choice": 36,
    "prompt": 35,
    "alert": 35,
    "label": 34,
    "body": 31,
    "detail": 29,
    "note": 25,
}
"""The em square in units: 5.9 to the millimetre."""
FLOOR = 22
"""No text is smaller: 3.7 mm."""
LARGE = 2.0
CAPITAL = 0.733
"""The height of a capital H in parts of the em square."""
CAPITAL_DEGREES = 0.7
LARGE_FLOOR_SMALL = 31
"""On glass under 10.1 inches: running text as large as it is elsewhere, without shrinking."""

ICONS = ("access.large", "access.contrast", "access.voice", "access.time")
"""The buttons of the header, from the top."""
MARGIN = 28


@dataclass(frozen=True)
class Panel:
    """A glass. size: pixels. mm: its width and height. distance_mm: from the eyes of whoever stands there."""

    size: tuple[int, int]
    mm: tuple[int, int]
    distance_mm: int = 500

    @property
    def tall(self) -> bool:
        return self.size[1] > self.size[0]

    @property
    def small(self) -> bool:
        return math.hypot(*self.mm) < SMALL_DIAGONAL_MM

    @property
    def per_mm(self) -> float:
        """Pixels in a millimetre, along the side where they are closer."""
        return max(pixels / length for pixels, length in zip(self.size, self.mm, strict=True))

    @property
    def unit(self) -> float:
        """Pixels in a design unit."""
        width, height = reversed(DESIGN) if self.tall else DESIGN
        fills = min(self.size[0] / width, self.size[1] / height)
        return max(fills, self.per_mm / UNITS_A_MM)

    @property
    def touch(self) -> int:
        """Units of the side of a touch target, at least."""
        return TOUCH_SMALL if self.small else TOUCH

    @property
    def large_floor(self) -> int:
        """Units of the em square of large text, at least."""
        if self.small:
            return LARGE_FLOOR_SMALL
        capital = self.distance_mm * math.pi * CAPITAL_DEGREES / 180
        return max(math.ceil(capital / CAPITAL * self.per_mm / self.unit), round(LARGE * FLOOR))


def ten_inch(size: tuple[int, int]) -> Panel:
    """A glass of which only the pixels are known: 10.1 inches across."""
    diagonal = math.hypot(*size)
    width, height = (round(256.2 * pixels / diagonal) for pixels in size)
    return Panel(size, (width, height))


# ---------------------------------------------------------------- the frame

Slot = Literal["left", "middle", "right"]


@dataclass(frozen=True)
class Frame:
    """Pixels. row: the ground of the buttons. full: what the body has where a screen has no buttons."""

    title: Rect
    header: Rect
    icons: tuple[Rect, ...]
    row: Rect
    slots: Mapping[Slot, Rect]
    body: Rect
    full: Rect


def frame(panel: Panel) -> Frame:
    """Where header, buttons and body are on this glass: the same on every screen."""
    unit = panel.unit
    across, down = (side / unit for side in panel.size)
    top = 65 if panel.small else 84
    rail = panel.touch + GAP
    row = panel.touch + (24 if panel.small else 36)
    keys = 4 * panel.touch + 3 * GAP
    if panel.tall or down >= top + keys + GAP + row:
        start = 0.0 if panel.tall else float(rail)
        foot: _Place = (start, down - row, across - start, row)
        slots = _in_a_row(foot, panel.touch)
        body: _Place = (rail + MARGIN, top, across - rail - 2 * MARGIN, down - top - row)
    else:
        wide = 150 if panel.small else 230
        foot = (across - wide, top, wide, down - top)
        slots = _in_a_column(foot, panel.touch)
        body = (rail + MARGIN, top, across - rail - wide - 2 * MARGIN, down - top)
    full = (rail + MARGIN, top, across - rail - 2 * MARGIN, down - top)
    space = GAP // 2
    icons = [(space, top + GAP + at * (panel.touch + GAP), panel.touch, panel.touch) for at in range(4)]
    return Frame(
        _px(unit, (0, 0, across, top)),
        _px(unit, (0, top, rail, down - top)),
        tuple(_px(unit, icon) for icon in icons),
        _px(unit, foot),
        {name: _px(unit, place) for name, place in slots.items()},
        _px(unit, body),
        _px(unit, full),
    )


_Place = tuple[float, float, float, float]


def _in_a_row(foot: _Place, touch: int) -> dict[Slot, _Place]:
    x, y, w, h = foot
    edge = MARGIN - GAP / 2 if w < 600 else MARGIN
    inner = w - 2 * edge - 2 * GAP
    y += (h - touch) / 2
    left, middle = (inner * 0.32, inner * 0.32) if w < 600 else (inner * 0.27, inner * 0.29)
    return {
        "left": (x + edge, y, left, touch),
        "middle": (x + edge + left + GAP, y, middle, touch),
        "right": (x + edge + left + middle + 2 * GAP, y, inner - left - middle, touch),
    }


def _in_a_column(foot: _Place, touch: int) -> dict[Slot, _Place]:
    x, y, w, h = foot
    side = w - GAP
    return {
        "left": (x + GAP / 2, y + GAP, side, touch),
        "middle": (x + GAP / 2, y + 2 * GAP + touch, side, touch),
        "right": (x + GAP / 2, y + h - GAP - touch, side, touch),
    }


def _px(unit: float, place: _Place) -> Rect:
    x, y, w, h = (
        math.floor(length * unit + 1e-6) for length in (*place[:2], place[0] + place[2], place[1] + place[3])
    )
    return Rect(x, y, w - x, h - y)


# ---------------------------------------------------------------- colours

Surface = Literal["page", "bar", "card", "cell", "field", "alert", "error", "column", "foot", "rule"]


@dataclass(frozen=True)
class Palette:
    """text, soft, alert: what words are written in. on_dark: words on the header.

    surfaces: style → fill and edge. Of a button: (fill, edge, words).
    """

    text: Ink
    soft: Ink
    alert: Ink
    on_dark: Ink
    line: Ink
    shade: Ink
    surfaces: Mapping[Surface, tuple[Ink, Ink]]
    normal: tuple[Ink, Ink, Ink]
    primary: tuple[Ink, Ink, Ink]
    choice: tuple[Ink, Ink, Ink]
    chosen: tuple[Ink, Ink, Ink]
    off: tuple[Ink, Ink, Ink]
    pressed: tuple[Ink, Ink, Ink]
    icon: tuple[Ink, Ink, Ink]
    icon_on: tuple[Ink, Ink, Ink]
    ring: tuple[Ink, Ink]
    """The focus: outer and inner frame. One of them is seen on any ground."""


_WHITE, _BLACK, _PAGE = ink("#ffffff"), ink("#000000"), ink("#f3f6fa")
_TEXT, _NAVY, _LINE, _CELL = ink("#17202c"), ink("#163d6b"), ink("#c3ccd8"), ink("#e9eff7")
_ALERT, _ROSE, _GREEN = ink("#8b1616"), ink("#fdeeec"), ink("#0b5738")
_YELLOW, _AMBER = ink("#ffe94d"), ink("#ffd980")

CALM = Palette(
    text=_TEXT,
    soft=ink("#3c4858"),
    alert=_ALERT,
    on_dark=_WHITE,
    line=_LINE,
    shade=ink("#ccd4df"),
    surfaces={
        "page": (_PAGE, _PAGE),
        "bar": (_NAVY, _NAVY),
        "card": (_WHITE, _LINE),
        "cell": (_CELL, _LINE),
        "field": (_WHITE, _NAVY),
        "alert": (_ROSE, _ALERT),
        "error": (_ROSE, _ALERT),
        "column": (ink("#e2e8f0"), ink("#e2e8f0")),
        "foot": (_CELL, _LINE),
        "rule": (_LINE, _LINE),
    },
    normal=(_WHITE, ink("#4a5668"), _TEXT),
    primary=(_GREEN, _GREEN, _WHITE),
    choice=(_WHITE, _NAVY, _NAVY),
    chosen=(_NAVY, _NAVY, _WHITE),
    off=(ink("#dfe4ea"), ink("#6b7686"), ink("#3f4651")),
    pressed=(_AMBER, _TEXT, _TEXT),
    icon=(_NAVY, ink("#7f9cc0"), _WHITE),
    icon_on=(_WHITE, _WHITE, _NAVY),
    ring=(_TEXT, _YELLOW),
)
STRONG = Palette(
    text=_WHITE,
    soft=_WHITE,
    alert=_YELLOW,
    on_dark=_WHITE,
    line=_WHITE,
    shade=_BLACK,
    surfaces={
        "page": (_BLACK, _BLACK),
        "bar": (_BLACK, _WHITE),
        "card": (_BLACK, _WHITE),
        "cell": (_BLACK, _WHITE),
        "field": (_BLACK, _WHITE),
        "alert": (_BLACK, _YELLOW),
        "error": (_BLACK, _YELLOW),
        "column": (_BLACK, _BLACK),
        "foot": (_BLACK, _WHITE),
        "rule": (_WHITE, _WHITE),
    },
    normal=(_BLACK, _WHITE, _WHITE),
    primary=(_YELLOW, _YELLOW, _BLACK),
    choice=(_BLACK, _WHITE, _WHITE),
    chosen=(_WHITE, _WHITE, _BLACK),
    off=(_BLACK, ink("#b5b5b5"), ink("#c8c8c8")),
    pressed=(_AMBER, _BLACK, _BLACK),
    icon=(_BLACK, _WHITE, _WHITE),
    icon_on=(_WHITE, _WHITE, _BLACK),
    ring=(_WHITE, ink("#00b4ff")),
)


def palette(strong: bool) -> Palette:
    """The colours; strong: of high contrast."""
    return STRONG if strong else CALM

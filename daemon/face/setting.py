"""How text is set on one screen: sizes in design units, shrunk together until everything fits.

A design unit is one pixel on the glass this was designed for: 1280×800 at 10.1 inches, 5.9 to the
millimetre. TOUCH is 20 mm, GAP 3 mm (Colle & Hiszem 2004), FLOOR a kanji of 25 arc minutes at 500 mm.
"""

from dataclasses import dataclass, replace
from typing import Protocol

from daemon.face.boxes import Align, Block, Box, ButtonBox, Ink, TextBox
from daemon.face.fonts import Font
from daemon.face.linebreak import Measure, widest, wrap
from daemon.session.widgets import Button
from hal.contracts import Rect

DESIGN = (1280, 800)
TOUCH = 118
TOUCH_FLOOR = 89
GAP = 18
FLOOR = 22
LINE = 1.42
LABEL = 34
MARK = 66
NARROW = 260


class Measurer(Protocol):
    """What the layout needs to know of the fonts."""

    def width(self, text: str, font: Font) -> float: ...


@dataclass(frozen=True)
class Setting:
    """unit: pixels of a design unit. scale: of text and touch targets, down to their floors.

    columns: how many choices may stand beside each other. signs: whether an alert carries its own sign.
    """

    measurer: Measurer
    language: str
    unit: float
    scale: float = 1.0
    columns: int = 1
    align: Align = "left"
    signs: bool = True

    def px(self, length: float) -> int:
        return round(length * self.unit)

    def gap(self, length: float) -> int:
        """Space between things, which gives way where text has to."""
        return round(self.px(length) * min(1.0, self.scale) ** 2)

    def font(self, size: float, bold: bool = False) -> Font:
        return Font(self.px(max(FLOOR, size * self.scale)), bold, self.language)

    def touch(self, floor: int = TOUCH_FLOOR) -> int:
        """The height of a touch target."""
        return self.px(max(floor, TOUCH * min(1.0, self.scale)))

    def paragraph(
        self, text: str, width: int, font: Font, ink: Ink = "text", align: Align | None = None
    ) -> Block:
        """Text wrapped to this width."""
        lines = wrap(text, width, self._measure(font), self.language)
        height = round(font.size * LINE) * len(lines)
        box = TextBox(Rect(0, 0, width, height), lines, font, ink, align or self.align)
        return Block(width, height, (box,), self._too_wide(lines, width, font))

    def button(self, button: Button, width: int, height: int, size: float = LABEL) -> Block:
        """A button whose label wraps, then shrinks, to fit."""
        inset = self._inset(button, width)
        for label in _sizes(size):
            font = Font(self.px(label), True, self._face_of(button))
            words = self._label(button, width - sum(inset), font)
            cut = widest(button.text, self._measure(font), font.language) > width - sum(inset)
            if not cut and words.height <= height - self.px(12):
                break
        lines = words.boxes[0].lines if isinstance(words.boxes[0], TextBox) else ()
        box = ButtonBox(Rect(0, 0, width, height), button, inset, lines, font)
        high = (f"button {button.id}: label is too high",) if words.height > height else ()
        return Block(width, height, (box,), words.tight + high)

    def _inset(self, button: Button, width: int) -> tuple[int, int]:
        """Room at both sides of the label; a choice needs it for its check mark, a narrow one only left."""
        if button.role != "choice":
            return self.px(16), self.px(16)
        wide = width > self.px(NARROW)
        return self.px(MARK if wide else 44), self.px(MARK if wide else 14)

    def _label(self, button: Button, width: int, font: Font) -> Block:
        return replace(self, language=font.language).paragraph(button.text, width, font, align="centre")

    def _face_of(self, button: Button) -> str:
        """Names of people stay Japanese, and a language is written in its own characters."""
        if button.id.startswith("language."):
            return button.id.removeprefix("language.")
        return "ja" if button.id.startswith("person.") else self.language

    def _measure(self, font: Font) -> Measure:
        return lambda part: self.measurer.width(part, font)

    def _too_wide(self, lines: tuple[str, ...], width: int, font: Font) -> tuple[str, ...]:
        return tuple(f"too wide: {line}" for line in lines if self.measurer.width(line, font) > width + 1)


def _sizes(size: float) -> range:
    return range(round(size), FLOOR - 1, -2)


def stack(blocks: list[Block], gap: int) -> Block:
    """Blocks below each other."""
    boxes: tuple[Box, ...] = ()
    y = 0
    for block in blocks:
        boxes += block.at(0, y)
        y += block.height + gap
    width = max((block.width for block in blocks), default=0)
    tight = tuple(fault for block in blocks for fault in block.tight)
    return Block(width, max(0, y - gap), boxes, tight)


def beside(left: Block, right: Block, gap: int) -> Block:
    """Two blocks beside each other, the lower one centred on the higher."""
    height = max(left.height, right.height)
    boxes = left.at(0, (height - left.height) // 2)
    boxes += right.at(left.width + gap, (height - right.height) // 2)
    return Block(left.width + gap + right.width, height, boxes, left.tight + right.tight)


def centred(block: Block, width: int) -> Block:
    return Block(width, block.height, block.at((width - block.width) // 2, 0), block.tight)

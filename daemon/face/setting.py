"""How text is set on one screen: styles of the design, shrunk together until everything fits.

Text shrinks; touch targets do not.
"""

import math
import re
from dataclasses import dataclass, replace
from typing import Protocol

from daemon.face.boxes import Align, Block, Box, ButtonBox, Ink, TextBox
from daemon.face.design import FLOOR, LARGE, TYPE, Panel, TextStyle
from daemon.face.fonts import Font, shapes
from daemon.face.linebreak import Measure, widest, wrap
from daemon.session.widgets import Button
from hal.contracts import Rect

LINE = 1.42
MARK = 66
NARROW = 260
PADDING = 6
NUMBER = re.compile(r"[/\d]")
BROKEN_ANYWHERE = frozenset(("ja", "zh-Hans", "zh-Hant"))
"""Written without spaces: a line may end between any two characters where it must."""


class Measurer(Protocol):
    """What the layout needs to know of the fonts."""

    def width(self, text: str, font: Font) -> float: ...


@dataclass(frozen=True)
class Setting:
    """scale: of text and of the space between, down to their floors.

    columns: how many choices may stand beside each other. signs: whether an alert carries its own sign.
    large: text of twice the size. floor: units, below which no text goes. japanese: names and addresses
    among the cells of a table.
    """

    measurer: Measurer
    language: str
    panel: Panel
    scale: float = 1.0
    columns: int = 1
    align: Align = "left"
    signs: bool = True
    large: bool = False
    floor: int = FLOOR
    japanese: frozenset[str] = frozenset()

    def px(self, length: float) -> int:
        return round(length * self.panel.unit)

    def gap(self, length: float) -> int:
        """Space between things, which gives way where text has to."""
        return round(self.px(length) * min(1.0, self.scale) ** 2)

    def size(self, style: TextStyle) -> float:
        """Units of the em square."""
        return max(self.floor, TYPE[style] * self.scale * (LARGE if self.large else 1.0))

    def font(self, style: TextStyle, bold: bool = False) -> Font:
        return Font(self.px(self.size(style)), bold, self.language)

    def of(self, cell: str) -> "Setting":
        """For a cell of a table: names, one a line, and addresses are Japanese in every language."""
        return replace(self, language="ja") if self.japanese.issuperset(cell.split("\n")) else self

    @property
    def touch(self) -> int:
        """The least side of a touch target."""
        return self.px(self.panel.touch)

    def paragraph(
        self, text: str, width: int, font: Font, ink: Ink = "text", align: Align | None = None
    ) -> Block:
        """Text wrapped to this width."""
        shaped = replace(font, language=shapes(text, font.language))
        lines = wrap(text, width, self._measure(shaped), self.language)
        height = line_height(font) * len(lines)
        box = TextBox(Rect(0, 0, width, height), lines, shaped, ink, align or self.align)
        spaced = self.language not in BROKEN_ANYWHERE
        tight = (f"cut: {text}",) if spaced and self._cuts(text, width, font) else ()
        return Block(width, box.rect.h, (box,), tight)

    def button(
        self, button: Button, width: int, height: int, style: TextStyle = "label", grows: bool = False
    ) -> Block:
        """A button whose label wraps, then shrinks, to fit; at last the button grows, where it may."""
        inset = self._inset(button, width)
        room = width - sum(inset)
        words = Block(0, 0)
        for label in (labels := self._labels(style, grows)):
            font = Font(self.px(label), True, self._face_of(button))
            if label != labels[-1] and self._cannot(button.text, room, height - self.px(PADDING), font):
                continue
            words = self._label(button, room, font)
            if words.height <= height - self.px(PADDING):
                break
        if grows:
            height = max(height, words.height + self.px(2 * PADDING))
        lines = words.boxes[0].lines if isinstance(words.boxes[0], TextBox) else ()
        box = ButtonBox(Rect(0, 0, width, height), button, inset, lines, font)
        high = (f"button {button.id}: label is too high",) if words.height > height else ()
        return Block(width, height, (box,), words.tight + high)

    def _labels(self, style: TextStyle, grows: bool) -> range:
        """Units to try. In the frame, where nothing can grow, large labels shrink to the common floor."""
        floor = self.floor if grows else FLOOR
        return range(round(max(floor, TYPE[style] * (LARGE if self.large else 1.0))), floor - 1, -2)

    def _cannot(self, text: str, width: int, height: int, font: Font) -> bool:
        """Whether this size is out of the question, without breaking any line."""
        lines = math.ceil(self.measurer.width(text.replace("\n", ""), font) / max(1, width))
        return line_height(font) * max(lines, text.count("\n") + 1) > height or self._cuts(text, width, font)

    def _inset(self, button: Button, width: int) -> tuple[int, int]:
        """Room at both sides of the label; a choice needs it for its check mark, a narrow one only left."""
        if button.role != "choice":
            side = self.px(4 if width < self.px(100) else 8 if width < self.px(160) else 16)
            return side, side
        wide = width > self.px(NARROW)
        return self.px(MARK if wide else 40), self.px(MARK if wide else 6)

    def _label(self, button: Button, width: int, font: Font) -> Block:
        return replace(self, language=font.language).paragraph(button.text, width, font, align="centre")

    def _face_of(self, button: Button) -> str:
        """Names of people and years stay Japanese, and a language is written in its own characters."""
        if button.id.startswith("language."):
            return button.id.removeprefix("language.")
        return "ja" if button.id.startswith(("person.", "year.")) else self.language

    def _cuts(self, text: str, width: int, font: Font) -> bool:
        """Whether some word is wider than the line. Numbers and addresses of pages may be cut."""
        if self.measurer.width(text.replace("\n", ""), font) <= width:
            return False
        if font.language not in BROKEN_ANYWHERE:
            text = " ".join(word for word in text.split() if not NUMBER.search(word))
        return widest(text, self._measure(font), font.language) > width + 1

    def _measure(self, font: Font) -> Measure:
        return lambda part: self.measurer.width(part, font)


def line_height(font: Font) -> int:
    return round(font.size * LINE)


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

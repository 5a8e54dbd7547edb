"""Noto Sans CJK, the face of all seven languages: measures text, and turns it into masks to stamp.

One file holds the shapes of Japan, Korea, mainland China and Taiwan for the same characters; the language
picks them. A mask is kept only while one of the last two screens uses it, so that a name leaves the memory
with its screen. Variation selectors are not drawn: the glass shows a name's base characters, the
certificate its exact variant.
"""

import re
from dataclasses import dataclass

from PIL import Image, ImageDraw, ImageFont

TYPEFACE = "/usr/share/fonts/opentype/noto/NotoSansCJK-{weight}.ttc"
FACES = {"ja": 0, "en": 0, "es": 0, "pt": 0, "ko": 1, "zh-Hans": 2, "zh-Hant": 3}
HAN = re.compile("[\u3400-\u9fff]")
MOST_FACES = 4
ASCENT, DESCENT = 1.16, 0.29
"""Of Noto Sans CJK, in parts of the size: room for every mark above and below."""


@dataclass(frozen=True)
class Font:
    """size: pixels of the em square. language: whose shapes of the shared Han characters."""

    size: int
    bold: bool = False
    language: str = "ja"


@dataclass(frozen=True)
class Mask:
    """One line of text as coverage. left, baseline: where the pen starts, in pixels of the image."""

    image: Image.Image
    left: int
    baseline: int


def shapes(text: str, language: str) -> str:
    """Whose Han characters a text has. Korean has none of its own: those in it are Japanese names."""
    return "ja" if language == "ko" and HAN.search(text) else language


def shown(text: str) -> str:
    """The text without variation selectors."""
    if text.isascii():
        return text
    return "".join(char for char in text if not _selects_variant(char))


def _selects_variant(char: str) -> bool:
    return "\ufe00" <= char <= "\ufe0f" or "\U000e0100" <= char <= "\U000e01ef"


class Fonts:
    """typeface: path of the font collection, with ``{weight}`` for Regular and Bold."""

    def __init__(self, typeface: str = TYPEFACE) -> None:
        self._typeface = typeface
        self._faces: dict[tuple[int, bool, int], ImageFont.FreeTypeFont] = {}
        self._advances: dict[Font, dict[str, float]] = {}
        self._recent: dict[tuple[str, Font], Mask] = {}
        self._older: dict[tuple[str, Font], Mask] = {}

    def width(self, text: str, font: Font) -> float:
        """Pixels from pen to pen. The face has no kerning in this layout: it is the sum of the characters."""
        advances = self._advances.setdefault(font, {})
        try:
            return sum(map(advances.__getitem__, text))
        except KeyError:
            advances.update({char: self._advance(char, font) for char in text})
            return sum(map(advances.__getitem__, text))

    def mask(self, text: str, font: Font) -> Mask:
        """This line, ready to stamp."""
        key = (text, font)
        mask = self._recent.get(key) or self._older.get(key) or self._draw(text, font)
        self._recent[key] = mask
        return mask

    def turn(self) -> None:
        """A new screen: forgets the masks that the screen before did not use."""
        self._older, self._recent = self._recent, {}

    def forget(self) -> None:
        """Drops every mask, and the widths of characters: a name could be read from which there are."""
        self._advances.clear()
        self._recent.clear()
        self._older.clear()

    def has(self, char: str, font: Font) -> bool:
        """Whether the face can draw this character (or need not)."""
        if char.isspace() or not shown(char):
            return True
        missing = self._face(font).getmask("\U0010ffff")
        glyph = self._face(font).getmask(char)
        return glyph.size != missing.size or bytes(glyph) != bytes(missing)

    def _advance(self, char: str, font: Font) -> float:
        return float(self._face(font).getlength(char)) if shown(char) else 0.0

    def _draw(self, text: str, font: Font) -> Mask:
        edge = font.size // 4
        baseline = round(font.size * ASCENT)
        size = (round(self.width(text, font)) + 2 * edge, baseline + round(font.size * DESCENT))
        image = Image.new("L", size, 0)
        ImageDraw.Draw(image).text((edge, baseline), shown(text), 255, self._face(font), anchor="ls")
        return Mask(image, edge, baseline)

    def _face(self, font: Font) -> ImageFont.FreeTypeFont:
        """Each open face is a megabyte of tables, and opened again in half a millisecond: few are kept."""
        key = (FACES[font.language], font.bold, font.size)
        face = self._faces.pop(key, None) or self._open(*key)
        self._faces[key] = face
        if len(self._faces) > MOST_FACES:
            self._faces.pop(next(iter(self._faces)))
        return face

    def _open(self, index: int, bold: bool, size: int) -> ImageFont.FreeTypeFont:
        path = self._typeface.format(weight="Bold" if bold else "Regular")
        return ImageFont.truetype(path, size, index, layout_engine=ImageFont.Layout.BASIC)

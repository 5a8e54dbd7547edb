"""The 印影 of an invented seal: a round one with the name in it, the same for the same name on any day."""

import functools
import re
from io import BytesIO

from PIL import Image, ImageDraw, ImageFont

from daemon.center.documents.press import FONT
from daemon.center.glyphs import SELECTORS

SIZE = 236
"""Pixels across: 10 mm at 600 dpi."""
RIM = 9
ROOM = 0.86
"""Of the inner circle's square that the characters may fill."""


@functools.lru_cache(maxsize=4096)
def draw(text: str, cut: int = 0) -> bytes:
    """PNG, black on white. text: what is cut into it, from top to bottom, from four characters on in two
    columns. cut: which of several seals of one name.
    """
    big = Image.new("L", (SIZE * 2, SIZE * 2), 255)
    pen = ImageDraw.Draw(big)
    rim = (RIM + cut % 3) * 2
    pen.ellipse((2, 2, SIZE * 2 - 3, SIZE * 2 - 3), outline=0, width=rim)
    columns = _columns(re.sub(f"[{SELECTORS} ]", "", text))
    side = int((SIZE * 2 - 2 * rim) * 0.707 * ROOM * (1 + 0.06 * (cut % 4)))
    width, height = side // len(columns), side // max(len(column) for column in columns)
    for right, column in enumerate(columns):
        for down, char in enumerate(column):
            left = SIZE + side // 2 - (right + 1) * width
            _glyph(big, char, (left, SIZE - side // 2 + down * height, width, height))
    small = big.resize((SIZE, SIZE), Image.Resampling.LANCZOS).point(lambda level: 255 * (level > 127))
    out = BytesIO()
    small.convert("1").save(out, "PNG")
    return out.getvalue()


def _columns(text: str) -> list[str]:
    """From right to left."""
    if len(text) <= 3:
        return [text]
    half = (len(text) + 1) // 2
    return [text[:half], text[half:]]


def _glyph(image: Image.Image, char: str, box: tuple[int, int, int, int]) -> None:
    """Stretched over its box, as a seal's characters are."""
    left, top, width, height = box
    font = _font(max(width, height))
    x0, y0, x1, y1 = font.getbbox(char)
    ink = Image.new("L", (max(int(x1 - x0), 1), max(int(y1 - y0), 1)), 255)
    ImageDraw.Draw(ink).text((-x0, -y0), char, font=font, fill=0, stroke_width=2, stroke_fill=0)
    fitted = ink.resize((int(width * 0.92), int(height * 0.92)), Image.Resampling.BICUBIC)
    image.paste(fitted, (left + int(width * 0.04), top + int(height * 0.04)))


@functools.lru_cache(maxsize=32)
def _font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)

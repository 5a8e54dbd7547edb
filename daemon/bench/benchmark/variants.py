"""Whether kanji came out in the variant asked for: pixels of a page, held against the font's own shapes.

The font is drawn by FreeType and HarfBuzz in Pillow, which no engine under test uses for its page. A kanji is
right if of all shapes that the font has for it the one asked for is the most alike.
"""

from pathlib import Path

import pypdfium2
from PIL import Image, ImageChops, ImageDraw, ImageFont, ImageStat

SCALE = 600 / 72
"""Pixels a point: 600 dots an inch."""
SIDE = 96
SIZE = 300
SELECTORS = ("", *(chr(code) for code in range(0xE0100, 0xE0120)))


def right_ones(pdf: bytes, variants: tuple[str, ...], font: Path) -> int:
    """How many of these (a kanji with its selector) are drawn in their own shape where they first stand."""
    face = ImageFont.truetype(font, SIZE, layout_engine=ImageFont.Layout.RAQM)
    document = pypdfium2.PdfDocument(pdf)
    try:
        return sum(_is_right(document[0], variant, face) for variant in variants)
    finally:
        document.close()


def _is_right(page: pypdfium2.PdfPage, variant: str, face: ImageFont.FreeTypeFont) -> bool:
    drawn = _drawn(page, variant[0])
    if drawn is None:
        return False
    others = [_distance(drawn, _shape(variant[0] + selector, face)) for selector in SELECTORS]
    return _distance(drawn, _shape(variant, face)) <= min(others)


def _drawn(page: pypdfium2.PdfPage, kanji: str) -> Image.Image | None:
    """The ink of this kanji where it first stands on the page."""
    reader = page.get_textpage()
    every = range(reader.count_chars())
    at = next((index for index in every if reader.get_text_range(index, 1) == kanji), None)
    if at is None:
        return None
    left, bottom, right, top = (place * SCALE for place in reader.get_charbox(at))
    picture = page.render(scale=SCALE, grayscale=True).to_pil().convert("L")
    height = picture.height
    corners = (int(left) - 1, int(height - top) - 1, int(right) + 2, int(height - bottom) + 2)
    return _ink(ImageChops.invert(picture.crop(corners)))


def _shape(text: str, face: ImageFont.FreeTypeFont) -> Image.Image:
    picture = Image.new("L", (2 * SIZE, 2 * SIZE), 0)
    ImageDraw.Draw(picture).text((SIZE // 4, SIZE // 4), text, 255, face)
    return _ink(picture)


def _ink(picture: Image.Image) -> Image.Image:
    """What is drawn, without the white around it, at one size."""
    return picture.crop(picture.getbbox()).resize((SIDE, SIDE), Image.Resampling.LANCZOS)


def _distance(one: Image.Image, other: Image.Image) -> float:
    return ImageStat.Stat(ImageChops.difference(one, other)).mean[0]

"""Draws a receipt as a picture and encodes it for the printer: names come out right without a font ROM.

Rule: one dot of the picture is one dot on paper. python-escpos is the encoder only (its ``text`` sends
Japanese as GB18030, its transports block). It reads a list of all printers when it is imported, unless told
of another: ours has one printer, which saves 3 MB and 0.2 s.
"""

import os
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

os.environ.setdefault("ESCPOS_CAPABILITIES_FILE", str(Path(__file__).with_name("printers.json")))

from escpos.printer import Dummy
from PIL import Image, ImageDraw, ImageFont

from drivers.receipt.status import LONGEST_RASTER, RESET
from hal.contracts import Line

SIZES = {"normal": 24, "large": 40}
GAP = 16
MARGIN = 24
INK_THRESHOLD = 128


def render(lines: Sequence[Line], dots: int, font: str) -> Image.Image:
    """The receipt, ``dots`` wide, mode "1", black on white. Raises OSError: the font cannot be read."""
    rows = [row for line in lines for row in _rows(line, dots, _font(font, SIZES[line.size]))]
    picture = Image.new("L", (dots, sum(row.height for row in rows) + 2 * MARGIN), 255)
    top = MARGIN
    for row in rows:
        picture.paste(row, (0, top))
        top += row.height
    return picture.point(lambda level: 255 if level >= INK_THRESHOLD else 0, mode="1")


def encode(picture: Image.Image) -> list[bytes]:
    """The commands that print and cut it, in pieces that the printer takes one after the other."""
    printer = _encoder(picture.width)
    height = max(1, LONGEST_RASTER // (picture.width // 8))
    pieces = [RESET]
    for top in range(0, picture.height, height):
        printer.clear()
        printer.image(picture.crop((0, top, picture.width, min(top + height, picture.height))))
        pieces.append(bytes(printer.output))
    return [*pieces, cut(picture.width)]


def cut(dots: int) -> bytes:
    """Feeds to the cutter and cuts."""
    printer = _encoder(dots)
    printer.cut(feed=False)
    return bytes(printer.output)


def _encoder(dots: int) -> Dummy:
    printer = Dummy()
    # Told how wide the paper is, it does not print (to stdout) that it does not know.
    paper = {"media": {"width": {"pixels": str(dots)}}}
    printer.profile.profile_data = {**printer.profile.profile_data, **paper}
    return printer


@cache
def _font(path: str, size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(path, size)


def _rows(line: Line, dots: int, font: ImageFont.FreeTypeFont) -> Iterator[Image.Image]:
    """One picture a row. The right text stands on the last row, or on its own where it needs the room."""
    right = font.getlength(line.right)
    beside = dots - right - GAP if line.right else float(dots)
    if beside >= dots / 3:
        *above, last = wrap(line.left, beside, font)
        yield from (_row(text, "", dots, font) for text in above)
        yield _row(last, line.right, dots, font)
        return
    yield from (_row(text, "", dots, font) for text in wrap(line.left, dots, font))
    yield from (_row("", text, dots, font) for text in wrap(line.right, dots, font))


def _row(left: str, right: str, dots: int, font: ImageFont.FreeTypeFont) -> Image.Image:
    picture = Image.new("L", (dots, sum(font.getmetrics())), 255)
    draw = ImageDraw.Draw(picture)
    draw.text((0, 0), left, font=font, fill=0)
    draw.text((dots, 0), right, font=font, fill=0, anchor="ra")
    return picture


def wrap(text: str, width: float, font: ImageFont.FreeTypeFont) -> list[str]:
    """Rows that fit. Breaks anywhere, as Japanese does, but never before a variation selector or mark."""
    rows = [""]
    for cluster in _clusters(text):
        if rows[-1] and font.getlength(rows[-1] + cluster) > width:
            rows.append("")
        rows[-1] += cluster
    return rows


def _clusters(text: str) -> Iterator[str]:
    cluster = ""
    for character in text:
        if cluster and not _joins(character):
            yield cluster
            cluster = ""
        cluster += character
    if cluster:
        yield cluster


def _joins(character: str) -> bool:
    """Variation selectors (also ideographic ones) and combining marks."""
    code = ord(character)
    return 0xFE00 <= code <= 0xFE0F or 0xE0100 <= code <= 0xE01EF or code in (0x3099, 0x309A)

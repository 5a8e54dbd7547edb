"""A chart of dots, to find those that suit a printer: how many small ones it needs, and which it can print.

Every patch is a letter of big dots on a ground of small ones. On paper the right one is even grey, and on a
copy its letter stands out. Which it is depends on how much a printer lets small dots grow, or swallows them.
"""

import io
from dataclasses import dataclass
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw, ImageFont

from daemon.center.paper.back import Typesetter
from daemon.center.paper.overlay import Placed, Stencil, lay_under
from daemon.center.paper.pattern import CELL, DPI, WORD, Dots, mask

TEMPLATE = "calibrate"
SIDE, TALL = 28, 26
"""Cells: of a patch, of the letter in it."""
LEFT, TOP, ACROSS, DOWN = 20.0, 82.0, 34.0, 46.0
"""Millimetres: where the first patch stands, and how far it is to the next."""
ROWS = (
    tuple(Dots(4, 2, 2, count) for count in (6, 7, 8, 9, 10)),
    tuple(Dots(5, 1, 2, count) for count in (5, 6, 7)),
    tuple(Dots(6, 1, 2, count) for count in (7, 8, 9, 10, 11)),
    tuple(Dots(6, 1, 3, count) for count in (3, 4, 5)),
)


@dataclass(frozen=True)
class Patch:
    """name: A1. left, top: pixels."""

    name: str
    dots: Dots
    left: int
    top: int


def patches() -> tuple[Patch, ...]:
    return tuple(
        Patch(
            f"{'ABCDEFGH'[row]}{column + 1}",
            dots,
            round((LEFT + column * ACROSS) * DPI / 25.4),
            round((TOP + row * DOWN) * DPI / 25.4),
        )
        for row, line in enumerate(ROWS)
        for column, dots in enumerate(line)
    )


def chart(typesetter: Typesetter, font: Path) -> bytes:
    """One page, PDF. Raises OSError: the font cannot be read."""
    listed = [
        {"name": one.name, "dots": str(one.dots), "left": one.left, "top": one.top} for one in patches()
    ]
    page = typesetter.set_pages(TEMPLATE, {"patches": listed, "side": SIDE * CELL, "usual": str(Dots())})
    with pikepdf.open(io.BytesIO(page)) as pdf:
        letter = _letter(font)
        drawn = [(one, Stencil.of(mask(one.dots, letter, (SIDE * CELL, SIDE * CELL)))) for one in patches()]
        placed = [Placed(stencil.into(pdf), one.left, one.top) for one, stencil in drawn]
        lay_under(pdf, pdf.pages[0], placed)
        out = io.BytesIO()
        pdf.save(out)
    return out.getvalue()


def _letter(font: Path) -> Image.Image:
    """One letter of the word in the middle of a patch, a pixel a cell."""
    picture = Image.new("L", (SIDE, SIDE), 0)
    type_face = ImageFont.truetype(font, TALL)
    ImageDraw.Draw(picture).text((SIDE / 2, SIDE / 2), WORD[1], 255, type_face, anchor="mm")
    return picture.point(lambda level: 255 if level > 70 else 0, "1")

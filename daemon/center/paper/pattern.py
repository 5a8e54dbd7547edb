"""The anti-copy pattern (けん制文字) as a mask of dots: even grey on the original, 複写 on a copy (R38).

Big dots make the letters, small ones the ground, both with the same ink. A copier cannot see the small ones:
they vanish and the letters stay. A cell is one or the other as a whole, since a dot cut in two would draw an
outline. The mask has one bit a printer's pixel (600 dpi), and no other raster may come between.
"""

from functools import cache
from itertools import product
from math import hypot
from pathlib import Path

import msgspec
from PIL import Image, ImageDraw, ImageFont

DPI = 600
PAGE = (4960, 7016)
"""A4 in pixels: of a page of 595.2 × 841.92 pt, whose raster every printer finds again."""
CELL = 24
"""Pixels: 1.016 mm."""
WORD = "複写"
TALL = 44
"""Cells: how high a letter is."""
SLANT = 28.0
"""Degrees: so that no line of the certificate runs along a row of letters."""
INK, BARE = 0, 255
LARGEST_DIFFERENCE = 0.25
NEAR_ENOUGH = 0.85


class Dots(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """big, small: their sides in pixels; bigs, smalls: how many of them a cell has.

    Which ones suit a printer is read off its chart (``madoguchi paper calibrate``): a printer that swallows
    small dots needs more of them. Raises ValueError.
    """

    big: int = 4
    bigs: int = 2
    small: int = 2
    smalls: int = 8

    def __post_init__(self) -> None:
        if not 1 <= self.small < self.big:
            raise ValueError("dots: small dots are 1 pixel or more, big ones bigger")
        for size, count in ((self.big, self.bigs), (self.small, self.smalls)):
            if count < 1 or size * count > CELL:
                raise ValueError(f"dots: {count} dots of {size} pixels do not fit into a cell of {CELL}")
        big, small = self.ink
        if abs(big - small) > LARGEST_DIFFERENCE * big:
            raise ValueError(f"dots: {big} and {small} pixels of ink a cell; so different, they show at once")

    @property
    def ink(self) -> tuple[int, int]:
        """Black pixels of a cell: of the letters, of the ground."""
        return self.big**2 * self.bigs, self.small**2 * self.smalls

    def __str__(self) -> str:
        """As the settings have it."""
        return f"{{ big = {self.big}, bigs = {self.bigs}, small = {self.small}, smalls = {self.smalls} }}"


DEFAULT_DOTS = Dots()


def mask(dots: Dots, letters: Image.Image, size: tuple[int, int] = PAGE) -> Image.Image:
    """One bit a pixel, 0 is ink. letters: mode 1, a pixel a cell: not 0 where big dots are."""
    shape = letters.resize((letters.width * CELL, letters.height * CELL), Image.Resampling.NEAREST)
    ground = _tiled(_cell(dots.small, dots.smalls), size)
    ground.paste(_tiled(_cell(dots.big, dots.bigs), size), (0, 0), shape.crop((0, 0, *size)))
    return ground


def cells(size: tuple[int, int]) -> tuple[int, int]:
    """How many cells cover so many pixels."""
    width, height = size
    return -(-width // CELL), -(-height // CELL)


def letters(font: Path, size: tuple[int, int] = PAGE, word: str = WORD) -> Image.Image:
    """The word over the whole page, rows set off against each other; one pixel a cell. Raises OSError."""
    type_face = ImageFont.truetype(font, TALL)
    across, down = cells(size)
    side = 2 * max(across, down)
    sheet = Image.new("L", (side, side), 0)
    draw = ImageDraw.Draw(sheet)
    step_x, step_y = TALL * (len(word) + 1), TALL * 3 // 2
    for row, column in product(range(side // step_y + 1), range(-1, side // step_x + 1)):
        place = (column * step_x + row % 2 * step_x // 2, row * step_y)
        draw.text(place, word, 255, type_face, stroke_width=1)
    turned = sheet.rotate(SLANT, Image.Resampling.BICUBIC)
    left, top = (side - across) // 2, (side - down) // 2
    cut = turned.crop((left, top, left + across, top + down))
    return cut.point(lambda level: 255 if level > 110 else 0, "1")


def _tiled(tile: Image.Image, size: tuple[int, int]) -> Image.Image:
    """The tile from the upper left over all of this size, doubled until it covers it."""
    whole = Image.new("1", size, BARE)
    whole.paste(tile, (0, 0))
    width, height = tile.size
    while width < size[0]:
        whole.paste(whole.crop((0, 0, min(width, size[0] - width), height)), (width, 0))
        width *= 2
    while height < size[1]:
        whole.paste(whole.crop((0, 0, size[0], min(height, size[1] - height))), (0, height))
        height *= 2
    return whole


@cache
def _cell(side: int, count: int) -> Image.Image:
    """A cell with so many dots of this side, as far from each other as a lattice allows."""
    tile = Image.new("1", (CELL, CELL), BARE)
    dot = Image.new("1", (side, side), INK)
    for x, y in _places(side, count):
        tile.paste(dot, (x, y))
    return tile


def _places(side: int, count: int) -> list[tuple[int, int]]:
    """Upper left corners, row by row; each row begins a little further than the one above."""
    rows, shift = _lattice(count)
    spacing, height = CELL * rows / count, CELL / rows

    def place(row: int, k: int) -> tuple[int, int]:
        x = (k + 0.5 + row * shift / rows) * spacing % CELL
        return min(int(x - side / 2) % CELL, CELL - side), int((row + 0.5) * height - side / 2)

    return [place(row, k) for row in range(rows) for k in range(count // rows)]


def _lattice(count: int) -> tuple[int, int]:
    """(rows, shift): over all rows the first dot moves on by ``shift`` spacings.

    Of those whose nearest dots are nearly as far apart as can be, the one with the fewest rows: what repeats
    takes less room in the document.
    """
    found = [(rows, shift) for rows in range(1, count + 1) if count % rows == 0 for shift in range(rows)]
    furthest = max(_nearest(count, *one) for one in found)
    return next(one for one in found if _nearest(count, *one) >= NEAR_ENOUGH * furthest)


def _nearest(count: int, rows: int, shift: int) -> float:
    """How far apart the nearest two dots are, over the edges of the cell too."""
    spacing, height = CELL * rows / count, CELL / rows
    steps = [(k * spacing + row * shift / rows * spacing, row * height) for row, k in _others(count, rows)]
    return min((hypot(_around(x), _around(y)) for x, y in steps), default=CELL)


def _others(count: int, rows: int) -> list[tuple[int, int]]:
    return [(row, k) for row in range(rows) for k in range(count // rows) if row or k]


def _around(way: float) -> float:
    way %= CELL
    return min(way, CELL - way)

"""R38: the mask of dots, and that a printer's raster gets it bit by bit."""

import subprocess
from collections.abc import Iterator
from contextlib import suppress
from io import BytesIO
from itertools import product
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from daemon.center.documents.press import FONT
from daemon.center.paper.overlay import Placed, Stencil, WrongPage, lay_under
from daemon.center.paper.pattern import CELL, PAGE, Dots, cells, letters, mask


def ink(picture: Image.Image) -> int:
    return picture.histogram()[0]


def filled(size: tuple[int, int], letter: int) -> Image.Image:
    return Image.new("1", size, letter)


def poppler(pdf: bytes, tmp_path: Path) -> Image.Image:
    """The first page as a printer's raster."""
    command = ["pdftoppm", "-mono", "-r", "600", "-f", "1", "-l", "1", "-", str(tmp_path / "page")]
    subprocess.run(command, input=pdf, check=True)
    (page,) = tmp_path.glob("page*.pbm")
    return Image.open(page)


def blank(size: tuple[float, float] = (595.2, 841.92)) -> pikepdf.Pdf:
    pdf = pikepdf.new()
    pdf.add_blank_page(page_size=size)
    return pdf


def saved(pdf: pikepdf.Pdf) -> bytes:
    out = BytesIO()
    pdf.save(out)
    return out.getvalue()


def every_dots() -> Iterator[Dots]:
    """All that can be set."""
    for sizes in product(range(2, 9), range(1, 13), range(1, 8), range(1, 25)):
        with suppress(ValueError):
            yield Dots(*sizes)


@settings(max_examples=60)
@given(st.sampled_from(list(every_dots())))
def test_every_dot_is_whole_and_inside_its_cell(dots: Dots) -> None:
    for letter, expected in ((1, dots.ink[0]), (0, dots.ink[1])):
        one = mask(dots, filled((1, 1), letter), (CELL, CELL))
        assert ink(one) == expected
        assert ink(mask(dots, filled((3, 2), letter), (3 * CELL, 2 * CELL))) == 6 * expected


def test_letters_and_ground_have_the_same_ink() -> None:
    assert Dots().ink == (32, 32)
    assert {ink(mask(Dots(), filled((1, 1), letter), (CELL, CELL))) for letter in (0, 1)} == {32}


def test_a_cell_is_letter_or_ground_as_a_whole() -> None:
    shape = filled((3, 3), 0)
    shape.putpixel((1, 1), 1)
    whole = mask(Dots(), shape, (3 * CELL, 3 * CELL))
    ground = mask(Dots(), filled((3, 3), 0), whole.size)
    box = ImageChops.difference(whole.convert("L"), ground.convert("L")).getbbox()
    assert box is not None
    assert (min(box) >= CELL, max(box) <= 2 * CELL) == (True, True)


@pytest.mark.parametrize(
    ("dots", "says"),
    [
        ((2, 2, 2, 8), "small dots are 1 pixel or more"),
        ((4, 2, 0, 8), "small dots are 1 pixel or more"),
        ((4, 0, 2, 8), "do not fit"),
        ((4, 2, 2, 13), "do not fit"),
        ((4, 2, 2, 3), "they show at once"),
    ],
)
def test_dots_that_cannot_work_are_refused(dots: tuple[int, int, int, int], says: str) -> None:
    with pytest.raises(ValueError, match=says):
        Dots(*dots)


def test_the_word_is_all_over_the_page() -> None:
    made = letters(FONT)
    assert made.size == cells(PAGE)
    for k in range(6):
        strip = made.crop((0, k * made.height // 6, made.width, (k + 1) * made.height // 6))
        assert 0.05 < 1 - ink(strip) / (strip.width * strip.height) < 0.5


def test_r38_the_pattern_comes_out_of_poppler_bit_by_bit(tmp_path: Path) -> None:
    wanted = mask(Dots(), letters(FONT))
    with blank() as pdf:
        lay_under(pdf, pdf.pages[0], [Placed(Stencil.of(wanted).into(pdf))])
        drawn = poppler(saved(pdf), tmp_path)
    assert drawn.size == PAGE == (4960, 7016)
    assert drawn.tobytes() == wanted.tobytes()


def test_a_stencil_stands_on_its_pixels_and_is_white_around(tmp_path: Path) -> None:
    with blank() as pdf:
        black = Placed(Stencil.of(Image.new("1", PAGE, 0)).into(pdf))
        code = Placed(Stencil.of(Image.new("1", (10, 10), 0)).into(pdf), 1007, 2003, scale=12, alone=48)
        lay_under(pdf, pdf.pages[0], [black, code])
        drawn = poppler(saved(pdf), tmp_path)
    expected = Image.new("1", PAGE, 0)
    expected.paste(255, (1007 - 48, 2003 - 48, 1007 + 168, 2003 + 168))
    expected.paste(0, (1007, 2003, 1127, 2123))
    assert drawn.tobytes() == expected.tobytes()


@pytest.mark.parametrize("size", [(595.276, 841.89), (612, 792), (595.2, 841.0)])
def test_a_page_of_another_size_is_refused(size: tuple[float, float]) -> None:
    with blank(size) as pdf, pytest.raises(WrongPage):
        lay_under(pdf, pdf.pages[0], [])

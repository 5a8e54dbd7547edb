"""R38: 複写 is not seen on the original and is on a copy, in a simulated printer and copier (copier.py)."""

import functools
from itertools import product

import numpy as np
import pytest
from PIL import Image, ImageOps

from daemon.center.paper.pattern import CELL, Dots, mask
from tests.center.paper.copier import FINE, Grey, contrast, copied, printed

SIDE, STRIPE = 24, 6
"""Cells: letters are every other stripe from top to bottom."""
EDGE = 1
COPIERS = tuple(product((600, 400, 300), (0.75, 0.82, 0.90)))
"""(resolution, white point)."""


def letters(message: bool = True) -> Image.Image:
    picture = Image.new("1", (SIDE, SIDE), 0)
    for left in range(0, SIDE, 2 * STRIPE) if message else ():
        picture.paste(1, (left, 0, left + STRIPE, SIDE))
    return picture


@functools.cache
def paper(message: bool = True) -> Grey:
    return printed(mask(Dots(), letters(message), (SIDE * CELL, SIDE * CELL)))


@functools.cache
def copy(dpi: int, white: float, message: bool = True) -> Grey:
    return copied(paper(message), dpi, white)


def difference(grey: Grey) -> float:
    """Ground against letters, both without their edges."""
    across = np.arange(grey.shape[1]) / (CELL * FINE)
    kept = (across % STRIPE >= EDGE) & (across % STRIPE < STRIPE - EDGE)
    return contrast(grey[:, kept], across[kept] // STRIPE % 2 == 0)


def likeness(grey: Grey) -> float:
    """How well the copy's cells, softened as an eye does, go with the letters: correlation, 1 is all."""
    cells = grey.reshape(SIDE, CELL * FINE, SIDE, CELL * FINE).mean(axis=(1, 3))
    wanted = np.asarray(ImageOps.invert(letters().convert("L")), dtype=np.float64)
    return float(np.corrcoef(cells.ravel(), wanted.ravel())[0, 1])


def test_r38_the_original_is_even() -> None:
    assert abs(difference(paper())) <= 0.003


@pytest.mark.parametrize(("dpi", "white"), COPIERS)
def test_r38_the_word_stands_out_on_a_copy(dpi: int, white: float) -> None:
    before, after = abs(difference(paper())), difference(copy(dpi, white))
    assert after >= 0.012
    assert after >= 10 * before
    assert likeness(copy(dpi, white)) >= 0.8


@pytest.mark.parametrize(("dpi", "white"), COPIERS)
def test_r38_without_a_message_a_copy_shows_none(dpi: int, white: float) -> None:
    assert abs(difference(copy(dpi, white, message=False))) <= 0.002


def test_a_printer_that_swallows_small_dots_shows_the_word_at_once_and_needs_others() -> None:
    """Why there is a chart: the very dots that suit one printer betray themselves on another."""
    size, coarse = (SIDE * CELL, SIDE * CELL), 28.0
    usual = difference(printed(mask(Dots(), letters(), size), coarse))
    more = difference(printed(mask(Dots(smalls=9), letters(), size), coarse))
    assert usual > 0.003
    assert abs(more) < usual

"""Variants of kanji on a page: a page of ours has them, one that draws the kanji alone does not."""

from dataclasses import replace

import pytest

from daemon.bench.benchmark.sheets.citizen import CITIZEN, LETTERHEAD, NAME, VARIANTS
from daemon.bench.benchmark.variants import right_ones
from daemon.center.documents.press import FONT, Press
from daemon.center.documents.residence import juminhyo
from daemon.center.settings import TEMPLATES


@pytest.fixture(scope="module")
def press() -> Press:
    return Press(TEMPLATES)


def sheet(press: Press, name: str) -> bytes:
    certificate = juminhyo(LETTERHEAD, (replace(CITIZEN, name=name),), (), "self")
    return press.draw(certificate, "1").pdf


def test_every_variant_of_the_dense_sheet_is_its_own_shape(press: Press) -> None:
    assert right_ones(sheet(press, NAME), VARIANTS, FONT) == len(VARIANTS)


def test_a_kanji_without_its_selector_is_another_shape(press: Press) -> None:
    plain = "".join(char for char in NAME if char < "\U000e0100")
    assert right_ones(sheet(press, plain), VARIANTS, FONT) == 0


def test_a_kanji_that_stands_nowhere_is_not_right(press: Press) -> None:
    assert right_ones(sheet(press, "山田 太郎"), VARIANTS, FONT) == 0

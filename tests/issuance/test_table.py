"""Columns stand under each other in a terminal, whatever is in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.issuance.table import GAP, table, width


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("abc", 3),
        ("住民票の写し", 12),
        ("ｱｲｳ", 3),
        ("ＡＢ", 4),
        ("戸籍全部(個人)事項証明書(戸籍謄抄本)", 36),
        ("葛\U000e0102飾", 4),
        ("か\u3099", 2),
        ("", 0),
    ],
)
def test_wide_signs_take_two_cells_and_combining_ones_none(text: str, cells: int) -> None:
    assert width(text) == cells


cell = st.text(st.sampled_from("a1 漢字ｶ・葛\U000e0102"), max_size=6).map(str.strip)


@given(st.lists(st.tuples(cell, cell, cell), min_size=1, max_size=5), st.booleans())
def test_every_column_begins_in_the_same_cell_of_each_line(
    rows: list[tuple[str, str, str]], right: bool
) -> None:
    widths = [max(width(row[at]) for row in rows) for at in range(3)]
    for row, line in zip(rows, table(rows, frozenset({1} if right else ())), strict=True):
        assert width(line) <= sum(widths) + 2 * len(GAP)
        space = " " * (widths[1] - width(row[1]))
        middle = space + row[1] if right else row[1] + space
        first = row[0] + " " * (widths[0] - width(row[0]))
        assert line == f"{first}{GAP}{middle}{GAP}{row[2]}".rstrip()

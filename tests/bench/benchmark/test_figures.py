"""What the benchmark tells: no timing is asserted here, only how figures are reckoned and written."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.bench.benchmark.figures import (
    Figure,
    Heading,
    in_markdown,
    in_terminal,
    median,
    padded,
    percentile,
)


def test_a_percentile_is_a_value_that_was_measured() -> None:
    values = [float(value) for value in range(100, 0, -1)]
    assert percentile(values, 0.50) == 50
    assert percentile(values, 0.99) == 99
    assert percentile(values, 1.0) == 100
    assert percentile([7.0], 0.99) == 7


def test_of_nothing_there_is_no_percentile() -> None:
    with pytest.raises(ValueError, match="no values"):
        percentile([], 0.5)


@given(st.lists(st.floats(0, 1e6), min_size=1, max_size=50), st.floats(0.01, 1.0))
def test_no_more_than_the_rest_lie_above_a_percentile(values: list[float], part: float) -> None:
    found = percentile(values, part)
    assert sum(value <= found for value in values) >= part * len(values) - 1e-9
    assert sum(value < found for value in values) < part * len(values) + 1e-9


def test_the_median_carries_its_spread_in_the_unit_that_is_told() -> None:
    figure = median("start", [0.3, 0.1, 0.2], "ms", 1000)
    assert (figure.value, figure.low, figure.high) == pytest.approx((200, 100, 300))
    assert median("once", [5.0], "MB").low is None


@pytest.mark.parametrize(("value", "word"), [(15.9, "ok"), (16.0, "ok"), (16.1, "over")])
def test_a_budget_is_told_beside_its_figure(value: float, word: str) -> None:
    figure = Figure("press", value, "ms", most=16)
    assert figure.verdict == f"{word} (at most 16 ms)"
    assert in_terminal(figure).endswith(figure.verdict)
    assert in_markdown(figure).endswith(f"| {figure.verdict} |")


def test_what_is_not_promised_has_no_verdict() -> None:
    assert in_terminal(Figure("size", 60.14, "KB")).endswith("60.1 KB")


def test_a_heading_opens_a_table_of_its_own() -> None:
    rows = "".join(
        f"{in_markdown(line)}\n" for line in (Heading("Face"), Figure("  p99", 1234.5, "ms", 1, 2000))
    )
    assert rows == "\n| Face | | |\n|---|---|---|\n| – p99 | 1,234 ms (1 to 2,000) |  |\n"


def test_values_stand_below_each_other_also_after_japanese() -> None:
    lines = [in_terminal(Figure(name, 12.0, "ms")) for name in ("touch", "確定 on screen 11", "")]
    assert len({_columns(line) for line in lines}) == 1


@given(st.text(st.sampled_from("a1 確定ー"), max_size=20))
def test_a_name_is_filled_up_to_its_columns(text: str) -> None:
    assert _columns(padded(text, 60)) == 60


def _columns(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in line)

"""How invented records are worded, reckoned and drawn."""

from datetime import date
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from daemon.center.made import matters, seal, taxes
from daemon.center.made.numbers import check_digit, no_mynumber
from daemon.center.made.taxes import Situation


@pytest.mark.parametrize(
    ("made", "title", "day"),
    [
        (date(2006, 3, 11), "戸籍編製", "平成18年3月11日"),
        (date(2019, 5, 1), "戸籍編製", "令和元年5月1日"),
        (date(2006, 3, 10), "戸籍改製", "平成18年3月11日"),
        (date(1968, 5, 10), "戸籍改製", "平成18年3月11日"),
    ],
)
def test_a_koseki_from_before_the_computer_says_when_it_was_written_anew(
    made: date, title: str, day: str
) -> None:
    found, lines = matters.founding(made)
    assert (found, lines[0][1]) == (title, day)


@pytest.mark.parametrize(
    ("made", "removed", "there"),
    [
        (date(1968, 5, 10), date(2000, 1, 1), False),
        (date(1968, 5, 10), date(2015, 8, 1), True),
        (date(2007, 3, 3), date(2020, 1, 5), True),
    ],
)
def test_who_left_before_it_was_written_anew_is_not_in_it_any_more(
    made: date, removed: date, there: bool
) -> None:
    assert matters.is_carried_over(made, removed) == there


@given(st.integers(0, 10**11 - 1))
def test_no_individual_number_has_the_right_check_digit(eleven: int) -> None:
    number = no_mynumber(eleven)
    assert len(number) == 12
    assert int(number[-1]) != check_digit(number[:11])


@given(
    st.builds(
        Situation,
        st.integers(0, 30_000_000),
        st.integers(0, 4_000_000),
        st.booleans(),
        st.integers(0, 4),
        st.integers(0, 4),
        st.booleans(),
    ),
    st.integers(2021, 2030),
)
def test_a_tax_adds_up_and_is_never_negative(situation: Situation, year: int) -> None:
    row = taxes.row(1, year, "162027", "富山県高岡市", situation)
    parts = [row["income_levy"], row["per_capita"], row["forest"]]
    assert row["annual"] == sum(int(str(part)) for part in parts)
    assert all(int(str(row[key])) >= 0 for key in ("total_income", "taxable", "income_levy", "paid"))
    assert int(str(row["paid"])) <= int(str(row["annual"]))
    assert situation.salary or situation.pension > 1_550_000 or row["annual"] == 0


def test_the_forest_tax_begins_with_2024_and_the_sum_stays_the_same() -> None:
    of = Situation(5_000_000)
    before, after = (taxes.row(1, year, "162027", "", of) for year in (2023, 2024))
    assert (before["per_capita"], before["forest"]) == (5000, 0)
    assert (after["per_capita"], after["forest"]) == (4000, 1000)
    assert before["annual"] == after["annual"]


@settings(max_examples=15, deadline=None)
@given(
    st.sampled_from(["林", "山田", "佐々木", "勅使河原", "渡邉\U000e010f", "フェルナンデス", "SMITH"]),
    st.integers(0, 9),
)
def test_a_seal_is_a_black_ring_with_something_in_it(text: str, cut: int) -> None:
    picture = Image.open(BytesIO(seal.draw(text, cut))).convert("L")
    assert picture.size == (seal.SIZE, seal.SIZE)
    middle = seal.SIZE // 2
    assert picture.getpixel((0, 0)) == 255
    assert picture.getpixel((seal.RIM // 2 + 1, middle)) == 0
    inner = picture.crop((middle - 60, middle - 60, middle + 60, middle + 60))
    assert 0.05 < inner.histogram()[0] / 120**2 < 0.7


def test_the_same_name_has_the_same_seal_and_another_cut_another_one() -> None:
    assert seal.draw("山田", 1) == seal.draw("山田", 1) != seal.draw("山田", 2)

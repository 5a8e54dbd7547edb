"""Eras, ages, expiry and whole hours, by the worked examples of tests/data/dates.json."""

import json
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.issuance.calendar import (
    DAYS_TO_CONTINUE_CARD,
    DAYS_TO_FILE_AFTER_MOVE,
    DAYS_TO_FILE_AFTER_PLANNED_MOVE,
    TOKYO,
    certificate_good_through,
    has_reached,
    last_good_day,
    round_up_to_hour,
    wareki,
)

DATES = json.loads((Path(__file__).parents[1] / "data" / "dates.json").read_text("utf-8"))
DAY = timedelta(days=1)


def day(text: str) -> date:
    return date.fromisoformat(text)


@pytest.mark.parametrize(("iso", "words"), DATES["wareki"])
def test_a_day_in_era_years(iso: str, words: str) -> None:
    assert wareki(day(iso)) == words


@pytest.mark.parametrize(
    ("iso", "words"),
    [
        ("1873-01-01", "明治6年1月1日"),
        ("1912-07-30", "大正元年7月30日"),
        ("1926-12-25", "昭和元年12月25日"),
        ("1989-01-08", "平成元年1月8日"),
        ("2019-05-01", "令和元年5月1日"),
        ("2020-01-01", "令和2年1月1日"),
    ],
)
def test_the_first_day_of_an_era_is_of_its_first_year(iso: str, words: str) -> None:
    assert wareki(day(iso)) == words


def test_before_the_solar_calendar_there_is_no_answer() -> None:
    with pytest.raises(ValueError, match="1873"):
        wareki(date(1872, 12, 31))


@pytest.mark.parametrize("case", DATES["age15"])
def test_fifteen_is_reached_on_the_birthday(case: dict[str, str]) -> None:
    assert not has_reached(15, day(case["born"]), day(case["refused_last_day"]))
    assert has_reached(15, day(case["born"]), day(case["accepted_from"]))


@given(st.dates(date(1900, 1, 1), date(2030, 1, 1)), st.integers(1, 110))
def test_an_age_is_reached_on_exactly_one_day(born: date, age: int) -> None:
    reached = [n for n in range(-3, 4) if has_reached(age, born, date(born.year + age, 3, 1) + n * DAY)]
    assert reached == sorted(reached)
    assert not has_reached(age, born, date(born.year + age - 1, 12, 31))
    assert has_reached(age, born, date(born.year + age, 12, 31))


@pytest.mark.parametrize("case", DATES["expiry"])
def test_a_certificate_is_good_through_the_fifth_birthday(case: dict[str, str]) -> None:
    until = day(case["card_valid_to"]) if case["card_valid_to"] else None
    good = certificate_good_through(day(case["issued"]), day(case["born"]), int(case["nth"]), until)
    assert good == day(case["valid_through_inclusive"])
    assert good + DAY == day(case["E1_from"])


@given(st.dates(date(1930, 1, 1), date(2020, 1, 1)), st.dates(date(2020, 1, 2), date(2040, 1, 1)))
def test_issued_on_a_birthday_that_one_does_not_count(born: date, issued: date) -> None:
    good = certificate_good_through(issued, born, 5, None)
    assert 4 * 365 < (good - issued).days <= 5 * 366
    if (issued.month, issued.day) == (born.month, born.day) != (2, 29):
        assert good == certificate_good_through(issued + DAY, born, 5, None)


@pytest.mark.parametrize(
    ("case", "days"),
    list(
        zip(
            DATES["lapse"],
            (DAYS_TO_FILE_AFTER_PLANNED_MOVE, DAYS_TO_FILE_AFTER_MOVE, DAYS_TO_CONTINUE_CARD),
            strict=True,
        )
    ),
)
def test_a_period_ends_with_its_last_good_day(case: dict[str, str], days: int) -> None:
    assert days == int(case["days"])
    assert last_good_day(day(case["base"]), days) == day(case["last_good_day"])
    assert last_good_day(day(case["base"]), days) + DAY == day(case["lapsed_from"])


@pytest.mark.parametrize(
    ("at", "hour"),
    [
        ("2026-04-01T23:30:00+09:00", "2026-04-02T00:00:00+09:00"),
        ("2026-04-01T05:00:00+09:00", "2026-04-01T05:00:00+09:00"),
        ("2026-04-01T05:00:01+09:00", "2026-04-01T06:00:00+09:00"),
        ("2026-12-31T23:59:59+09:00", "2027-01-01T00:00:00+09:00"),
    ],
)
def test_the_end_of_a_maintenance_is_rounded_up_to_the_hour(at: str, hour: str) -> None:
    rounded = round_up_to_hour(datetime.fromisoformat(at).astimezone(TOKYO))
    assert rounded == datetime.fromisoformat(hour)

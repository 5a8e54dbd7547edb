"""Hours, closed days and maintenance as values: weekdays by the Cabinet Office's list of holidays."""

from datetime import date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.issuance.calendar import TOKYO
from daemon.issuance.hours import ClosedDays, Hours, Maintenance, is_weekday

HOLIDAYS = {
    2019: "01-01 01-14 02-11 03-21 04-29 04-30 05-01 05-02 05-03 05-04 05-05 05-06 07-15 08-11 08-12 09-16 "
    "09-23 10-14 10-22 11-03 11-04 11-23",
    2020: "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-23 07-24 08-10 09-21 09-22 "
    "11-03 11-23",
    2021: "01-01 01-11 02-11 02-23 03-20 04-29 05-03 05-04 05-05 07-22 07-23 08-08 08-09 09-20 09-23 11-03 "
    "11-23",
    2025: "01-01 01-13 02-11 02-23 02-24 03-20 04-29 05-03 05-04 05-05 05-06 07-21 08-11 09-15 09-23 10-13 "
    "11-03 11-23 11-24",
    2026: "01-01 01-12 02-11 02-23 03-20 04-29 05-03 05-04 05-05 05-06 07-20 08-11 09-21 09-22 09-23 10-12 "
    "11-03 11-23",
}
"""As 内閣府 published them: with the accession of 2019, the Olympic years, 振替休日 and 国民の休日."""

days = st.dates(date(2000, 1, 1), date(2060, 12, 31))
month_days = days.map(lambda day: f"{day:%m-%d}")


@pytest.mark.parametrize("year", HOLIDAYS)
def test_weekdays_are_monday_to_friday_without_the_published_holidays(year: int) -> None:
    first = date(year, 1, 1)
    everyday = [first + timedelta(days=at) for at in range(365 + (year % 4 == 0))]
    holidays = {date.fromisoformat(f"{year}-{day}") for day in HOLIDAYS[year].split()}
    weekdays = [day for day in everyday if day.isoweekday() <= 5 and day not in holidays]
    assert [day for day in everyday if is_weekday(day)] == weekdays


@given(month_days, month_days, days)
def test_a_yearly_range_includes_what_a_calendar_walk_from_first_to_last_meets(
    first: str, last: str, day: date
) -> None:
    """Also across new year, and in leap years: walk from the last day that reads ``first`` on or before."""
    met = False
    for back in range(366):
        then = day - timedelta(days=back)
        if f"{then:%m-%d}" == last and back:
            break
        if f"{then:%m-%d}" == first:
            met = True
            break
    if "02-29" not in (first, last):  # a walk through a common year would miss it
        assert ClosedDays(first, last).includes(day) == met


def test_a_range_that_ends_on_the_leap_day_ends_with_february_in_common_years() -> None:
    closed = ClosedDays("02-25", "02-29")
    assert closed.includes(date(2027, 2, 28))
    assert not closed.includes(date(2027, 3, 1))


times = st.times().map(lambda at: at.replace(fold=0))


@given(times, times, times, times, times)
def test_the_intersection_of_hours_is_open_when_both_are(
    a: time, b: time, c: time, d: time, at: time
) -> None:
    one, other = Hours(a, b), Hours(c, d)
    assert one.within(other).includes(at) == (one.includes(at) and other.includes(at))
    assert one.within(other) == other.within(one)


@given(days)
def test_weekdays_of_either_side_are_weekdays_of_the_intersection(day: date) -> None:
    always, weekdays = Hours(time(6, 30), time(23)), Hours(time(9), time(17), "weekdays")
    assert always.within(weekdays).on(day) == weekdays.on(day) == is_weekday(day)
    assert always.on(day)


@given(st.datetimes(datetime(2026, 4, 1), datetime(2026, 4, 3)))
def test_maintenance_is_half_open_and_in_the_time_of_japan(now: datetime) -> None:
    begin, end = datetime(2026, 4, 1, 22), datetime(2026, 4, 2, 5)
    assert Maintenance(begin, end).includes(None, now.replace(tzinfo=TOKYO)) == (begin <= now < end)
    in_utc = Maintenance(
        datetime.fromisoformat("2026-04-01T13:00:00+00:00"), datetime.fromisoformat("2026-04-01T20:00:00Z")
    )
    assert in_utc.includes("koseki", now.replace(tzinfo=TOKYO)) == (begin <= now < end)

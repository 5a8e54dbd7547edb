"""What kind of kiosk the bench builds."""

from datetime import datetime, time, timedelta

import pytest

from daemon.bench.setup import Setup, open_hour, parse_clock, parse_moment
from daemon.clock import TOKYO


def tokyo(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=TOKYO)  # type: ignore[misc, arg-type]


def test_the_kiosk_starts_at_ten_of_today() -> None:
    assert open_hour(tokyo(2026, 4, 1, 23, 59)) == tokyo(2026, 4, 1, 10)


@pytest.mark.parametrize(
    "day", [tokyo(2026, 12, 29), tokyo(2026, 12, 31), tokyo(2027, 1, 1), tokyo(2027, 1, 3)]
)
def test_over_new_year_it_starts_on_the_last_day_that_is_open(day: datetime) -> None:
    assert open_hour(day) == tokyo(2026, 12, 28, 10)


def test_the_clock_is_shifted_to_the_moment() -> None:
    now = tokyo(2026, 4, 1, 12)
    assert Setup(moment=tokyo(2028, 2, 29, 10)).offset(now) == timedelta(days=699, hours=-2).total_seconds()
    assert Setup().offset(now) == -7200


def test_devices_take_less_time_or_none() -> None:
    assert Setup(speed=2).seconds(0.6) == pytest.approx(0.3)
    assert Setup(speed=0).seconds(0.6) == 0


def test_a_moment_is_read_in_the_kiosks_time_zone() -> None:
    assert parse_moment("2028-02-29 10:00") == tokyo(2028, 2, 29, 10)


@pytest.mark.parametrize("text", ["", "tomorrow", "2027-02-29 10:00", "2028-02-29"])
def test_what_is_no_moment_is_told_by_example(text: str) -> None:
    with pytest.raises(ValueError, match="2028-02-29 10:00 is meant"):
        parse_moment(text)


def test_a_moment_may_have_seconds() -> None:
    assert parse_moment("2028-02-29 22:59:40") == tokyo(2028, 2, 29, 22, 59, 40)


@pytest.mark.parametrize(("text", "clock"), [("23:00", time(23)), ("06:29:59", time(6, 29, 59))])
def test_a_time_of_day_is_read(text: str, clock: time) -> None:
    assert parse_clock(text) == clock


@pytest.mark.parametrize("text", ["", "24:00", "soon", "2028-02-29 10:00"])
def test_what_is_no_time_is_told_by_example(text: str) -> None:
    with pytest.raises(ValueError, match="a time like 23:00 is meant"):
        parse_clock(text)


@pytest.mark.parametrize(
    "wrong", [{"speed": -1.0}, {"speed": float("nan")}, {"idle": 0.0}, {"attendant": float("inf")}]
)
def test_what_no_kiosk_can_be_is_refused(wrong: dict[str, float]) -> None:
    (name,) = wrong
    with pytest.raises(ValueError, match=f"^{name} = "):
        Setup(**wrong)  # type: ignore[arg-type]


def test_a_moment_that_no_kiosks_clock_can_reach_is_refused() -> None:
    with pytest.raises(ValueError, match="2090-02-28 10:00: a moment within ten years"):
        Setup(moment=tokyo(2090, 2, 28, 10)).offset(tokyo(2026, 4, 1))

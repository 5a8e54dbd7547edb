"""Dates as the municipality counts them: eras, ages, lapse of a card, whole hours. Pure; REQUIREMENTS §2, §7.

Every function takes the day it is asked about; nothing here knows what day it is.
"""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")

ERAS = (
    (date(2019, 5, 1), "令和", 2018),
    (date(1989, 1, 8), "平成", 1988),
    (date(1926, 12, 25), "昭和", 1925),
    (date(1912, 7, 30), "大正", 1911),
    (date(1873, 1, 1), "明治", 1867),
)
"""(first day, name, what to take from the year), newest first. 1873: the first year of the solar calendar."""

DAYS_TO_FILE_AFTER_PLANNED_MOVE = 30  # R12, from 転出予定日
DAYS_TO_FILE_AFTER_MOVE = 14  # R13, from 実際に住み始めた日
DAYS_TO_CONTINUE_CARD = 90  # R14, from 転入届をした日


def day_of(option: str, text: str) -> date:
    """The day that a person gave on the command line. Raises ValueError, which names the option."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{option} {text}: a day like 2026-04-01 is meant") from None


def wareki(day: date) -> str:
    """令和7年11月22日; the first year of an era is 元年. Raises ValueError before 1873."""
    for first, name, offset in ERAS:
        if day >= first:
            year = day.year - offset
            return f"{name}{'元' if year == 1 else year}年{day.month}月{day.day}日"
    raise ValueError("no era date before 1873, when the solar calendar began")


def birthday(born: date, year: int) -> date:
    """The day in ``year`` on which somebody is a year older: 3/1 in common years for one born on 2/29."""
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 3, 1)


def has_reached(age: int, born: date, on: date) -> bool:
    """Whether the person is at least ``age`` on that day: reached on the birthday, not on its eve (§7)."""
    return on >= birthday(born, born.year + age)


def last_good_day(base: date, days: int) -> date:
    """A period of R12 to R14: good on base + days, lapsed from the day after."""
    return base + timedelta(days=days)


def certificate_good_through(issued: date, born: date, nth: int, card_until: date | None) -> date:
    """Last day of a certificate: the nth birthday after its issue, or the card's own end (R7, §7).

    For making sample cards only: a real certificate's NotAfter decides. A leap-day holder's is 2/28 in
    common years.
    """
    first = issued.year + (issued >= _birthday_on_certificate(born, issued.year))
    nth_birthday = _birthday_on_certificate(born, first + nth - 1)
    return min(nth_birthday, card_until) if card_until else nth_birthday


def _birthday_on_certificate(born: date, year: int) -> date:
    try:
        return born.replace(year=year)
    except ValueError:
        return date(year, 2, 28)


def round_up_to_hour(at: datetime) -> datetime:
    """The next whole hour, or ``at`` itself if it is one: 23:30 becomes the next day's 0時 (E4)."""
    whole = at.replace(minute=0, second=0, microsecond=0)
    return whole if whole == at else whole + timedelta(hours=1)


def local(at: datetime) -> datetime:
    """The same time with its zone: a time without one is meant in Asia/Tokyo."""
    return at.replace(tzinfo=TOKYO) if at.tzinfo is None else at.astimezone(TOKYO)

"""Times of service as values: daily hours and yearly closed days. All in Asia/Tokyo.

Hours are half-open: [06:30, 23:00) is open at 06:30 and closed at 23:00 (R34). On weekdays means Monday to
Friday without public holidays, substitute ones (振替休日) and those in between (国民の休日) included.
"""

from collections.abc import Iterator
from datetime import date, time
from typing import Annotated, Literal

import jpholiday
from msgspec import Meta, Struct

from daemon.issuance.faulty import Complaint
from daemon.issuance.maintenance import Maintenance

__all__ = ["ClosedDays", "Hours", "Maintenance", "MonthDay", "is_day", "is_weekday"]

SATURDAY = 5

MonthDay = Annotated[
    str,
    Meta(
        pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$",
        description='A day of every year: "12-29".',
        examples=["12-29"],
    ),
]


def is_weekday(day: date) -> bool:
    """Monday to Friday, and no public holiday."""
    return day.weekday() < SATURDAY and not jpholiday.is_holiday(day)


class Hours(Struct, frozen=True, forbid_unknown_fields=True):
    """From open up to, not including, close. days = "weekdays": not on weekends and public holidays."""

    open: time
    close: time
    days: Literal["all", "weekdays"] = "all"

    def includes(self, at: time) -> bool:
        return self.open <= at < self.close

    def on(self, day: date) -> bool:
        """Whether there are hours on that day at all."""
        return self.days == "all" or is_weekday(day)

    def within(self, other: "Hours") -> "Hours":
        """The intersection; never open if there is none."""
        days: Literal["all", "weekdays"] = "weekdays" if "weekdays" in (self.days, other.days) else "all"
        return Hours(max(self.open, other.open), min(self.close, other.close), days)

    def complaints(self) -> Iterator[Complaint]:
        if not self.open < self.close:
            yield Complaint(("close",), f"{self.close:%H:%M} is not after open, {self.open:%H:%M}")
        for key, hour in (("open", self.open), ("close", self.close)):
            if hour.tzinfo is not None:
                yield Complaint((key,), "no time zone belongs here; all times are Japan's")


class ClosedDays(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """Closed every year from this day to that one, both included; "12-29" to "01-03" goes across new year."""

    first: MonthDay
    last: MonthDay

    def includes(self, day: date) -> bool:
        here = f"{day.month:02}-{day.day:02}"
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last

    def complaints(self) -> Iterator[Complaint]:
        for key, day in (("from", self.first), ("to", self.last)):
            if not is_day(day):
                yield Complaint((key,), f'there is no {day}; write month and day, like "12-29"')


def is_day(month_day: str) -> bool:
    """2024 was a leap year: 02-29 is a day."""
    try:
        date.fromisoformat(f"2024-{month_day}")
    except ValueError:
        return False
    return True

"""Times of service as values: daily hours, yearly closed days, maintenance. All in Asia/Tokyo.

Hours are half-open: [06:30, 23:00) is open at 06:30 and closed at 23:00 (R34).
"""

from datetime import date, datetime, time
from typing import Annotated

from msgspec import Meta, Struct

from daemon.issuance.calendar import TOKYO
from daemon.issuance.messages import Kind

MonthDay = Annotated[str, Meta(pattern=r"^(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])$")]


class Hours(Struct, frozen=True, forbid_unknown_fields=True):
    """From open up to, not including, close."""

    open: time
    close: time

    def includes(self, at: time) -> bool:
        return self.open <= at < self.close

    def within(self, other: "Hours") -> "Hours":
        """The intersection; never open if there is none."""
        return Hours(max(self.open, other.open), min(self.close, other.close))


class ClosedDays(Struct, frozen=True, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """A yearly range of days, both ends included; "12-29" to "01-03" goes across new year."""

    first: MonthDay
    last: MonthDay

    def includes(self, day: date) -> bool:
        here = f"{day.month:02}-{day.day:02}"
        if self.first <= self.last:
            return self.first <= here <= self.last
        return here >= self.first or here <= self.last


class Maintenance(Struct, frozen=True, forbid_unknown_fields=True, rename={"start": "from", "end": "to"}):
    """[from, to), local times of Asia/Tokyo. kinds: only these; none named: all."""

    start: datetime
    end: datetime
    kinds: tuple[Kind, ...] = ()

    def includes(self, kind: str | None, at: datetime) -> bool:
        """kind None: the municipality as a whole, which a stop of single kinds does not close."""
        concerned = not self.kinds or kind in self.kinds
        return concerned and local(self.start) <= at < local(self.end)


def local(at: datetime) -> datetime:
    """The same time with its zone: a time without one is meant in Asia/Tokyo."""
    return at.replace(tzinfo=TOKYO) if at.tzinfo is None else at.astimezone(TOKYO)

"""One certificate of a municipality's profile: its name, fees, choices, hours, and years of tax.

The rules of a field stand beside the field: each value complains of itself, and a clerk reads the complaint.
"""

import re
import unicodedata
from collections.abc import Iterator, Mapping
from datetime import date
from itertools import pairwise
from typing import Annotated, Literal

from msgspec import Meta, Struct

from daemon.issuance.calendar import wareki
from daemon.issuance.faulty import Complaint
from daemon.issuance.hours import ClosedDays, Hours, MonthDay, is_day
from daemon.issuance.messages import Item, Kind, Scope, TaxYear

FEE_STEP = 10
MOST_YEN = 10_000
MOST_LETTERS = 40
"""Of a name that is printed: a longer one has no room as a title."""
FOREVER = date.max
MOST_TAX_YEARS = 6
TAX = ("shotoku_kazei", "shotoku", "kazei", "nozei")
ITEMS: Mapping[str, tuple[Item, ...]] = {
    "juminhyo": ("head", "honseki", "mynumber"),
    "kisaijiko": ("head", "honseki", "mynumber"),
    "fuhyo": ("honseki",),
}
"""What a certificate may show or leave out; others have no such items."""
HOUSEHOLD: tuple[Scope, ...] = ("self", "all", "part")
FAMILY: tuple[Scope, ...] = ("koseki_all", "koseki_one")
SCOPES: Mapping[str, tuple[Scope, ...]] = {
    "juminhyo": HOUSEHOLD,
    "kisaijiko": HOUSEHOLD,
    "koseki": FAMILY,
    "fuhyo": FAMILY,
}
"""Between which a citizen may choose on screen 8; others have no scopes."""

NO_LETTERS = ("So", "Sk", "Cc", "Cf", "Cn", "Co", "Cs")
"""Pictures, controls and what is no character: as Unicode's categories name them."""

Who = Literal["choose", "never", "always"]


class Fee(Struct, frozen=True, forbid_unknown_fields=True):
    """yen a 通, on the days from valid_from to valid_to (both included)."""

    yen: int
    valid_from: date
    valid_to: date = FOREVER

    def complaints(self) -> Iterator[Complaint]:
        if self.yen <= 0 or self.yen % FEE_STEP:
            yield Complaint(("yen",), f"{self.yen} yen is not a positive multiple of {FEE_STEP}")
        if self.yen > MOST_YEN:
            yield Complaint(("yen",), f"{self.yen} yen is more than {MOST_YEN}, which no certificate costs")
        if self.valid_from > self.valid_to:
            yield Complaint(("valid_to",), f"{self.valid_to} is before valid_from, {self.valid_from}")


class TaxYears(Struct, frozen=True, forbid_unknown_fields=True):
    """Which 年度 of a tax certificate can be had, newest first.

    years: how many. switch: from this day on the 年度 of the calendar year can be had, until then the last.
    label: how a 年度 is written; {era} becomes 令和7, {income} 令和6 (the year of the income), {year} 2025.
    labels: those that are written otherwise, as { "2019" = "平成31年度" }.
    """

    years: Annotated[int, Meta(description=f"How many 年度, 1 to {MOST_TAX_YEARS}.", examples=[1])]
    switch: MonthDay
    label: str = "{era}年度"
    labels: dict[str, str] = {}

    def on(self, day: date) -> tuple[TaxYear, ...]:
        newest = day.year if f"{day.month:02}-{day.day:02}" >= self.switch else day.year - 1
        return tuple(TaxYear(year, self.written(year)) for year in range(newest, newest - self.years, -1))

    def written(self, year: int) -> str:
        words = {"{era}": _era(year), "{income}": _era(year - 1), "{year}": str(year)}
        return self.labels.get(str(year)) or re.sub(r"\{\w+\}", lambda word: words[word[0]], self.label)

    def complaints(self) -> Iterator[Complaint]:
        if not 1 <= self.years <= MOST_TAX_YEARS:
            yield Complaint(("years",), f"{self.years} is not 1 to {MOST_TAX_YEARS}")
        if not is_day(self.switch):
            yield Complaint(("switch",), f'there is no {self.switch}; write month and day, like "06-01"')
        words = re.findall(r"\{[^}]*\}?", self.label)
        if self.years > 1 and not words:
            reason = f"all {self.years} 年度 would read alike; write {{era}}, {{income}} or {{year}} into it"
            yield Complaint(("label",), reason)
        for word in words:
            if word not in ("{era}", "{income}", "{year}"):
                yield Complaint(("label",), f"{word} means nothing; there are {{era}}, {{income}}, {{year}}")
        for year in self.labels:
            if not re.fullmatch("20[0-9]{2}", year):
                yield Complaint(("labels", year), 'a 年度 like "2019" is meant')


class Offering(Struct, frozen=True, forbid_unknown_fields=True):
    """One certificate. name: as the municipality calls it. No hours of its own: the municipality's.

    scopes: whom it may be about, in the order of screen 8. items: whether each stands on it: the citizen
    chooses, or it never or always does. tax: of a tax certificate.
    """

    kind: Kind
    name: str
    fees: tuple[Fee, ...]
    scopes: tuple[Scope, ...] = ()
    items: dict[Item, Who] = {}
    hours: Hours | None = None
    closed: tuple[ClosedDays, ...] = ()
    tax: TaxYears | None = None

    def choices(self) -> tuple[Item, ...]:
        """The items that the citizen chooses, in the order of the file."""
        return tuple(item for item, who in self.items.items() if who == "choose")

    def printed(self, chosen: tuple[Item, ...]) -> frozenset[Item]:
        """The items that stand on the certificate when these were chosen."""
        allowed = frozenset(self.choices()) & frozenset(chosen)
        return allowed | {item for item, who in self.items.items() if who == "always"}

    def fee(self, on: date) -> int | None:
        return next((fee.yen for fee in self.fees if fee.valid_from <= on <= fee.valid_to), None)

    def complaints(self) -> Iterator[Complaint]:
        yield from printed_complaints("name", self.name)
        yield from self._fee_complaints()
        yield from self._scope_complaints()
        for item in self.items:
            if item not in ITEMS.get(self.kind, ()):
                yield Complaint(("items", item), f"{self.kind} has no such choice; take it out")
        if self.kind in TAX and self.tax is None:
            yield Complaint(("tax",), 'is missing; add tax = { years = 1, switch = "06-01" }')
        if self.kind not in TAX and self.tax is not None:
            yield Complaint(("tax",), f"{self.kind} is no tax certificate; take it out")

    def _fee_complaints(self) -> Iterator[Complaint]:
        if not self.fees:
            yield Complaint(("fees",), "a certificate on offer needs a fee")
        in_order = sorted(range(len(self.fees)), key=lambda at: self.fees[at].valid_from)
        for before, at in pairwise(in_order):
            one, other = self.fees[before], self.fees[at]
            if other.valid_from <= one.valid_to:
                end = f"end the one from {one.valid_from} with valid_to on the day before"
                yield Complaint(("fees", at, "valid_from"), f"{other.valid_from} is in another period; {end}")
            elif (other.valid_from - one.valid_to).days > 1:
                reason = f"there is no fee between {one.valid_to} and {other.valid_from}"
                yield Complaint(("fees", at, "valid_from"), reason)

    def _scope_complaints(self) -> Iterator[Complaint]:
        possible = SCOPES.get(self.kind, ())
        for at, scope in enumerate(self.scopes):
            if scope not in possible:
                allowed = f"there are: {', '.join(possible)}" if possible else "it has none; take them out"
                yield Complaint(("scopes", at), f"{scope} is no scope of {self.kind}; {allowed}")
            if scope in self.scopes[:at]:
                yield Complaint(("scopes", at), f"{scope} is there twice")
        if possible and not self.scopes:
            yield Complaint(("scopes",), f"is missing; add scopes = [ ] with some of: {', '.join(possible)}")


def printed_complaints(key: str, text: str) -> Iterator[Complaint]:
    """Of a name that stands on certificates."""
    if not text.strip():
        yield Complaint((key,), "is empty; certificates show it")
    if len(text) > MOST_LETTERS:
        yield Complaint((key,), f"has {len(text)} letters; {MOST_LETTERS} at most have room")
    for sign in text:
        if unicodedata.category(sign) in NO_LETTERS:
            yield Complaint((key,), f"{sign!r} cannot be printed; take it out")


def _era(year: int) -> str:
    """令和7; the year in which an era began is its 元年."""
    return wareki(date(year, 12, 31)).partition("年")[0]

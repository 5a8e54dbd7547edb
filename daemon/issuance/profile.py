"""What a municipality offers, for how much and when: one TOML file, no code (REQUIREMENTS §4).

Kiosk and center read the same file and compare its hash (P11). A file with anything unknown or
inconsistent is refused as a whole, and every fault is told with file, line, key and reason: half a profile
sells wrong certificates.
"""

import hashlib
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from typing import Annotated, Literal

import msgspec
from msgspec import Meta, Struct

from daemon.issuance.calendar import local
from daemon.issuance.faulty import Complaint, examine
from daemon.issuance.hours import ClosedDays, Hours
from daemon.issuance.maintenance import Maintenance, stopped
from daemon.issuance.messages import Municipality, Office, Reason, Refusal, TaxYear
from daemon.issuance.offering import FEE_STEP, Fee, Offering, TaxYears, printed_complaints
from daemon.issuance.toml_lines import lines_of

__all__ = [
    "FEE_STEP",
    "Fault",
    "Fee",
    "Offering",
    "Profile",
    "ProfileError",
    "TaxYears",
    "check_digit",
    "load_profile",
    "parse_profile",
    "profile_hash",
]


MOST_DAYS = 90
"""That a 利用登録申請 takes anywhere."""


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """A municipality. mayor: the title a certificate is signed with. seal: PNG of 公印, beside this file.

    koseki_rule: the koseki family needs residence and 本籍 here, or 本籍 here and a 利用登録 (R21), which
    takes registration_days; 0: none can be filed here. move_out_blocks, support_blocks: whom a filed
    move-out and a 支援措置 keep from getting certificates; blocks_from: on the day of filing, or the next.
    excluded_cards: other cards of this city, which people try. smartphones: those that are taken here at all.
    """

    code: str
    prefecture: str
    name: str
    mayor: str
    hours: Hours
    certificates: tuple[Offering, ...]
    koseki_rule: Literal["residence", "registration"]
    website: str = ""
    registration_days: int = 0
    closed: tuple[ClosedDays, ...] = ()
    maintenance: tuple[Maintenance, ...] = ()
    move_out_blocks: Literal["person", "household"] = "person"
    support_blocks: Literal["person", "household", "nobody"] = "person"
    blocks_from: Literal["same-day", "next-day"] = "same-day"
    min_age: Annotated[int, Meta(description="15 or more.")] = 15
    max_copies: Annotated[int, Meta(description="1 to 10.")] = 10
    idle_seconds: int = 300
    excluded_cards: tuple[str, ...] = ()
    smartphones: tuple[Literal["android", "iphone"], ...] = ("android", "iphone")
    offices: tuple[Office, ...] = ()
    seal: str = ""

    @property
    def offers_registration(self) -> bool:
        """Whether a 利用登録申請 can be filed here (R41)."""
        return self.koseki_rule == "registration" and self.registration_days > 0

    def municipality(self) -> Municipality:
        return Municipality(
            self.code, self.prefecture, self.name, self.offices, self.website, self.excluded_cards
        )

    def offering(self, kind: str) -> Offering | None:
        return next((one for one in self.certificates if one.kind == kind), None)

    def fee(self, kind: str, on: date) -> int | None:
        """Yen a 通 on that day; None: not offered then."""
        offering = self.offering(kind)
        return offering.fee(on) if offering else None

    def tax_years(self, kind: str, on: date) -> tuple[TaxYear, ...]:
        """The 年度 that can be had on that day, newest first; none of what is no tax certificate."""
        offering = self.offering(kind)
        return offering.tax.on(on) if offering and offering.tax else ()

    def opening(
        self, kind: str | None, at: datetime, site_open: str = "", site_close: str = ""
    ) -> Refusal | None:
        """None if served at that (aware) time, else why not. kind None: the municipality as a whole;
        "register": the 利用登録申請. site_open, site_close: "07:00", where the shop's own hours are shorter.
        """
        at = local(at)
        stop = stopped(self.maintenance, kind, at)
        if stop is not None:
            return stop
        offering = self.offering(kind) if kind else None
        hours = _site_hours(self._hours(offering), site_open, site_close)
        closed = self.closed + (offering.closed if offering else ())
        if not hours.on(at.date()) or any(days.includes(at.date()) for days in closed):
            return _outside(Reason.CLOSED_DAY, hours)
        return None if hours.includes(at.time()) else _outside(Reason.HOURS, hours)

    def _hours(self, offering: Offering | None) -> Hours:
        return self.hours.within(offering.hours) if offering and offering.hours else self.hours

    # ------------------------------------------------------------ its own rules

    def complaints(self) -> Iterator[Complaint]:
        yield from _code_complaints(self.code)
        for key, text in (("prefecture", self.prefecture), ("name", self.name), ("mayor", self.mayor)):
            yield from printed_complaints(key, text)
        yield from self._limit_complaints()
        if not self.certificates:
            yield Complaint(("certificates",), "nothing is on offer; add a [[certificates]]")
        yield from self._certificate_complaints()
        yield from self._maintenance_complaints()
        if self.koseki_rule == "registration" and self.registration_days <= 0:
            reason = 'koseki_rule = "registration" needs the days it takes, as registration_days = 5'
            yield Complaint(("koseki_rule",), reason)
        if self.koseki_rule == "residence" and self.registration_days:
            reason = 'nobody registers under koseki_rule = "residence"; take it out or change the rule'
            yield Complaint(("registration_days",), reason)

    def _certificate_complaints(self) -> Iterator[Complaint]:
        kinds = [offering.kind for offering in self.certificates]
        names = [offering.name for offering in self.certificates]
        for at, one in enumerate(self.certificates):
            if one.kind in kinds[:at]:
                yield Complaint(("certificates", at, "kind"), f"{one.kind} is there twice; keep one")
            if one.name in names[:at]:
                yield Complaint(
                    ("certificates", at, "name"), f"{one.name} is there twice; nobody tells them apart"
                )
            hours = self._hours(one)
            if self.hours.open < self.hours.close and not hours.open < hours.close:
                served = f"{self.hours.open:%H:%M} to {self.hours.close:%H:%M}"
                reason = f"never open: outside the municipality's, {served}"
                yield Complaint(("certificates", at, "hours"), reason)

    def _maintenance_complaints(self) -> Iterator[Complaint]:
        for at, stop in enumerate(self.maintenance):
            for k, kind in enumerate(stop.kinds):
                offered = self.offers_registration if kind == "register" else self.offering(kind) is not None
                if not offered:
                    yield Complaint(
                        ("maintenance", at, "kinds", k), f"{kind} is not on offer here; take it out"
                    )

    def _limit_complaints(self) -> Iterator[Complaint]:
        if not 1 <= self.max_copies <= 10:
            yield Complaint(("max_copies",), f"{self.max_copies} is not 1 to 10")
        if self.min_age < 15:
            yield Complaint(("min_age",), f"{self.min_age} is below 15, the age of the service")
        if self.min_age > 100:
            yield Complaint(("min_age",), f"{self.min_age} is above 100: nobody could get anything")
        if self.registration_days > MOST_DAYS:
            yield Complaint(("registration_days",), f"{self.registration_days} is more than {MOST_DAYS}")
        if not 30 <= self.idle_seconds <= 600:
            yield Complaint(("idle_seconds",), f"{self.idle_seconds} is not 30 to 600 seconds")
        if self.seal and not re.fullmatch(r"[^/\\]+\.png", self.seal):
            yield Complaint(("seal",), f"{self.seal!r}: the name of a .png beside this file is meant")


def _site_hours(hours: Hours, site_open: str, site_close: str) -> Hours:
    site = Hours(
        time.fromisoformat(site_open) if site_open else hours.open,
        time.fromisoformat(site_close) if site_close else hours.close,
    )
    return hours.within(site)


def _outside(reason: Reason, hours: Hours) -> Refusal:
    return Refusal(reason, open=f"{hours.open:%H:%M}", close=f"{hours.close:%H:%M}")


def check_digit(five: str) -> int:
    """Of a 団体コード: (11 − Σ(digit × 6,5,4,3,2) mod 11) mod 10 (JIS X 0402)."""
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return (11 - total % 11) % 10


def _code_complaints(code: str) -> Iterator[Complaint]:
    if not re.fullmatch(r"[0-9]{6}", code):
        yield Complaint(("code",), f"{code!r} is not a 団体コード of six digits")
    elif int(code[5]) != check_digit(code[:5]):
        yield Complaint(("code",), f"{code}: the check digit should be {check_digit(code[:5])}")


# ---------------------------------------------------------------- from the file


@dataclass(frozen=True)
class Fault:
    """One fault of a profile's file. line: from 1; 0: of the file as a whole."""

    line: int
    key: str
    reason: str


class ProfileError(ValueError):
    """A profile that is refused. The text has a line for each fault: FILE:LINE: key: reason."""

    def __init__(self, file: Path, faults: list[Fault]) -> None:
        places = [f"{file}:{fault.line}" if fault.line else str(file) for fault in faults]
        told = zip(places, faults, strict=True)
        super().__init__("\n".join(f"{place}: {fault.key}: {fault.reason}" for place, fault in told))
        self.file = file
        self.faults = tuple(faults)


def profile_hash(path: Path) -> str:
    """SHA-256 (hex) of the file, which kiosk and center compare."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load_profile(path: Path) -> Profile:
    """Raises ProfileError."""
    try:
        return parse_profile(path, path.read_bytes())
    except OSError as error:
        raise ProfileError(path, [Fault(0, "file", error.strerror or "cannot be read")]) from None


def parse_profile(path: Path, content: bytes) -> Profile:
    """The profile of these bytes of that file. Raises ProfileError."""
    try:
        text = content.decode("utf-8")
        raw = tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # tomllib's own, not UTF-8, a depth without end
        fault = Fault(_line_told(str(error), content), "file", f"is not TOML in UTF-8: {error}")
        raise ProfileError(path, [fault]) from None
    complaints = examine(raw, Profile)
    if complaints:
        lines = lines_of(text)
        faults = [Fault(_line(lines, one.path), one.key, one.reason) for one in complaints]
        raise ProfileError(path, sorted(faults, key=lambda fault: fault.line))
    return msgspec.convert(raw, Profile)


def _line(lines: dict[tuple[str | int, ...], int], path: tuple[str | int, ...]) -> int:
    """Of this key, or of the nearest around it that the file has; 0: of none."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 0)


def _line_told(error: str, content: bytes) -> int:
    """In the message of tomllib; 0: in none."""
    if "at end of document" in error:
        return content.rstrip().count(b"\n") + 1
    line = re.search(r"at line (\d+)", error)
    return int(line[1]) if line else 0

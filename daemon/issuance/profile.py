"""What a municipality offers, for how much and when: one TOML file, no code (REQUIREMENTS §4).

Kiosk and center read the same file and compare its hash (P11). A file with anything unknown or
inconsistent is refused as a whole, with file, key and reason: half a profile sells wrong certificates.
"""

import hashlib
import re
import tomllib
from datetime import date, datetime, time
from itertools import combinations, pairwise
from pathlib import Path
from typing import Literal

import msgspec
from msgspec import Struct

from daemon.issuance.calendar import round_up_to_hour
from daemon.issuance.hours import ClosedDays, Hours, Maintenance, local
from daemon.issuance.messages import Item, Kind, Municipality, Office, Reason, Refusal, Scope

FEE_STEP = 10
FOREVER = date.max


class ProfileError(ValueError):
    """A profile that is refused. The text names file, key and reason."""

    def __init__(self, file: Path, key: str, reason: str) -> None:
        super().__init__(f"{file}: {key}: {reason}")
        self.file = file
        self.key = key
        self.reason = reason


class Fee(Struct, frozen=True, forbid_unknown_fields=True):
    """yen a 通, on the days from valid_from to valid_to (both included)."""

    yen: int
    valid_from: date
    valid_to: date = FOREVER


class Offering(Struct, frozen=True, forbid_unknown_fields=True):
    """One certificate. name: as the municipality calls it. Empty hours: the municipality's.

    items: who decides whether it stands on the certificate: the citizen, or nobody.
    """

    kind: Kind
    name: str
    fees: tuple[Fee, ...]
    scopes: tuple[Scope, ...] = ()
    items: dict[Item, Literal["choose", "never", "always"]] = {}
    hours: Hours | None = None
    closed: tuple[ClosedDays, ...] = ()
    tax_years: int = 0

    def choices(self) -> tuple[Item, ...]:
        """The items that the citizen chooses, in the order of the file."""
        return tuple(item for item, who in self.items.items() if who == "choose")

    def printed(self, chosen: tuple[Item, ...]) -> frozenset[Item]:
        """The items that stand on the certificate when these were chosen."""
        return frozenset(i for i, who in self.items.items() if who == "always") | frozenset(chosen)


class Profile(Struct, frozen=True, forbid_unknown_fields=True):
    """A municipality. mayor: the title a certificate is signed with. registration_days: 0: no 利用登録.

    koseki_rule: whether the koseki family needs residence and 本籍 here, or 本籍 here and a 利用登録 (R21).
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
    min_age: int = 15
    max_copies: int = 10
    idle_seconds: int = 300
    excluded_cards: tuple[str, ...] = ()
    smartphones: tuple[Literal["android", "iphone"], ...] = ()
    offices: tuple[Office, ...] = ()

    def municipality(self) -> Municipality:
        return Municipality(self.code, self.prefecture, self.name, self.offices, self.website)

    def offering(self, kind: str) -> Offering | None:
        return next((one for one in self.certificates if one.kind == kind), None)

    def fee(self, kind: str, on: date) -> int | None:
        """Yen a 通 on that day; None: not offered then."""
        offering = self.offering(kind)
        fees = offering.fees if offering else ()
        return next((fee.yen for fee in fees if fee.valid_from <= on <= fee.valid_to), None)

    def opening(
        self, kind: str | None, at: datetime, site_open: str = "", site_close: str = ""
    ) -> Refusal | None:
        """None if served at that (aware) time, else why not. kind None: the municipality as a whole.

        site_open, site_close: "07:00", where the shop's own hours are shorter.
        """
        at = local(at)
        for stop in self.maintenance:
            if stop.includes(kind, at):
                return Refusal(Reason.MAINTENANCE, until=round_up_to_hour(local(stop.end)))
        offering = self.offering(kind) if kind else None
        hours = _site_hours(self._hours(offering), site_open, site_close)
        closed = self.closed + (offering.closed if offering else ())
        if any(days.includes(at.date()) for days in closed):
            return _outside(Reason.CLOSED_DAY, hours)
        return None if hours.includes(at.time()) else _outside(Reason.HOURS, hours)

    def _hours(self, offering: Offering | None) -> Hours:
        return self.hours.within(offering.hours) if offering and offering.hours else self.hours


def _site_hours(hours: Hours, site_open: str, site_close: str) -> Hours:
    site = Hours(
        time.fromisoformat(site_open) if site_open else hours.open,
        time.fromisoformat(site_close) if site_close else hours.close,
    )
    return hours.within(site)


def _outside(reason: Reason, hours: Hours) -> Refusal:
    return Refusal(reason, open=f"{hours.open:%H:%M}", close=f"{hours.close:%H:%M}")


# ---------------------------------------------------------------- from the file


def profile_hash(path: Path) -> str:
    """SHA-256 (hex) of the file, which kiosk and center compare."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def load_profile(path: Path) -> Profile:
    """Raises ProfileError."""
    try:
        profile = msgspec.convert(tomllib.loads(path.read_text(encoding="utf-8")), Profile)
    except OSError as error:
        raise ProfileError(path, "file", error.strerror or "cannot be read") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ProfileError(path, "file", f"is not TOML: {error}") from None
    except msgspec.ValidationError as error:
        reason, _, key = str(error).partition(" - at `$")
        raise ProfileError(path, key.strip(".`") or "top level", reason) from None
    for key, reason in _faults(profile):
        raise ProfileError(path, key, reason)
    return profile


def check_digit(five: str) -> int:
    """Of a 団体コード: (11 − Σ(digit × 6,5,4,3,2) mod 11) mod 10 (JIS X 0402)."""
    total = sum(int(digit) * weight for digit, weight in zip(five, (6, 5, 4, 3, 2), strict=True))
    return (11 - total % 11) % 10


def _faults(profile: Profile) -> list[tuple[str, str]]:
    """(key, reason) of all that is wrong beyond form."""
    faults = _code_faults(profile.code) + _hours_faults("hours", profile.hours)
    kinds = [offering.kind for offering in profile.certificates]
    if len(set(kinds)) < len(kinds):
        faults.append(("certificates", "a kind is listed twice"))
    for offering in profile.certificates:
        key = f"certificates.{offering.kind}"
        faults += _fee_faults(f"{key}.fees", offering.fees)
        faults += _hours_faults(f"{key}.hours", offering.hours) if offering.hours else []
    for stop in profile.maintenance:
        if local(stop.end) <= local(stop.start):
            faults.append(("maintenance", f"ends before it begins: {stop.start} to {stop.end}"))
    return faults + _limit_faults(profile)


def _limit_faults(profile: Profile) -> list[tuple[str, str]]:
    faults = []
    if not 1 <= profile.max_copies <= 10:
        faults.append(("max_copies", f"{profile.max_copies} is not 1 to 10"))
    if profile.min_age < 15:
        faults.append(("min_age", f"{profile.min_age} is below 15, the age of the service"))
    if profile.idle_seconds <= 0:
        faults.append(("idle_seconds", "must be above 0"))
    return faults


def _code_faults(code: str) -> list[tuple[str, str]]:
    if not re.fullmatch(r"[0-9]{6}", code):
        return [("code", f"{code!r} is not a 団体コード of six digits")]
    if int(code[5]) != check_digit(code[:5]):
        return [("code", f"{code}: the check digit should be {check_digit(code[:5])}")]
    return []


def _hours_faults(key: str, hours: Hours) -> list[tuple[str, str]]:
    return [] if hours.open < hours.close else [(key, f"close {hours.close} is not after open {hours.open}")]


def _fee_faults(key: str, fees: tuple[Fee, ...]) -> list[tuple[str, str]]:
    if not fees:
        return [(key, "an offered certificate needs a fee")]
    faults = [
        (key, f"{fee.yen} yen is not a positive multiple of {FEE_STEP}")
        for fee in fees
        if fee.yen <= 0 or fee.yen % FEE_STEP
    ]
    faults += [(key, f"{f.valid_from} is after {f.valid_to}") for f in fees if f.valid_from > f.valid_to]
    for one, other in combinations(fees, 2):
        if one.valid_from <= other.valid_to and other.valid_from <= one.valid_to:
            faults.append((key, f"the periods from {one.valid_from} and {other.valid_from} overlap"))
    in_order = sorted(fees, key=lambda fee: fee.valid_from)
    for one, other in pairwise(in_order):
        if (other.valid_from - one.valid_to).days > 1:
            faults.append((key, f"no fee between {one.valid_to} and {other.valid_from}"))
    return faults

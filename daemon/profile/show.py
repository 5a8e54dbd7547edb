"""``madoguchi profile show``: what a citizen can get on a day, when and for how much, as tables.

Says only what the profile itself answers: the same questions that kiosk and center ask of it.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta

from daemon.issuance.calendar import local
from daemon.issuance.hours import ClosedDays, Hours
from daemon.issuance.messages import Reason, Refusal
from daemon.issuance.offering import FOREVER, Offering
from daemon.issuance.profile import Profile
from daemon.issuance.published import Published
from daemon.issuance.table import table

AHEAD = timedelta(days=366)
ITEMS = {"head": "世帯主・続柄", "honseki": "本籍・筆頭者", "mynumber": "個人番号"}
SCOPES = {
    "self": "本人のみ",
    "all": "世帯全員",
    "part": "世帯の一部",
    "koseki_all": "全部",
    "koseki_one": "個人",
}
REGISTRATION = "利用登録申請"


def shown(what: Published, at: datetime) -> Iterator[str]:
    """The lines. at: aware; what is on offer at that moment and from then on."""
    profile, at = what.profile, local(at)
    yield f"{profile.prefecture}{profile.name} ({profile.code}), profile {what.hash[:12]}"
    yield f"on {at:%Y-%m-%d (%a) at %H:%M}"
    yield ""
    yield from table(_offers(profile, at), right=frozenset({2}))
    yield ""
    yield from table(_choices(profile, at))
    for title, rows in (
        ("Fees that change", _fee_changes(profile, at.date())),
        ("Closed and maintenance ahead", _ahead(profile, at)),
        ("Rules", _rules(profile)),
        ("Offices", [(office.name, office.address, office.phone) for office in profile.offices]),
    ):
        if rows:
            yield f"\n{title}"
            yield from (f"  {line}" for line in table(rows))


# ---------------------------------------------------------------- what is on offer


def _offers(profile: Profile, at: datetime) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("kind", "certificate", "yen", "hours", "at that moment")]
    for one in profile.certificates:
        fee = one.fee(at.date())
        moment = _state(profile.opening(one.kind, at)) if fee is not None else _not_yet(one, at.date())
        rows.append((one.kind, one.name, "-" if fee is None else str(fee), _hours(profile, one), moment))
    if profile.offers_registration:
        state = _state(profile.opening("register", at))
        days = f"{REGISTRATION} (takes {profile.registration_days} days)"
        rows.append(("register", days, "-", _written(profile.hours), state))
    return rows


def _hours(profile: Profile, one: Offering) -> str:
    return _written(profile.hours.within(one.hours) if one.hours else profile.hours)


def _written(hours: Hours) -> str:
    days = "" if hours.days == "all" else " weekdays"
    return f"{hours.open:%H:%M}-{hours.close:%H:%M}{days}"


def _state(refusal: Refusal | None) -> str:
    if refusal is None:
        return "open"
    if refusal.reason is Reason.MAINTENANCE and refusal.until is not None:
        return f"maintenance until {refusal.until:%m-%d %H:%M}"
    return "closed today" if refusal.reason is Reason.CLOSED_DAY else "outside its hours"


def _not_yet(one: Offering, on: date) -> str:
    later = [fee.valid_from for fee in one.fees if fee.valid_from > on]
    return f"not on offer before {min(later)}" if later else "no longer on offer"


def _choices(profile: Profile, at: datetime) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = [("kind", "whom", "the citizen chooses", "always", "never", "years")]
    for one in profile.certificates:
        whom = " ".join(SCOPES[scope] for scope in one.scopes) or SCOPES["self"]
        years = " ".join(year.label for year in profile.tax_years(one.kind, at.date()))
        items = [_items(one, who) for who in ("choose", "always", "never")]
        rows.append((one.kind, whom, *items, years or "-"))
    return rows


def _items(one: Offering, who: str) -> str:
    return " ".join(ITEMS[item] for item, said in one.items.items() if said == who) or "-"


# ---------------------------------------------------------------- what is ahead


def _fee_changes(profile: Profile, on: date) -> list[tuple[str, ...]]:
    rows = [
        (str(fee.valid_from), one.name, f"{fee.yen} yen")
        for one in profile.certificates
        for fee in one.fees
        if fee.valid_from > on
    ]
    ends = {one.name: max(fee.valid_to for fee in one.fees) for one in profile.certificates}
    rows += [
        (str(end + timedelta(days=1)), name, "no longer on offer")
        for name, end in ends.items()
        if on <= end < FOREVER
    ]
    return sorted(rows)


def _ahead(profile: Profile, at: datetime) -> list[tuple[str, ...]]:
    """What is closed every year, then the stops that are not over, in their order."""
    yearly = [(_range(days), "every year", "all") for days in profile.closed]
    yearly += [(_range(days), "every year", one.name) for one in profile.certificates for days in one.closed]
    stops = sorted(profile.maintenance, key=lambda stop: local(stop.start))
    left = [stop for stop in stops if local(stop.end) > at and local(stop.start) <= at + AHEAD]
    return [
        *yearly,
        *(
            (
                f"{local(stop.start):%Y-%m-%d %H:%M}",
                f"to {local(stop.end):%Y-%m-%d %H:%M}",
                _names(profile, stop.kinds),
            )
            for stop in left
        ),
    ]


def _range(days: ClosedDays) -> str:
    return f"{days.first} to {days.last}"


def _names(profile: Profile, kinds: Sequence[str]) -> str:
    names = {one.kind: one.name for one in profile.certificates} | {"register": REGISTRATION}
    return " ".join(names.get(kind, kind) for kind in kinds) or "all"


# ---------------------------------------------------------------- the rest


def _rules(profile: Profile) -> list[tuple[str, ...]]:
    koseki = {
        "residence": "residence and 本籍 here",
        "registration": f"本籍 here; from elsewhere after {REGISTRATION}",
    }
    day = "the day it is filed" if profile.blocks_from == "same-day" else "the day after it is filed"
    return [
        ("戸籍 and 附票", koseki[profile.koseki_rule]),
        ("age", f"{profile.min_age} or more"),
        ("copies", f"1 to {profile.max_copies} a session"),
        ("idle", f"{profile.idle_seconds} s"),
        ("転出届 keeps back", f"the {profile.move_out_blocks}, from {day}"),
        ("支援措置 keeps back", _blocked(profile.support_blocks, day)),
        ("phones", ", ".join(profile.smartphones) or "none"),
        ("not these cards", " ".join(profile.excluded_cards) or "-"),
        ("signed", profile.mayor),
        ("公印", profile.seal or "-"),
        ("website", profile.website or "-"),
    ]


def _blocked(whom: str, day: str) -> str:
    return "nobody" if whom == "nobody" else f"the {whom}, from {day}"

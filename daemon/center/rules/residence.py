"""What one gets where one lives: 住民票の写し, 住民票記載事項証明書, 印鑑登録証明書, tax. Pure.

Nobody outside the household is ever on a list (R15), nobody who is blocked either: without one of its members
a certificate of 世帯全員 would be untrue, so it is not offered then.
"""

from collections.abc import Mapping
from datetime import date, datetime

from daemon.center.facts import Resident
from daemon.center.rules.listing import Candidate, Entry, Hidden, Known
from daemon.center.rules.people import household_order, is_blocked, is_held_back, is_never_named
from daemon.issuance.messages import Reason, Refusal, Scope, TaxYear
from daemon.issuance.profile import Offering, Profile

HOUSEHOLD_KINDS = ("juminhyo", "kisaijiko")
TAX_KINDS = ("shotoku_kazei", "shotoku", "kazei", "nozei")


def household_entry(profile: Profile, offering: Offering, fee: int, known: Known, now: datetime) -> Entry:
    """R15: the holder, and who lives in the same household, as far as nothing stands in the way."""
    able = [one for one in known.household if _is_able(one, offering.kind, known, profile, now.date())]
    possible: Mapping[str, bool] = {
        "self": True,
        "all": len(able) == len(known.household),
        "part": len(able) > 1,
    }
    scopes: tuple[Scope, ...] = tuple(one for one in offering.scopes if possible.get(one, False))
    refusal = own_refusal(profile, offering.kind, known, now)
    if offering.scopes and not scopes:
        refusal = Refusal(Reason.BLOCKED)
    shared = "all" in scopes or "part" in scopes
    persons = sorted(able, key=household_order) if shared else [known.holder]
    return Entry(
        offering.kind,
        offering.name,
        fee,
        scopes,
        offering.choices(),
        tuple(Candidate(one.id, one.name) for one in persons),
        refusal=refusal,
    )


def seal_entry(profile: Profile, offering: Offering, fee: int, known: Known, now: datetime) -> Entry | Hidden:
    """R18: for oneself, and only with a registered seal."""
    if known.holder.seal_registered is None:
        return Hidden.NO_SEAL
    return _for_oneself(profile, offering, fee, known, now)


def tax_entry(profile: Profile, offering: Offering, fee: int, known: Known, now: datetime) -> Entry | Hidden:
    """R25: for oneself; of the years on offer those that this municipality taxed the holder for, who was
    resident on 1 January and is resident now.
    """
    offered = profile.tax_years(offering.kind, now.date())
    years = tuple(year for year in offered if _taxed_by(year, known) == profile.code)
    return _for_oneself(profile, offering, fee, known, now, years) if years else Hidden.NOT_TAXED_HERE


def own_refusal(profile: Profile, kind: str, known: Known, now: datetime) -> Refusal | None:
    """Why the holder cannot have this kind now: something stands in the way, or it is not the hour."""
    if is_blocked(known.holder, kind) or is_held_back(known, profile, now.date()):
        return Refusal(Reason.BLOCKED)
    return profile.opening(kind, now)


def _is_able(one: Resident, kind: str, known: Known, profile: Profile, today: date) -> bool:
    """The holder is always on the list: what keeps them from a certificate is told as its refusal."""
    return one.id == known.holder.id or not is_never_named(one, kind, profile, today)


def _taxed_by(year: TaxYear, known: Known) -> str:
    """団体コード of where the holder lived on 1 January of that year, as far as that is known here."""
    found = known.taxes.get(year.year)
    return found.municipality if found else ""


def _for_oneself(
    profile: Profile,
    offering: Offering,
    fee: int,
    known: Known,
    now: datetime,
    years: tuple[TaxYear, ...] = (),
) -> Entry:
    return Entry(
        offering.kind,
        offering.name,
        fee,
        items=offering.choices(),
        persons=(Candidate(known.holder.id, known.holder.name),),
        years=years,
        refusal=own_refusal(profile, offering.kind, known, now),
    )

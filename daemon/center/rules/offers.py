"""Screen 7, and whether an order fits it (REQUIREMENTS §1, §2). Pure.

A kind this holder can never have here is hidden, with a reason for the log; one that is only not available
now is listed with its refusal. Both are computed anew for every list and again for every order (P12).
"""

from collections.abc import Set as AbstractSet
from datetime import datetime

from daemon.center.rules.family import FAMILY_KINDS, family_entry
from daemon.center.rules.listing import Entry, Hidden, Known, Listing
from daemon.center.rules.residence import HOUSEHOLD_KINDS, household_entry, seal_entry, tax_entry
from daemon.issuance.messages import Kind, OrderRequest, Purpose, Reason, Refusal, Scope
from daemon.issuance.profile import Offering, Profile


def listing(profile: Profile, known: Known, purpose: Purpose, now: datetime) -> Listing:
    """What stands on screen 7 for this holder, in the profile's order. now: in Asia/Tokyo."""
    entries: list[Entry] = []
    hidden: list[tuple[Kind, Hidden]] = []
    for offering in profile.certificates:
        found = _entry(profile, offering, known, purpose, now)
        if isinstance(found, Entry):
            entries.append(found)
        else:
            hidden.append((offering.kind, found))
    return Listing(tuple(entries), tuple(hidden))


def listed_entry(profile: Profile, kind: str, known: Known, purpose: Purpose, now: datetime) -> Entry | None:
    """The one line of this kind, from facts that need not be enough for another; None: it is hidden."""
    offering = profile.offering(kind)
    found = _entry(profile, offering, known, purpose, now) if offering else None
    return found if isinstance(found, Entry) else None


def _entry(
    profile: Profile, offering: Offering, known: Known, purpose: Purpose, now: datetime
) -> Entry | Hidden:
    """R22. For everybody the same fee (R27)."""
    fee = profile.fee(offering.kind, now.date())
    if fee is None:
        return Hidden.NO_FEE_TODAY
    if offering.kind in FAMILY_KINDS:
        return family_entry(profile, offering, fee, known, purpose, now)
    if purpose != "residence":
        return Hidden.NOT_OF_THE_KOSEKI_FAMILY
    if offering.kind in HOUSEHOLD_KINDS:
        return household_entry(profile, offering, fee, known, now)
    if offering.kind == "inkan":
        return seal_entry(profile, offering, fee, known, now)
    return tax_entry(profile, offering, fee, known, now)


def order_refusal(
    request: OrderRequest,
    listed: Entry,
    entry: Entry,
    holder: int,
    subjects: AbstractSet[int],
    max_copies: int,
) -> Refusal | None:
    """Whether this order fits what is on offer now. listed: the entry that was shown to the citizen.

    subjects: the persons whom its handles mean. What fitted then and does not now has changed meanwhile.
    """
    well_formed = 1 <= request.copies <= max_copies and len(request.subjects) == len(subjects)
    if not well_formed or not _fits(request, listed, holder, subjects):
        return entry.refusal or Refusal(Reason.BAD_REQUEST)
    if entry.refusal is not None:
        return entry.refusal
    return None if _fits(request, entry, holder, subjects) else Refusal(Reason.CHANGED)


def _fits(request: OrderRequest, entry: Entry, holder: int, subjects: AbstractSet[int]) -> bool:
    return (
        request.scope in (entry.scopes or ("self",))
        and _are_meant(request.scope, subjects, holder, {person.id for person in entry.persons})
        and request.items == tuple(item for item in entry.items if item in request.items)
        and request.year in ({year.year for year in entry.years} or {0})
        and request.fee == entry.fee
    )


def _are_meant(scope: Scope, subjects: AbstractSet[int], holder: int, everybody: AbstractSet[int]) -> bool:
    """Whether these are the people of this scope: 本人のみ, 世帯全員, 世帯の一部 (R15), 全部, 個人 (R19)."""
    match scope:
        case "self":
            return subjects == {holder}
        case "all" | "koseki_all":
            return subjects == everybody
        case "part":
            return bool(subjects) and subjects <= everybody
        case "koseki_one":
            return len(subjects) == 1 and subjects <= everybody

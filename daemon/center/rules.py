"""Who may have what, from facts alone (REQUIREMENTS §2). Pure: the day comes in from outside.

A kind this holder can never have here is hidden; one that is only not available now is listed with its
reason (§1). Both are computed anew for every list and again for every order (P12).
"""

from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from datetime import date, datetime

from daemon.center.facts import Card, Resident
from daemon.issuance.calendar import (
    DAYS_TO_CONTINUE_CARD,
    DAYS_TO_FILE_AFTER_MOVE,
    DAYS_TO_FILE_AFTER_PLANNED_MOVE,
    has_reached,
    last_good_day,
)
from daemon.issuance.messages import Item, Kind, OrderRequest, Reason, Refusal, Scope
from daemon.issuance.profile import Offering, Profile

SCOPES: Mapping[str, tuple[Scope, ...]] = {"juminhyo": ("self", "all", "part"), "inkan": ()}
"""The kinds this center can lay out, and for which scopes; none: a kind without a choice."""

SPOUSES = ("夫", "妻", "夫(未届)", "妻(未届)")


@dataclass(frozen=True)
class Entry:
    """One line of screen 7, before handles. persons: who can be on it, in the order of its pages.

    name: as the municipality calls the certificate.
    """

    kind: Kind
    fee: int
    scopes: tuple[Scope, ...]
    items: tuple[Item, ...]
    persons: tuple[Resident, ...]
    refusal: Refusal | None
    name: str


def card_refusal(card: Card | None, today: date) -> Reason | None:
    """By the certificate's record alone. An unknown serial may be one that is too new (R10)."""
    if card is None:
        return Reason.UNKNOWN_CERTIFICATE
    if card.revoked:
        return Reason.REVOKED
    if today < card.active_from:
        return Reason.NOT_READY
    return Reason.LAPSED if has_lapsed(card, today) else None


def has_lapsed(card: Card, today: date) -> bool:
    """R12 no 転入届 within 30 days of the planned move; R13 filed later than 14 days after the real one;
    R14 no 継続利用 within 90 days of filing.
    """
    if card.leaving and _too_late(card.filed or today, card.leaving, DAYS_TO_FILE_AFTER_PLANNED_MOVE):
        return True
    if card.filed is None:
        return False
    if card.moved and _too_late(card.filed, card.moved, DAYS_TO_FILE_AFTER_MOVE):
        return True
    return _too_late(card.continued or today, card.filed, DAYS_TO_CONTINUE_CARD)


def holder_refusal(holder: Resident, profile: Profile, today: date) -> Reason | None:
    """R3, and those who are not or no longer served here."""
    if not has_reached(profile.min_age, holder.born, today):
        return Reason.UNDERAGE
    if not holder.here:
        return Reason.NOT_ENTITLED
    return Reason.BLOCKED if "all" in holder.blocks else None


def entries(
    profile: Profile, holder: Resident, household: Sequence[Resident], now: datetime
) -> tuple[Entry, ...]:
    """What stands on screen 7 for this holder, in the profile's order. now: in Asia/Tokyo.

    household: all who are resident in it now, the holder among them.
    """
    offered = [
        (one, profile.fee(one.kind, now.date()))
        for one in profile.certificates
        if can_ever_have(one.kind, holder)
    ]
    return tuple(_entry(profile, one, fee, holder, household, now) for one, fee in offered if fee is not None)


def can_ever_have(kind: str, holder: Resident) -> bool:
    """R18, R22, R26: hidden otherwise."""
    return kind in SCOPES and (kind != "inkan" or holder.seal_registered is not None)


def order_refusal(
    request: OrderRequest, entry: Entry, holder: int, subjects: AbstractSet[int], max_copies: int
) -> Refusal | None:
    """Whether this order fits what is on offer now. subjects: the residents whom its handles mean."""
    if entry.refusal is not None:
        return entry.refusal
    fits = (
        request.scope in (entry.scopes or ("self",))
        and len(request.subjects) == len(subjects)
        and _are_meant(request.scope, subjects, holder, {person.id for person in entry.persons})
        and request.items == tuple(item for item in entry.items if item in request.items)
        and 1 <= request.copies <= max_copies
    )
    return None if fits else Refusal(Reason.BAD_REQUEST)


def household_order(member: Resident) -> tuple[int, date, int]:
    """What the pages of a household are sorted by: 世帯主, husband or wife, then the others by age."""
    rank = 0 if member.relation == "世帯主" else 1 if member.relation in SPOUSES else 2
    return rank, member.born, member.id


def _are_meant(scope: Scope, subjects: AbstractSet[int], holder: int, everybody: AbstractSet[int]) -> bool:
    """Whether these are the people of this scope: 本人のみ, 世帯全員 or 世帯の一部 (R15)."""
    match scope:
        case "self":
            return subjects == {holder}
        case "all":
            return subjects == everybody
        case "part":
            return bool(subjects) and subjects <= everybody
        case _:
            return False


def _entry(
    profile: Profile,
    offering: Offering,
    fee: int,
    holder: Resident,
    household: Sequence[Resident],
    now: datetime,
) -> Entry:
    """Nobody who is blocked is offered; a certificate of 世帯全員 without one of them would be untrue."""
    kind = offering.kind
    able = [one for one in household if one.id == holder.id or not one.blocks & {"all", kind}]
    possible: Mapping[Scope, bool] = {
        "self": True,
        "all": len(able) == len(household),
        "part": len(able) > 1,
    }
    scopes = tuple(one for one in offering.scopes if one in SCOPES[kind] and possible[one])
    refusal = profile.opening(kind, now)
    if kind in holder.blocks or (offering.scopes and not scopes):
        refusal = Refusal(Reason.BLOCKED)
    shared = "all" in scopes or "part" in scopes
    persons = tuple(sorted(able, key=household_order)) if shared else (holder,)
    return Entry(kind, fee, scopes, offering.choices(), persons, refusal, offering.name)


def _too_late(done: date, base: date, days: int) -> bool:
    return done > last_good_day(base, days)

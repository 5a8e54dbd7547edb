"""Who may have what, from facts alone (REQUIREMENTS §2). Pure: the day comes in from outside.

A kind this holder can never have here is hidden; one that is only not available now is listed with its
reason (§1). Both are computed anew for every list and again for every order (P12).
"""

from collections.abc import Mapping
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

SCOPES: Mapping[str, tuple[Scope, ...]] = {"juminhyo": ("self",), "inkan": ()}
"""The kinds this center can lay out, and for which scopes; none: a kind without a choice."""


@dataclass(frozen=True)
class Entry:
    """One line of screen 7, before names and handles."""

    kind: Kind
    fee: int
    scopes: tuple[Scope, ...]
    items: tuple[Item, ...]
    refusal: Refusal | None


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


def entries(profile: Profile, holder: Resident, now: datetime) -> tuple[Entry, ...]:
    """What stands on screen 7 for this holder, in the profile's order. now: in Asia/Tokyo."""
    offered = [
        (one, profile.fee(one.kind, now.date()))
        for one in profile.certificates
        if can_ever_have(one.kind, holder)
    ]
    return tuple(_entry(profile, one, fee, holder, now) for one, fee in offered if fee is not None)


def can_ever_have(kind: str, holder: Resident) -> bool:
    """R18, R22, R26: hidden otherwise."""
    return kind in SCOPES and (kind != "inkan" or holder.seal_registered is not None)


def order_refusal(
    request: OrderRequest, entry: Entry | None, subjects: int, max_copies: int
) -> Refusal | None:
    """Whether this order fits what is on offer now. subjects: how many of its handles are known."""
    if entry is None:
        return Refusal(Reason.NOT_ENTITLED)
    if entry.refusal is not None:
        return entry.refusal
    fits = (
        request.scope in (entry.scopes or ("self",))
        and subjects == len(request.subjects) == 1
        and request.items == tuple(item for item in entry.items if item in request.items)
        and 1 <= request.copies <= max_copies
    )
    return None if fits else Refusal(Reason.BAD_REQUEST)


def _entry(profile: Profile, offering: Offering, fee: int, holder: Resident, now: datetime) -> Entry:
    refusal = profile.opening(offering.kind, now)
    if offering.kind in holder.blocks:
        refusal = Refusal(Reason.BLOCKED)
    scopes = tuple(scope for scope in offering.scopes if scope in SCOPES[offering.kind])
    return Entry(offering.kind, fee, scopes, offering.choices(), refusal)


def _too_late(done: date, base: date, days: int) -> bool:
    return done > last_good_day(base, days)

"""Which people: who may stand at the kiosk, who is blocked, and in which order a household is printed. Pure.

A block is read with the day: what was filed takes effect when the profile says so (REQUIREMENTS §4).
"""

from collections.abc import Sequence
from datetime import date

from daemon.center.facts import Guarded, Resident
from daemon.center.rules.listing import Known
from daemon.issuance.calendar import has_reached
from daemon.issuance.messages import Reason
from daemon.issuance.profile import Profile

SPOUSES = ("夫", "妻", "夫(未届)", "妻(未届)")


def holder_refusal(holder: Resident, profile: Profile, today: date) -> Reason | None:
    """R3, and those who are not or no longer served. profile: of the municipality they live in."""
    if is_underage(holder, profile, today):
        return Reason.UNDERAGE
    if not holder.here:
        return Reason.NOT_ENTITLED
    return Reason.BLOCKED if "all" in holder.blocks else None


def is_underage(holder: Resident, profile: Profile, today: date) -> bool:
    """R3: all that is told of a person before the PIN. profile: of the municipality they live in."""
    return not has_reached(profile.min_age, holder.born, today)


def is_held_back(known: Known, profile: Profile, today: date) -> bool:
    """Whether the holder gets nothing where they live: a 転出届 or a 支援措置 of their own stands in the way,
    or one of somebody in the household where the municipality then keeps it from all of it.
    """
    filed = [one.leaving_filed for one in _own_first(known)]
    return _concerns(profile.move_out_blocks, filed, profile, today) or is_shielded(known, profile, today)


def is_shielded(known: Known, profile: Profile, today: date) -> bool:
    """Whether a 支援措置 keeps all from the holder, at the municipality of the 本籍 as where they live:
    it is for a person, and whoever has the card may be the one it is against.
    """
    entered = [one.support_since for one in _own_first(known)]
    return _concerns(profile.support_blocks, entered, profile, today)


def is_never_named(one: Resident, kind: str, profile: Profile, today: date) -> bool:
    """Whether this person must not stand on a certificate that somebody else asks for."""
    return (
        is_blocked(one, kind)
        or _is_in_force(one.leaving_filed, profile, today)
        or is_protected(one, profile, today)
    )


def is_blocked(one: Guarded, kind: str) -> bool:
    """Of this kind, or of all."""
    return "all" in one.blocks or kind in one.blocks


def is_protected(one: Guarded, profile: Profile, today: date) -> bool:
    """By a 支援措置: nobody else may learn the address."""
    return profile.support_blocks != "nobody" and _is_in_force(one.support_since, profile, today)


def household_order(member: Resident) -> tuple[int, date, int]:
    """What the pages of a household are sorted by: 世帯主, husband or wife, then the others by age."""
    rank = 0 if member.relation == "世帯主" else 1 if member.relation in SPOUSES else 2
    return rank, member.born, member.id


def _own_first(known: Known) -> list[Resident]:
    return [known.holder, *(one for one in known.household if one.id != known.holder.id)]


def _concerns(whom: str, days: Sequence[date | None], profile: Profile, today: date) -> bool:
    """days: of the holder, then of the others in the household."""
    concerned = {"nobody": 0, "person": 1, "household": None}
    return any(_is_in_force(day, profile, today) for day in days[: concerned[whom]])


def _is_in_force(filed: date | None, profile: Profile, today: date) -> bool:
    """Some municipalities work it in over night."""
    if filed is None:
        return False
    return filed < today if profile.blocks_from == "next-day" else filed <= today

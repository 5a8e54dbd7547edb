"""The koseki family: 戸籍全部事項証明書, 戸籍個人事項証明書 and 戸籍の附票の写し (R19 to R24, R28). Pure.

A koseki is a couple and its unmarried children. Who has left it, by marriage, by a child of their own or by
death, is never chosen, and chooses nothing in it any more.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from daemon.center.facts import FuhyoMember, Koseki, Member, Resident
from daemon.center.rules.listing import Candidate, Entry, Hidden, Known
from daemon.center.rules.people import is_blocked, is_protected, is_shielded
from daemon.center.rules.residence import own_refusal
from daemon.issuance.messages import Purpose, Reason, Refusal, Scope
from daemon.issuance.profile import Offering, Profile

FAMILY_KINDS = ("koseki", "fuhyo")
MOVED_RECENTLY = timedelta(days=30)
FUHYO_MAY_LAG = "note.fuhyo"
"""R24, for screens 7 and 11."""


@dataclass(frozen=True)
class Recorded:
    """Somebody in a koseki or its 附票. active: still in it."""

    person: Candidate
    active: bool
    blocked: bool


def family_entry(
    profile: Profile, offering: Offering, fee: int, known: Known, purpose: Purpose, now: datetime
) -> Entry | Hidden:
    """R19, R20: oneself and who is in the same koseki now; R21: where the 本籍 is."""
    koseki = known.koseki
    if koseki is None:
        return Hidden.NO_KOSEKI
    if koseki.municipality != profile.code:
        return Hidden.KOSEKI_ELSEWHERE
    recorded = _recorded(profile, offering.kind, koseki, known, now.date())
    active = [one for one in recorded if one.active]
    if known.holder.id not in {one.person.id for one in active}:
        return Hidden.NO_LONGER_IN_KOSEKI if recorded else Hidden.NO_FUHYO
    return _entry(profile, offering, fee, known, purpose, now, koseki, recorded)


def _entry(
    profile: Profile,
    offering: Offering,
    fee: int,
    known: Known,
    purpose: Purpose,
    now: datetime,
    koseki: Koseki,
    recorded: Sequence[Recorded],
) -> Entry:
    """A certificate of everybody shows those who left too: none of all may be blocked."""
    persons = tuple(one.person for one in recorded if one.active and not one.blocked)
    possible: Mapping[str, bool] = {
        "koseki_all": not any(one.blocked for one in recorded),
        "koseki_one": bool(persons),
    }
    scopes: tuple[Scope, ...] = tuple(one for one in offering.scopes if possible.get(one, False))
    refusal = _refusal(profile, offering.kind, known, purpose, now, koseki)
    if not scopes:
        refusal = Refusal(Reason.BLOCKED)
    return Entry(
        offering.kind,
        offering.name,
        fee,
        scopes,
        offering.choices(),
        persons,
        notices=_notices(offering.kind, known.holder, now.date()),
        refusal=refusal,
    )


def _recorded(profile: Profile, kind: str, koseki: Koseki, known: Known, today: date) -> tuple[Recorded, ...]:
    """In the order of the koseki. Who is removed in the koseki is so in the 附票, whatever that says."""
    active = {one.person for one in koseki.members if not one.removed}
    members: Sequence[Member | FuhyoMember] = koseki.members
    if kind == "fuhyo":
        members = known.fuhyo.members if known.fuhyo else ()
    return tuple(
        Recorded(
            Candidate(one.person, one.full_name, one.name if isinstance(one, Member) else ""),
            one.person in active and not one.removed,
            _is_blocked(profile, kind, one.person, known, today),
        )
        for one in members
    )


def _is_blocked(profile: Profile, kind: str, person: int, known: Known, today: date) -> bool:
    """Whether the holder must not have this member on a certificate. A koseki shows no address. Of whom it
    is not known what is entered, it is as if everything were.
    """
    if person == known.holder.id:
        return False
    relative = known.relatives.get(person)
    if relative is None:
        return True
    return is_blocked(relative, kind) or (kind == "fuhyo" and is_protected(relative, profile, today))


def _refusal(
    profile: Profile, kind: str, known: Known, purpose: Purpose, now: datetime, koseki: Koseki
) -> Refusal | None:
    """R23: a notification that is filed and not recorded yet. A 転出届 filed where one lives does not
    concern the municipality of the 本籍; a 支援措置 does.
    """
    if purpose == "residence":
        refusal = own_refusal(profile, kind, known, now)
    elif is_blocked(known.holder, kind) or is_shielded(known, profile, now.date()):
        refusal = Refusal(Reason.BLOCKED)
    else:
        refusal = profile.opening(kind, now)
    if koseki.pending is not None and koseki.pending <= now.date():
        return Refusal(Reason.KOSEKI_PENDING) if not _is_block(refusal) else refusal
    return refusal


def _is_block(refusal: Refusal | None) -> bool:
    return refusal is not None and refusal.reason is Reason.BLOCKED


def _notices(kind: str, holder: Resident, today: date) -> tuple[str, ...]:
    moved = timedelta(0) <= today - holder.address.filed < MOVED_RECENTLY
    return (FUHYO_MAY_LAG,) if kind == "fuhyo" and moved else ()

"""The fields of 戸籍 and 附票 certificates, in the words of the register (REQUIREMENTS §6). Pure.

全部事項証明 shows everybody who is recorded, those removed marked 除籍; 個人事項証明 one person.
"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from typing import TypeVar

from daemon.center.documents.certificate import Certificate, Letterhead, Record
from daemon.center.facts import Fuhyo, FuhyoMember, Koseki, Matter, Member, Stay
from daemon.issuance.calendar import wareki
from daemon.issuance.messages import Item, Scope
from daemon.issuance.order import KOSEKI_SENTENCES, OMITTED

Somebody = TypeVar("Somebody", Member, FuhyoMember)

FUHYO_SENTENCE = "この写しは、戸籍の附票の原本と相違ないことを証明する。"


@dataclass(frozen=True)
class MatterRecord(Record):
    """lines: (【婚姻日】, what was recorded)."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class MemberRecord(Record):
    """name: 名, without the family name, as the register has it."""

    person: int
    name: str
    born: str
    spouse: str
    father: str
    mother: str
    relation: str
    removed: bool
    entries: tuple[MatterRecord, ...]


@dataclass(frozen=True)
class KosekiRecord(Record):
    """scope: the heading at the upper right."""

    scope: str
    honseki: str
    hittosha: str
    entries: tuple[MatterRecord, ...]
    members: tuple[MemberRecord, ...]


@dataclass(frozen=True)
class StayRecord(Record):
    """since: an era date."""

    address: str
    since: str


@dataclass(frozen=True)
class FuhyoMemberRecord(Record):
    """sex: 男女の別."""

    person: int
    full_name: str
    born: str
    sex: str
    removed: bool
    stays: tuple[StayRecord, ...]


@dataclass(frozen=True)
class FuhyoRecord(Record):
    """honseki, hittosha: 省略 unless the profile says otherwise."""

    scope: str
    honseki: str
    hittosha: str
    members: tuple[FuhyoMemberRecord, ...]


def koseki(head: Letterhead, facts: Koseki, scope: Scope, persons: Collection[int]) -> Certificate:
    """戸籍全部事項証明書, or 戸籍個人事項証明書 of these persons. Raises ValueError: not what is recorded."""
    whole = scope == "koseki_all"
    members = _recorded(facts.members) if whole else _chosen(facts.members, persons)
    record = KosekiRecord(
        scope="全部事項証明" if whole else "個人事項証明",
        honseki=facts.honseki,
        hittosha=facts.hittosha,
        entries=_matters(facts.entries),
        members=tuple(_member(one) for one in members),
    )
    return Certificate("koseki", head, KOSEKI_SENTENCES["koseki_all" if whole else "koseki_one"], (record,))


def fuhyo(
    head: Letterhead, facts: Fuhyo, scope: Scope, persons: Collection[int], items: Collection[Item]
) -> Certificate:
    """戸籍の附票の写し, of all or of these persons. Raises ValueError: not what is recorded."""
    whole = scope == "koseki_all"
    members = _recorded(facts.members) if whole else _chosen(facts.members, persons)
    named = "honseki" in items
    record = FuhyoRecord(
        scope="全部証明" if whole else "一部証明",
        honseki=facts.honseki if named else OMITTED,
        hittosha=facts.hittosha if named else OMITTED,
        members=tuple(_fuhyo_member(one) for one in members),
    )
    return Certificate("fuhyo", head, FUHYO_SENTENCE, (record,))


def _recorded(members: tuple[Somebody, ...]) -> tuple[Somebody, ...]:
    if not members:
        raise ValueError("nobody is recorded")
    return members


def _chosen(members: Iterable[Somebody], persons: Collection[int]) -> tuple[Somebody, ...]:
    found = tuple(one for one in members if one.person in persons and not one.removed)
    if not found or len(found) != len(set(persons)):
        raise ValueError("not exactly these persons are recorded")
    return found


def _member(one: Member) -> MemberRecord:
    return MemberRecord(
        person=one.person,
        name=one.name,
        born=wareki(one.born),
        spouse=one.spouse,
        father=one.father,
        mother=one.mother,
        relation=one.relation,
        removed=one.removed,
        entries=_matters(one.entries),
    )


def _fuhyo_member(one: FuhyoMember) -> FuhyoMemberRecord:
    return FuhyoMemberRecord(
        person=one.person,
        full_name=one.full_name,
        born=wareki(one.born),
        sex=one.sex,
        removed=one.removed,
        stays=tuple(_stay(stay) for stay in one.stays),
    )


def _stay(one: Stay) -> StayRecord:
    return StayRecord(one.address, wareki(one.since))


def _matters(entries: Iterable[Matter]) -> tuple[MatterRecord, ...]:
    return tuple(MatterRecord(one.title, one.lines) for one in entries)

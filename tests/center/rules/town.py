"""Invented facts for the rules: the seed's own example, a couple A and B with their children C and D, of whom
D has married E; and two profiles, of a municipality for each of the two koseki rules.

``known`` is what the registry would say of one of them; a test changes what it is about.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import msgspec

from daemon.center.facts import (
    Address,
    Fuhyo,
    FuhyoMember,
    Guard,
    Guarded,
    Koseki,
    Member,
    Registered,
    Resident,
    Stay,
    Tax,
)
from daemon.center.rules import Entry, Hidden, Known, Listing, listing
from daemon.issuance.calendar import TOKYO
from daemon.issuance.messages import OrderRequest, Purpose
from daemon.issuance.profile import Profile, load_profile

TOWNS = Path(__file__).parents[3] / "assets" / "municipalities"
TAKAOKA: Profile = load_profile(TOWNS / "162027.toml")
ISHIKARI: Profile = load_profile(TOWNS / "012351.toml")
TODAY = date(2026, 4, 1)
NOON = datetime(2026, 4, 1, 12, 0, tzinfo=TOKYO)
LONG_AGO = date(2010, 4, 1)
A, B, C, D, E = 1, 2, 3, 4, 5
NAMES = {A: "山田 一郎", B: "山田 花子", C: "山田 三郎", D: "鈴木 四葉", E: "鈴木 五郎"}
BORN = {
    A: date(1960, 1, 1),
    B: date(1962, 2, 2),
    C: date(1990, 3, 3),
    D: date(1992, 4, 4),
    E: date(1991, 5, 5),
}
RELATIONS = {A: "世帯主", B: "妻", C: "子", D: "妻", E: "世帯主"}
PARENTS, COUPLE = 10, 20


def resident(person: int, municipality: str = TAKAOKA.code) -> Resident:
    """Lives there, with the 本籍 there too."""
    return Resident(
        id=person,
        name=NAMES[person],
        kana="",
        born=BORN[person],
        sex="",
        relation=RELATIONS[person],
        resident_since=LONG_AGO,
        mynumber="",
        here=True,
        head="",
        honseki="",
        hittosha="",
        address=Address("", LONG_AGO, LONG_AGO),
        municipality=municipality,
        koseki=PARENTS if person in (A, B, C) else COUPLE,
        koseki_municipality=municipality,
    )


def member(person: int, removed: bool = False) -> Member:
    return Member(person, NAMES[person].split()[1], NAMES[person], BORN[person], "", "", "", "", removed)


def koseki(id: int, municipality: str = TAKAOKA.code) -> Koseki:
    """D has left that of the parents."""
    parents = (member(A), member(B), member(C), member(D, removed=True))
    members = parents if id == PARENTS else (member(E), member(D))
    return Koseki(id, municipality, "", members[0].full_name, (), members)


def fuhyo_of(one: Koseki) -> Fuhyo:
    members = tuple(
        FuhyoMember(each.person, each.full_name, each.born, "", (Stay("", LONG_AGO),), each.removed)
        for each in one.members
    )
    return Fuhyo(one.id, one.municipality, one.honseki, one.hittosha, members)


def tax(person: int, year: int, municipality: str) -> Tax:
    return Tax(person, year, "", (), 0, (), (), 0, 0, 0, 0, 0, municipality=municipality)


def known(person: int, municipality: str = TAKAOKA.code, home: str = "") -> Known:
    """home: where they live, if it is not where the koseki is."""
    together = (A, B, C) if person in (A, B, C) else (E, D)
    people = {
        one: replace(resident(one, home or municipality), koseki_municipality=municipality)
        for one in together
    }
    family = koseki(people[person].koseki or 0, municipality)
    taxes = {year: tax(person, year, home or municipality) for year in range(2015, 2030)}
    relatives = {one.person: people.get(one.person, Guard()) for one in family.members}
    return Known(people[person], tuple(people.values()), family, fuhyo_of(family), relatives, taxes)


Change = Callable[[Resident], Resident]


def with_holder(facts: Known, change: Change) -> Known:
    return with_person(facts, facts.holder.id, change)


def with_person(facts: Known, person: int, change: Change) -> Known:
    """Changed wherever the registry would show it."""

    def changed(one: Resident) -> Resident:
        return change(one) if one.id == person else one

    household = tuple(changed(one) for one in facts.household)
    relatives: dict[int, Guarded] = {
        key: changed(one) if isinstance(one, Resident) else one for key, one in facts.relatives.items()
    }
    return replace(facts, holder=changed(facts.holder), household=household, relatives=relatives)


def screen_7(
    facts: Known, profile: Profile = TAKAOKA, purpose: Purpose = "residence", now: datetime = NOON
) -> Listing:
    return listing(profile, facts, purpose, now)


def entry(
    facts: Known,
    kind: str,
    profile: Profile = TAKAOKA,
    purpose: Purpose = "residence",
    now: datetime = NOON,
) -> Entry:
    """This line of screen 7, which must be there."""
    found = screen_7(facts, profile, purpose, now).entry(kind)
    assert found is not None
    return found


def hidden(
    facts: Known,
    profile: Profile = TAKAOKA,
    purpose: Purpose = "residence",
    now: datetime = NOON,
) -> Mapping[str, Hidden]:
    return dict(screen_7(facts, profile, purpose, now).hidden)


def ids(found: Entry) -> tuple[int, ...]:
    return tuple(one.id for one in found.persons)


def registered(ready: date, municipality: str = ISHIKARI.code) -> Registered:
    return Registered(D, municipality, TODAY, ready)


def wish(found: Entry, subjects: tuple[int, ...], **changes: object) -> OrderRequest:
    """An order of the first scope of this entry, as a kiosk would send it; handles are of no matter here."""
    plain = OrderRequest(
        order="0d" * 16,
        terminal="T01",
        session="5e" * 16,
        kind=found.kind,
        scope=(found.scopes or ("self",))[0],
        subjects=tuple(map(str, subjects)),
        items=(),
        copies=1,
        sample=True,
        year=found.years[0].year if found.years else 0,
        fee=found.fee,
    )
    return msgspec.structs.replace(plain, **changes)

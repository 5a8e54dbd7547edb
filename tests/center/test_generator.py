"""Generated municipalities: whatever the seed, their people fit together as registers demand (R28, R16)."""

import hashlib
from collections import Counter
from collections.abc import Iterator
from datetime import date
from itertools import pairwise

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, Row, Table, func, select

from daemon.center import tables
from daemon.center.documents.press import FONT
from daemon.center.generator import generate, names, places
from daemon.center.glyphs import Repertoire
from daemon.center.made.numbers import check_digit
from daemon.center.registry import Registry, open_engine
from daemon.center.sample import sample_registry
from daemon.issuance.profile import load_profile
from tests.center.world import ISHIKARI, PROFILE

TODAY = date(2026, 4, 1)
TOWNS = (load_profile(PROFILE), load_profile(ISHIKARI))
CODES = [town.code for town in TOWNS]
seeds = st.integers(0, 2**32)
few = settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.too_slow])


class Made:
    """A generated registry: its rows as they are, and the questions of the center."""

    def __init__(self, people: int, seed: int, today: date = TODAY) -> None:
        self.engine: Engine = open_engine(None)
        self.serials = generate(self.engine, people, seed, TOWNS, today)
        self.registry = Registry(self.engine)
        self.today = today

    def __enter__(self) -> "Made":
        return self

    def __exit__(self, *_: object) -> None:
        self.engine.dispose()

    def rows(self, table: Table) -> list[Row[*tuple[object, ...]]]:
        with self.engine.connect() as connection:
            return list(connection.execute(select(table)).all())

    def here(self) -> list[int]:
        """The residents of the municipalities that are served."""
        people, homes = tables.residents, tables.households
        query = select(people.c.id).join(homes).where(homes.c.municipality.in_(CODES))
        with self.engine.connect() as connection:
            return list(connection.execute(query.where(people.c.state == "resident")).scalars())

    def digest(self) -> str:
        """Of everything in it."""
        whole = hashlib.sha256()
        for table in tables.metadata.sorted_tables:
            for row in self.rows(table):
                whole.update(repr(tuple(row)).encode())
        return whole.hexdigest()


@pytest.fixture(scope="module")
def town() -> Iterator[Made]:
    """Of a thousand people."""
    with Made(1000, 7) as made:
        yield made


# ---------------------------------------------------------------- from a seed


@few
@given(st.integers(1, 90), seeds)
def test_there_are_exactly_as_many_residents_as_were_asked_for(people: int, seed: int) -> None:
    with Made(people, seed) as made:
        assert len(made.here()) == people


@settings(max_examples=4, deadline=None)
@given(seeds)
def test_a_seed_makes_the_same_people_every_time_and_another_seed_others(seed: int) -> None:
    with Made(40, seed) as one, Made(40, seed) as again, Made(40, seed + 1) as other:
        assert (one.digest(), one.serials) == (again.digest(), again.serials)
        assert one.digest() != other.digest()


def test_people_are_added_to_those_of_a_registry_that_is_not_empty() -> None:
    engine = open_engine(None)
    sample_registry(engine, TODAY)
    before = Registry(engine).household(1)
    serials = generate(engine, 30, 1, TOWNS, TODAY)
    assert Registry(engine).household(1) == before
    assert Registry(engine).card(serials[0]) is not None
    engine.dispose()


@pytest.mark.parametrize(("people", "towns"), [(0, TOWNS), (5, ())])
def test_a_municipality_of_nobody_or_nowhere_is_refused(people: int, towns: tuple[()]) -> None:
    engine = open_engine(None)
    with pytest.raises(ValueError, match="at least one"):
        generate(engine, people, 1, towns, TODAY)
    engine.dispose()


# ---------------------------------------------------------------- koseki


@few
@given(seeds)
def test_a_koseki_is_a_couple_and_their_unmarried_children(seed: int) -> None:
    """R28: whoever marries or has a child is removed from that of the parents."""
    with Made(80, seed) as made:
        members = made.rows(tables.koseki_members)
        own = {row.id: row.koseki for row in made.rows(tables.residents)}
        active = [row for row in members if not row.removed]
        assert [row.person for row in active if own[row.person] != row.koseki] == []
        assert max(Counter(row.person for row in active).values()) == 1
        for koseki in {row.koseki for row in members}:
            all_of_it = sorted((r for r in members if r.koseki == koseki), key=lambda row: int(row.place))
            spouses = [row for row in all_of_it if row.spouse]
            assert [row.spouse for row in spouses] in (["夫", "妻"], [])
            assert [row.place for row in all_of_it] == list(range(1, len(all_of_it) + 1))
            parents = {row.full_name for row in all_of_it[: len(spouses) or 1]}
            for child in all_of_it[len(spouses) or 1 :]:
                assert {child.father, child.mother} - {""} == parents


@few
@given(seeds)
def test_who_was_removed_has_died_or_is_in_another_koseki(seed: int) -> None:
    with Made(80, seed) as made:
        people = {row.id: row for row in made.rows(tables.residents)}
        for row in made.rows(tables.koseki_members):
            person = people[row.person]
            gone = person.state == "dead" or person.koseki != row.koseki
            assert row.removed == gone
            assert person.koseki is not None


@few
@given(seeds)
def test_the_koseki_and_fuhyo_of_everybody_name_them_if_they_are_kept_here(seed: int) -> None:
    with Made(40, seed) as made:
        for person in made.here():
            koseki, fuhyo = made.registry.koseki(person), made.registry.fuhyo(person)
            if koseki is None or fuhyo is None:
                assert made.registry.resident(person).foreign is not None
                continue
            active = {member.person for member in koseki.members if not member.removed}
            assert (person in active) == (koseki.municipality in CODES)
            assert [m.person for m in fuhyo.members] == [m.person for m in koseki.members]
            assert all(member.stays for member in fuhyo.members)
            assert all(member.entries for member in koseki.members)


# ---------------------------------------------------------------- households


@few
@given(seeds)
def test_everybody_but_who_moved_out_has_one_present_address_and_no_day_is_in_the_future(seed: int) -> None:
    with Made(80, seed) as made:
        homes: dict[object, list[Row[*tuple[object, ...]]]] = {}
        for row in made.rows(tables.addresses):
            homes.setdefault(row.resident, []).append(row)
        for person in made.rows(tables.residents):
            stays = homes[person.id]
            left = [stay.until for stay in stays][-1]
            assert (left is not None) is (person.state == "moved-out")
            assert left is None or stays[-1].since <= left <= made.today
            assert all(earlier.until == later.since for earlier, later in pairwise(stays))
            assert person.born <= stays[0].since <= stays[-1].since <= made.today
            assert person.born <= person.resident_since <= stays[-1].since
        for koseki in made.rows(tables.koseki):
            assert koseki.pending is None or koseki.pending < made.today


@few
@given(seeds)
def test_the_head_of_a_household_is_in_it_or_has_died(seed: int) -> None:
    with Made(80, seed) as made:
        people: dict[object, list[Row[*tuple[object, ...]]]] = {}
        for row in made.rows(tables.residents):
            people.setdefault(row.household, []).append(row)
        for home in made.rows(tables.households):
            heads = [row for row in people.get(home.id, []) if row.name == home.head]
            assert heads, "a head who never lived there"
            living = [row for row in people[home.id] if row.state == "resident" and row.relation == "世帯主"]
            assert len(living) <= 1
            assert living or any(row.state == "dead" for row in heads)


# ---------------------------------------------------------------- the rest


@few
@given(seeds)
def test_every_card_is_somebodys(seed: int) -> None:
    with Made(60, seed) as made:
        cards = [made.registry.card(serial) for serial in made.serials]
        assert len(cards) == len(made.rows(tables.certificates))
        people = {row.id for row in made.rows(tables.residents)}
        assert {card.resident for card in cards if card is not None} <= people
        assert None not in cards


def test_the_individual_numbers_are_none(town: Made) -> None:
    numbers = [str(row.mynumber) for row in town.rows(tables.residents)]
    assert len(set(numbers)) == len(numbers)
    assert not [number for number in numbers if int(number[-1]) == check_digit(number[:11])]


def test_a_thousand_people_show_everything_that_rules_ask_about(town: Made) -> None:
    residents = [town.registry.resident(person) for person in town.here()]
    assert {one.municipality for one in residents} == set(CODES)
    for found in (
        [one for one in residents if one.foreign],
        [one for one in residents if one.foreign and one.alias],
        [one for one in residents if one.former_name],
        [one for one in residents if one.seal_image],
        [one for one in residents if one.blocks or one.support_since or one.leaving_filed],
        [one for one in residents if one.municipality != one.koseki_municipality in CODES],
        [one for one in residents if one.koseki_municipality not in (*CODES, "")],
        town.rows(tables.registrations),
        [row for row in town.rows(tables.taxes) if not row.annual],
        [row for row in town.rows(tables.taxes) if row.annual and row.year == TODAY.year],
        [row for row in town.rows(tables.residents) if row.state == "dead"],
        [row for row in town.rows(tables.residents) if row.state == "moved-out"],
        [row for row in town.rows(tables.certificates) if row.revoked],
        [row for row in town.rows(tables.certificates) if row.leaving],
        [row for row in town.rows(tables.koseki_members) if row.removed],
        [row for row in town.rows(tables.koseki) if row.pending],
    ):
        assert found
        assert len(found) < 2900


def test_most_names_can_be_printed_and_a_few_cannot(town: Made) -> None:
    font = Repertoire(FONT)
    assert all(font.can_draw(variant) for variant in names.VARIANTS.values())
    assert not any(font.can_draw(variant) for variant in names.LACKING.values())
    everybody = [str(row.name) for row in town.rows(tables.residents)]
    lacking = [name for name in everybody if not font.can_draw(name)]
    assert all(name.partition(" ")[0] in names.LACKING.values() for name in lacking)
    assert len(lacking) < len(everybody) / 50


def test_people_of_other_municipalities_live_in_none_of_those_served(town: Made) -> None:
    assert not {one.code for one in places.ELSEWHERE} & set(CODES)
    with town.engine.connect() as connection:
        codes = connection.execute(
            select(tables.households.c.municipality, func.count()).group_by(tables.households.c.municipality)
        ).all()
    assert {code for code, _ in codes} <= {*CODES, *(one.code for one in places.ELSEWHERE)}

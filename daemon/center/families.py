"""A koseki and its 附票 as the registry has them at this moment, with those who were removed from it."""

from sqlalchemy import Connection, Select, select

from daemon.center import tables
from daemon.center.facts import Fuhyo, FuhyoMember, Koseki, Matter, Member, Stay
from daemon.center.people import Found


def koseki(connection: Connection, resident: int) -> Koseki | None:
    """The one this person is in now; None: in none, as foreign residents are."""
    family = _family(connection, resident)
    if family is None:
        return None
    table = tables.koseki_matters
    query = select(table).where(table.c.koseki == family.id).order_by(table.c.id)
    matters: dict[int | None, list[Matter]] = {}
    for row in connection.execute(query):
        lines = tuple((label, text) for label, text in row.lines)
        matters.setdefault(row.person, []).append(Matter(row.title, lines))
    members = connection.execute(_members(family.id)).all()
    return Koseki(
        id=family.id,
        municipality=family.municipality,
        honseki=family.honseki,
        hittosha=family.hittosha,
        entries=tuple(matters.get(None, ())),
        members=tuple(_member(row, tuple(matters.get(row.person, ()))) for row in members),
        pending=family.pending,
    )


def fuhyo(connection: Connection, resident: int) -> Fuhyo | None:
    """Of the koseki this person is in now."""
    family = _family(connection, resident)
    if family is None:
        return None
    table = tables.fuhyo_stays
    query = select(table).where(table.c.koseki == family.id).order_by(table.c.since, table.c.id)
    stays: dict[int, list[Stay]] = {}
    for row in connection.execute(query):
        stays.setdefault(row.person, []).append(Stay(row.address, row.since))
    members = tuple(
        FuhyoMember(
            row.person, row.full_name, row.born, row.sex, tuple(stays.get(row.person, ())), row.removed
        )
        for row in connection.execute(_members(family.id))
    )
    return Fuhyo(family.id, family.municipality, family.honseki, family.hittosha, members)


def _family(connection: Connection, resident: int) -> Found | None:
    people, families = tables.residents, tables.koseki
    query = select(families).join(people, people.c.koseki == families.c.id).where(people.c.id == resident)
    return connection.execute(query).one_or_none()


def _members(family: int) -> Select[tuple[object, ...]]:
    """In the koseki's order, with what is known of the person as such."""
    members, people = tables.koseki_members, tables.residents
    return (
        select(members, people.c.born, people.c.sex)
        .join(people, people.c.id == members.c.person)
        .where(members.c.koseki == family)
        .order_by(members.c.place)
    )


def _member(row: Found, entries: tuple[Matter, ...]) -> Member:
    return Member(
        person=row.person,
        name=row.name,
        full_name=row.full_name,
        born=row.born,
        father=row.father,
        mother=row.mother,
        relation=row.relation,
        spouse=row.spouse,
        removed=row.removed,
        entries=entries,
    )

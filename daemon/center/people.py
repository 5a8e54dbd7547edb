"""Residents as the registry has them at this moment: the current record alone, whatever its history (R16).

However many people are asked for, it takes a fixed number of queries, each by an index.
"""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

from sqlalchemy import Connection, Row, Select, select

from daemon.center import tables
from daemon.center.facts import Address, Foreign, Guard, Resident

Found = Row[*tuple[object, ...]]
RESIDENT = "resident"
OFFICE, SUPPORT, LEAVING = "office", "support", "leaving"
"""Causes of blocks: an act of the office, 支援措置, a 転出届 that has not taken effect yet."""


def residents(connection: Connection, ids: Sequence[int]) -> tuple[Resident, ...]:
    """In this order. Raises LookupError: one of them is no resident, or has no current address."""
    found = {row.id: row for row in connection.execute(_people(ids))}
    if len(found) < len(set(ids)):
        raise LookupError("no such resident")
    homes, seals, blocks = _homes(connection, ids), _seals(connection, ids), _blocks(connection, ids)
    return tuple(
        _resident(found[one], homes.get(one, ()), seals.get(one), blocks.get(one, ())) for one in ids
    )


def household(connection: Connection, resident: int) -> tuple[Resident, ...]:
    """Raises LookupError: a member without a current address."""
    people = tables.residents
    own = select(people.c.household).where(people.c.id == resident).scalar_subquery()
    query = select(people.c.id).where(people.c.household == own, people.c.state == RESIDENT)
    return residents(connection, connection.execute(query.order_by(people.c.id)).scalars().all())


def guards(connection: Connection, ids: Sequence[int]) -> Mapping[int, Guard]:
    """What is entered against others for each of these, also for who lives nowhere that is known here."""
    blocks = _blocks(connection, ids)
    return {one: Guard(_kinds(blocks.get(one, ())), _entered(blocks.get(one, ()), SUPPORT)) for one in ids}


def _people(ids: Sequence[int]) -> Select[tuple[object, ...]]:
    people, homes, families, foreign = (
        tables.residents,
        tables.households,
        tables.koseki,
        tables.foreigners,
    )
    return (
        select(
            people,
            homes.c.head,
            homes.c.municipality,
            families.c.honseki,
            families.c.hittosha,
            families.c.municipality.label("koseki_municipality"),
            *(column.label(f"foreign_{column.name}") for column in foreign.c),
        )
        .join(homes, homes.c.id == people.c.household)
        .outerjoin(families, families.c.id == people.c.koseki)
        .outerjoin(foreign, foreign.c.resident == people.c.id)
        .where(people.c.id.in_(ids))
    )


def _resident(row: Found, homes: Sequence[Found], seal: Found | None, blocks: Sequence[Found]) -> Resident:
    address, previous = _current(homes)
    return Resident(
        id=row.id,
        name=row.name,
        kana=row.kana,
        born=row.born,
        sex=row.sex,
        relation=row.relation,
        resident_since=row.resident_since or address.since,
        mynumber=row.mynumber,
        here=row.state == RESIDENT,
        head=row.head,
        honseki=row.honseki or "",
        hittosha=row.hittosha or "",
        address=address,
        previous=previous,
        seal_registered=seal.registered if seal else None,
        blocks=_kinds(blocks),
        municipality=row.municipality,
        koseki=row.koseki,
        koseki_municipality=row.koseki_municipality or "",
        former_name=row.former_name,
        alias=row.alias,
        foreign=_foreign(row) if row.foreign_resident else None,
        seal_image=(seal.image or b"") if seal else b"",
        leaving_filed=_entered(blocks, LEAVING),
        support_since=_entered(blocks, SUPPORT),
    )


def _foreign(row: Found) -> Foreign:
    return Foreign(
        nationality=row.foreign_nationality,
        category=row.foreign_category,
        status=row.foreign_status,
        period=row.foreign_period,
        expires=row.foreign_expires,
        card_number=row.foreign_card_number,
    )


def _kinds(blocks: Iterable[Found]) -> frozenset[str]:
    """Those that the office has blocked."""
    return frozenset(block.kind for block in blocks if block.cause == OFFICE)


def _entered(blocks: Iterable[Found], cause: str) -> date | None:
    """The day of the first block of this cause; the first of all days where nobody knows it any more."""
    days = [block.entered or date.min for block in blocks if block.cause == cause]
    return min(days) if days else None


def _current(homes: Sequence[Found]) -> tuple[Address, str]:
    """(the present address, text of the one before). homes: latest first. Raises LookupError: none is."""
    now = next((home for home in homes if home.until is None), None)
    if now is None:
        raise LookupError("a resident without a current address")
    previous = next((home.text for home in homes if home.until is not None), "")
    return Address(now.text, now.since, now.filed), previous


# ---------------------------------------------------------------- by person


def _homes(connection: Connection, ids: Sequence[int]) -> Mapping[int, Sequence[Found]]:
    table = tables.addresses
    query = select(table).where(table.c.resident.in_(ids))
    return _by_person(connection.execute(query.order_by(table.c.since.desc(), table.c.id.desc())))


def _seals(connection: Connection, ids: Sequence[int]) -> Mapping[int, Found]:
    """Of those whose seal is registered now: not of those who had it abolished (R18)."""
    table = tables.seals
    query = select(table).where(table.c.resident.in_(ids), table.c.abolished.is_(None))
    return {row.resident: row for row in connection.execute(query)}


def _blocks(connection: Connection, ids: Sequence[int]) -> Mapping[int, Sequence[Found]]:
    table = tables.blocks
    return _by_person(connection.execute(select(table).where(table.c.resident.in_(ids))))


def _by_person(rows: Iterable[Found]) -> Mapping[int, Sequence[Found]]:
    found: dict[int, list[Found]] = {}
    for row in rows:
        found.setdefault(row.resident, []).append(row)
    return found

"""The registry's questions and answers. One rule: state is read when it is asked for, never kept (P12)."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import msgspec
from sqlalchemy import Connection, Engine, create_engine, event, func, insert, select, update
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import StaticPool

from daemon.center import tables
from daemon.center.facts import Address, Card, Resident
from daemon.issuance.messages import CopyOutcome, OrderRequest
from daemon.issuance.numbers import CertificateNumber

RESIDENT = "resident"


@dataclass(frozen=True)
class OrderRecord:
    """request: its digest, empty for an order that was cancelled before it came. numbers: 通 → outcome."""

    terminal: str
    request: str
    state: str
    numbers: Mapping[str, CopyOutcome | None]


def open_engine(path: Path | None) -> Engine:
    """An SQLite file, or memory (path None); usable from any one thread at a time. Makes missing tables."""
    if path is None:
        engine = create_engine(
            "sqlite://",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            hide_parameters=True,
        )
    else:
        engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    tables.metadata.create_all(engine)
    return engine


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def request_digest(request: OrderRequest) -> str:
    """What tells a retry from another order under the same id."""
    return hashlib.sha256(msgspec.json.encode(request)).hexdigest()


class Registry:
    """Queries over an engine."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    # ------------------------------------------------------------ people

    def card(self, serial: str) -> Card | None:
        """The certificate with this serial (lower-case hex)."""
        table = tables.certificates
        with self._engine.connect() as connection:
            row = connection.execute(select(table).where(table.c.serial == serial)).one_or_none()
        return None if row is None else Card(**row._mapping)

    def resident(self, id: int) -> Resident:
        """The person as of now. Raises LookupError: a registry without this person or the address."""
        with self._engine.connect() as connection:
            return _resident(connection, id)

    def household(self, resident: int) -> tuple[Resident, ...]:
        """Who is resident now in the household of this person (R15): nobody who moved out or died.

        Raises LookupError: one of them has no address.
        """
        people = tables.residents
        own = select(people.c.household).where(people.c.id == resident).scalar_subquery()
        query = select(people.c.id).where(people.c.household == own, people.c.state == RESIDENT)
        with self._engine.connect() as connection:
            members = connection.execute(query.order_by(people.c.id)).scalars().all()
            return tuple(_resident(connection, member) for member in members)

    # ------------------------------------------------------------ orders

    def order(self, id: str) -> OrderRecord | None:
        with self._engine.connect() as connection:
            return _order(connection, id)

    @contextmanager
    def issuing(self, request: OrderRequest, at: datetime) -> Iterator["Issue"]:
        """Writes the order down and allocates its numbers; both are lost if the block raises."""
        with self._engine.begin() as connection:
            values = {
                "id": request.order,
                "terminal": request.terminal,
                "request": request_digest(request),
                "state": "issued",
                "at": at,
            }
            connection.execute(insert(tables.orders).values(values))
            yield Issue(connection, request)

    @contextmanager
    def reissuing(self, request: OrderRequest, number: str) -> Iterator["Issue"]:
        """``issuing`` for one 通 in place of another, which is void; both are lost if the block raises."""
        with self._engine.begin() as connection:
            where = tables.numbers.c.number == number
            connection.execute(update(tables.numbers).where(where).values(outcome=CopyOutcome.VOID.value))
            yield Issue(connection, request, number)

    def reissued(self, id: str) -> Mapping[str, str]:
        """Of an order: numbers that were replaced → by which."""
        table, numbers = tables.reissues, tables.numbers
        query = select(table.c.number, table.c.by).join(numbers, numbers.c.number == table.c.number)
        with self._engine.connect() as connection:
            rows = connection.execute(query.where(numbers.c.order == id)).all()
        return {row.number: row.by for row in rows}

    def cancel(self, id: str, terminal: str, at: datetime) -> None:
        """Voids the numbers without an outcome. An unknown order is noted, so that it comes too late (P3)."""
        with self._engine.begin() as connection:
            known = _order(connection, id)
            if known is None:
                values = {"id": id, "terminal": terminal, "request": "", "state": "cancelled", "at": at}
                connection.execute(insert(tables.orders).values(values))
            elif known.state == "issued":
                _set_state(connection, id, "cancelled")
                _void_the_open(connection, id)

    def close(self, id: str, outcomes: Mapping[str, CopyOutcome]) -> None:
        """Writes down how each 通 ended. One that the kiosk does not know of was never printed: void."""
        with self._engine.begin() as connection:
            _set_state(connection, id, "closed")
            for number, outcome in outcomes.items():
                where = (tables.numbers.c.order == id) & (tables.numbers.c.number == number)
                connection.execute(update(tables.numbers).where(where).values(outcome=outcome.value))
            _void_the_open(connection, id)


class Issue:
    """Inside of one order's transaction. instead_of: the number that the new one replaces; "": none."""

    def __init__(self, connection: Connection, request: OrderRequest, instead_of: str = "") -> None:
        self._connection = connection
        self._request = request
        self._instead_of = instead_of

    def new_number(self, municipality: str, day: date) -> str:
        """The next number of this terminal and day; a number is never given twice."""
        table, terminal = tables.numbers, self._request.terminal
        last = select(func.max(table.c.serial)).where(table.c.terminal == terminal, table.c.day == day)
        serial = (self._connection.execute(last).scalar_one() or 0) + 1
        number = str(CertificateNumber(municipality, day, terminal, serial))
        values = {
            "number": number,
            "order": self._request.order,
            "terminal": terminal,
            "day": day,
            "serial": serial,
        }
        self._connection.execute(insert(table).values(values))
        if self._instead_of:
            replaced = {"number": self._instead_of, "by": number}
            self._connection.execute(insert(tables.reissues).values(replaced))
        return number


def _resident(connection: Connection, id: int) -> Resident:
    people, homes, families = tables.residents, tables.households, tables.koseki
    query = (
        select(people, homes.c.head, families.c.honseki, families.c.hittosha)
        .join(homes, homes.c.id == people.c.household)
        .outerjoin(families, families.c.id == people.c.koseki)
        .where(people.c.id == id)
    )
    row = connection.execute(query).one_or_none()
    if row is None:
        raise LookupError("no such resident")
    address, previous = _addresses(connection, id)
    return Resident(
        id=id,
        name=row.name,
        kana=row.kana,
        born=row.born,
        sex=row.sex,
        relation=row.relation,
        resident_since=row.resident_since,
        mynumber=row.mynumber,
        here=row.state == RESIDENT,
        head=row.head,
        honseki=row.honseki or "",
        hittosha=row.hittosha or "",
        address=address,
        previous=previous,
        seal_registered=_seal(connection, id),
        blocks=_blocks(connection, id),
    )


def _addresses(connection: Connection, resident: int) -> tuple[Address, str]:
    """(current, text of the one before). Raises LookupError: none is current."""
    table = tables.addresses
    query = (
        select(table).where(table.c.resident == resident).order_by(table.c.since.desc(), table.c.id.desc())
    )
    rows = connection.execute(query).all()
    current = next((row for row in rows if row.until is None), None)
    if current is None:
        raise LookupError("a resident without a current address")
    previous = next((row.text for row in rows if row.until is not None), "")
    return Address(current.text, current.since, current.filed), previous


def _seal(connection: Connection, resident: int) -> date | None:
    table = tables.seals
    query = select(table.c.registered).where(table.c.resident == resident, table.c.abolished.is_(None))
    return connection.execute(query).scalar_one_or_none()


def _blocks(connection: Connection, resident: int) -> frozenset[str]:
    table = tables.blocks
    rows = connection.execute(select(table.c.kind).where(table.c.resident == resident))
    return frozenset(rows.scalars())


def _order(connection: Connection, id: str) -> OrderRecord | None:
    table, numbers = tables.orders, tables.numbers
    row = connection.execute(select(table).where(table.c.id == id)).one_or_none()
    if row is None:
        return None
    found = connection.execute(select(numbers.c.number, numbers.c.outcome).where(numbers.c.order == id))
    outcomes = {number: CopyOutcome(outcome) if outcome else None for number, outcome in found.all()}
    return OrderRecord(row.terminal, row.request, row.state, outcomes)


def _set_state(connection: Connection, id: str, state: str) -> None:
    connection.execute(update(tables.orders).where(tables.orders.c.id == id).values(state=state))


def _void_the_open(connection: Connection, id: str) -> None:
    """The numbers of an order without an outcome."""
    open_numbers = (tables.numbers.c.order == id) & tables.numbers.c.outcome.is_(None)
    connection.execute(update(tables.numbers).where(open_numbers).values(outcome=CopyOutcome.VOID.value))

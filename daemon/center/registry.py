"""The registry's questions and answers. One rule: state is read when it is asked for, never kept (P12)."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import date, datetime

import msgspec
from sqlalchemy import Connection, Engine, func, insert, select, update

from daemon.center import families, people, tables
from daemon.center.database import open_engine
from daemon.center.facts import Card, Fuhyo, Guard, Koseki, Registered, Resident, Tax
from daemon.issuance.messages import CopyOutcome, OrderRequest
from daemon.issuance.numbers import CertificateNumber

__all__ = ["Issue", "OrderRecord", "Registry", "open_engine", "request_digest"]


@dataclass(frozen=True)
class OrderRecord:
    """request: its digest, empty for an order that was cancelled before it came. numbers: 通 → outcome."""

    terminal: str
    request: str
    state: str
    numbers: Mapping[str, CopyOutcome | None]


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
        """The person as of now, wherever the 住所 is. Raises LookupError: nobody whose 住所 is known here."""
        with self._engine.connect() as connection:
            return people.residents(connection, [id])[0]

    def household(self, resident: int) -> tuple[Resident, ...]:
        """Who is resident now in the household of this person (R15): nobody who moved out or died.

        Raises LookupError: one of them has no address.
        """
        with self._engine.connect() as connection:
            return people.household(connection, resident)

    def guards(self, persons: Collection[int]) -> Mapping[int, Guard]:
        """What is entered for each of them against others, wherever they live, or if nobody knows."""
        with self._engine.connect() as connection:
            return people.guards(connection, tuple(persons))

    def koseki(self, resident: int) -> Koseki | None:
        """The koseki this person is in now (R19); None: in none."""
        with self._engine.connect() as connection:
            return families.koseki(connection, resident)

    def fuhyo(self, resident: int) -> Fuhyo | None:
        """The 附票 of the koseki this person is in now (R20); None: in none."""
        with self._engine.connect() as connection:
            return families.fuhyo(connection, resident)

    def tax(self, resident: int, year: int) -> Tax | None:
        """Of this 年度; None: it was not this registry's municipalities that taxed, or not yet."""
        table = tables.taxes
        query = select(table).where(table.c.person == resident, table.c.year == year)
        with self._engine.connect() as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        values = dict(row._mapping)
        for items in ("incomes", "deductions", "dependents"):
            values[items] = tuple((what, number) for what, number in values[items])
        return Tax(**values)

    # ------------------------------------------------------------ 利用登録

    def registration(self, resident: int, municipality: str) -> Registered | None:
        """Of this person with the municipality of the 本籍 (R41)."""
        with self._engine.connect() as connection:
            return _registration(connection, resident, municipality)

    def register(self, resident: int, municipality: str, filed: date, ready: date) -> Registered:
        """What is registered now: once is enough, so an earlier 利用登録 stays with its own days."""
        with self._engine.begin() as connection:
            known = _registration(connection, resident, municipality)
            if known is None:
                known = Registered(resident, municipality, filed, ready)
                connection.execute(insert(tables.registrations).values(asdict(known)))
            return known

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
        """``issuing`` for one 通 in place of another, which is void already; lost if the block raises."""
        with self._engine.begin() as connection:
            yield Issue(connection, request, number)

    def void(self, number: str) -> None:
        """A 通 that the kiosk says has jammed: on no certificate this number holds any more (P13)."""
        with self._engine.begin() as connection:
            where = tables.numbers.c.number == number
            connection.execute(update(tables.numbers).where(where).values(outcome=CopyOutcome.VOID.value))

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
        """Writes down how each 通 ended, of which it was not known for certain: void stays void (P13).
        One that the kiosk does not know of was never printed: void.
        """
        with self._engine.begin() as connection:
            _set_state(connection, id, "closed")
            for number, outcome in outcomes.items():
                table = tables.numbers
                unsettled = table.c.outcome.is_(None) | (table.c.outcome == CopyOutcome.IN_DOUBT.value)
                where = (table.c.order == id) & (table.c.number == number) & unsettled
                connection.execute(update(table).where(where).values(outcome=outcome.value))
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


def _registration(connection: Connection, person: int, municipality: str) -> Registered | None:
    table = tables.registrations
    query = select(table).where(table.c.person == person, table.c.municipality == municipality)
    row = connection.execute(query).one_or_none()
    return None if row is None else Registered(**row._mapping)


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

"""What happened, in order, for ever: one insert-only, hash-chained SQLite table, on disk before the act.

Every irreversible act has an intent before it and an outcome after it; balances are folds over entries,
never counters kept beside them. Entries hold no personal data: each event may carry only the fields its
catalogue (``assets/events.toml``) declares, and none of those is personal. WAL with synchronous=FULL: an
entry that ``write`` has returned survives a power cut.
"""

import asyncio
import hashlib
import json
import logging
import sqlite3
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Executor, ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from typing import TypeVar

from daemon.session.entries import Entry, Record, Value

log = logging.getLogger(__name__)

GENESIS = "0" * 64
T = TypeVar("T")

_COLUMNS = "seq, at, boot, session, event, key, data, hash"
_SCHEMA = """
CREATE TABLE IF NOT EXISTS entries (
  seq INTEGER PRIMARY KEY, at TEXT NOT NULL, boot TEXT NOT NULL, session TEXT NOT NULL,
  event TEXT NOT NULL, key TEXT UNIQUE, data TEXT NOT NULL, hash TEXT NOT NULL);
CREATE INDEX IF NOT EXISTS by_session ON entries (session, seq);
CREATE INDEX IF NOT EXISTS by_event ON entries (event, seq);
CREATE TRIGGER IF NOT EXISTS never_changed BEFORE UPDATE ON entries
  BEGIN SELECT RAISE(ABORT, 'the journal is insert-only'); END;
CREATE TRIGGER IF NOT EXISTS never_deleted BEFORE DELETE ON entries
  BEGIN SELECT RAISE(ABORT, 'the journal is insert-only'); END;
"""


class JournalBroken(Exception):
    """The file cannot be read or written, or its chain does not hold. The kiosk must not take money."""


class Journal:
    """``open`` it, ``write`` to it, read it back by session or by event.

    fields: event name → names of the fields it may carry (the catalogue).
    executor: where SQLite runs; one thread of its own, or inline under a virtual clock.
    """

    def __init__(
        self,
        path: Path | str,
        fields: Mapping[str, frozenset[str]],
        now: Callable[[], datetime],
        boot: str,
        executor: Executor | None = None,
    ) -> None:
        self._path = str(path)
        self._fields = fields
        self._now = now
        self._boot = boot
        self._executor = executor or ThreadPoolExecutor(1, thread_name_prefix="journal")
        self._observers: list[Callable[[Entry], None]] = []
        self._database: sqlite3.Connection | None = None
        self._head = GENESIS
        self._seq = 0

    async def open(self) -> None:
        """Opens or creates the file and checks its whole chain. Raises JournalBroken."""
        await self._run(self._open)

    async def write(self, event: str, session: str = "", **data: Value) -> Entry:
        """One entry, on disk when this returns. Raises JournalBroken."""
        return (await self.write_all([Record(event, session, data)]))[0]

    async def write_all(self, records: Sequence[Record]) -> list[Entry]:
        """All of them in one transaction; those whose key is already there are left out of the answer."""
        for record in records:
            self._check_fields(record)
        entries = await self._run(lambda: self._insert(records))
        for entry in entries:
            for observe in self._observers:
                observe(entry)
        return entries

    def observe(self, observer: Callable[[Entry], None]) -> None:
        """Calls observer with every entry from now on, after it is on disk."""
        self._observers.append(observer)

    async def session(self, session: str) -> list[Entry]:
        """The entries of one session, oldest first."""
        return await self._select("WHERE session = ? ORDER BY seq", (session,))

    async def events(self, *names: str) -> list[Entry]:
        """All entries of these events, oldest first."""
        marks = ", ".join("?" * len(names))
        return await self._select(f"WHERE event IN ({marks}) ORDER BY seq", names)

    async def since(self, moment: datetime, event: str) -> list[Entry]:
        """The entries of this event from this moment of the kiosk's own clock on, oldest first."""
        where = "WHERE event = ? AND at >= ? ORDER BY seq"
        return await self._select(where, (event, moment.isoformat()))

    async def last(self, event: str, name: str, value: str) -> Entry | None:
        """The newest entry of this event whose field ``name`` is ``value``."""
        where = "WHERE event = ? AND json_extract(data, '$.' || ?) = ? ORDER BY seq DESC LIMIT 1"
        return next(iter(await self._select(where, (event, name, value))), None)

    async def last_of_boot(self, boot: str) -> Entry:
        """The newest entry of that boot: when it was last alive. Raises LookupError: it wrote nothing."""
        found = await self._select("WHERE boot = ? ORDER BY seq DESC LIMIT 1", (boot,))
        if not found:
            raise LookupError(boot)
        return found[0]

    async def alive(self) -> bool:
        """Whether the journal's thread answers."""
        await self._run(lambda: self._connection().execute("SELECT 1").fetchone())
        return True

    @property
    def head(self) -> str:
        """The chain's newest hash, printed on receipts."""
        return self._head

    @property
    def known_events(self) -> tuple[str, ...]:
        """Every event of the catalogue."""
        return tuple(self._fields)

    async def close(self) -> None:
        await self._run(self._close)
        self._executor.shutdown(wait=False)

    # ------------------------------------------------------------ on the journal's own thread

    def _open(self) -> None:
        try:
            database = sqlite3.connect(self._path, check_same_thread=False, isolation_level=None)
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=FULL")
            database.executescript(_SCHEMA)
            self._follow_chain(database)
        except sqlite3.Error as error:
            raise JournalBroken(
                f"{self._path}: {error}; restore it or move it away and count the cash"
            ) from None
        self._database = database

    def _follow_chain(self, database: sqlite3.Connection) -> None:
        for *row, stored in database.execute(f"SELECT {_COLUMNS} FROM entries ORDER BY seq"):
            if stored != _chained(self._head, row):
                raise JournalBroken(f"{self._path}: the chain breaks at entry {row[0]}; count the cash")
            self._seq, self._head = row[0], stored

    def _insert(self, records: Sequence[Record]) -> list[Entry]:
        database = self._connection()
        try:
            entries = self._insert_all(database, records)
        except (sqlite3.Error, ValueError) as error:
            raise JournalBroken(f"{self._path}: {error}; nothing was written, check the disk") from None
        finally:
            if database.in_transaction:
                database.execute("ROLLBACK")
        if entries:
            self._head, self._seq = entries[-1].hash, entries[-1].seq
        return entries

    def _insert_all(self, database: sqlite3.Connection, records: Sequence[Record]) -> list[Entry]:
        head, seq, entries = self._head, self._seq, list[Entry]()
        database.execute("BEGIN IMMEDIATE")
        for record in records:
            if record.key is not None and self._has_key(database, record.key):
                continue
            entry = self._entry(head, seq + 1, record)
            head, seq = entry.hash, entry.seq
            self._insert_one(database, entry, record)
            entries.append(entry)
        database.execute("COMMIT")
        return entries

    def _has_key(self, database: sqlite3.Connection, key: str) -> bool:
        return database.execute("SELECT 1 FROM entries WHERE key = ?", (key,)).fetchone() is not None

    def _entry(self, head: str, seq: int, record: Record) -> Entry:
        at = self._now()
        row = (
            seq,
            at.isoformat(),
            self._boot,
            record.session,
            record.event,
            record.key,
            _canonical(record.data),
        )
        return Entry(
            seq, at, self._boot, record.session, record.event, dict(record.data), _chained(head, row)
        )

    def _insert_one(self, database: sqlite3.Connection, entry: Entry, record: Record) -> None:
        at, data = entry.at.isoformat(), _canonical(record.data)
        row = (entry.seq, at, entry.boot, entry.session, entry.event, record.key, data, entry.hash)
        database.execute(f"INSERT INTO entries ({_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)

    async def _select(self, where: str, values: Sequence[str]) -> list[Entry]:
        query = f"SELECT seq, at, boot, session, event, data, hash FROM entries {where}"
        rows = await self._run(lambda: self._connection().execute(query, values).fetchall())
        return [
            Entry(seq, datetime.fromisoformat(at), boot, session, event, json.loads(data), digest)
            for seq, at, boot, session, event, data, digest in rows
        ]

    def _close(self) -> None:
        if self._database is not None:
            self._database.close()
            self._database = None

    def _connection(self) -> sqlite3.Connection:
        if self._database is None:
            raise JournalBroken(f"{self._path}: not open")
        return self._database

    def _check_fields(self, record: Record) -> None:
        known = self._fields.get(record.event)
        if known is None or not known >= set(record.data):
            surplus = sorted(set(record.data) - (known or frozenset()))
            raise ValueError(f"event {record.event!r} with fields {surplus}: not in the event catalogue")

    async def _run(self, work: Callable[[], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._executor, work)


def _canonical(data: Mapping[str, Value]) -> str:
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def _chained(head: str, row: Sequence[object]) -> str:
    """The hash of an entry: over the hash before it and all of its columns."""
    link = json.dumps([head, *row], ensure_ascii=False, default=repr)
    return hashlib.sha256(link.encode()).hexdigest()

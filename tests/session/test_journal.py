"""The journal: insert-only, chained, durable, and closed to whatever the catalogue does not name."""

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.session.entries import Entry, Record
from daemon.session.journal import GENESIS, Journal, JournalBroken
from tests.session.stage import FIELDS, NOON, journal

DATA: dict[str, st.SearchStrategy[str | int | bool | None]] = {
    "device": st.text(st.characters(exclude_categories=["Cs"])),
    "code": st.none() | st.booleans(),
    "detail": st.integers(),
}
RECORDS = st.lists(
    st.builds(
        Record,
        event=st.just("device.changed"),
        session=st.sampled_from(["", "s1", "s2"]),
        data=st.fixed_dictionaries({}, optional=DATA),
        key=st.none() | st.sampled_from(["k1", "k2", "k3"]),
    ),
    max_size=6,
)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal.db"


@pytest.fixture
def no_database(path: Path) -> Path:
    path.write_bytes(b"not a database, but long enough to be looked at" * 50)
    return path


def tamper(path: Path, *statements: str) -> None:
    """What somebody with the file and SQLite in hand could do."""
    with closing(sqlite3.connect(path)) as database:
        database.execute("DROP TRIGGER never_changed")
        database.execute("DROP TRIGGER never_deleted")
        for statement in statements:
            database.execute(statement)
        database.commit()


async def write_steps(path: Path, count: int) -> None:
    async with journal(path) as kept:
        for step in range(count):
            await kept.write("session.step", "s1", step=f"screen {step}")


async def reopen(path: Path) -> None:
    async with journal(path):
        pass


# ---------------------------------------------------------------- kept for ever


async def test_an_entry_survives_reopening_with_all_it_says(path: Path) -> None:
    async with journal(path) as kept:
        written = await kept.write("card.read", "s1", kind="my-number-card", tries=None)
    async with journal(path, boot="boot-2") as kept:
        assert await kept.session("s1") == [written]
        assert kept.head == written.hash
        assert (written.at, written.boot, written.seq) == (NOON, "boot-1", 1)


async def test_the_file_is_on_disk_before_write_returns(path: Path) -> None:
    async with journal(path) as kept:
        await kept.write("session.started", "s1")
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT event FROM entries").fetchall() == [("session.started",)]


@pytest.mark.parametrize("statement", ["UPDATE entries SET data = '{}'", "DELETE FROM entries"])
async def test_entries_can_be_neither_changed_nor_deleted(path: Path, statement: str) -> None:
    await write_steps(path, 2)
    with (
        closing(sqlite3.connect(path)) as database,
        pytest.raises(sqlite3.IntegrityError, match="insert-only"),
    ):
        database.execute(statement)


@given(batches=st.lists(RECORDS, max_size=4))
async def test_whatever_was_written_is_read_back_and_the_chain_holds(batches: list[list[Record]]) -> None:
    with TemporaryDirectory() as directory:
        path = Path(directory) / "journal.db"
        async with journal(path) as kept:
            written = [entry for batch in batches for entry in await kept.write_all(batch)]
            head = kept.head
        async with journal(path) as kept:
            assert await kept.events("device.changed") == written
            assert kept.head == head
            assert [entry.seq for entry in written] == list(range(1, len(written) + 1))


# ---------------------------------------------------------------- the chain


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE entries SET data = replace(data, '2', '3') WHERE seq = 3",
        "UPDATE entries SET at = '2026-04-01T12:00:01+00:00' WHERE seq = 1",
        "UPDATE entries SET boot = 'boot-0' WHERE seq = 2",
        "UPDATE entries SET session = 's2' WHERE seq = 2",
        "UPDATE entries SET event = 'session.started' WHERE seq = 2",
        "UPDATE entries SET key = 'credit:1' WHERE seq = 2",
        "UPDATE entries SET hash = lower(hex(randomblob(32))) WHERE seq = 4",
        "DELETE FROM entries WHERE seq = 1",
        "DELETE FROM entries WHERE seq = 3",
        "INSERT INTO entries SELECT 5, at, boot, session, event, key, data, hash FROM entries WHERE seq = 4",
    ],
)
async def test_a_change_of_any_column_a_deletion_or_an_insertion_breaks_the_chain(
    path: Path, change: str
) -> None:
    await write_steps(path, 4)
    tamper(path, change)
    with pytest.raises(JournalBroken, match="chain breaks at entry"):
        await reopen(path)


async def test_two_entries_that_changed_places_break_the_chain(path: Path) -> None:
    await write_steps(path, 4)
    swap = [f"UPDATE entries SET seq = {new} WHERE seq = {old}" for old, new in [(2, 99), (3, 2), (99, 3)]]
    tamper(path, *swap)
    with pytest.raises(JournalBroken, match="chain breaks at entry 2"):
        await reopen(path)


async def test_a_deletion_that_closes_the_gap_breaks_the_chain(path: Path) -> None:
    await write_steps(path, 4)
    tamper(path, "DELETE FROM entries WHERE seq = 2", "UPDATE entries SET seq = seq - 1 WHERE seq > 2")
    with pytest.raises(JournalBroken, match="chain breaks at entry 2"):
        await reopen(path)


async def test_a_shortened_journal_has_another_head_than_the_receipt_says(path: Path) -> None:
    """An unkeyed chain cannot see that its end is missing: that is what the printed head is for."""
    async with journal(path) as kept:
        await kept.write("session.started", "s1")
        await kept.write("session.ended", "s1", reason="complete")
        printed = kept.head
    tamper(path, "DELETE FROM entries WHERE seq = 2")
    async with journal(path) as kept:
        assert kept.head != printed


async def test_a_file_that_is_no_database_is_a_broken_journal(no_database: Path) -> None:
    with pytest.raises(JournalBroken, match=r"journal\.db"):
        await reopen(no_database)


async def test_a_column_of_another_type_is_a_broken_journal(path: Path) -> None:
    """SQLite would give bytes where text was written: that is a break like any other."""
    await write_steps(path, 2)
    tamper(path, "UPDATE entries SET data = CAST(data AS BLOB) WHERE seq = 2")
    with pytest.raises(JournalBroken, match="chain breaks at entry 2"):
        await reopen(path)


async def test_text_that_no_file_can_hold_is_refused_and_the_journal_goes_on() -> None:
    async with journal() as kept:
        with pytest.raises(JournalBroken, match="nothing was written"):
            await kept.write("device.changed", device="cash", code="", detail="/dev/\udcff")
        assert (await kept.write("session.started", "s1")).seq == 1


async def test_an_empty_journal_has_the_genesis_head() -> None:
    async with journal() as kept:
        assert kept.head == GENESIS
        assert (await kept.write("session.started", "s1")).seq == 1


# ---------------------------------------------------------------- once, and all or nothing


async def test_a_record_whose_key_is_already_there_is_dropped(path: Path) -> None:
    credit = Record("session.step", "s1", {"step": "first"}, "credit:acceptor:0:1")
    async with journal(path) as kept:
        first = await kept.write_all([credit])
        head = kept.head
        assert await kept.write_all([credit]) == []
        assert (await kept.session("s1"), kept.head) == (first, head)
    async with journal(path) as kept:
        assert await kept.write_all([credit]) == []


async def test_a_replay_within_one_transaction_is_dropped_too() -> None:
    credit = Record("session.step", "s1", {"step": "first"}, "credit:acceptor:0:1")
    async with journal() as kept:
        assert len(await kept.write_all([credit, credit])) == 1


async def test_a_transaction_that_fails_in_the_middle_leaves_nothing_behind(path: Path) -> None:
    async with journal(path) as kept:
        before = await kept.write("session.started", "s1")
        with closing(sqlite3.connect(path)) as database:
            database.execute(
                "CREATE TRIGGER full_disk BEFORE INSERT ON entries WHEN new.seq = 3"
                " BEGIN SELECT RAISE(ABORT, 'disk full'); END"
            )
        records = [Record("session.step", "s1", {"step": name}) for name in ("a", "b")]
        with pytest.raises(JournalBroken, match="nothing was written"):
            await kept.write_all(records)
        assert await kept.session("s1") == [before]
        assert kept.head == before.hash


@pytest.mark.parametrize(
    "record",
    [
        Record("card.seen"),
        Record("session.started", "s1", {"name": "山田 太郎"}),
        Record("card.read", "s1", {"kind": "my-number-card", "serial": "01ab"}),
    ],
)
async def test_an_event_or_a_field_that_the_catalogue_does_not_name_is_refused(record: Record) -> None:
    async with journal() as kept:
        with pytest.raises(ValueError, match="not in the event catalogue") as refused:
            await kept.write_all([Record("session.started", "s1"), record])
        assert "山田" not in str(refused.value)
        assert await kept.session("s1") == []


async def test_a_closed_journal_takes_nothing() -> None:
    kept = Journal(":memory:", FIELDS, lambda: NOON, "boot-1")
    with pytest.raises(JournalBroken, match="not open"):
        await kept.write("session.started", "s1")
    await kept.close()


# ---------------------------------------------------------------- reading


async def test_observers_hear_of_every_entry_after_it_is_written() -> None:
    heard: list[tuple[str, str]] = []
    async with journal() as kept:
        kept.observe(lambda entry: heard.append((entry.event, kept.head)))
        await kept.write_all([Record("session.started", "s1"), Record("card.removed", "s1")])
        assert heard == [("session.started", kept.head), ("card.removed", kept.head)]


async def test_last_finds_the_newest_entry_with_this_value() -> None:
    async with journal() as kept:
        for device, last in (("a", 1), ("b", 2), ("a", 3)):
            await kept.write("cash.marked", device=device, epoch=0, last=last, seq=last)
        found = await kept.last("cash.marked", "device", "a")
        assert found is not None
        assert found.number("last") == 3
        assert await kept.last("cash.marked", "device", "c") is None


async def test_the_last_entry_of_a_boot_is_when_it_was_last_alive(path: Path) -> None:
    async with journal(path) as kept:
        await kept.write("session.started", "s1")
        last = await kept.write("card.removed", "s1")
    async with journal(path, boot="boot-2") as kept:
        await kept.write("boot.started", boot="boot-2", build="")
        assert await kept.last_of_boot("boot-1") == last


async def test_a_boot_that_wrote_nothing_has_no_last_entry() -> None:
    async with journal() as kept:
        with pytest.raises(LookupError, match="boot-9"):
            await kept.last_of_boot("boot-9")


@pytest.mark.parametrize("read", [lambda entry: entry.number("step"), lambda entry: entry.text("tries")])
async def test_a_field_read_as_what_it_is_not_is_a_defect(read: Callable[[Entry], object]) -> None:
    async with journal() as kept:
        entry = await kept.write("session.step", "s1", step="pin")
        with pytest.raises((AssertionError, KeyError)):
            read(entry)


async def test_the_journal_says_that_it_is_alive() -> None:
    async with journal() as kept:
        assert await kept.alive()

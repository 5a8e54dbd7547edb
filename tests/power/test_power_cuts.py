"""The power goes at any write or sync of the journal: nothing acknowledged is lost, the chain holds."""

import random
import tempfile
from collections.abc import Awaitable, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from daemon.session.entries import Record
from daemon.session.journal import Journal
from tests.power.disk import Disk, lay_out, recorded
from tests.session.stage import FIELDS, NOON, Inline

WRITES = 20
SEED = 20260401
SUBSETS = (0.1, 0.5, 0.9, 1.0)
"""Parts of the unsynced sectors that survive, one image each; and one where none does."""


@pytest.fixture
def memory() -> Iterator[Path]:
    """Two folders that cost no real disk its time: the cuts are simulated, the syncs need not be real."""
    with tempfile.TemporaryDirectory(dir="/dev/shm") as folder:
        for name in ("kiosk", "image"):
            (Path(folder) / name).mkdir()
        yield Path(folder)


@dataclass(frozen=True)
class Ack:
    """After so many acts of the disk so many entries were acknowledged."""

    acts: int
    entries: int


async def written(path: Path, disk: Disk) -> list[Ack]:
    """A journal's life: single entries, a batch as the till writes it, a restart in between."""
    acks = [Ack(0, 0)]
    for boot in ("boot-1", "boot-2"):
        kept = Journal(path, FIELDS, lambda: NOON, boot, Inline())
        await kept.open()
        for number in range(WRITES):
            records = [Record("cash.noted", "s1", {"code": "x", "detail": "y" * 40 * number})]
            if number % 3 == 0:
                key = f"{boot}:{number}"
                records += [Record("cash.credited", "s1", {"value": 100}, key), Record("session.ended")]
            entries = await kept.write_all(records)
            acks.append(Ack(len(disk.acts), acks[-1].entries + len(entries)))
        await kept.close()
    return acks


async def read_back(path: Path) -> int:
    """Entries of the journal at this path; opening it checks the whole chain."""
    kept = Journal(path, FIELDS, lambda: NOON, "after", Inline())
    await kept.open()
    try:
        entries = await kept.events(*kept.known_events)
        assert [entry.seq for entry in entries] == list(range(1, len(entries) + 1))
        return len(entries)
    finally:
        await kept.close()


async def after_every_cut(
    folder: Path, disk: Disk, acks: list[Ack], judge: Callable[[int, int, int], Awaitable[None]]
) -> int:
    """judge: (acknowledged, found, written) of every image; how many images there were."""
    chance = random.Random(SEED)
    images = 0
    for moment in range(len(disk.acts) + 1):
        acknowledged = max(ack.entries for ack in acks if ack.acts <= moment)
        written_by_then = min((ack.entries for ack in acks if ack.acts >= moment), default=acknowledged)
        for survives in (0.0, *SUBSETS):
            image = disk.image(moment, chance, survives)
            found = await read_back(lay_out(image, folder))
            await judge(acknowledged, found, written_by_then)
            images += 1
    return images


async def test_no_power_cut_loses_an_acknowledged_entry(
    memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with recorded(monkeypatch, checkpoint=30) as disk:
        acks = await written(memory / "kiosk" / "journal", disk)

    async def judge(acknowledged: int, found: int, written_by_then: int) -> None:
        assert acknowledged <= found <= written_by_then

    images = await after_every_cut(memory / "image", disk, acks, judge)
    assert images == (len(disk.acts) + 1) * (1 + len(SUBSETS))
    assert any(act.kind == "sync" and act.file == "journal" for act in disk.acts), "no checkpoint"


async def test_the_same_cuts_do_lose_entries_where_the_journal_syncs_less(
    memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the test above is worth: with synchronous=NORMAL it would fail."""
    with recorded(monkeypatch, checkpoint=30, synchronous="NORMAL") as disk:
        acks = await written(memory / "kiosk" / "journal", disk)
    lost = 0

    async def judge(acknowledged: int, found: int, written_by_then: int) -> None:
        nonlocal lost
        assert found <= written_by_then
        lost += found < acknowledged

    await after_every_cut(memory / "image", disk, acks, judge)
    assert lost > 0

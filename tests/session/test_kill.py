"""The daemon is killed after every write to the journal, and just before the next: whatever it was doing,
the start after it leaves no yen unaccounted for, no 通 in doubt, no order open, and prints nothing.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

import pytest

from daemon.session import flow
from daemon.session.desk import Ended
from daemon.session.entries import Entry, Record
from daemon.session.journal import Journal
from daemon.session.purchase import cancel_order, collect
from daemon.session.settlement import unfinished
from daemon.session.till import balance
from daemon.session.visit import Visit
from daemon.session.widgets import Screen
from hal.contracts import JobState, JobStatus
from hal.events import CashCredited, CashReturnPressed
from tests.session.fake_vendor import FakeVendor
from tests.session.hosting import Hosting, hosting, purchase, shop_on
from tests.session.stage import FIELDS, NAMED, NOON, PLENTY, Inline, Shop
from tests.virtual_time import run_virtual

DONE, JAM = JobStatus(JobState.COMPLETED, 1), JobStatus(JobState.ABORTED, 1)
REFUSED, FORGOTTEN = JobStatus(JobState.ABORTED, 0), JobStatus(JobState.UNKNOWN, 0)
ENOUGH = (100, 100, 100, 50, 50, 50, 100)
"""Coins for a fee of 400 yen; the last one drops after it is complete."""
SETTLED = 400.0
"""Seconds: a refund offer that nobody answers, and the claim after it."""


@dataclass(frozen=True)
class Story:
    """One citizen wants two 通. ends: of the print jobs. unsure: coins whose payouts nobody can vouch for."""

    ends: Sequence[JobStatus] = ()
    coins: Sequence[int] = ENOUGH
    quits: bool = False
    unsure: frozenset[int] = frozenset()


STORIES = {
    "both are printed": Story([DONE, DONE]),
    "the second jams": Story([DONE, JAM]),
    "the first is refused": Story([REFUSED]),
    "the first is in doubt": Story([FORGOTTEN]),
    "the second is in doubt": Story([DONE, FORGOTTEN]),
    "the citizen gives up": Story(coins=ENOUGH[:3], quits=True),
    "nobody can vouch for the change": Story([DONE, DONE], unsure=frozenset({50})),
}


class Killed(BaseException):
    """The process is gone. No except clause of ours may hold it."""


class MortalJournal(Journal):
    """writes: how many transactions succeed. late: it dies with the next one, not right after the last."""

    writes = 10**6
    late = False
    dead = False

    async def open(self) -> None:
        """Without waiting for the disk: a kill, unlike a power cut, loses nothing the kernel has."""
        await super().open()
        self._connection().execute("PRAGMA synchronous=OFF")

    async def write_all(self, records: Sequence[Record]) -> list[Entry]:
        if self.dead or (self.late and self.writes == 0):
            self.dead = True
            raise Killed
        entries = await super().write_all(records)
        self.writes -= 1
        if self.writes == 0 and not self.late:
            self.dead = True
            raise Killed
        return entries


@dataclass
class Machine:
    """What outlives the daemon: the disk, the money and the citizen."""

    path: Path
    story: Story
    takes_refund: bool
    vendor: FakeVendor | None = None
    starts: list[str] = field(default_factory=list)

    async def start(self, writes: int | None = None, late: bool = False) -> tuple[MortalJournal, Shop]:
        """A new process. writes: how many it lives for."""
        boot = f"boot-{len(self.starts) + 1}"
        self.starts.append(boot)
        kept = MortalJournal(self.path, FIELDS, lambda: NOON, boot, Inline())
        await kept.open()
        if writes is not None:
            kept.writes, kept.late = writes, late
        at = await shop_on(kept, boot, self.vendor)
        at.cabinet.has_tray_sensor, at.cabinet.paper_in_tray = False, None
        at.printer.ends = list(self.story.ends)
        self.vendor = at.vendor
        self.vendor.unsure = set(self.story.unsure)
        return kept, at

    @property
    def dispensed(self) -> int:
        assert self.vendor is not None
        held = self.vendor.coins
        return sum(value * (PLENTY[value] - held[value]) for value in PLENTY)


# ---------------------------------------------------------------- the session that is killed


async def session(visit: Visit, at: Shop, story: Story) -> None:
    """The way from the order on, as ``flow.session`` has it, with a citizen who pays."""
    await visit.note("order.requested", order="o1", kind="juminhyo", copies=2, **NAMED)
    await visit.note("order.checked", order="o1", numbers=["n1", "n2"])
    wanted = purchase("n1", "n2")
    try:
        paying = asyncio.create_task(collect(visit, wanted))
        await asyncio.wait([paying], timeout=1)
        await pay(at, story, paying)
        await paying
    except Ended:
        await cancel_order(visit, "o1")
        raise
    await flow.fulfil(visit, wanted)


async def pay(at: Shop, story: Story, paying: "asyncio.Task[None]") -> None:
    for coin in story.coins:
        if paying.done() and paying.exception():
            return
        await at.vendor.insert(coin)
        at.desk.post(CashCredited(coin))
        await asyncio.wait([paying], timeout=1)
    if story.quits:
        at.desk.post(CashReturnPressed())


def take_paper(at: Shop) -> None:
    """The citizen takes it a second after it is asked for."""

    def follow(screen: Screen) -> None:
        if screen.name == "take":
            asyncio.get_running_loop().call_later(1, at.citizen.tap, "taken")

    at.desk.observe(follow)


async def first_start(machine: Machine, writes: int, late: bool, monkeypatch: pytest.MonkeyPatch) -> bool:
    """Whether it was killed."""
    kept, at = await machine.start(writes, late)
    monkeypatch.setattr(flow, "session", lambda visit: session(visit, at, machine.story))
    take_paper(at)
    try:
        await flow.visit_kiosk(at.visit)
    except Killed:
        return True
    finally:
        await kept.close()
    return False


# ---------------------------------------------------------------- the start after it


async def next_start(machine: Machine) -> tuple[list[Entry], list[str]]:
    """Settles everything; staff look at what they must. All entries there are, and what was printed."""
    kept, at = await machine.start()
    try:
        await at.vendor.replay()
        async with hosting(at, machine.starts[-1]) as serving:
            await settle(machine, at)
            await look(at, serving)
        assert await unfinished(kept, "the next") == []
        return await kept.events(*kept.known_events), at.printer.names
    finally:
        await kept.close()


async def killed_start(machine: Machine, writes: int) -> bool:
    """A start that is killed while it settles; whether it was."""
    kept, at = await machine.start(writes)
    try:
        await at.vendor.replay()
        async with hosting(at, machine.starts[-1]):
            await settle(machine, at)
    except Killed:
        return True
    finally:
        await kept.close()
    return False


async def settle(machine: Machine, at: Shop) -> None:
    if machine.takes_refund and at.citizen.sees.name == "refund-offer":
        at.citizen.tap("refund")
    await asyncio.sleep(SETTLED)


async def look(at: Shop, serving: Hosting) -> None:
    """Staff look at whatever they are needed for; then the kiosk sells again."""
    for case in serving.cases.open:
        await serving.cases.resolve(case.id, False if case.kind == "in-doubt" else None, "17", "looked")
    await asyncio.sleep(60)
    assert at.citizen.sees.name == "start"


def check(machine: Machine, entries: Sequence[Entry], printed: Sequence[str]) -> None:
    """Inserted = fee kept + dispensed + owed on claims; each order asked for has one end."""
    assert machine.vendor is not None
    sums = [balance(e for e in entries if e.session == session) for session in {e.session for e in entries}]
    assert [money for money in sums if money.owed or money.in_doubt] == []
    kept, claimed = sum(money.kept for money in sums), sum(money.claimed for money in sums)
    assert sum(machine.vendor.inserted) == kept + machine.dispensed + claimed
    asked = [entry.text("order") for entry in entries if entry.event == "order.requested"]
    ended = [e.text("order") for e in entries if e.event in ("order.finished", "order.cancelled")]
    assert ended == asked
    assert printed == []


@pytest.mark.parametrize(
    ("late", "takes_refund"),
    [(False, True), (False, False), (True, True)],
    ids=["after a write, refund taken", "after a write, refund ignored", "before a write, refund taken"],
)
@pytest.mark.parametrize("story", STORIES)
def test_wherever_the_daemon_is_killed_the_next_start_settles_everything(
    story: str, late: bool, takes_refund: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for writes in count(1):
        machine = Machine(tmp_path / f"j{writes}", STORIES[story], takes_refund)
        killed = run_virtual(first_start(machine, writes, late, monkeypatch), debug=False)
        check(machine, *run_virtual(next_start(machine), debug=False))
        if not killed:
            break
    assert writes > 10


@pytest.mark.parametrize("takes_refund", [True, False], ids=["refund taken", "refund ignored"])
@pytest.mark.parametrize("writes", range(5, 35, 6))
def test_a_settlement_that_is_killed_too_is_finished_by_the_start_after_it(
    writes: int, takes_refund: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    story = STORIES["the second is in doubt"]
    for more in count(1):
        machine = Machine(tmp_path / f"j{more}", story, takes_refund)
        run_virtual(first_start(machine, writes, False, monkeypatch), debug=False)
        killed = run_virtual(killed_start(machine, more), debug=False)
        check(machine, *run_virtual(next_start(machine), debug=False))
        if not killed:
            break

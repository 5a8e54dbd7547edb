"""States of the kiosk itself: its journal, and what somebody left behind."""

import asyncio
import sqlite3
from collections.abc import AsyncGenerator, Mapping
from contextlib import closing

from daemon.bench.faults.injection import Injection, resolve
from daemon.bench.processes import ChildFailed
from daemon.bench.rig import SECONDS_PER_SHEET, Rig
from hal.faults import CARD_LEFT, CASE_OPEN, JOURNAL_BROKEN, PAPER_LEFT

CARD = "taro"
SLOW_SHEET = 1.5
RESTART_SECONDS = 10.0
POLL = 0.02
LEAVING_SECONDS = 20.0


async def _locked(rig: Rig) -> AsyncGenerator[None, None]:
    """Another program holds the file's write lock: after five seconds the daemon gives up, at a start too."""
    with closing(sqlite3.connect(rig.root / "journal.db", isolation_level=None)) as rival:
        rival.execute("BEGIN IMMEDIATE")
        yield
    if not rig.daemon.running:
        await rig.start_daemon()


async def _case(rig: Rig) -> AsyncGenerator[None, None]:
    rig.printer.set_seconds_per_sheet(SLOW_SHEET)
    failed = asyncio.Event()
    failure = asyncio.create_task(_power_fails(rig, failed))
    try:
        yield
        if failed.is_set():  # the sheet on its way comes out first
            await asyncio.wait([failure], timeout=RESTART_SECONDS)
    finally:
        failure.cancel()
        await asyncio.wait([failure])
        rig.printer.set_seconds_per_sheet(rig.setup.seconds(SECONDS_PER_SHEET))
    await resolve(rig, CASE_OPEN)


async def _power_fails(rig: Rig, failed: asyncio.Event) -> None:
    """At the kiosk alone, while a sheet is on its way; returns when it has come out."""
    while not (jobs := rig.printer.jobs) or jobs[-1].ended is not None:  # noqa: ASYNC110 paper has no events
        await asyncio.sleep(POLL)
    failed.set()
    await rig.power_cut()
    await rig.start_daemon()
    while jobs[-1].ended is None:  # noqa: ASYNC110
        await asyncio.sleep(POLL)


async def _card_left(rig: Rig) -> AsyncGenerator[None, None]:
    if not rig.wallet.lying:
        await rig.wallet.place(CARD)
    try:
        async with asyncio.timeout(LEAVING_SECONDS):
            await _leave(rig)
    except TimeoutError:
        await rig.wallet.lift()
        raise ChildFailed(f"nobody can leave a session at screen {rig.feed.shown.name!r}") from None
    yield
    await rig.wallet.lift()


async def _leave(rig: Rig) -> None:
    """The citizen ends the session, whichever screen it is at, and forgets the card."""
    while (shown := rig.feed.shown).name != "card-left":
        if "quit" in shown.buttons:
            rig.tap("quit")
        await rig.feed.after(shown)


async def _paper_left(rig: Rig) -> AsyncGenerator[None, None]:
    rig.panel.set_tray(True)
    yield
    rig.take_paper()


KIOSK: Mapping[str, Injection] = {
    JOURNAL_BROKEN: Injection(
        "Another program locks the journal: begin a session; the kiosk ends, and is restarted to clear it.",
        _locked,
        at_once=False,
    ),
    CASE_OPEN: Injection(
        "The power will fail while a sheet is being printed: pay, and watch it print.", _case, at_once=False
    ),
    CARD_LEFT: Injection("A citizen ends the session and leaves the card on the reader.", _card_left),
    PAPER_LEFT: Injection("A sheet lies in the tray, and nobody takes it.", _paper_left),
}

"""Thousands of citizens who do anything at any time: every session ends at the start menu, no yen is lost."""

from collections import Counter

import pytest

from daemon.session.entries import Entry
from daemon.session.till import balance
from tests.flow.walker import Walker, attend
from tests.flow.whole import Parts, whole_kiosk
from tests.virtual_time import run_virtual

WALKS = 40
CITIZENS = 25
LEAST_SESSIONS = 50
"""A citizen comes back a few times: 40 walks are at least 2,000 sessions."""


@pytest.mark.parametrize("walk", range(WALKS))
def test_random_sessions_end_at_the_start_menu_with_money_conserved(walk: int) -> None:
    run_virtual(_walk(walk), debug=False)


async def _walk(walk: int) -> None:
    async with whole_kiosk(walk) as parts:
        await attend(parts)
        for number in range(CITIZENS):
            await Walker(parts, walk * CITIZENS + number).session()
            await attend(parts)
        await _check(parts)


async def _check(parts: Parts) -> None:
    entries = await parts.journal.events(*parts.journal.known_events)
    sessions = {entry.session for entry in entries if entry.session}
    for session in sessions:
        _check_session([entry for entry in entries if entry.session == session])
    _check_devices(parts, entries)


def _check_session(entries: list[Entry]) -> None:
    """Inserted = fee kept + returned + owed on a recorded claim; at most one charge a delivered 通."""
    money = balance(entries)
    assert money.owed == 0, (money, [entry.event for entry in entries])
    done = [entry.text("number") for entry in entries if entry.event == "print.done"]
    assert len(done) == len(set(done))
    assert money.kept == money.unit * len(done)
    assert money.in_doubt == 0


def _check_devices(parts: Parts, entries: list[Entry]) -> None:
    """The journal agrees with what the devices really hold."""
    told = Counter(entry.event for entry in entries)
    assert parts.bus.conserved
    assert sum(parts.bus.money.cashbox) == sum(
        entry.number("value") for entry in entries if entry.event == "cash.credited"
    )
    left = sum(hopper.value * hopper.coins for hopper in parts.bus.hoppers.values())
    paid = sum(e.number("value") * e.number("paid") for e in entries if e.event == "payout.outcome")
    assert parts.bus.money.filled - left == paid
    assert told["print.started"] == told["print.done"] + told["print.failed"]
    assert told["session.started"] == told["session.ended"] >= LEAST_SESSIONS
    assert parts.screen.name == "start"

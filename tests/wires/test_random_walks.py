"""Fifty sessions of people who do anything, over the real wires: each ends at the start menu, no yen lost."""

from itertools import count

import pytest

from daemon.bench.rig import Rig
from daemon.bench.setup import Setup
from daemon.session.entries import Entry
from tests.flow.checks import check_money, check_sessions
from tests.session.stage import NOON
from tests.wires.staff import Staff
from tests.wires.walker import Walker

WALKS = 2
SESSIONS = 25


@pytest.mark.timeout(600)
@pytest.mark.parametrize("walk", range(WALKS))
async def test_random_sessions_end_at_the_start_menu_with_money_conserved(walk: int) -> None:
    async with Rig(Setup(speed=0)) as rig:
        staff = Staff(rig)
        await rig.see("start", within=60)
        for citizen in count(walk * SESSIONS):  # one of them may begin more than one session
            await Walker(rig, citizen).session()
            await staff.attend()
            entries = journal(rig)
            if sum(entry.event == "session.ended" for entry in entries) >= SESSIONS:
                break
        check_sessions(entries, SESSIONS)
        check_money(entries, rig.bus)
        assert any(entry.event == "print.done" for entry in entries)


def journal(rig: Rig) -> list[Entry]:
    """The entries as the session's own arithmetic reads them."""
    return [
        Entry(seq, NOON, "", session, event, data, "")  # type: ignore[arg-type]  # as JSON has it
        for seq, session, event, data in rig.entries()
    ]

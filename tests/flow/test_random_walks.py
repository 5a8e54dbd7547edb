"""Thousands of citizens who do anything at any time: every session ends at the start menu, no yen is lost."""

import pytest

from tests.flow.checks import check_money, check_sessions
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
    check_sessions(entries, LEAST_SESSIONS)
    check_money(entries, parts.bus)
    assert parts.screen.name == "start"

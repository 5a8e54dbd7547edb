"""Every useless card of the bench's wallet, on the real daemon: its screen, and its reason in the journal."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from daemon.bench.rig import Rig
from daemon.bench.setup import Setup
from daemon.bench.wallet import PIN

pytestmark = pytest.mark.asyncio(loop_scope="module")

SCREENS = {
    "expired": ("error.E1", "expired"),
    "locked": ("error.E3", "pin-blocked"),
    "face": ("error.E3", "no-pin"),
    "no-certificate": ("error.E1", "no-authentication-certificate"),
    "iphone": ("error.E1", "iphone"),
    "juki": ("error.E1", "juki-card"),
    "transit": ("error.E1", "not-a-my-number-card"),
    "licence": ("error.E1", "not-a-my-number-card"),
    "bank": ("error.E1", "not-a-my-number-card"),
    "mute": ("error.E1", "unreadable"),
    "garbage": ("error.E1", "unreadable"),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def rig() -> AsyncIterator[Rig]:
    async with Rig(Setup(speed=0)) as running:
        await running.see("start", within=60)
        yield running


async def place(rig: Rig, card: str) -> None:
    await rig.see("start")
    await rig.press("services")
    await rig.press("issue")
    await rig.see("card")
    await rig.wallet.place(card)


async def test_every_card_without_a_holder_of_its_own_is_among_these(rig: Rig) -> None:
    assert set(rig.wallet.cards) - set(SCREENS) == set(rig.wallet.holders)


@pytest.mark.parametrize("card", SCREENS)
async def test_a_card_of_no_use_has_its_screen_and_its_reason(rig: Rig, card: str) -> None:
    screen, reason = SCREENS[card]
    before = len(rig.entries())
    await place(rig, card)
    await rig.see(screen)
    refused = [data["reason"] for _, _, event, data in rig.entries()[before:] if event == "card.refused"]
    assert refused == [reason]
    await rig.press("quit")
    await rig.wallet.lift()
    await rig.see("start")


@pytest.mark.parametrize("card", ["phone", "p384"])
async def test_a_phone_and_a_card_of_the_next_generation_are_let_in(rig: Rig, card: str) -> None:
    await place(rig, card)
    await rig.see("municipality")
    await rig.press("own")
    await rig.press("confirm")
    await rig.type_pin(PIN)
    await rig.see("removal")
    await rig.wallet.lift()
    await rig.see("certificate")
    await rig.press("quit")
    await rig.see("start")

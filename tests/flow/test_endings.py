"""However a session ends early: money goes back, the card goes home, the paper is taken, nobody inherits."""

import pytest

from tests.flow.citizen import Wants, citizen, settled
from tests.flow.whole import SetUp
from tests.session.stage import virtual_time

IDLE = 300
WITH_CARD = ("municipality", "pin", "removal")
WITHOUT_CARD = ("services", "card", "certificate", "scope", "items", "copies", "confirm", "payment")


# ---------------------------------------------------------------- 終了する, 中止する


@pytest.mark.parametrize("screen", WITHOUT_CARD)
@virtual_time
async def test_a_session_can_be_ended_at_every_screen_that_has_a_button_for_it(screen: str) -> None:
    async with citizen() as one:
        await one.to(screen)
        await one.press("quit")
        await one.got_nothing_and_lost_nothing()
        ends = await one.parts.journal.events("session.ended")
        assert ends[0].text("reason") == "quit"


@pytest.mark.parametrize("screen", WITH_CARD)
@virtual_time
async def test_where_a_card_lies_an_ended_session_waits_for_it_to_be_taken(screen: str) -> None:
    async with citizen() as one:
        await one.to(screen)
        await one.press("quit")
        await one.until("card-left")
        await one.take_card()
        await one.got_nothing_and_lost_nothing()


@virtual_time
async def test_after_the_fee_is_complete_nothing_can_be_ended() -> None:
    """R33."""
    async with citizen() as one:
        await one.to("payment")
        await one.insert(100, 100)
        assert one.ids == []
        await one.press_lever()
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"]


@virtual_time
async def test_cancelling_the_payment_returns_the_very_coins() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100, 50, 10)
        await one.press("quit")
        await one.until("take-money")
        assert sorted(one.parts.bus.take_tray()) == [10, 50, 100]
        await one.until("start")
        assert await one.outcomes() == ["void"] * 3


@virtual_time
async def test_the_return_lever_cancels_like_the_button() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(500)
        await one.press_lever()
        await one.until("take-money")
        assert one.parts.bus.take_tray() == [500]
        await one.until("start")
        assert await one.reason() == "quit"


@virtual_time
async def test_an_error_page_closes_by_itself() -> None:
    async with citizen(wants=Wants(card="kenta")) as one:
        await one.to("error.E1")
        one.parts.reader.take()
        await one.rest(70)
        assert one.sees.name == "start"


@virtual_time
async def test_a_touch_of_an_earlier_screen_does_nothing_on_the_next_one() -> None:
    """P10."""
    async with citizen() as one:
        await one.to("municipality")
        await one.press("own")
        one.down("confirm")
        one.parts.reader.take()
        await one.until("error.card-gone")
        one.up("quit")
        await settled()
        assert one.sees.name == "error.card-gone"


# ---------------------------------------------------------------- E5


@pytest.mark.parametrize("screen", WITHOUT_CARD)
@virtual_time
async def test_after_300_seconds_of_nothing_every_screen_ends_with_e5(screen: str) -> None:
    async with citizen() as one:
        await one.to(screen)
        await one.rest(IDLE - 31)
        assert one.sees.name == screen
        await one.rest(29)
        assert one.sees.name == "timeout"
        await one.rest(4)
        assert one.sees.name == "error.E5"
        assert "err.timeout" in one.texts
        await one.got_nothing_and_lost_nothing()


@pytest.mark.parametrize("screen", WITH_CARD)
@virtual_time
async def test_e5_with_a_card_on_the_reader_is_followed_by_its_alert(screen: str) -> None:
    async with citizen() as one:
        await one.to(screen)
        await one.rest(IDLE + 2)
        assert one.sees.name == "error.E5"
        await one.until("card-left")
        await one.take_card()
        await one.got_nothing_and_lost_nothing()


@virtual_time
async def test_with_money_inserted_it_is_returned_first_then_e5() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100)
        seen = len(one.parts.face.shown)
        await one.rest(IDLE)
        await one.until("error.E5")
        names = [screen.name for screen in one.parts.face.shown[seen:]]
        assert list(dict.fromkeys(names)) == ["timeout", "returning", "take-money", "error.E5"]
        await one.got_nothing_and_lost_nothing()


@virtual_time
async def test_a_touch_begins_the_300_seconds_anew() -> None:
    async with citizen() as one:
        await one.to("copies")
        await one.rest(IDLE - 40)
        await one.type("2")
        await one.rest(IDLE - 40)
        assert one.sees.name == "copies"


@virtual_time
async def test_a_coin_begins_the_300_seconds_anew() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.rest(IDLE - 40)
        await one.insert(100)
        await one.rest(IDLE - 40)
        assert one.sees.name == "payment"


@virtual_time
async def test_the_idle_time_stands_still_while_the_machine_itself_works() -> None:
    async with citizen(SetUp(seconds_per_sheet=312), Wants(coins=(500,))) as one:
        await one.to("printing")
        await one.rest(IDLE + 10)
        assert one.sees.name == "printing"
        await one.to_the_end()
        assert await one.reason() == "complete"


@virtual_time
async def test_once_the_fee_is_complete_there_is_no_timeout_until_delivery() -> None:
    async with citizen() as one:
        await one.to("take")
        await one.rest(2 * IDLE)
        assert one.sees.name == "take"
        await one.to_the_end()
        assert await one.reason() == "complete"


# ---------------------------------------------------------------- 20 minutes


@virtual_time
async def test_a_session_that_is_not_paid_for_ends_after_20_minutes() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        for _ in range(4):
            await one.insert(10)
            await one.rest(290)
        await one.insert(10)
        await one.until("error.limit")
        await one.got_nothing_and_lost_nothing()

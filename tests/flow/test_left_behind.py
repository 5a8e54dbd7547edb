"""Cards, coins and paper at the wrong moment: told until they are gone, never anybody else's (P10, P14)."""

import pytest

from hal.faults import CARD_LEFT
from tests.flow.citizen import Citizen, Wants, citizen, settled
from tests.flow.whole import SetUp
from tests.session.stage import virtual_time

# ---------------------------------------------------------------- the card


@pytest.mark.parametrize("screen", ["municipality", "pin"])
@virtual_time
async def test_a_card_pulled_while_it_is_needed_ends_the_session(screen: str) -> None:
    async with citizen() as one:
        await one.to(screen)
        await one.take_card()
        assert one.sees.name == "error.card-gone"
        await one.got_nothing_and_lost_nothing()


@virtual_time
async def test_a_card_pulled_while_it_is_read_can_be_placed_again() -> None:
    async with citizen(SetUp(latency=1.0)) as one:
        await one.to("reading")
        await one.take_card()
        await one.until("card")
        assert "card.lift" in one.texts
        await one.to("municipality")


@virtual_time
async def test_a_card_pulled_while_it_signs_ends_the_session_and_costs_no_try() -> None:
    async with citizen(SetUp(latency=1.0)) as one:
        await one.to("pin")
        await one.type("1234")
        await one.take_card()
        await one.until("error.card-gone")
        assert one.parts.cards["taro"].pin.tries_left == 3


@virtual_time
async def test_another_card_than_the_one_that_was_read_is_not_asked_for_a_pin() -> None:
    async with citizen() as one:
        await one.to("pin")
        one.parts.reader.take()
        one.place("makoto")
        await settled()
        await one.type("1234")
        await one.until("error.E1")
        assert one.parts.cards["makoto"].pin.tries_left == 3


@pytest.mark.parametrize(("screen", "card"), [("error.E1", "kenta"), ("pin", "taro"), ("removal", "taro")])
@virtual_time
async def test_a_card_left_is_told_by_screen_and_voice_until_it_is_taken(screen: str, card: str) -> None:
    """R9."""
    async with citizen(wants=Wants(card=card)) as one:
        await one.to(screen)
        await one.press("quit")
        await one.until("card-left")
        before = one.heard.count("card.forgotten")
        await one.rest(120)
        assert one.sees.name == "card-left"
        assert one.heard.count("card.forgotten") > before + 8
        assert "card.left" in await one.told()
        await one.take_card()
        await one.until("start")


async def alerts(one: Citizen) -> list[tuple[str, str]]:
    """(session, urgency) of every alert in the journal."""
    found = await one.parts.journal.events("card.alert")
    return [(entry.session, entry.text("urgency")) for entry in found]


def codes(one: Citizen) -> list[str]:
    """Of the faults that stand."""
    return [fault.code for fault in one.parts.health.faults]


@virtual_time
async def test_on_screen_6_a_card_that_stays_is_asked_for_then_louder_then_staff_are_called() -> None:
    async with citizen() as one:
        await one.to("removal")
        session = await one.session()
        assert (one.heard[-1], one.sees.urgent, one.parts.tray.lamps) == ("card.remove", False, set())
        await one.rest(30)
        assert (one.heard[-1], one.sees.urgent) == ("card.forgotten", True)
        assert one.parts.tray.lamps == {"attention"}
        assert "card.forgotten" in one.texts
        assert one.ids == ["quit"]
        await one.rest(149)
        assert "card.staff" not in one.texts
        await one.rest(1)
        assert "card.staff" in one.texts
        assert codes(one) == [CARD_LEFT]
        await one.take_card()
        assert one.sees.name == "certificate"
        assert (one.parts.tray.lamps, codes(one)) == (set(), [])
        assert await alerts(one) == [(session, urgency) for urgency in ("asked", "louder", "staff")]
        await one.to_the_end()


@virtual_time
async def test_a_card_left_at_the_end_is_told_louder_after_30_seconds_then_staff_are_called() -> None:
    async with citizen() as one:
        await one.to("pin")
        session = await one.session()
        await one.press("quit")
        assert (one.sees.name, one.heard[-1], one.sees.urgent) == ("card-left", "card.forgotten", False)
        await one.rest(30)
        assert (one.sees.urgent, one.parts.tray.lamps) == (True, {"attention"})
        said = len(one.heard)
        await one.rest(150)
        assert "card.staff" in one.texts
        assert set(one.heard[said:]) == {"card.forgotten"}
        assert codes(one) == [CARD_LEFT]
        await one.take_card()
        await one.until("start")
        assert (one.parts.tray.lamps, codes(one)) == (set(), [])
        assert await alerts(one) == [(session, urgency) for urgency in ("asked", "louder", "staff")]


@virtual_time
async def test_the_clock_of_a_left_card_goes_on_when_its_session_ends_meanwhile() -> None:
    async with citizen() as one:
        await one.to("removal")
        await one.rest(299)
        await one.until("error.E5")
        assert one.parts.tray.lamps == {"attention"}
        await one.until("card-left")
        assert "card.staff" in one.texts
        assert [urgency for _, urgency in await alerts(one)] == ["asked", "louder", "staff"]
        await one.take_card()
        await one.until("start")


@pytest.mark.parametrize("screen", ["certificate", "scope", "items", "copies", "confirm", "payment", "take"])
@virtual_time
async def test_a_card_placed_after_screen_6_is_ignored_then_told_and_begins_no_session(screen: str) -> None:
    """R8."""
    async with citizen() as one:
        await one.to(screen)
        session = await one.session()
        one.place("makoto")
        await settled()
        assert one.sees.name == screen
        await one.to("card-left")
        await one.take_card()
        await one.until("start")
        await one.rest(60)
        assert (one.sees.name, await one.session()) == ("start", session)
        assert await one.outcomes() == ["delivered"]


@virtual_time
async def test_a_card_that_lay_there_when_the_session_ended_does_not_begin_the_next_one() -> None:
    async with citizen() as one:
        await one.to("thanks")
        one.place("makoto")
        await one.until("card-left")
        await one.rest(100)
        assert one.sees.name == "card-left"
        await one.take_card()
        one.place("makoto")
        await one.until("services")


# ---------------------------------------------------------------- late coins


@virtual_time
async def test_a_coin_that_drops_after_cancel_is_paid_back_to_the_one_who_dropped_it() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        one.parts.bus.insert(100, delay=0.7)
        await one.press("quit")
        await one.until("take-money")
        assert one.parts.bus.take_tray() == [100]
        await one.until("start")


@virtual_time
async def test_a_coin_that_drops_when_the_session_is_over_is_paid_back_at_once() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        one.parts.bus.insert(100, delay=4.0)
        await one.press("quit")
        await one.until("start")
        await one.until("take-money")
        assert one.parts.bus.take_tray() == [100]


@virtual_time
async def test_a_late_coin_is_never_credited_to_the_next_citizen() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        one.parts.bus.insert(500, delay=4.0)
        await one.press("quit")
        await one.until("start")
        await one.to("confirm")
        await one.rest(5)
        await one.to("payment")
        assert one.table["pay.paid"] == "unit.yen n=0"
        await one.to_the_end()
        assert await one.claims() == [500]
        assert len(await one.outcomes()) == 6


# ---------------------------------------------------------------- paper


@virtual_time
async def test_paper_that_is_left_keeps_the_door_shut_and_the_voice_gets_louder() -> None:
    """R39."""
    async with citizen() as one:
        await one.to("take")
        await one.rest(59)
        assert (one.sees.urgent, "attention" in one.parts.tray.lamps) == (False, False)
        await one.rest(60)
        assert one.sees.urgent
        assert "take.forgotten" in one.heard
        assert "take.forgotten" in one.texts
        assert "attention" in one.parts.tray.lamps
        one.place("makoto")
        await one.rest(60)
        assert one.sees.name == "take"
        one.parts.reader.take()
        await one.take_paper()
        assert "attention" not in one.parts.tray.lamps


@virtual_time
async def test_no_session_begins_while_paper_lies_in_the_tray() -> None:
    """P14, R44."""
    async with citizen() as one:
        one.parts.tray.lay_in()
        await one.until("take")
        one.place()
        await one.until("card-left")
        one.parts.reader.take()
        await one.until("take")
        await one.rest(30)
        assert one.heard.count("take.forgotten") > 2
        assert await one.parts.journal.events("session.started") == []
        await one.take_paper()
        await one.until("start")
        await one.to("municipality")


@virtual_time
async def test_what_one_citizen_said_is_gone_when_the_next_one_comes() -> None:
    async with citizen(wants=Wants(copies=5, items=("mynumber",))) as one:
        await one.to("municipality")
        await one.press("language.ko")
        await one.to("confirm")
        await one.press("quit")
        await one.until("start")
        shown = len(one.parts.face.shown)
        one.wants = Wants(card="makoto")
        await one.to("confirm")
        assert one.table["confirm.copies"] == "unit.copies n=1"
        assert one.table["items.mynumber"] == "items.no"
        assert "山田" not in repr(one.parts.face.shown[shown:])
        assert {screen.language for screen in one.parts.face.shown[shown:]} == {"ja"}

"""The desk: a press counts once and only where it was meant; what is waited for is not missed."""

import asyncio
from dataclasses import replace

import pytest

from daemon.session.desk import STUCK_SECONDS, CardGone, Limits, Pressed, Quit
from daemon.session.spoken import Spoken
from daemon.session.widgets import Screen
from hal.events import CardPlaced, CardTaken, CashCredited, Touched, TrayChanged
from tests.session.fakes import FakeReader
from tests.session.stage import CARD, FIRST, SECOND, DeskStage, begun, now, page, virtual_time

# ---------------------------------------------------------------- presses


@virtual_time
async def test_a_press_is_finger_down_and_up_on_the_same_button() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await begun(asking)
    stage.citizen.down("confirm")
    await begun(asking)
    stage.citizen.up("confirm")
    assert await asking == "confirm"


@virtual_time
async def test_a_finger_that_slides_to_another_button_presses_neither() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await begun(asking)
    stage.citizen.down("quit")
    stage.citizen.up("confirm")
    stage.citizen.up("quit")
    await begun(asking)
    stage.citizen.tap("confirm")
    assert await asking == "confirm"


@virtual_time
async def test_a_finger_that_comes_down_beside_the_buttons_presses_nothing() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await begun(asking)
    stage.desk.post(Touched(99, 0, down=True))
    stage.citizen.up("confirm")
    await begun(asking)
    asking.cancel()


@virtual_time
async def test_a_disabled_button_cannot_be_pressed() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(page("first", "quit", "confirm", disabled="confirm")))
    await begun(asking)
    stage.citizen.tap("confirm")
    await begun(asking)
    asking.cancel()


@virtual_time
async def test_a_finger_down_on_one_screen_and_up_on_the_next_presses_nothing() -> None:
    stage = DeskStage()
    stage.desk.show(FIRST)
    stage.citizen.down("confirm")
    asking = asyncio.create_task(stage.desk.ask(SECOND))
    await begun(asking)
    stage.citizen.up("confirm")
    await begun(asking)
    asking.cancel()


@virtual_time
async def test_a_double_tap_does_not_press_what_the_next_screen_has_in_the_same_place() -> None:
    stage = DeskStage(Limits(double_tap=0.3))
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await begun(asking)
    await asyncio.sleep(1)
    stage.citizen.tap("confirm")
    assert await asking == "confirm"
    asking = asyncio.create_task(stage.desk.ask(SECOND))
    await begun(asking)
    stage.citizen.tap("confirm")
    await asyncio.sleep(0.29)
    stage.citizen.tap("confirm")
    await begun(asking)
    assert not asking.done()
    await asyncio.sleep(0.02)
    stage.citizen.tap("confirm")
    assert await asking == "confirm"


@virtual_time
async def test_digits_of_a_pin_may_be_typed_as_quickly_as_one_can() -> None:
    stage = DeskStage(Limits(double_tap=0.3))
    first = asyncio.create_task(stage.desk.ask(FIRST))
    await begun(first)
    await asyncio.sleep(1)
    stage.citizen.tap("confirm")
    await first
    again = asyncio.create_task(stage.desk.ask(replace(FIRST, title="one digit more")))
    await begun(again)
    stage.citizen.tap("confirm")
    assert await again == "confirm"


@virtual_time
async def test_a_second_tap_on_a_screen_that_is_gone_does_nothing_on_the_next() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await begun(asking)
    stage.citizen.tap("confirm")
    stage.citizen.tap("confirm")
    assert await asking == "confirm"
    asking = asyncio.create_task(stage.desk.ask(SECOND))
    await begun(asking)
    asking.cancel()


@virtual_time
async def test_a_second_tap_while_the_machine_works_does_nothing_on_the_same_screen_after_it() -> None:
    """A double tap on the fourth digit of the PIN is not the first digit of the next try."""
    stage, keypad = DeskStage(), page("pin", "key.1")
    asking = asyncio.create_task(stage.desk.ask(keypad))
    await begun(asking)
    stage.citizen.tap("key.1")
    stage.citizen.tap("key.1")
    assert await asking == "key.1"
    stage.desk.show(keypad)
    stage.citizen.tap("key.1")
    await asyncio.sleep(2)
    asking = asyncio.create_task(stage.desk.ask(keypad))
    await begun(asking)
    asking.cancel()


@virtual_time
async def test_a_press_of_the_last_session_does_nothing_in_this_one() -> None:
    """P10, even where both sessions show the same screen."""
    stage = DeskStage()
    stage.desk.show(FIRST)
    stage.citizen.tap("confirm")
    stage.citizen.down("confirm")
    stage.desk.begin()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await begun(asking)
    stage.citizen.up("confirm")
    await begun(asking)
    asking.cancel()


@virtual_time
async def test_quick_presses_of_one_screen_are_answered_in_their_order() -> None:
    stage = DeskStage()
    keypad = page("pin", "key.1", "key.2")
    asking = asyncio.create_task(stage.desk.ask(keypad))
    await begun(asking)
    stage.citizen.tap("key.2")
    stage.citizen.tap("key.1")
    assert [await asking, await stage.desk.ask(keypad)] == ["key.2", "key.1"]


@virtual_time
async def test_quit_ends_the_session() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await begun(asking)
    stage.citizen.tap("quit")
    with pytest.raises(Quit):
        await asking


def test_a_press_is_not_told_to_any_log() -> None:
    """Its id may be a digit of the PIN."""
    assert "7" not in repr(Pressed("pin", "key.7"))


# ---------------------------------------------------------------- card and other events


@virtual_time
async def test_a_card_that_is_needed_and_goes_ends_the_session() -> None:
    stage, reader = DeskStage(), FakeReader(CARD, present=True)
    asking = asyncio.create_task(stage.desk.ask(FIRST, reader))
    await begun(asking)
    reader.card_present = False
    stage.desk.post(CardTaken())
    with pytest.raises(CardGone):
        await asking


@virtual_time
async def test_a_card_that_bounced_and_lies_there_again_has_not_gone() -> None:
    stage, reader = DeskStage(), FakeReader(CARD, present=True)
    for event in (CardTaken(), CardPlaced()):
        stage.desk.post(event)
    asking = asyncio.create_task(stage.desk.ask(FIRST, reader))
    await begun(asking)
    stage.citizen.tap("confirm")
    assert await asking == "confirm"


@virtual_time
async def test_a_card_that_is_not_needed_may_go() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await begun(asking)
    stage.desk.post(CardTaken())
    await begun(asking)
    stage.citizen.tap("confirm")
    assert await asking == "confirm"


@virtual_time
async def test_an_event_that_is_waited_for_comes_back_and_others_do_not() -> None:
    stage = DeskStage()
    waiting = asyncio.create_task(stage.desk.watch(FIRST, (CashCredited,)))
    await begun(waiting)
    stage.desk.post(TrayChanged(True))
    stage.desk.post(CashCredited(100))
    assert await waiting == CashCredited(100)


@virtual_time
async def test_a_coin_that_dropped_before_the_question_is_not_missed() -> None:
    stage = DeskStage()
    stage.desk.post(CashCredited(100))
    assert await stage.desk.watch(FIRST, (CashCredited,)) == CashCredited(100)
    assert now() == 0


# ---------------------------------------------------------------- voice, lingering, life


@virtual_time
async def test_an_alert_is_spoken_again_and_again_until_its_cause_is_gone() -> None:
    stage = DeskStage(Limits(repeat=8))
    stage.desk.show(replace(FIRST, spoken="card.forgotten", insists=True))
    await asyncio.sleep(20)
    stage.desk.show(SECOND)
    await asyncio.sleep(100)
    assert stage.spoken == [(at, "card.forgotten") for at in (0, 8, 16)]


@virtual_time
async def test_an_alert_goes_on_while_other_things_happen_on_its_screen() -> None:
    stage = DeskStage(Limits(repeat=8))
    alert = replace(FIRST, spoken="take.cert", insists=True)
    for seconds in (5, 2, 10):
        await stage.desk.watch(alert, (), idle=False, seconds=seconds)
        alert = replace(alert, prompt=f"{seconds}")
    assert [at for at, _ in stage.spoken] == pytest.approx([0, 8, 16])


@virtual_time
async def test_a_screen_is_spoken_once_however_often_it_changes() -> None:
    stage = DeskStage()
    screen = replace(FIRST, spoken="copies.prompt")
    for typed in ("", "1", "10"):
        stage.desk.show(replace(screen, prompt=typed))
    await asyncio.sleep(100)
    assert stage.spoken == [(0, "copies.prompt")]


@virtual_time
async def test_a_screen_speaks_again_in_another_language_and_when_it_comes_back() -> None:
    stage = DeskStage()
    screen = replace(FIRST, spoken="muni.prompt")
    for shown in (screen, replace(screen, language="ko"), SECOND, screen):
        stage.desk.show(shown)
    assert [key for _, key in stage.spoken] == ["muni.prompt"] * 3


@virtual_time
async def test_the_same_screen_speaks_when_it_has_something_else_to_say() -> None:
    stage = DeskStage()
    said: list[Spoken | None] = ["pin.prompt", None, "err.pin_wrong", None, "err.pin_wrong"]
    for key in said:
        stage.desk.show(replace(FIRST, spoken=key))
    assert [key for _, key in stage.spoken] == ["pin.prompt", "err.pin_wrong", "err.pin_wrong"]


@virtual_time
async def test_a_lingering_page_closes_by_itself() -> None:
    stage = DeskStage()
    await stage.desk.linger(FIRST, 20)
    assert now() == pytest.approx(20)


@pytest.mark.parametrize("button", ["quit", "confirm"])
@virtual_time
async def test_a_lingering_page_closes_by_any_of_its_buttons(button: str) -> None:
    stage = DeskStage()
    lingering = asyncio.create_task(stage.desk.linger(FIRST, 20))
    await asyncio.sleep(5)
    stage.desk.post(CardTaken())
    stage.citizen.tap(button)
    await lingering
    assert now() == pytest.approx(5)


@virtual_time
async def test_a_lingering_page_without_buttons_closes_by_any_touch() -> None:
    stage = DeskStage()
    lingering = asyncio.create_task(stage.desk.linger(page("thanks"), 20))
    await asyncio.sleep(5)
    for down in (True, False):
        stage.desk.post(Touched(99, 0, down))
    await lingering
    assert now() == pytest.approx(5)


@virtual_time
async def test_a_lingering_page_with_buttons_does_not_close_by_a_touch_beside_them() -> None:
    stage = DeskStage()
    lingering = asyncio.create_task(stage.desk.linger(FIRST, 20))
    await asyncio.sleep(5)
    for down in (True, False):
        stage.desk.post(Touched(99, 0, down))
    await lingering
    assert now() == pytest.approx(25)


@virtual_time
async def test_an_equal_screen_is_not_drawn_again() -> None:
    stage = DeskStage()
    observed: list[Screen] = []
    stage.desk.observe(observed.append)
    for screen in (FIRST, page("first", "quit", "confirm"), SECOND, FIRST):
        stage.desk.show(screen)
    assert stage.face.shown == observed == [FIRST, SECOND, FIRST]


@virtual_time
async def test_a_machine_that_works_suspiciously_long_is_not_alive() -> None:
    stage = DeskStage()
    stage.desk.show(FIRST)
    await asyncio.sleep(STUCK_SECONDS - 1)
    assert await stage.desk.alive()
    await asyncio.sleep(2)
    assert not await stage.desk.alive()


@virtual_time
async def test_waiting_for_somebody_is_being_alive() -> None:
    stage = DeskStage()
    waiting = asyncio.create_task(stage.desk.watch(FIRST, (TrayChanged,), idle=False))
    await asyncio.sleep(5 * STUCK_SECONDS)
    assert await stage.desk.alive()
    waiting.cancel()

"""The desk's clocks: five idle minutes, twenty for a session, and none while the machine itself works."""

import asyncio

import pytest

from daemon.session.desk import IdleTimeout, LimitReached
from hal.events import CardPlaced, CardTaken, CashCredited, DoorChanged, Event, Touched, TrayChanged
from tests.session.stage import FIRST, SECOND, DeskStage, now, virtual_time


@virtual_time
async def test_nobody_does_anything_for_five_minutes() -> None:
    stage = DeskStage()
    with pytest.raises(IdleTimeout):
        await stage.desk.ask(FIRST)
    assert now() == pytest.approx(300)


@pytest.mark.parametrize("event", [Touched(99, 0, down=True), CardTaken(), CardPlaced(), CashCredited(100)])
@virtual_time
async def test_touch_card_and_money_begin_the_five_minutes_anew(event: Event) -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await asyncio.sleep(299)
    stage.desk.post(event)
    with pytest.raises(IdleTimeout):
        await asking
    assert now() == pytest.approx(599)


@pytest.mark.parametrize("event", [TrayChanged(True), DoorChanged(True)])
@virtual_time
async def test_other_events_do_not(event: Event) -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await asyncio.sleep(299)
    stage.desk.post(event)
    with pytest.raises(IdleTimeout):
        await asking
    assert now() == pytest.approx(300)


@virtual_time
async def test_the_idle_clock_stands_still_while_the_machine_works() -> None:
    stage = DeskStage()
    stage.desk.show(FIRST)
    await asyncio.sleep(800)
    with pytest.raises(IdleTimeout):
        await stage.desk.ask(SECOND)
    assert now() == pytest.approx(1100)


@virtual_time
async def test_from_question_to_question_the_idle_clock_goes_on() -> None:
    """Only a screen of the machine's own stops it: a loop of questions does not."""
    stage = DeskStage()
    assert await stage.desk.watch(FIRST, (), seconds=200) is None
    with pytest.raises(IdleTimeout):
        await stage.desk.ask(SECOND)
    assert now() == pytest.approx(300)


async def keep_touching(stage: DeskStage) -> None:
    while True:
        await asyncio.sleep(60)
        stage.desk.post(Touched(99, 0, down=True))


@virtual_time
async def test_a_session_has_twenty_minutes_however_busy_it_is() -> None:
    stage = DeskStage()
    busy = asyncio.create_task(keep_touching(stage))
    with pytest.raises(LimitReached):
        await stage.desk.ask(FIRST)
    assert now() == pytest.approx(1200)
    busy.cancel()


@virtual_time
async def test_once_funded_the_twenty_minutes_are_off() -> None:
    stage = DeskStage()
    stage.desk.funded()
    with pytest.raises(IdleTimeout):
        busy = asyncio.create_task(keep_touching(stage))
        asyncio.get_running_loop().call_later(2000, busy.cancel)
        await stage.desk.ask(FIRST)
    assert now() > 2000


@virtual_time
async def test_where_no_timeout_counts_nothing_ends_the_waiting() -> None:
    stage = DeskStage()
    waiting = asyncio.create_task(stage.desk.watch(FIRST, (TrayChanged,), idle=False))
    await asyncio.sleep(9999)
    assert not waiting.done()
    stage.desk.post(TrayChanged(False))
    assert await waiting == TrayChanged(False)


@virtual_time
async def test_after_its_seconds_nothing_comes_back() -> None:
    stage = DeskStage()
    assert await stage.desk.watch(FIRST, (), idle=False, seconds=180) is None
    assert now() == pytest.approx(180)


@virtual_time
async def test_the_next_session_has_its_own_twenty_minutes() -> None:
    stage = DeskStage()
    await asyncio.sleep(1100)
    stage.desk.begin()
    busy = asyncio.create_task(keep_touching(stage))
    with pytest.raises(LimitReached):
        await stage.desk.ask(FIRST)
    assert now() == pytest.approx(2300)
    busy.cancel()

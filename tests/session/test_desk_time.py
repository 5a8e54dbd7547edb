"""The desk's clocks: five idle minutes, twenty for a session, and none while the machine itself works."""

import asyncio

import pytest

from daemon.session.desk import IdleTimeout, LimitReached, Limits
from hal.events import (
    BillHeld,
    CardPlaced,
    CardTaken,
    CashCredited,
    CashRejected,
    CashReturnPressed,
    DeviceChanged,
    DoorChanged,
    Event,
    KeyPressed,
    Touched,
    TrayChanged,
)
from tests.session.stage import FIRST, SECOND, DeskStage, now, settled, virtual_time


@virtual_time
async def test_nobody_does_anything_for_five_minutes() -> None:
    stage = DeskStage()
    with pytest.raises(IdleTimeout):
        await stage.desk.ask(FIRST)
    assert now() == pytest.approx(300)


MONEY = (BillHeld(1000), CashCredited(100), CashRejected(), CashReturnPressed())


@pytest.mark.parametrize("event", [Touched(99, 0, down=True), CardTaken(), CardPlaced(), *MONEY])
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


@pytest.mark.parametrize("doubled", [False, True])
@virtual_time
async def test_the_last_thirty_seconds_of_the_twenty_minutes_are_counted_and_more_time_helps(
    doubled: bool,
) -> None:
    stage = DeskStage()
    stage.desk.show(FIRST)
    if doubled:
        stage.citizen.tap("access.time")
    busy = asyncio.create_task(keep_touching(stage))
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    end = 2400 if doubled else 1200
    await asyncio.sleep(end - 31)
    assert stage.face.shown[-1] == FIRST
    await asyncio.sleep(2)
    warning = stage.face.shown[-1]
    assert (warning.name, "timeout.touch" in repr(warning)) == ("timeout", False)
    assert ("more" in stage.face.order) is not doubled
    if not doubled:
        stage.citizen.tap("more")
        await settled()
        assert stage.face.shown[-1] == FIRST
    with pytest.raises(LimitReached):
        await asking
    assert now() == pytest.approx(2400)
    busy.cancel()


@virtual_time
async def test_of_a_short_idle_time_the_citizen_has_half_before_it_is_counted() -> None:
    stage = DeskStage(Limits(idle=8))
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await asyncio.sleep(3.9)
    assert stage.face.shown[-1] == FIRST
    await asyncio.sleep(0.2)
    assert stage.face.shown[-1].name == "timeout"
    with pytest.raises(IdleTimeout):
        await asking
    assert now() == pytest.approx(8)


@virtual_time
async def test_who_has_seen_the_end_of_the_twenty_minutes_may_use_what_is_left_of_them() -> None:
    stage = DeskStage(Limits(session=200))
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await asyncio.sleep(180)
    stage.citizen.tap("continue")
    await asyncio.sleep(10)
    assert stage.face.shown[-1] == FIRST
    stage.citizen.tap("confirm")
    assert await asking == "confirm"
    with pytest.raises(LimitReached):
        await stage.desk.ask(SECOND)
    assert now() == pytest.approx(200)


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


# ---------------------------------------------------------------- pages that close by themselves


@virtual_time
async def test_a_page_that_closes_by_itself_stays_for_whoever_asks_for_more_time() -> None:
    stage = DeskStage()
    page = asyncio.create_task(stage.desk.linger(FIRST, 20))
    await asyncio.sleep(10)
    stage.citizen.tap("access.time")
    await page
    assert now() == pytest.approx(50)


@virtual_time
async def test_a_page_that_closes_by_itself_stays_while_its_pages_are_turned() -> None:
    stage = DeskStage()
    page = asyncio.create_task(stage.desk.linger(FIRST, 20))
    for _ in range(3):
        await asyncio.sleep(15)
        stage.desk.post(Touched(99, 0, down=True))
    await page
    assert now() == pytest.approx(65)


@virtual_time
async def test_a_page_that_closes_by_itself_does_so_however_busy_the_glass_is() -> None:
    stage = DeskStage()

    async def rain() -> None:
        while True:
            await asyncio.sleep(5)
            stage.desk.post(Touched(99, 0, down=True))

    busy = asyncio.create_task(rain())
    await stage.desk.linger(FIRST, 20)
    assert now() == pytest.approx(300)
    busy.cancel()


# ---------------------------------------------------------------- a finger that nobody sees go up


@virtual_time
async def test_a_panel_that_is_unplugged_under_a_finger_does_not_hold_the_countdown() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await asyncio.sleep(5)
    stage.citizen.down("confirm")
    stage.desk.post(DeviceChanged("touch", None))
    await asyncio.sleep(280)
    assert stage.face.shown[-1].name == "timeout"
    for key in ("next", "enter"):
        stage.desk.post(KeyPressed(key))
        await settled()
    assert stage.face.shown[-1] == FIRST
    asking.cancel()


@virtual_time
async def test_a_press_ends_with_the_panel_it_was_made_on() -> None:
    stage = DeskStage()
    asking = asyncio.create_task(stage.desk.ask(FIRST))
    await settled()
    stage.citizen.down("confirm")
    stage.desk.post(DeviceChanged("touch", None))
    stage.citizen.up("confirm")
    await settled()
    assert not asking.done()
    asking.cancel()

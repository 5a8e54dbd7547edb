"""What ends a payment although nobody gives it up: the door, and a coin slot that stays blocked."""

from hal.events import DeviceChanged
from hal.faults import DOOR_OPEN, Fault
from tests.flow.citizen import Wants, citizen
from tests.session.stage import virtual_time

STUCK = 14


@virtual_time
async def test_a_door_that_is_opened_during_payment_gives_the_money_back() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100, 50)
        one.parts.desk.post(DeviceChanged("cabinet", Fault(DOOR_OPEN, "cabinet")))
        await one.until("error.door")
        assert sorted(one.parts.bus.take_tray()) == [50, 100]
        assert await one.claims() == []
        await one.press("quit")
        await one.until("start", "out")
        assert await one.outcomes() == ["void"] * 3


@virtual_time
async def test_a_slot_that_stays_blocked_gives_the_money_back_after_half_a_minute() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100)
        one.parts.bus.acceptor.fault = 2
        one.parts.bus.acceptor.event(STUCK)
        await one.rest(25)
        assert one.sees.name == "payment"
        await one.until("error.cash")
        assert one.parts.bus.take_tray() == [100]
        await one.until("out")


@virtual_time
async def test_a_slot_that_is_freed_in_time_goes_on() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100)
        one.parts.bus.acceptor.fault = 2
        one.parts.bus.acceptor.event(STUCK)
        await one.rest(25)
        one.parts.bus.acceptor.fault = 0
        await one.rest(30)
        await one.insert(500)
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"] * 3

"""What goes wrong with a coin acceptor and its line, and what the kiosk makes of it."""

import asyncio

import pytest

from drivers.cash.vendor import POLL_SECONDS
from drivers.cash.virtual import VirtualBus
from hal.events import CashCredited
from hal.faults import (
    CASH_ACCEPTOR_BLOCKED,
    CASH_ACCEPTOR_RESET,
    CASH_COIN_SWALLOWED,
    CASH_EVENTS_LOST,
    CASH_FRAUD,
    CASH_IDENTITY_CHANGED,
    CASH_LINK_LOST,
    CASH_SUSPECT,
    DeviceError,
)
from tests.drivers.cash.kit import EVERY, Cable, Kiosk, fault_codes, noted, play

MEANT = {20: CASH_FRAUD, 36: CASH_COIN_SWALLOWED}


def test_after_a_power_cut_it_takes_money_again_and_the_next_coin_counts() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        kiosk.bus.insert(100)
        await kiosk.sees(CashCredited(100))
        kiosk.bus.power_cycle(2)
        await asyncio.sleep(1)
        assert kiosk.bus.insert(500) == "accepted"
        await kiosk.sees(CashCredited(500))
        assert noted(kiosk) == [CASH_ACCEPTOR_RESET]

    play(story)


def test_a_power_cut_that_the_counter_cannot_show_is_found_by_the_masks() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        kiosk.bus.power_cycle(2)
        await asyncio.sleep(6)
        assert kiosk.bus.insert(500) == "accepted"

    play(story)


def test_more_coins_than_it_remembers_are_evidence_and_lock_an_acceptor_that_does_not_count() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        for _n in range(7):
            kiosk.bus.insert(10)
        await kiosk.until(lambda: CASH_EVENTS_LOST in fault_codes(kiosk))
        assert kiosk.book.credited == 50
        assert noted(kiosk) == [CASH_EVENTS_LOST]
        await asyncio.sleep(20)
        assert kiosk.bus.insert(10) == "inhibited"

    bus = VirtualBus()
    bus.acceptor.counts = False
    play(story, bus)


def test_more_coins_than_it_remembers_are_credited_by_its_own_counters() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        for value in (500, 100, 100, 10, 10, 10, 10, 10, 50):
            kiosk.bus.insert(value)
        await kiosk.until(lambda: kiosk.count(CashCredited) == 9)
        assert kiosk.book.credited == 800 == sum(kiosk.bus.money.cashbox)
        assert noted(kiosk) == [CASH_EVENTS_LOST]
        assert fault_codes(kiosk) == [None]
        assert kiosk.bus.insert(100) == "accepted"
        await kiosk.vendor.fix()
        assert kiosk.book.credited == 900

    play(story)


def test_lost_events_without_a_coin_among_them_are_no_trouble() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        for _n in range(9):
            kiosk.bus.insert(5)
        await asyncio.sleep(2)
        assert fault_codes(kiosk) == [None]
        assert kiosk.book.credited == 0

    play(story)


def test_a_coin_between_a_reset_and_the_next_poll_is_found_by_its_own_counters() -> None:
    """The counter says 1 again, as before: 229 alone cannot show it."""

    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        kiosk.bus.insert(100)
        await kiosk.sees(CashCredited(100))
        kiosk.bus.acceptor.lose_an_event(500)
        await kiosk.vendor.fix()
        assert noted(kiosk) == [CASH_SUSPECT]
        assert "500 yen" in kiosk.book.notes[-1].detail
        await kiosk.vendor.fix()
        assert len(noted(kiosk)) == 1

    play(story)


def test_an_acceptor_that_forgets_its_counters_too_is_believed_from_then_on() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        kiosk.bus.insert(100)
        await kiosk.sees(CashCredited(100))
        kiosk.bus.acceptor.forget_counts()
        kiosk.bus.power_cycle(2)
        await asyncio.sleep(2)
        for _n in range(8):
            kiosk.bus.insert(10)
        await kiosk.until(lambda: kiosk.count(CashCredited) == 9)
        assert noted(kiosk) == [CASH_ACCEPTOR_RESET, CASH_EVENTS_LOST]

    play(story)


def test_a_swallowed_coin_is_evidence_not_credit() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        kiosk.bus.acceptor.swallow(100)
        await kiosk.until(lambda: CASH_COIN_SWALLOWED in fault_codes(kiosk))
        await kiosk.until(lambda: fault_codes(kiosk)[-1] is None)
        assert kiosk.book.credited == 0
        assert noted(kiosk) == [CASH_COIN_SWALLOWED]

    play(story)


def test_a_blocked_acceptor_takes_nothing_until_its_self_check_is_clean() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        kiosk.bus.acceptor.fault = 2
        kiosk.bus.acceptor.event(14)
        await kiosk.until(lambda: CASH_ACCEPTOR_BLOCKED in fault_codes(kiosk))
        assert kiosk.bus.insert(100) == "inhibited"
        kiosk.bus.acceptor.fault = 0
        await kiosk.until(lambda: fault_codes(kiosk)[-1] is None)
        assert kiosk.bus.insert(100) == "accepted"

    play(story)


def test_the_third_manipulation_within_ten_minutes_locks_cash() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        for _n in range(3):
            kiosk.bus.acceptor.event(20)
            await asyncio.sleep(30)
        assert fault_codes(kiosk)[-2:] == [CASH_FRAUD, CASH_ACCEPTOR_BLOCKED]
        assert kiosk.bus.insert(100) == "inhibited"
        await asyncio.sleep(600)
        assert fault_codes(kiosk)[-1] is None

    play(story, debug=False)


def test_staff_who_switch_it_off_and_on_need_not_wait_the_ten_minutes() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        for _n in range(3):
            kiosk.bus.acceptor.event(20)
            await asyncio.sleep(2)
        assert fault_codes(kiosk)[-1] == CASH_ACCEPTOR_BLOCKED
        kiosk.bus.power_cycle(2)
        await kiosk.until(lambda: fault_codes(kiosk)[-1] is None)
        assert kiosk.bus.insert(100) == "accepted"

    play(story)


@pytest.mark.parametrize("code", [20, 36])
@pytest.mark.parametrize("moment", range(5))
def test_an_incident_is_told_at_whatever_moment_of_the_second_it_happens(code: int, moment: int) -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        await asyncio.sleep(1 + moment * POLL_SECONDS)
        kiosk.bus.acceptor.event(code)
        await asyncio.sleep(3)
        assert fault_codes(kiosk) == [None, MEANT[code], None]

    play(story)


@pytest.mark.parametrize("code", [20, 36])
def test_an_acceptor_that_stays_sick_after_an_incident_is_blocked_and_nobody_is_invited_to_pay(
    code: int,
) -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        kiosk.bus.acceptor.fault = 2
        kiosk.bus.acceptor.event(code)
        await asyncio.sleep(10)
        assert fault_codes(kiosk) == [None, MEANT[code], CASH_ACCEPTOR_BLOCKED]

    play(story)


def test_an_acceptor_that_falls_silent_is_a_fault_and_comes_back() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        kiosk.bus.silence(2)
        await kiosk.until(lambda: fault_codes(kiosk)[-1] == CASH_LINK_LOST)
        with pytest.raises(DeviceError):
            await kiosk.vendor.fix()
        assert (await kiosk.vendor.pay_out("refund", {100: 2})).total == 200
        kiosk.bus.silence(2, on=False)
        await kiosk.until(lambda: fault_codes(kiosk)[-1] is None)
        assert kiosk.bus.insert(10) == "inhibited"
        await kiosk.vendor.accept(EVERY)
        assert kiosk.bus.insert(10) == "accepted"

    play(story)


def test_another_acceptor_in_its_place_is_refused() -> None:
    async def story(kiosk: Kiosk, cable: Cable) -> None:
        await cable.unplug()
        await kiosk.until(lambda: fault_codes(kiosk)[-1] == CASH_LINK_LOST)
        kiosk.bus.swap(2, serial=77)
        cable.cut = False
        await kiosk.until(lambda: fault_codes(kiosk)[-1] == CASH_IDENTITY_CHANGED)
        with pytest.raises(DeviceError):
            await kiosk.vendor.accept(EVERY)
        kiosk.bus.swap(2, serial=1001)
        await kiosk.until(lambda: fault_codes(kiosk)[-1] is None)

    play(story)


def test_an_unplugged_line_is_opened_again_and_credits_go_on() -> None:
    async def story(kiosk: Kiosk, cable: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        kiosk.bus.insert(500)
        kiosk.bus.insert(10)
        await cable.unplug()
        await kiosk.until(lambda: fault_codes(kiosk)[-1] == CASH_LINK_LOST)
        await asyncio.sleep(60)
        cable.cut = False
        await kiosk.until(lambda: fault_codes(kiosk)[-1] is None)
        await asyncio.sleep(1)
        assert kiosk.book.credited == 510
        assert kiosk.bus.insert(100) == "accepted"

    play(story)


def test_a_line_on_which_nobody_answers_is_opened_again() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        for address in (2, 3, 4, 5, 6):
            kiosk.bus.silence(address)
        await asyncio.sleep(40)
        assert kiosk.vendor.levels == {10: 0, 50: 0, 100: 0, 500: 0}
        for address in (2, 3, 4, 5, 6):
            kiosk.bus.silence(address, on=False)
        await kiosk.until(lambda: fault_codes(kiosk)[-1] is None)
        assert kiosk.vendor.levels[500] == 60

    play(story)

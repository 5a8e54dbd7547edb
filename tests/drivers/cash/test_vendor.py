"""The cash vendor as the till sees it, over a wire in memory, in virtual time."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

import pytest

from drivers.cash.hopper import HopperSettings
from drivers.cash.vendor import CctalkSettings
from drivers.cash.virtual import VirtualBus
from drivers.registry import driver_class
from hal.events import CashCredited, CashRejected, CashReturnPressed, DeviceChanged
from hal.faults import (
    CASH_ACCEPTOR_BLOCKED,
    CASH_ACCEPTOR_RESET,
    CASH_COIN_SWALLOWED,
    CASH_EVENTS_LOST,
    CASH_FRAUD,
    CASH_HOPPER_EMPTY,
    CASH_HOPPER_JAM,
    CASH_HOPPER_WRONG,
    CASH_IDENTITY_CHANGED,
    CASH_LINK_LOST,
    DeviceError,
)
from tests.drivers.cash.kit import EVERY, Cable, Kiosk, on_one_wire, settings
from tests.memory_book import MemoryBook
from tests.virtual_time import run_virtual

Story = Callable[[Kiosk, Cable], Awaitable[None]]


def play(
    story: Story,
    bus: VirtualBus | None = None,
    configured: CctalkSettings | None = None,
    debug: bool = True,
) -> Kiosk:
    """Runs the story against a fresh kiosk; afterwards every yen must be somewhere."""

    async def main() -> Kiosk:
        wired = bus or VirtualBus()
        async with on_one_wire(wired, None, configured) as (kiosk, cable):
            await story(kiosk, cable)
            assert wired.conserved
        return kiosk

    return run_virtual(main(), debug=debug)


def fault_codes(kiosk: Kiosk) -> list[str | None]:
    changes = [event.fault for event in kiosk.events if isinstance(event, DeviceChanged)]
    return [getattr(fault, "code", None) for fault in changes]


def noted(kiosk: Kiosk) -> list[str]:
    return [fault.code for fault in kiosk.book.notes if fault.code != CASH_IDENTITY_CHANGED]


# ---------------------------------------------------------------- coming up


def test_it_is_known_by_its_name_and_takes_its_settings() -> None:
    driver = driver_class("cash", "cctalk")
    made = driver(driver.Settings(port="pty:/dev/pts/9", hoppers=()), MemoryBook())
    assert made.denominations == frozenset()
    assert made.levels == {}
    assert not made.virtual


@pytest.mark.parametrize("checksum", ["simple", "crc"])
@pytest.mark.parametrize("echo", [True, False])
@pytest.mark.parametrize("expected", ["auto", "right"])
def test_it_learns_what_the_devices_are(
    checksum: Literal["simple", "crc"], echo: bool, expected: Literal["auto", "right"]
) -> None:
    bus = VirtualBus({3: (10, 40), 5: (100, 7)}, echo=echo, crc=checksum == "crc")
    known = "auto" if expected == "auto" else "on" if echo else "off"

    async def story(kiosk: Kiosk, _: Cable) -> None:
        assert kiosk.vendor.denominations == EVERY
        assert kiosk.vendor.levels == {10: 40, 100: 7}
        assert kiosk.vendor.virtual
        assert kiosk.events == [DeviceChanged("cash", None)]

    play(story, bus, settings(bus, checksum=checksum, echo=known))


def test_nothing_is_taken_before_it_is_asked_for() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        assert kiosk.bus.insert(100) == "inhibited"
        assert kiosk.bus.take_tray() == [100]

    assert play(story).book.credited == 0


# ---------------------------------------------------------------- coins


def test_a_coin_is_in_the_book_before_it_is_reported() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        for value in (500, 10, 100, 50):
            assert kiosk.bus.insert(value) == "accepted"
            await kiosk.sees(CashCredited(value))
        assert kiosk.booked == [500, 510, 610, 660]

    play(story)


def test_only_the_enabled_denominations_are_taken() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(frozenset({10, 500}))
        assert [kiosk.bus.insert(value) for value in (10, 50, 100, 500)] == [
            "accepted",
            "inhibited",
            "inhibited",
            "accepted",
        ]
        await kiosk.sees(CashCredited(500))
        assert kiosk.bus.take_tray() == [50, 100]

    assert play(story).book.credited == 510


def test_a_foreign_coin_comes_back_and_is_reported() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        assert kiosk.bus.insert(5) == "rejected"
        await kiosk.sees(CashRejected())

    assert play(story).book.credited == 0


def test_the_return_lever_is_reported() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        kiosk.bus.press_return()
        await kiosk.sees(CashReturnPressed())

    play(story)


def test_a_coin_in_flight_is_in_the_book_when_the_deposit_is_fixed() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        kiosk.bus.insert(100, delay=0.9)
        await kiosk.vendor.fix()
        assert kiosk.book.credited == 100
        assert kiosk.bus.insert(100) == "inhibited"

    play(story)


def test_a_coin_that_is_later_still_is_credited_too() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        kiosk.bus.insert(100, delay=4)
        await kiosk.vendor.fix()
        await kiosk.sees(CashCredited(100))

    play(story)


@pytest.mark.parametrize("trouble", ["drop_requests", "drop_replies", "corrupt_replies", "busy"])
def test_a_bad_line_costs_no_coin(trouble: str) -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        for value in (100, 500, 50, 10, 10):
            getattr(kiosk.bus, trouble)(2)
            kiosk.bus.insert(value)
            await kiosk.until(lambda: sum(kiosk.bus.money.cashbox) == kiosk.book.credited > 0)
            await asyncio.sleep(1)
        assert kiosk.book.credited == 670
        assert fault_codes(kiosk) == [None]

    play(story)


# ---------------------------------------------------------------- an acceptor in trouble


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


def test_more_coins_than_it_remembers_are_evidence_and_lock_it() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        for _n in range(7):
            kiosk.bus.insert(10)
        await kiosk.until(lambda: CASH_EVENTS_LOST in fault_codes(kiosk))
        assert kiosk.book.credited == 50
        assert noted(kiosk) == [CASH_EVENTS_LOST]
        await asyncio.sleep(20)
        assert kiosk.bus.insert(10) == "inhibited"

    play(story)


def test_a_swallowed_coin_is_evidence_not_credit() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        kiosk.bus.acceptor.swallow(100)
        await kiosk.until(lambda: CASH_ACCEPTOR_BLOCKED in fault_codes(kiosk))
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
        assert fault_codes(kiosk)[-1] == CASH_FRAUD
        assert kiosk.bus.insert(100) == "inhibited"
        await asyncio.sleep(600)
        assert fault_codes(kiosk)[-1] is None

    play(story, debug=False)


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


# ---------------------------------------------------------------- paying out


def test_coins_are_paid_and_counted() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        paid = await kiosk.vendor.pay_out("p", {500: 1, 10: 45, 100: 3})
        assert (paid.total, paid.certain) == (1250, True)
        assert sorted(kiosk.bus.take_tray()) == [10] * 45 + [100] * 3 + [500]
        assert kiosk.vendor.levels == {10: 155, 50: 100, 100: 197, 500: 59}
        assert [intent.coins for intent in kiosk.book.intents] == [1, 3, 20, 20, 5]

    assert play(story).book.paid == 1250


def test_coins_are_counted_while_others_are_inserted() -> None:
    bus = VirtualBus(coins_per_second=4)

    async def story(kiosk: Kiosk, _: Cable) -> None:
        await kiosk.vendor.accept(EVERY)
        payment = asyncio.create_task(kiosk.vendor.pay_out("p", {10: 30}))
        for _n in range(8):
            await asyncio.sleep(0.7)
            assert kiosk.bus.insert(100) == "accepted"
        assert (await payment).total == 300

    assert play(story, bus).book.credited == 800


@pytest.mark.parametrize("trouble", ["drop_requests", "drop_replies", "corrupt_replies", "nak", "busy"])
@pytest.mark.parametrize("header", [164, 160, 167, 166, 168, 163])
def test_a_lost_answer_never_pays_twice(trouble: str, header: int) -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        getattr(kiosk.bus, trouble)(1, header)
        paid = await kiosk.vendor.pay_out("p", {100: 4})
        assert paid.certain
        assert paid.total == sum(kiosk.bus.tray) == kiosk.book.paid
        assert paid.total in (0, 400)

    play(story)


def test_an_empty_hopper_pays_what_it_has_and_offers_nothing_more() -> None:
    bus = VirtualBus({3: (10, 200), 5: (100, 2)})

    async def story(kiosk: Kiosk, _: Cable) -> None:
        paid = await kiosk.vendor.pay_out("p", {100: 5, 10: 1})
        assert (paid.paid, paid.certain) == ({100: 2, 10: 1}, True)
        assert kiosk.vendor.levels == {10: 199, 100: 0}
        await kiosk.until(lambda: fault_codes(kiosk)[-1] == CASH_HOPPER_EMPTY)
        with pytest.raises(DeviceError):
            await kiosk.vendor.pay_out("q", {100: 1})
        kiosk.bus.hoppers[5].fill(50)
        await kiosk.until(lambda: fault_codes(kiosk)[-1] is None)

    play(story, bus)


def test_a_jam_that_a_reset_clears_is_paid_on() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        kiosk.bus.hoppers[5].jam(after=3)
        paid = await kiosk.vendor.pay_out("p", {100: 8})
        assert (paid.total, paid.certain) == (800, True)
        assert [(o.asked, o.paid) for o in kiosk.book.outcomes] == [(8, 3), (5, 5)]

    play(story)


def test_a_jam_that_stays_ends_the_payment() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        kiosk.bus.hoppers[5].jam(after=3, stays=True)
        paid = await kiosk.vendor.pay_out("p", {100: 8})
        assert (paid.total, paid.certain) == (300, True)
        await kiosk.until(lambda: fault_codes(kiosk)[-1] == CASH_HOPPER_JAM)
        assert kiosk.vendor.levels[100] == 0
        kiosk.bus.hoppers[5].clear_jam()
        await kiosk.until(lambda: fault_codes(kiosk)[-1] is None)

    play(story)


def test_two_hoppers_of_one_value_pay_one_after_the_other() -> None:
    bus = VirtualBus({3: (100, 3), 4: (100, 9)})

    async def story(kiosk: Kiosk, _: Cable) -> None:
        assert kiosk.vendor.levels == {100: 12}
        assert (await kiosk.vendor.pay_out("p", {100: 10})).paid == {100: 10}

    play(story, bus)


def test_nothing_asked_of_any_hopper_is_an_error_not_an_outcome() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        for coins in ({5: 1}, {}, {100: 0}):
            with pytest.raises(DeviceError):
                await kiosk.vendor.pay_out("p", coins)
        kiosk.bus.silence(5)
        with pytest.raises(DeviceError):
            await kiosk.vendor.pay_out("p", {100: 1})

    assert play(story).book.intents == []


def test_another_hopper_in_its_place_pays_nothing() -> None:
    async def story(kiosk: Kiosk, cable: Cable) -> None:
        await cable.unplug()
        await kiosk.until(lambda: fault_codes(kiosk)[-1] == CASH_LINK_LOST)
        kiosk.bus.swap(5, serial=1)
        cable.cut = False
        await kiosk.until(lambda: fault_codes(kiosk)[-1] == CASH_HOPPER_WRONG)
        assert kiosk.vendor.levels[100] == 0
        with pytest.raises(DeviceError):
            await kiosk.vendor.pay_out("p", {100: 1})

    play(story)


def test_a_caller_that_gives_up_does_not_stop_the_hopper_half_way() -> None:
    bus = VirtualBus(coins_per_second=4)

    async def story(kiosk: Kiosk, _: Cable) -> None:
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(1):
                await kiosk.vendor.pay_out("p", {100: 12})
        await kiosk.vendor.recover()
        assert kiosk.book.paid == 1200 == sum(kiosk.bus.tray)

    play(story, bus)


def test_a_line_cut_in_the_middle_of_a_payment_is_waited_for() -> None:
    bus = VirtualBus(coins_per_second=4)

    async def story(kiosk: Kiosk, cable: Cable) -> None:
        payment = asyncio.create_task(kiosk.vendor.pay_out("p", {100: 12}))
        await asyncio.sleep(1)
        await cable.unplug()
        await asyncio.sleep(8)
        cable.cut = False
        paid = await payment
        assert (paid.total, paid.certain) == (1200, True)

    play(story, bus)


def test_a_line_that_stays_cut_makes_the_outcome_uncertain() -> None:
    bus = VirtualBus(coins_per_second=4)

    async def story(kiosk: Kiosk, cable: Cable) -> None:
        payment = asyncio.create_task(kiosk.vendor.pay_out("p", {100: 12}))
        await asyncio.sleep(1)
        await cable.unplug()
        assert not (await payment).certain
        assert kiosk.book.open == []

    play(story, bus)


@pytest.mark.parametrize("answered", range(1, 14))
def test_a_line_cut_at_any_question_leaves_a_true_outcome(answered: int) -> None:
    async def story(kiosk: Kiosk, cable: Cable) -> None:
        payment = asyncio.create_task(kiosk.vendor.pay_out("p", {100: 4}))
        before = sum(frame.destination == 5 for frame in kiosk.bus.heard)
        while sum(frame.destination == 5 for frame in kiosk.bus.heard) < before + answered:
            if payment.done():
                break
            await asyncio.sleep(0)
        await cable.unplug()
        await asyncio.sleep(3)
        cable.cut = False
        try:
            total = (await payment).total
        except DeviceError:
            total = 0
            assert kiosk.book.intents == []
        await kiosk.vendor.recover()
        assert kiosk.book.paid == sum(kiosk.bus.tray) == total
        assert all(outcome.certain for outcome in kiosk.book.outcomes)

    play(story)


def test_whoever_writes_the_masks_last_writes_what_is_wanted() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        for delay in range(1, 60):
            kiosk.bus.power_cycle(2)
            enabling = asyncio.create_task(kiosk.vendor.accept(EVERY))
            for _turn in range(delay):
                await asyncio.sleep(0)
            await kiosk.vendor.accept(frozenset({100}))
            await enabling
            await asyncio.sleep(0.3)
            assert kiosk.bus.acceptor.accepting == {100}

    play(story)


def test_serial_number_and_plain_forms_of_dispense_are_spoken() -> None:
    bus = VirtualBus({3: (10, 5), 4: (50, 5)})

    async def story(kiosk: Kiosk, _: Cable) -> None:
        for value in (10, 50):
            await kiosk.vendor.pay_out("p", {value: 2})
        asked = [bytes(frame.data) for frame in kiosk.bus.heard if frame.header == 167]
        assert asked == [bytes([3 + 3000 % 256, 3000 // 256, 0, 2]), b"\x02"]

    hoppers = (HopperSettings(3, 10, 5, "serial"), HopperSettings(4, 50, 5, "plain"))
    play(story, bus, CctalkSettings(port="memory:", hoppers=hoppers))

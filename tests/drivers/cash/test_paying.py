"""Change and refunds: every coin paid once, and the book says which."""

import asyncio

import pytest

from drivers.cash.hopper import HopperSettings
from drivers.cash.vendor import CctalkSettings
from drivers.cash.virtual import VirtualBus
from hal.faults import (
    CASH_HOPPER_EMPTY,
    CASH_HOPPER_JAM,
    CASH_HOPPER_WRONG,
    CASH_LINK_LOST,
    CASH_SUSPECT,
    DeviceError,
)
from tests.drivers.cash.kit import EVERY, Cable, Kiosk, fault_codes, noted, play


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


def test_a_hopper_that_was_never_told_what_it_holds_is_believed() -> None:
    bus = VirtualBus({3: (10, 5)})
    bus.hoppers[3].told_coin = 0

    async def story(kiosk: Kiosk, _: Cable) -> None:
        assert (await kiosk.vendor.pay_out("p", {10: 2})).total == 20

    play(story, bus)


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


def test_a_hopper_that_is_exchanged_while_nothing_is_paid_is_noticed_before_the_next_payment() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        kiosk.bus.exchange(5, serial=1)
        await kiosk.until(lambda: fault_codes(kiosk)[-1] == CASH_HOPPER_WRONG)
        assert kiosk.vendor.levels[100] == 0
        kiosk.bus.exchange(5, serial=3005)
        await kiosk.until(lambda: fault_codes(kiosk)[-1] is None)
        assert kiosk.vendor.levels[100] == 200

    play(story)


def test_a_hopper_whose_two_counters_disagree_leaves_the_payment_uncertain() -> None:
    async def story(kiosk: Kiosk, _: Cable) -> None:
        kiosk.bus.hoppers[5].miscount()
        paid = await kiosk.vendor.pay_out("p", {100: 3})
        assert (paid.certain, kiosk.bus.take_tray()) == (False, [100] * 3)
        assert noted(kiosk) == [CASH_SUSPECT]
        assert (await kiosk.vendor.pay_out("q", {100: 3})).certain

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

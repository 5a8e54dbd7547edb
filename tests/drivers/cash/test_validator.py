"""Bills: held until the till decides, credited only when they lie in the stacker."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from drivers.cash.virtual import VirtualBus
from hal.events import BillHeld, CashCredited, CashRejected, DeviceChanged
from hal.faults import CASH_ACCEPTOR_BLOCKED, CASH_COIN_SWALLOWED, CASH_FRAUD, DeviceError
from tests.drivers.cash.kit import EVERY, Kiosk, on_one_wire, settings
from tests.memory_book import MemoryBook
from tests.virtual_time import run_virtual

WITH_BILLS = EVERY | {1000}


def play(story: Callable[[Kiosk], Awaitable[None]], book: MemoryBook | None = None) -> VirtualBus:
    bus = VirtualBus(validator=True)

    async def main() -> None:
        async with on_one_wire(bus, book, settings(bus, validator=40)) as (kiosk, _):
            await kiosk.vendor.accept(WITH_BILLS)
            await story(kiosk)
            assert bus.conserved

    run_virtual(main())
    return bus


def last_fault(kiosk: Kiosk) -> str | None:
    changes = [event.fault for event in kiosk.events if isinstance(event, DeviceChanged)]
    return getattr(changes[-1], "code", None)


def test_it_knows_its_bills() -> None:
    async def story(kiosk: Kiosk) -> None:
        assert kiosk.vendor.denominations == EVERY | {1000, 2000, 5000, 10000}

    play(story)


def test_a_stacked_bill_is_credited_after_its_intent() -> None:
    async def story(kiosk: Kiosk) -> None:
        assert kiosk.bus.insert_bill(1000) == "held"
        await kiosk.sees(BillHeld(1000))
        assert kiosk.book.credited == 0
        await kiosk.vendor.decide(stack=True)
        await kiosk.sees(CashCredited(1000))
        assert kiosk.booked == [1000]
        assert [value for _, value in kiosk.book.bills] == [1000]

    play(story)


def test_a_returned_bill_is_not_credited() -> None:
    async def story(kiosk: Kiosk) -> None:
        kiosk.bus.insert_bill(1000)
        await kiosk.sees(BillHeld(1000))
        await kiosk.vendor.decide(stack=False)
        await kiosk.sees(CashRejected())
        assert kiosk.bus.take_tray() == [1000]
        assert kiosk.book.credited == 0

    play(story)


def test_a_bill_that_is_not_wanted_comes_back() -> None:
    async def story(kiosk: Kiosk) -> None:
        assert kiosk.bus.insert_bill(10000) == "inhibited"
        await kiosk.sees(CashRejected())
        await kiosk.vendor.accept(EVERY)
        assert kiosk.bus.insert_bill(1000) == "inhibited"

    play(story)


def test_a_second_bill_that_is_refused_does_not_hide_the_one_in_escrow() -> None:
    async def story(kiosk: Kiosk) -> None:
        kiosk.bus.insert_bill(1000)
        await kiosk.sees(BillHeld(1000))
        assert kiosk.bus.insert_bill(1000) == "inhibited"
        await kiosk.sees(CashRejected())
        assert kiosk.vendor.held == 1000
        await kiosk.vendor.decide(stack=False)
        assert kiosk.bus.take_tray() == [1000, 1000]
        assert kiosk.vendor.held == 0

    play(story)


def test_a_bill_that_a_crash_left_in_escrow_goes_back_however_many_were_refused_since() -> None:
    bus, book = VirtualBus(validator=True), MemoryBook()
    configured = settings(bus, validator=40)

    async def main() -> None:
        async with on_one_wire(bus, book, configured) as (kiosk, _):
            await kiosk.vendor.accept(WITH_BILLS)
            bus.insert_bill(1000)
            await kiosk.sees(BillHeld(1000))
            for _ in range(6):
                bus.insert_bill(1000)
        async with on_one_wire(bus, book, configured):
            await asyncio.sleep(1)
            assert bus.take_tray() == [1000] * 7
            assert book.credited == 0

    run_virtual(main())


def test_a_bill_that_an_unseen_reset_gave_back_is_not_believed_to_wait_any_longer() -> None:
    async def story(kiosk: Kiosk) -> None:
        kiosk.bus.insert_bill(1000)
        await kiosk.sees(BillHeld(1000))
        kiosk.bus.power_cycle(40)
        for _ in range(5):
            kiosk.bus.insert_bill(1000)  # new events hide that its counter was at 0
        with pytest.raises(DeviceError):
            await kiosk.vendor.decide(stack=True)
        assert (kiosk.vendor.held, kiosk.book.credited) == (0, 0)

    play(story)


def test_a_lost_answer_to_the_decision_is_no_double_credit() -> None:
    async def story(kiosk: Kiosk) -> None:
        kiosk.bus.insert_bill(1000)
        await kiosk.sees(BillHeld(1000))
        kiosk.bus.drop_replies(1, 154)
        await kiosk.vendor.decide(stack=True)
        await kiosk.sees(CashCredited(1000))
        await asyncio.sleep(5)
        assert kiosk.book.credited == 1000

    play(story)


def test_a_bill_waits_in_escrow_for_as_long_as_the_till_needs() -> None:
    async def story(kiosk: Kiosk) -> None:
        kiosk.bus.insert_bill(1000)
        await kiosk.sees(BillHeld(1000))
        await asyncio.sleep(280)
        assert kiosk.bus.tray == []
        await kiosk.vendor.decide(stack=True)
        await kiosk.sees(CashCredited(1000))

    play(story)


def test_a_validator_that_knows_no_extension_gives_it_back_by_itself() -> None:
    async def story(kiosk: Kiosk) -> None:
        kiosk.bus.insert_bill(1000)
        await kiosk.sees(BillHeld(1000))
        for _n in range(8):
            kiosk.bus.drop_requests(1, 154)
            await asyncio.sleep(5)
        await kiosk.sees(CashRejected())
        assert kiosk.bus.take_tray() == [1000]

    play(story)


def test_a_validator_that_does_not_tell_its_mode_is_at_work_all_the_same() -> None:
    async def story(kiosk: Kiosk) -> None:
        kiosk.bus.nak(99, 152)
        await asyncio.sleep(30)
        assert last_fault(kiosk) is None
        assert kiosk.bus.insert_bill(1000) == "held"
        await kiosk.sees(BillHeld(1000))
        await kiosk.vendor.decide(stack=False)

    play(story)


def test_deciding_over_nothing_is_an_error() -> None:
    async def story(kiosk: Kiosk) -> None:
        with pytest.raises(DeviceError):
            await kiosk.vendor.decide(stack=True)

    play(story)


def test_a_bill_that_a_crash_left_in_escrow_comes_back() -> None:
    bus, book = VirtualBus(validator=True), MemoryBook()
    configured = settings(bus, validator=40)

    async def main() -> None:
        async with on_one_wire(bus, book, configured) as (kiosk, _):
            await kiosk.vendor.accept(WITH_BILLS)
            bus.insert_bill(1000)
            await kiosk.sees(BillHeld(1000))
        async with on_one_wire(bus, book, configured):
            assert bus.tray == [1000]
            assert book.credited == 0

    run_virtual(main())


def test_a_bill_stacked_just_before_a_crash_is_credited_by_the_next_life() -> None:
    bus, book = VirtualBus(validator=True), MemoryBook()
    configured = settings(bus, validator=40)

    async def main() -> None:
        async with on_one_wire(bus, book, configured) as (kiosk, cable):
            await kiosk.vendor.accept(WITH_BILLS)
            bus.insert_bill(1000)
            await kiosk.sees(BillHeld(1000))
            await kiosk.vendor.decide(stack=True)
            await cable.unplug()
        async with on_one_wire(bus, book, configured):
            assert book.credited == 1000

    run_virtual(main())


def test_fraud_and_jams_lock_the_validator_until_its_stacker_is_well() -> None:
    async def story(kiosk: Kiosk) -> None:
        assert kiosk.bus.validator is not None
        for code, fault, kept in ((18, CASH_FRAUD, 0), (16, CASH_ACCEPTOR_BLOCKED, 1)):
            kiosk.bus.validator.event(code)
            await kiosk.until(lambda wanted=fault: last_fault(kiosk) == wanted)  # type: ignore[misc]
            assert kiosk.bus.insert_bill(1000) == "inhibited"
            assert [note.code for note in kiosk.book.notes].count(CASH_COIN_SWALLOWED) == kept
            kiosk.bus.validator.event(12)
            await kiosk.until(lambda: last_fault(kiosk) is None)
        assert kiosk.bus.insert_bill(1000) == "held"
        await kiosk.sees(BillHeld(1000))
        await kiosk.vendor.decide(stack=False)

    play(story)


def test_a_power_cut_gives_the_bill_back_and_bills_are_taken_again() -> None:
    async def story(kiosk: Kiosk) -> None:
        kiosk.bus.insert_bill(1000)
        await kiosk.sees(BillHeld(1000))
        kiosk.bus.power_cycle(40)
        assert kiosk.bus.tray == [1000]
        await asyncio.sleep(6)
        assert kiosk.bus.insert_bill(1000) == "held"
        await asyncio.sleep(1)
        await kiosk.vendor.decide(stack=True)

    play(story)

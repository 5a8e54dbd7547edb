"""The kiosk dies and boots again: every coin is counted once, and every payout is settled by the counters."""

import asyncio
import random
from contextlib import suppress

import pytest

from drivers.cash.vendor import CctalkSettings
from drivers.cash.virtual import VirtualBus
from hal.events import CashCredited
from hal.faults import DeviceError
from tests.drivers.cash.kit import EVERY, on_one_wire, settings
from tests.memory_book import Dead, MemoryBook
from tests.virtual_time import run_virtual

COINS = (500, 10, 10, 100, 50, 500)


async def life(
    bus: VirtualBus, book: MemoryBook, configured: CctalkSettings, acts: str, dies_after: int
) -> None:
    """One boot of the kiosk; it may die anywhere. acts: "insert", "pay" or nothing but recovery."""
    with suppress(Dead, TimeoutError):
        async with on_one_wire(bus, book, configured) as (kiosk, _), asyncio.timeout(60):
            await kiosk.vendor.recover()
            await kiosk.vendor.accept(EVERY)
            book.dies_after = dies_after
            if acts == "insert":
                for value in COINS:
                    bus.insert(value)
                    await asyncio.sleep(0.5)
                await kiosk.vendor.fix()
            if acts == "pay":
                await kiosk.vendor.pay_out("refund", {10: 23, 100: 5, 500: 2})


@pytest.mark.parametrize("dies_after", range(1, 8))
def test_a_crash_between_commit_and_report_credits_no_coin_twice(dies_after: int) -> None:
    bus, book = VirtualBus(), MemoryBook()
    configured = settings(bus)

    async def main() -> None:
        await life(bus, book, configured, "", 99)
        book.restart()
        await life(bus, book, configured, "insert", dies_after)
        book.restart()
        async with on_one_wire(bus, book, configured) as (kiosk, _):
            assert kiosk.count(CashCredited) == len(book.credits) - min(dies_after, len(COINS))
            assert book.credited == sum(bus.money.cashbox)
            assert bus.conserved

    run_virtual(main(), debug=False)


@pytest.mark.parametrize("coins_per_second", [0.0, 3.0])
@pytest.mark.parametrize("dies_after", range(1, 10))
def test_a_crash_in_a_payout_is_settled_by_the_hoppers_counters(
    dies_after: int, coins_per_second: float
) -> None:
    bus, book = VirtualBus(coins_per_second=coins_per_second), MemoryBook()
    configured = settings(bus)

    async def main() -> None:
        await life(bus, book, configured, "pay", dies_after)
        book.restart()
        async with on_one_wire(bus, book, configured) as (kiosk, _):
            await kiosk.vendor.recover()
            assert book.open == []
            assert all(outcome.certain for outcome in book.outcomes)
            assert book.paid == sum(bus.tray)
            paid = await kiosk.vendor.pay_out("rest", {500: 1})
            assert paid.total == 500
            assert bus.conserved

    run_virtual(main(), debug=False)


@pytest.mark.parametrize("seconds", [0.0, 0.05, 0.2, 0.5, 1.0, 2.0, 4.0])
def test_a_boot_that_comes_while_the_hopper_still_turns_waits_for_it(seconds: float) -> None:
    bus, book = VirtualBus(coins_per_second=3), MemoryBook()
    configured = settings(bus)

    async def main() -> None:
        async with on_one_wire(bus, book, configured) as (kiosk, cable):
            payment = asyncio.create_task(kiosk.vendor.pay_out("p", {100: 10}))
            await asyncio.sleep(seconds)
            book.dead = True
            await cable.unplug()
            payment.cancel()
            with suppress(asyncio.CancelledError):
                await payment
        book.restart()
        async with on_one_wire(bus, book, configured) as (kiosk, _):
            await kiosk.vendor.recover()
            assert book.paid == sum(bus.tray)
            assert [outcome.certain for outcome in book.outcomes] == [True] * len(book.intents)

    run_virtual(main(), debug=False)


def test_a_hopper_that_is_gone_leaves_its_payout_to_a_technician() -> None:
    bus, book = VirtualBus(coins_per_second=3), MemoryBook()
    configured = settings(bus)

    async def main() -> None:
        await life(bus, book, configured, "pay", 1)
        book.restart()
        bus.swap(6, serial=1)
        async with on_one_wire(bus, book, configured) as (kiosk, _):
            await kiosk.vendor.recover()
            assert [(o.paid, o.certain) for o in book.outcomes] == [(0, False)]

    run_virtual(main(), debug=False)


def test_a_hopper_that_is_silent_keeps_its_payout_open() -> None:
    bus, book = VirtualBus(), MemoryBook()
    configured = settings(bus)

    async def main() -> None:
        await life(bus, book, configured, "pay", 1)
        book.restart()
        bus.silence(6)
        async with on_one_wire(bus, book, configured) as (kiosk, _):
            with pytest.raises(DeviceError):
                await kiosk.vendor.recover()
            with pytest.raises(DeviceError):
                await kiosk.vendor.pay_out("q", {10: 1})
            assert len(book.open) == 1
            bus.silence(6, on=False)
            await asyncio.sleep(6)
            await kiosk.vendor.recover()
            assert [(o.paid, o.certain) for o in book.outcomes] == [(0, True)]

    run_virtual(main(), debug=False)


async def bad_day(
    bus: VirtualBus, book: MemoryBook, configured: CctalkSettings, dice: random.Random, day: int
) -> None:
    """Coins and payouts over a bad line, until the kiosk dies or the day is over."""
    troubles = [bus.drop_replies, bus.drop_requests, bus.corrupt_replies, bus.busy]
    with suppress(Dead, TimeoutError):
        async with on_one_wire(bus, book, configured) as (kiosk, _), asyncio.timeout(120):
            await kiosk.vendor.recover()
            book.dies_after = dice.choice([3, 8, 20, 60])
            for number in range(20):
                with suppress(DeviceError):
                    await kiosk.vendor.accept(EVERY)
                bus.insert(dice.choice(COINS), delay=dice.choice([0.0, 0.3]))
                dice.choice(troubles)(dice.randrange(1, 3))
                await asyncio.sleep(dice.uniform(0.5, 2))
                if dice.random() < 0.3:
                    with suppress(DeviceError):
                        await kiosk.vendor.pay_out(f"{day}.{number}", {10: dice.randrange(1, 30), 100: 2})


@pytest.mark.parametrize("seed", range(20))
def test_on_bad_days_money_is_conserved_and_the_book_is_right(seed: int) -> None:
    dice = random.Random(seed)
    bus, book = VirtualBus(coins_per_second=dice.choice([0.0, 3.0])), MemoryBook()
    configured = settings(bus)

    async def main() -> None:
        await life(bus, book, configured, "", 99)
        for day in range(4):
            book.restart()
            await bad_day(bus, book, configured, dice, day)
        book.restart()
        bus.mend()
        async with on_one_wire(bus, book, configured) as (kiosk, _):
            await kiosk.vendor.recover()
            await kiosk.vendor.fix()
        returned_at_once = bus.money.inserted - sum(bus.money.cashbox)
        assert book.credited == sum(bus.money.cashbox)
        assert book.paid == bus.money.given_back - returned_at_once
        assert all(outcome.certain for outcome in book.outcomes)
        assert bus.conserved

    run_virtual(main(), debug=False)

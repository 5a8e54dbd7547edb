"""Every fault of the virtual vendor, by its name: the kiosk counts right before, during and after it."""

import asyncio
from contextlib import suppress

import pytest

from drivers.cash.virtual import FAULTS, VirtualBus
from hal.faults import DeviceError
from tests.drivers.cash.kit import EVERY, Cable, Kiosk, on_one_wire
from tests.virtual_time import run_virtual

BEFORE_THE_HOST = ("counter about to wrap",)
"""It makes a used device of a new one."""

A_COIN_TOO_MANY = {("hopper late coin", "credit"): 10}
"""While nothing is paid out nobody owes it to anybody, and no outcome can hold it."""

PAID = {10: 7}


async def insert(kiosk: Kiosk, *coins: int) -> None:
    for value in coins:
        with suppress(DeviceError):
            await kiosk.vendor.accept(EVERY)
        kiosk.bus.insert(value)
        await asyncio.sleep(0.7)


async def pay(kiosk: Kiosk) -> bool:
    """Whether anything was asked of a hopper; what it paid is certain then."""
    try:
        paid = await kiosk.vendor.pay_out("p", PAID)
    except DeviceError:
        return False
    assert paid.certain
    return True


@pytest.mark.parametrize("during", ["credit", "payout"])
@pytest.mark.parametrize("name", FAULTS)
def test_money_is_counted_right_in_spite_of_it(name: str, during: str) -> None:
    bus = VirtualBus(echo=True, coins_per_second=5)

    async def main() -> None:
        if name in BEFORE_THE_HOST:
            await bus.inject(name)
        async with on_one_wire(bus) as (kiosk, cable):
            await insert(kiosk, 100, 500)
            payment = asyncio.create_task(pay(kiosk)) if during == "payout" else None
            await asyncio.sleep(0.5)
            if name not in BEFORE_THE_HOST:
                await bus.inject(name)
            await insert(kiosk, 10, 50, 100)
            await mended(kiosk, cable)
            if payment is not None:
                await payment
            await insert(kiosk, 500)
            await kiosk.vendor.fix()
            assert await pay(kiosk)
            returned_at_once = bus.money.inserted - sum(bus.money.cashbox)
            assert kiosk.book.credited == sum(bus.money.cashbox) >= 1100
            paid = bus.money.given_back - returned_at_once - A_COIN_TOO_MANY.get((name, during), 0)
            assert kiosk.book.paid == paid
            assert bus.conserved

    run_virtual(main(), debug=False)


async def mended(kiosk: Kiosk, _: Cable) -> None:
    """Everything is repaired, and the kiosk has seen it."""
    kiosk.bus.mend()
    await asyncio.sleep(40)


def test_there_is_one_for_everything_that_a_vendor_must_survive() -> None:
    wanted = {
        *("request dropped", "request corrupted", "request delayed"),
        *("reply dropped", "reply corrupted", "reply delayed", "reply split"),
        *("echo garbled", "acceptor silent", "refused", "busy", "acceptor reset", "counter about to wrap"),
        *("events lost", "acceptor not polled", "dispense counter late", "hopper reset", "hopper stuck"),
        *("hopper late coin", "acceptor swapped", "line cut"),
    }
    assert wanted <= set(FAULTS)


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(KeyError):
        asyncio.run(VirtualBus(clock=lambda: 0.0).inject("gremlins"))

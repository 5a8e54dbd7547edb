"""The cash vendor comes up and takes coins, over a wire in memory, in virtual time."""

import asyncio
from typing import Literal

import pytest

from drivers.cash.virtual import VirtualBus
from drivers.registry import driver_class
from hal.events import CashCredited, CashRejected, CashReturnPressed, DeviceChanged
from tests.drivers.cash.kit import EVERY, Cable, Kiosk, fault_codes, play, settings
from tests.memory_book import MemoryBook


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

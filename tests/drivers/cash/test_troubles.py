"""The one fault that the coin vendor shows: on change only, and anew in each run of its pump."""

import asyncio
from contextlib import suppress

from drivers.cash.troubles import Troubles
from drivers.cash.vendor import CctalkVendor
from drivers.cash.virtual import VirtualBus
from hal.events import DeviceChanged, Event
from hal.faults import CASH_HOPPER_EMPTY, CASH_LINK_LOST, Fault
from tests.drivers.cash.kit import Cable, Kiosk, settings
from tests.memory_book import MemoryBook
from tests.virtual_time import run_virtual

LOST = Fault(CASH_LINK_LOST, "cash", "cut")
EMPTY = Fault(CASH_HOPPER_EMPTY, "cash", "10 yen")
WELL = DeviceChanged("cash", None)


def test_the_worst_is_shown_and_only_when_it_changes() -> None:
    told: list[Event] = []
    troubles = Troubles(told.append)
    for part, fault in (
        ("a", None),
        ("b", EMPTY),
        ("line", LOST),
        ("b", None),
        ("line", None),
        ("line", None),
    ):
        troubles.set(part, fault)
        troubles.report()
    assert told == [WELL, DeviceChanged("cash", EMPTY), DeviceChanged("cash", LOST), WELL]


def test_a_new_run_tells_what_stands() -> None:
    told: list[Event] = []
    troubles = Troubles(told.append)
    troubles.report()
    troubles.begin()
    troubles.report()
    troubles.report()
    assert told == [WELL, WELL]


def test_a_pump_that_the_supervisor_starts_again_says_that_it_is_well() -> None:
    """Or the fault with which the supervisor reported its end would stand for ever."""

    async def one_life(kiosk: Kiosk) -> None:
        kiosk.events.clear()
        pump = asyncio.create_task(kiosk.vendor.run(kiosk.emit))
        await kiosk.sees(WELL)
        pump.cancel()
        with suppress(asyncio.CancelledError):
            await pump

    async def main() -> None:
        bus = VirtualBus()
        cable = Cable(bus)
        book = MemoryBook()
        kiosk = Kiosk(CctalkVendor(settings(bus), book, cable.open), bus, book)
        await one_life(kiosk)
        await one_life(kiosk)
        await cable.close()

    run_virtual(main())

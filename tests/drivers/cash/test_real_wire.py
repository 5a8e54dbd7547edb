"""The same driver and the same virtual vendor over a real pseudo-terminal, at the pace of 9600 baud too."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import msgspec
import pytest

from drivers.cash.virtual import VirtualBus, open_pty
from drivers.ports import open_port
from hal.events import CashCredited, DeviceChanged
from tests.drivers.cash.kit import EVERY, Kiosk, running, settings
from tests.memory_book import MemoryBook


@asynccontextmanager
async def on_a_pty(
    bus: VirtualBus, book: MemoryBook, kind: str = "pty", pace: bool = False
) -> AsyncIterator[Kiosk]:
    device, path = open_pty()
    serving = asyncio.create_task(bus.serve(device, pace))
    configured = msgspec.structs.replace(settings(bus), port=f"{kind}:{path}")
    try:
        async with running(bus, book, open_port, configured) as kiosk:
            yield kiosk
    finally:
        await device.close()
        await serving


@pytest.mark.parametrize("kind", ["pty", "serial"])
@pytest.mark.parametrize("echo", [False, True])
async def test_coins_go_in_and_change_comes_out(kind: str, echo: bool) -> None:
    bus, book = VirtualBus(echo=echo), MemoryBook()
    async with on_a_pty(bus, book, kind) as kiosk:
        await kiosk.vendor.accept(EVERY)
        assert bus.insert(500) == "accepted"
        await kiosk.sees(CashCredited(500))
        await kiosk.vendor.fix()
        assert (await kiosk.vendor.pay_out("p", {100: 3})).total == 300
        assert bus.take_tray() == [100, 100, 100]
        assert bus.conserved


async def test_at_the_pace_of_the_wire() -> None:
    bus, book = VirtualBus({3: (10, 30)}), MemoryBook()
    async with on_a_pty(bus, book, pace=True) as kiosk:
        await kiosk.vendor.accept(EVERY)
        assert bus.insert(100) == "accepted"
        await kiosk.sees(CashCredited(100))
        assert (await kiosk.vendor.pay_out("p", {10: 3})).total == 30


async def test_the_next_life_of_the_kiosk_opens_the_same_line() -> None:
    bus, book = VirtualBus(), MemoryBook()
    configured = settings(bus)
    device, path = open_pty()
    serving = asyncio.create_task(bus.serve(device))
    configured = msgspec.structs.replace(configured, port=f"pty:{path}")
    for value in (100, 500):
        async with running(bus, book, open_port, configured) as kiosk:
            await kiosk.vendor.accept(EVERY)
            assert bus.insert(value) == "accepted"
            await kiosk.sees(CashCredited(value))
    assert book.credited == 600
    await device.close()
    await serving


async def test_a_vendor_that_is_switched_off_is_a_fault() -> None:
    bus, book = VirtualBus({3: (10, 30)}), MemoryBook()
    device, path = open_pty()
    serving = asyncio.create_task(bus.serve(device))
    configured = msgspec.structs.replace(settings(bus), port=f"pty:{path}")
    async with running(bus, book, open_port, configured) as kiosk:
        assert kiosk.events == [DeviceChanged("cash", None)]
        await device.close()
        await serving
        await kiosk.until(lambda: len(kiosk.events) > 1)
        change = kiosk.events[-1]
        assert isinstance(change, DeviceChanged)
        assert "cash.link-lost" in repr(change.fault)

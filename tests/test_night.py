"""The screen of a closed kiosk goes dark and is lit again: by the hour, or by whoever comes."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from daemon.night import LOOK_SECONDS, Night
from drivers.display.framebuffer import Framebuffer, FramebufferSettings
from hal.events import CardPlaced, DeviceChanged, DoorChanged, Event, KeyPressed, Touched
from hal.faults import PRINTER_JAM, Fault
from tests.drivers.machine import Machine, Screen
from tests.session.stage import virtual_time

SECONDS = 300.0
SOON = LOOK_SECONDS + 1


class Shop:
    """A screen in the hours of a shop. is_open: whether it may not be dark."""

    def __init__(self) -> None:
        self.screen, machine = Screen(64, 48), Machine()
        machine.plug("/dev/fb0", self.screen)
        self.night = Night(Framebuffer(FramebufferSettings("/dev/fb0"), machine), SECONDS)
        self.is_open = False

    @property
    def is_dark(self) -> bool:
        return self.screen.blanked[-1:] == [4]


@asynccontextmanager
async def closed() -> AsyncIterator[Shop]:
    shop = Shop()
    task = asyncio.create_task(shop.night.run(lambda: not shop.is_open))
    try:
        yield shop
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert not shop.is_dark, "whoever comes after us finds a lit screen"


@virtual_time
async def test_a_closed_kiosk_that_nobody_comes_to_goes_dark() -> None:
    async with closed() as shop:
        await asyncio.sleep(SECONDS - 1)
        assert not shop.is_dark
        await asyncio.sleep(SOON)
        assert shop.is_dark


@virtual_time
async def test_an_open_kiosk_never_does() -> None:
    async with closed() as shop:
        shop.is_open = True
        await asyncio.sleep(10 * SECONDS)
        assert shop.screen.blanked == []


@virtual_time
async def test_it_is_lit_when_it_opens_and_dark_only_as_long_after_closing() -> None:
    async with closed() as shop:
        await asyncio.sleep(SECONDS + SOON)
        shop.is_open = True
        await asyncio.sleep(SOON)
        assert not shop.is_dark
        shop.is_open = False
        await asyncio.sleep(SECONDS - SOON)
        assert not shop.is_dark
        await asyncio.sleep(2 * SOON)
        assert shop.is_dark


@virtual_time
async def test_the_touch_that_lights_it_acts_on_nothing_and_the_next_one_does() -> None:
    async with closed() as shop:
        await asyncio.sleep(SECONDS + SOON)
        assert shop.night.wakes(Touched(3, 4, True))
        assert not shop.is_dark
        assert shop.night.wakes(Touched(3, 4, False))
        assert not shop.night.wakes(Touched(3, 4, True))
        assert not shop.night.wakes(Touched(3, 4, False))


@virtual_time
async def test_the_key_that_lights_it_acts_on_nothing_and_the_next_one_does() -> None:
    async with closed() as shop:
        await asyncio.sleep(SECONDS + SOON)
        assert shop.night.wakes(KeyPressed("enter"))
        assert not shop.night.wakes(KeyPressed("enter"))


@pytest.mark.parametrize("event", [CardPlaced(), DoorChanged(True)])
def test_whatever_a_person_does_lights_it_and_is_heard(event: Event) -> None:
    @virtual_time
    async def scenario() -> None:
        async with closed() as shop:
            await asyncio.sleep(SECONDS + SOON)
            assert not shop.night.wakes(event)
            assert not shop.is_dark
            await asyncio.sleep(SECONDS + SOON)
            assert shop.is_dark, "and it goes dark again"

    scenario()


@virtual_time
async def test_a_device_that_changes_is_nobody() -> None:
    async with closed() as shop:
        await asyncio.sleep(SECONDS + SOON)
        assert not shop.night.wakes(DeviceChanged("document", Fault(PRINTER_JAM, "document")))
        assert shop.is_dark

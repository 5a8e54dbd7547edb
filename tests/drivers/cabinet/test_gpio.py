"""Lamps and contacts on gpiozero's mock pins: real gpiozero, no Raspberry Pi."""

from collections.abc import Iterator

import gpiozero
import pytest
from gpiozero.pins.mock import MockFactory

from drivers.cabinet.gpio import GpioCabinet, GpioSettings
from hal.contracts import Cabinet
from hal.events import DeviceChanged, DoorChanged, ServiceKeyTurned, TrayChanged
from hal.faults import CABINET_LOST, DOOR_OPEN, Fault
from tests.drivers.ear import running

SETTINGS = GpioSettings(card_lamp=17, paper_lamp=27, tray=5, door=6, key=13, bounce=None)
WELL = DeviceChanged("cabinet", None)


@pytest.fixture
def pins() -> Iterator[MockFactory]:
    before, gpiozero.Device.pin_factory = gpiozero.Device.pin_factory, MockFactory()
    try:
        yield gpiozero.Device.pin_factory
    finally:
        gpiozero.Device.pin_factory.reset()
        gpiozero.Device.pin_factory = before


def paper(cabinet: Cabinet) -> bool | None:
    return cabinet.paper_in_tray


async def test_every_contact_is_reported_as_it_stands_and_on_change(pins: MockFactory) -> None:
    cabinet: Cabinet = GpioCabinet(SETTINGS)
    assert cabinet.has_tray_sensor
    assert paper(cabinet) is None
    async with running(cabinet.run) as ear:
        first = [await ear.next() for _ in range(4)]
        assert first == [TrayChanged(False), DoorChanged(False), ServiceKeyTurned(False), WELL]
        pins.pin(5).drive_low()
        assert await ear.next() == TrayChanged(True)
        assert paper(cabinet) is True
        pins.pin(13).drive_low()
        assert await ear.next() == ServiceKeyTurned(True)
        pins.pin(5).drive_high()
        assert await ear.next() == TrayChanged(False)


async def test_an_open_door_is_a_fault_until_it_is_closed(pins: MockFactory) -> None:
    async with running(GpioCabinet(SETTINGS).run) as ear:
        await ear.skip_to(WELL)
        pins.pin(6).drive_low()
        assert await ear.next() == DoorChanged(True)
        fault = await ear.next()
        assert isinstance(fault, DeviceChanged)
        assert isinstance(fault.fault, Fault)
        assert fault.fault.code == DOOR_OPEN
        pins.pin(6).drive_high()
        assert [await ear.next(), await ear.next()] == [DoorChanged(False), WELL]


async def test_an_inverted_contact_means_the_opposite(pins: MockFactory) -> None:
    settings = GpioSettings(door=6, inverted=("door",), bounce=None)
    async with running(GpioCabinet(settings).run) as ear:
        assert await ear.next() == DoorChanged(True)
        pins.pin(6).drive_low()
        await ear.skip_to(DoorChanged(False))


async def test_lamps_shine_also_those_lit_before_the_pins_were_open(pins: MockFactory) -> None:
    cabinet = GpioCabinet(SETTINGS)
    cabinet.lamp("card", True)
    async with running(cabinet.run) as ear:
        await ear.skip_to(WELL)
        assert pins.pin(17).state
        cabinet.lamp("card", False)
        cabinet.lamp("paper", True)
        cabinet.lamp("receipt", True)  # not fitted: ignored
        assert not pins.pin(17).state
        assert pins.pin(27).state


async def test_the_pins_are_free_after_the_pump_has_stopped(pins: MockFactory) -> None:
    cabinet = GpioCabinet(SETTINGS)
    for _ in range(2):
        async with running(cabinet.run) as ear:
            await ear.skip_to(WELL)
    assert cabinet.paper_in_tray is None


async def test_a_pin_in_use_is_a_fault_with_advice(pins: MockFactory) -> None:
    with gpiozero.LED(17):
        async with running(GpioCabinet(SETTINGS).run) as ear:
            lost = await ear.next()
    assert isinstance(lost, DeviceChanged)
    assert isinstance(lost.fault, Fault)
    assert lost.fault.code == CABINET_LOST
    assert "is the pin free?" in lost.fault.detail


async def test_a_cabinet_with_nothing_fitted_is_well(pins: MockFactory) -> None:
    cabinet = GpioCabinet(GpioSettings())
    async with running(cabinet.run) as ear:
        assert await ear.next() == WELL
        assert not cabinet.has_tray_sensor
        assert not cabinet.virtual

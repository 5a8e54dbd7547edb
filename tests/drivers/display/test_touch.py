"""Touches through a FIFO, as on the bench, and through a device in memory, are pixels of the display."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from drivers.display import touch as touch_driver
from drivers.display.bounce import Bounce
from drivers.display.framebuffer import Framebuffer, FramebufferSettings
from drivers.display.geometry import Rotation, on_glass, turned
from drivers.display.packets import (
    ABS_MT_POSITION_X,
    ABS_MT_POSITION_Y,
    ABS_MT_SLOT,
    ABS_MT_TOUCH_MAJOR,
    ABS_MT_TRACKING_ID,
    ABS_X,
    ABS_Y,
    BTN_LEFT,
    BTN_TOUCH,
)
from drivers.display.touch import NOWHERE, EvdevTouch, TouchSettings
from drivers.display.virtual import TouchSender
from drivers.ports.evdev import EV_ABS, EV_KEY
from hal.contracts import Rect, Touch
from hal.events import DeviceChanged, Event, Touched
from hal.faults import TOUCH_DIRTY, TOUCH_LOST, Fault
from tests.drivers.ear import Ear, running
from tests.drivers.machine import InputDevice, Machine, Screen

PATH = "/dev/input/by-path/platform-usb-0:1.2:1.0-event"
QUARTER = (0.0, -1.0, 1.0, 1.0, 0.0, 0.0)
WELL = DeviceChanged("touch", None)


def display_of(width: int = 1280, height: int = 800, rotation: Rotation = 0) -> Framebuffer:
    """Turned, it still has so many pixels on the glass."""
    machine = Machine()
    machine.plug("/dev/fb0", Screen(width, height, mm=(width // 5, height // 5)))
    return Framebuffer(FramebufferSettings("/dev/fb0", rotation=rotation), machine)


def touch_at(path: Path, rotation: Rotation = 0, bounce: float = 0) -> EvdevTouch:
    return EvdevTouch(TouchSettings(str(path), bounce=bounce), display_of(rotation=rotation))


def single(low: int = 0, high: int = 4095, name: str = "Test panel") -> InputDevice:
    return InputDevice({ABS_X: (0, low, high), ABS_Y: (0, low, high)}, name=name)


def multi(width: int = 1279, height: int = 799, slots: int = 5) -> InputDevice:
    """Protocol B; its pointer emulation has numbers of its own."""
    return InputDevice(
        {
            ABS_X: (0, 0, 65535),
            ABS_Y: (0, 0, 65535),
            ABS_MT_SLOT: (0, 0, slots - 1),
            ABS_MT_POSITION_X: (0, 0, width),
            ABS_MT_POSITION_Y: (0, 0, height),
        },
        {ABS_MT_TRACKING_ID: [-1] * slots},
    )


@asynccontextmanager
async def panel(
    device: InputDevice, display: Framebuffer | None = None, **settings: object
) -> AsyncIterator[Ear]:
    machine = Machine()
    machine.plug(PATH, device)
    chosen = TouchSettings(PATH, **{"bounce": 0.0, **settings})  # type: ignore[arg-type]
    async with running(EvdevTouch(chosen, display or display_of(), machine).run) as ear:
        assert await ear.next() == WELL
        yield ear


def tap(device: InputDevice, x: int, y: int, button: int = BTN_TOUCH) -> None:
    device.say((EV_KEY, button, 1), (EV_ABS, ABS_X, x), (EV_ABS, ABS_Y, y))
    device.say((EV_KEY, button, 0))


def code_of(event: Event) -> str | None:
    assert isinstance(event, DeviceChanged)
    return event.fault.code if isinstance(event.fault, Fault) else None


# ---------------------------------------------------------------- the bench's FIFO


async def test_a_finger_goes_down_and_up_at_its_pixel(tmp_path: Path) -> None:
    finger = TouchSender(tmp_path / "touch")
    touch: Touch = touch_at(tmp_path / "touch")
    assert touch.virtual
    async with running(touch.run) as ear:
        assert await ear.next() == WELL
        assert finger.press(1279, 0)
        assert await ear.next() == Touched(1279, 0, True)
        assert finger.release()
        assert await ear.next() == Touched(1279, 0, False)


def test_a_touch_that_nobody_reads_is_lost_not_kept(tmp_path: Path) -> None:
    assert not TouchSender(tmp_path / "touch").press(1, 1)


async def test_a_daemon_that_starts_again_does_not_see_old_touches(tmp_path: Path) -> None:
    finger = TouchSender(tmp_path / "touch")
    async with running(touch_at(tmp_path / "touch").run) as ear:
        await ear.next()
    assert not finger.tap(5, 5)
    async with running(touch_at(tmp_path / "touch").run) as ear:
        await ear.next()
        finger.press(7, 7)
        assert await ear.next() == Touched(7, 7, True)


async def test_a_panel_that_is_plugged_in_later_is_found(tmp_path: Path) -> None:
    async with running(touch_at(tmp_path / "touch").run) as ear:
        lost = await ear.next()
        assert code_of(lost) == TOUCH_LOST
        assert "is the panel plugged in?" in repr(lost)
        finger = TouchSender(tmp_path / "touch")
        assert await ear.next() == WELL
        finger.press(3, 4)
        assert await ear.next() == Touched(3, 4, True)


async def test_a_panel_that_is_taken_away_is_lost_until_it_is_back(tmp_path: Path) -> None:
    finger = TouchSender(tmp_path / "touch")
    async with running(touch_at(tmp_path / "touch").run) as ear:
        assert await ear.next() == WELL
        (tmp_path / "touch").rename(tmp_path / "drawer")
        assert code_of(await ear.next()) == TOUCH_LOST
        (tmp_path / "drawer").rename(tmp_path / "touch")
        assert await ear.next() == WELL
        finger.press(3, 4)
        assert await ear.next() == Touched(3, 4, True)


async def test_a_file_is_no_panel(tmp_path: Path) -> None:
    (tmp_path / "touch").write_bytes(b"")
    async with running(touch_at(tmp_path / "touch").run) as ear:
        assert code_of(await ear.next()) == TOUCH_LOST


# ---------------------------------------------------------------- a panel of the kernel


async def test_only_the_panel_that_is_named_is_opened_and_it_is_ours_alone() -> None:
    machine, ours = Machine(), single()
    machine.plug(PATH, ours)
    machine.plug("/dev/input/event9", single())
    async with running(EvdevTouch(TouchSettings(PATH), display_of(), machine).run) as ear:
        await ear.next()
    assert set(machine.opened) == {PATH}
    assert ours.grabbed == 1


async def test_the_panels_own_numbers_become_pixels_of_the_display() -> None:
    device = single(100, 4100)
    async with panel(device) as ear:
        tap(device, 100, 100)
        tap(device, 4100, 4100)
        tap(device, 5000, -5)
        assert [await ear.next() for _ in range(6)] == [
            Touched(0, 0, True),
            Touched(0, 0, False),
            Touched(1279, 799, True),
            Touched(1279, 799, False),
            Touched(1279, 0, True),
            Touched(1279, 0, False),
        ]


async def test_a_tablet_is_a_panel_too() -> None:
    device = single(0, 32767)
    async with panel(device) as ear:
        tap(device, 32767, 0, BTN_LEFT)
        assert await ear.next() == Touched(1279, 0, True)


async def test_the_first_of_several_fingers_is_read_from_its_slot() -> None:
    device = multi()
    async with panel(device) as ear:
        device.say((EV_ABS, ABS_MT_TRACKING_ID, 1), (EV_ABS, ABS_MT_POSITION_X, 640), (EV_KEY, BTN_TOUCH, 1))
        assert await ear.next() == Touched(640, 0, True)
        device.say((EV_ABS, ABS_MT_SLOT, 1), (EV_ABS, ABS_MT_TRACKING_ID, 2))
        device.say((EV_ABS, ABS_MT_SLOT, 0), (EV_ABS, ABS_MT_TRACKING_ID, -1))
        assert await ear.next() == Touched(640, 0, False)


async def test_a_contact_of_40_mm_is_a_palm() -> None:
    """1280 numbers are 256 mm here."""
    device = multi()
    async with panel(device) as ear:
        for major in (201, 199):
            device.say((EV_ABS, ABS_MT_TRACKING_ID, major), (EV_ABS, ABS_MT_TOUCH_MAJOR, major))
            device.say((EV_ABS, ABS_MT_TRACKING_ID, -1))
        assert [await ear.next(), await ear.next()] == [Touched(0, 0, True), Touched(0, 0, False)]
        assert len(ear.heard) == 3


async def test_what_stays_on_the_glass_is_reported_until_it_is_wiped_off(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(touch_driver, "LOOK_SECONDS", 0.01)
    device = multi()
    async with panel(device, longest=0.1) as ear:
        device.say((EV_ABS, ABS_MT_TRACKING_ID, 1))
        assert await ear.next() == Touched(0, 0, True)
        assert await ear.next() == Touched(NOWHERE, NOWHERE, False)
        assert code_of(await ear.next()) == TOUCH_DIRTY
        device.say((EV_ABS, ABS_MT_TRACKING_ID, -1))
        assert await ear.next() == WELL


async def test_after_dropped_events_the_panel_is_read_again() -> None:
    device = single(0, 1279)
    async with panel(device) as ear:
        device.say((EV_KEY, BTN_TOUCH, 1), (EV_ABS, ABS_X, 5))
        assert await ear.next() == Touched(5, 0, True)
        device.axes[ABS_X] = (900, 0, 1279)
        device.lose()
        assert await ear.next() == Touched(NOWHERE, NOWHERE, False)
        device.say((EV_KEY, BTN_TOUCH, 0))
        device.say((EV_KEY, BTN_TOUCH, 1))
        assert await ear.next() == Touched(900, 0, True)


async def test_after_dropped_events_a_finger_that_still_lies_there_may_not_act() -> None:
    device = multi()
    async with panel(device) as ear:
        device.say((EV_ABS, ABS_MT_TRACKING_ID, 1))
        assert await ear.next() == Touched(0, 0, True)
        device.slots = {ABS_MT_TRACKING_ID: [1, -1, -1, -1, -1], ABS_MT_POSITION_X: [300, 0, 0, 0, 0]}
        device.lose()
        assert await ear.next() == Touched(NOWHERE, NOWHERE, False)
        device.say((EV_ABS, ABS_MT_POSITION_Y, 4))
        device.say((EV_ABS, ABS_MT_TRACKING_ID, -1))
        device.say((EV_ABS, ABS_MT_TRACKING_ID, 2))
        assert await ear.next() == Touched(300, 4, True)


async def test_a_panel_that_is_unplugged_is_told_and_grabbed_again() -> None:
    machine, device = Machine(), single()
    machine.plug(PATH, device)
    touch = EvdevTouch(TouchSettings(PATH), display_of(), machine)
    assert not touch.virtual
    async with running(touch.run) as ear:
        assert await ear.next() == WELL
        machine.unplug(PATH)
        assert code_of(await ear.next()) == TOUCH_LOST
        again = single()
        machine.plug(PATH, again)
        await ear.skip_to(WELL)
        assert again.grabbed == 1
        tap(again, 0, 0)
        assert await ear.next() == Touched(0, 0, True)


async def test_a_device_without_places_is_no_panel() -> None:
    machine = Machine()
    machine.plug(PATH, InputDevice({0x20: (0, 0, 100)}))
    async with running(EvdevTouch(TouchSettings(PATH), display_of(), machine).run) as ear:
        told = await ear.next()
        assert code_of(told) == TOUCH_LOST
        assert "can be no touch panel" in repr(told)


# ---------------------------------------------------------------- turned and calibrated


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
async def test_a_finger_meets_the_pixel_it_sees_however_the_picture_is_turned(rotation: Rotation) -> None:
    display = display_of(rotation=rotation)
    width, height = display.size
    across, down = turned(display.size, rotation)
    device = InputDevice({ABS_X: (0, 0, across - 1), ABS_Y: (0, 0, down - 1)})
    async with panel(device, display) as ear:
        for x, y in ((0, 0), (width - 1, 0), (17, height - 3)):
            place = on_glass(Rect(x, y, 1, 1), display.size, rotation)
            tap(device, place.x, place.y)
            assert [await ear.next(), await ear.next()] == [Touched(x, y, True), Touched(x, y, False)]


async def test_a_matrix_turns_the_panel_alone() -> None:
    device = single(0, 100)
    async with panel(device, matrix=QUARTER) as ear:
        tap(device, 1, 1)
        tap(device, 100, 100)
        heard = [await ear.next() for _ in range(4)]
        assert heard[0] == Touched(1266, 8, True)
        assert heard[2] == Touched(0, 799, True)


async def test_a_picture_that_changed_its_size_is_met_in_its_new_pixels() -> None:
    screens, device = Machine(), single(0, 1000)
    screens.plug("/dev/fb0", Screen(800, 480))
    display = Framebuffer(FramebufferSettings("/dev/fb0", look_seconds=0.01), screens)
    async with panel(device, display) as ear, running(display.run) as looks:
        await looks.next()
        screens.plug("/dev/fb0", Screen(1920, 1080))
        assert await looks.next() == DeviceChanged("display", None)
        tap(device, 1000, 1000)
        assert await ear.next() == Touched(1919, 1079, True)


# ---------------------------------------------------------------- bounces


async def test_a_contact_that_bounces_is_one_touch() -> None:
    device = single(0, 1279)
    async with panel(device, bounce=60.0) as ear:
        tap(device, 600, 400)
        tap(device, 605, 402)
        tap(device, 900, 400)
        heard = [await ear.next() for _ in range(4)]
        assert [event.x for event in heard if isinstance(event, Touched)] == [600, 600, 900, 900]
        await asyncio.sleep(0)
        assert len(ear.heard) == 5


def test_a_finger_that_was_away_long_enough_touches_again() -> None:
    bounce = Bounce(0.08)
    assert bounce.down(0.5, 0.5, 1.0)
    assert bounce.up(0.5, 0.5, 1.1)
    assert not bounce.down(0.5, 0.5, 1.15)
    assert not bounce.up(0.5, 0.5, 1.2)
    assert bounce.down(0.5, 0.5, 1.29)
    assert bounce.up(0.5, 0.5, 1.3)


def test_somewhere_else_is_another_touch_at_once() -> None:
    bounce = Bounce(0.08)
    bounce.down(0.5, 0.5, 1.0)
    bounce.up(0.5, 0.5, 1.1)
    assert bounce.down(0.7, 0.5, 1.11)

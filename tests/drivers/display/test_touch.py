"""Touches through a FIFO, as on the bench, come out in pixels of the display."""

from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from drivers.display.touch import Axis, EvdevTouch, Scale, TouchSettings
from drivers.display.virtual import TouchSender
from hal.contracts import Touch
from hal.events import DeviceChanged, Touched
from hal.faults import TOUCH_LOST, Fault
from tests.drivers.ear import running

QUARTER = (0.0, -1.0, 1.0, 1.0, 0.0, 0.0)


async def test_a_finger_goes_down_and_up_at_its_pixel(tmp_path: Path) -> None:
    finger = TouchSender(tmp_path / "touch")
    touch: Touch = EvdevTouch(TouchSettings(str(tmp_path / "touch")))
    assert touch.virtual
    async with running(touch.run) as ear:
        assert await ear.next() == DeviceChanged("touch", None)
        assert finger.press(1279, 0)
        assert await ear.next() == Touched(1279, 0, True)
        assert finger.release()
        assert await ear.next() == Touched(1279, 0, False)


async def test_a_tap_is_both(tmp_path: Path) -> None:
    finger = TouchSender(tmp_path / "touch")
    async with running(EvdevTouch(TouchSettings(str(tmp_path / "touch"))).run) as ear:
        await ear.next()
        assert finger.tap(640, 400)
        assert [await ear.next(), await ear.next()] == [Touched(640, 400, True), Touched(640, 400, False)]


def test_a_touch_that_nobody_reads_is_lost_not_kept(tmp_path: Path) -> None:
    assert not TouchSender(tmp_path / "touch").press(1, 1)


async def test_a_daemon_that_starts_again_does_not_see_old_touches(tmp_path: Path) -> None:
    finger, settings = TouchSender(tmp_path / "touch"), TouchSettings(str(tmp_path / "touch"))
    async with running(EvdevTouch(settings).run) as ear:
        await ear.next()
    assert not finger.tap(5, 5)
    async with running(EvdevTouch(settings).run) as ear:
        await ear.next()
        finger.press(7, 7)
        assert await ear.next() == Touched(7, 7, True)


async def test_a_panel_that_is_plugged_in_later_is_found(tmp_path: Path) -> None:
    async with running(EvdevTouch(TouchSettings(str(tmp_path / "touch"))).run) as ear:
        lost = await ear.next()
        assert isinstance(lost, DeviceChanged)
        assert isinstance(lost.fault, Fault)
        assert lost.fault.code == TOUCH_LOST
        assert "is the panel plugged in?" in lost.fault.detail
        finger = TouchSender(tmp_path / "touch")
        assert await ear.next() == DeviceChanged("touch", None)
        finger.press(3, 4)
        assert await ear.next() == Touched(3, 4, True)


async def test_a_panel_that_is_taken_away_is_lost_until_it_is_back(tmp_path: Path) -> None:
    finger = TouchSender(tmp_path / "touch")
    async with running(EvdevTouch(TouchSettings(str(tmp_path / "touch"))).run) as ear:
        assert await ear.next() == DeviceChanged("touch", None)
        (tmp_path / "touch").rename(tmp_path / "drawer")
        lost = await ear.next()
        assert isinstance(lost, DeviceChanged)
        assert isinstance(lost.fault, Fault)
        assert lost.fault.code == TOUCH_LOST
        (tmp_path / "drawer").rename(tmp_path / "touch")
        assert await ear.next() == DeviceChanged("touch", None)
        finger.press(3, 4)
        assert await ear.next() == Touched(3, 4, True)


async def test_a_file_that_ends_is_a_lost_panel(tmp_path: Path) -> None:
    (tmp_path / "touch").write_bytes(b"")
    async with running(EvdevTouch(TouchSettings(str(tmp_path / "touch"))).run) as ear:
        first = await ear.next()
        assert isinstance(first, DeviceChanged)
        assert isinstance(first.fault, Fault)
        assert first.fault.code == TOUCH_LOST


@given(x=st.integers(-10, 4200), y=st.integers(-10, 4200))
def test_no_touch_lies_outside_the_display(x: int, y: int) -> None:
    scale = Scale(Axis(0, 4095), Axis(0, 4095), TouchSettings("", 800, 480))
    across, down = scale.pixel(x, y)
    assert 0 <= across < 800
    assert 0 <= down < 480


@given(x=st.integers(0, 1279), y=st.integers(0, 799))
def test_a_panel_with_the_numbers_of_the_display_is_exact(x: int, y: int) -> None:
    assert Scale(Axis(0, 1279), Axis(0, 799), TouchSettings("")).pixel(x, y) == (x, y)


def test_the_matrix_turns_the_panel() -> None:
    scale = Scale(Axis(0, 100), Axis(0, 100), TouchSettings("", 1280, 800, QUARTER))
    assert scale.pixel(0, 0) == (1279, 0)
    assert scale.pixel(100, 100) == (0, 799)

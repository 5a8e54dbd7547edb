"""The screen driver on a file of the format of a framebuffer."""

from pathlib import Path
from typing import Literal

import msgspec
import pytest

from drivers.display.framebuffer import Framebuffer, FramebufferSettings
from drivers.display.virtual import create_framebuffer, snapshot
from hal.contracts import Display, Rect
from hal.events import DeviceChanged
from hal.faults import DISPLAY_LOST, Fault
from tests.drivers.ear import running
from tests.virtual_time import run_virtual

SIZE = (64, 48)
RED = bytes((0, 0, 255, 0))
Bpp = Literal[16, 32]


def open_screen(path: Path, bpp: Bpp = 32) -> Framebuffer:
    create_framebuffer(path, *SIZE, bpp)
    return Framebuffer(FramebufferSettings(str(path), *SIZE, bpp))


def fill(display: Display, colour: bytes) -> None:
    display.canvas[:] = colour * (SIZE[0] * SIZE[1])


@pytest.mark.parametrize("bpp", [32, 16])
def test_what_is_presented_stands_on_the_glass(tmp_path: Path, bpp: Bpp) -> None:
    display: Display = open_screen(tmp_path / "fb", bpp)
    fill(display, RED)
    display.present()
    assert snapshot(tmp_path / "fb", *SIZE, bpp).getcolors() == [(SIZE[0] * SIZE[1], (255, 0, 0))]


@pytest.mark.parametrize("bpp", [32, 16])
def test_only_the_parts_presented_change(tmp_path: Path, bpp: Bpp) -> None:
    display = open_screen(tmp_path / "fb", bpp)
    fill(display, RED)
    display.present([Rect(10, 5, 3, 2), Rect(0, 47, 64, 1)])
    picture = snapshot(tmp_path / "fb", *SIZE, bpp)
    red = {(x, y) for x in range(SIZE[0]) for y in range(SIZE[1]) if picture.getpixel((x, y)) == (255, 0, 0)}
    assert red == {(x, y) for x in (10, 11, 12) for y in (5, 6)} | {(x, 47) for x in range(64)}


def test_presenting_no_parts_changes_nothing(tmp_path: Path) -> None:
    display = open_screen(tmp_path / "fb")
    fill(display, RED)
    display.present([])
    assert snapshot(tmp_path / "fb", *SIZE).getbbox() is None


def test_a_file_is_a_virtual_screen(tmp_path: Path) -> None:
    display = open_screen(tmp_path / "fb")
    assert display.virtual
    assert display.size == SIZE
    assert len(display.canvas) == 64 * 48 * 4


async def first_fault(display: Framebuffer) -> str:
    async with running(display.run) as ear:
        told = await ear.next()
        assert isinstance(told, DeviceChanged)
        assert isinstance(told.fault, Fault)
        assert told.fault.code == DISPLAY_LOST
        return told.fault.detail


async def test_a_missing_screen_says_what_to_look_at(tmp_path: Path) -> None:
    detail = await first_fault(Framebuffer(FramebufferSettings(str(tmp_path / "fb0"))))
    assert "fb0: No such file or directory; is the screen connected?" in detail


async def test_a_file_that_is_too_short_is_refused_with_both_lengths(tmp_path: Path) -> None:
    (tmp_path / "fb").write_bytes(bytes(100))
    detail = await first_fault(Framebuffer(FramebufferSettings(str(tmp_path / "fb"), *SIZE)))
    assert "100 bytes long, 12288 are needed" in detail


async def test_a_device_that_is_no_framebuffer_is_refused() -> None:
    assert "/dev/null" in await first_fault(Framebuffer(FramebufferSettings("/dev/null")))


@pytest.mark.parametrize(
    "wrong", [{"width_mm": 217}, {"width_mm": 217, "height_mm": 9}, {"distance_mm": 0}, {"rotation": 45}]
)
def test_a_glass_that_cannot_be_is_refused(wrong: dict[str, int]) -> None:
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"path": "fb", **wrong}, FramebufferSettings)


def test_a_dark_file_is_black_and_shows_what_was_presented_meanwhile_when_it_is_lit(tmp_path: Path) -> None:
    display = open_screen(tmp_path / "fb")
    fill(display, RED)
    display.present()
    display.blank(True)
    assert snapshot(tmp_path / "fb", *SIZE).getbbox() is None
    fill(display, bytes((255, 0, 0, 0)))
    display.present([Rect(0, 0, 9, 9)])
    assert snapshot(tmp_path / "fb", *SIZE).getbbox() is None
    display.blank(False)
    assert snapshot(tmp_path / "fb", *SIZE).getcolors() == [(SIZE[0] * SIZE[1], (0, 0, 255))]


def test_a_screen_that_comes_back_is_painted_anew(tmp_path: Path) -> None:
    async def scenario() -> None:
        display = open_screen(tmp_path / "fb")
        fill(display, RED)
        async with running(display.run) as ear:
            assert await ear.next() == DeviceChanged("display", None)
            (tmp_path / "fb").rename(tmp_path / "unplugged")
            lost = await ear.next()
            assert isinstance(lost, DeviceChanged)
            assert isinstance(lost.fault, Fault)
            assert lost.fault.code == DISPLAY_LOST
            display.present()  # nobody sees it, nothing breaks
            create_framebuffer(tmp_path / "fb", *SIZE)
            assert await ear.next() == DeviceChanged("display", None)
            assert snapshot(tmp_path / "fb", *SIZE).getpixel((0, 0)) == (255, 0, 0)

    run_virtual(scenario())


def test_a_pump_that_was_stopped_can_be_started_again(tmp_path: Path) -> None:
    async def scenario() -> None:
        display = open_screen(tmp_path / "fb")
        for _ in range(2):
            async with running(display.run) as ear:
                assert await ear.next() == DeviceChanged("display", None)
        display.present()  # closed: ignored

    run_virtual(scenario())


def test_a_screen_that_stays_is_reported_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        import asyncio

        async with running(open_screen(tmp_path / "fb").run) as ear:
            await asyncio.sleep(10 * FramebufferSettings("").look_seconds)
            assert ear.heard == [DeviceChanged("display", None)]

    run_virtual(scenario())

"""The screen driver over frame buffers of every kind, with the answers of a kernel it does not have."""

import asyncio
from collections.abc import Mapping

import pytest

from drivers.display.framebuffer import Framebuffer, FramebufferSettings
from hal.contracts import Rect
from hal.events import DeviceChanged
from hal.faults import DISPLAY_LOST, Fault
from tests.drivers.ear import Ear, running
from tests.drivers.machine import XRGB, Colour, Machine, Screen, Terminal
from tests.virtual_time import run_virtual

FB, TTY = "/dev/fb0", "/dev/tty1"
LOOK = FramebufferSettings("").look_seconds
R565 = {"red": (11, 5), "green": (5, 6), "blue": (0, 5)}
BLUE, GREEN, ORANGE = bytes((255, 0, 0, 0)), bytes((0, 255, 0, 0)), bytes((0, 128, 255, 0))


def shown(screen: Screen, **settings: object) -> tuple[Framebuffer, Machine]:
    machine = Machine()
    machine.plug(FB, screen)
    return Framebuffer(FramebufferSettings(FB, **settings), machine), machine  # type: ignore[arg-type]


def fill(display: Framebuffer, colour: bytes) -> None:
    display.canvas[:] = colour * (len(display.canvas) // 4)
    display.present()


def code_of(event: object) -> str | None:
    assert isinstance(event, DeviceChanged)
    return event.fault.code if isinstance(event.fault, Fault) else None


# ---------------------------------------------------------------- every kind of screen


@pytest.mark.parametrize("size", [(800, 480), (1024, 600), (1280, 800), (1920, 1080)])
@pytest.mark.parametrize(
    ("bpp", "colours", "orange"),
    [
        (32, XRGB, (255, 128, 0)),
        (32, {"red": (0, 8), "green": (8, 8), "blue": (16, 8)}, (255, 128, 0)),
        (16, R565, (31, 32, 0)),
    ],
    ids=["XRGB8888", "XBGR8888", "RGB565"],
)
def test_a_screen_is_written_as_it_is(
    size: tuple[int, int], bpp: int, colours: Mapping[str, Colour], orange: tuple[int, int, int]
) -> None:
    screen = Screen(*size, bpp, colours, padding=32, x=8, y=4)
    display, _ = shown(screen)
    assert display.size == size
    assert not display.virtual
    fill(display, ORANGE)
    width, height = size
    corners = {screen.pixel(x, y) for x in (0, width - 1) for y in (0, height - 1)}
    assert corners == {orange}
    assert screen.memory[: screen.start] == bytes(screen.start)


def test_a_turned_picture_stands_upright_for_the_citizen() -> None:
    screen = Screen(480, 800)
    display, _ = shown(screen, rotation=90)
    assert (display.size, display.rotation) == ((800, 480), 90)
    display.canvas[:4] = GREEN
    display.present()
    assert screen.pixel(479, 0) == (0, 255, 0), "the upper left corner, turned clockwise"


def test_the_glass_is_as_large_as_configured_else_as_the_kernel_says_turned() -> None:
    mm = (154, 92)
    assert shown(Screen(800, 480, mm=mm))[0].size_mm == mm
    assert shown(Screen(800, 480, mm=mm), rotation=270)[0].size_mm == (92, 154)
    assert shown(Screen(800, 480, mm=mm), width_mm=165, height_mm=100)[0].size_mm == (165, 100)
    assert shown(Screen(800, 480, mm=(1600, 900)))[0].size_mm == (220, 132)


def test_a_screen_is_opened_by_its_name_wherever_it_is() -> None:
    machine = Machine(vc4drmfb="/dev/fb1")
    machine.plug("/dev/fb1", Screen(800, 480))
    assert Framebuffer(FramebufferSettings("name:vc4drmfb"), machine).size == (800, 480)


# ---------------------------------------------------------------- only what changed


def test_nothing_but_the_parts_presented_is_written() -> None:
    screen = Screen(1280, 800)
    display, _ = shown(screen)
    screen.fill(0x5A)
    display.present([Rect(100, 200, 150, 90)])
    assert screen.memory.count(0) == 150 * 90 * 4


def test_a_part_drawn_for_a_larger_picture_is_cut() -> None:
    screen = Screen(800, 480)
    display, _ = shown(screen)
    screen.fill(0x5A)
    display.present([Rect(790, 470, 100, 100), Rect(1000, 10, 5, 5), Rect(-5, -5, 6, 6)])
    assert screen.memory.count(0) == (10 * 10 + 1) * 4


# ---------------------------------------------------------------- lost, changed, back


def test_a_kiosk_starts_without_a_screen_and_shows_its_picture_when_one_is_plugged_in() -> None:
    async def scenario() -> None:
        machine = Machine()
        display = Framebuffer(FramebufferSettings(FB, 800, 480), machine)
        assert display.size == (800, 480)
        fill(display, BLUE)
        async with running(display.run) as ear:
            assert code_of(await ear.next()) == DISPLAY_LOST
            screen = Screen(800, 480)
            machine.plug(FB, screen)
            assert await ear.next() == DeviceChanged("display", None)
            assert screen.pixel(5, 5) == (0, 0, 255)

    run_virtual(scenario())


def test_a_screen_that_comes_back_is_painted_anew() -> None:
    async def scenario() -> None:
        display, machine = shown(Screen(800, 480))
        async with running(display.run) as ear:
            assert await ear.next() == DeviceChanged("display", None)
            machine.unplug(FB)
            assert code_of(await ear.next()) == DISPLAY_LOST
            fill(display, BLUE)
            screen = Screen(800, 480, 16, R565)
            machine.plug(FB, screen)
            assert await ear.next() == DeviceChanged("display", None)
            assert screen.pixel(799, 479) == (0, 0, 31)

    run_virtual(scenario())


def test_a_mode_of_another_depth_is_noticed_and_painted_anew() -> None:
    async def scenario() -> None:
        screen = Screen(800, 480)
        display, _ = shown(screen)
        fill(display, BLUE)
        async with running(display.run) as ear:
            await ear.next()
            screen.bpp, screen.colours, screen.line = 16, R565, 1600
            await asyncio.sleep(LOOK + 1)
            assert screen.pixel(799, 479) == (0, 0, 31)
            assert len(ear.heard) == 1, "for the citizen nothing has happened"

    run_virtual(scenario())


def test_a_mode_of_another_size_brings_another_canvas_and_is_told() -> None:
    async def scenario() -> None:
        display, machine = shown(Screen(800, 480))
        async with running(display.run) as ear:
            await ear.next()
            machine.plug(FB, Screen(1280, 800))
            assert await ear.next() == DeviceChanged("display", None)
            assert display.size == (1280, 800)
            assert len(display.canvas) == 1280 * 800 * 4

    run_virtual(scenario())


def test_a_pixel_that_is_not_known_is_a_fault_that_says_what_to_do() -> None:
    async def scenario() -> None:
        display, _ = shown(Screen(800, 480, 8))
        async with running(display.run) as ear:
            told = await ear.next()
            assert code_of(told) == DISPLAY_LOST
            assert "video=…-32@60" in repr(told)

    run_virtual(scenario())


# ---------------------------------------------------------------- dark


def test_a_dark_screen_has_no_light_and_no_picture_until_it_is_lit() -> None:
    screen = Screen(800, 480)
    display, _ = shown(screen)
    fill(display, BLUE)
    display.blank(True)
    display.blank(True)
    assert screen.blanked == [4]
    fill(display, GREEN)
    assert screen.pixel(0, 0) == (0, 0, 0)
    display.blank(False)
    assert screen.blanked == [4, 0]
    assert screen.pixel(0, 0) == (0, 255, 0)


def test_a_screen_without_a_switch_for_its_light_is_black() -> None:
    screen = Screen(800, 480, can_blank=False)
    display, _ = shown(screen)
    fill(display, BLUE)
    display.blank(True)
    assert screen.memory.count(0) == screen.length


def test_a_screen_that_comes_back_at_night_is_dark() -> None:
    async def scenario() -> None:
        display, machine = shown(Screen(800, 480))
        fill(display, BLUE)
        display.blank(True)
        async with running(display.run) as ear:
            await ear.next()
            screen = Screen(800, 480)
            machine.plug(FB, screen)
            await asyncio.sleep(LOOK + 1)
            assert screen.blanked == [4]
            assert screen.pixel(0, 0) == (0, 0, 0)

    run_virtual(scenario())


# ---------------------------------------------------------------- the console


def on_terminal(terminal: Terminal, screen: Screen) -> tuple[Framebuffer, Machine]:
    machine = Machine()
    machine.plug(FB, screen)
    machine.plug(TTY, terminal)
    return Framebuffer(FramebufferSettings(FB, tty=TTY), machine), machine


async def at_work(display: Framebuffer, ear: Ear) -> None:
    assert await ear.next() == DeviceChanged("display", None)


def test_the_terminal_is_ours_from_the_first_picture_and_given_back_at_the_end() -> None:
    async def scenario() -> None:
        terminal = Terminal()
        display, _ = on_terminal(terminal, Screen(800, 480))
        assert terminal.is_ours
        async with running(display.run) as ear:
            await at_work(display, ear)
            assert terminal.is_ours
        assert terminal.is_given_back

    run_virtual(scenario())


def test_after_a_crash_the_terminal_is_given_back_by_another_process() -> None:
    terminal = Terminal()
    _, machine = on_terminal(terminal, Screen(800, 480))
    assert terminal.is_ours
    Framebuffer.give_back(FramebufferSettings(FB, tty=TTY), machine)
    assert terminal.is_given_back


@pytest.mark.parametrize("what", [{"graphics": 0}, {"active": 2, "locked": False}])
def test_a_terminal_that_somebody_took_is_taken_back_and_painted_over(what: Mapping[str, int]) -> None:
    async def scenario() -> None:
        terminal, screen = Terminal(), Screen(800, 480)
        display, _ = on_terminal(terminal, screen)
        fill(display, BLUE)
        async with running(display.run) as ear:
            await at_work(display, ear)
            vars(terminal).update(what)
            screen.fill(0x5A)
            await asyncio.sleep(LOOK + 1)
            assert terminal.is_ours
            assert screen.pixel(400, 240) == (0, 0, 255)

    run_virtual(scenario())


def test_while_the_terminal_is_ours_an_idle_kiosk_writes_no_pixel() -> None:
    async def scenario() -> None:
        screen = Screen(800, 480)
        display, _ = on_terminal(Terminal(), screen)
        async with running(display.run) as ear:
            await at_work(display, ear)
            screen.fill(0x5A)
            await asyncio.sleep(10 * LOOK)
            assert screen.memory.count(0) == 0

    run_virtual(scenario())


def test_without_a_terminal_of_ours_the_picture_is_painted_at_every_look() -> None:
    async def scenario() -> None:
        screen = Screen(800, 480)
        display, _ = shown(screen)
        async with running(display.run) as ear:
            await at_work(display, ear)
            screen.fill(0x5A)
            await asyncio.sleep(LOOK + 1)
            assert screen.memory.count(0x5A) == 0

    run_virtual(scenario())


def test_a_terminal_we_may_not_take_is_told_once_and_the_picture_stays(
    caplog: pytest.LogCaptureFixture,
) -> None:
    async def scenario() -> None:
        screen = Screen(800, 480)
        display, _ = on_terminal(Terminal(allowed=False), screen)
        fill(display, BLUE)
        async with running(display.run) as ear:
            await at_work(display, ear)
            await asyncio.sleep(3 * LOOK)
            assert screen.pixel(0, 0) == (0, 0, 255)
            said = [record.getMessage() for record in caplog.records]
            assert [line for line in said if "may draw into the picture" in line] == [
                f"console {TTY} may draw into the picture: Operation not permitted"
            ]
            assert any("hears every keyboard" in line for line in said)
            assert any("can be switched away by a keyboard" in line for line in said)

    run_virtual(scenario())


def test_a_terminal_that_is_not_there_is_told_and_the_picture_stays(caplog: pytest.LogCaptureFixture) -> None:
    machine, screen = Machine(), Screen(800, 480)
    machine.plug(FB, screen)
    display = Framebuffer(FramebufferSettings(FB, tty=TTY), machine)
    fill(display, BLUE)
    assert screen.pixel(0, 0) == (0, 0, 255)
    assert "No such file" in caplog.text

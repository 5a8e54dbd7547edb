"""Calibrating by hand, and the console after a crash: the technician's and systemd's side of the screen."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest
from PIL import ImageOps

from daemon.__main__ import main
from daemon.clock import TOKYO
from daemon.face.crosses import draw_cross
from daemon.screen import calibrate
from daemon.staff import status
from drivers.display.calibration import CROSSES
from drivers.display.framebuffer import Framebuffer, FramebufferSettings
from drivers.display.kept import load
from drivers.display.virtual import TouchSender, create_framebuffer, snapshot
from hal.faults import DISPLAY_LOST, DeviceError
from tests.drivers import machine as memory
from tests.patience import looked_until
from tests.settings import write_settings

SIZE = WIDTH, HEIGHT = (1280, 800)
WITHIN = 20.0


def kiosk(folder: Path) -> Path:
    kept = f'path = "{folder}/touch"\ncalibration = "{folder}/touch.json"\n'
    return write_settings(folder, (f'path = "{folder}/touch"\n', kept))


def cross_on(glass: Path) -> tuple[int, int] | None:
    """The middle of what is black on a white screen."""
    picture = snapshot(glass, *SIZE).convert("L")
    box = ImageOps.invert(picture).getbbox()
    if box is None or box == (0, 0, *SIZE):
        return None
    return (box[0] + box[2]) // 2, (box[1] + box[3]) // 2


async def touch_all(folder: Path, beside: int = 0) -> None:
    """A hand that touches each cross where it sees it. beside: so many pixels, and only the last."""
    finger = TouchSender(folder / "touch")
    seen: list[tuple[int, int]] = []
    for number, _ in enumerate(CROSSES, start=1):
        await looked_until(
            lambda: cross_on(folder / "fb") not in (None, *seen), f"cross {number}", WITHIN, every=0.01
        )
        cross = cross_on(folder / "fb")
        assert cross is not None
        seen.append(cross)
        off = beside if number == len(CROSSES) else 0
        await looked_until(lambda: finger.tap(cross[0] + off, cross[1]), "a reader", WITHIN)  # noqa: B023


@asynccontextmanager
async def running(path: Path) -> AsyncIterator[None]:
    """A kiosk in a process of its own, as systemd starts it."""
    kiosk = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "daemon", "run", "--config", str(path), stderr=asyncio.subprocess.DEVNULL
    )
    try:
        yield
    finally:
        kiosk.terminate()
        assert await kiosk.wait() == 0


async def test_a_kiosk_runs_without_its_screen_and_paints_it_when_it_comes(tmp_path: Path) -> None:
    path = write_settings(tmp_path, ('driver = "framebuffer"', 'driver = "framebuffer"\nlook_seconds = 0.1'))
    async with running(path):
        await looked_until(lambda: "display.lost" in status_of(path), "a kiosk without a screen", WITHIN)
        create_framebuffer(tmp_path / "fb", *SIZE)
        await looked_until(
            lambda: snapshot(tmp_path / "fb", *SIZE).getbbox() is not None, "a picture", WITHIN
        )
        await looked_until(lambda: "display.lost" not in status_of(path), "a kiosk with a screen", WITHIN)


async def test_a_kiosk_is_dark_at_night_and_lit_by_a_touch(tmp_path: Path) -> None:
    """At three in the morning, with half a second of patience."""
    now = datetime.now(TOKYO)
    night = now.replace(hour=3, minute=0, second=0) - now
    offset = f"[kiosk]\nclock_offset = {night.total_seconds()}"
    path = write_settings(tmp_path, ("[kiosk]", offset), ("[card]", "[limits]\ndark = 0.5\n\n[card]"))
    create_framebuffer(tmp_path / "fb", *SIZE)
    finger = TouchSender(tmp_path / "touch")

    def is_dark() -> bool:
        return snapshot(tmp_path / "fb", *SIZE).getbbox() is None

    async with running(path):
        await looked_until(lambda: not is_dark(), "a first picture", WITHIN)
        await looked_until(is_dark, "the night", WITHIN)
        finger.tap(640, 400)
        await looked_until(lambda: not is_dark(), "light", 2.0)


def status_of(path: Path) -> str:
    """What the kiosk says of itself; "" before it runs."""
    out = StringIO()
    with suppress(ValueError):
        status(path, True, out)
    return out.getvalue()


@pytest.mark.parametrize(("x", "y"), CROSSES)
def test_a_cross_stands_where_it_is_said(tmp_path: Path, x: float, y: float) -> None:
    create_framebuffer(tmp_path / "fb", *SIZE)
    draw_cross(Framebuffer(FramebufferSettings(str(tmp_path / "fb"), *SIZE)), x, y)
    across, down = cross_on(tmp_path / "fb") or (0, 0)
    assert abs(across - x * WIDTH) <= 2
    assert abs(down - y * HEIGHT) <= 2


async def test_crosses_are_touched_and_how_the_panel_lies_is_kept(tmp_path: Path) -> None:
    create_framebuffer(tmp_path / "fb", *SIZE)
    path, out = kiosk(tmp_path), StringIO()
    _, ended = await asyncio.gather(touch_all(tmp_path), asyncio.to_thread(calibrate, path, out))
    assert ended == 0
    kept = load(tmp_path / "touch.json")
    assert kept is not None
    assert kept.matrix == pytest.approx((1, 0, 0, 0, 1, 0), abs=0.01)
    assert "every touch lies within 0." in out.getvalue()


async def test_a_touch_beside_its_cross_is_said_and_nothing_is_kept(tmp_path: Path) -> None:
    create_framebuffer(tmp_path / "fb", *SIZE)
    path = kiosk(tmp_path)
    with pytest.raises(ValueError, match="mm beside its cross"):
        await asyncio.gather(touch_all(tmp_path, 90), asyncio.to_thread(calibrate, path, StringIO()))
    assert load(tmp_path / "touch.json") is None


def test_without_a_screen_there_is_nothing_to_touch(tmp_path: Path) -> None:
    TouchSender(tmp_path / "touch")
    with pytest.raises(DeviceError) as caught:
        calibrate(kiosk(tmp_path), StringIO())
    assert caught.value.fault.code == DISPLAY_LOST


def test_the_console_is_given_back_by_the_configurations_own_driver(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    machine, terminal, given_back = memory.Machine(), memory.Terminal(), Framebuffer.give_back
    machine.plug("/dev/tty1", terminal)
    Framebuffer(FramebufferSettings("/dev/fb0", tty="/dev/tty1"), machine)
    assert terminal.is_ours
    monkeypatch.setattr(Framebuffer, "give_back", lambda settings: given_back(settings, machine))
    path = write_settings(tmp_path, (f'path = "{tmp_path}/fb"', f'path = "{tmp_path}/fb"\ntty = "/dev/tty1"'))
    assert main(["console", "--config", str(path)]) == 0
    assert terminal.is_given_back

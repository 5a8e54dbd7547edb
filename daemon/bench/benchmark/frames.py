"""Whole screens from the kiosk's own renderer onto a mapped framebuffer, and the bare copying of a frame."""

import mmap
import statistics
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

import msgspec

from daemon.config import ASSETS
from daemon.face.renderer import Renderer
from daemon.face.texts import LANGUAGES, Texts
from daemon.session.screens import Say, out_of_service, removal, services, start
from daemon.session.widgets import Screen
from drivers.display.virtual import create_framebuffer
from drivers.registry import driver_class
from hal.contracts import Display

ROUNDS = 5
COPIES = 200
SCREENS: tuple[Callable[[Say], Screen], ...] = (start, services, out_of_service, removal)


@dataclass(frozen=True)
class Cost:
    """Seconds of one change: as one waits for it, and of CPU time, which knows no neighbours."""

    wall: float
    cpu: float


def full_changes(width: int, height: int) -> tuple[list[Cost], list[Cost]]:
    """Each change from one whole screen to another, in all languages.

    First with nothing kept of any text, then with the masks of the last two screens at hand.
    """
    texts = Texts.load(ASSETS / "texts")
    with TemporaryDirectory(prefix="madoguchi-frames-") as folder:
        display = _display(Path(folder, "fb"), width, height)
        renderer = Renderer(display)
        cold, warm = [], []
        for language in LANGUAGES * ROUNDS:
            one, *others = [screen(texts(language)) for screen in SCREENS]
            for pair in ((one, other) for other in others):
                for screen in pair:
                    renderer.forget()
                    cold.append(_cost(renderer, screen))
                renderer.show(one)
                renderer.show(pair[1])
                warm += [_cost(renderer, screen) for screen in pair]
    return cold, warm


def copying(width: int, height: int) -> float:
    """Seconds that the bytes of one frame take into a mapped file: no face can be quicker. Median."""
    frame = bytes(range(256)) * (width * height * 4 // 256)
    with TemporaryDirectory(prefix="madoguchi-frames-") as folder:
        path = Path(folder, "fb")
        path.write_bytes(bytes(len(frame)))
        with path.open("r+b") as file, mmap.mmap(file.fileno(), 0) as glass:
            return statistics.median([_copied(glass, frame) for _ in range(COPIES)])


def _copied(glass: mmap.mmap, frame: bytes) -> float:
    began = time.perf_counter()
    glass[:] = frame
    return time.perf_counter() - began


def _cost(renderer: Renderer, screen: Screen) -> Cost:
    began, used = time.perf_counter(), time.thread_time()
    renderer.show(screen)
    return Cost(time.perf_counter() - began, time.thread_time() - used)


def _display(path: Path, width: int, height: int) -> Display:
    create_framebuffer(path, width, height)
    driver = driver_class("display", "framebuffer")
    settings = {"path": str(path), "width": width, "height": height}
    display: Display = driver(msgspec.convert(settings, driver.Settings))
    return display

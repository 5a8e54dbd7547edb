"""The kiosk's face, beside a Chromium that shows the same screen: how soon, how quick, with how much memory.

One run: the kiosk and the browser take turns on the same machine, so that both meet the same load. The kiosk
looks after its devices as often as in the field.
"""

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from daemon.bench.benchmark.chromium import Browser, browser, missing
from daemon.bench.benchmark.figures import Figure, Heading, Line, median, percentile
from daemon.bench.benchmark.frames import copying, full_changes
from daemon.bench.benchmark.glass import Frame, Glass
from daemon.bench.benchmark.page import start_page
from daemon.bench.benchmark.processes import cpu_seconds, pss, tree
from daemon.bench.benchmark.session import play_sessions
from daemon.bench.rig import SIZE, Rig
from daemon.bench.setup import Setup
from daemon.config import ASSETS
from daemon.face.texts import Texts
from daemon.session.screens import start

RUNS = 7
PRESSES = 400
SESSIONS = 10
POLL = 0.0005
LOOK = 0.0001
BETWEEN_PRESSES = 0.05
PRESS_SECONDS = 5.0
IDLE_SECONDS = 30.0
SETTLE_SECONDS = 3.0
BUTTON = "services"
FRAME = Frame(*SIZE, 0, 4 * SIZE[0])
FULL_HD = (1920, 1080)
START_PART, MEMORY_PART = 0.5, 1 / 6
"""Of what Chromium takes."""
PRESS_MS, CHANGE_MS, IDLE_PER_CENT = 16.0, 50.0, 1.0

Tell = Callable[[Line], None]


async def face(tell: Tell) -> None:
    """Measures and tells. Raises FileNotFoundError: no Chromium, no Xvfb."""
    if missing():
        raise FileNotFoundError(f"{', '.join(missing())}: not installed; scripts/setup benchmark does it")
    async with Rig(Setup(speed=0, quick_looks=False)) as rig:
        await rig.see("start", within=60)
        tell(Heading("The same start screen as a kiosk of Chromium's, 1280×800"))
        async with _rival(rig) as rival:
            await _starts(rig, rival, tell)
        tell(Heading("Face and devices, looked after as in the field"))
        await _presses(rig, tell)
        tell(Figure("  copying the whole frame of 1280×800: the limit", copying(*SIZE) * 1000, "ms"))
        await _idle(rig, tell)
        await play_sessions(rig, SESSIONS)
        await asyncio.sleep(SETTLE_SECONDS)
        tell(Figure(f"memory (PSS) of the daemon after {SESSIONS} sessions", pss(tree(rig.daemon.pid)), "MB"))
    _changes(tell)


@asynccontextmanager
async def _rival(rig: Rig) -> AsyncIterator[Browser]:
    screen = start(Texts.load(ASSETS / "texts")("ja"))
    page = start_page(screen, rig.feed.shown.buttons, rig.picture())
    with TemporaryDirectory(prefix="madoguchi-chromium-", ignore_cleanup_errors=True) as folder:
        async with browser(page, SIZE, Path(folder)) as rival:
            yield rival


# ---------------------------------------------------------------- start and memory


async def _starts(rig: Rig, rival: Browser, tell: Tell) -> None:
    ours, theirs = [], []
    for _ in range(RUNS):
        ours.append(await started(rig))
        theirs.append(await rival.start())
    await asyncio.sleep(SETTLE_SECONDS)
    memory = pss(tree(rig.daemon.pid))
    _, browser_alone, with_server = await rival.start(settle=True)
    limit = statistics.median([seconds for seconds, _, _ in theirs])
    drawn, ready = [first for first, _ in ours], [menu for _, menu in ours]
    tell(median("Chromium: start to the complete page", [one[0] for one in theirs], "ms", 1000))
    most = limit * START_PART * 1000
    tell(median("madoguchi run: start to its first complete screen", drawn, "ms", 1000, round(most)))
    tell(Figure("  as a part of Chromium's", statistics.median(drawn) / limit, "", most=START_PART))
    tell(median("madoguchi run: to the start menu, every device connected", ready, "ms", 1000))
    tell(Figure("Chromium: memory (PSS) of all its processes", browser_alone, "MB"))
    tell(Figure("  and of the X server it needs (here Xvfb)", with_server, "MB"))
    tell(Figure("madoguchi run: memory (PSS) at the start menu, its only process", memory, "MB"))
    tell(Figure("  as a part of Chromium's with its X server", memory / with_server, "", most=MEMORY_PART))
    tell(Figure("  as a part of Chromium's alone", memory / browser_alone, "", most=MEMORY_PART))


async def started(rig: Rig) -> tuple[float, float]:
    """Seconds from the start of the process to its first complete picture, and to the start menu.

    The first picture reaches the glass by one copy from its first row to its last.
    """
    await rig.daemon.stop()
    blank = bytes(rig.framebuffer.stat().st_size)
    rig.framebuffer.write_bytes(blank)
    with Glass(rig.framebuffer, FRAME) as glass:
        last = (0, SIZE[1] - 1, SIZE[0])
        dark = glass.row(*last)
        began = time.perf_counter()
        await rig.start_daemon()
        while glass.row(*last) == dark:  # noqa: ASYNC110 a mapped file has no events
            await asyncio.sleep(POLL)
        drawn = time.perf_counter() - began
        await rig.see("start")
        return drawn, time.perf_counter() - began


# ---------------------------------------------------------------- touch


async def _presses(rig: Rig, tell: Tell) -> None:
    seconds = [await press(rig, BUTTON) for _ in range(PRESSES)]
    name = f"touch packet to changed pixels, {PRESSES} presses: p50"
    tell(Figure(name, percentile(seconds, 0.50) * 1000, "ms"))
    tell(Figure("  p99", percentile(seconds, 0.99) * 1000, "ms", most=PRESS_MS))


async def press(rig: Rig, button: str) -> float:
    """Seconds until the pixels of a button have changed. The finger is lifted elsewhere: nothing happens."""
    x, y, w, h = rig.feed.shown.buttons[button]
    with Glass(rig.framebuffer, FRAME) as glass:
        row = (x, y + h // 4, w)
        before = glass.row(*row)
        began = time.perf_counter()
        rig.touch.press(x + w // 2, y + h // 2)
        while glass.row(*row) == before:
            time.sleep(LOOK)  # noqa: ASYNC251 nothing else of this process shall come between
            if time.perf_counter() - began > PRESS_SECONDS:
                raise TimeoutError(f"no pixel of {button} changed")
        seconds = time.perf_counter() - began
        rig.touch.release_at(1, SIZE[1] - 1)
        while glass.row(*row) != before:  # noqa: ASYNC110 a mapped file has no events
            await asyncio.sleep(POLL)
    await asyncio.sleep(BETWEEN_PRESSES)
    return seconds


# ---------------------------------------------------------------- idle and full screens


async def _idle(rig: Rig, tell: Tell) -> None:
    """With the start menu shown, the coin vendor asked five times a second and the others as in the field."""
    before, began = cpu_seconds(rig.daemon.pid), time.perf_counter()
    await asyncio.sleep(IDLE_SECONDS)
    share = (cpu_seconds(rig.daemon.pid) - before) / (time.perf_counter() - began) * 100
    name = f"CPU of the idle daemon, over {IDLE_SECONDS:.0f} s"
    tell(Figure(name, share, "% of a core", most=IDLE_PER_CENT))


def _changes(tell: Tell) -> None:
    cold, warm = full_changes(*FULL_HD)
    walls = [one.wall for one in cold]
    tell(Heading("A full screen change at 1920×1080: laid out, drawn and on the glass"))
    tell(Figure("texts never drawn before: p50", percentile(walls, 0.50) * 1000, "ms"))
    tell(Figure("  p99", percentile(walls, 0.99) * 1000, "ms", most=CHANGE_MS))
    tell(Figure("  p99 of their CPU time", percentile([one.cpu for one in cold], 0.99) * 1000, "ms"))
    tell(
        Figure("texts drawn two screens ago: p50", percentile([one.wall for one in warm], 0.50) * 1000, "ms")
    )
    tell(Figure("  copying the whole frame: the limit", copying(*FULL_HD) * 1000, "ms"))

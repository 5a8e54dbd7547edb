"""Debian's Chromium as a kiosk's face, on an X server without glass whose pixels can be read (Xvfb)."""

import asyncio
import os
import shutil
import signal
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from daemon.bench.benchmark.glass import XWD_HEADER, Glass, xwd_frame
from daemon.bench.benchmark.page import Page
from daemon.bench.benchmark.processes import pss, tree

PROGRAMS = ("chromium", "Xvfb")
OPTIONS = (
    "--kiosk",
    "--no-sandbox",
    "--no-first-run",
    "--disable-features=Translate",
    "--force-color-profile=srgb",
    "--window-position=0,0",
)
PREFERENCES = '{"translate": {"enabled": false}}'
"""Debian's Chromium offers to translate the page all the same, over the kiosk's header."""
POLL = 0.0005
START_SECONDS = 60.0
SETTLE_SECONDS = 4.0


def missing() -> list[str]:
    """The programs that are needed and not there."""
    return [program for program in PROGRAMS if shutil.which(program) is None]


@dataclass(frozen=True)
class Browser:
    """A running X server, and what Chromium shall show on it. folder: for its profile."""

    server: int
    display: str
    glass: Glass
    folder: Path
    page: Page

    async def start(self, settle: bool = False) -> tuple[float, float, float]:
        """Seconds until the page is complete; MB of Chromium's processes, and of these with the X server's.

        settle: the memory is looked at some seconds later, when nothing is being started any more.
        """
        file = self.folder / "start.html"
        file.write_text(self.page.html, "utf-8")
        began = time.perf_counter()
        process = await self._launch(file)
        try:
            async with asyncio.timeout(START_SECONDS):
                while not self._complete():  # noqa: ASYNC110 mapped pixels have no events
                    await asyncio.sleep(POLL)
            seconds = time.perf_counter() - began
            await asyncio.sleep(SETTLE_SECONDS if settle else 0)
            alone, both = pss(tree(process.pid)), pss([*tree(process.pid), *tree(self.server)])
        finally:
            await _end(process)
        await self._until_dark()
        return seconds, alone, both

    def _complete(self) -> bool:
        return self.glass.shows(self.page.marks, self.page.title, self.page.ground)

    async def _launch(self, file: Path) -> asyncio.subprocess.Process:
        width, height = self.glass.frame.width, self.glass.frame.height
        return await asyncio.create_subprocess_exec(
            "chromium",
            *OPTIONS,
            f"--window-size={width},{height}",
            f"--user-data-dir={self.folder / 'profile'}",
            file.as_uri(),
            env={**os.environ, "DISPLAY": self.display},
            stdout=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.DEVNULL,
            start_new_session=True,
        )

    async def _until_dark(self) -> None:
        """The X server paints its empty root when its last window is gone."""
        async with asyncio.timeout(START_SECONDS):
            while self._complete():  # noqa: ASYNC110 as above
                await asyncio.sleep(POLL)


@asynccontextmanager
async def browser(page: Page, size: tuple[int, int], folder: Path) -> AsyncIterator[Browser]:
    """folder: an empty one. Chromium has been started once in it already, so that its profile is there."""
    server = await asyncio.create_subprocess_exec(
        "Xvfb",
        *("-displayfd", "1", "-screen", "0", f"{size[0]}x{size[1]}x24", "-fbdir", str(folder)),
        *("-nolisten", "tcp", "-noreset", "-nocursor"),
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,
    )
    try:
        assert server.stdout is not None
        async with asyncio.timeout(START_SECONDS):
            number = (await server.stdout.readline()).decode().strip()
        file = folder / "Xvfb_screen0"
        with file.open("rb") as opened:
            frame = xwd_frame(opened.read(XWD_HEADER.size))
        with Glass(file, frame) as glass:
            preferences = folder / "profile" / "Default" / "Preferences"
            preferences.parent.mkdir(parents=True)
            preferences.write_text(PREFERENCES)
            ready = Browser(server.pid, f":{number}", glass, folder, page)
            await ready.start()
            yield ready
    finally:
        await _end(server)


async def _end(process: asyncio.subprocess.Process) -> None:
    """With all it started: they are in sessions of their own, so its tree is asked."""
    processes = tree(process.pid)
    for each in reversed(processes):
        with suppress(ProcessLookupError):
            os.kill(each, signal.SIGKILL)
    await process.wait()

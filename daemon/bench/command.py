"""``madoguchi bench``: the kiosk on simulated devices, in the browser or by a script.

With scripts it plays each on a kiosk of its own and says where the pictures lie; without, it serves the page.
Ctrl-C, SIGTERM and a closed terminal end it at any moment with nothing left behind: no process, no file.
"""

import asyncio
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from pathlib import Path

from daemon.bench.player import Player
from daemon.bench.processes import STOPPING, ChildFailed
from daemon.bench.rig import Rig
from daemon.bench.scenario import Scenario, ScenarioError, load_scenario
from daemon.bench.setup import DEFAULT, Given, Setup
from daemon.bench.vocabulary import SCREENS
from daemon.bench.web.server import BenchServer
from daemon.bench.web.stand import Stand
from drivers.card.virtual_reader import PcscdUnusable

BOOT_SECONDS = 60.0


def serve(setup: Setup, port: int) -> int:
    """Exit status 130 after Ctrl-C, 1 if no kiosk can be built on this machine."""
    logging.getLogger().setLevel(logging.WARNING)
    return asyncio.run(_until_stopped(_served(setup, port)))


def bench(scripts: Sequence[Path], out: Path | None, given: Given) -> int:
    """scripts: files, or folders of them. Exit status 0 if every story ended as its script expects, else 1;
    130 after Ctrl-C. Nothing is played before all of them are read.

    Raises ScenarioError.
    """
    logging.getLogger().setLevel(logging.WARNING)
    stories = [(path, load_scenario(path)) for path in _files(scripts)]
    return asyncio.run(_until_stopped(_all_told(stories, out, given)))


def tell_titles(folder: Path) -> int:
    """What stories there are. Raises ScenarioError."""
    for path in _files([folder]):
        _tell(f"{path}  {load_scenario(path).title}")
    return 0


def _files(scripts: Sequence[Path]) -> list[Path]:
    """Raises ScenarioError: a folder without any."""
    found: list[Path] = []
    for script in scripts:
        inside = sorted(script.glob("*.toml")) if script.is_dir() else [script]
        if not inside:
            raise ScenarioError(f"{script}: there is no *.toml in it; scripts lie in scenarios/")
        found += inside
    return found


async def _until_stopped(work: Coroutine[object, object, int]) -> int:
    """The work's status; 128 + the number of the signal that stopped it, once everything is put away."""
    task = asyncio.ensure_future(work)
    caught: list[int] = []

    def stop(number: int) -> None:
        if not caught:  # a second one must not disturb the cleaning up
            task.cancel()
        caught.append(number)

    for number in STOPPING:
        asyncio.get_running_loop().add_signal_handler(number, stop, number)
    try:
        return await task
    except asyncio.CancelledError:
        if not caught:
            raise
        _tell("stopped")
        return 128 + caught[0]


async def _served(setup: Setup, port: int) -> int:
    _tell("building a kiosk: pcscd, card reader, coin vendor, printers, center and the kiosk daemon …")
    async with Stand(setup) as stand:
        if stand.problem:
            _tell(stand.problem)
            return 1
        server = BenchServer(stand)
        async with server.serve(port):
            _tell(f"\n    {server.url}\n\nOpen it in a browser on this machine. Ctrl-C ends the bench.")
            await asyncio.Event().wait()
    return 0


@dataclass(frozen=True)
class _Played:
    """A story that was played. seconds: how long that took."""

    path: Path
    title: str
    problems: Sequence[str]
    seconds: float

    def told(self) -> str:
        verdict = "NOT AS EXPECTED" if self.problems else "as expected    "
        return f"  {verdict}  {self.seconds:5.1f} s  {self.path.stem}: {self.title}"


async def _all_told(stories: Sequence[tuple[Path, Scenario]], out: Path | None, given: Given) -> int:
    folder = out or Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))
    many = len(stories) > 1
    try:
        played = [
            await _told(path, story, folder / path.stem if many else folder, given) for path, story in stories
        ]
    except asyncio.CancelledError:
        if out is None:
            shutil.rmtree(folder)
        raise
    wrong = sum(bool(one.problems) for one in played)
    if many:
        _tell("\n" + "\n".join(one.told() for one in played))
        _tell(f"{wrong} of {len(played)} not as expected" if wrong else f"all {len(played)} as expected")
    return 1 if wrong else 0


async def _told(path: Path, story: Scenario, folder: Path, given: Given) -> _Played:
    folder.mkdir(parents=True, exist_ok=True)  # noqa: ASYNC240
    began = time.monotonic()
    try:
        problems = await _play(story, folder, given.over(story.setup.over(DEFAULT)))
    except (ChildFailed, PcscdUnusable) as error:
        problems = [str(error)]
    _tell(f"screens, pages and receipt as PNG: {folder}")
    for problem in problems:
        _tell(f"NOT AS EXPECTED: {problem}")
    _tell("not as expected" if problems else "as expected")
    return _Played(path, story.title, problems, time.monotonic() - began)


async def _play(story: Scenario, folder: Path, setup: Setup) -> list[str]:
    """What was not as the script expects. Raises ChildFailed, PcscdUnusable."""
    _tell(story.title)
    _tell("  starting pcscd, card reader, coin vendor, printers, center and the kiosk daemon …")
    async with Rig(setup) as rig:
        await rig.see(*SCREENS, within=BOOT_SECONDS)
        return await Player(rig, folder, _tell).play(story)


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()

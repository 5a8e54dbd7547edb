"""``madoguchi bench``: the kiosk on simulated devices, in the browser or by a script.

With a script it plays the story and says where its pictures lie; without one it serves the page. Ctrl-C,
SIGTERM and a closed terminal end it at any moment with nothing left behind: no process, no file.
"""

import asyncio
import logging
import shutil
import signal
import sys
import tempfile
from collections.abc import Coroutine
from pathlib import Path

from daemon.bench.player import Player
from daemon.bench.processes import ChildFailed
from daemon.bench.rig import Rig
from daemon.bench.scenario import Scenario, load_scenario
from daemon.bench.setup import Setup
from daemon.bench.web.server import BenchServer
from daemon.bench.web.stand import Stand
from drivers.card.virtual_reader import PcscdUnusable

STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def serve(setup: Setup, port: int) -> int:
    """Exit status 130 after Ctrl-C, 1 if no kiosk can be built on this machine."""
    logging.getLogger().setLevel(logging.WARNING)
    return asyncio.run(_until_stopped(_served(setup, port)))


def bench(script: Path, out: Path | None, setup: Setup) -> int:
    """Exit status 0 if the story ended as the script expects, else 1; 130 after Ctrl-C.

    Raises ScenarioError.
    """
    logging.getLogger().setLevel(logging.WARNING)
    scenario = load_scenario(script)
    return asyncio.run(_until_stopped(_told(scenario, out, setup)))


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


async def _told(scenario: Scenario, out: Path | None, setup: Setup) -> int:
    folder = out or Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    try:
        problems = await _play(scenario, folder, setup)
    except (ChildFailed, PcscdUnusable) as error:
        problems = [str(error)]
    except asyncio.CancelledError:
        if out is None:
            shutil.rmtree(folder)
        raise
    _tell(f"screens, pages and receipt as PNG: {folder}")
    for problem in problems:
        _tell(f"NOT AS EXPECTED: {problem}")
    _tell("not as expected" if problems else "as expected")
    return 1 if problems else 0


async def _play(scenario: Scenario, folder: Path, setup: Setup) -> list[str]:
    """What was not as the script expects. Raises ChildFailed, PcscdUnusable."""
    _tell(scenario.title)
    _tell("  starting pcscd, card reader, coin vendor, printers, center and the kiosk daemon …")
    async with Rig(setup) as rig:
        await rig.see("start", within=60)
        return await Player(rig, folder, _tell).play(scenario)


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()

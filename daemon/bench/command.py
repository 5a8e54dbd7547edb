"""``madoguchi bench --script FILE``: plays a story on simulated devices and says where its pictures lie."""

import asyncio
import logging
import sys
import tempfile
from pathlib import Path

from daemon.bench.player import Player
from daemon.bench.rig import Rig
from daemon.bench.scenario import Scenario, load_scenario


def bench(script: Path, out: Path | None, fast: bool) -> int:
    """Exit status 0 if the story ended as the script expects, else 1. Raises ScenarioError."""
    logging.getLogger().setLevel(logging.WARNING)
    scenario = load_scenario(script)
    folder = out or Path(tempfile.mkdtemp(prefix="madoguchi-bench-"))
    folder.mkdir(parents=True, exist_ok=True)
    return asyncio.run(_play(scenario, folder, fast))


async def _play(scenario: Scenario, folder: Path, fast: bool) -> int:
    _tell(scenario.title)
    _tell("  starting pcscd, card reader, coin vendor, printers, center and the kiosk daemon …")
    async with Rig(fast) as rig:
        await rig.see("start", within=60)
        problems = await Player(rig, folder, _tell).play(scenario)
    _tell(f"screens, pages and receipt as PNG: {folder}")
    for problem in problems:
        _tell(f"NOT AS EXPECTED: {problem}")
    _tell("not as expected" if problems else "as expected")
    return 1 if problems else 0


def _tell(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()

"""Staff of the shop, with ``madoguchi`` on the command line and their hands in the machine."""

import asyncio
import json
import sys
from typing import Any

from daemon.bench import vocabulary
from daemon.bench.feed import Shown
from daemon.bench.rig import Rig
from hal.faults import RECEIPT_PAPER_OUT

PATIENCE = 120.0


class Staff:
    """At one kiosk."""

    def __init__(self, rig: Rig) -> None:
        self._rig = rig

    async def status(self) -> dict[str, Any]:
        """``madoguchi status --json``."""
        _, told = await self.run("status", "--json")
        answer: dict[str, Any] = json.loads(told)
        return answer

    async def open_cases(self) -> frozenset[str]:
        return frozenset(case["case"] for case in (await self.status())["cases"])

    async def resolve(self, case: str, tray: str) -> None:
        """They look into the tray, and say what they have seen."""
        status, told = await self.run("resolve", case, "--tray", tray, "--who", "17", "--why", "looked")
        assert (status, told.splitlines()[0]) == (0, f"resolved {case}")

    async def run(self, command: str, *arguments: str) -> tuple[int, str]:
        """(exit status, what was printed)."""
        config = str(self._rig.root / "kiosk.toml")
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "daemon", command, "--config", config, *arguments),
            stdout=asyncio.subprocess.PIPE,
        )
        told, _ = await process.communicate()
        assert process.returncode is not None
        return process.returncode, told.decode()

    async def attend(self) -> None:
        """Clear what lies there and mend what is broken, until the start menu is back and stays."""
        rig = self._rig
        rig.printer.clear_jam()
        rig.printer.load_paper()
        rig.receipts.repair(RECEIPT_PAPER_OUT)
        async with asyncio.timeout(PATIENCE):
            while not await self._ready():
                await self._tidy()

    async def _ready(self) -> bool:
        """Nobody's press is still under way either."""
        feed = self._rig.feed
        shown = feed.shown
        if shown.name != "start" or self._rig.wallet.lying:
            return False
        await asyncio.sleep(0.3)
        return feed.shown == shown

    async def _tidy(self) -> None:
        rig = self._rig
        await rig.wallet.lift()
        rig.take_paper()
        shown = rig.feed.shown
        if shown.name == "out":
            for case in await self.open_cases():
                await self.resolve(case, "missing")
        elif not own_buttons(shown):
            rig.tap_anywhere()
        elif button := next((key for key in ("quit", "taken", "refund") if key in shown.buttons), None):
            rig.tap(button)
        await _change(rig, 0.5)


def own_buttons(shown: Shown) -> list[str]:
    """Those of the screen itself, without the icons of the header that every screen has."""
    return [button for button in shown.buttons if button not in vocabulary.ANYWHERE]


async def _change(rig: Rig, seconds: float) -> None:
    """Until another screen is shown, or so long."""
    try:
        async with asyncio.timeout(seconds):
            await rig.feed.after(rig.feed.shown)
    except TimeoutError:
        pass

"""Plays a scenario on a rig: one line a step with its time, a picture of every screen, and the verdict."""

import asyncio
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

from daemon.bench.album import Album, Tell
from daemon.bench.hands import Hands
from daemon.bench.processes import ChildFailed
from daemon.bench.rig import Rig
from daemon.bench.scenario import Expectation, Scenario, Step
from daemon.bench.setup import parse_clock
from daemon.bench.verdict import Entry, differences, ending
from drivers.voice.virtual import utterances

POLL = 0.05


class Player:
    """out: a folder for pictures, or None for none. tell: where the lines go.

    Entries of the journal and words of the speaker are waited for in their order: each step looks only at
    what came after the one that was found last.
    """

    def __init__(self, rig: Rig, out: Path | None, tell: Tell) -> None:
        self._rig = rig
        self._tell = tell
        self._album = Album(out, tell)
        self._hands = Hands(rig, self._album)
        self._began = time.monotonic()
        self._first = self._written = len(rig.entries())
        self._said = len(self._utterances())
        self._money = self._kept_by_devices

    async def play(self, scenario: Scenario) -> list[str]:
        """Every step in turn; returns what was not as the script expects."""
        for number, step in enumerate(scenario.step, start=1):
            try:
                await self._wait(step)
                await self._hands.do(step)
            except ChildFailed as error:
                return [f"step {number} ({step.told()}): {error}"]
            self._tell(f"{time.monotonic() - self._began:7.2f} s  {step.told()}")
        return self._verdict(scenario.expect)

    # ------------------------------------------------------------ what a step waits for

    async def _wait(self, step: Step) -> None:
        if step.see:
            await self._rig.see(step.see, within=step.within)
            self._album.screen(step.see, self._rig.picture)
        if step.hear:
            await self._until(lambda: self._heard(step.hear), step, f"the speaker did not say {step.hear}")
        if step.event:
            await self._until(lambda: self._noted(step.event), step, f"the journal has no new {step.event}")
        if step.until:
            await self._until_clock(step)
        await asyncio.sleep(step.wait)

    async def _until(self, so: Callable[[], bool], step: Step, otherwise: str) -> None:
        """Looks until it is so: files that others write have no events."""
        try:
            async with asyncio.timeout(step.within):
                while not so():  # noqa: ASYNC110
                    await asyncio.sleep(POLL)
        except TimeoutError:
            raise ChildFailed(otherwise) from None

    def _heard(self, key: str) -> bool:
        said = self._utterances()
        if key not in said[self._said :]:
            return False
        self._said = said.index(key, self._said) + 1
        return True

    def _noted(self, event: str) -> bool:
        written = [name for _, _, name, _ in self._rig.entries()]
        if event not in written[self._written :]:
            return False
        self._written = written.index(event, self._written) + 1
        return True

    def _utterances(self) -> list[str]:
        return [said.key for said in utterances(self._rig.root / "voice.jsonl")]

    async def _until_clock(self, step: Step) -> None:
        """Until this time of the kiosk's day; nothing happens if it is past."""
        clock, now = parse_clock(step.until), self._rig.now()
        left = now.replace(hour=clock.hour, minute=clock.minute, second=clock.second, microsecond=0) - now
        if left > timedelta(seconds=step.within):
            raise ChildFailed(f"the kiosk's clock says {now:%H:%M:%S}, too early to wait for {step.until}")
        await asyncio.sleep(max(0.0, left.total_seconds()))

    # ------------------------------------------------------------ the verdict

    def _verdict(self, expect: Expectation) -> list[str]:
        entries: list[Entry] = self._rig.entries()[self._first :]
        found, printer = ending(entries), self._rig.printer
        problems = list(differences(expect, found, len(printer.tray), self._album.words))
        kept = self._kept_by_devices - self._money
        if kept != found.kept + found.claims:
            problems.append(f"money: the devices kept {kept}, the journal says {found.kept + found.claims}")
        if not self._rig.bus.conserved:
            problems.append("money: not every yen that went in is somewhere")
        return problems

    @property
    def _kept_by_devices(self) -> int:
        """Yen that went in and did not come back, by their own counts."""
        _ = self._rig.bus.tray  # which looks at the hoppers
        return self._rig.bus.money.inserted - self._rig.bus.money.given_back

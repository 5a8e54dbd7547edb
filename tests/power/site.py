"""The place where the power goes: a rig, its citizen, and staff with ``madoguchi`` on the command line."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from daemon.bench.player import Player
from daemon.bench.processes import tail
from daemon.bench.rig import Rig
from daemon.bench.scenario import Scenario
from daemon.bench.setup import Setup
from tests.patience import looked_until
from tests.power.killed_at import KILLED_AT
from tests.power.oracle import Fate, Told, fate
from tests.wires.staff import Staff

PATIENCE = 30.0
until = partial(looked_until, within=PATIENCE)


@dataclass(frozen=True)
class Cut:
    """What is true when the power goes, in yen and sheets.

    given_before, given_back: up to the session, up to now.
    """

    fate: Fate
    inserted: int
    given_before: int
    given_back: int
    sheets: int

    @property
    def owed(self) -> int:
        """What certainly belongs to the citizen, by what the devices hold: the table's offer."""
        return 0 if self.fate.ended else self.inserted - self.fate.certainly_kept - self._returned

    @property
    def _returned(self) -> int:
        return self.given_back - self.given_before


class Site:
    """sheets: how many the printer has ever put out."""

    def __init__(self, rig: Rig) -> None:
        self.rig = rig
        self.staff = Staff(rig)
        self.sheets = 0
        told_tray = rig.printer.on_sheet

        def dropped(sheet: Any) -> None:
            self.sheets += 1
            if told_tray is not None:
                told_tray(sheet)

        rig.printer.on_sheet = dropped

    async def play(self, story: Scenario) -> tuple[bool, Cut]:
        """Plays until its end, or until the daemon dies: (whether it lived, how things stand then)."""
        inserted, given_before = self.rig.bus.money.inserted, self.given_back
        problems = await Player(self.rig, None, lambda _: None).play(story)
        lived = self.rig.daemon.running
        assert not (lived and problems and problems[0].startswith("step")), problems
        inserted = self.rig.bus.money.inserted - inserted
        return lived, Cut(self.newest_fate(), inserted, given_before, self.given_back, self.sheets)

    async def restart(self, killed_at: str = "", **environment: str) -> None:
        """Power off (if it is not) and on, until it answers or is killed."""
        feed = self.rig.feed
        await self.rig.power_cut()
        await until(lambda: not feed.shown.name, "the end of the daemon")
        await self.rig.start_daemon(**{KILLED_AT: killed_at}, **environment)
        await until(lambda: bool(feed.shown.name) or not self.rig.daemon.running, "a screen")

    @property
    def given_back(self) -> int:
        """Yen that lay or lie in the return tray."""
        _ = self.rig.bus.tray  # which looks at the hoppers
        return self.rig.bus.money.given_back

    @property
    def told(self) -> list[Told]:
        """The journal."""
        return self.rig.entries()

    def newest_fate(self) -> Fate:
        """Of the session that began last."""
        told = self.told
        return fate([session for _, session, event, _ in told if event == "session.started"][-1], told)

    def events(self, session: str) -> list[str]:
        return [event for _, of, event, _ in self.told if of == session]

    def claimed(self, session: str) -> int:
        """Yen on claims of this session."""
        found = [
            data["yen"] for _, of, event, data in self.told if (of, event) == (session, "claim.recorded")
        ]
        return sum(yen for yen in found if isinstance(yen, int))

    async def until_written(self, session: str, event: str) -> None:
        """Returns when the journal says so."""
        await until(lambda: event in self.events(session), f"{event} of the session")


@asynccontextmanager
async def site(speed: float = 0) -> AsyncIterator[Site]:
    """A kiosk that shows its start menu."""
    async with Rig(Setup(speed=speed), launcher="tests.power.killed_at") as rig:
        await rig.see("start", within=60)
        at = Site(rig)
        try:
            yield at
        except Exception as error:
            error.add_note("\n".join(["the journal ends:", *map(str, at.told[-12:])]))
            error.add_note("\n".join(["the daemon's log ends:", *tail(rig.daemon.log, 30)]))
            raise

"""A card that has to go home (R9): asked for at once, louder after half a minute, after three minutes staff.

Its clock runs from the first time it was asked for until the reader is empty, through the end of the session
and whatever comes then. Every step is in the journal; screens and voice follow from its urgency.
"""

import asyncio
from collections.abc import Callable

from daemon.session.journal import Journal
from daemon.session.screens import Urgency
from hal.contracts import Cabinet
from hal.events import DeviceChanged
from hal.faults import CARD_LEFT, Fault

STEPS: tuple[tuple[float, Urgency], ...] = ((0.0, "asked"), (30.0, "louder"), (180.0, "staff"))
DEVICE = "left-card"


class CardReminder:
    """One for the life of the daemon. report: where a fault is told, as a device's is."""

    def __init__(self, journal: Journal, cabinet: Cabinet, report: Callable[[DeviceChanged], None]) -> None:
        self._journal = journal
        self._cabinet = cabinet
        self._report = report
        self._since = 0.0
        self._done = 0

    async def remind(self, session: str) -> Urgency:
        """While a card lies there: does what it is time for, and says how urgent it is now."""
        if not self._done:
            self._since = self._now()
        while self._done < len(STEPS) and self._now() >= self._since + STEPS[self._done][0]:
            self._done += 1
            await self._take_step(STEPS[self._done - 1][1], session)
        return STEPS[self._done - 1][1]

    @property
    def seconds(self) -> float | None:
        """Until the next step; None: there is none, or no card."""
        if self._done in (0, len(STEPS)):
            return None
        return max(0.0, self._since + STEPS[self._done][0] - self._now())

    def over(self) -> None:
        """The reader is empty; nothing happens if it was before."""
        if not self._done:
            return
        called = STEPS[self._done - 1][1] == "staff"
        self._done = 0
        self._cabinet.lamp("attention", False)
        if called:
            self._report(DeviceChanged(DEVICE, None))

    async def _take_step(self, urgency: Urgency, session: str) -> None:
        await self._journal.write("card.alert", session, urgency=urgency)
        if urgency != "asked":
            self._cabinet.lamp("attention", True)
        if urgency == "staff":
            detail = "a card has lain on the reader for three minutes; take it and keep it safe"
            self._report(DeviceChanged(DEVICE, Fault(CARD_LEFT, DEVICE, detail)))

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

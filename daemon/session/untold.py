"""Orders whose end the center has not heard yet: finished or cancelled here, not closed there.

Derived from the journal like the cases, and told again and again until the center answers, so that an
outage can never leave a certificate number without an end.
"""

import logging

from daemon.issuance.messages import CenterDown, CenterLine, CopyOutcome, Refused
from daemon.session.entries import Entry
from daemon.session.journal import Journal

log = logging.getLogger(__name__)

ENDS = ("order.finished", "order.cancelled")


class Untold:
    """Kept up to date by observing the journal."""

    def __init__(self, journal: Journal, line: CenterLine) -> None:
        self._journal = journal
        self._line = line
        self._ends: dict[str, Entry] = {}
        journal.observe(self._follow)

    async def load(self) -> None:
        """Reads every end of an order there ever was."""
        for entry in await self._journal.events(*ENDS, "order.closed"):
            self._follow(entry)

    async def tell(self) -> None:
        """Tells the center every end it has not heard; what fails is told at the next turn."""
        for order, entry in list(self._ends.items()):
            try:
                await self._tell(order, entry)
            except CenterDown:
                return
            except Refused as refused:
                log.error("the center refuses the end of order %s: %s", order, refused)
                continue
            await self._journal.write("order.closed", entry.session, order=order)

    async def _tell(self, order: str, entry: Entry) -> None:
        if entry.event == "order.cancelled":
            await self._line.cancel(order)
            return
        outcomes = entry.data["outcomes"]
        assert isinstance(outcomes, dict)
        await self._line.close(order, {n: CopyOutcome(outcome) for n, outcome in outcomes.items()})

    def _follow(self, entry: Entry) -> None:
        if entry.event in ENDS:
            self._ends[entry.text("order")] = entry
        elif entry.event == "order.closed":
            self._ends.pop(entry.text("order"), None)

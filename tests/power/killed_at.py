"""The daemon, arranged to be killed: run instead of ``daemon``, as ``Rig(launcher="tests.power.killed_at")``.

It sends itself SIGKILL right after the n-th transaction that writes to a session is on disk. The order comes
in the environment: ``MADOGUCHI_KILLED_AT="session 7"`` counts those of sessions that began in this process,
``"settlement 2"`` those of sessions an earlier one has left; an event's name instead of the number means the
first such entry. Without an order it is the daemon unchanged, but for two more things the environment may
say: MADOGUCHI_OFFER_SECONDS, how long a refund is offered; MADOGUCHI_UNSYNCHRONISED, that no NTP answers.
"""

import os
import signal
import sys
from collections.abc import Sequence

import daemon.kiosk
from daemon.__main__ import main
from daemon.session import host
from daemon.session.entries import Entry, Record
from daemon.session.journal import Journal

KILLED_AT = "MADOGUCHI_KILLED_AT"
OFFER_SECONDS = "MADOGUCHI_OFFER_SECONDS"
UNSYNCHRONISED = "MADOGUCHI_UNSYNCHRONISED"


class Death:
    """order: as in the environment."""

    def __init__(self, order: str) -> None:
        self._phase, self._moment = order.split()
        self._begun_here: set[str] = set()
        self._seen = 0

    def after(self, entries: Sequence[Entry]) -> None:
        """Comes, if these entries are the ones."""
        self._begun_here |= {entry.session for entry in entries if entry.event == "session.started"}
        counted = [entry for entry in entries if self._counts(entry)]
        self._seen += bool(counted)
        if counted and self._moment in (str(self._seen), *(entry.event for entry in counted)):
            os.kill(os.getpid(), signal.SIGKILL)

    def _counts(self, entry: Entry) -> bool:
        if not entry.session or entry.session.startswith("stray"):
            return False
        return (entry.session in self._begun_here) == (self._phase == "session")


def arrange(death: Death) -> None:
    """From now on every write may be the last."""
    write_all = Journal.write_all

    async def write_and_die(journal: Journal, records: Sequence[Record]) -> list[Entry]:
        entries = await write_all(journal, records)
        death.after(entries)
        return entries

    Journal.write_all = write_and_die  # type: ignore[method-assign,assignment]


if __name__ == "__main__":
    if order := os.environ.get(KILLED_AT):
        arrange(Death(order))
    if seconds := os.environ.get(OFFER_SECONDS):
        host.OFFER_SECONDS = float(seconds)  # type: ignore[attr-defined]
    if os.environ.get(UNSYNCHRONISED):
        daemon.kiosk.synchronised = lambda: False  # type: ignore[attr-defined]
    sys.exit(main())

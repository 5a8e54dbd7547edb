"""A stop of the service, as municipalities announce them and sites have them of their own. Light to import:
the kiosk's configuration has such stops too, and is read before the first screen.
"""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from msgspec import Struct

from daemon.issuance.calendar import local, round_up_to_hour
from daemon.issuance.faulty import Complaint
from daemon.issuance.messages import Kind, Reason, Refusal

Served = Literal[Kind, "register"]
"""What hours and maintenance can be about: a certificate, or the 利用登録申請."""


class Maintenance(Struct, frozen=True, forbid_unknown_fields=True, rename={"start": "from", "end": "to"}):
    """No service from this moment up to, not including, that one. kinds: only these; none named: all."""

    start: datetime
    end: datetime
    kinds: tuple[Served, ...] = ()

    def includes(self, kind: str | None, at: datetime) -> bool:
        """kind None: the municipality as a whole, which a stop of single kinds does not close."""
        concerned = not self.kinds or kind in self.kinds
        return concerned and local(self.start) <= at < local(self.end)

    def complaints(self) -> Iterator[Complaint]:
        if local(self.end) <= local(self.start):
            yield Complaint(("to",), f"{self.end} is not after from, {self.start}")


def stopped(maintenance: tuple[Maintenance, ...], kind: str | None, at: datetime) -> Refusal | None:
    """E4 for the longest of the stops that include this kind and (local) time; None: there is none."""
    ends = [local(stop.end) for stop in maintenance if stop.includes(kind, at)]
    return Refusal(Reason.MAINTENANCE, until=round_up_to_hour(max(ends))) if ends else None

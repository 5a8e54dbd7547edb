"""What must follow a power cut, read from the entries that were on disk by then, and from nothing else.

Written against the table of DESIGN.md (decision 4), not against the code: it shares no line with the till's
and the settlement's arithmetic.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Told = tuple[int, str, str, Mapping[str, object]]
"""(seq, session, event, data), as the rig reads a journal."""


@dataclass(frozen=True)
class Fate:
    """Of one session. printed, in_doubt: certificate numbers. last: its newest event."""

    session: str
    last: str
    ended: bool
    credited: int
    unit: int
    printed: frozenset[str]
    in_doubt: frozenset[str]
    paper_unconfirmed: bool
    receipt_missing: bool
    order_cancelled: bool
    order_finished: bool

    @property
    def certainly_kept(self) -> int:
        """Fees of what is printed, and for now of what is in doubt."""
        return self.unit * len(self.printed | self.in_doubt)

    @property
    def cases(self) -> frozenset[str]:
        """Those that must be open."""
        paper = {f"{self.session}/paper-unconfirmed"} if self.paper_unconfirmed else set()
        return frozenset(self.in_doubt | paper)


def fate(session: str, told: Sequence[Told]) -> Fate:
    """Of this session, by its entries."""
    mine = [(event, data) for _, of, event, data in told if of == session]
    events = [event for event, _ in mine]
    printing = numbers(mine, "print.started")
    printed = numbers(mine, "print.done")
    failed = numbers(mine, "print.failed")
    ended = "session.ended" in events
    asked = "order.requested" in events and not {"order.finished", "order.cancelled"} & set(events)
    return Fate(
        session=session,
        last=events[-1],
        ended=ended,
        credited=total(mine, "cash.credited", "value"),
        unit=total(mine, "payment.opened", "unit"),
        printed=printed,
        in_doubt=printing - printed - failed,
        paper_unconfirmed=bool(printed) and "paper.taken" not in events,
        receipt_missing="paper.taken" in events and "receipt.printed" not in events,
        order_cancelled=asked and not printing,
        order_finished=asked and bool(printing),
    )


def numbers(told: Sequence[tuple[str, Mapping[str, object]]], event: str) -> frozenset[str]:
    """Certificate numbers in these entries."""
    return frozenset(str(data["number"]) for name, data in told if name == event)


def total(told: Sequence[tuple[str, Mapping[str, object]]], event: str, field: str) -> int:
    """The sum of a number over these entries."""
    found = [data[field] for name, data in told if name == event]
    return sum(value for value in found if isinstance(value, int))

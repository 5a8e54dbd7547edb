"""What a boot finds: sessions that a power cut or a kill left open, settled by the design's table.

The document is gone, so nothing is ever printed later. Each open session is read from its own entries:

  money in, no print.started           refund offered for 3 minutes after a short outage, else a claim
  print.started, no outcome            in doubt: never reprinted, never refunded by itself; a case for staff;
                                       paid - fee is owed for certain
  print.done, change not paid          the change offered, else a claim
  payout.intent, no outcome            the hopper's own counter says (the driver's ``recover``)
  bill in escrow                       the validator's own event stream says (a credit or none)
  change done, paper not confirmed     a case: locked until the tray is seen or said empty
  paper taken, no receipt              reprint on request, marked 再発行

``findings`` is pure; ``record`` writes what it found; the money itself is returned by the host.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta

from daemon.issuance.messages import CopyOutcome
from daemon.session.cases import case_record
from daemon.session.entries import Entry, Record, Value
from daemon.session.journal import Journal
from daemon.session.receipt import receipt_number
from daemon.session.till import balance
from hal.faults import CASH_SUSPECT

OFFER_OUTAGE = timedelta(minutes=10)
OFFER_SECONDS = 180.0


@dataclass(frozen=True)
class Finding:
    """One session that did not end, or whose money did not. boot: the start that ran it.

    in_doubt: certificate numbers. unsure: payouts nobody can vouch for. order: to be closed at the center.
    """

    session: str
    boot: str
    owed: int = 0
    in_doubt: tuple[str, ...] = ()
    unsure: tuple[str, ...] = ()
    paper_unconfirmed: bool = False
    receipt_missing: bool = False
    ended: bool = False
    order: str = ""
    outcomes: dict[str, str] = field(default_factory=dict)


MONEY = (
    "payment.opened",
    "cash.credited",
    "payout.outcome",
    "claim.recorded",
    "print.started",
    "print.done",
    "print.failed",
)


async def unfinished(journal: Journal, boot: str) -> list[Finding]:
    """Every session that started before this boot and did not end, and every one that is owed money."""
    marks = await journal.events("session.started", "session.ended", *MONEY)
    ended = {entry.session for entry in marks if entry.event == "session.ended"}
    open_ones = {e.session for e in marks if e.event == "session.started" and e.boot != boot} - ended
    by_session: dict[str, list[Entry]] = {}
    for entry in marks:
        by_session.setdefault(entry.session, []).append(entry)
    owed = {session for session, entries in by_session.items() if balance(entries).owed > 0}
    return [
        findings(session, await journal.session(session))
        for session in by_session
        if session in open_ones | owed
    ]


def findings(session: str, entries: Sequence[Entry]) -> Finding:
    """What one session's entries say of it."""
    events = {entry.event for entry in entries}
    jobs = {
        entry.text("number"): entry.event
        for entry in entries
        if entry.event in ("print.started", "print.done", "print.failed")
    }
    printed = "print.done" in jobs.values()
    return Finding(
        session=session,
        boot=entries[0].boot,
        owed=max(0, balance(entries).owed),
        in_doubt=tuple(number for number, event in jobs.items() if event == "print.started"),
        unsure=_unsure(entries),
        paper_unconfirmed=printed and "paper.taken" not in events,
        receipt_missing="paper.taken" in events and not events & {"receipt.printed", "receipt.failed"},
        ended="session.ended" in events,
        order=_open_order(entries),
        outcomes={number: _outcome(jobs.get(number)) for number in _numbers(entries)},
    )


def _unsure(entries: Sequence[Entry]) -> tuple[str, ...]:
    outcomes = [entry for entry in entries if entry.event == "payout.outcome"]
    return tuple(dict.fromkeys(e.text("payout") for e in outcomes if not e.data["certain"]))


def _open_order(entries: Sequence[Entry]) -> str:
    done = {e.text("order") for e in entries if e.event in ("order.finished", "order.cancelled")}
    orders = [e.text("order") for e in entries if e.event == "order.requested"]
    return next((order for order in orders if order not in done), "")


def _numbers(entries: Sequence[Entry]) -> list[str]:
    numbers: list[str] = []
    for entry in entries:
        if entry.event == "order.checked":
            listed = entry.data["numbers"]
            assert isinstance(listed, list)
            numbers = list(listed)
        elif entry.event == "reissue.checked":
            numbers.append(entry.text("by"))
    return numbers


def _outcome(event: str | None) -> str:
    return {
        "print.done": CopyOutcome.DELIVERED,
        "print.started": CopyOutcome.IN_DOUBT,
        "print.failed": CopyOutcome.VOID,
        None: CopyOutcome.REFUNDED,
    }[event].value


async def record(journal: Journal, finding: Finding) -> None:
    """Writes the cases and order outcomes of a finding. Safe to repeat after another power cut."""
    session = finding.session
    records = [case_record("in-doubt", number, session) for number in finding.in_doubt]
    records += [case_record("payout-unsure", payout, session, CASH_SUSPECT) for payout in finding.unsure]
    if finding.paper_unconfirmed and not finding.ended:
        records.append(case_record("paper-unconfirmed", session, session))
    if finding.receipt_missing:
        number = receipt_number(await journal.session(session))
        records.append(Record("receipt.failed", session, {"number": number, "code": "interrupted"}))
    if finding.order and any(outcome != "refunded" for outcome in finding.outcomes.values()):
        told: dict[str, Value] = {"order": finding.order, "outcomes": dict(finding.outcomes)}
        records.append(Record("order.finished", session, told))
    elif finding.order:
        records.append(Record("order.cancelled", session, {"order": finding.order}))
    await journal.write_all(records)


async def finish(journal: Journal, finding: Finding) -> None:
    """The session is settled; the next boot will not find it."""
    if finding.ended:
        return
    await journal.write("boot.settled", finding.session, owed=finding.owed)
    await journal.write("session.ended", finding.session, reason="power-loss")

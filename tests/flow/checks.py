"""What must be true after any number of sessions, whoever played them: in process, or over the real wires."""

from collections import Counter
from collections.abc import Sequence

from daemon.session.entries import Entry
from daemon.session.till import balance
from drivers.cash.virtual import VirtualBus


def check_sessions(entries: Sequence[Entry], least: int) -> None:
    """Each of them by itself, and that there were this many at least, all ended."""
    told = Counter(entry.event for entry in entries)
    assert told["session.started"] == told["session.ended"] >= least
    assert told["print.started"] == told["print.done"] + told["print.failed"]
    for session in {entry.session for entry in entries if entry.session}:
        _check_session([entry for entry in entries if entry.session == session])


def _check_session(entries: Sequence[Entry]) -> None:
    """Inserted = fee kept + returned + owed on a recorded claim; at most one charge a delivered 通."""
    money = balance(entries)
    assert money.owed == 0, (money, [entry.event for entry in entries])
    done = [entry.text("number") for entry in entries if entry.event == "print.done"]
    assert len(done) == len(set(done))
    assert money.kept == money.unit * len(done)
    assert money.in_doubt == 0


def check_money(entries: Sequence[Entry], bus: VirtualBus) -> None:
    """The journal agrees with what the cash devices really hold. The bus recycles nothing."""
    assert bus.conserved
    credited = sum(entry.number("value") for entry in entries if entry.event == "cash.credited")
    assert sum(bus.money.cashbox) == credited
    left = sum(hopper.value * hopper.coins for hopper in bus.hoppers.values())
    paid = sum(e.number("value") * e.number("paid") for e in entries if e.event == "payout.outcome")
    assert bus.money.filled - left == paid

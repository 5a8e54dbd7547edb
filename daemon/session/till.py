"""Money as arithmetic: what is owed, which coins to pay with, which coins may be taken. Pure.

A payment's balance is a fold over its journal entries, so a crash can never make it wrong:
owed = credited - kept - paid out - claimed. ``kept`` is the unit price of each 通 that was printed, or of
which nobody can know whether it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from daemon.session.entries import Entry


@dataclass(frozen=True)
class Balance:
    """Yen, of one payment."""

    due: int = 0
    unit: int = 0
    credited: int = 0
    printed: int = 0
    in_doubt: int = 0
    paid_out: int = 0
    claimed: int = 0

    @property
    def kept(self) -> int:
        return self.unit * (self.printed + self.in_doubt)

    @property
    def owed(self) -> int:
        return self.credited - self.kept - self.paid_out - self.claimed

    @property
    def funded(self) -> bool:
        return self.due > 0 and self.credited >= self.due


@dataclass
class _Fold:
    due: int = 0
    unit: int = 0
    credited: int = 0
    paid_out: int = 0
    claimed: int = 0
    jobs: dict[str, str] = field(default_factory=dict)


def balance(entries: Iterable[Entry]) -> Balance:
    """The balance of a session from its entries."""
    fold = _Fold()
    for entry in entries:
        _add(fold, entry)
    outcomes = list(fold.jobs.values())
    return Balance(
        due=fold.due,
        unit=fold.unit,
        credited=fold.credited,
        printed=outcomes.count("print.done"),
        in_doubt=outcomes.count("print.started"),
        paid_out=fold.paid_out,
        claimed=fold.claimed,
    )


def _add(fold: _Fold, entry: Entry) -> None:
    match entry.event:
        case "payment.opened":
            fold.due, fold.unit = entry.number("due"), entry.number("unit")
        case "cash.credited":
            fold.credited += entry.number("value")
        case "payout.outcome":
            fold.paid_out += entry.number("value") * entry.number("paid")
        case "claim.recorded":
            fold.claimed += entry.number("yen")
        case "print.started" | "print.done" | "print.failed":
            fold.jobs[entry.text("number")] = entry.event


def coins_for(amount: int, levels: Mapping[int, int]) -> dict[int, int] | None:
    """Coins (value → number) that make exactly this amount, largest first; None if the levels cannot.

    Greedy is exact here because each yen coin divides the next larger one (10, 50, 100, 500, 1000): any
    way that uses fewer large coins holds smaller ones that sum to a large one.
    """
    coins, rest = most_of(amount, levels)
    return coins if rest == 0 else None


def most_of(amount: int, levels: Mapping[int, int]) -> tuple[dict[int, int], int]:
    """The largest part of the amount that can be paid: (coins, the rest that cannot)."""
    coins: dict[int, int] = {}
    for value in sorted(levels, reverse=True):
        number = min(amount // value, levels[value])
        if number > 0:
            coins[value] = number
            amount -= value * number
    return coins, amount


def same_first(amount: int, inserted: Sequence[int], levels: Mapping[int, int]) -> dict[int, int] | None:
    """Coins for a refund: the very denominations that were inserted where the hoppers have them."""
    coins: dict[int, int] = {}
    left = dict(levels)
    rest = amount
    for value in sorted(inserted, reverse=True):
        if value <= rest and left.get(value, 0) > 0:
            coins[value] = coins.get(value, 0) + 1
            left[value] -= 1
            rest -= value
    more = coins_for(rest, left)
    if more is None:
        return coins_for(amount, levels)
    return {value: coins.get(value, 0) + more.get(value, 0) for value in {*coins, *more}}


def acceptable(
    due: int, paid: int, denominations: Iterable[int], levels: Mapping[int, int]
) -> frozenset[int]:
    """Which denominations may be enabled at this moment of a payment (coin.md §5, pre-check).

    Every one of them leaves change and full refund payable from the hoppers, now and after any one more
    enabled coin that may already be in flight. Where two do not go together the larger one stays out.
    """
    if paid >= due:
        return frozenset()
    enabled = {value for value in denominations if _payable(paid + value, due, levels)}
    while unsafe := [value for value in enabled if not _goes_with_all(value, enabled, due, paid, levels)]:
        enabled.remove(max(unsafe))
    return frozenset(enabled)


def bill_fate(
    value: int, due: int, paid: int, levels: Mapping[int, int]
) -> Literal["stack", "hold", "return"]:
    """What becomes of a bill in escrow.

    The one that completes the fee is stacked, and one after which another is still wanted, as the escrow
    holds but one. Else it waits there for the coins that are missing: a cancel gives back this very bill.
    """
    if paid >= due or not _payable(paid + value, due, levels):
        return "return"
    return "hold" if 0 < due - paid - value < value else "stack"


def can_complete(due: int, denominations: frozenset[int], levels: Mapping[int, int]) -> bool:
    """Whether some sequence of coins, each acceptable in its turn, reaches the amount due."""
    seen, todo = {0}, [0]
    while todo:
        paid = todo.pop()
        if paid >= due:
            return True
        after = {paid + value for value in acceptable(due, paid, denominations, levels)} - seen
        seen |= after
        todo += sorted(after)
    return False


def _goes_with_all(
    value: int, enabled: Iterable[int], due: int, paid: int, levels: Mapping[int, int]
) -> bool:
    totals = [paid + other for other in enabled if paid + other < due]
    return all(_payable(total + value, due, levels) for total in totals)


def _payable(total: int, due: int, levels: Mapping[int, int]) -> bool:
    change = max(0, total - due)
    return coins_for(total, levels) is not None and coins_for(change, levels) is not None

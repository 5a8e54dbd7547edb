"""Money as arithmetic: what is owed, which coins to pay with, which coins may be taken. Pure.

A payment's balance is a fold over its journal entries, so a crash can never make it wrong:
owed = credited - kept - paid out - claimed. ``kept`` is the unit price of each 通 that was printed, or of
which nobody can know whether it was.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

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

    A denomination is enabled only if, now and after any one more coin that may already be in flight, both
    the change and a full refund stay payable from the hoppers.
    """
    if paid >= due:
        return frozenset()
    every = sorted(denominations)
    totals = [paid] + [paid + value for value in every if paid + value < due]
    return frozenset(value for value in every if all(_payable(t + value, due, levels) for t in totals))


def _payable(total: int, due: int, levels: Mapping[int, int]) -> bool:
    change = max(0, total - due)
    return coins_for(total, levels) is not None and coins_for(change, levels) is not None


def gives_change(due: int, paid: int, enabled: frozenset[int], denominations: Iterable[int]) -> bool:
    """Whether every denomination the devices know is enabled; if not, the screen says つり銭切れ."""
    return paid >= due or enabled >= frozenset(denominations)

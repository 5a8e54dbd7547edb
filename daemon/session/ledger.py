"""Where coins and bills should lie, by the journal: of each denomination start + in − out = end. Pure.

Only entries count, never a counter kept beside them. What a technician counts and the journal did not know
is an entry of its own (``found``), so the equation holds over every span and the difference has a name.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from daemon.session.entries import Entry, Value


@dataclass(frozen=True)
class Row:
    """Pieces of one denomination, hoppers and cash boxes together.

    taken: from citizens; filled: into hoppers by staff; paid: to citizens; collected: out of the cash boxes
    by staff; found: counted more (or less, below 0) than the journal knew.
    """

    start: int = 0
    taken: int = 0
    filled: int = 0
    paid: int = 0
    collected: int = 0
    found: int = 0

    @property
    def end(self) -> int:
        return self.start + self.taken + self.filled - self.paid - self.collected + self.found


class Ledger:
    """``add`` entries in their order. values: hopper → yen of its coins, for those that never paid."""

    def __init__(self, values: Mapping[str, int]) -> None:
        self._values = dict(values)
        self._start: Counter[int] = Counter()
        self._sums: dict[str, Counter[int]] = {}
        self._known: set[str] = set()
        self._begin()
        self.box: Counter[int] = Counter()
        """Pieces in the cash boxes, by value."""
        self.hoppers: Counter[str] = Counter()
        """Coins in the hoppers, by hopper."""

    def add(self, entries: Iterable[Entry]) -> None:
        for entry in entries:
            self._add(entry)

    def rows(self) -> dict[int, Row]:
        """By value; what was there at the beginning of the span is ``start``."""
        values = {*self._start, *(value for sums in self._sums.values() for value in sums)}
        return {
            value: Row(self._start[value], **{name: sums[value] for name, sums in self._sums.items()})
            for value in sorted(values)
        }

    def cut(self) -> None:
        """A new span begins: what is there now is its start."""
        ends = {value: row.end for value, row in self.rows().items()}
        self._start = Counter(ends)
        self._begin()

    def _begin(self) -> None:
        self._sums = {name: Counter() for name in ("taken", "filled", "paid", "collected", "found")}

    def _add(self, entry: Entry) -> None:
        match entry.event:
            case "cash.credited":
                self.box[entry.number("value")] += 1
                self._sums["taken"][entry.number("value")] += 1
            case "payout.intent":
                self._values[entry.text("hopper")] = entry.number("value")
            case "payout.outcome":
                self.hoppers[entry.text("hopper")] -= entry.number("paid")
                self._sums["paid"][entry.number("value")] += entry.number("paid")
            case "cash.baseline":
                self._first_seen(entry.text("hopper"), entry.number("coins"))
            case "cash.filled":
                self.hoppers[entry.text("hopper")] += entry.number("coins")
                self._sums["filled"][entry.number("value")] += entry.number("coins")
            case "cash.counted":
                self._counted(entry)
            case "cash.collected":
                self._collected(entry)

    def _first_seen(self, hopper: str, coins: int) -> None:
        """Later starting points belong to an act of staff, which tells of the coins itself."""
        if hopper not in self._known:
            self._known.add(hopper)
            self.hoppers[hopper] += coins
            self._sums["filled"][self._values.get(hopper, 0)] += coins

    def _counted(self, entry: Entry) -> None:
        hopper = entry.text("hopper")
        self._sums["found"][entry.number("value")] += entry.number("coins") - self.hoppers[hopper]
        self.hoppers[hopper] = entry.number("coins")

    def _collected(self, entry: Entry) -> None:
        counted = pieces(entry.data["coins"])
        for value in {*counted, *self.box}:
            self._sums["collected"][value] += counted[value]
            self._sums["found"][value] += counted[value] - self.box[value]
        self.box.clear()


def pieces(told: Value) -> Counter[int]:
    """Value → number, as an entry holds it."""
    assert isinstance(told, dict)
    return Counter({int(value): int(number) for value, number in told.items()})

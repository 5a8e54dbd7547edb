"""A CashBook in memory, which asserts what it is promised: unique credits, one outcome for each intent.

``die`` is a crash of the whole kiosk: from then on nothing is written any more, as if the power were off.
"""

from collections.abc import Sequence

from hal.contracts import Credit, CreditMark, PayoutIntent, PayoutOutcome
from hal.faults import Fault


class Dead(Exception):
    """The kiosk has crashed; nobody writes any more."""


class MemoryBook:
    """Implements hal.contracts.CashBook. dies_after: so many writes succeed, then the kiosk is dead."""

    def __init__(self) -> None:
        self.marks: dict[str, CreditMark] = {}
        self.credits: dict[tuple[str, int, int], Credit] = {}
        self.notes: list[Fault] = []
        self.baselines: dict[str, tuple[int, int]] = {}
        self.intents: list[PayoutIntent] = []
        self.outcomes: list[PayoutOutcome] = []
        self.open: list[PayoutIntent] = []
        self.bills: list[tuple[str, int]] = []
        self.dead = False
        self.dies_after: int | None = None

    @property
    def credited(self) -> int:
        """Yen."""
        return sum(credit.value for credit in self.credits.values())

    @property
    def paid(self) -> int:
        """Yen, by the outcomes."""
        return sum(outcome.value * outcome.paid for outcome in self.outcomes)

    def restart(self) -> None:
        """The kiosk boots again, with what was on disk."""
        self.dead, self.dies_after = False, None

    async def mark(self, device: str) -> CreditMark | None:
        return self.marks.get(device)

    async def credit(self, mark: CreditMark, credits: Sequence[Credit]) -> Sequence[Credit]:
        self._write()
        known = self.marks.get(mark.device)
        assert known is None or (known.epoch, known.seq) <= (mark.epoch, mark.seq), "a mark goes back"
        new = [c for c in credits if (c.device, c.epoch, c.seq) not in self.credits]
        self.credits.update({(c.device, c.epoch, c.seq): c for c in new})
        self.marks[mark.device] = mark
        self._written()
        return new

    async def note(self, fault: Fault) -> None:
        self._write()
        self.notes.append(fault)

    async def baseline(self, hopper: str, counter: int, loaded: int) -> tuple[int, int]:
        return self.baselines.setdefault(hopper, (counter, loaded))

    async def intend(self, intent: PayoutIntent) -> None:
        self._write()
        assert all(intent.hopper != other.hopper for other in self.open), "an older intent is not settled"
        self.intents.append(intent)
        self.open.append(intent)
        self._written()

    async def settle(self, outcome: PayoutOutcome) -> None:
        self._write()
        which = [i for i in self.open if (i.payout, i.hopper) == (outcome.payout, outcome.hopper)]
        assert len(which) == 1, "an outcome without its intent, or a second one"
        assert which[0].coins == outcome.asked
        self.open.remove(which[0])
        self.outcomes.append(outcome)
        self._written()

    async def unsettled(self) -> Sequence[PayoutIntent]:
        return list(self.open)

    async def bill_held(self, device: str, value: int) -> None:
        self._write()
        self.bills.append((device, value))

    def _write(self) -> None:
        if self.dead:
            raise Dead

    def _written(self) -> None:
        """Dies right after the disk has it: the caller never hears of it."""
        if self.dies_after is not None:
            self.dies_after -= 1
            if self.dies_after <= 0:
                self.dead = True
                raise Dead

"""A cash vendor that does as a test tells it, without any wire. It honours ``hal.contracts`` to the letter:
money is in the book before it is reported, an intent before coins, an outcome after them.
"""

from collections.abc import Mapping

from hal.contracts import CashBook, Credit, CreditMark, HopperStock, Payout, PayoutIntent, PayoutOutcome
from hal.faults import DeviceError, Fault
from tests.session.fakes import for_ever


class FakeVendor:
    """Accepts what is enabled and pays what it holds. It outlives the kiosk: give it another ``book``.

    believed: levels as its counters tell them, where that is wrong. unsure: values whose next payout nobody
    can vouch for. broken: the fault every command fails with. inserted: every coin that ever dropped.
    escrow: the bill that waits, 0 if none.
    """

    virtual = True

    def __init__(self, book: CashBook, levels: Mapping[int, int], denominations: frozenset[int]) -> None:
        self.book = book
        self.coins = dict(levels)
        self.believed: dict[int, int] = {}
        self.denominations = denominations
        self.enabled: frozenset[int] = frozenset()
        self.unsure: set[int] = set()
        self.broken: Fault | None = None
        self.payouts: list[dict[int, int]] = []
        self.inserted: list[int] = []
        self.escrow = 0
        self.fixed = 0
        self._dispensed: dict[tuple[str, str], int] = {}

    run = staticmethod(for_ever)

    @property
    def levels(self) -> Mapping[int, int]:
        return {**self.coins, **self.believed}

    @property
    def held(self) -> int:
        return self.escrow

    async def insert(self, *values: int) -> None:
        """Coins drop, whether or not they are still enabled."""
        for value in values:
            self.inserted.append(value)
            await self._report(len(self.inserted))

    async def replay(self) -> None:
        """What it does when the kiosk connects again: reports every coin it still remembers."""
        for seq in range(1, len(self.inserted) + 1):
            await self._report(seq)

    async def _report(self, seq: int) -> None:
        credit = Credit("acceptor", 0, seq, self.inserted[seq - 1])
        await self.book.credit(CreditMark("acceptor", 0, seq, seq), [credit])

    async def accept(self, values: frozenset[int]) -> None:
        self._check()
        self.enabled = values

    async def fix(self) -> None:
        self._check()
        self.enabled = frozenset()
        self.fixed += 1

    async def hold(self, bill: int) -> None:
        """A bill waits in escrow."""
        self.escrow = bill
        await self.book.bill_held("validator", bill)

    async def decide(self, stack: bool) -> None:
        self._check()
        bill, self.escrow = self.escrow, 0
        if stack:
            await self.insert(bill)

    async def pay_out(self, payout: str, coins: Mapping[int, int]) -> Payout:
        self._check()
        self.payouts.append(dict(coins))
        paid = {value: await self._pay(payout, value, coins[value]) for value in sorted(coins, reverse=True)}
        return Payout(paid, certain=not self.unsure & set(coins))

    async def _pay(self, payout: str, value: int, asked: int) -> int:
        hopper = f"hopper-{value}"
        await self.book.intend(PayoutIntent(payout, hopper, value, asked, 0, 0))
        paid = self._dispensed[payout, hopper] = min(asked, self.coins.get(value, 0))
        self.coins[value] = self.coins.get(value, 0) - paid
        if paid < asked:
            self.believed[value] = 0
        certain = value not in self.unsure
        await self.book.settle(PayoutOutcome(payout, hopper, value, asked, paid, certain))
        return paid

    async def stock(self) -> tuple[HopperStock, ...]:
        self._check()
        return tuple([await self._stock(value) for value in self.coins])

    async def _stock(self, value: int) -> HopperStock:
        hopper = f"hopper-{value}"
        counter = sum(paid for (_, which), paid in self._dispensed.items() if which == hopper)
        before, coins = await self.book.baseline(hopper, counter, self.coins[value])
        return HopperStock(hopper, value, counter, coins - (counter - before))

    async def recover(self) -> None:
        self._check()
        for intent in await self.book.unsettled():
            which, value = (intent.payout, intent.hopper), intent.value
            paid = self._dispensed.get(which, 0)
            await self.book.settle(
                PayoutOutcome(*which, value, intent.coins, paid, certain=value not in self.unsure)
            )

    def _check(self) -> None:
        if self.broken is not None:
            raise DeviceError(self.broken)

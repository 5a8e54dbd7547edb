"""Takes and returns money through the vendor, by the till's arithmetic and the journal's entries.

Whatever happens, a payment ends with nothing owed: what the hoppers cannot pay becomes a recorded claim,
and what nobody can know opens a case that locks cash until a technician has said what is true.
"""

import logging
from dataclasses import dataclass

from daemon.session.book import JournalBook
from daemon.session.cases import case_record, claim_number
from daemon.session.entries import Record, Value
from daemon.session.journal import Journal
from daemon.session.till import Balance, acceptable, balance, can_complete, most_of, same_first
from hal.contracts import CashVendor, Payout
from hal.faults import CASH_SUSPECT, DeviceError

log = logging.getLogger(__name__)

ROUNDS = 4


@dataclass(frozen=True)
class Returned:
    """Yen that went into the tray, and yen that is owed on the claim of this number (0, "" if none)."""

    paid: int
    claimed: int = 0
    claim: str = ""


class Cashier:
    """vendor: the cash device. One payment at a time: ``book.payment``."""

    def __init__(self, vendor: CashVendor, book: JournalBook, journal: Journal) -> None:
        self._vendor = vendor
        self._book = book
        self._journal = journal

    @property
    def payment(self) -> str:
        """Whose money comes and goes now: the last session that opened a payment."""
        return self._book.payment

    async def balance(self) -> Balance:
        """Of the current payment, folded from the journal."""
        return balance(await self._journal.session(self._book.payment))

    def can_take(self, due: int) -> bool:
        """Whether this amount can be paid here with coins that can all be given back."""
        return can_complete(due, self._vendor.denominations, self._vendor.levels)

    async def open(self, payment: str, unit: int, copies: int) -> None:
        """From now on money belongs to this payment. Nothing can be inserted before ``invite``.

        What the payment before is still owed was somebody else's coin: it becomes a claim, never credit.
        """
        owed = (await self.balance()).owed
        if owed > 0:
            await self.claim(owed, "late-coin")
        self._book.payment = payment
        await self._journal.write("payment.opened", payment, due=unit * copies, unit=unit, copies=copies)

    async def invite(self) -> tuple[Balance, bool]:
        """Enables what may be taken now: (balance, whether only exact money is safe)."""
        now = await self.balance()
        known = self._vendor.denominations
        enabled = acceptable(now.due, now.credited, known, self._vendor.levels)
        await self._vendor.accept(enabled)
        return now, not now.funded and enabled != known

    async def fix(self) -> Balance:
        """FixDeposit: after this no coin of this payment is in flight any more.

        A vendor that is away cannot take coins either; one that it still reports later is a stray.
        """
        try:
            await self._vendor.fix()
        except DeviceError as error:
            log.warning("payment %s is fixed without the vendor: %s", self._book.payment, error)
        now = await self.balance()
        await self._journal.write("payment.fixed", self._book.payment, paid=now.credited)
        return now

    async def decide(self, value: int) -> None:
        """A bill waits in escrow: it is stacked if it may be taken now, else it goes back."""
        now = await self.balance()
        enabled = acceptable(now.due, now.credited, self._vendor.denominations, self._vendor.levels)
        try:
            await self._vendor.decide(value in enabled)
        except DeviceError as error:
            log.warning("a bill of %d yen waits in escrow: %s", value, error)

    async def give_back(self) -> Returned:
        """Pays out everything that is owed: change, or a refund. The rest becomes a claim."""
        paid = 0
        for _ in range(ROUNDS):
            payout = await self._pay_once()
            paid += payout.total if payout else 0
            if payout is None or not payout.certain:
                break
        owed = (await self.balance()).owed
        if owed <= 0:
            return Returned(paid)
        return Returned(paid, owed, await self.claim(owed, "not-paid-out"))

    async def claim(self, yen: int, reason: str) -> str:
        """Records that the kiosk owes this amount; returns the number staff will ask for."""
        entry = await self._journal.write("claim.recorded", self._book.payment, yen=yen, reason=reason)
        return claim_number(entry)

    async def _pay_once(self) -> Payout | None:
        """One payout towards what is owed; None: nothing is owed, or nothing could be asked of a hopper."""
        entries = await self._journal.session(self._book.payment)
        owed = balance(entries).owed
        inserted = [e.number("value") for e in entries if e.event == "cash.credited"]
        levels = self._vendor.levels
        coins = same_first(owed, inserted, levels) or most_of(owed, levels)[0]
        if owed <= 0 or not coins:
            return None
        payout = f"{self._book.payment}.{entries[-1].seq}"
        try:
            result = await self._vendor.pay_out(payout, coins)
        except DeviceError as error:
            log.warning("payout %s was not begun: %s", payout, error)
            return None
        await self._record(payout, result)
        return result

    async def _record(self, payout: str, result: Payout) -> None:
        session = self._book.payment
        done: dict[str, Value] = {"payout": payout, "yen": result.total, "certain": result.certain}
        records = [Record("payout.done", session, done)]
        if not result.certain:
            log.error("payout %s: %s, a technician must count", payout, CASH_SUSPECT)
            records.append(case_record("payout-unsure", payout, session, CASH_SUSPECT))
        await self._journal.write_all(records)

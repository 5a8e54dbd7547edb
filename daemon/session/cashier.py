"""Takes and returns money through the vendor, by the till's arithmetic and the journal's entries.

Whatever happens, a payment ends with nothing owed: what the hoppers cannot pay becomes a recorded claim,
and what nobody can know opens a case that locks cash until a technician has said what is true.
"""

import logging
from dataclasses import dataclass

from daemon.session.book import JournalBook
from daemon.session.journal import Journal
from daemon.session.till import Balance, acceptable, balance, most_of, same_first
from hal.contracts import CashVendor
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
        """Whether at least one denomination could be enabled for this amount."""
        return bool(acceptable(due, 0, self._vendor.denominations, self._vendor.levels))

    async def open(self, payment: str, unit: int, copies: int) -> None:
        """From now on money belongs to this payment. Nothing can be inserted before ``invite``."""
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

    async def give_back(self) -> Returned:
        """Pays out everything that is owed: change, or a refund. The rest becomes a claim."""
        paid = 0
        for _ in range(ROUNDS):
            step = await self._pay_once()
            if step == 0:
                break
            paid += step
        owed = (await self.balance()).owed
        if owed <= 0:
            return Returned(paid)
        return Returned(paid, owed, await self.claim(owed, "not-paid-out"))

    async def claim(self, yen: int, reason: str) -> str:
        """Records that the kiosk owes this amount; returns the number staff will ask for."""
        number = f"{self._journal.next_seq:06d}"
        await self._journal.write("claim.recorded", self._book.payment, number=number, yen=yen, reason=reason)
        return number

    async def _pay_once(self) -> int:
        entries = await self._journal.session(self._book.payment)
        owed = balance(entries).owed
        if owed <= 0:
            return 0
        inserted = [e.number("value") for e in entries if e.event == "cash.credited"]
        levels = self._vendor.levels
        coins = same_first(owed, inserted, levels) or most_of(owed, levels)[0]
        if not coins:
            return 0
        payout = f"{self._book.payment}.{self._journal.next_seq}"
        try:
            result = await self._vendor.pay_out(payout, coins)
        except DeviceError as error:
            log.warning("payout %s was not begun: %s", payout, error)
            return 0
        await self._journal.write(
            "payout.done", self._book.payment, payout=payout, yen=result.total, certain=result.certain
        )
        if not result.certain:
            await self._journal.write("case.opened", self._book.payment, case=payout, kind="payout-unsure")
            log.error("payout %s: %s, a technician must count", payout, CASH_SUSPECT)
            return 0
        return result.total

"""Takes and returns money through the vendor, by the till's arithmetic and the journal's entries.

Whatever happens, a payment ends with nothing owed: what the hoppers cannot pay becomes a recorded claim,
and what nobody can know opens a case that locks cash until a technician has said what is true.
"""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from daemon.session.book import JournalBook
from daemon.session.cases import case_record, claim_number
from daemon.session.entries import Record, Value
from daemon.session.journal import Journal
from daemon.session.till import (
    Balance,
    acceptable,
    balance,
    bill_fate,
    can_complete,
    most_of,
    same_first,
)
from hal.contracts import CashVendor, Payout
from hal.faults import CASH_SUSPECT, DeviceError

log = logging.getLogger(__name__)

ROUNDS = 4
LARGEST = 1000
"""Yen. Larger bills are never invited: no hopper could give them back."""
WASHING_TIMES = 3
WASHING_WINDOW = timedelta(minutes=10)


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
        return not self._vendor.held and can_complete(due, self._known, self._vendor.levels)

    @property
    def _known(self) -> frozenset[int]:
        return frozenset(value for value in self._vendor.denominations if value <= LARGEST)

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
        paid = now.credited + self._vendor.held
        enabled = acceptable(now.due, paid, self._known, self._vendor.levels)
        await self._vendor.accept(enabled)
        return now, paid < now.due and enabled != self._known

    async def settle_escrow(self) -> int:
        """Decides about the bill in escrow, if there is one; yen that go on waiting there."""
        value = self._vendor.held
        if not value:
            return 0
        now = await self.balance()
        wanted = value in self._known
        fate = bill_fate(value, now.due, now.credited, self._vendor.levels) if wanted else "return"
        if fate == "hold":
            return value
        try:
            await self._vendor.decide(fate == "stack")
        except DeviceError as error:
            log.warning("a bill of %d yen waits in escrow: %s", value, error)
        return 0

    async def return_bill(self) -> None:
        """Gives back what waits in escrow. A bill that stays inside is a case: it is nobody's credit."""
        value = self._vendor.held
        if not value:
            return
        try:
            await self._vendor.decide(stack=False)
        except DeviceError as error:
            log.error("a bill of %d yen is not given back: %s", value, error)
            case = case_record("bill-unsure", self.payment, self.payment, CASH_SUSPECT)
            await self._journal.write_all([case])

    async def fix(self) -> Balance:
        """FixDeposit: after this no money of this payment is in flight or in escrow any more.

        A vendor that is away cannot take coins either; one that it still reports later is a stray.
        """
        try:
            await self._vendor.fix()
        except DeviceError as error:
            log.warning("payment %s is fixed without the vendor: %s", self._book.payment, error)
        await self.return_bill()
        now = await self.balance()
        await self._journal.write("payment.fixed", self._book.payment, paid=now.credited)
        return now

    async def cancel(self, by_citizen: bool) -> None:
        """The payment is given up: nothing more can drop, and what waits in escrow goes back.

        Three in ten minutes that citizens gave up with money in are coin washing: a case closes the kiosk.
        """
        paid = (await self.balance()).credited + self._vendor.held
        cancelled = await self._journal.write(
            "payment.cancelled", self.payment, paid=paid, citizen=by_citizen
        )
        await self.fix()
        if by_citizen and paid and await self._washes(cancelled.at):
            case = case_record("coin-washing", self.payment, self.payment)
            await self._journal.write_all([case])

    async def _washes(self, now: datetime) -> bool:
        """Those before the last alarm have had theirs."""
        alarm = await self._journal.last("case.opened", "kind", "coin-washing")
        since = await self._journal.since(now - WASHING_WINDOW, "payment.cancelled")
        new = [entry for entry in since if alarm is None or entry.seq > alarm.seq]
        return sum(bool(e.data.get("citizen") and e.data.get("paid")) for e in new) >= WASHING_TIMES

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

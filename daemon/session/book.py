"""The cash driver's book, kept in the journal: marks, credits, payout intents and outcomes.

Money is attributed to ``payment``, which stays the last session's until the next one opens its own: a coin
that drops after the end still belongs to the citizen who dropped it, and is paid back, never passed on.
"""

from collections.abc import Sequence

from daemon.session.cases import case_record
from daemon.session.entries import Entry, Record, Value
from daemon.session.journal import Journal
from hal.contracts import Credit, CreditMark, PayoutIntent, PayoutOutcome
from hal.faults import CASH_EVENTS_LOST, Fault


class JournalBook:
    """Implements hal.contracts.CashBook. payment: whose money comes and goes now."""

    def __init__(self, journal: Journal, payment: str) -> None:
        self._journal = journal
        self.payment = payment

    async def resume(self) -> None:
        """After a start: money still belongs to the newest payment there was."""
        opened = await self._journal.events("payment.opened")
        if opened:
            self.payment = opened[-1].session

    async def mark(self, device: str) -> CreditMark | None:
        entry = await self._journal.last("cash.marked", "device", device)
        if entry is None:
            return None
        return CreditMark(device, entry.number("epoch"), entry.number("last"), entry.number("seq"))

    async def credit(self, mark: CreditMark, credits: Sequence[Credit]) -> Sequence[Credit]:
        records = [self._credited(credit) for credit in credits]
        marked: dict[str, Value] = {
            "device": mark.device,
            "epoch": mark.epoch,
            "last": mark.last,
            "seq": mark.seq,
        }
        written = await self._journal.write_all([*records, Record("cash.marked", self.payment, marked)])
        new = {(e.number("epoch"), e.number("number")) for e in written if e.event == "cash.credited"}
        return [credit for credit in credits if (credit.epoch, credit.seq) in new]

    def _credited(self, credit: Credit) -> Record:
        key = f"credit:{credit.device}:{credit.epoch}:{credit.seq}"
        data: dict[str, Value] = {
            "device": credit.device,
            "epoch": credit.epoch,
            "number": credit.seq,
            "value": credit.value,
        }
        return Record("cash.credited", self.payment, data, key)

    async def note(self, fault: Fault) -> None:
        """Events that were lost make this payment a doubt, which staff have to settle."""
        noted: dict[str, Value] = {"code": fault.code, "detail": fault.detail}
        records = [Record("cash.noted", self.payment, noted)]
        if fault.code == CASH_EVENTS_LOST:
            records.append(case_record("money-doubt", self.payment, self.payment, fault.code))
        await self._journal.write_all(records)

    async def baseline(self, hopper: str, counter: int, loaded: int) -> tuple[int, int]:
        entry = await self._journal.last("cash.baseline", "hopper", hopper)
        if entry is None:
            entry = await self._journal.write("cash.baseline", hopper=hopper, counter=counter, coins=loaded)
        return entry.number("counter"), entry.number("coins")

    async def intend(self, intent: PayoutIntent) -> None:
        await self._journal.write(
            "payout.intent",
            self.payment,
            payout=intent.payout,
            hopper=intent.hopper,
            value=intent.value,
            coins=intent.coins,
            counter=intent.counter,
            events=intent.events,
        )

    async def settle(self, outcome: PayoutOutcome) -> None:
        """The outcome goes to the payment whose intent it answers, also after a crash, and only once."""
        intent = await self._journal.last("payout.intent", "payout", outcome.payout)
        session = intent.session if intent else self.payment
        data: dict[str, Value] = {
            "payout": outcome.payout,
            "hopper": outcome.hopper,
            "value": outcome.value,
            "asked": outcome.asked,
            "paid": outcome.paid,
            "certain": outcome.certain,
        }
        key = f"outcome:{intent.seq}" if intent else None
        await self._journal.write_all([Record("payout.outcome", session, data, key)])

    async def unsettled(self) -> Sequence[PayoutIntent]:
        entries = await self._journal.events("payout.intent", "payout.outcome")
        open_intents: dict[tuple[str, str], PayoutIntent] = {}
        for entry in entries:
            which = (entry.text("payout"), entry.text("hopper"))
            if entry.event == "payout.intent":
                open_intents[which] = _intent(entry)
            else:
                open_intents.pop(which, None)
        return list(open_intents.values())

    async def bill_held(self, device: str, value: int) -> None:
        await self._journal.write("bill.held", self.payment, device=device, value=value)


def _intent(entry: Entry) -> PayoutIntent:
    return PayoutIntent(
        payout=entry.text("payout"),
        hopper=entry.text("hopper"),
        value=entry.number("value"),
        coins=entry.number("coins"),
        counter=entry.number("counter"),
        events=entry.number("events"),
    )

"""Devices that do as a test tells them, without any wire: for tests of what stands above them.

The rule they keep: they honour the contracts of ``hal.contracts`` to the letter (money is in the book before
it is reported, an intent before coins, an outcome after them) and hold no logic of their own beyond that.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field

from daemon.issuance.messages import (
    CenterDown,
    CenterStatus,
    Challenge,
    CopyOutcome,
    Entitlement,
    OrderRequest,
    Reason,
    Refusal,
    Refused,
    SealedOrder,
)
from hal.contracts import (
    CardReading,
    CashBook,
    Credit,
    CreditMark,
    Emit,
    JobState,
    JobStatus,
    Lamp,
    Line,
    Payout,
    PayoutIntent,
    PayoutOutcome,
    PinUnsure,
    PrintJob,
    Signed,
    WrongPin,
)
from hal.faults import PRINTER_UNREACHABLE, RECEIPT_PAPER_OUT, DeviceError, Fault


async def for_ever(emit: Emit) -> None:
    """A pump with nothing to report."""
    await asyncio.get_running_loop().create_future()


class FakeVendor:
    """Accepts what is enabled and pays what it holds. It outlives the kiosk: give it another ``book``.

    believed: levels as its counters tell them, where that is wrong. unsure: values whose next payout nobody
    can vouch for. broken: the fault every command fails with. inserted: every coin that ever dropped.
    escrow: the bill that waits, 0 if none.
    """

    virtual = True

    def __init__(self, book: CashBook, levels: Mapping[int, int], denominations: frozenset[int]) -> None:
        self.book = book
        self.held = dict(levels)
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
        return {**self.held, **self.believed}

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
        paid = self._dispensed[payout, hopper] = min(asked, self.held.get(value, 0))
        self.held[value] = self.held.get(value, 0) - paid
        if paid < asked:
            self.believed[value] = 0
        certain = value not in self.unsure
        await self.book.settle(PayoutOutcome(payout, hopper, value, asked, paid, certain))
        return paid

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


class FakePrinter:
    """Ends each job as ``ends`` says, in order; without a word: completed.

    progress: what every job goes through before, a second each. fails: methods that find no printer.
    cleared: how often all jobs were cancelled.
    """

    virtual = True

    def __init__(self, *ends: JobStatus) -> None:
        self.ends = list(ends)
        self.progress = [JobStatus(JobState.PRINTING, 0)]
        self.fails: set[str] = set()
        self.cleared = 0
        self.faults: tuple[Fault, ...] = ()
        self.names: list[str] = []
        self.documents: list[bytes] = []
        self.canceled: list[PrintJob] = []

    run = staticmethod(for_ever)

    async def check(self, sheets: int) -> tuple[Fault, ...]:
        return self.faults

    async def create(self, name: str) -> PrintJob:
        self._reach("create")
        self.names.append(name)
        return PrintJob("urn:uuid:fake", len(self.names), 1)

    async def send(self, job: PrintJob, document: bytes) -> None:
        self._reach("send")
        self.documents.append(document)

    async def follow(self, job: PrintJob) -> AsyncIterator[JobStatus]:
        for status in self.progress:
            await asyncio.sleep(1)
            yield status
        self._reach("follow")
        yield self._end()

    async def cancel(self, job: PrintJob) -> JobStatus:
        self._reach("cancel")
        self.canceled.append(job)
        return self._end()

    async def cancel_all(self) -> None:
        self._reach("cancel_all")
        self.cleared += 1

    def _reach(self, method: str) -> None:
        if method in self.fails:
            raise DeviceError(Fault(PRINTER_UNREACHABLE, "document", method))

    def _end(self) -> JobStatus:
        return self.ends.pop(0) if self.ends else JobStatus(JobState.COMPLETED, 1)


class FakeReader:
    """Reads ``reading`` and answers PINs with ``answers`` in order."""

    virtual = True

    def __init__(
        self, reading: CardReading, *answers: Signed | WrongPin | PinUnsure, present: bool = False
    ) -> None:
        self.reading = reading
        self.answers = list(answers)
        self.card_present: bool | None = present

    run = staticmethod(for_ever)

    async def read(self) -> CardReading:
        return self.reading

    async def authenticate(
        self, certificate: bytes, pin: bytearray, digest: bytes
    ) -> Signed | WrongPin | PinUnsure:
        pin[:] = bytes(len(pin))
        return self.answers.pop(0)


class FakeReceipt:
    """Keeps what it printed. empty: it has no paper."""

    virtual = True

    def __init__(self) -> None:
        self.printed: list[tuple[Line, ...]] = []
        self.empty = False

    run = staticmethod(for_ever)

    async def print(self, lines: Sequence[Line]) -> None:
        if self.empty:
            raise DeviceError(Fault(RECEIPT_PAPER_OUT, "receipt"))
        self.printed.append(tuple(lines))


@dataclass
class FakeCabinet:
    """lamps: those that are lit."""

    has_tray_sensor: bool = True
    paper_in_tray: bool | None = False
    virtual: bool = True
    lamps: set[Lamp] = field(default_factory=set)

    run = staticmethod(for_ever)

    def lamp(self, name: Lamp, on: bool) -> None:
        (self.lamps.add if on else self.lamps.discard)(name)


class FakeLine:
    """A center that is away, or whose answers a test has put in place.

    told: ends of orders it was told. unknown: orders it has never heard of.
    """

    def __init__(self, entitlement: Entitlement | None = None) -> None:
        self.entitlement = entitlement
        self.down = entitlement is None
        self.told: dict[str, dict[str, CopyOutcome]] = {}
        self.unknown: set[str] = set()

    async def status(self) -> CenterStatus:
        raise CenterDown("the fake center")

    async def precheck(self, serial: str) -> None:
        self._check()

    async def challenge(self, session: str) -> Challenge:
        raise CenterDown("the fake center")

    async def authenticate(
        self, session: str, nonce: bytes, certificate: bytes, signature: bytes
    ) -> Entitlement:
        return self._check()

    async def order(self, request: OrderRequest) -> SealedOrder:
        raise CenterDown("the fake center")

    async def cancel(self, order: str) -> None:
        await self.close(order, {})

    async def close(self, order: str, outcomes: dict[str, CopyOutcome]) -> None:
        if self.down:
            raise CenterDown("the fake center")
        if order in self.unknown:
            raise Refused(Refusal(Reason.BAD_REQUEST))
        self.told[order] = outcomes

    def _check(self) -> Entitlement:
        if self.down or self.entitlement is None:
            raise CenterDown("the fake center")
        return self.entitlement

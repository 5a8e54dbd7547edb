"""A till on its own: the real cashier, journal and cash driver over a virtual vendor, and no kiosk around it.

Between driver and devices lie real frames with real checksums, but no bytes are waited for: a question is
answered at once, and only silence takes time. So thousands of payments fit into a test. The process can be
killed at any entry of its journal, before or right after it is on disk, and at any other moment.
"""

import asyncio
import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from typing import TypeVar

import pytest

from daemon.session.book import JournalBook
from daemon.session.cashier import Cashier
from daemon.session.entries import Entry, Record
from daemon.session.journal import Journal
from daemon.session.ledger import Ledger
from daemon.session.settlement import finish, record, unfinished
from drivers.cash import cctalk
from drivers.cash.bus import Bus, Silent
from drivers.cash.cctalk import Decoder, Frame
from drivers.cash.hopper import HopperSettings
from drivers.cash.vendor import CctalkSettings, CctalkVendor
from drivers.cash.virtual import VirtualBus
from drivers.ports import Port, PortLost, memory_pair
from hal.events import Event
from hal.faults import CASH_ACCEPTOR_RESET, CASH_EVENTS_LOST, CASH_SUSPECT, DeviceError
from tests.session.stage import FIELDS, NOON, Inline

T = TypeVar("T")

TUBES = {3: (10, 60), 4: (50, 40), 5: (100, 60), 6: (500, 20)}
TRIES = 3
SILENCE_SECONDS = 0.3
A_MOMENT = 0.45
"""Two polls."""
CALM_SECONDS = 4.0
"""A line that was lost is open again, and every device on it."""
UNCOUNTED = frozenset({CASH_ACCEPTOR_RESET, CASH_EVENTS_LOST, CASH_SUSPECT})
"""What is noted when money may lie in the boxes that no entry credits."""


class Dead(Exception):
    """The process was killed; nothing of it goes on."""


class Process:
    """A life of the daemon. cut: its cable is. dies_in: entries from now; before: the last is lost."""

    def __init__(self) -> None:
        self.dead = False
        self.cut = False
        self.dies_in: int | None = None
        self.before = False


class MortalJournal(Journal):
    """The real one, on the loop's own thread, that ends with its process."""

    process: Process

    async def write_all(self, records: Sequence[Record]) -> list[Entry]:
        life = self.process
        if life.dies_in is not None:
            life.dies_in -= 1
        dies = life.dies_in is not None and life.dies_in <= 0
        life.dead = life.dead or (dies and life.before)
        if life.dead:
            raise Dead
        entries = await super().write_all(records)
        life.dead = dies
        if dies:
            raise Dead
        return entries

    async def _run(self, work: Callable[[], T]) -> T:
        return work()


class NearBus(VirtualBus):
    """Devices that can be asked directly. swallowed: yen that a reset took from what they had to tell."""

    swallowed = 0
    was_reset = False
    bills_told = 0
    """Bills that were credited, or whose stacking a reset swallowed."""

    def power_cycle(self, *addresses: int) -> None:
        self.was_reset = True
        if not addresses or 2 in addresses:
            self.swallowed += self.acceptor.in_flight
        if not addresses or 40 in addresses:
            untold = self.money.cashbox.count(1000) - self.bills_told
            self.swallowed += 1000 * untold
            self.bills_told += untold
        super().power_cycle(*addresses)

    def answer(self, request: Frame) -> bytes:
        disturbance = self._disturbance(request)
        return self._answer(request, disturbance.kind if disturbance else None)


class DirectWire(Bus):
    """As the real one, but an answer is there at once."""

    far: NearBus
    process: Process

    async def ask(self, address: int, header: int, data: bytes = b"", *, tries: int = TRIES) -> Frame:
        request = Frame(address, cctalk.HOST, header, data)
        for _ in range(1 if header == cctalk.DISPENSE else tries):
            if self._port is None or self.process.dead or self.process.cut:
                raise PortLost("cut")
            (frame, *_), self.heard = self._decoded(request), asyncio.get_running_loop().time()
            if isinstance(frame, Frame):
                return frame
            await asyncio.sleep(SILENCE_SECONDS)
        raise Silent(f"device {address}")

    def _decoded(self, request: Frame) -> list[object]:
        return [*Decoder(False).feed(self.far.answer(request)), None]


@contextmanager
def direct_wires(patch: pytest.MonkeyPatch) -> Iterator[None]:
    """Within it every driver has a direct wire."""
    with patch.context() as patched:
        patched.setattr("drivers.cash.vendor.Bus", DirectWire)
        yield


class World:
    """One vendor for ever, one journal for ever, and one process after another.

    Entries of money are watched as they are written: credited, paid, and what was noted. ill: something has
    gone wrong since it last was calm. told, untold: swallowed money that an entry tells of, or none.
    """

    def __init__(self, chance: random.Random) -> None:
        self.chance = chance
        speed = chance.choice([0.0, 3.0])
        clock = asyncio.get_running_loop().time
        self.bills = chance.random() < 0.5
        self.bus = NearBus(TUBES, validator=self.bills, coins_per_second=speed, clock=clock)
        self.process = Process()
        self.credited = self.paid = self.uncounted = self.boots = self.told = self.untold = 0
        self.kept = self.claimed = self.unit = 0
        self._before = (0, 0, 0, 0, 0)
        self._forgotten = 0
        self.seen: set[tuple[object, ...]] = set()
        self.noted: set[str] = set()
        self.cases: set[str] = set()
        self.unsure = self.ill = False
        self._pump: asyncio.Task[None] | None = None

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        begun = loop.time()
        kept = MortalJournal(
            ":memory:", FIELDS, lambda: NOON + timedelta(seconds=loop.time() - begun), "boot-0", Inline()
        )
        kept.process = self.process
        self.journal: Journal = kept
        await kept.open()
        kept.observe(self._watch)
        await self.boot()

    def _watch(self, entry: Entry) -> None:
        match entry.event:
            case "cash.credited":
                number = tuple(entry.data[name] for name in ("device", "epoch", "number"))
                assert number not in self.seen, "credited twice"
                self.seen.add(number)
                self.credited += entry.number("value")
                self.bus.bills_told += entry.number("value") == 1000
            case "payout.outcome":
                self.paid += entry.number("value") * entry.number("paid")
                self.unsure = self.unsure or not entry.data["certain"]
            case "cash.noted":
                self.noted.add(entry.text("code"))
            case "payment.opened":
                self.unit = entry.number("unit")
            case "print.started":
                self.kept += self.unit
            case "print.failed":
                self.kept -= self.unit
            case "claim.recorded":
                self.claimed += entry.number("yen")
            case "case.opened":
                self.cases.add(entry.text("kind"))

    # ------------------------------------------------------------ the process

    async def boot(self) -> None:
        """A start: the driver connects, and what the last process left is settled as the host does it."""
        self.boots += 1
        self.process.dead, self.process.dies_in = False, None
        book = JournalBook(self.journal, f"stray-{self.boots}")
        await book.resume()
        hoppers = tuple(HopperSettings(address, value, coins) for address, (value, coins) in TUBES.items())
        settings = CctalkSettings("direct", hoppers, validator=40 if self.bills else None)
        self.vendor = CctalkVendor(settings, book, _opener)
        wire = self.vendor._bus
        assert isinstance(wire, DirectWire)
        wire.far, wire.process = self.bus, self.process
        self.book, self.cashier = book, Cashier(self.vendor, book, self.journal)
        self._pump = asyncio.create_task(self.vendor.run(_ignore))

    async def settle(self) -> None:
        """As ``Host._settle``: hoppers first, then every session that did not end."""
        while await self.book.unsettled():
            with suppress(DeviceError):
                await self.vendor.recover()
            await asyncio.sleep(1)
        for finding in await unfinished(self.journal, "boot-now"):
            await record(self.journal, finding)
            self.book.payment = finding.session
            owed = (await self.cashier.balance()).owed
            if owed > 0 and self.chance.random() < 0.5:
                await self.cashier.give_back()
            elif owed > 0:
                await self.cashier.claim(owed, "power-loss")
            await finish(self.journal, finding)

    async def kill(self) -> None:
        """Nothing of the process runs on."""
        self.process.dead = True
        others = asyncio.all_tasks() - {asyncio.current_task()}
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    async def close(self) -> None:
        await self.kill()
        await self.journal.close()

    # ------------------------------------------------------------ what must be true

    async def calm(self) -> None:
        """The line is good, nothing is in flight, strays have gone back: now it must add up."""
        self.bus.mend()
        self.process.cut, self.process.dies_in = False, None
        for hopper in self.bus.hoppers.values():
            hopper.miscount(on=False)
        seconds = CALM_SECONDS if self.ill or self.bus.acceptor.in_flight else A_MOMENT
        self.ill = False
        await asyncio.sleep(seconds)
        if self.vendor.held:
            await self.cashier.return_bill()
            await asyncio.sleep(seconds)
        if (await self.cashier.balance()).owed > 0:
            await self.cashier.give_back()

    async def check(self) -> None:
        """Conserved; nothing credited or paid twice; every difference has its entry."""
        assert self.bus.conserved
        assert (await self.cashier.balance()).owed == 0
        self._check_credits()
        self._check_payouts()
        self._check_citizen()

    def _check_credits(self) -> None:
        """Money in the boxes that no entry credits has one cause, a reset, and a word of it.

        Without a word stays only what the device itself cannot know: its counter stood at 0, or new events
        hid that it had been there.
        """
        missing = sum(self.bus.money.cashbox) - self.credited
        more, self.uncounted = missing - self.uncounted, missing
        noted, swallowed = self.noted & UNCOUNTED, self.bus.swallowed
        self.noted, self.bus.swallowed = set(), 0
        assert missing >= 0, "credited more than there is"
        assert more >= 0
        assert more <= swallowed or noted, "money in the boxes without a word"
        self.told += bool(more and noted)
        self.untold += bool(more and not noted)

    def _check_payouts(self) -> None:
        fell = sum(hopper.value * hopper.dispensed for hopper in self.bus.hoppers.values())
        assert fell == self.paid or self.unsure, "coins fell that no outcome tells of"
        assert fell >= self.paid or self.unsure

    def _check_citizen(self) -> None:
        """By hand and eye: who put money in got back what is not kept for paper, claimed, or swallowed.

        The till's own arithmetic has no part in it. Where nobody can know what a hopper paid, the claim is
        of what its outcome says, and a case stands for the difference.
        """
        fell = sum(hopper.value * hopper.dispensed for hopper in self.bus.hoppers.values())
        unknown = fell - self.paid
        gone = self.bus.money.inserted - self.bus.money.given_back - self._forgotten_bill()
        now = (gone, self.kept, self.claimed, self.uncounted, unknown)
        gone, kept, claimed, swallowed, unknown = (a - b for a, b in zip(now, self._before, strict=True))
        self._before = now
        assert gone == kept + claimed + swallowed - unknown
        assert not unknown or "payout-unsure" in self.cases

    def _forgotten_bill(self) -> int:
        """Yen in escrow although all is calm.

        Only after a reset that its events hide: as many new ones as there were before. It goes back as soon
        as the line is opened anew, and until then nobody's payment has it.
        """
        escrow = self.bus.validator.held if self.bus.validator else 0
        assert escrow in (0, self._forgotten) or self.bus.was_reset
        self._forgotten, self.bus.was_reset = escrow, False
        return escrow

    async def check_ledger(self) -> None:
        """Of each denomination start + in − out = end, and the end is what lies there."""
        entries = await self.journal.events(*self.journal.known_events)
        stock = await self.vendor.stock()
        ledger = Ledger({hopper.hopper: hopper.value for hopper in stock})
        ledger.add(entries)
        if not self.unsure:
            there = {hopper.value: hopper.coins for hopper in self.bus.hoppers.values()}
            assert {hopper.value: ledger.hoppers[hopper.hopper] for hopper in stock} == there
        boxes = Counter(self.bus.money.cashbox)
        assert sum(value * number for value, number in (boxes - ledger.box).items()) == self.uncounted
        assert not ledger.box - boxes


async def _opener(_: str) -> Port:
    return memory_pair()[0]


def _ignore(_: Event) -> None: ...

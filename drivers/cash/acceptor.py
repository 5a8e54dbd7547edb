"""The coin acceptor: what it may take, what it took, and what is wrong with it.

The rule it keeps: the device forgets (RAM masks, power cuts), so what is wanted lives here and is written
again after every reset, re-connection and doubt. In trouble nothing is accepted until the device's own
self-check is clean; earlier credits stay untouched.
"""

import asyncio
import logging
from collections import deque
from collections.abc import Mapping

from drivers.cash import cctalk
from drivers.cash.bus import Bus
from drivers.cash.coin_events import SWALLOWED, Meaning
from drivers.cash.credit import Result
from drivers.cash.denominations import read_coins
from drivers.cash.identity import Identity, identify
from drivers.cash.inhibits import Inhibits
from drivers.cash.payloads import parse_byte
from drivers.cash.sorter import Sorter
from drivers.cash.stream import EventStream, News
from hal.contracts import CashBook, Emit
from hal.events import CashCredited, CashRejected, CashReturnPressed
from hal.faults import (
    CASH_ACCEPTOR_BLOCKED,
    CASH_COIN_SWALLOWED,
    CASH_EVENTS_LOST,
    CASH_FRAUD,
    CASH_IDENTITY_CHANGED,
    CASH_LINK_LOST,
    CASH_SUSPECT,
    DeviceError,
    Fault,
)

log = logging.getLogger(__name__)

CATEGORY = "Coin Acceptor"
GAP_SECONDS = 1.0
INCIDENTS = 3
INCIDENT_SECONDS = 600.0


class Acceptor:
    """``open`` it after every (re-)connection, then ``poll`` it every 200 ms.

    wanted: the values it shall take; ``apply`` after a change. trouble: why it takes nothing at all.
    paths: where its sorter shall send coins, by value; others go where the device itself sends them.
    """

    def __init__(self, address: int, bus: Bus, book: CashBook, emit: Emit) -> None:
        self._address = address
        self._bus = bus
        self._book = book
        self._emit = emit
        self._stream = EventStream(bus, book, address, cctalk.READ_CREDITS, self._worth)
        self._inhibits = Inhibits(bus, address, size=2)
        self._sorter = Sorter(bus, address)
        self._values: dict[int, int] = {}
        self._incidents: deque[float] = deque(maxlen=INCIDENTS)
        self._lost_events = False
        self._polled: float | None = None
        self._turn = asyncio.Lock()
        self._applying = asyncio.Lock()
        self.wanted: frozenset[int] = frozenset()
        self.paths: Mapping[int, int] = {}
        self.identity: Identity | None = None
        self.trouble: Fault | None = None

    @property
    def denominations(self) -> frozenset[int]:
        return frozenset(self._values.values())

    async def open(self) -> None:
        """Identifies the device and brings it to what is wanted. Raises DeviceError, and as ``poll``."""
        identity = await identify(self._bus, self._address)
        if identity.category != CATEGORY or self.identity not in (None, identity):
            was = self.identity.key if self.identity else CATEGORY
            text = (
                f"device {self._address} is {identity.key}, not {was}; put it back, or restart to accept it"
            )
            raise DeviceError(Fault(CASH_IDENTITY_CHANGED, "cash", text))
        known = self.identity is not None
        if not known:
            self._values = await read_coins(self._bus, self._address)
        async with self._turn:
            await self._stream.open(identity.key)
            self._polled = None
            self.identity = identity
        self._sorter.forgotten()
        counter, before = await self.poll(), None
        while not known and counter != before:  # a coin in between would belong to neither side
            before = counter
            await self._compare_from_here()
            counter = await self.poll()
        await self.apply()

    async def apply(self) -> None:
        """Brings the device to ``wanted``. Raises bus.Silent, bus.Refused, PortLost."""
        async with self._applying:  # two writers at once could leave half of each
            paths = {kind: self.paths[value] for kind, value in self._values.items() if value in self.paths}
            await self._sorter.write(paths)
            await self._inhibits.write(self._mask)

    async def poll(self) -> int:
        """Reads, credits and reports what is new; the device's event counter.

        Raises bus.Silent, bus.Refused, PortLost.
        """
        async with self._turn:
            news = await self._stream.read()
            await self._watch_gap()
            doubt = news.step.reset
            if doubt:
                self._incidents.clear()  # staff have cleared it and switched it off and on
                self._sorter.forgotten()
            for seq in sorted(news.credits.keys() - {result.seq for result in news.step.results}):
                self._emit(CashCredited(news.credits[seq].value))  # of a lost event
            for result in news.step.results:
                doubt = await self._report(result, news) or doubt
            if news.step.reset:
                await self._compare()
            if news.lost:
                self._lost_events = True
                await self._stop(Fault(CASH_EVENTS_LOST, "cash", f"{news.step.lost} coin events were missed"))
            if doubt:
                await self.apply()
        return news.counter

    async def reconcile(self) -> None:
        """At the end of a deposit: whether the device itself counts what was credited."""
        async with self._turn:
            await self._compare()

    async def verify(self) -> None:
        """Compares what the device enables with what is wanted; it may have been reset unseen."""
        async with self._turn:
            if not await self._inhibits.hold(self._mask):
                await self.apply()

    async def check(self) -> None:
        """In trouble: asks the device's self-check, and takes money again when it is clean.

        While it is not, the slot is blocked, whatever the trouble began with: nobody must be invited to pay.
        """
        if self.trouble is None or self._lost_events:
            return
        fault = await self._bus.query(self._address, cctalk.SELF_CHECK, parse_byte)
        if fault == 0 and not self._too_many_incidents():
            self.trouble = None
            await self.apply()
        elif self.trouble.code != CASH_ACCEPTOR_BLOCKED:
            reason = f"its self-check says {fault}" if fault else "three incidents in ten minutes"
            self.trouble = _blocked(f"{reason}; clear it, switch it off and on")

    @property
    def _mask(self) -> int:
        if self.trouble is not None:
            return 0
        return sum(1 << (position - 1) for position, value in self._values.items() if value in self.wanted)

    async def _compare_from_here(self) -> None:
        async with self._turn:
            await self._stream.compare_from_here(self._values)
            self._polled = None  # an acceptor that does not count lets us wait

    async def _compare(self) -> None:
        untold = await self._stream.untold()
        if untold:
            yen = sum(self._values.get(kind, 0) for kind in untold)
            text = (
                f"{len(untold)} coins of {yen} yen were taken but never told of; find their owner by the time"
            )
            await self._book.note(Fault(CASH_SUSPECT, "cash", text))
            await self._stream.compare_from_here(self._values)

    def _worth(self, result: Result) -> int:
        return self._values.get(result.a, 0) if result.a else 0

    async def _watch_gap(self) -> None:
        now = asyncio.get_running_loop().time()
        before, self._polled = self._polled, now
        if self._mask and before is not None and now - before > GAP_SECONDS:
            text = f"device {self._address} was not polled for {now - before:.1f} s while it took money"
            await self._book.note(Fault(CASH_LINK_LOST, "cash", text))

    async def _report(self, result: Result, news: News) -> bool:
        """Passes one result on; whether the masks must be written again."""
        if result.a:
            if result.seq in news.credits:
                self._emit(CashCredited(news.credits[result.seq].value))
            elif not self._worth(result):
                text = f"a coin of unknown type {result.a} was taken; find its owner by the time"
                await self._book.note(Fault(CASH_SUSPECT, "cash", text))
            return False
        return await self._event(result.b) if result.b else False

    async def _event(self, code: int) -> bool:
        what = Meaning(code)
        if what.lever:
            self._emit(CashReturnPressed())
        if what.returned:
            self._emit(CashRejected())
        if what.kept:
            text = f"event {code}: a coin may have stayed inside; look into the acceptor"
            await self._book.note(Fault(CASH_COIN_SWALLOWED, "cash", text))
        if what.fraud:
            fault = Fault(CASH_FRAUD, "cash", f"event {code}: the acceptor suspects manipulation")
            await self._book.note(fault)
            await self._incident(fault)
        elif code == SWALLOWED:
            await self._incident(Fault(CASH_COIN_SWALLOWED, "cash", f"event {code}: a coin stayed inside"))
        elif what.stuck:
            await self._incident(_blocked(f"event {code}: something is stuck"))
        return what.inhibited and self._mask > 0

    async def _incident(self, fault: Fault) -> None:
        self._incidents.append(asyncio.get_running_loop().time())
        await self._stop(fault)

    async def _stop(self, fault: Fault) -> None:
        self.trouble = fault
        await self.apply()

    def _too_many_incidents(self) -> bool:
        if len(self._incidents) < INCIDENTS:
            return False
        return asyncio.get_running_loop().time() - self._incidents[0] < INCIDENT_SECONDS


def _blocked(detail: str) -> Fault:
    return Fault(CASH_ACCEPTOR_BLOCKED, "cash", detail)

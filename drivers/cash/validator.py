"""The bill validator: a bill waits in escrow until the till decides; only a stacked bill is money.

The rule it keeps: credit comes from the event "type, 0" (stacked) alone, never from a command's answer.
The decision to stack is in the book before the command goes out. A bill that a crash left in escrow is
given back.
"""

import asyncio
import logging
from contextlib import suppress

from drivers.cash import cctalk
from drivers.cash.bill_events import HELD, RETURNED_BILL, STACKED, Meaning
from drivers.cash.bus import Bus, Refused, Silent
from drivers.cash.credit import Result
from drivers.cash.denominations import read_bills
from drivers.cash.exchange import TRIES
from drivers.cash.identity import Identity, identify
from drivers.cash.inhibits import Inhibits
from drivers.cash.payloads import parse_byte
from drivers.cash.stream import EventStream, News
from hal.contracts import CashBook, Emit
from hal.events import BillHeld, CashCredited, CashRejected
from hal.faults import (
    CASH_ACCEPTOR_BLOCKED,
    CASH_BILLS_OFF,
    CASH_COIN_SWALLOWED,
    CASH_EVENTS_LOST,
    CASH_FRAUD,
    CASH_IDENTITY_CHANGED,
    DeviceError,
    Fault,
)

log = logging.getLogger(__name__)

CATEGORIES = ("Bill Validator", "Bill Acceptor")
STACKER_AND_ESCROW = 3
ESCROW_EMPTY = bytes([254])


class Validator:
    """As Acceptor; and ``decide`` answers BillHeld."""

    def __init__(self, address: int, bus: Bus, book: CashBook, emit: Emit) -> None:
        self._address = address
        self._bus = bus
        self._book = book
        self._emit = emit
        self._stream = EventStream(bus, book, address, cctalk.READ_BILLS, self._worth)
        self._inhibits = Inhibits(bus, address, size=2)
        self._values: dict[int, int] = {}
        self._held = 0
        self._lost_events = False
        self._turn = asyncio.Lock()
        self._applying = asyncio.Lock()
        self.wanted: frozenset[int] = frozenset()
        self.identity: Identity | None = None
        self.trouble: Fault | None = None

    @property
    def denominations(self) -> frozenset[int]:
        """None while it cannot take any: coins go on, and nobody counts on bills."""
        return frozenset() if self.trouble is not None else frozenset(self._values.values())

    @property
    def held(self) -> int:
        """Yen in escrow that nobody has decided about."""
        return self._held

    async def open(self) -> None:
        """Identifies the device, gives back what a crash left in escrow. Raises DeviceError, as ``poll``."""
        identity = await identify(self._bus, self._address)
        if identity.category not in CATEGORIES or self.identity not in (None, identity):
            text = f"device {self._address} is {identity.key}; put the old one back, or restart to accept it"
            raise DeviceError(Fault(CASH_IDENTITY_CHANGED, "cash", text))
        if not self._values:
            self._values = await read_bills(self._bus, self._address)
        async with self._turn:
            await self._stream.open(identity.key)
            self.identity = identity
        await self.poll()
        await self._give_back_left_over()
        await self.apply()

    async def apply(self) -> None:
        """Brings the device to ``wanted``. Raises bus.Silent, bus.Refused, PortLost."""
        async with self._applying:
            await self._bus.command(self._address, cctalk.BILL_MODE, bytes([STACKER_AND_ESCROW]))
            await self._inhibits.write(self._mask)

    async def poll(self) -> int:
        """Reads, credits and reports what is new; the device's event counter."""
        async with self._turn:
            news = await self._stream.read()
            doubt = news.step.reset
            if news.step.reset:
                self._held = 0  # it gives the bill back when it powers up
            for result in news.step.results:
                doubt = await self._report(result, news) or doubt
            if news.step.lost:
                self._lost_events = True
                await self._stop(CASH_EVENTS_LOST, f"{news.step.lost} bill events were missed")
            if doubt:
                await self.apply()
        return news.counter

    async def check(self) -> None:
        """Nothing to ask: the validator itself reports that its stacker is well again."""

    async def reconcile(self) -> None:
        """Nothing to compare: a bill is told of twice, in escrow and in the stacker."""

    async def verify(self) -> None:
        """After 5 s without poll it has switched itself off; a bill it holds it would give back in time."""
        async with self._turn:
            if not await self._holds_mode() or not await self._inhibits.hold(self._mask):
                await self.apply()
            if self._held:
                with suppress(Silent):  # one that keeps it for ever need not know this
                    extend = bytes([cctalk.BILL_EXTEND])
                    await self._bus.ask(self._address, cctalk.ROUTE_BILL, extend, tries=1)

    async def decide(self, stack: bool) -> None:
        """Stacks or returns the bill in escrow.

        Raises DeviceError (nothing there, or it failed), bus.Silent, PortLost.
        """
        if stack and self._held and self.identity is not None:
            await self._book.bill_held(self.identity.key, self._held)
        route = bytes([cctalk.BILL_STACK if stack else cctalk.BILL_RETURN])
        for attempt in range(TRIES):
            try:
                reply = await self._bus.ask(self._address, cctalk.ROUTE_BILL, route, tries=1)
            except Silent:
                continue
            refused = reply.header != cctalk.REPLY or bool(reply.data)
            if reply.data == ESCROW_EMPTY:
                self._held = 0  # a reset that we did not see has given it back
            if refused and attempt == 0:
                text = (
                    f"the validator did not {'stack' if stack else 'return'} the bill; look into its escrow"
                )
                raise DeviceError(Fault(CASH_ACCEPTOR_BLOCKED, "cash", text))
            self._held = 0
            return  # a refused repetition: the first one was carried out, its event will say how
        raise Silent(f"device {self._address} does not answer header {cctalk.ROUTE_BILL}")

    async def _holds_mode(self) -> bool:
        try:
            mode = await self._bus.query(self._address, cctalk.REQUEST_BILL_MODE, parse_byte)
        except (Refused, Silent):  # it need not know the question
            return True
        return mode == STACKER_AND_ESCROW

    @property
    def _mask(self) -> int:
        if self.trouble is not None:
            return 0
        return sum(1 << (position - 1) for position, value in self._values.items() if value in self.wanted)

    def _worth(self, result: Result) -> int:
        return self._values.get(result.a, 0) if result.a and result.b == STACKED else 0

    async def _give_back_left_over(self) -> None:
        """A bill in escrow that nobody of this life has been told of; an empty escrow just says so.

        Not by its events: other bills that were refused since may have pushed the one that tells of it out.
        """
        if not self._held:
            await self._bus.ask(self._address, cctalk.ROUTE_BILL, bytes([cctalk.BILL_RETURN]))

    async def _report(self, result: Result, news: News) -> bool:
        if not result.a:
            return await self._event(result.b)
        if result.b == HELD and self._values.get(result.a):
            self._held = self._values[result.a]
            self._emit(BillHeld(self._held))
        elif result.seq in news.credits:
            self._held = 0
            self._emit(CashCredited(news.credits[result.seq].value))
        return False

    async def _event(self, code: int) -> bool:
        what = Meaning(code)
        if code == RETURNED_BILL:  # the other refusals are of bills that never got there
            self._held = 0
        if what.returned:
            self._emit(CashRejected())
        if what.kept:
            text = f"bill event {code}: a bill may have stayed inside; look into the validator"
            await self._book.note(Fault(CASH_COIN_SWALLOWED, "cash", text))
        if what.fraud:
            await self._book.note(Fault(CASH_FRAUD, "cash", f"bill event {code}"))
            await self._stop(CASH_FRAUD, f"bill event {code}: the validator suspects manipulation")
        if what.stuck:
            await self._stop(CASH_ACCEPTOR_BLOCKED, f"bill event {code}: {what.words}; open and clear it")
        if what.ill:
            fault = Fault(CASH_BILLS_OFF, "cash", f"bill event {code}: {what.words}")
            await self._book.note(fault)
            await self._stop(fault.code, fault.detail)
        if what.well and not self._lost_events:
            self.trouble = None
        return what.well or (what.off and self._mask > 0)

    async def _stop(self, code: str, detail: str) -> None:
        self.trouble = Fault(code, "cash", detail)
        await self.apply()

"""One coin hopper: how many coins it holds, by its own counter, and paying them at most once.

The rule it keeps: ``payout`` decides what is sent and when; this module performs its steps on the bus and
in the book. A lost line does not end a payment: the hopper turns on by itself, so we wait to read it out.
"""

import asyncio
import logging
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Literal, TypeVar

import msgspec

from drivers.cash import cctalk
from drivers.cash.bus import Bus, BusError, Silent
from drivers.cash.bus import Refused as NotDone
from drivers.cash.exchange import TRIES
from drivers.cash.identity import Identity, identify
from drivers.cash.payloads import COUNT_MODULUS, HopperLevel, HopperTest, parse_coin_id, parse_count
from drivers.cash.payout import MAX_COINS, Ask, Intend, Refused, Settle, Wait, dispense, read_out
from drivers.ports import PortLost
from hal.contracts import CashBook, HopperStock, PayoutIntent, PayoutOutcome
from hal.faults import (
    CASH_HOPPER_EMPTY,
    CASH_HOPPER_JAM,
    CASH_HOPPER_WRONG,
    CASH_LINK_LOST,
    CASH_SUSPECT,
    Fault,
)

log = logging.getLogger(__name__)

R = TypeVar("R")
T = TypeVar("T")

CATEGORY = "Payout"
LINE_SECONDS = 1.0
RESET_SECONDS = 1.0
NO_SENSOR = HopperLevel(None, None)
UNTOLD = 0
"""Of its coin: the header is unknown to it, or nobody has ever told it what it holds."""


Step = Ask | Wait | Intend | Settle
Answer = cctalk.Frame | None


class HopperSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """address: 3-10; value: yen of its coins; loaded: coins at the last fill, believed when it is new here.

    dispense: which form of header 167 it wants: eight free bytes after a key (SCH2-NOENCRYPT), its serial
    number, or just the number of coins. Encrypted hoppers are not supported. path: of the acceptor's sorter
    into it (while its sensor says full the coins go to the cash box); what falls in is not in its level.
    """

    address: int
    value: int
    loaded: int
    dispense: Literal["noencrypt", "serial", "plain"] = "noencrypt"
    path: int | None = None


@dataclass(frozen=True)
class Paid:
    """asked: whether any coin was asked for. fault: why it was fewer coins than wished."""

    coins: int = 0
    certain: bool = True
    asked: bool = False
    fault: Fault | None = None


class Hopper:
    """``open`` it after every (re-)connection."""

    def __init__(self, settings: HopperSettings, bus: Bus, book: CashBook) -> None:
        self._settings = settings
        self._bus = bus
        self._book = book
        self._baseline = (0, 0)
        self._count = 0
        self._full = False
        self.identity: Identity | None = None
        self.fault: Fault | None = self._silent()

    @property
    def value(self) -> int:
        return self._settings.value

    @property
    def sorted_into(self) -> bool:
        """Whether the acceptor's sorter can send coins into it."""
        return self._settings.path is not None

    @property
    def path(self) -> int | None:
        """Sorter path by which coins fall into it now; None: they must not."""
        return None if self._full or self.fault is not None else self._settings.path

    @property
    def level(self) -> int:
        """Coins it can pay now; none while anything is wrong with it."""
        return 0 if self.fault is not None else self._left

    @property
    def _left(self) -> int:
        counter, coins = self._baseline
        return max(0, coins - (self._count - counter) % COUNT_MODULUS)

    async def open(self) -> None:
        """Identifies it and reads its counters; then ``fault`` says whether it can pay. Raises PortLost."""
        try:
            identity = await identify(self._bus, self._settings.address)
            if identity.category != CATEGORY or self.identity not in (None, identity):
                self.fault = self._wrong(identity)
                return
            if await self._optional(cctalk.HOPPER_COIN, parse_coin_id, UNTOLD) not in (UNTOLD, self.value):
                self.fault = self._wrong_coins()
                return
            count = await self._bus.query(self._settings.address, cctalk.HOPPER_COUNT, parse_count)
            self._baseline = await self._book.baseline(identity.key, count, self._settings.loaded)
            self.identity = identity
            await self.refresh()
        except BusError as error:
            self.fault = self._silent(str(error))

    async def look_again(self) -> None:
        """For a hopper that is at fault: whether it can pay again. Raises PortLost."""
        try:
            await self._bus.ask(self._settings.address, cctalk.SIMPLE_POLL, tries=1)
        except Silent as error:
            self.fault = self._silent(str(error))
        else:
            await self.open()

    async def refresh(self) -> None:
        """Reads level and flags again; a line that is lost is a fault like any other here."""
        address = self._settings.address
        try:
            self._count = await self._bus.query(address, cctalk.HOPPER_COUNT, parse_count)
            test = await self._bus.query(address, cctalk.TEST_HOPPER, HopperTest.parse)
            if self._settings.path is not None:
                level = await self._optional(cctalk.HOPPER_LEVEL, HopperLevel.parse, NO_SENSOR)
                self._full = bool(level.high)
        except (BusError, PortLost) as error:
            self.fault = self._silent(str(error))
        else:
            self.fault = fault_of(self._name, test)

    async def stock(self) -> HopperStock | None:
        """None: it does not answer, or is another one."""
        await self.refresh()
        lost = self.fault is not None and self.fault.code == CASH_LINK_LOST
        if self.identity is None or lost or self._swapped:
            return None
        self._baseline = await self._book.baseline(self._key, self._count, self._settings.loaded)
        return HopperStock(self._key, self.value, self._count, self._left)

    async def pay(self, payout: str, coins: int) -> Paid:
        """Pays in batches, each with its intent and outcome in the book. All older intents are settled.

        A jam is cleared by one reset, and only after its outcome is written down.
        """
        if self.identity is None or self._swapped:
            return Paid(fault=self.fault)
        paid, asked, cleared = 0, False, False
        while paid < coins:
            batch = min(MAX_COINS, coins - paid)
            end = await self._perform(dispense(batch, self._prefix, self._keyed), payout, batch)
            if isinstance(end, Refused):
                return Paid(paid, True, asked, await self._why(end))
            asked = True
            paid += end.paid
            if not end.certain:
                await self.refresh()
                return Paid(paid, False, asked, self.fault)
            if end.paid < batch and (cleared or not await self._clear()):
                break
            cleared = cleared or end.paid < batch
        await self.refresh()
        return Paid(paid, True, asked, self.fault)

    def is_known_as(self, key: str) -> bool:
        """Whether this very hopper is connected."""
        return self.identity is not None and self.identity.key == key and not self._swapped

    async def recover(self, intent: PayoutIntent) -> None:
        """Settles an intent that has no outcome, by the counters."""
        script = read_out(intent.coins, intent.counter, intent.events)
        end = await self._perform(script, intent.payout, intent.coins)
        await self._settle(end, intent.payout, intent.coins)
        await self._ask(Ask(cctalk.ENABLE_HOPPER, b"\0"))
        await self.refresh()

    @property
    def _swapped(self) -> bool:
        return self.fault is not None and self.fault.code == CASH_HOPPER_WRONG

    @property
    def _keyed(self) -> bool:
        return self._settings.dispense == "noencrypt"

    @property
    def _prefix(self) -> bytes:
        if self._settings.dispense == "serial" and self.identity is not None:
            return self.identity.serial.to_bytes(3, "little")
        return bytes(8) if self._keyed else b""

    async def _optional(self, header: int, parse: Callable[[bytes], T], default: T) -> T:
        """For a header that it need not know. Raises PortLost."""
        try:
            return await self._bus.query(self._settings.address, header, parse)
        except (Silent, NotDone):
            return default

    async def _perform(self, script: Generator[Step, Answer, R], payout: str, coins: int) -> R:
        answer: Answer = None
        while True:
            try:
                step = script.send(answer)
            except StopIteration as end:
                result: R = end.value
                return result
            answer = await self._do(step, payout, coins)

    async def _do(self, step: Step, payout: str, coins: int) -> Answer:
        match step:
            case Ask():
                return await self._ask(step)
            case Wait():
                await asyncio.sleep(step.seconds)
            case Intend():
                await self._book.intend(
                    PayoutIntent(payout, self._key, self.value, coins, step.count, step.events)
                )
            case Settle():
                await self._settle(step, payout, coins)
        return None

    async def _ask(self, step: Ask) -> Answer:
        if self._swapped:  # another hopper's counters say nothing about this payment
            return None
        tries = 1 if step.once else TRIES
        try:
            return await self._bus.ask(self._settings.address, step.header, step.data, tries=tries)
        except Silent:
            return None
        except PortLost:
            await asyncio.sleep(LINE_SECONDS)  # the line is being opened again
            return None

    async def _settle(self, end: Settle, payout: str, coins: int) -> None:
        outcome = PayoutOutcome(payout, self._key, self.value, coins, end.paid, end.certain)
        await self._book.settle(outcome)
        if not end.certain:
            text = (
                f"hopper {self._settings.address}: nobody can know whether {coins} coins were paid; count it"
            )
            await self._book.note(Fault(CASH_SUSPECT, "cash", text))

    async def _clear(self) -> bool:
        """Tries to clear a jam; whether the hopper can go on."""
        await self.refresh()
        if self.fault is None or self.fault.code != CASH_HOPPER_JAM:
            return False
        log.warning("%s: resetting it once", self.fault)
        await self._ask(Ask(cctalk.RESET, once=True))
        await asyncio.sleep(RESET_SECONDS)
        await self.refresh()
        return self.fault is None

    async def _why(self, refused: Refused) -> Fault:
        await self.refresh()
        return self.fault or _jam(self._name, refused.reason)

    @property
    def _name(self) -> str:
        return f"hopper {self._settings.address} ({self.value} yen)"

    @property
    def _key(self) -> str:
        return self.identity.key if self.identity else ""

    def _silent(self, reason: str = "not asked yet") -> Fault:
        text = f"{self._name}: {reason}; check its cable and address"
        return Fault(CASH_LINK_LOST, "cash", text)

    def _wrong(self, identity: Identity) -> Fault:
        was = self.identity.key if self.identity else CATEGORY
        text = f"{self._name} is {identity.key}, not {was}; put it back, or restart to accept it"
        return Fault(CASH_HOPPER_WRONG, "cash", text)

    def _wrong_coins(self) -> Fault:
        text = f"{self._name} says that it holds another coin; look into it, or correct its value"
        return Fault(CASH_HOPPER_WRONG, "cash", text)


def fault_of(name: str, test: HopperTest) -> Fault | None:
    """What its flags say against a payout. name: what to call the hopper."""
    if test.clean:
        return None
    if test.empty:
        return Fault(CASH_HOPPER_EMPTY, "cash", f"{name} ran empty: refill it, switch it off and on")
    return _jam(name, test.text)


def _jam(name: str, reason: str) -> Fault:
    return Fault(CASH_HOPPER_JAM, "cash", f"{name}: {reason}; open it, switch it off and on")

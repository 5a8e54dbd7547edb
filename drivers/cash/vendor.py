"""The cash vendor on ccTalk: coin acceptor, hoppers and, if there is one, a bill validator on one wire.

The rule it keeps: money is in the book before anybody hears of it, and a payment once begun is carried to
its outcome, whatever happens to the caller or to the line. What is wanted of the devices is remembered
here and written to them again after every re-connection.
"""

import asyncio
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Literal

import msgspec

from drivers.cash.acceptor import Acceptor
from drivers.cash.attendant import Attendant
from drivers.cash.bus import Bus, BusError
from drivers.cash.hopper import Hopper, HopperSettings
from drivers.cash.payments import Payments
from drivers.cash.troubles import Troubles
from drivers.cash.validator import Validator
from drivers.ports import Port, PortLost, open_port
from hal.contracts import CashBook, Emit, HopperStock, Payout
from hal.events import Event
from hal.faults import CASH_LINK_LOST, CASH_SUSPECT, DeviceError, Fault

POLL_SECONDS = 0.2
HOPPER_SECONDS = 5.0
DEAF_SECONDS = 10.0
SETTLING_SECONDS = 1.0
BACKOFF = (0.5, 1.0, 2.0, 5.0)


class CctalkSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """port: as drivers.ports has it. acceptor, validator: addresses. echo: whether the wire repeats us.

    cash_box: path of the acceptor's sorter for coins that may not fall into a hopper.
    """

    port: str
    hoppers: tuple[HopperSettings, ...]
    acceptor: int = 2
    validator: int | None = None
    cash_box: int = 1
    echo: Literal["auto", "on", "off"] = "auto"
    checksum: Literal["simple", "crc"] = "simple"


class CctalkVendor:
    """Implements hal.contracts.CashVendor. opener: opens the port; tests hand in one in memory."""

    Settings = CctalkSettings

    def __init__(
        self,
        settings: CctalkSettings,
        book: CashBook,
        opener: Callable[[str], Awaitable[Port]] = open_port,
    ) -> None:
        self._settings = settings
        self._book = book
        self._opener = opener
        self._listener: Emit | None = None
        self._bus = Bus(settings.echo, settings.checksum == "crc")
        self._hoppers = [Hopper(hopper, self._bus, book) for hopper in settings.hoppers]
        self._acceptor = Acceptor(settings.acceptor, self._bus, book, self._emit)
        self._attendants = [Attendant(self._acceptor)]
        self._validator: Validator | None = None
        if settings.validator is not None:
            self._validator = Validator(settings.validator, self._bus, book, self._emit)
            self._attendants.append(Attendant(self._validator))
        self._troubles = Troubles(self._emit)
        self._ready = asyncio.Event()
        self._payments = Payments(self._hoppers, book, self._wait_for_line)
        self._was_up = False

    @property
    def virtual(self) -> bool:
        identities = [attendant.device.identity for attendant in self._attendants]
        identities += [hopper.identity for hopper in self._hoppers]
        return any(identity is not None and identity.virtual for identity in identities)

    @property
    def denominations(self) -> frozenset[int]:
        return frozenset[int]().union(*(attendant.device.denominations for attendant in self._attendants))

    @property
    def broken(self) -> int:
        """Attempts to ask its devices that failed, since the start: how good the line is."""
        return self._bus.broken

    @property
    def levels(self) -> Mapping[int, int]:
        levels: dict[int, int] = {}
        for hopper in self._hoppers:
            levels[hopper.value] = levels.get(hopper.value, 0) + hopper.level
        return levels

    @property
    def held(self) -> int:
        return self._validator.held if self._validator else 0

    async def run(self, emit: Emit) -> None:
        """The pump. When cancelled it lets a payment that has begun come to its end first."""
        self._listener = emit
        self._troubles.begin()
        failures = 0
        try:
            while True:
                try:
                    await self._line()
                except PortLost as error:
                    failures = 0 if self._was_up else failures
                    self._troubles.set("line", Fault(CASH_LINK_LOST, "cash", str(error)))
                    self._troubles.report()
                await asyncio.sleep(BACKOFF[min(failures, len(BACKOFF) - 1)])
                failures += 1
        finally:
            self._payments.abandon()
            self._listener = None

    async def accept(self, values: frozenset[int]) -> None:
        for attendant in self._attendants:
            attendant.device.wanted = values
        with self._as_device_error():
            for attendant in self._attendants:
                await attendant.until_up()
                await attendant.device.apply()

    async def fix(self) -> None:
        await self.accept(frozenset())
        await asyncio.sleep(SETTLING_SECONDS)
        with self._as_device_error():
            for attendant in self._attendants:
                before = await attendant.device.poll()
                while (now := await attendant.device.poll()) != before:
                    before = now
                await attendant.device.reconcile()

    async def decide(self, stack: bool) -> None:
        if self._validator is None:
            raise DeviceError(Fault(CASH_SUSPECT, "cash", "there is no bill validator"))
        with self._as_device_error():
            await self._validator.decide(stack)

    async def pay_out(self, payout: str, coins: Mapping[int, int]) -> Payout:
        return await self._payments.pay_out(payout, coins)

    async def stock(self) -> tuple[HopperStock, ...]:
        with self._as_device_error():
            return await self._payments.stock()

    async def recover(self) -> None:
        await self._payments.recover()

    # ------------------------------------------------------------ the line

    async def _line(self) -> None:
        """One life of the line: ends with PortLost."""
        self._was_up = False
        port = await self._opener(self._settings.port)
        self._bus.attach(port)
        try:
            await self._start()
            await self._watch()
        except asyncio.CancelledError:
            await self._payments.finish()
            raise
        finally:
            self._ready.clear()
            await self._bus.detach()
            await port.close()

    async def _start(self) -> None:
        for hopper in self._hoppers:
            await hopper.open()
        for attendant in self._attendants:
            attendant.line_lost()
        self._acceptor.paths = self._paths()
        self._ready.set()
        self._was_up = True
        self._troubles.set("line", None)

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        next_look = loop.time() + HOPPER_SECONDS
        while True:
            for attendant in self._attendants:
                await attendant.turn()
            if loop.time() >= next_look:
                await self._payments.look_at_hoppers()
                await self._send_coins_where_there_is_room()
                next_look = loop.time() + HOPPER_SECONDS
            self._report()
            if loop.time() - self._bus.heard > DEAF_SECONDS:
                raise PortLost(f"nobody answers on {self._settings.port}; check the vendor's power and cable")
            await asyncio.sleep(POLL_SECONDS)

    async def _send_coins_where_there_is_room(self) -> None:
        paths = self._paths()
        if paths != self._acceptor.paths:
            self._acceptor.paths = paths
            with suppress(BusError):  # its attendant finds that too, and writes them again
                await self._acceptor.apply()

    def _paths(self) -> Mapping[int, int]:
        """Sorter path by value, of the coins that may fall into a hopper of this vendor."""
        sorted_values = {hopper.value for hopper in self._hoppers if hopper.sorted_into}
        paths = dict.fromkeys(sorted_values, self._settings.cash_box)
        for hopper in self._hoppers:
            if hopper.path is not None:
                paths[hopper.value] = hopper.path
        return paths

    def _report(self) -> None:
        for number, attendant in enumerate(self._attendants):
            self._troubles.set(f"input {number}", attendant.fault)
        for number, hopper in enumerate(self._hoppers):
            self._troubles.set(f"hopper {number}", hopper.fault)
        self._troubles.report()

    def _emit(self, event: Event) -> None:
        if self._listener is not None:
            self._listener(event)

    # ------------------------------------------------------------ faults

    async def _wait_for_line(self, patience: float) -> None:
        try:
            async with asyncio.timeout(patience):
                await self._ready.wait()
        except TimeoutError:
            raise DeviceError(self._no_line()) from None

    def _no_line(self) -> Fault:
        return Fault(CASH_LINK_LOST, "cash", f"no connection on {self._settings.port}; check cable and power")

    @contextmanager
    def _as_device_error(self) -> Iterator[None]:
        try:
            yield
        except (BusError, PortLost) as error:
            raise DeviceError(Fault(CASH_LINK_LOST, "cash", str(error))) from error

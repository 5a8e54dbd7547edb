"""Keeps one money input (coin acceptor, bill validator) at work: opens, polls, checks it on schedule."""

import asyncio
from typing import Protocol

from drivers.cash.bus import BusError
from drivers.cash.identity import Identity
from hal.faults import CASH_LINK_LOST, DeviceError, Fault

OPEN_SECONDS = 1.0
CHECK_SECONDS = 1.0
VERIFY_SECONDS = 5.0
UP_SECONDS = 3.0


class MoneyInput(Protocol):
    """All of these raise bus.BusError and PortLost; ``open`` raises DeviceError for a foreign device."""

    wanted: frozenset[int]
    identity: Identity | None
    trouble: Fault | None

    @property
    def denominations(self) -> frozenset[int]: ...

    async def open(self) -> None: ...

    async def apply(self) -> None: ...

    async def poll(self) -> int: ...

    async def check(self) -> None: ...

    async def reconcile(self) -> None: ...

    async def verify(self) -> None: ...


class Attendant:
    """Give it a ``turn`` every 200 ms; ``fault`` says what is wrong with the device."""

    def __init__(self, device: MoneyInput) -> None:
        self.device = device
        self.fault: Fault | None = None
        self._opened = asyncio.Event()
        self._next = {"open": 0.0, "check": 0.0, "verify": 0.0}

    @property
    def up(self) -> bool:
        """Whether the device is open and answers."""
        return self._opened.is_set()

    def line_lost(self) -> None:
        """The device must be opened again."""
        self._opened.clear()
        self._next["open"] = 0.0

    async def until_up(self) -> None:
        """Waits a moment for a device that is being opened. Raises DeviceError."""
        try:
            async with asyncio.timeout(UP_SECONDS if self.fault is None else 0):
                await self._opened.wait()
        except TimeoutError:
            silent = Fault(CASH_LINK_LOST, "cash", "no connection; check cable and power")
            raise DeviceError(self.fault or silent) from None

    async def turn(self) -> None:
        """Raises PortLost."""
        try:
            await self._turn()
        except BusError as error:
            self._opened.clear()
            self.fault = Fault(CASH_LINK_LOST, "cash", f"{error}; check its cable and power")
        except DeviceError as error:
            self._opened.clear()
            self.fault = error.fault

    async def _turn(self) -> None:
        if not self.up:
            if not self._due("open", OPEN_SECONDS):
                return
            await self.device.open()
            self._opened.set()
        if self._due("check", CHECK_SECONDS):  # before the poll, whose findings are told for a turn at least
            await self.device.check()
        await self.device.poll()
        if self._due("verify", VERIFY_SECONDS):
            await self.device.verify()
        self.fault = self.device.trouble

    def _due(self, what: str, period: float) -> bool:
        now = asyncio.get_running_loop().time()
        if now < self._next[what]:
            return False
        self._next[what] = now + period
        return True

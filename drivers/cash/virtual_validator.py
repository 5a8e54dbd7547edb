"""A virtual bill validator with escrow and stacker."""

from typing import Literal

from drivers.cash import cctalk
from drivers.cash.bill_events import HELD, INHIBITED, INVALID, MASTER_INHIBITED, RETURNED_BILL, STACKED
from drivers.cash.payloads import Scale
from drivers.cash.virtual_device import Clock, EventMemory, Inhibit, VirtualDevice
from drivers.cash.virtual_money import VirtualMoney

WATCHDOG_SECONDS = 5.0
BILLS = (1000, 2000, 5000, 10000)
SCALE = Scale(1000, 0)
ESCROW_SECONDS = 20.0
ESCROW_EMPTY = 254


class VirtualValidator(VirtualDevice):
    """insert a bill; the host stacks or returns it, or it comes back by itself after ESCROW_SECONDS."""

    def __init__(self, address: int, money: VirtualMoney, clock: Clock) -> None:
        super().__init__(address, "Bill Validator", "VB-1", 4001, clock)
        self._money = money
        self._inhibit = Inhibit(2)
        self._events = EventMemory()
        self._polled = 0.0
        self._mode = 0
        self._escrow = 0
        self._fed = 0.0
        self.stacked = 0
        self.handlers.update(self._inhibit.handlers())
        self.handlers.update(
            {
                cctalk.READ_BILLS: self._read,
                cctalk.BILL_ID: self._bill_id,
                cctalk.COUNTRY_SCALE: lambda data: SCALE.build() if data == b"JP" else None,
                cctalk.BILL_MODE: self._set_mode,
                cctalk.REQUEST_BILL_MODE: lambda _: bytes([self._mode]),
                cctalk.ROUTE_BILL: self._route,
            }
        )

    @property
    def held(self) -> int:
        """Yen in escrow."""
        self._give_up()
        return BILLS[self._escrow - 1] if self._escrow else 0

    @property
    def accepting(self) -> frozenset[int]:
        """Values it would take at this moment."""
        self._watchdog()
        if self._escrow or not self._mode & 2:
            return frozenset()
        return frozenset(value for kind, value in enumerate(BILLS, start=1) if self._inhibit.allows(kind))

    def insert(self, value: int) -> Literal["held", "inhibited", "rejected"]:
        """A bill is fed in; what is not held comes back at once."""
        self._money.inserted += value
        kind = BILLS.index(value) + 1 if value in BILLS else 0
        if value in self.accepting:
            self._escrow, self._fed = kind, self.clock()
            self._events.add(kind, HELD)
            return "held"
        self._money.tray.append(value)
        self._events.add(0, INHIBITED if kind else INVALID)
        return "inhibited" if kind else "rejected"

    def event(self, code: int) -> None:
        """Reports this event."""
        self._events.add(0, code)

    def power_cycle(self) -> None:
        """A bill in escrow comes back at power-up."""
        if self._escrow:
            self._money.tray.append(self.held)
        self._escrow = self._mode = 0
        self._events.clear()
        self._inhibit.clear()

    def _give_up(self) -> None:
        if self._escrow and self.clock() - self._fed > ESCROW_SECONDS:
            self._return()

    def _return(self) -> None:
        self._money.tray.append(BILLS[self._escrow - 1])
        self._events.add(0, RETURNED_BILL)
        self._escrow = 0

    def _watchdog(self) -> None:
        if self._inhibit.master and self.clock() - self._polled > WATCHDOG_SECONDS:
            self._inhibit.master = False
            self._events.add(0, MASTER_INHIBITED)

    def _read(self, _: bytes) -> bytes:
        self._watchdog()
        self._give_up()
        self._polled = self.clock()
        return self._events.read()

    def _bill_id(self, data: bytes) -> bytes | None:
        if len(data) != 1:
            return None
        known = 1 <= data[0] <= len(BILLS)
        return ("JP{:04d}A".format(BILLS[data[0] - 1] // 1000) if known else ".......").encode("ascii")

    def _set_mode(self, data: bytes) -> bytes | None:
        if len(data) != 1:
            return None
        self._mode = data[0]
        return b""

    def _route(self, data: bytes) -> bytes | None:
        if len(data) != 1:
            return None
        self._give_up()
        if not self._escrow:
            return bytes([ESCROW_EMPTY])
        if data[0] == cctalk.BILL_EXTEND:
            self._fed = self.clock()
            return b""
        if data[0] == cctalk.BILL_STACK:
            self._money.cashbox.append(self.held)
            self.stacked += 1
            self._events.add(self._escrow, STACKED)
            self._escrow = 0
        else:
            self._return()
        return b""

"""A virtual coin acceptor: takes coins that the tests and the bench drop in, and tells of them by event."""

from collections.abc import Callable, Sequence
from typing import Literal

from drivers.cash import cctalk
from drivers.cash.coin_events import RETURN_LEVER, SWALLOWED
from drivers.cash.virtual_device import Clock, EventMemory, Inhibit, VirtualDevice
from drivers.cash.virtual_money import VirtualMoney

WATCHDOG_SECONDS = 1.0
CASHBOX_PATH = 1
REJECTED, INHIBITED = 1, 2

Inserted = Literal["accepted", "inhibited", "rejected"]
Sorter = Callable[[int], bool]


class VirtualAcceptor(VirtualDevice):
    """coins: their ids by position. sorter: puts a coin of this value into a hopper, if it can."""

    def __init__(
        self, address: int, coins: Sequence[str], money: VirtualMoney, sorter: Sorter, clock: Clock
    ) -> None:
        super().__init__(address, "Coin Acceptor", "VA-1", 1001, clock)
        self._coins = tuple(coins)
        self._money = money
        self._sorter = sorter
        self._inhibit = Inhibit(2)
        self._events = EventMemory()
        self._in_flight: list[tuple[float, int]] = []
        self._polled = -WATCHDOG_SECONDS * 2
        self.fault = 0
        self._read_up_to = 0
        self.handlers.update(self._inhibit.handlers())
        self.handlers[cctalk.READ_CREDITS] = self._read
        self.handlers[cctalk.COIN_ID] = self._coin_id
        self.handlers[cctalk.SELF_CHECK] = lambda _: bytes([self.fault])

    @property
    def accepting(self) -> frozenset[int]:
        """Values it would take at this moment."""
        if self.clock() - self._polled > WATCHDOG_SECONDS:
            return frozenset()
        kinds = range(1, len(self._coins) + 1)
        return frozenset(self._value(kind) for kind in kinds if self._inhibit.allows(kind))

    @property
    def heard_out(self) -> bool:
        """Whether the host has read every event there was."""
        return self._read_up_to == self._events.counter

    @property
    def in_flight(self) -> int:
        """Yen of coins that are inside but not reported yet."""
        return sum(self._value(kind) for _, kind in self._in_flight)

    def insert(self, value: int, delay: float) -> Inserted:
        """A coin in the slot. delay: seconds until the device tells of an accepted one."""
        self._money.inserted += value
        kind = next((kind for kind in range(1, len(self._coins) + 1) if self._value(kind) == value), 0)
        if value in self.accepting:
            self._in_flight.append((self.clock() + delay, kind))
            return "accepted"
        self._money.tray.append(value)
        self._events.add(0, INHIBITED if kind else REJECTED)
        return "inhibited" if kind else "rejected"

    def swallow(self, value: int) -> None:
        """A coin stays inside, and the device cannot say which."""
        self._money.inserted += value
        self._money.cashbox.append(value)
        self._events.add(0, SWALLOWED)

    def event(self, code: int) -> None:
        """Reports this event (coin_events has the codes)."""
        self._events.add(0, code)

    def press_return(self) -> None:
        self._events.add(0, RETURN_LEVER)

    def power_cycle(self) -> None:
        for _, kind in self._in_flight:  # inside, and nobody will ever know from the counter
            self._money.cashbox.append(self._value(kind))
        self._in_flight.clear()
        self._events.clear()
        self._inhibit.clear()

    def _value(self, kind: int) -> int:
        return int(self._coins[kind - 1][2:5])

    def _read(self, _: bytes) -> bytes:
        now = self._polled = self.clock()
        arrived = [kind for due, kind in self._in_flight if due <= now]
        self._in_flight = [(due, kind) for due, kind in self._in_flight if due > now]
        for kind in arrived:
            self._arrive(kind)
        self._read_up_to = self._events.counter
        return self._events.read()

    def _arrive(self, kind: int) -> None:
        value = self._value(kind)
        into_hopper = self._sorter(value)
        if not into_hopper:
            self._money.cashbox.append(value)
        self._events.add(kind, CASHBOX_PATH + into_hopper)

    def _coin_id(self, data: bytes) -> bytes | None:
        if len(data) != 1:
            return None
        known = 1 <= data[0] <= len(self._coins)
        return (self._coins[data[0] - 1] if known else "......").encode("ascii")

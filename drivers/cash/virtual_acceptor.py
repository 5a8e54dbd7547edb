"""A virtual coin acceptor: takes coins that the tests and the bench drop in, and tells of them by event."""

from collections.abc import Callable, Sequence
from typing import Literal

from drivers.cash import cctalk
from drivers.cash.coin_events import RETURN_LEVER, SWALLOWED
from drivers.cash.payloads import build_count
from drivers.cash.virtual_device import Clock, EventMemory, Inhibit, VirtualDevice
from drivers.cash.virtual_money import VirtualMoney

WATCHDOG_SECONDS = 1.0
CASHBOX_PATH = 1
REJECTED, INHIBITED = 1, 2

Inserted = Literal["accepted", "inhibited", "rejected"]
Sorter = Callable[[int, int], bool]


class VirtualAcceptor(VirtualDevice):
    """coins: their ids by position. sorter: (path, value) drops a coin into a hopper, if one is there.

    counts: whether it answers 226, 225 and 150; those counters outlive a power cut.
    """

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
        self.counts = True
        self._inserted = 0
        self._accepted = dict.fromkeys(range(1, len(self._coins) + 1), 0)
        self._paths = dict.fromkeys(self._accepted, CASHBOX_PATH)
        self._read_up_to = 0
        self.handlers.update(self._inhibit.handlers())
        self.handlers[cctalk.READ_CREDITS] = self._read
        self.handlers[cctalk.COIN_ID] = self._coin_id
        self.handlers[cctalk.SELF_CHECK] = lambda _: bytes([self.fault])
        self.handlers[cctalk.INSERTED_COUNT] = lambda _: self._count(self._inserted)
        self.handlers[cctalk.ACCEPTED_COUNT] = lambda _: self._count(sum(self._accepted.values()))
        self.handlers[cctalk.COUNT_BY_TYPE] = self._count_by_type
        self.handlers[cctalk.MODIFY_SORTER_PATH] = self._set_path
        self.handlers[cctalk.REQUEST_SORTER_PATH] = self._path
        self.handlers[cctalk.DEFAULT_SORTER_PATH] = self._set_all_paths
        self.handlers[cctalk.OVERRIDE_SORTER] = lambda data: b"" if len(data) == 1 else None

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
        self._inserted += 1
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

    def lose_an_event(self, value: int) -> None:
        """It takes a coin, but a reset takes away what it had to tell of it."""
        self._money.inserted += value
        self._money.cashbox.append(value)
        kind = next(kind for kind in self._accepted if self._value(kind) == value)
        self._accepted[kind] += 1

    def forget_masks(self) -> None:
        """It forgets what it may take, and says nothing of it."""
        self._inhibit.clear()

    def forget_counts(self) -> None:
        """Its counters are in volatile memory: they begin at 0 again."""
        self._accepted = dict.fromkeys(self._accepted, 0)

    def run_in(self, events: int) -> None:
        """It has told of so many events before this kiosk first heard of it."""
        for _ in range(events):
            self._events.add(0, REJECTED)

    def power_cycle(self) -> None:
        for _, kind in self._in_flight:  # inside, and nobody will ever know from the counter
            self._money.cashbox.append(self._value(kind))
        self._in_flight.clear()
        self._events.clear()
        self._inhibit.clear()
        self._paths = dict.fromkeys(self._accepted, CASHBOX_PATH)

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
        value, path = self._value(kind), self._paths[kind]
        if not self._sorter(path, value):
            self._money.cashbox.append(value)
        self._accepted[kind] += 1
        self._events.add(kind, path)

    def _count(self, count: int) -> bytes | None:
        return build_count(count) if self.counts else None

    def _count_by_type(self, data: bytes) -> bytes | None:
        return self._count(self._accepted.get(data[0], 0)) if len(data) == 1 else None

    def _set_path(self, data: bytes) -> bytes | None:
        if len(data) != 2 or data[0] not in self._paths:
            return None
        self._paths[data[0]] = data[1]
        return b""

    def _path(self, data: bytes) -> bytes | None:
        return bytes([self._paths[data[0]]]) if len(data) == 1 and data[0] in self._paths else None

    def _set_all_paths(self, data: bytes) -> bytes | None:
        if len(data) != 1:
            return None
        self._paths = dict.fromkeys(self._paths, data[0])
        return b""

    def _coin_id(self, data: bytes) -> bytes | None:
        if len(data) != 1:
            return None
        known = 1 <= data[0] <= len(self._coins)
        return (self._coins[data[0] - 1] if known else "......").encode("ascii")

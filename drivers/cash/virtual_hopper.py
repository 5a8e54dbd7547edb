"""A virtual coin hopper with non-volatile counters, which runs dry, jams and loses power mid-payout.

Coins fall at ``coins_per_second`` of the clock (0: all at once); there is no task, the state is brought
up to date whenever somebody looks.
"""

from drivers.cash import cctalk
from drivers.cash.payloads import (
    OPTO_BLOCKED,
    POWER_DOWN,
    POWER_UP,
    TIMEOUT,
    HopperLevel,
    HopperStatus,
    HopperTest,
    build_count,
)
from drivers.cash.virtual_device import Clock, Nak, VirtualDevice
from drivers.cash.virtual_money import VirtualMoney

LOW_COINS = 10
KEY = bytes([97, 162, 57, 66, 112, 230, 76, 11])


class VirtualHopper(VirtualDevice):
    """SCH2-NOENCRYPT: HOPPER_KEY before every DISPENSE of eight free bytes and the number.

    told_coin: what it says that it holds. full: its upper sensor; None: it has none. counts_late: it answers
    DISPENSE with the counter before this one, as some do.
    """

    def __init__(
        self, address: int, value: int, coins: int, money: VirtualMoney, coins_per_second: float, clock: Clock
    ) -> None:
        super().__init__(address, "Payout", "VH-1", 3000 + address, clock)
        self.value = value
        self._coins = coins
        self._money = money
        self._speed = coins_per_second
        self._dispensed = 0  # 168, non-volatile
        self._paid = self._unpaid = 0  # 166, non-volatile
        self._events = self._remaining = self._fallen = 0
        self._started = 0.0
        self._jam_after: int | None = None
        self._jam_stays = False
        self._jam_flag = OPTO_BLOCKED
        self._miscounts = False
        self._stuck = False
        self.told_coin = value
        self.full: bool | None = None
        self.counts_late = False
        self._flags = POWER_UP
        self._enabled = self._keyed = False
        money.filled += value * coins
        self.handlers.update(
            {
                cctalk.HOPPER_COUNT: self._read_count,
                cctalk.HOPPER_STATUS: self._read_status,
                cctalk.TEST_HOPPER: self._test,
                cctalk.HOPPER_COIN: lambda _: "JP{:03d}A".format(self.told_coin).encode("ascii"),
                cctalk.HOPPER_LEVEL: lambda _: HopperLevel(self.coins < LOW_COINS, self.full).build(),
                cctalk.ENABLE_HOPPER: self._enable,
                cctalk.PUMP_RANDOM: lambda data: b"" if len(data) == 8 else None,
                cctalk.HOPPER_KEY: self._key,
                cctalk.DISPENSE: self._dispense,
                cctalk.EMERGENCY_STOP: self._stop,
            }
        )

    @property
    def coins(self) -> int:
        """Coins really in it."""
        self._advance()
        return self._coins

    @property
    def dispensed(self) -> int:
        """Coins it ever paid."""
        self._advance()
        return self._dispensed

    def fill(self, coins: int) -> None:
        """Staff put coins in and switch it off and on."""
        self._coins += coins
        self._money.filled += self.value * coins
        self.power_cycle()

    def sort_in(self) -> None:
        """A coin from the acceptor falls into it."""
        self._coins += 1

    def empty(self) -> None:
        """Staff take all coins out."""
        self._advance()
        self._money.filled -= self.value * self._coins
        self._coins = 0

    def jam(self, after: int = 0, stays: bool = False, flag: int = OPTO_BLOCKED) -> None:
        """The next coin after so many more gets stuck; stays: also after a reset. flag: what it says then."""
        self._advance()
        self._jam_after, self._jam_stays, self._jam_flag = after, stays, flag

    @property
    def jammed(self) -> bool:
        """Whether a coin is stuck, or will get stuck."""
        return self._jam_after is not None

    def stick(self) -> None:
        """Its motor hangs: it says that it still pays, until it is stopped or reset."""
        self._advance()
        self._stuck = True

    def clear_jam(self) -> None:
        """Staff clear it, and switch it off and on."""
        self._jam_after, self._jam_stays = None, False
        self.power_cycle()

    def miscount(self, on: bool = True) -> None:
        """The next coin that falls is missing in one of its two counters: nobody can know any more."""
        self._miscounts = on

    def late_coin(self) -> None:
        """A coin falls although the payout has ended. Raises RuntimeError: there is none."""
        self._advance()
        if not self._coins:
            raise RuntimeError("the hopper is empty")
        self._drop()

    def power_cycle(self) -> None:
        self._advance()
        interrupted = self._remaining > 0
        self._unpaid = self._remaining
        self._remaining = self._events = 0
        self._flags = POWER_UP | (POWER_DOWN if interrupted else 0)
        self._enabled = self._keyed = self._stuck = False
        if not self._jam_stays:
            self._jam_after = None

    def _advance(self) -> None:
        if not self._remaining or self._stuck:
            return None
        elapsed = self.clock() - self._started
        due = int(elapsed * self._speed) if self._speed else self._fallen + self._remaining
        while self._remaining and self._fallen < due:
            if self._jam_after == 0:
                return self._end(self._jam_flag)
            if not self._coins:
                return self._end(TIMEOUT)
            self._remaining -= 1
            self._fallen += 1
            self._jam_after = None if self._jam_after is None else self._jam_after - 1
            self._drop()
        return None

    def _drop(self) -> None:
        self._coins -= 1
        self._dispensed += 1
        self._paid += 0 if self._miscounts else 1
        self._miscounts = False
        self._money.tray.append(self.value)

    def _end(self, flag: int) -> None:
        self._flags |= flag
        self._unpaid, self._remaining = self._remaining, 0

    def _read_count(self, _: bytes) -> bytes:
        self._advance()
        return build_count(self._dispensed)

    def _read_status(self, _: bytes) -> bytes:
        self._advance()
        return HopperStatus(self._events, self._remaining, self._paid, self._unpaid).build()

    def _test(self, _: bytes) -> bytes:
        self._advance()
        return HopperTest(self._flags).build()

    def _enable(self, data: bytes) -> bytes | None:
        if len(data) != 1:
            return None
        self._enabled = data[0] == cctalk.HOPPER_ENABLED
        return b""

    def _key(self, _: bytes) -> bytes:
        self._keyed = True
        return KEY

    def _dispense(self, data: bytes) -> bytes | None:
        if len(data) != 9:
            return None
        self._advance()
        allowed = self._enabled and self._keyed and not self._remaining and data[-1] > 0
        self._keyed = False
        if not allowed:
            raise Nak
        self._events = self._events % 255 + 1
        self._remaining, self._paid, self._unpaid, self._fallen = data[-1], 0, 0, 0
        self._started = self.clock()
        return bytes([(self._events - 1) % 256 if self.counts_late else self._events])

    def _stop(self, _: bytes) -> bytes:
        self._advance()
        stopped, self._remaining, self._stuck = self._remaining, 0, False
        self._unpaid = stopped
        return bytes([stopped])

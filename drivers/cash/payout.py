"""At-most-once payment of coins from one hopper (headers 168, 166, 163, 164, 160, 167).

``dispense`` and ``read_out`` are straight-line scripts without I/O: they yield what is to be done next
(``Ask``, ``Wait``, ``Intend``, ``Settle``) and are sent the hopper's answer (a Frame, or None for silence).
The rules they keep: the intent is written before the hopper can turn, DISPENSE is asked once and never
again, and what was paid is read from the hopper's own non-volatile count, not from anybody's reply.
``count`` is its total of coins (168), ``events`` its payout counter (166). MicroPython subset.
"""

from drivers.cash import cctalk
from drivers.cash.payloads import COUNT_MODULUS, BadReply, HopperStatus, HopperTest, parse_count

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable, Generator
    from typing import TypeVar

    from drivers.cash.cctalk import Frame

    T = TypeVar("T")

MAX_COINS = 20
"""Of one DISPENSE; more is a loop of intents."""

POLL_SECONDS = 0.2
LATE_COIN_SECONDS = 1.0
ATTEMPTS = 3
PATIENCE = 150
"""Polls without progress (30 s) before a hopper is stopped, or its silence makes the outcome uncertain."""

SILENCE_COST = 5
"""A silent poll with its retries lasts about five answered ones."""

LATE_COINS = 3
"""More coins than asked for that are still believed to be ours; beyond this the count is not credible."""


class Ask:
    """Send this and hand back the reply. once: no retry, whatever happens."""

    __slots__ = ("data", "header", "once")

    def __init__(self, header: int, data: bytes = b"", once: bool = False) -> None:
        self.header = header
        self.data = data
        self.once = once


class Wait:
    __slots__ = ("seconds",)

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds


class Intend:
    """Write the intent down and return only when it is on disk."""

    __slots__ = ("count", "events")

    def __init__(self, count: int, events: int) -> None:
        self.count = count
        self.events = events


class Settle:
    """Write the outcome down; also how a script ends. certain False: nobody can know."""

    __slots__ = ("certain", "paid")

    def __init__(self, paid: int, certain: bool) -> None:
        self.paid = paid
        self.certain = certain


class Refused:
    """How ``dispense`` ends when nothing was asked and nothing intended. reason: for the technician."""

    __slots__ = ("reason", "test")

    def __init__(self, reason: str, test: "HopperTest | None" = None) -> None:
        self.reason = reason
        self.test = test


if TYPE_CHECKING:
    Step = Ask | Wait | Intend | Settle
    Answer = Frame | None


def dispense(coins: int, prefix: bytes, keyed: bool) -> "Generator[Step, Answer, Settle | Refused]":
    """Pays up to MAX_COINS coins once.

    prefix: the bytes before the number in DISPENSE (nothing, serial number, or eight for NOENCRYPT).
    keyed: whether the hopper wants HOPPER_KEY before every DISPENSE (SCH2, also NOENCRYPT).
    """
    assert 1 <= coins <= MAX_COINS
    count = yield from _query(cctalk.HOPPER_COUNT, parse_count)
    status = yield from _query(cctalk.HOPPER_STATUS, HopperStatus.parse)
    test = yield from _query(cctalk.TEST_HOPPER, HopperTest.parse)
    if count is None or status is None or test is None:
        return Refused("no answer to 168, 166 or 163")
    if not test.clean or status.remaining:
        return Refused("still paying" if test.clean else test.text, test)
    yield Intend(count, status.events)
    if (yield from _ready(keyed)):
        yield Ask(cctalk.DISPENSE, prefix + bytes([coins]), once=True)
        outcome = yield from read_out(coins, count, status.events)
    else:
        outcome = Settle(0, True)
    yield outcome
    yield Ask(cctalk.ENABLE_HOPPER, b"\0")
    return outcome


def read_out(coins: int, count: int, events: int) -> "Generator[Step, Answer, Settle]":
    """What became of an intent, by the hopper's counters: after a DISPENSE, and after any crash.

    coins, count, events: as the intent has them. Sends no command but, to a stuck hopper, EMERGENCY_STOP.
    """
    outcome = Settle(0, False)
    for _ in range(ATTEMPTS):
        status = yield from _finished()
        now = yield from _query(cctalk.HOPPER_COUNT, parse_count, PATIENCE // SILENCE_COST)
        if status is None or now is None:
            return outcome
        outcome = judge(coins, count, events, status, now)
        if outcome.certain:
            return outcome
        yield Wait(LATE_COIN_SECONDS)  # a coin on its way is counted by one register before the other
    return outcome


def judge(coins: int, count: int, events: int, status: HopperStatus, now: int) -> Settle:
    """Compares the registers before (count, events) with those after (now, status)."""
    paid = (now - count) % COUNT_MODULUS
    if paid == 0 and status.events == events:
        return Settle(0, True)  # never started
    if paid > coins + LATE_COINS:
        return Settle(0, False)  # another hopper, or its memory is gone
    return Settle(paid, status.paid == paid)


def _ready(keyed: bool) -> "Generator[Step, Answer, bool]":
    answer = yield Ask(cctalk.ENABLE_HOPPER, bytes([cctalk.HOPPER_ENABLED]))
    if answer is None or answer.header != cctalk.REPLY:
        return False
    if not keyed:
        return True
    answer = yield Ask(cctalk.HOPPER_KEY)
    return answer is not None and answer.header == cctalk.REPLY


def _finished() -> "Generator[Step, Answer, HopperStatus | None]":
    """The status once nothing remains to be paid; None if the hopper stays silent."""
    remaining, quiet, stopped = -1, 0, False
    while True:
        status = yield from _once(cctalk.HOPPER_STATUS, HopperStatus.parse)
        if status and status.remaining == 0:
            return status
        if status and status.remaining != remaining:
            remaining, quiet = status.remaining, 0
        quiet += 1 if status else SILENCE_COST
        if quiet >= PATIENCE:
            if stopped or status is None:
                return None
            yield Ask(cctalk.EMERGENCY_STOP)
            yield Wait(LATE_COIN_SECONDS)
            quiet, stopped = 0, True
        yield Wait(POLL_SECONDS)


def _query(
    header: int, parse: "Callable[[bytes], T]", attempts: int = ATTEMPTS
) -> "Generator[Step, Answer, T | None]":
    """Asks until a well-formed answer comes."""
    for _ in range(attempts):
        value = yield from _once(header, parse)
        if value is not None:
            return value
        yield Wait(POLL_SECONDS)
    return None


def _once(header: int, parse: "Callable[[bytes], T]") -> "Generator[Step, Answer, T | None]":
    answer = yield Ask(header)
    if answer is None or answer.header != cctalk.REPLY:
        return None
    try:
        return parse(answer.data)
    except BadReply:
        return None

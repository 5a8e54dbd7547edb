"""What a survey sees of each ccTalk device: coin acceptor, hopper, bill validator, or something else.

The rule it keeps: an input that is switched to take money is not polled. Polling is what keeps it taking
money (its watchdog, S4 2.1.2), and nobody would credit it.
"""

from collections.abc import Awaitable, Callable, Collection, Mapping
from typing import TypeVar

from drivers.cash import bill_events, cctalk, coin_events
from drivers.cash.acceptor import CATEGORY as ACCEPTOR
from drivers.cash.bus import Bus, BusError, Refused, Silent
from drivers.cash.credit import Position, Result, advance
from drivers.cash.denominations import read_bills, read_coins
from drivers.cash.hopper import CATEGORY as HOPPER
from drivers.cash.hopper import fault_of
from drivers.cash.identity import Identity, identify
from drivers.cash.payloads import (
    Events,
    HopperLevel,
    HopperStatus,
    HopperTest,
    parse_byte,
    parse_coin_id,
    parse_count,
    parse_inhibits,
    parse_revision,
    parse_text,
)
from drivers.cash.validator import CATEGORIES as VALIDATORS
from hal.contracts import Finding
from hal.faults import CASH_ACCEPTOR_BLOCKED, CASH_LINK_LOST, Fault

T = TypeVar("T")
Facts = tuple[tuple[str, str], ...]

VERSIONS: tuple[tuple[str, int, Callable[[bytes], str]], ...] = (
    ("software", cctalk.SOFTWARE, parse_text),
    ("build", cctalk.BUILD, parse_text),
    ("protocol", cctalk.COMMS_REVISION, parse_revision),
)
NOT_POLLED = "its events are not read, as that would keep it taking money; is a kiosk running?"


class Looker:
    """One address of the bus: identifies what answers there, and says how it is."""

    def __init__(self, bus: Bus, address: int) -> None:
        self._bus = bus
        self._address = address
        self._device: _Kind | None = None
        self._last: Finding | None = None

    async def look(self) -> Finding:
        """Raises bus.BusError (nobody has ever answered here), PortLost."""
        try:
            if self._device is None:
                self._device = await _open(self._bus, self._address)
            self._last = await self._device.look()
        except BusError as error:
            self._device = None  # what comes back may be another one
            if self._last is None:
                raise
            fault = Fault(CASH_LINK_LOST, "cash", f"{error}; check its cable and power")
            self._last = Finding(self._last.name, self._last.facts, (fault,))
        return self._last


class _Kind:
    """A device of a kind that is not known here; the others build on it."""

    noun = "device"

    def __init__(self, bus: Bus, address: int, facts: Facts) -> None:
        self.bus = bus
        self.address = address
        self.facts = facts
        self.name = f"{self.noun} at {address}"

    async def open(self) -> None:
        """Reads what does not change. Raises bus.BusError, PortLost."""

    async def look(self) -> Finding:
        """Raises bus.BusError, PortLost."""
        await self.bus.command(self.address, cctalk.SIMPLE_POLL)
        return Finding(self.name, self.facts)

    async def optional(self, answer: Awaitable[T]) -> T | None:
        """For headers that a device need not know."""
        try:
            return await answer
        except (Silent, Refused):
            return None


class _Input(_Kind):
    """A device that takes money: acceptor or validator."""

    header = cctalk.READ_CREDITS

    def __init__(self, bus: Bus, address: int, facts: Facts) -> None:
        super().__init__(bus, address, facts)
        self.values: Mapping[int, int] = {}
        self._position: Position | None = None

    async def look(self) -> Finding:
        taking = await self._taking()
        facts = (*self.facts, ("can tell", _yen(self.values.values())))
        if taking:
            return Finding(self.name, (*facts, ("takes money", f"{_yen(taking)}; {NOT_POLLED}")))
        events = await self.bus.query(self.address, self.header, Events.parse)
        facts = (*facts, ("takes money", "no"), *self.details(events))
        return Finding(self.name, facts, await self.faults(), self._news(events))

    def details(self, events: Events) -> Facts:
        """More facts, from its latest events."""
        return ()

    async def faults(self) -> tuple[Fault, ...]:
        return ()

    def told(self, result: Result) -> str:
        """An event in words."""
        raise NotImplementedError

    async def _taking(self) -> list[int]:
        """Values that it would take if somebody polled it."""
        mask = await self.bus.query(self.address, cctalk.REQUEST_INHIBITS, parse_inhibits)
        master = await self.bus.query(self.address, cctalk.REQUEST_MASTER_INHIBIT, parse_byte)
        return [value for kind, value in self.values.items() if master & 1 and mask >> (kind - 1) & 1]

    def _news(self, events: Events) -> tuple[str, ...]:
        step = advance(self._position, events)
        self._position = step.position
        reset = ["it was reset, or had no power for a moment"] if step.reset else []
        lost = [f"{step.lost} events came too quickly to be read"] if step.lost else []
        return (*reset, *lost, *(self.told(result) for result in step.results))


class _Acceptor(_Input):
    noun = "coin acceptor"

    async def open(self) -> None:
        self.values = await read_coins(self.bus, self.address)

    async def faults(self) -> tuple[Fault, ...]:
        found = await self.bus.query(self.address, cctalk.SELF_CHECK, parse_byte)
        text = f"its self-check says {found}: open the acceptor and clear the coin path"
        return (Fault(CASH_ACCEPTOR_BLOCKED, "cash", text),) if found else ()

    def told(self, result: Result) -> str:
        if result.a:
            return f"a coin was taken: {self.values.get(result.a, '?')} yen"
        what = coin_events.Meaning(result.b)
        words = (
            (what.lever, "the return lever was pressed"),
            (what.inhibited, "a coin was refused: inhibited"),
            (what.fraud, "manipulation is suspected"),
            (what.stuck, "something is stuck"),
            (what.kept, "a coin may have stayed inside"),
            (True, "a coin was rejected"),
        )
        return next(text for so, text in words if so) + f" (event {result.b})"


class _Validator(_Input):
    noun = "bill validator"
    header = cctalk.READ_BILLS

    async def open(self) -> None:
        self.values = await read_bills(self.bus, self.address)

    def details(self, events: Events) -> Facts:
        kind, state = events.results[0]
        held = kind and state == bill_events.HELD
        return (("escrow", f"{self.values.get(kind, '?')} yen wait there" if held else "empty"),)

    def told(self, result: Result) -> str:
        if not result.a:
            return f"{bill_events.Meaning(result.b).words} (event {result.b})"
        value = self.values.get(result.a, "?")
        done = {bill_events.HELD: "waits in escrow", bill_events.STACKED: "was stacked"}.get(
            result.b, f"state {result.b}"
        )
        return f"a bill of {value} yen {done}"


class _Hopper(_Kind):
    noun = "hopper"
    _has_level = False

    async def open(self) -> None:
        coin = await self.optional(self.bus.query(self.address, cctalk.HOPPER_COIN, parse_coin_id))
        self.facts = (*self.facts, ("coin", f"{coin} yen" if coin else "not told"))
        level = await self.optional(self.bus.query(self.address, cctalk.HOPPER_LEVEL, HopperLevel.parse))
        self._has_level = level is not None

    async def look(self) -> Finding:
        paid = await self.bus.query(self.address, cctalk.HOPPER_COUNT, parse_count)
        last = await self.bus.query(self.address, cctalk.HOPPER_STATUS, HopperStatus.parse)
        test = await self.bus.query(self.address, cctalk.TEST_HOPPER, HopperTest.parse)
        outcome = f"{last.paid} paid, {last.unpaid} unpaid"
        facts = (
            *self.facts,
            ("coins paid ever", str(paid)),
            ("last payout", f"{outcome}, {last.remaining} to come" if last.remaining else outcome),
            ("flags", test.text),
            *await self._level(),
        )
        fault = fault_of(self.name, test)
        return Finding(self.name, facts, (fault,) if fault else ())

    async def _level(self) -> Facts:
        if not self._has_level:
            return (("level", "not told"),)
        level = await self.bus.query(self.address, cctalk.HOPPER_LEVEL, HopperLevel.parse)
        if level.low is None and level.high is None:
            return (("level", "no sensor"),)
        return (("level", "low" if level.low else "high" if level.high else "enough"),)


def _kind_of(category: str) -> Callable[[Bus, int, Facts], _Kind]:
    kinds = {ACCEPTOR: _Acceptor, HOPPER: _Hopper, **dict.fromkeys(VALIDATORS, _Validator)}
    return kinds.get(category, _Kind)


async def _open(bus: Bus, address: int) -> _Kind:
    """Raises bus.BusError, PortLost."""
    identity = await identify(bus, address)
    kind = _kind_of(identity.category)(bus, address, ())
    kind.facts = _about(identity)
    for label, header, parse in VERSIONS:
        kind.facts += ((label, await kind.optional(bus.query(address, header, parse)) or "not told"),)
    await kind.open()
    return kind


def _about(identity: Identity) -> Facts:
    return (
        ("maker", identity.maker),
        ("category", identity.category),
        ("model", identity.product),
        ("serial", str(identity.serial) if identity.serial >= 0 else "not told"),
        ("simulator", "yes" if identity.virtual else "no"),
    )


def _yen(values: Collection[int]) -> str:
    return ", ".join(str(value) for value in sorted(set(values))) + " yen" if values else "nothing"

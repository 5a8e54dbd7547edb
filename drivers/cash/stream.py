"""The event stream of a coin acceptor or bill validator, credited into the book exactly once.

The rule it keeps: mark and credits are committed in one transaction, and only what the book says is new
is handed on. Reading is free: after any failure the same reply is simply read again.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from drivers.cash.bus import Bus
from drivers.cash.credit import Position, Result, Step, advance
from drivers.cash.payloads import Events
from drivers.cash.tally import Tally, beyond
from hal.contracts import CashBook, Credit, CreditMark
from hal.faults import CASH_ACCEPTOR_RESET, CASH_EVENTS_LOST, CASH_IDENTITY_CHANGED, Fault

Worth = Callable[[Result], int]
"""Yen that this result credits; 0 for an event."""


@dataclass(frozen=True)
class News:
    """What one poll brought. credits: committed and new, by seq; step: everything else.

    lost: whether events were lost, and nobody can know if there was money among them.
    """

    counter: int
    step: Step
    credits: dict[int, Credit]
    lost: bool = False


class EventStream:
    """header: READ_CREDITS or READ_BILLS. Open it with the device's key, then ``read``."""

    def __init__(self, bus: Bus, book: CashBook, address: int, header: int, worth: Worth) -> None:
        self._bus = bus
        self._book = book
        self._address = address
        self._header = header
        self._worth = worth
        self._tally = Tally(bus, address)
        self._device = ""
        self._position: Position | None = None

    async def open(self, device: str) -> None:
        """Resumes where the book says this device is credited."""
        mark = await self._book.mark(device)
        self._device = device
        self._position = Position(mark.epoch, mark.last, mark.seq) if mark else None

    async def compare_from_here(self, kinds: Iterable[int]) -> None:
        """From now on the device's own counters of these coins are compared. Raises as ``read``."""
        await self._tally.open(kinds, self._ask)

    async def read(self) -> News:
        """Raises bus.Silent, bus.Refused, PortLost. Call it from one task at a time."""
        events = await self._ask()
        step = advance(self._position, events)
        if not step.changed:
            return News(events.counter, step, {})
        found: list[int] | None = []
        if step.lost:
            events, found = await self._find_lost(events)
            step = advance(self._position, events)
        worth = self._credits(step) + self._credits_of_lost(step, found or ())
        new = await self._book.credit(self._mark(step.position), worth)
        self._position = step.position
        for kind in [*(found or ()), *(result.a for result in step.results if result.a)]:
            self._tally.credited(kind)
        await self._note(step, found)
        return News(events.counter, step, {credit.seq: credit for credit in new}, found is None)

    async def untold(self) -> Sequence[int]:
        """Types of coins that the device has counted and never told of, as far as that can be known.

        Raises as ``read``.
        """
        events, more = await self._tally.more(await self._ask(), self._ask)
        step = advance(self._position, events)
        return [] if more is None or step.lost else beyond(more, step) or []

    async def _ask(self) -> Events:
        return await self._bus.query(self._address, self._header, Events.parse)

    async def _find_lost(self, events: Events) -> tuple[Events, list[int] | None]:
        """The types of the coins among lost events (None: nobody can know), and the newest events."""
        events, more = await self._tally.more(events, self._ask)
        step = advance(self._position, events)
        found = None if more is None else beyond(more, step)
        return events, found if found is not None and len(found) <= step.lost else None

    def _mark(self, position: Position) -> CreditMark:
        return CreditMark(self._device, position.epoch, position.last, position.seq)

    def _credits(self, step: Step) -> list[Credit]:
        worth = [(result.seq, self._worth(result)) for result in step.results]
        return [Credit(self._device, step.position.epoch, seq, value) for seq, value in worth if value > 0]

    def _credits_of_lost(self, step: Step, kinds: Sequence[int]) -> list[Credit]:
        """They take the first of the numbers that the lost events would have had."""
        first = step.position.seq - len(step.results) - step.lost + 1
        worth = [(seq, self._worth(Result(seq, kind, 0))) for seq, kind in enumerate(kinds, start=first)]
        return [Credit(self._device, step.position.epoch, seq, value) for seq, value in worth if value > 0]

    async def _note(self, step: Step, found: Sequence[int] | None) -> None:
        where = f"device {self._address}"
        if step.first_seen:
            text = f"{where} was not known here; whatever it took before is not credited"
            await self._book.note(Fault(CASH_IDENTITY_CHANGED, "cash", text))
        if step.reset:
            text = f"{where} lost its counter (power cut?); money it took just before may be uncounted"
            await self._book.note(Fault(CASH_ACCEPTOR_RESET, "cash", text))
        if step.lost:
            text = f"{step.lost} events of {where} are lost; "
            told = "count its cash box against the journal"
            if found is not None:
                told = f"by its own counters {len(found)} coins were among them, which are credited"
            await self._book.note(Fault(CASH_EVENTS_LOST, "cash", text + told))

"""The event stream of a coin acceptor or bill validator, credited into the book exactly once.

The rule it keeps: mark and credits are committed in one transaction, and only what the book says is new
is handed on. Reading is free: after any failure the same reply is simply read again.
"""

from collections.abc import Callable
from dataclasses import dataclass

from drivers.cash.bus import Bus
from drivers.cash.credit import Position, Result, Step, advance
from drivers.cash.payloads import Events
from hal.contracts import CashBook, Credit, CreditMark
from hal.faults import CASH_ACCEPTOR_RESET, CASH_EVENTS_LOST, CASH_IDENTITY_CHANGED, Fault

Worth = Callable[[Result], int]
"""Yen that this result credits; 0 for an event."""


@dataclass(frozen=True)
class News:
    """What one poll brought. credits: committed and new, by seq; step: everything else."""

    counter: int
    step: Step
    credits: dict[int, Credit]


class EventStream:
    """header: READ_CREDITS or READ_BILLS. Open it with the device's key, then ``read``."""

    def __init__(self, bus: Bus, book: CashBook, address: int, header: int, worth: Worth) -> None:
        self._bus = bus
        self._book = book
        self._address = address
        self._header = header
        self._worth = worth
        self._device = ""
        self._position: Position | None = None

    async def open(self, device: str) -> None:
        """Resumes where the book says this device is credited."""
        mark = await self._book.mark(device)
        self._device = device
        self._position = Position(mark.epoch, mark.last, mark.seq) if mark else None

    async def read(self) -> News:
        """Raises bus.Silent, bus.Refused, PortLost. Call it from one task at a time."""
        events = await self._bus.query(self._address, self._header, Events.parse)
        step = advance(self._position, events)
        if not step.changed:
            return News(events.counter, step, {})
        new = await self._book.credit(self._mark(step.position), self._credits(step))
        self._position = step.position
        await self._note(step)
        return News(events.counter, step, {credit.seq: credit for credit in new})

    def _mark(self, position: Position) -> CreditMark:
        return CreditMark(self._device, position.epoch, position.last, position.seq)

    def _credits(self, step: Step) -> list[Credit]:
        worth = [(result.seq, self._worth(result)) for result in step.results]
        return [Credit(self._device, step.position.epoch, seq, value) for seq, value in worth if value > 0]

    async def _note(self, step: Step) -> None:
        where = f"device {self._address}"
        if step.first_seen:
            text = f"{where} was not known here; whatever it took before is not credited"
            await self._book.note(Fault(CASH_IDENTITY_CHANGED, "cash", text))
        if step.reset:
            text = f"{where} lost its counter (power cut?); money it took just before may be uncounted"
            await self._book.note(Fault(CASH_ACCEPTOR_RESET, "cash", text))
        if step.lost:
            text = f"{step.lost} events of {where} are lost; count its cash box against the journal"
            await self._book.note(Fault(CASH_EVENTS_LOST, "cash", text))

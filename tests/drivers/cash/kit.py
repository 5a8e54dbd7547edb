"""A vendor driver and a virtual vendor on one wire, for these tests."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field

from drivers.cash.hopper import HopperSettings
from drivers.cash.vendor import CctalkSettings, CctalkVendor
from drivers.cash.virtual import VirtualBus
from drivers.ports import Port, PortLost, memory_pair
from hal.events import CashCredited, DeviceChanged, Event
from hal.faults import CASH_IDENTITY_CHANGED
from tests.memory_book import MemoryBook
from tests.virtual_time import run_virtual

EVERY = frozenset({10, 50, 100, 500})


@dataclass
class Kiosk:
    """One life of the driver. events: what it has emitted; booked: yen in the book at each credit's event."""

    vendor: CctalkVendor
    bus: VirtualBus
    book: MemoryBook
    events: list[Event] = field(default_factory=list)
    booked: list[int] = field(default_factory=list)
    changed: asyncio.Event = field(default_factory=asyncio.Event)

    def emit(self, event: Event) -> None:
        if isinstance(event, CashCredited):
            self.booked.append(self.book.credited)
        self.events.append(event)
        self.changed.set()

    async def until(self, condition: Callable[[], bool]) -> None:
        """Waits for an event after which the condition holds."""
        async with asyncio.timeout(120):
            while not condition():
                self.changed.clear()
                await self.changed.wait()

    async def sees(self, event: Event) -> None:
        await self.until(lambda: event in self.events)

    def count(self, kind: type[Event]) -> int:
        return sum(isinstance(event, kind) for event in self.events)


class Cable:
    """The line between the two: each opening is a new pair in memory; it can be cut and mended."""

    def __init__(self, bus: VirtualBus, pace: bool = False) -> None:
        self._bus = bus
        self._pace = pace
        self._served: list[tuple[asyncio.Task[None], Port]] = []
        self.cut = False

    async def open(self, _: str) -> Port:
        if self.cut:
            raise PortLost("memory: cut")
        host, device = memory_pair()
        self._served.append((asyncio.create_task(self._bus.serve(device, self._pace)), device))
        return host

    async def unplug(self) -> None:
        self.cut = True
        await self.close()

    async def close(self) -> None:
        for task, port in self._served:
            await port.close()
            await task
        self._served.clear()


def settings(bus: VirtualBus, **more: object) -> CctalkSettings:
    """Of a kiosk that knows what the hoppers hold now."""
    hoppers = tuple(HopperSettings(a, h.value, h.coins) for a, h in bus.hoppers.items())
    return CctalkSettings(port="memory:", hoppers=hoppers, **more)  # type: ignore[arg-type]


Opener = Callable[[str], Awaitable[Port]]


@asynccontextmanager
async def running(
    bus: VirtualBus, book: MemoryBook, opener: Opener, configured: CctalkSettings | None = None
) -> AsyncIterator[Kiosk]:
    """A driver that has said for the first time how it is. Leaving the block ends it."""
    kiosk = Kiosk(CctalkVendor(configured or settings(bus), book, opener), bus, book)
    pump = asyncio.create_task(kiosk.vendor.run(kiosk.emit))
    try:
        await kiosk.until(lambda: bool(kiosk.events))
        yield kiosk
    finally:
        pump.cancel()
        with suppress(asyncio.CancelledError):
            await pump


@asynccontextmanager
async def on_one_wire(
    bus: VirtualBus, book: MemoryBook | None = None, configured: CctalkSettings | None = None
) -> AsyncIterator[tuple[Kiosk, Cable]]:
    """As ``running``, over a cable in memory."""
    cable = Cable(bus)
    try:
        async with running(bus, book or MemoryBook(), cable.open, configured) as kiosk:
            yield kiosk, cable
    finally:
        await cable.close()


Story = Callable[[Kiosk, Cable], Awaitable[None]]


def play(
    story: Story,
    bus: VirtualBus | None = None,
    configured: CctalkSettings | None = None,
    debug: bool = True,
) -> Kiosk:
    """Runs the story against a fresh kiosk; afterwards every yen must be somewhere."""

    async def main() -> Kiosk:
        wired = bus or VirtualBus()
        async with on_one_wire(wired, None, configured) as (kiosk, cable):
            await story(kiosk, cable)
            assert wired.conserved
        return kiosk

    return run_virtual(main(), debug=debug)


def fault_codes(kiosk: Kiosk) -> list[str | None]:
    changes = [event.fault for event in kiosk.events if isinstance(event, DeviceChanged)]
    return [getattr(fault, "code", None) for fault in changes]


def noted(kiosk: Kiosk) -> list[str]:
    return [fault.code for fault in kiosk.book.notes if fault.code != CASH_IDENTITY_CHANGED]

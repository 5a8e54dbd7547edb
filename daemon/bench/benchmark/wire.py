"""How busy the coin vendor's one wire is: the kiosk's own driver on a line at the pace of 9600 baud."""

import asyncio
import tempfile
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import msgspec

from daemon.clock import TOKYO
from daemon.config import ASSETS
from daemon.session.book import JournalBook
from daemon.session.catalogue import load_events
from daemon.session.journal import Journal
from drivers.cash.virtual import BYTE_SECONDS, VirtualBus
from drivers.registry import driver_class
from hal.events import DeviceChanged, Event

SECONDS = 15.0
HOPPER = 5
VALUE, COINS = 100, 100
TAKEN = frozenset({10, 50, 100, 500, 1000})


async def utilisation() -> float:
    """Per cent of the line that the polling of three devices takes: acceptor, hopper, bill validator."""
    bus = VirtualBus({HOPPER: (VALUE, COINS)}, validator=True)
    fields = {name: kind.fields for name, kind in load_events(ASSETS).items()}
    driver = driver_class("cash", "cctalk")
    with tempfile.TemporaryDirectory() as folder:
        journal = Journal(Path(folder, "journal.db"), fields, lambda: datetime.now(TOKYO), "benchmark")
        await journal.open()
        link = Path(folder, "vendor")
        hoppers = [{"address": HOPPER, "value": VALUE, "loaded": COINS}]
        settings = {"port": f"pty:{link}", "hoppers": hoppers, "validator": 40}
        async with bus.serve_pty(link, pace=True):
            vendor = driver(msgspec.convert(settings, driver.Settings), JournalBook(journal, "benchmark"))
            up = asyncio.Event()
            pump = asyncio.create_task(vendor.run(lambda event: _told(event, up)))
            await up.wait()
            await vendor.accept(TAKEN)
            before = bus.carried
            await asyncio.sleep(SECONDS)
            share = (bus.carried - before) * BYTE_SECONDS / SECONDS * 100
            pump.cancel()
            with suppress(asyncio.CancelledError):
                await pump
        await journal.close()
    return share


def _told(event: Event, up: asyncio.Event) -> None:
    if isinstance(event, DeviceChanged) and event.fault is None:
        up.set()

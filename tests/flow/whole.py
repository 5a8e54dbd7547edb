"""A whole kiosk in one process under virtual time: the real session on the real drivers, and behind each
driver its simulator over a transport in memory. Only the glass has no pixels and the cabinet no wire.
"""

import asyncio
import functools
import random
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from daemon.center.documents import Press
from daemon.center.identity import Trust
from daemon.center.registry import Registry, open_engine
from daemon.center.sample import SAMPLE_HOLDERS, card_dates, sample_registry
from daemon.center.service import CenterService, Office
from daemon.clock import TOKYO
from daemon.issuance.profile import load_profile, profile_hash
from daemon.issuance.seal import Keyring, Sealer, new_key
from daemon.session.book import JournalBook
from daemon.session.cases import Cases
from daemon.session.cashier import Cashier
from daemon.session.catalogue import load_faults
from daemon.session.desk import Desk
from daemon.session.health import Health
from daemon.session.host import Host
from daemon.session.journal import Journal
from daemon.session.untold import Untold
from daemon.session.visit import Devices, Kiosk
from daemon.session.widgets import Screen
from drivers.card.chip import CardContents, VirtualCard
from drivers.card.sample import CardKeys, sample_authority
from drivers.card.sample import new_key as new_card_key
from drivers.cash.hopper import HopperSettings
from drivers.cash.vendor import CctalkSettings, CctalkVendor
from drivers.cash.virtual import VirtualBus
from drivers.document.printer import IppPrinter, IppSettings
from drivers.document.virtual import VirtualPrinter
from drivers.ports import Port, memory_pair
from drivers.receipt.escpos import EscposPrinter, EscposSettings
from drivers.receipt.virtual import VirtualReceiptPrinter
from hal.contracts import Emit, Lamp
from hal.events import DeviceChanged, Event, TrayChanged
from tests.direct_line import DirectLine
from tests.direct_reader import DirectReader
from tests.session.stage import ASSETS, FIELDS, FakeFace, Inline, StubSay

MORNING = datetime(2026, 4, 1, 7, 0, tzinfo=TOKYO)
TERMINAL = "WALK01"
PROFILE = ASSETS / "municipalities" / "162027.toml"
HOPPERS = {3: (10, 40), 4: (50, 40), 5: (100, 60), 6: (500, 20)}


class Tray:
    """A cabinet whose paper sensor sees the virtual printer's tray."""

    virtual = True
    has_tray_sensor = True

    def __init__(self, printer: VirtualPrinter) -> None:
        self._printer = printer
        self._emit: Emit | None = None
        self._told = False
        printer.on_sheet = lambda _: self.changed()

    @property
    def paper_in_tray(self) -> bool:
        return bool(self._printer.tray)

    async def run(self, emit: Emit) -> None:
        self._emit = emit
        await asyncio.get_running_loop().create_future()

    def changed(self) -> None:
        if self._emit is not None and self._told != self.paper_in_tray:
            self._told = self.paper_in_tray
            self._emit(TrayChanged(self._told))

    def lamp(self, name: Lamp, on: bool) -> None:
        """Nobody looks."""


@functools.cache
def card_files() -> dict[str, tuple[CardKeys, bytes]]:
    """A certificate for every sample holder, made once (keys are slow)."""
    key = new_card_key()
    authority = sample_authority(key)
    files = {}
    for name, holder in SAMPLE_HOLDERS.items():
        issued, through = card_dates(name, MORNING.date())
        begin = datetime.combine(issued, datetime.min.time(), TOKYO)
        end = datetime.combine(through, datetime.max.time(), TOKYO)
        files[name] = (authority.issue(holder.serial, begin, end, key), authority.der)
    return files


@functools.cache
def press() -> Press:
    """The layout engine, warmed once."""
    made = Press(ASSETS / "certificates")
    made.warm()
    return made


@dataclass
class Parts:
    """What a walk drives and what it checks afterwards."""

    desk: Desk
    face: FakeFace
    host: Host
    journal: Journal
    cases: Cases
    bus: VirtualBus
    printer: VirtualPrinter
    tray: Tray
    receipts: VirtualReceiptPrinter
    reader: DirectReader
    cards: dict[str, VirtualCard]

    @property
    def screen(self) -> Screen:
        return self.face.shown[-1]

    def take_paper(self) -> None:
        self.printer.take_paper()
        self.tray.changed()


@asynccontextmanager
async def whole_kiosk(seed: int, journal_path: Path | str = ":memory:") -> AsyncIterator[Parts]:
    """A running kiosk that shows its start menu."""
    loop = asyncio.get_running_loop()
    chance = random.Random(seed)

    def now() -> datetime:
        return MORNING + timedelta(seconds=loop.time())

    journal = Journal(journal_path, FIELDS, now, "boot", Inline())
    await journal.open()
    bus, printer, receipts = VirtualBus(HOPPERS), VirtualPrinter(), VirtualReceiptPrinter()
    reader, tray, face = DirectReader(), Tray(printer), FakeFace()
    background: list[asyncio.Task[None]] = []

    async def opener(_: str) -> Port:
        ours, theirs = memory_pair()
        background.append(loop.create_task(bus.serve(theirs)))
        return ours

    async def receipt_opener() -> Port:
        ours, theirs = memory_pair()
        background.append(loop.create_task(receipts.serve(theirs)))
        return ours

    book = JournalBook(journal, "stray-boot")
    hoppers = tuple(HopperSettings(address, value, coins) for address, (value, coins) in HOPPERS.items())
    vendor = CctalkVendor(CctalkSettings("memory", hoppers), book, opener)
    document = IppPrinter(IppSettings("ipp://printer/ipp/print"), printer.exchange)
    receipt = EscposPrinter(EscposSettings("memory", virtual=True), receipt_opener)
    profile = load_profile(PROFILE)
    sealer = Sealer.from_pem(new_key())
    service = _center(now, sealer)
    line = DirectLine(service, TERMINAL)
    desk = Desk(face, lambda _: None)
    health = Health(load_faults(ASSETS), frozenset({"card", "cash", "document", "receipt"}))
    cases, untold = Cases(journal), Untold(journal, line)
    kiosk = Kiosk(
        terminal=TERMINAL,
        municipality=profile.municipality(),
        journal=journal,
        cashier=Cashier(vendor, book, journal),
        devices=Devices(reader, document, receipt, tray),
        line=line,
        keyring=Keyring.of([sealer.public_pem()]),
        texts=StubSay,
        opening=lambda kind: profile.opening(kind, now()),
        sample=lambda: True,
        now=now,
        random=chance.randbytes,
    )
    host = Host(kiosk, desk, health, cases, book, untold, vendor, lambda: True)

    def emit(event: Event) -> None:
        if isinstance(event, DeviceChanged):
            health.take(event)
        desk.post(event)

    for device in (reader, vendor, document, receipt, tray):
        background.append(loop.create_task(device.run(emit)))
    serving = loop.create_task(host.serve("boot", lambda: None))
    cards = {name: VirtualCard(CardContents(keys, der)) for name, (keys, der) in card_files().items()}
    try:
        while not face.shown:  # noqa: ASYNC110 the host draws at its first turn
            await asyncio.sleep(0)
        yield Parts(desk, face, host, journal, cases, bus, printer, tray, receipts, reader, cards)
        if serving.done():
            serving.result()
    finally:
        for task in (serving, *background):
            task.cancel()
        for task in (serving, *background):
            with suppress(asyncio.CancelledError):
                await task
        await journal.close()


def _center(now: Callable[[], datetime], sealer: Sealer) -> CenterService:
    engine = open_engine(None)
    sample_registry(engine, MORNING.date())
    office = Office(load_profile(PROFILE), profile_hash(PROFILE), True)
    authority = card_files()["taro"][1]
    trust = Trust([x509.load_der_x509_certificate(authority)], True)
    return CenterService(Registry(engine), office, sealer, trust, press(), now)

"""A whole kiosk in one process under virtual time: the real session on the real drivers, and behind each
driver its simulator over a transport in memory. Only the glass has no pixels and the cabinet no wire.
"""

import asyncio
import functools
import random
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path

from cryptography import x509

from daemon.center.documents.press import Press
from daemon.center.identity import Trust
from daemon.center.registry import Registry, open_engine
from daemon.center.sample import card_dates, holders, sample_registry
from daemon.center.service import CenterService, Office, Offices
from daemon.clock import TOKYO
from daemon.issuance.profile import Profile, load_profile, profile_hash
from daemon.issuance.seal import Keyring, Sealer, new_key
from daemon.session.book import JournalBook
from daemon.session.cases import Cases
from daemon.session.cashier import Cashier
from daemon.session.catalogue import load_faults
from daemon.session.desk import Desk
from daemon.session.health import Health
from daemon.session.host import Host
from daemon.session.journal import Journal
from daemon.session.paper import PaperCount
from daemon.session.reminder import CardReminder
from daemon.session.untold import Untold
from daemon.session.visit import Devices, Kiosk
from daemon.session.widgets import Screen
from drivers.card.chip import VirtualCard
from drivers.card.sample import CardKeys, new_p384_key, sample_authority
from drivers.card.sample import new_key as new_card_key
from drivers.card.virtual import card_of
from drivers.cash.hopper import HopperSettings
from drivers.cash.vendor import CctalkSettings, CctalkVendor
from drivers.cash.virtual import VirtualBus
from drivers.document.printer import IppPrinter, IppSettings
from drivers.document.virtual import VirtualPrinter
from drivers.ports import Port, memory_pair
from drivers.receipt.escpos import EscposPrinter, EscposSettings
from drivers.receipt.virtual import VirtualReceiptPrinter
from hal.contracts import Emit, Lamp, TokenKind
from hal.events import DeviceChanged, Event, TrayChanged
from tests.direct_line import DirectLine
from tests.direct_reader import DirectReader
from tests.session.stage import ASSETS, FIELDS, FakeFace, Inline, StubSay, stub_aids

MORNING = datetime(2026, 4, 1, 7, 0, tzinfo=TOKYO)
TERMINAL = "WALK01"
PROFILE = ASSETS / "municipalities" / "162027.toml"
ISHIKARI = PROFILE.with_name("012351.toml")
HOPPERS = {3: (10, 40), 4: (50, 40), 5: (100, 60), 6: (500, 20)}


@dataclass(frozen=True)
class SetUp:
    """What a test wants otherwise than on an ordinary morning.

    hoppers: address → (value, coins). also: profiles of municipalities that the center serves besides.
    line: builds the line to the center, e.g. to one that lies. sealer: of that center. sensor: whether the
    tray has one. latency: seconds until the reader has read a card. seconds_per_sheet: of the printer.
    validator: whether the vendor takes bills too. tokens: what the site takes. printer: one that was there
    before. boot: of this start.
    """

    begins: datetime = MORNING
    hoppers: Mapping[int, tuple[int, int]] = field(default_factory=lambda: HOPPERS)
    profile: Profile = field(default_factory=lambda: load_profile(PROFILE))
    also: tuple[Profile, ...] = ()
    line: Callable[[CenterService, str], DirectLine] = DirectLine
    sealer: Sealer = field(default_factory=lambda: Sealer.from_pem(new_key()))
    sensor: bool = True
    latency: float = 0.0
    seconds_per_sheet: float = 0.0
    validator: bool = False
    tokens: frozenset[TokenKind] = frozenset({TokenKind.MY_NUMBER_CARD})
    printer: VirtualPrinter | None = None
    boot: str = "boot"


class Tray:
    """A cabinet whose paper sensor, if it has one, sees the virtual printer's tray. lamps: those lit."""

    virtual = True

    def __init__(self, printer: VirtualPrinter, sensor: bool) -> None:
        self.has_tray_sensor = sensor
        self.lamps: set[Lamp] = set()
        self._printer = printer
        self._emit: Emit | None = None
        self._told = False
        self._laid_in = False
        printer.on_sheet = lambda _: self.changed()

    @property
    def paper_in_tray(self) -> bool | None:
        paper = self._laid_in or bool(self._printer.tray)
        return paper if self.has_tray_sensor else None

    async def run(self, emit: Emit) -> None:
        self._emit = emit
        await asyncio.get_running_loop().create_future()

    def lay_in(self) -> None:
        """Somebody puts a sheet of his own into it."""
        self._laid_in = True
        self.changed()

    def clear(self) -> None:
        """Everything is taken out."""
        self._laid_in = False
        self._printer.take_paper()
        self.changed()

    def changed(self) -> None:
        paper = self.paper_in_tray
        if self._emit is not None and paper is not None and self._told != paper:
            self._told = paper
            self._emit(TrayChanged(paper))

    def lamp(self, name: Lamp, on: bool) -> None:
        (self.lamps.add if on else self.lamps.discard)(name)


@functools.cache
def card_files(municipality: str) -> dict[str, tuple[CardKeys, bytes]]:
    """A certificate for every sample holder, made once (keys are slow)."""
    key = new_card_key()
    authority = sample_authority(key)
    files = {}
    for name, holder in holders(municipality).items():
        issued, through = card_dates(name, MORNING.date(), municipality)
        begin = datetime.combine(issued, datetime.min.time(), TOKYO)
        end = datetime.combine(through, datetime.max.time(), TOKYO)
        own = new_p384_key() if holder.key == "p384" else key
        files[name] = (authority.issue(holder.serial, begin, end, own), authority.der)
    return files


@functools.cache
def press() -> Press:
    """The layout engine, warmed once."""
    made = Press(ASSETS / "certificates")
    made.warm()
    return made


@dataclass
class Parts:
    """What a walk drives and what it checks afterwards. spoken: (loop's time, text key).

    publish: another profile is in force, at the kiosk and at the center.
    """

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
    registry: Registry
    spoken: list[tuple[float, str]]
    health: Health
    publish: Callable[[Profile], None]
    paper: PaperCount

    @property
    def screen(self) -> Screen:
        return self.face.shown[-1]

    def take_paper(self) -> None:
        self.tray.clear()


@asynccontextmanager
async def whole_kiosk(
    seed: int, journal_path: Path | str = ":memory:", set_up: SetUp | None = None
) -> AsyncIterator[Parts]:
    """A running kiosk that shows its first screen."""
    wanted = set_up or SetUp()
    loop = asyncio.get_running_loop()
    chance = random.Random(seed)

    def now() -> datetime:
        return wanted.begins + timedelta(seconds=loop.time())

    journal = Journal(journal_path, FIELDS, now, wanted.boot, Inline())
    await journal.open()
    bus, receipts = VirtualBus(wanted.hoppers, validator=wanted.validator), VirtualReceiptPrinter()
    printer = wanted.printer or VirtualPrinter(seconds_per_sheet=wanted.seconds_per_sheet)
    reader, tray, face = DirectReader(wanted.latency), Tray(printer, wanted.sensor), FakeFace()
    spoken: list[tuple[float, str]] = []
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
    hoppers = tuple(
        HopperSettings(address, value, coins) for address, (value, coins) in wanted.hoppers.items()
    )
    vendor = CctalkVendor(
        CctalkSettings("memory", hoppers, validator=40 if wanted.validator else None), book, opener
    )
    document = IppPrinter(IppSettings("ipp://printer/ipp/print"), printer.exchange)
    receipt = EscposPrinter(EscposSettings("memory", virtual=True), receipt_opener)
    profile, sealer, engine = wanted.profile, wanted.sealer, open_engine(None)
    sample_registry(engine, MORNING.date())
    registry = Registry(engine)
    service = _center(now, wanted, registry)
    line = wanted.line(service, TERMINAL)
    desk = Desk(face, lambda key: spoken.append((loop.time(), key)), stub_aids())
    health = Health(load_faults(ASSETS), frozenset({"card", "cash", "document", "receipt"}))
    cases, untold, paper = Cases(journal), Untold(journal, line), PaperCount(journal, document)

    def publish(new: Profile) -> None:
        nonlocal profile
        profile = new
        service.publish(Office(new, profile_hash(PROFILE), True))

    def emit(event: Event) -> None:
        if isinstance(event, DeviceChanged):
            health.take(event)
        desk.post(event)

    kiosk = Kiosk(
        terminal=TERMINAL,
        municipality=profile.municipality(),
        journal=journal,
        cashier=Cashier(vendor, book, journal),
        devices=Devices(reader, document, receipt, tray),
        reminder=CardReminder(journal, tray, emit),
        paper=paper,
        line=line,
        keyring=Keyring.of([sealer.public_pem()]),
        texts=StubSay,
        opening=lambda kind: profile.opening(kind, now()),
        sample=lambda: True,
        now=now,
        random=chance.randbytes,
        tokens=wanted.tokens,
    )
    host = Host(kiosk, desk, health, cases, book, untold, vendor, lambda: True)

    for device in (reader, vendor, document, receipt, tray):
        background.append(loop.create_task(device.run(emit)))
    serving = loop.create_task(host.serve(wanted.boot, lambda: None))
    people = holders(profile.code)
    files = card_files(profile.code).items()
    cards = {name: card_of(people[name].kind, keys, der) for name, (keys, der) in files}
    try:
        while not face.shown:  # noqa: ASYNC110 the host draws at its first turn
            await asyncio.sleep(0)
        yield Parts(
            desk,
            face,
            host,
            journal,
            cases,
            bus,
            printer,
            tray,
            receipts,
            reader,
            cards,
            registry,
            spoken,
            health,
            publish,
            paper,
        )
        if serving.done():
            serving.result()
    finally:
        for task in (serving, *background):
            task.cancel()
        for task in (serving, *background):
            with suppress(asyncio.CancelledError):
                await task
        await journal.close()


def _center(now: Callable[[], datetime], wanted: SetUp, registry: Registry) -> CenterService:
    offices = [Office(profile, profile_hash(PROFILE), True) for profile in (wanted.profile, *wanted.also)]
    authority = next(der for _, der in card_files(wanted.profile.code).values())
    trust = Trust([x509.load_der_x509_certificate(authority)], True)
    return CenterService(registry, Offices(*offices), wanted.sealer, trust, press(), now)

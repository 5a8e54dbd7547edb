"""The composition root of the kiosk daemon: every part is made and joined here, and nowhere else."""

import asyncio
import logging
import secrets
import signal
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

from daemon import alive, memory
from daemon.aids import aids
from daemon.badge import Badge
from daemon.build import build_hash
from daemon.clock import clock, synchronised
from daemon.config import ASSETS, Config, ConfigError
from daemon.face.start import Face
from daemon.issuance.client import CenterClient
from daemon.issuance.published import Published
from daemon.issuance.seal import Keyring
from daemon.logbook import tell, writer
from daemon.night import Night
from daemon.office import Office
from daemon.report import Place
from daemon.reprint import reprint
from daemon.service import Acts, Json, Service
from daemon.session.book import JournalBook
from daemon.session.cases import Cases
from daemon.session.cashier import Cashier
from daemon.session.catalogue import load_events, load_faults
from daemon.session.desk import Desk, Limits
from daemon.session.entries import Entry
from daemon.session.health import Health
from daemon.session.host import Host
from daemon.session.journal import Journal, JournalBroken
from daemon.session.paper import PaperCount
from daemon.session.reminder import CardReminder
from daemon.session.screens import out_of_service
from daemon.session.spoken import Spoken
from daemon.session.treasurer import Treasurer
from daemon.session.untold import Untold
from daemon.session.visit import Devices, Kiosk
from daemon.session.widgets import Screen
from daemon.supervisor import Supervisor
from daemon.town import Town
from daemon.watches import CenterWatch, KioskWatch, PaperWatch, ProfileWatch
from hal.contracts import (
    Cabinet,
    CardReader,
    CashVendor,
    Device,
    Display,
    DocumentPrinter,
    Keypad,
    Lamp,
    ReceiptPrinter,
    Touch,
    Voice,
)
from hal.events import DeviceChanged, Event
from hal.faults import (
    BUILD_CHANGED,
    CABINET_LOST,
    CASH_LINK_LOST,
    CENTER_UNREACHABLE,
    DISPLAY_LOST,
    JOURNAL_BROKEN,
    KEYPAD_LOST,
    PCSC_DOWN,
    PRINTER_UNREACHABLE,
    RECEIPT_UNREACHABLE,
    TOUCH_LOST,
    VOICE_SILENT,
    Fault,
)

log = logging.getLogger(__name__)

NEEDED = frozenset({"card", "cash", "document", "receipt", "center", "kiosk"})
LAMPS: Mapping[str, Lamp] = {
    "card": "card",
    "removal": "card",
    "card-left": "card",
    "payment": "cash",
    "take-money": "cash",
    "take": "paper",
    "receipt": "receipt",
}
"""The lamp that is lit while a screen is shown."""


@dataclass(frozen=True)
class Hardware:
    """Every device of the configuration."""

    card: CardReader
    cash: CashVendor
    document: DocumentPrinter
    receipt: ReceiptPrinter
    touch: Touch
    voice: Voice
    cabinet: Cabinet
    keypad: Keypad | None = None

    def pumps(self) -> list[tuple[str, Device, str]]:
        """(name, device, the fault code while its pump is broken)."""
        keypad: list[tuple[str, Device, str]] = [("keypad", self.keypad, KEYPAD_LOST)] if self.keypad else []
        return [
            *keypad,
            ("card", self.card, PCSC_DOWN),
            ("cash", self.cash, CASH_LINK_LOST),
            ("document", self.document, PRINTER_UNREACHABLE),
            ("receipt", self.receipt, RECEIPT_UNREACHABLE),
            ("touch", self.touch, TOUCH_LOST),
            ("voice", self.voice, VOICE_SILENT),
            ("cabinet", self.cabinet, CABINET_LOST),
        ]

    @property
    def virtual(self) -> bool:
        """Whether any of them is simulated: then every page is a 見本."""
        return any(device.virtual for _, device, _ in self.pumps())


def open_hardware(config: Config, book: JournalBook, display: Display) -> Hardware:
    """Makes the drivers but the display's; each connects by itself later. Raises ConfigError."""
    made = {}
    besides = {"cash": (book,), "touch": (display,)}
    for name in config.devices.keys() - {"display"}:
        cls, settings = config.settings(name)
        try:
            made[name] = cls(settings, *besides.get(name, ()))
        except ValueError as error:
            raise ConfigError(f"{config.path}: [{name}] {error}") from None
    return Hardware(**made)


class Daemon:
    """The parts of one running kiosk."""

    def __init__(self, config: Config, face: Face) -> None:
        self._config = config
        self._face = face
        self._boot = secrets.token_hex(8)
        self._now = clock(config.kiosk.clock_offset)
        kinds = load_events(ASSETS)
        fields = {name: kind.fields for name, kind in kinds.items()}
        self._journal = Journal(Path(config.kiosk.journal), fields, self._now, self._boot)
        self._kinds = load_faults(ASSETS)
        self._journal.observe(writer(kinds, self._kinds))
        self._book = JournalBook(self._journal, f"stray-{self._boot}")
        self._hardware = open_hardware(config, self._book, face.display)
        self._badge = Badge(
            self._hardware.card,
            {card: number for number, card in config.staff.cards.items()},
            config.kiosk.terminal,
            self._now,
            secrets.token_bytes,
        )
        self._health = Health(self._kinds, NEEDED)
        self._cases = Cases(self._journal)
        self._paper = PaperCount(self._journal, self._hardware.document)
        self._journal.observe(self._tell_systemd)
        self._changes: asyncio.Queue[DeviceChanged] = asyncio.Queue()
        self._supervisor = Supervisor(self._emit)
        limits = Limits(session=config.limits.session, double_tap=config.limits.double_tap)
        self._desk = Desk(face.renderer, self._speak, aids(face.texts, self._hardware.voice), limits)
        self._desk.observe(self._light)
        self._night = Night(face.display, config.limits.dark)

    async def run(self) -> None:
        """Until stopped by a signal. Raises JournalBroken, ProfileError, OSError."""
        try:
            await self._run()
        except JournalBroken as error:
            tell(self._kinds[JOURNAL_BROKEN], str(error))
            raise

    async def _run(self) -> None:
        await self._journal.open()
        self._journal.observe(memory.after_session)
        await self._cases.load()
        await self._paper.load()
        await self._book.resume()
        town = Town(self._config, self._now)
        center = self._config.center
        line = CenterClient(
            center.address, self._config.kiosk.terminal, center.ca, center.certificate, center.key
        )
        kiosk = self._kiosk(town, line)
        untold = Untold(self._journal, line)
        await untold.load()
        host = Host(
            kiosk,
            self._desk,
            self._health,
            self._cases,
            self._book,
            untold,
            self._hardware.cash,
            self._believed,
        )
        watch = CenterWatch(
            line,
            lambda: town.published.hash,
            lambda: self._hardware.virtual,
            self._now,
            center.look_seconds,
        )
        self._start_pumps(watch, self._profile_watch(town, kiosk, host, watch))
        try:
            await self._until_stopped(host, self._service(kiosk, host), town.published)
        except JournalBroken:
            self._show_broken()
            raise
        finally:
            await self._supervisor.stop()
            await line.close_connection()
            await self._journal.close()

    # ------------------------------------------------------------ parts

    def _kiosk(self, town: Town, line: CenterClient) -> Kiosk:
        hardware = self._hardware
        return Kiosk(
            terminal=self._config.kiosk.terminal,
            municipality=town.municipality,
            journal=self._journal,
            cashier=Cashier(hardware.cash, self._book, self._journal),
            devices=Devices(hardware.card, hardware.document, hardware.receipt, hardware.cabinet),
            reminder=CardReminder(self._journal, hardware.cabinet, self._emit),
            paper=self._paper,
            line=line,
            keyring=Keyring.load([Path(key) for key in self._config.center.keys]),
            texts=self._face.texts,
            opening=town.opening,
            sample=lambda: hardware.virtual,
            now=self._now,
            random=secrets.token_bytes,
            tokens=town.tokens,
            attendant_seconds=self._config.limits.attendant,
            explain=self._health.explain,
        )

    def _profile_watch(self, town: Town, kiosk: Kiosk, host: Host, center: CenterWatch) -> ProfileWatch:
        async def take(new: Published | None) -> None:
            """A new profile, or a day on which other phones are taken: the next citizen has it."""
            if new is not None:
                center.look()
                await self._journal.write("profile.taken", profile=new.hash)
            self._desk.limits = replace(self._desk.limits, idle=town.idle)
            host.serve_as(replace(kiosk, municipality=town.municipality, tokens=town.tokens))

        return ProfileWatch(town, take)

    def _start_pumps(self, center: CenterWatch, profile: ProfileWatch) -> None:
        for name, device, broken in self._hardware.pumps():
            self._supervisor.keep(name, device.run, broken)
        self._supervisor.keep("display", self._face.display.run, DISPLAY_LOST)
        self._supervisor.keep("center", center.run, CENTER_UNREACHABLE)
        self._supervisor.keep("profile", profile.run, BUILD_CHANGED)
        self._supervisor.keep("paper", PaperWatch(self._paper).run, PRINTER_UNREACHABLE)
        self._supervisor.keep("kiosk", KioskWatch(self._believed, self._build_is_right).run, JOURNAL_BROKEN)

    def _service(self, kiosk: Kiosk, host: Host) -> Service | None:
        if not self._config.kiosk.socket:
            return None

        again = partial(reprint, self._journal, self._hardware.receipt, kiosk.terminal)
        office = self._office(kiosk, host)
        acts = Acts(
            self._status,
            self._face.renderer.targets,
            self._cases.resolve,
            again,
            self._paper.loaded,
            office.cash,
            office.report,
        )
        service = Service(Path(self._config.kiosk.socket), acts)
        self._desk.observe(service.show)
        return service

    def _office(self, kiosk: Kiosk, host: Host) -> Office:
        cash = self._hardware.cash
        return Office(
            host,
            self._badge,
            Treasurer(cash, self._journal),
            self._journal,
            self._cases,
            cash,
            self._hardware.receipt,
            Place(kiosk.municipality, kiosk.terminal),
            self._now,
        )

    async def _until_stopped(self, host: Host, service: Service | None, profile: Published) -> None:
        await self._journal.write("boot.started", build=build_hash(), boot=self._boot, profile=profile.hash)
        tasks = [
            asyncio.create_task(host.serve(self._boot, alive.ready), name="host"),
            asyncio.create_task(self._record_changes(), name="changes"),
            asyncio.create_task(self._night.run(lambda: host.resting), name="night"),
            asyncio.create_task(alive.feed_watchdog(self._parts()), name="watchdog"),
        ]
        if service is not None:
            tasks.append(asyncio.create_task(service.serve(), name="service"))
        for name in (signal.SIGTERM, signal.SIGINT):
            asyncio.get_running_loop().add_signal_handler(name, _stop, host, tasks[0])
        host_task, changes, *_ = tasks
        try:
            await asyncio.wait([host_task, changes], return_when=asyncio.FIRST_COMPLETED)
            for task in (changes, host_task):  # a journal that cannot be written ends the daemon
                if task.done():
                    task.result()
        except asyncio.CancelledError:
            log.info("stopped by a signal")
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    # ------------------------------------------------------------ what happens

    def _emit(self, event: Event) -> None:
        if isinstance(event, DeviceChanged):
            self._health.take(event)
            self._changes.put_nowait(event)
            if event.device == "display":
                self._face.renderer.fit()
        self._badge.hear(event)
        if not self._night.wakes(event):
            self._desk.post(event)

    async def _record_changes(self) -> None:
        """Faults and recoveries go to the journal, in their order, only when they change."""
        known: dict[str, Fault | None] = {}
        while True:
            event = await self._changes.get()
            fault = event.fault
            if event.device in known and known[event.device] == fault:
                continue
            known[event.device] = fault
            code, detail = (fault.code, fault.detail) if fault else ("", "")
            await self._journal.write("device.changed", device=event.device, code=code, detail=detail)

    def _tell_systemd(self, entry: Entry) -> None:
        if entry.event in ("device.changed", "case.opened", "case.resolved"):
            codes = [fault.code for fault in self._health.faults] + [case.code for case in self._cases.open]
            alive.status("; ".join(codes) or "ready to sell")

    def _show_broken(self) -> None:
        """The last picture stays on the glass when the daemon has ended: it must invite nobody."""
        text = self._health.explain(JOURNAL_BROKEN, "ja")
        self._face.renderer.show(out_of_service(self._face.texts("ja"), text))

    def _speak(self, key: Spoken) -> None:
        screen = self._desk.screen
        language, urgent = (screen.language, screen.urgent) if screen else ("ja", False)
        self._hardware.voice.say(key, language, urgent)

    def _light(self, screen: Screen) -> None:
        for lamp in set(LAMPS.values()):
            self._hardware.cabinet.lamp(lamp, LAMPS.get(screen.name) == lamp)

    def _believed(self) -> bool:
        settings = self._config.kiosk
        if settings.clock_offset and not self._hardware.virtual:
            return False
        return not settings.true_clock or synchronised()

    def _build_is_right(self) -> bool:
        return not self._config.kiosk.build or build_hash() == self._config.kiosk.build

    def _status(self) -> Json:
        return {
            "terminal": self._config.kiosk.terminal,
            "can_sell": self._health.can_sell and not self._cases.open,
            "waiting_for": list(self._health.waiting_for),
            "faults": [{"code": f.code, "device": f.device, "detail": f.detail} for f in self._health.faults],
            "cases": [
                {"case": c.id, "kind": c.kind, "session": c.session, "code": c.code} for c in self._cases.open
            ],
            "sheets": self._paper.left,
            "levels": {str(value): number for value, number in self._hardware.cash.levels.items()},
            "sample": self._hardware.virtual,
        }

    def _parts(self) -> dict[str, alive.Part]:
        """What the watchdog asks: the session's desk, the cash pump and the journal's thread."""
        return {
            "session": self._desk.alive,
            "cash": self._supervisor.running("cash"),
            "journal": self._journal.alive,
        }


def _stop(host: Host, task: asyncio.Task[None]) -> None:
    """The first signal lets a running session end; between sessions, or at the second, it stops at once."""
    if host.busy and not host.stopping:
        host.stopping = True
    else:
        task.cancel()


async def serve(config: Config, face: Face) -> None:
    """Runs the kiosk until it is stopped."""
    log.info("configuration: %s", config.effective())
    await Daemon(config, face).run()

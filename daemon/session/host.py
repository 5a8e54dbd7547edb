"""The kiosk between sessions: settles what a boot finds, keeps the door shut while it must, else invites.

No session starts while a case is open, a device that is needed is faulty, paper or a card is left in the
machine, or the site is closed (P14). A session starts only if the reader was seen empty since the last one.
"""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from daemon.issuance.messages import Reason
from daemon.session import screens
from daemon.session.book import JournalBook
from daemon.session.cases import Cases
from daemon.session.desk import Desk, Pressed, Quit
from daemon.session.flow import give_money_back, visit_kiosk
from daemon.session.health import Health
from daemon.session.screens import Say
from daemon.session.settlement import OFFER_OUTAGE, OFFER_SECONDS, Finding, finish, record, unfinished
from daemon.session.untold import Untold
from daemon.session.visit import Kiosk, Visit
from daemon.session.widgets import Screen
from daemon.session.wizard import refusal_text
from hal.contracts import CashVendor
from hal.events import CardPlaced, CardTaken, CashCredited, DeviceChanged, Event, TrayChanged
from hal.faults import DeviceError

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0
WAKING: tuple[type[Event], ...] = (CardPlaced, CardTaken, CashCredited, DeviceChanged, TrayChanged)


@dataclass(frozen=True)
class Boot:
    """This start of the daemon. last_alive: when the journal was last written by an earlier one."""

    id: str
    last_alive: datetime | None


class Host:
    """Runs for the life of the daemon. stopping: set from outside, ends it after the running session."""

    def __init__(
        self,
        kiosk: Kiosk,
        desk: Desk,
        health: Health,
        cases: Cases,
        book: JournalBook,
        untold: Untold,
        cash: CashVendor,
        synchronised: Callable[[], bool],
    ) -> None:
        self._kiosk = kiosk
        self._desk = desk
        self._health = health
        self._cases = cases
        self._book = book
        self._untold = untold
        self._cash = cash
        self._synchronised = synchronised
        self._reader_seen_empty = False
        self.in_session = False
        self.stopping = False
        self._say: Say = kiosk.texts("ja")

    async def serve(self, boot: Boot, ready: Callable[[], None]) -> None:
        """Settles, then invites citizens. ready: called once the journal's settlement is known."""
        found = await unfinished(self._kiosk.journal, boot.id)
        for finding in found:
            await record(self._kiosk.journal, finding)
        ready()
        await self._settle(found, boot)
        while not self.stopping:
            await self._return_strays()
            await self._untold.tell()
            await self._one_turn()

    # ------------------------------------------------------------ what a boot found

    async def _settle(self, found: list[Finding], boot: Boot) -> None:
        if any(finding.in_doubt for finding in found):
            await self._until_well("document")
            await self._cancel_jobs()
        if found or await self._book.unsettled():
            await self._until_well("cash")
            await self._cash.recover()
        for finding in found:
            self._book.payment = finding.session
            await self._refund(boot)
            await finish(self._kiosk.journal, finding)

    async def _until_well(self, device: str) -> None:
        while not self._health.well(device):
            await self._desk.watch(
                screens.out_of_service(self._say), (DeviceChanged,), idle=False, seconds=LOOK_SECONDS
            )

    async def _cancel_jobs(self) -> None:
        try:
            await self._kiosk.devices.document.cancel_all()
        except DeviceError as error:
            log.error("jobs of the last boot could not be cancelled at the printer: %s", error)

    async def _refund(self, boot: Boot) -> None:
        """Offered on the screen after a short outage by a true clock; else, or if nobody answers, a claim."""
        cashier = self._kiosk.cashier
        owed = (await cashier.balance()).owed
        if owed <= 0:
            return
        if self._short_outage(boot) and await self._accepts_refund(owed):
            await give_money_back(self._anyone())
            return
        number = await cashier.claim(owed, "power-loss")
        await self._desk.linger(screens.claim(self._say, number, owed), LOOK_SECONDS)

    def _short_outage(self, boot: Boot) -> bool:
        if boot.last_alive is None or not self._synchronised():
            return False
        return self._kiosk.now() - boot.last_alive <= OFFER_OUTAGE

    async def _accepts_refund(self, owed: int) -> bool:
        screen = screens.refund_offer(self._say, owed)
        event = await self._desk.watch(screen, (), idle=False, repeat="refund.offer", seconds=OFFER_SECONDS)
        return isinstance(event, Pressed)

    # ------------------------------------------------------------ between sessions

    async def _return_strays(self) -> None:
        """A coin that dropped after its session ended goes back to whoever stands there."""
        if (await self._kiosk.cashier.balance()).owed > 0 and self._health.well("cash"):
            await give_money_back(self._anyone())

    async def _one_turn(self) -> None:
        """Shows why no session can start, or the start menu; runs a session when a citizen begins one."""
        card = self._kiosk.devices.card.card_present
        self._reader_seen_empty = self._reader_seen_empty or card is False
        obstacle = self._obstacle()
        try:
            event = await self._desk.watch(
                obstacle[0] if obstacle else screens.start(self._say),
                WAKING,
                idle=False,
                repeat=obstacle[1] if obstacle else "",
                seconds=LOOK_SECONDS,
            )
        except Quit:
            return
        if obstacle is None and isinstance(event, Pressed | CardPlaced):
            await self._session()

    async def _session(self) -> None:
        self._desk.begin()
        self.in_session = True
        await visit_kiosk(self._anyone(self._kiosk.random(16).hex()))
        self.in_session = False
        self._reader_seen_empty = self._kiosk.devices.card.card_present is False

    def _obstacle(self) -> tuple[Screen, str] | None:
        """(screen, what to say again and again) if no session may start now."""
        cabinet = self._kiosk.devices.cabinet
        if self._kiosk.devices.card.card_present and not self._reader_seen_empty:
            return screens.card_left(self._say), "card.forgotten"
        if cabinet.has_tray_sensor and cabinet.paper_in_tray:
            return screens.take(self._say, 0, forgotten=True, sensor=True), "take.forgotten"
        if self._cases.open or not self._health.can_sell:
            return screens.out_of_service(self._say), ""
        refusal = self._kiosk.opening(None)
        if refusal is None:
            return None
        if refusal.reason is Reason.HOURS:
            return screens.closed(self._say, refusal.open, refusal.close), ""
        visit = self._anyone()
        return screens.error(self._say, "E4", [refusal_text(self._say, visit, refusal)]), ""

    def _anyone(self, session: str = "") -> Visit:
        """A visit of nobody in particular: for money that goes back outside of a session."""
        return Visit(self._kiosk, self._desk, session or self._book.payment, self._say)

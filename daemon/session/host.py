"""The kiosk between sessions: settles what a boot finds, keeps the door shut while it must, else invites.

No session starts while a case is open, a device that is needed is faulty, paper or a card is left in the
machine, or the site is closed (P14). A session starts only if the reader was seen empty since the last one
and since all of that: whoever laid a card on a shut kiosk may be gone.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace

from daemon.issuance.messages import Reason
from daemon.session import screens
from daemon.session.book import JournalBook
from daemon.session.cases import Cases
from daemon.session.desk import Desk, Pressed, Quit
from daemon.session.entries import Entry
from daemon.session.flow import LONG_PAGE_SECONDS, give_money_back, visit_kiosk
from daemon.session.health import Health
from daemon.session.refusals import refusal_text
from daemon.session.screens import Say
from daemon.session.settlement import OFFER_OUTAGE, OFFER_SECONDS, Finding, finish, record, unfinished
from daemon.session.untold import Untold
from daemon.session.visit import Kiosk, Visit
from daemon.session.widgets import Screen
from hal.contracts import CashVendor
from hal.events import BillHeld, CardPlaced, CardTaken, CashCredited, DeviceChanged, Event, TrayChanged
from hal.faults import CARD_LEFT, PAPER_LEFT, DeviceError

log = logging.getLogger(__name__)

LOOK_SECONDS = 30.0
PRINTER_SECONDS = 1.0
RETRY_SECONDS = 5.0


LEFT = {"card-left": ("card.left", CARD_LEFT), "take": ("paper.left", PAPER_LEFT)}
"""What an obstacle of this screen is in the journal: its event and the code of its fault."""


class Busy(ValueError):
    """Staff must wait until the citizen has gone."""


@dataclass(frozen=True)
class LookAgain(Event):
    """What kept the kiosk shut may be gone."""


WAKING: tuple[type[Event], ...] = (
    BillHeld,
    CardPlaced,
    CardTaken,
    CashCredited,
    DeviceChanged,
    LookAgain,
    TrayChanged,
)


class Host:
    """Runs for the life of the daemon. busy: with a citizen or with money.

    stopping: set from outside, ends it after what it is busy with.
    """

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
        self._jobs_withdrawn = False
        self._left = ""
        self._attended = False
        self._settled = False
        self.busy = False
        self.stopping = False
        self._say: Say = kiosk.texts("ja")
        kiosk.journal.observe(self._notice)

    async def serve(self, boot: str, ready: Callable[[], None]) -> None:
        """Settles, then invites citizens. boot: of this start. ready: called once the settlement is known."""
        found = await unfinished(self._kiosk.journal, boot)
        for finding in found:
            await record(self._kiosk.journal, finding)
        ready()
        withdrawal = asyncio.create_task(self._withdraw_jobs(), name="withdrawal")
        try:
            await asyncio.wait([withdrawal], timeout=PRINTER_SECONDS)
            if not withdrawal.done():
                withdrawal.add_done_callback(lambda _: self._desk.post(LookAgain()))
            await self._settle(boot)
            self._settled = True
            await self._invite()
        finally:
            withdrawal.cancel()

    def serve_as(self, kiosk: Kiosk) -> None:
        """From the next citizen on; one who is being served keeps the kiosk they began at."""
        self._kiosk = kiosk
        self._desk.post(LookAgain())

    async def _settle(self, boot: str) -> None:
        """Again until nothing is found: a late coin may fall to a session that was already settled."""
        await self._recover_payouts()
        while found := await unfinished(self._kiosk.journal, boot):
            for finding in found:
                await record(self._kiosk.journal, finding)
                await self._refund(finding)
                await finish(self._kiosk.journal, finding)
        await self._book.resume()

    async def _invite(self) -> None:
        while not self.stopping:
            await self._return_strays()
            await self._untold.tell()
            await self._close_seen_cases()
            await self._one_turn()

    # ------------------------------------------------------------ what a boot found

    async def _recover_payouts(self) -> None:
        """Only the hoppers' counters know how a payout ended: nothing goes on without them."""
        while await self._book.unsettled():
            try:
                await self._cash.recover()
            except DeviceError as error:
                log.error("the last payout is not settled yet: %s", error)
                await self._wait(LOOK_SECONDS)

    async def _withdraw_jobs(self) -> None:
        """Whatever the printer still holds of an earlier start must never come out.

        It is told at once, also while it is jammed: whoever clears the jam would else set the job going.
        """
        while not self._jobs_withdrawn:
            try:
                await self._kiosk.devices.document.cancel_all()
                self._jobs_withdrawn = True
            except DeviceError as error:
                log.error("jobs of the last boot are not cancelled at the printer yet: %s", error)
                await asyncio.sleep(RETRY_SECONDS)

    async def _refund(self, finding: Finding) -> None:
        """Offered on the screen after a short outage by a true clock; else, or if nobody answers, a claim."""
        cashier = self._kiosk.cashier
        self._book.payment = finding.session
        money = await cashier.balance()
        if money.owed <= 0 and (money.funded or not money.due):
            return
        in_time = await self._hears_vendor(finding)
        owed = (await cashier.balance()).owed
        if owed > 0 and in_time and await self._accepts_refund(owed):
            await self._give_back()
        owed = (await cashier.balance()).owed  # staff may have settled a doubt while the offer stood
        if owed > 0:
            number = await cashier.claim(owed, "power-loss")
            await self._desk.linger(screens.claim(self._say, number, owed), LONG_PAGE_SECONDS)

    async def _hears_vendor(self, finding: Finding) -> bool:
        """Whether the coin vendor is there before the outage is a long one.

        It may still tell of a coin that dropped as the power went, and an offer must be one that can be kept.
        """
        while await self._short_outage(finding):
            if self._health.well("cash"):
                return True
            await self._wait(1.0)
        return False

    async def _short_outage(self, finding: Finding) -> bool:
        """Measured from when the start that ran this session was last alive."""
        if not self._synchronised():
            return False
        last = await self._kiosk.journal.last_of_boot(finding.boot)
        return self._kiosk.now() - last.at <= OFFER_OUTAGE

    async def _accepts_refund(self, owed: int) -> bool:
        screen = screens.refund_offer(self._say, owed)
        event = await self._desk.watch(screen, (), idle=False, seconds=OFFER_SECONDS)
        return isinstance(event, Pressed)

    async def _wait(self, seconds: float) -> None:
        await self._desk.watch(self._out_of_service(), (DeviceChanged,), idle=False, seconds=seconds)

    async def _give_back(self) -> None:
        """Pays out what the current payment is owed; a signal to stop waits until it is done."""
        self.busy = True
        await give_money_back(self._anyone())
        self.busy = False

    # ------------------------------------------------------------ between sessions

    @property
    def resting(self) -> bool:
        """Whether it is closed by the clock, with nobody at the machine and nothing left in it.

        Not before what the boot found is settled: a refund may be offered.
        """
        refusal = self._kiosk.opening(None)
        by_clock = refusal is not None and refusal.reason in (Reason.HOURS, Reason.CLOSED_DAY)
        unattended = self._settled and not self.busy and not self._attended
        return by_clock and unattended and self._left not in LEFT

    @contextmanager
    def attended(self) -> Iterator[None]:
        """While staff are at the machine no session starts. Raises Busy.

        The card they used must be taken before the next citizen comes.
        """
        if self.busy or self._attended:
            raise Busy("somebody is being served; try again when the start menu is back")
        self._attended = True
        self._desk.post(LookAgain())
        try:
            yield
        finally:
            self._attended = self._reader_seen_empty = False
            self._desk.post(LookAgain())

    def _notice(self, entry: Entry) -> None:
        """Whoever closed a case need not wait for the next look."""
        if entry.event == "case.resolved":
            self._desk.post(LookAgain())

    async def _return_strays(self) -> None:
        """Money that came after its session ended goes back to whoever stands there."""
        if self._health.well("cash"):
            await self._kiosk.cashier.return_bill()
        if (await self._kiosk.cashier.balance()).owed > 0 and self._health.well("cash"):
            await self._give_back()

    async def _close_seen_cases(self) -> None:
        """The tray's sensor may say what staff would: no paper of an interrupted session lies there."""
        cabinet = self._kiosk.devices.cabinet
        if not cabinet.has_tray_sensor or cabinet.paper_in_tray is not False:
            return
        for case in self._cases.open:
            if case.kind == "paper-unconfirmed":
                await self._cases.resolve(case.id, None, "sensor", "the tray is empty")

    async def _one_turn(self) -> None:
        """Shows why no session can start, or the start menu; runs a session when a citizen begins one."""
        card = self._kiosk.devices.card.card_present
        self._reader_seen_empty = self._reader_seen_empty or card is False
        obstacle = await self._obstacle_now()
        await self._note_left(obstacle.name if obstacle else "")
        screen = obstacle or screens.start(self._say)
        seconds = min(LOOK_SECONDS, self._kiosk.reminder.seconds or LOOK_SECONDS)
        try:
            event = await self._desk.watch(screen, WAKING, idle=False, seconds=seconds)
        except Quit:
            return
        if obstacle is None and not self._attended and isinstance(event, Pressed | CardPlaced):
            await self._session()

    async def _obstacle_now(self) -> Screen | None:
        """The card of staff at work is none that was left behind.

        Nobody can have laid a card there for a session that cannot start: it is left behind at once.
        """
        if self._attended:
            return self._out_of_service()
        obstacle = self._obstacle()
        if obstacle is not None and self._kiosk.devices.card.card_present:
            self._reader_seen_empty = False
        return await self._left_card() or obstacle

    async def _note_left(self, screen: str) -> None:
        """Once for each card or paper that is found between sessions."""
        before, self._left = self._left, screen
        if screen in LEFT and screen != before:
            event, code = LEFT[screen]
            await self._kiosk.journal.write(event, code=code)

    async def _session(self) -> None:
        self._desk.begin()
        self.busy = True
        await visit_kiosk(self._anyone(self._kiosk.random(16).hex()))
        self.busy = False
        self._desk.end()
        self._reader_seen_empty = self._kiosk.devices.card.card_present is False

    async def _left_card(self) -> Screen | None:
        """A card that nobody has laid there since the reader was last empty."""
        reminder = self._kiosk.reminder
        if self._kiosk.devices.card.card_present and not self._reader_seen_empty:
            return screens.card_left(self._say, await reminder.remind(""))
        reminder.over()
        return None

    def _obstacle(self) -> Screen | None:
        """The screen that says why no session may start now; aloud only what was left behind."""
        cabinet = self._kiosk.devices.cabinet
        if cabinet.has_tray_sensor and cabinet.paper_in_tray and not self._sheets_for_staff:
            return screens.take(self._say, 0, forgotten=True, sensor=True)
        if self._cases.open or not self._jobs_withdrawn or not self._health.can_sell:
            return self._out_of_service()
        refusal = self._kiosk.opening(None)
        if refusal is None:
            return None
        if refusal.reason is Reason.HOURS:
            return screens.closed(self._say, refusal.open, refusal.close)
        page = screens.error(self._say, "E4", [refusal_text(self._say, self._anyone(), refusal)])
        return replace(page, spoken=None)  # an empty shop is not spoken to

    @property
    def _sheets_for_staff(self) -> bool:
        """Whether the tray may hold sheets that no citizen must be invited to take: void, or in doubt."""
        return any(case.kind in ("void-sheets", "in-doubt") for case in self._cases.open)

    def _out_of_service(self) -> Screen:
        """What a faulty device makes the citizen hear goes before what an open case does."""
        told = [self._health.told(self._say.language)]
        told += [self._health.explain(case.code, self._say.language) for case in self._cases.open]
        return screens.out_of_service(self._say, next(filter(None, told), ""))

    def _anyone(self, session: str = "") -> Visit:
        """A visit of nobody in particular: for money that goes back outside of a session."""
        return Visit(self._kiosk, self._desk, session or self._book.payment, self._say)

"""One session, from 行政サービス to the receipt, as the seed's manual tells it (the 15 steps).

``session`` is the straight line; ``visit_kiosk`` is the frame around it that no session can leave with
money, paper or a card still in the machine (P14).
"""

import logging
import traceback
from contextlib import suppress

from daemon.issuance.messages import CopyOutcome, Municipality
from daemon.session import screens
from daemon.session.delivery import deliver, give_claim_slip, give_receipt, hand_over
from daemon.session.desk import CardGone, Ended, IdleTimeout, LimitReached
from daemon.session.identify import give_card_back, identify, select_service
from daemon.session.journal import JournalBroken
from daemon.session.purchase import Purchase, cancel_order, collect, obtain
from daemon.session.receipt import receipt_number
from daemon.session.refusals import AT_THE_COUNTER
from daemon.session.registration import register
from daemon.session.settlement import findings, record
from daemon.session.visit import Stopped, Visit
from daemon.session.wizard import choose
from hal.events import CardTaken
from hal.faults import CARD_LEFT, DeviceError

log = logging.getLogger(__name__)

PAGE_SECONDS = 20.0
LONG_PAGE_SECONDS = 60.0
"""Of a page with addresses to read, or a number to write down."""
SHORT_SECONDS = 8.0
MONEY_SECONDS = 5.0
THANKS_SECONDS = 2.0


async def session(visit: Visit) -> None:
    """The whole way. Raises Ended where it stops early; money may then still be owed."""
    service = await select_service(visit)
    entitlement = await identify(visit, service)
    await give_card_back(visit)
    if service == "register":
        return await register(visit, entitlement)
    wish, offer = await choose(visit, entitlement)
    purchase = await obtain(visit, wish, offer)
    try:
        await collect(visit, purchase)
    except Ended:
        await cancel_order(visit, purchase.order)
        raise
    return await fulfil(visit, purchase)


async def fulfil(visit: Visit, purchase: Purchase) -> None:
    """From the complete fee to the receipt. Nothing the citizen does can stop it any more."""
    delivery = await deliver(visit, purchase)
    await give_money_back(visit)
    in_doubt = CopyOutcome.IN_DOUBT in delivery.outcomes.values()
    if delivery.copies:
        await hand_over(visit, delivery.sheets)
    if delivery.copies or in_doubt:
        await give_receipt(visit)
    told = {number: outcome.value for number, outcome in delivery.outcomes.items()}
    await visit.note("order.finished", order=purchase.order, outcomes=told)
    if in_doubt:
        number = receipt_number(await visit.kiosk.journal.session(visit.id))
        raise Stopped("in-doubt", [visit.say("err.in_doubt", number=number)], "in-doubt")
    if delivery.copies < len(purchase.copies):
        lines = [visit.say("err.printer_paid"), visit.say("out.staff")]
        raise Stopped("printer", lines, "not-all-printed", "err.printer_paid")
    await visit.desk.linger(screens.thanks(visit.say), THANKS_SECONDS)


async def give_money_back(visit: Visit) -> None:
    """Change or refund, whatever is owed; what cannot be paid is a claim whose number is shown."""
    cashier = visit.kiosk.cashier
    if (await cashier.balance()).owed <= 0:
        return
    visit.desk.show(screens.returning(visit.say))
    returned = await cashier.give_back()
    if returned.paid:
        await visit.desk.linger(screens.take_money(visit.say, returned.paid), MONEY_SECONDS)
    if returned.claim:
        page = screens.claim(visit.say, returned.claim, returned.claimed)
        visit.desk.show(page)
        await give_claim_slip(visit, returned.claim, returned.claimed)
        await visit.desk.linger(page, LONG_PAGE_SECONDS)


# ---------------------------------------------------------------- the frame


async def visit_kiosk(visit: Visit) -> None:
    """Runs one session to its very end: money settled, card gone, nothing personal left, start menu next."""
    await visit.note("session.started")
    try:
        reason = await _play(visit)
    finally:
        visit.wipe()
    await _card_goes_home(visit)
    await visit.note("session.ended", reason=reason)


async def _play(visit: Visit) -> str:
    """The session, and its error page if it stopped early: the reason for the journal."""
    try:
        await session(visit)
    except Ended as ended:
        await _settle_money(visit, by_citizen=not isinstance(ended, Stopped))
        return await _last_page(visit, ended)
    except JournalBroken:
        raise
    except Exception as error:  # noqa: BLE001 a defect of ours must not keep a citizen's money
        await _after_crash(visit, error)
        return "crash"
    return "complete"


async def _settle_money(visit: Visit, by_citizen: bool = False) -> None:
    """After an early end: nothing more can drop, and what was paid goes back."""
    cashier = visit.kiosk.cashier
    if cashier.payment != visit.id:
        return
    if not (await cashier.balance()).funded:
        visit.desk.show(screens.returning(visit.say))
        await cashier.cancel(by_citizen)
    await give_money_back(visit)


async def _last_page(visit: Visit, ended: Ended) -> str:
    say = visit.say
    match ended:
        case Stopped():
            office = _help(visit, ended)
            page = screens.error(say, ended.code, ended.lines, office, ended.spoken)
            await visit.desk.linger(page, LONG_PAGE_SECONDS if office else PAGE_SECONDS)
            return ended.reason
        case IdleTimeout():
            page = screens.error(say, "E5", [say("err.timeout")])
            await visit.desk.linger(page, PAGE_SECONDS)
            return "idle"
        case LimitReached():
            page = screens.error(say, "limit", [say("session.limit")])
            await visit.desk.linger(page, PAGE_SECONDS)
            return "limit"
        case CardGone():
            await visit.desk.linger(screens.error(say, "card-gone", [say("card.gone")]), SHORT_SECONDS)
            return "card-gone"
        case _:
            return "quit"


def _help(visit: Visit, ended: Stopped) -> Municipality | None:
    """E1 and E3 name the offices that can help (R6); so does what only a counter can give."""
    if ended.code in ("E1", "E3"):
        return visit.kiosk.municipality
    return visit.municipality if ended.reason in AT_THE_COUNTER else None


async def _after_crash(visit: Visit, error: Exception) -> None:
    """Settled as a boot would settle it. No text of the exception leaves the process, only its place."""
    frames = traceback.extract_tb(error.__traceback__)
    where = " < ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}" for frame in reversed(frames))
    log.critical("session stopped by %s at %s", type(error).__name__, where)
    await visit.open_case("crash", visit.id)
    journal = visit.kiosk.journal
    finding = findings(visit.id, await journal.session(visit.id))
    await record(journal, finding)
    if finding.in_doubt:
        with suppress(DeviceError):
            await visit.kiosk.devices.document.cancel_all()
    await _settle_money(visit)


async def _card_goes_home(visit: Visit) -> None:
    """R9: a card left behind is told by screen and voice until it is taken."""
    card, reminder = visit.kiosk.devices.card, visit.kiosk.reminder
    if card.card_present:
        await visit.note("card.left", code=CARD_LEFT)
    while card.card_present:
        screen = screens.card_left(visit.say, await reminder.remind(visit.id))
        await visit.desk.watch(screen, (CardTaken,), idle=False, seconds=reminder.seconds)
    reminder.over()

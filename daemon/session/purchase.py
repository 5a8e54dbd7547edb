"""Between screen 11 and the paper: the document is made, sealed and checked; only then money is taken.

Nothing is charged for a document that is not on hand, checked against screen 11, and printable here and
now. Any mismatch prints nothing, takes nothing and puts the municipality out of service here (P8).
"""

from dataclasses import dataclass

from daemon.issuance.messages import (
    CenterDown,
    Manifest,
    Offer,
    OrderRequest,
    Reason,
    Refusal,
    Refused,
    SealedCopy,
    SealedOrder,
)
from daemon.issuance.order import Expected, Mismatch, check
from daemon.session import screens
from daemon.session.desk import Quit
from daemon.session.refusals import refusal_text
from daemon.session.screens import Amounts, Wish
from daemon.session.spoken import Spoken
from daemon.session.till import Balance
from daemon.session.visit import Stopped, Visit
from daemon.session.widgets import Screen
from daemon.session.wizard import subjects
from hal.events import BillHeld, CashCredited, CashRejected, CashReturnPressed, DeviceChanged, Event
from hal.faults import (
    CASH_ACCEPTOR_BLOCKED,
    CASH_COIN_SWALLOWED,
    CASH_FRAUD,
    CENTER_MISMATCH,
    DOOR_OPEN,
    PRINTER_PAPER_OUT,
    DeviceError,
)

MONEY_EVENTS = (BillHeld, CashCredited, CashRejected, CashReturnPressed, DeviceChanged)
BLOCKED_SECONDS = 30.0
"""So long somebody may try to free the coin slot."""

DOUBTS = (CASH_COIN_SWALLOWED, CASH_FRAUD)
"""Faults of the vendor after which the citizen should look whether the amount is right."""


@dataclass(frozen=True)
class Purchase:
    """An order on hand. copies and pdfs: one a 通, in the same order. unit: yen a 通.

    expected: what screen 11 showed, for a 通 that has to be made again.
    """

    order: str
    unit: int
    manifest: Manifest
    pdfs: tuple[bytearray, ...]
    expected: Expected

    @property
    def copies(self) -> tuple[SealedCopy, ...]:
        return self.manifest.copies

    @property
    def sheets(self) -> int:
        """Of all 通 together."""
        return sum(len(copy.sheets) for copy in self.copies)

    @property
    def due(self) -> int:
        return self.unit * len(self.copies)


async def obtain(visit: Visit, wish: Wish, offer: Offer) -> Purchase:
    """確定する on 11: hours, printer and cash are checked, then the document is made and checked."""
    visit.desk.show(screens.preparing(visit.say))
    await _check_machine(visit, wish, offer)
    request = _request(visit, wish, offer)
    issuer = f"{visit.municipality.prefecture}{visit.municipality.name}"
    told = {"title": offer.name, "issuer": issuer}
    await visit.note("order.requested", order=request.order, kind=request.kind, copies=request.copies, **told)
    try:
        sealed = await visit.kiosk.line.order(request)
    except Refused as refused:
        raise _refused_order(visit, refused.refusal) from None
    except CenterDown:
        await cancel_order(visit, request.order)
        raise Stopped("center", [visit.say("err.center")], "center-unreachable") from None
    expected = _expected(visit, request, offer)
    manifest = await _checked(visit, sealed, expected)
    pdfs = tuple(bytearray(pdf) for pdf in sealed.pdfs)
    visit.documents.extend(pdfs)
    await visit.note("order.checked", order=request.order, numbers=[copy.number for copy in manifest.copies])
    purchase = Purchase(request.order, offer.fee, manifest, pdfs, expected)
    try:
        await _check_printer(visit, purchase.sheets)
    except Stopped:
        await cancel_order(visit, request.order)
        raise
    return purchase


def _refused_order(visit: Visit, refusal: Refusal) -> Stopped:
    spoken: Spoken | None = "err.blocked" if refusal.reason is Reason.BLOCKED else None
    return Stopped("order", [refusal_text(visit.say, visit, refusal)], refusal.reason.value, spoken)


async def cancel_order(visit: Visit, order: str) -> None:
    """The order is given up; the center voids its numbers, now or when it is next reached."""
    await visit.note("order.cancelled", order=order)


async def _check_machine(visit: Visit, wish: Wish, offer: Offer) -> None:
    """At least one sheet a 通, and one a person on it where that is so (R36), before the center is asked."""
    kiosk, say = visit.kiosk, visit.say
    own = visit.municipality.code == kiosk.municipality.code
    refusal = kiosk.opening(offer.kind if own else None)  # the center knows the hours of the others
    if refusal is not None:
        raise Stopped("E4", [refusal_text(say, visit, refusal)], refusal.reason.value)
    await _check_printer(visit, wish.number * len(subjects(wish, offer)))
    if not kiosk.cashier.can_take(offer.fee * wish.number):
        raise Stopped("cash", [say("err.cashclosed")], "cash-closed")


async def _check_printer(visit: Visit, sheets: int) -> None:
    """Whether it can print so many now: asked again once the document is made and tells how many it has."""
    try:
        faults = await visit.kiosk.devices.document.check(sheets)
    except DeviceError as error:
        faults = (error.fault,)
    code = faults[0].code if faults else PRINTER_PAPER_OUT if visit.kiosk.paper.lacks(sheets) else ""
    if code:
        raise Stopped("printer", [visit.say("err.busy"), visit.say("out.staff")], code)


def _request(visit: Visit, wish: Wish, offer: Offer) -> OrderRequest:
    return OrderRequest(
        order=visit.kiosk.random(16).hex(),
        terminal=visit.kiosk.terminal,
        session=visit.id,
        kind=offer.kind,
        scope=wish.scope or "self",
        subjects=tuple(person.handle for person in subjects(wish, offer)),
        items=tuple(item for item in offer.items if item in wish.items),
        copies=wish.number,
        sample=visit.kiosk.sample(),
        year=wish.year,
        fee=offer.fee,
    )


def _expected(visit: Visit, request: OrderRequest, offer: Offer) -> Expected:
    names = {person.handle: person.name for person in offer.persons}
    given = {person.handle: person.given for person in offer.persons}
    year = next((one.label for one in offer.years if one.year == request.year), "")
    code = visit.municipality.code
    return Expected(request, visit.holder, code, names, year, given, offer.name, offer.items)


async def _checked(visit: Visit, sealed: SealedOrder, expected: Expected) -> Manifest:
    order = expected.request.order
    try:
        return check(sealed, expected, visit.kiosk.keyring, visit.kiosk.now())
    except Mismatch as mismatch:
        await report_mismatch(visit, order, mismatch)
        await cancel_order(visit, order)
        raise Stopped("mismatch", [visit.say("err.integrity_free")], "mismatch") from None


async def report_mismatch(visit: Visit, order: str, mismatch: Mismatch) -> None:
    """P8: never retried past; the case keeps the kiosk out of service until staff clear it."""
    await visit.note("order.mismatch", order=order, property=mismatch.property)
    await visit.open_case("mismatch", order, CENTER_MISMATCH)


# ---------------------------------------------------------------- screen 12


async def collect(visit: Visit, purchase: Purchase) -> None:
    """Screen 12 until the fee is complete. Raises Ended; money may then be owed."""
    cashier = visit.kiosk.cashier
    await cashier.open(visit.id, purchase.unit, len(purchase.copies))
    rejected, doubt = False, ""
    while True:
        money, exact = await _invite(visit)
        held = await cashier.settle_escrow()
        screen = screens.payment(visit.say, Amounts(money.due, money.credited + held, exact, rejected, doubt))
        if money.funded:
            break
        event = await _money_event(visit, screen)
        if isinstance(event, CashReturnPressed):
            raise Quit
        if isinstance(event, DeviceChanged):
            doubt = _doubt(visit, event)
        else:
            rejected = isinstance(event, CashRejected)
    visit.desk.funded()
    visit.desk.show(screen)
    await visit.note("payment.funded", paid=money.credited)
    await cashier.fix()


async def _money_event(visit: Visit, screen: Screen) -> Event | None:
    """The next one that changes what the citizen must see; other reports of devices do not.

    Raises Stopped, after which what was paid goes back: somebody opened the door, or the slot stays blocked.
    """
    seconds: float | None = None
    while True:
        event = await visit.desk.watch(screen, MONEY_EVENTS, seconds=seconds)
        if event is None:
            raise Stopped("cash", [visit.say("err.cashclosed")], CASH_ACCEPTOR_BLOCKED)
        if not isinstance(event, DeviceChanged) or _doubt(visit, event):
            return event
        code = event.fault.code if event.fault else ""
        if code == DOOR_OPEN:
            raise Stopped("door", [visit.kiosk.explain(code, visit.say.language)], code)
        if event.device == "cash":
            seconds = BLOCKED_SECONDS if code == CASH_ACCEPTOR_BLOCKED else None


def _doubt(visit: Visit, event: DeviceChanged) -> str:
    """What the citizen is told when the vendor itself is not sure of a coin; "" if it is."""
    if event.fault is None or event.fault.code not in DOUBTS:
        return ""
    return visit.kiosk.explain(event.fault.code, visit.say.language)


async def _invite(visit: Visit) -> tuple[Balance, bool]:
    """A vendor that goes away while money is in: the session ends, and what was paid goes back."""
    try:
        return await visit.kiosk.cashier.invite()
    except DeviceError as error:
        raise Stopped("cash", [visit.say("err.cashclosed")], error.fault.code) from None

"""Screens 7 to 11: what is wanted. One loop owns forward and back; pages that do not apply are left out.

The way back from 11 is 11→10→9→8→7 for the 住民票 and 11→10→7 for the 印鑑登録証明書, which follows from the
pages that apply. Values are kept on the way back; another choice on 7 discards what follows it. Back never
leaves 7: the card is gone.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace

from daemon.issuance.messages import Entitlement, Offer, Person, Reason, Refusal
from daemon.session import screens
from daemon.session.screens import Say, Wish
from daemon.session.visit import Visit

NOTICE_SECONDS = 15.0
BACK, STAY, NEXT = -1, 0, 1


@dataclass(frozen=True)
class Page:
    """applies: whether this wish needs the page. ask: shows it once: (new wish, BACK, STAY or NEXT)."""

    applies: Callable[[Offer], bool]
    ask: Callable[[Visit, Wish, Offer], Awaitable[tuple[Wish, int]]]


async def choose(visit: Visit, entitlement: Entitlement) -> tuple[Wish, Offer]:
    """Screens 7 to 11 until 確定する on 11. Raises Ended."""
    wish = Wish()
    while True:
        wish, offer = await _certificate(visit, entitlement, wish)
        wish, confirmed = await _details(visit, wish, offer)
        if confirmed:
            return wish, offer


async def _details(visit: Visit, wish: Wish, offer: Offer) -> tuple[Wish, bool]:
    """Screens 8 to 11; False: back to 7."""
    pages = [page for page in PAGES if page.applies(offer)]
    at = 0
    while 0 <= at < len(pages):
        wish, step = await pages[at].ask(visit, wish, offer)
        at += step
    return wish, at >= len(pages)


# ---------------------------------------------------------------- 7


async def _certificate(visit: Visit, entitlement: Entitlement, wish: Wish) -> tuple[Wish, Offer]:
    kind = wish.offer.kind if wish.offer else None
    while True:
        screen = screens.certificate(visit.say, entitlement.offers, kind)
        pressed = await visit.desk.ask(screen)
        offers = {f"kind.{offer.kind}": offer for offer in entitlement.offers}
        if pressed in offers:
            kind = offers[pressed].kind
            continue
        offer = offers[f"kind.{kind}"]
        if offer.refusal is None:
            return (wish if wish.offer == offer else _fresh(offer)), offer
        await _tell(visit, offer.refusal)


def _fresh(offer: Offer) -> Wish:
    """A new choice on 7 starts from the defaults: 1 copy, every item 無, the only scope if there is one."""
    return Wish(offer, offer.scopes[0] if len(offer.scopes) == 1 else None)


async def _tell(visit: Visit, refusal: Refusal) -> None:
    """Listed, but not available now: say why, then go back to 7."""
    page = screens.error(visit.say, "unavailable", [refusal_text(visit.say, visit, refusal)])
    await visit.desk.linger(page, NOTICE_SECONDS)


def refusal_text(say: Say, visit: Visit, refusal: Refusal) -> str:
    """The sentence for a refusal of hours, maintenance or a kind (E4 for maintenance)."""
    here = visit.kiosk.municipality
    if refusal.reason is Reason.MAINTENANCE and refusal.until is not None:
        until = refusal.until
        return say(
            "err.maintenance",
            pref=here.prefecture,
            city=here.name,
            month=until.month,
            day=until.day,
            hour=until.hour,
        )
    if refusal.reason in (Reason.HOURS, Reason.CLOSED_DAY):
        return say("err.hours", open=refusal.open, close=refusal.close)
    keys = {Reason.KOSEKI_PENDING: "note.koseki_pending", Reason.CHARACTER: "err.character"}
    return say(keys.get(refusal.reason, "err.busy"))


# ---------------------------------------------------------------- 8 to 11


async def _scope(visit: Visit, wish: Wish, offer: Offer) -> tuple[Wish, int]:
    pressed = await visit.desk.ask(screens.scope(visit.say, offer, wish.scope))
    for scope in offer.scopes:
        if pressed == f"scope.{scope}":
            return replace(wish, scope=scope), STAY
    return wish, _step(pressed)


async def _items(visit: Visit, wish: Wish, offer: Offer) -> tuple[Wish, int]:
    pressed = await visit.desk.ask(screens.items(visit.say, offer, wish.items))
    for item in offer.items:
        if pressed == f"item.{item}.yes":
            return replace(wish, items=wish.items | {item}), STAY
        if pressed == f"item.{item}.no":
            return replace(wish, items=wish.items - {item}), STAY
    return wish, _step(pressed)


async def _copies(visit: Visit, wish: Wish, offer: Offer) -> tuple[Wish, int]:
    fresh, over = True, False
    while True:
        screen = screens.copies(visit.say, wish.copies, offer.max_copies, over)
        pressed = await visit.desk.ask(screen)
        if not pressed.startswith("key."):
            return (wish if wish.copies else replace(wish, copies="1")), _step(pressed)
        key = pressed.removeprefix("key.")
        if key == "clear":
            wish, fresh, over = replace(wish, copies=""), True, False
        else:
            value, over = screens.typed(wish.copies, key, offer.max_copies, fresh or not wish.copies)
            fresh = fresh and over
            wish = replace(wish, copies=value)


async def _confirm(visit: Visit, wish: Wish, offer: Offer) -> tuple[Wish, int]:
    screen = screens.confirm(visit.say, offer, wish, subjects(wish, offer))
    return wish, _step(await visit.desk.ask(screen))


def subjects(wish: Wish, offer: Offer) -> tuple[Person, ...]:
    """Whom the certificate is about: the holder alone for 本人のみ and for kinds without a scope."""
    return offer.persons if wish.scope in ("all", "koseki_all") else offer.persons[:1]


def _step(pressed: str) -> int:
    return {"back": BACK, "confirm": NEXT}.get(pressed, STAY)


PAGES = (
    Page(lambda offer: bool(offer.scopes), _scope),
    Page(lambda offer: bool(offer.items), _items),
    Page(lambda _: True, _copies),
    Page(lambda _: True, _confirm),
)

"""Screens 7 to 11: what is wanted. One loop owns forward and back; pages that do not apply are left out.

The way back from 11 is 11→10→9→8→7 for the 住民票 (the names between 9 and 8 for 世帯の一部), 11→10→8→7 for
the koseki family (the name before 8 for 個人事項証明), 11→10→7 for the 印鑑登録証明書 and for tax, with the
years between where there are several; this follows from the pages that apply. Values are kept on the way
back; another choice on 7 discards what follows it. Back never leaves 7: the card is gone. Whoever picks every
name has asked for 世帯全員: screen 11 and the order that follows from it say so.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

import msgspec

from daemon.issuance.messages import Entitlement, Offer, Person, Reason, Refusal, Scope
from daemon.session import screens
from daemon.session.refusals import refusal_text
from daemon.session.screens import Wish
from daemon.session.visit import Visit

NOTICE_SECONDS = 15.0
MOST_NAMES = 12
BACK, STAY, NEXT = -1, 0, 1


@dataclass(frozen=True)
class Page:
    """applies: whether this wish needs the page. ask: shows it once: (new wish, BACK, STAY or NEXT)."""

    applies: Callable[[Wish, Offer], bool]
    ask: Callable[[Visit, Wish, Offer], Awaitable[tuple[Wish, int]]]


async def choose(visit: Visit, entitlement: Entitlement) -> tuple[Wish, Offer]:
    """Screens 7 to 11 until 確定する on 11. Raises Ended."""
    wish = Wish()
    offers = tuple(_showable(offer) for offer in entitlement.offers)
    while True:
        wish, offer = await _certificate(visit, offers, wish)
        wish, confirmed = await _details(visit, wish, offer)
        if confirmed:
            return wish, offer


def _showable(offer: Offer) -> Offer:
    """More names than a screen holds cannot be chosen or confirmed here: only 本人のみ is left."""
    if len(offer.persons) <= MOST_NAMES:
        return offer
    alone: tuple[Scope, ...] = ("self",) if "self" in offer.scopes else ()
    refusal = offer.refusal if alone else Refusal(Reason.OUT_OF_SERVICE)
    return msgspec.structs.replace(offer, scopes=alone, refusal=refusal)


async def _details(visit: Visit, wish: Wish, offer: Offer) -> tuple[Wish, bool]:
    """Screens 8 to 11; False: back to 7."""
    at, step = 0, NEXT
    while 0 <= at < len(PAGES):
        if PAGES[at].applies(wish, offer):
            wish, step = await PAGES[at].ask(visit, wish, offer)
        at += step
    return wish, at >= len(PAGES)


# ---------------------------------------------------------------- 7


async def _certificate(visit: Visit, offers: Sequence[Offer], wish: Wish) -> tuple[Wish, Offer]:
    kind = wish.offer.kind if wish.offer else None
    by_button = {f"kind.{offer.kind}": offer for offer in offers}
    while True:
        pressed = await visit.desk.ask(screens.certificate(visit.say, offers, kind))
        if pressed in by_button:
            kind = by_button[pressed].kind
            continue
        offer = by_button[f"kind.{kind}"]
        if offer.refusal is None:
            return (wish if wish.offer == offer else _fresh(offer)), offer
        await _tell(visit, offer.refusal)


def _fresh(offer: Offer) -> Wish:
    """A new choice on 7 starts from the defaults: 1 copy, every item 無, the only scope or year there is."""
    scope = offer.scopes[0] if len(offer.scopes) == 1 else None
    return Wish(offer, scope, year=offer.years[0].year if len(offer.years) == 1 else 0)


async def _tell(visit: Visit, refusal: Refusal) -> None:
    """Listed, but not available now: say why, then go back to 7."""
    page = screens.error(visit.say, "unavailable", [refusal_text(visit.say, visit, refusal)])
    await visit.desk.linger(page, NOTICE_SECONDS)


# ---------------------------------------------------------------- 8 to 11


async def _scope(visit: Visit, wish: Wish, offer: Offer) -> tuple[Wish, int]:
    pressed = await visit.desk.ask(screens.scope(visit.say, offer, wish.scope))
    for scope in offer.scopes:
        if pressed == f"scope.{scope}":
            return replace(wish, scope=scope), STAY
    return wish, _step(pressed)


async def _persons(visit: Visit, wish: Wish, offer: Offer) -> tuple[Wish, int]:
    pressed = await visit.desk.ask(screens.persons(visit.say, offer, wish.persons))
    for at, person in enumerate(offer.persons):
        if pressed == f"person.{at}":
            return replace(wish, persons=wish.persons ^ {person.handle}), STAY
    return wish, _step(pressed)


async def _person(visit: Visit, wish: Wish, offer: Offer) -> tuple[Wish, int]:
    """個人事項証明: one person an order; another choice takes the place of the first."""
    chosen = wish.persons if len(wish.persons) == 1 else frozenset()
    pressed = await visit.desk.ask(screens.person(visit.say, offer, chosen))
    for at, person in enumerate(offer.persons):
        if pressed == f"person.{at}":
            return replace(wish, persons=frozenset({person.handle})), STAY
    return wish, _step(pressed)


async def _year(visit: Visit, wish: Wish, offer: Offer) -> tuple[Wish, int]:
    pressed = await visit.desk.ask(screens.year(visit.say, offer, wish.year))
    for year in offer.years:
        if pressed == f"year.{year.year}":
            return replace(wish, year=year.year), STAY
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
    """On the way back the names are still there as they were picked."""
    asked = _whole(wish, offer)
    screen = screens.confirm(visit.say, offer, asked, subjects(asked, offer))
    step = _step(await visit.desk.ask(screen))
    return (asked if step == NEXT else wish), step


def _whole(wish: Wish, offer: Offer) -> Wish:
    """All names picked = 世帯全員, where that can be had at all."""
    everybody = len(subjects(wish, offer)) == len(offer.persons)
    return (
        replace(wish, scope="all") if wish.scope == "part" and everybody and "all" in offer.scopes else wish
    )


def subjects(wish: Wish, offer: Offer) -> tuple[Person, ...]:
    """Whom the certificate is about: the holder alone for 本人のみ and for kinds without a scope."""
    if wish.scope in ("part", "koseki_one"):
        return tuple(person for person in offer.persons if person.handle in wish.persons)
    return offer.persons if wish.scope in ("all", "koseki_all") else offer.persons[:1]


def _step(pressed: str) -> int:
    return {"back": BACK, "confirm": NEXT}.get(pressed, STAY)


PAGES = (
    Page(lambda _, offer: bool(offer.scopes), _scope),
    Page(lambda wish, _: wish.scope == "part", _persons),
    Page(lambda wish, _: wish.scope == "koseki_one", _person),
    Page(lambda _, offer: len(offer.years) > 1, _year),
    Page(lambda _, offer: bool(offer.items), _items),
    Page(lambda *_: True, _copies),
    Page(lambda *_: True, _confirm),
)

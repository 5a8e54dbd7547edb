"""Citizens of a generated municipality: whatever they may choose, the paper is about them and nobody else.

Each is authenticated for every purpose, orders each kind on offer with choices by chance, and the kiosk's own
checks read every page. What is on it is compared with the registry, subject by subject.
"""

from collections import Counter
from collections.abc import Iterator
from random import Random

import pytest

from daemon.center.generator import generate
from daemon.issuance.messages import (
    Entitlement,
    Offer,
    OrderRequest,
    Purpose,
    Reason,
    Refused,
    Scope,
    SealedOrder,
)
from daemon.issuance.order import check
from daemon.issuance.pages import page_texts, stands_below, stands_in
from daemon.issuance.profile import load_profile
from tests.center.world import ISHIKARI, NOON, SESSION, TERMINAL, World

PEOPLE, CITIZENS, SEED = 150, 14, 20260401
PURPOSES: tuple[Purpose, ...] = ("residence", "honseki", "register")
SUMMER = NOON.replace(month=8)
ALLOWED = {
    "residence": {Reason.NOT_OFFERED, Reason.NOT_ENTITLED},
    "honseki": {
        Reason.SAME_MUNICIPALITY,
        Reason.NOT_OFFERED,
        Reason.REGISTRATION_NEEDED,
        Reason.REGISTRATION_PENDING,
    },
    "register": {
        Reason.SAME_MUNICIPALITY,
        Reason.NOT_OFFERED,
        Reason.REGISTRATION_PENDING,
        Reason.ALREADY_REGISTERED,
    },
}
OF_THE_CARD = {
    Reason.UNDERAGE,
    Reason.LAPSED,
    Reason.NOT_READY,
    Reason.REVOKED,
    Reason.BLOCKED,
    Reason.NOT_ENTITLED,
}


@pytest.fixture(scope="module")
def town() -> Iterator[tuple[World, tuple[str, ...]]]:
    """Both municipalities, and the serials of the generated cards."""
    ishikari = load_profile(ISHIKARI)
    world = World(also=[ishikari])
    serials = generate(world.engine, PEOPLE, SEED, [world.profile, ishikari], NOON.date())
    world.clock.now = SUMMER
    yield world, serials
    world.close()


def test_whatever_citizens_choose_the_paper_is_about_them_and_nobody_else(
    town: tuple[World, tuple[str, ...]],
) -> None:
    """R15, R18, R19, R20, R21, R25, P5, P6, P12."""
    world, serials = town
    random = Random(SEED)
    seen: Counter[str] = Counter()
    for serial in random.sample(serials, CITIZENS):
        for purpose in PURPOSES:
            entitlement = entered(world, serial, purpose)
            for offer in entitlement.offers if entitlement else ():
                seen[f"{purpose} {offer.kind}"] += buy(world, random, entitlement, offer, serial)
    kinds = {"juminhyo", "inkan", "koseki", "fuhyo", "shotoku_kazei"}
    assert {f"residence {kind}" for kind in kinds} <= {key for key, count in seen.items() if count}


def entered(world: World, serial: str, purpose: Purpose) -> Entitlement | None:
    """None: refused, for one of the reasons that this purpose has."""
    try:
        return world.enter(serial, purpose=purpose)
    except Refused as refused:
        assert refused.refusal.reason in ALLOWED[purpose] | OF_THE_CARD
        return None


def buy(world: World, random: Random, entitlement: Entitlement | None, offer: Offer, serial: str) -> int:
    """How many 通 were issued: none if the font lacks a character of a name."""
    assert entitlement is not None
    request = wish(random, offer)
    if offer.refusal is not None:
        with pytest.raises(Refused) as refused:
            world.service.order(request)
        assert refused.value.refusal.reason is offer.refusal.reason
        return 0
    try:
        sealed = world.service.order(request)
    except Refused as refused_order:
        assert refused_order.refusal.reason is Reason.CHARACTER
        return 0
    check(sealed, world.expected(request, entitlement, serial), world.keyring, SUMMER)
    compare(world, serial, offer, request, sealed)
    return request.copies


def wish(random: Random, offer: Offer) -> OrderRequest:
    scope: Scope = random.choice(offer.scopes) if offer.scopes else "self"
    people = {
        "self": offer.persons[:1],
        "all": offer.persons,
        "koseki_all": offer.persons,
        "part": random.sample(offer.persons, random.randint(1, len(offer.persons))),
        "koseki_one": random.sample(offer.persons, 1),
    }[scope]
    return OrderRequest(
        order=f"{random.getrandbits(128):032x}",
        terminal=TERMINAL,
        session=SESSION,
        kind=offer.kind,
        scope=scope,
        subjects=tuple(one.handle for one in offer.persons if one in people),
        items=tuple(item for item in offer.items if random.random() < 0.5),
        copies=random.randint(1, 2),
        sample=True,
        year=random.choice(offer.years).year if offer.years else 0,
        fee=offer.fee,
    )


def compare(world: World, serial: str, offer: Offer, request: OrderRequest, sealed: SealedOrder) -> None:
    """The names on the paper are those of the chosen, and each of them is in the holder's register now."""
    card = world.registry.card(serial)
    assert card is not None
    names = {one.handle: one.name for one in offer.persons}
    chosen = {names[handle] for handle in request.subjects}
    texts = [text for pdf in sealed.pdfs for text in page_texts(pdf)[::2]]
    if offer.kind in ("koseki", "fuhyo"):
        koseki = world.registry.koseki(card.resident)
        assert koseki is not None
        active = {one.full_name: one.name for one in koseki.members if not one.removed}
        assert chosen <= active.keys()
        for name, given in active.items():
            entry = f"【名】{given}" if offer.kind == "koseki" else f"【氏名】{name}"
            assert any(stands_in(entry, text) for text in texts) == (name in chosen)
    else:
        household = {one.name for one in world.registry.household(card.resident)}
        assert chosen <= household
        shown = {name for name in household for text in texts if stands_below("氏名", name, text)}
        assert shown == chosen

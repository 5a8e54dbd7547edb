"""Whoever is blocked or protected, wherever they live, in the koseki family (R19, R20)."""

from datetime import date

import msgspec
import pytest
from sqlalchemy import insert, update

from daemon.center import tables
from daemon.issuance.messages import Entitlement, Reason, Refusal, Refused
from daemon.issuance.profile import load_profile
from tests.center.test_service import offer_of, reason_of
from tests.center.world import ISHIKARI, ORDER, World, request_for

HANAKO, NOBORU, HIDDEN = 2, 15, "東京都秘密区隠れ町1-1"


def enters(world: World, cause: str, kind: str) -> None:
    """Something is entered for 花子, who is in the koseki of 太郎."""
    with world.engine.begin() as connection:
        values = {"resident": HANAKO, "kind": kind, "cause": cause, "entered": date(2026, 3, 1)}
        connection.execute(insert(tables.blocks).values(values))


def goes(world: World, where: str) -> None:
    """Out of the reach of this registry, which still holds the 附票 with the new address."""
    people, addresses = tables.residents, tables.addresses
    with world.engine.begin() as connection:
        one = update(people).where(people.c.id == HANAKO)
        present = (addresses.c.resident == HANAKO) & addresses.c.until.is_(None)
        if where == "moved out":
            connection.execute(one.values(state="moved-out"))
            connection.execute(update(addresses).where(present).values(until=date(2026, 3, 15)))
        elif where == "only in the koseki":
            connection.execute(one.values(household=None))
        stay = {"koseki": 1, "person": HANAKO, "address": HIDDEN, "since": date(2026, 3, 15)}
        connection.execute(insert(tables.fuhyo_stays).values(stay))


def orders_all(world: World, entitlement: Entitlement, kind: str) -> Reason:
    """What a kiosk is told that orders the whole of it nevertheless."""
    request = request_for(entitlement, "fuhyo", scope="koseki_all")
    everybody = tuple(person.handle for person in offer_of(entitlement, kind).persons)
    with pytest.raises(Refused) as refused:
        world.service.order(msgspec.structs.replace(request, subjects=everybody))
    assert world.registry.order(ORDER) is None
    return reason_of(refused)


@pytest.mark.parametrize("where", ["at home", "moved out", "only in the koseki"])
@pytest.mark.parametrize(("cause", "kind"), [("support", "all"), ("office", "fuhyo"), ("office", "all")])
def test_the_address_of_who_is_protected_is_on_nobody_elses_fuhyo_wherever_they_live(
    world: World, where: str, cause: str, kind: str
) -> None:
    """R20, 支援措置."""
    goes(world, where)
    assert offer_of(world.enter(), "fuhyo").scopes == ("koseki_all", "koseki_one")
    enters(world, cause, kind)
    entitlement = world.enter()
    offer = offer_of(entitlement, "fuhyo")
    assert offer.scopes == ("koseki_one",)
    assert "山田 花子" not in [person.name for person in offer.persons]
    assert orders_all(world, entitlement, "fuhyo") is not Reason.OUT_OF_SERVICE


def test_a_support_measure_of_the_holder_is_not_passed_by_with_certificates_of_another_municipality() -> None:
    """R41, 支援措置: 昇 lives in 高岡 and has the 本籍 in 石狩."""
    world = World(also=[load_profile(ISHIKARI)])
    before = world.enter("noboru", purpose="honseki")
    with world.engine.begin() as connection:
        values = {"resident": NOBORU, "kind": "all", "cause": "support", "entered": date(2026, 3, 1)}
        connection.execute(insert(tables.blocks).values(values))
    after = world.enter("noboru", purpose="honseki")
    assert [offer.refusal for offer in before.offers] == [None, None]
    assert [offer.refusal for offer in after.offers] == [Refusal(Reason.BLOCKED)] * 2
    world.close()


def test_p12_a_support_measure_that_was_entered_after_the_list_counts_for_the_order(world: World) -> None:
    goes(world, "moved out")
    entitlement = world.enter()
    enters(world, "support", "all")
    assert orders_all(world, entitlement, "fuhyo") is Reason.CHANGED

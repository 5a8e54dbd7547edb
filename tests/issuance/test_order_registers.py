"""The kiosk's checks of a 戸籍: whose entries stand on a page, also where two are called alike (P5, P8)."""

import hashlib
from dataclasses import replace

import msgspec
import pytest
from sqlalchemy import insert, update

from daemon.center import tables
from daemon.center.documents.certificate import Letterhead
from daemon.center.documents.register import fuhyo, koseki
from daemon.center.facts import Koseki
from daemon.issuance.messages import Item, Manifest, Scope, SealedCopy, SealedOrder
from daemon.issuance.order import Expected, Mismatch, check
from tests.center.paper.printed import finished
from tests.center.test_service import offer_of
from tests.center.world import NOON, World, manifest_of, press, request_for

MAKOTO, MISAKI, KAZUKO = 5, 6, 8
"""誠, 美咲 and 和子, who has died."""


def calls(world: World, person: int, name: str, full_name: str) -> None:
    members = tables.koseki_members
    with world.engine.begin() as connection:
        renamed = update(members).where(members.c.person == person)
        connection.execute(renamed.values(name=name, full_name=full_name))


def lengthens(world: World) -> None:
    """The entries of 誠 and of 和子 run over several sheets."""
    lines = [["【特記事項】", "記載"]] * 4
    with world.engine.begin() as connection:
        for person in (MAKOTO, KAZUKO):
            row = {"koseki": 2, "person": person, "title": "養子縁組", "lines": lines}
            connection.execute(insert(tables.koseki_matters), [row] * 9)


def ordered(world: World, holder: str, persons: slice = slice(None)) -> tuple[SealedOrder, Expected]:
    """The 戸籍 of all, or of some on its list."""
    entitlement = world.enter(holder)
    scope: Scope = "koseki_all" if persons == slice(None) else "koseki_one"
    offered = offer_of(entitlement, "koseki").persons
    request = msgspec.structs.replace(
        request_for(entitlement, "koseki", scope=scope),
        subjects=tuple(person.handle for person in offered[persons]),
    )
    return world.service.order(request), world.expected(request, entitlement, holder)


def checked(world: World, sealed: SealedOrder, expected: Expected) -> Manifest:
    return check(sealed, expected, world.keyring, NOON)


def exchanged(world: World, sealed: SealedOrder, facts: Koseki) -> SealedOrder:
    """Rightly sealed over a 戸籍 that says something else."""
    (copy,) = manifest_of(sealed).copies
    head = Letterhead("戸籍全部事項証明書", "富山県高岡市長", NOON.date(), sample=True)
    pdf = finished(press(), koseki(head, facts, "koseki_all", ()), copy.number)
    return resealed(world, sealed, pdf)


def resealed(world: World, sealed: SealedOrder, pdf: bytes) -> SealedOrder:
    manifest = manifest_of(sealed)
    (copy,) = manifest.copies
    wrong = SealedCopy(copy.number, copy.sheets, hashlib.sha256(pdf).hexdigest())
    manifest = msgspec.structs.replace(manifest, copies=(wrong,))
    return msgspec.structs.replace(world.resealed(sealed, manifest), pdfs=(pdf,))


def test_p8_one_who_has_left_and_is_called_like_one_who_is_in_it_is_no_mismatch(world: World) -> None:
    """The second wife has the 名 of the first: each on sheets of her own."""
    calls(world, MISAKI, "和子", "渡邉\U000e010f 和子")
    lengthens(world)
    sealed, expected = ordered(world, "makoto")
    sheets = checked(world, sealed, expected).copies[0].sheets
    assert [len(sheet.subjects) for sheet in sheets] == [1, 1, 0, 0, 1]


def test_p8_a_name_that_is_recorded_without_a_space_is_no_mismatch(world: World) -> None:
    calls(world, 1, "太郎", "山田太郎")
    sealed, expected = ordered(world, "taro", slice(0, 1))
    assert expected.names[expected.request.subjects[0]] == "山田太郎"
    checked(world, sealed, expected)


def test_a_center_that_does_not_say_what_the_given_name_is_writes_a_space_before_it(world: World) -> None:
    sealed, expected = ordered(world, "taro")
    checked(world, sealed, replace(expected, given={}))


@pytest.mark.parametrize("removed", [True, False])
def test_p5_the_entry_of_one_who_has_left_is_not_that_of_one_who_is_in_it(
    world: World, removed: bool
) -> None:
    sealed, expected = ordered(world, "taro", slice(0, 1))
    facts = world.registry.koseki(1)
    assert facts is not None
    taro = next(one for one in facts.members if one.person == 1)
    wrong = exchanged(world, sealed, replace(facts, members=(replace(taro, removed=removed),)))
    why = "does not carry the name of its person" if removed else "certifies all of a koseki"
    with pytest.raises(Mismatch, match=why):
        checked(world, wrong, expected)


def test_p5_a_fuhyo_with_a_honseki_that_was_not_chosen_is_caught(world: World) -> None:
    entitlement = world.enter("taro")
    request = request_for(entitlement, "fuhyo", scope="koseki_one")
    sealed = world.service.order(request)
    expected = replace(world.expected(request, entitlement), choices=("honseki",))
    checked(world, sealed, expected)
    (copy,), facts = manifest_of(sealed).copies, world.registry.fuhyo(1)
    assert facts is not None
    head = Letterhead("戸籍の附票の写し", "富山県高岡市長", NOON.date(), sample=True)
    chosen: tuple[Item, ...] = ("honseki",)
    pdf = finished(press(), fuhyo(head, facts, "koseki_one", (1,), chosen), copy.number)
    with pytest.raises(Mismatch, match="against what was chosen"):
        checked(world, resealed(world, sealed, pdf), expected)


def test_p5_the_entry_of_one_who_was_not_chosen_is_caught(world: World) -> None:
    sealed, expected = ordered(world, "taro", slice(0, 1))
    facts = world.registry.koseki(1)
    assert facts is not None
    couple = tuple(replace(one, entries=()) for one in facts.members[:2])
    with pytest.raises(Mismatch, match="somebody else"):
        checked(world, exchanged(world, sealed, replace(facts, members=couple)), expected)

"""世帯全員 and 世帯の一部: who is offered, who is refused, and what the pages say (R15, R16, R36, R37)."""

from datetime import date

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, update

from daemon.center import tables
from daemon.issuance.messages import Entitlement, Offer, Reason, Refused, Scope
from daemon.issuance.order import WHOLE_HOUSEHOLD, check
from daemon.issuance.pages import page_texts, stands_below, stands_in
from daemon.issuance.profile import load_profile
from tests.center.poppler import is_a_line, poppler
from tests.center.test_service import states
from tests.center.world import NOON, ORDER, PROFILE, World, manifest_of, request_for

YAMADA = ("山田 太郎", "山田 花子", "山田 さくら", "山田 健太")
TARO, HANAKO, SAKURA, KENTA = YAMADA
MAKOTO, RYOKO, MISAKI = "渡邉\U000e010f 誠", "葛\U000e0100城 涼子", "渡邉\U000e010f 美咲"
PLAIN = "この写しは、住民票の原本と相違ないことを証明する。"


def juminhyo(entitlement: Entitlement) -> Offer:
    return next(offer for offer in entitlement.offers if offer.kind == "juminhyo")


def names(entitlement: Entitlement) -> tuple[str, ...]:
    return tuple(person.name for person in juminhyo(entitlement).persons)


def block(world: World, resident: int, kind: str) -> None:
    with world.engine.begin() as connection:
        connection.execute(insert(tables.blocks).values(resident=resident, kind=kind))


def leaves(world: World, resident: int, state: str) -> None:
    with world.engine.begin() as connection:
        connection.execute(
            update(tables.residents).where(tables.residents.c.id == resident).values(state=state)
        )


def order(world: World, scope: Scope, *people: str, holder: str = "taro", copies: int = 1) -> list[str]:
    """The texts of the sheets of the first 通, once the kiosk has checked all of them."""
    entitlement = world.enter(holder)
    request = request_for(entitlement, scope=scope, names=people, copies=copies)
    sealed = world.service.order(request)
    check(sealed, world.expected(request, entitlement, holder), world.keyring, NOON)
    return fronts(sealed.pdfs[0])


def fronts(pdf: bytes) -> list[str]:
    return list(page_texts(pdf)[::2])


def refusal(world: World, scope: Scope, *people: str, holder: str = "taro") -> Reason:
    with pytest.raises(Refused) as refused:
        order(world, scope, *people, holder=holder)
    assert world.registry.order(ORDER) is None
    return refused.value.refusal.reason


# ---------------------------------------------------------------- who is offered


@pytest.mark.parametrize(
    ("holder", "persons"),
    [
        ("taro", YAMADA),
        ("hanako", (HANAKO, TARO, SAKURA, KENTA)),
        ("sakura", (SAKURA, TARO, HANAKO, KENTA)),
        ("makoto", (MAKOTO, RYOKO, MISAKI)),
    ],
)
def test_the_holder_comes_first_then_the_head_the_spouse_and_the_others_by_age(
    world: World, holder: str, persons: tuple[str, ...]
) -> None:
    assert names(world.enter(holder)) == persons


def test_an_older_relative_stands_before_the_children_and_after_the_spouse(world: World) -> None:
    with world.engine.begin() as connection:
        people = tables.residents
        connection.execute(
            update(people).where(people.c.id == 4).values(relation="妻の母", born=date(1950, 1, 1))
        )
    assert names(world.enter("taro")) == (TARO, HANAKO, KENTA, SAKURA)


def test_each_member_has_a_handle_of_its_own_that_says_nothing(world: World) -> None:
    handles = [person.handle for person in juminhyo(world.enter()).persons]
    assert len(set(handles)) == 4
    assert all(len(handle) == 32 for handle in handles)
    assert handles != [person.handle for person in juminhyo(world.enter()).persons]


@pytest.mark.parametrize("state", ["moved-out", "dead"])
def test_who_moved_out_or_died_never_appears(world: World, state: str) -> None:
    leaves(world, 4, state)
    entitlement = world.enter()
    assert names(entitlement) == (TARO, HANAKO, SAKURA)
    assert juminhyo(entitlement).scopes == ("self", "all", "part")
    assert len(order(world, "all", TARO, HANAKO, SAKURA)) == 3


def test_another_household_at_the_same_address_never_appears(world: World) -> None:
    """R15."""
    with world.engine.begin() as connection:
        connection.execute(insert(tables.households).values(id=99, municipality="162027", head=SAKURA))
        people = tables.residents
        connection.execute(update(people).where(people.c.id == 3).values(household=99, relation="世帯主"))
    assert names(world.enter()) == (TARO, HANAKO, KENTA)
    alone = world.enter("sakura")
    assert names(alone) == (SAKURA,)


@pytest.mark.parametrize("kind", ["all", "juminhyo"])
def test_without_a_member_who_is_blocked_the_household_is_not_whole(world: World, kind: str) -> None:
    block(world, 2, kind)
    entitlement = world.enter()
    assert names(entitlement) == (TARO, SAKURA, KENTA)
    assert juminhyo(entitlement).scopes == ("self", "part")
    assert refusal(world, "all", TARO, SAKURA, KENTA) is Reason.BAD_REQUEST
    assert len(order(world, "part", TARO, SAKURA, KENTA)) == 3


def test_a_block_of_another_kind_does_not_matter(world: World) -> None:
    block(world, 2, "inkan")
    assert names(world.enter()) == YAMADA


def test_where_nobody_else_can_be_named_there_is_no_part_to_choose(world: World) -> None:
    for resident in (2, 3, 4):
        leaves(world, resident, "moved-out")
    assert juminhyo(world.enter()).scopes == ("self", "all")
    (text,) = order(world, "all", TARO)
    assert stands_in(WHOLE_HOUSEHOLD, text)


def test_a_household_that_may_only_be_shown_whole_and_is_not_whole_is_listed_as_blocked() -> None:
    profile = load_profile(PROFILE)
    first, *others = profile.certificates
    only_all = msgspec.structs.replace(first, scopes=("all",))
    world = World(msgspec.structs.replace(profile, certificates=(only_all, *others)))
    block(world, 2, "all")
    found = juminhyo(world.enter()).refusal
    world.close()
    assert found is not None
    assert found.reason is Reason.BLOCKED


def test_where_the_municipality_offers_the_holder_alone_nobody_else_is_named() -> None:
    profile = load_profile(PROFILE)
    first, *others = profile.certificates
    alone = msgspec.structs.replace(first, scopes=("self",))
    world = World(msgspec.structs.replace(profile, certificates=(alone, *others)))
    assert names(world.enter()) == (TARO,)
    world.close()


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("scope", "people"),
    [
        ("self", (HANAKO,)),
        ("self", (TARO, HANAKO)),
        ("all", (TARO,)),
        ("all", (TARO, HANAKO, SAKURA)),
        ("all", (*YAMADA, TARO)),
        ("part", (TARO, TARO)),
        ("koseki_all", YAMADA),
        ("koseki_one", (TARO,)),
    ],
)
def test_a_scope_with_the_wrong_people_is_refused(
    world: World, scope: Scope, people: tuple[str, ...]
) -> None:
    assert refusal(world, scope, *people) is Reason.BAD_REQUEST


@pytest.mark.parametrize("scope", ["self", "all", "part"])
def test_a_certificate_of_nobody_is_refused(world: World, scope: Scope) -> None:
    request = msgspec.structs.replace(request_for(world.enter(), scope=scope), subjects=())
    with pytest.raises(Refused) as refused:
        world.service.order(request)
    assert refused.value.refusal.reason is Reason.BAD_REQUEST


def test_the_handle_of_another_household_is_refused(world: World) -> None:
    stranger = world.enter("makoto", "77" * 16).holder.handle
    request = request_for(world.enter(), scope="part", names=(TARO, HANAKO))
    stolen = msgspec.structs.replace(request, subjects=(request.subjects[0], stranger))
    with pytest.raises(Refused) as refused:
        world.service.order(stolen)
    assert refused.value.refusal.reason is Reason.BAD_REQUEST


def test_the_household_is_read_again_when_the_order_is_made(world: World) -> None:
    request = request_for(world.enter(), scope="all", names=YAMADA)
    leaves(world, 4, "dead")
    with pytest.raises(Refused) as refused:
        world.service.order(request)
    assert refused.value.refusal.reason is Reason.CHANGED


def test_a_member_blocked_after_the_list_was_shown_gets_no_page(world: World) -> None:
    request = request_for(world.enter(), scope="part", names=(TARO, HANAKO))
    block(world, 2, "all")
    with pytest.raises(Refused) as refused:
        world.service.order(request)
    assert refused.value.refusal.reason is Reason.CHANGED


def test_one_name_that_cannot_be_drawn_refuses_the_whole_household_and_not_the_part_without_it(
    world: World,
) -> None:
    assert refusal(world, "all", MAKOTO, RYOKO, MISAKI, holder="makoto") is Reason.CHARACTER
    assert refusal(world, "part", MAKOTO, RYOKO, holder="makoto") is Reason.CHARACTER
    assert len(order(world, "part", MAKOTO, MISAKI, holder="makoto")) == 2


def test_a_page_that_runs_over_refuses_them_all(world: World) -> None:
    with world.engine.begin() as connection:
        homes = tables.addresses
        connection.execute(update(homes).where(homes.c.resident == 4).values(text="富山県高岡市 " * 600))
    with pytest.raises(Refused) as refused:
        order(world, "all", *YAMADA)
    assert refused.value.refusal.reason is Reason.OUT_OF_SERVICE
    assert set(states(world).values()) == {"void"}


def test_a_member_without_an_address_is_an_error_of_the_registry(world: World) -> None:
    with world.engine.begin() as connection:
        connection.execute(delete(tables.addresses).where(tables.addresses.c.resident == 4))
    with pytest.raises(LookupError, match="without a current address"):
        world.enter()


# ---------------------------------------------------------------- what the pages say


def test_a_page_each_in_the_households_order_whoever_asked(world: World) -> None:
    texts = order(world, "all", HANAKO, TARO, SAKURA, KENTA, holder="hanako")
    for name, text in zip(YAMADA, texts, strict=True):
        assert [other for other in YAMADA if stands_below("氏名", other, text)] == [name]


def test_every_page_has_its_place_and_all_have_the_number_of_their_copy(world: World) -> None:
    entitlement = world.enter()
    sealed = world.service.order(request_for(entitlement, scope="all", names=YAMADA, copies=2))
    one, other = manifest_of(sealed).copies
    assert one.number != other.number
    for pdf, copy in zip(sealed.pdfs, (one, other), strict=True):
        for sheet, text in enumerate(fronts(pdf), start=1):
            assert stands_in(copy.number, text)
            assert stands_in(f"{sheet}/4", text)


def test_the_manifest_says_whose_page_is_which_and_names_nobody(world: World) -> None:
    entitlement = world.enter("hanako")
    people = {person.name: person.handle for person in juminhyo(entitlement).persons}
    sealed = world.service.order(request_for(entitlement, scope="part", names=(HANAKO, TARO)))
    (copy,) = manifest_of(sealed).copies
    assert [sheet.subjects for sheet in copy.sheets] == [(people[TARO],), (people[HANAKO],)]
    assert manifest_of(sealed).subjects == (people[HANAKO], people[TARO])
    assert "山田".encode() not in sealed.manifest


@pytest.mark.parametrize(
    ("scope", "people", "sentence"),
    [
        ("self", (TARO,), PLAIN),
        ("part", (TARO, KENTA), PLAIN),
        ("all", YAMADA, "この写しは、世帯全員の住民票の原本と相違ないことを証明する。"),
    ],
)
def test_only_the_whole_household_is_certified_as_whole(
    world: World, scope: Scope, people: tuple[str, ...], sentence: str
) -> None:
    sealed = world.service.order(request_for(world.enter(), scope=scope, names=people))
    pages = poppler(sealed.pdfs[0]).split("\f")[:-1]
    assert len(pages) == 2 * len(people)
    for page in pages[::2]:
        assert is_a_line(sentence, page)
        assert is_a_line("富山県高岡市長", page)
        assert page.count("相違ないことを証明する") == 1


def test_a_child_under_15_may_be_on_the_certificate_of_a_parent(world: World) -> None:
    (text,) = order(world, "part", KENTA)
    assert stands_below("氏名", KENTA, text)


@settings(max_examples=25, deadline=None)
@given(data=st.data())
def test_any_part_of_a_household_passes_every_check_of_the_kiosk(data: st.DataObject) -> None:
    world = World()
    holder, own = data.draw(st.sampled_from([("taro", TARO), ("hanako", HANAKO), ("sakura", SAKURA)]))
    picked = data.draw(st.sets(st.sampled_from(YAMADA), min_size=1))
    people = [own, *(name for name in YAMADA if name != own)]
    texts = order(world, "part", *(name for name in people if name in picked), holder=holder, copies=2)
    world.close()
    wanted = [name for name in YAMADA if name in picked]
    assert [name for text in texts for name in YAMADA if stands_below("氏名", name, text)] == wanted

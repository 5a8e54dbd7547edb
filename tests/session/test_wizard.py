"""Screens 7 to 11: forward, back, and what is kept on the way."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.issuance.messages import Entitlement, Municipality, Offer, Person, Reason, Refusal, Scope, TaxYear
from daemon.session.desk import IdleTimeout, Quit
from daemon.session.refusals import refusal_text
from daemon.session.screens import Wish
from daemon.session.widgets import buttons
from daemon.session.wizard import MOST_NAMES, choose, subjects
from tests.session.stage import Shop, StubSay, settled, shop, virtual_time

TAKAOKA = Municipality("162027", "富山県", "高岡市")
TAROU, HANAKO, SAKURA = (
    Person(f"h{at}", f"山田 {given}") for at, given in enumerate(("太郎", "花子", "さくら"), start=1)
)
JUMINHYO = Offer(
    "juminhyo",
    fee=200,
    max_copies=10,
    scopes=("self", "all", "part"),
    items=("head", "honseki", "mynumber"),
    persons=(TAROU, HANAKO, SAKURA),
)
INKAN = Offer("inkan", fee=200, max_copies=10, persons=(TAROU,))
KOSEKI = Offer("koseki", fee=350, max_copies=10, scopes=("koseki_all",), persons=(TAROU, HANAKO))
FAMILY = Offer(
    "koseki", fee=450, max_copies=10, scopes=("koseki_all", "koseki_one"), persons=(TAROU, HANAKO, SAKURA)
)
YEARS = (TaxYear(2025, "令和7年度"), TaxYear(2024, "令和6年度"))
TAX = Offer("shotoku_kazei", fee=350, max_copies=10, persons=(TAROU,), years=YEARS)
LATEST = Offer("kazei", fee=350, max_copies=10, persons=(TAROU,), years=YEARS[:1])
CLOSED = Offer("fuhyo", 200, 10, refusal=Refusal(Reason.HOURS, open="09:00", close="17:00"))


class Choosing:
    """A citizen on the way from 7 to 11; ``wish`` is what came of it."""

    def __init__(self, at: Shop, offers: Sequence[Offer]) -> None:
        self.press = at.citizen.press
        self._at = at
        self._task = asyncio.create_task(choose(at.visit, Entitlement(TAKAOKA, TAROU, tuple(offers))))

    @property
    def screen(self) -> str:
        return self._at.citizen.sees.name

    async def walk(self, *ids: str) -> list[str]:
        """The screens these presses lead to, one each."""
        seen = []
        for button in ids:
            await self.press(button)
            seen.append(self.screen)
        return seen

    async def wish(self) -> tuple[Wish, Offer]:
        return await self._task

    async def leave(self) -> None:
        await self.press("quit")
        with pytest.raises(Quit):
            await self._task


async def begin(at: Shop, *offers: Offer) -> Choosing:
    choosing = Choosing(at, offers or (JUMINHYO, INKAN, KOSEKI, CLOSED))
    await settled()
    return choosing


@virtual_time
async def test_a_resident_record_takes_screens_7_8_9_10_11() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await choosing.press("kind.juminhyo")
        ways = [await choosing.walk("confirm"), await choosing.walk("scope.all", "confirm")]
        ways += [await choosing.walk("item.head.yes", "confirm"), await choosing.walk("key.3", "confirm")]
        assert [way[-1] for way in ways] == ["scope", "items", "copies", "confirm"]
        await choosing.press("confirm")
        wish, offer = await choosing.wish()
        assert wish == Wish(JUMINHYO, "all", frozenset({"head"}), "3")
        assert offer is JUMINHYO


@virtual_time
async def test_a_seal_certificate_takes_screens_7_10_11() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await choosing.press("kind.inkan")
        assert await choosing.walk("confirm", "confirm") == ["copies", "confirm"]
        await choosing.press("confirm")
        assert (await choosing.wish())[0] == Wish(INKAN, None, frozenset(), "1")


@virtual_time
async def test_the_only_scope_there_is_is_already_chosen() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await choosing.press("kind.koseki")
        assert await choosing.walk("confirm", "confirm", "confirm") == ["scope", "copies", "confirm"]
        await choosing.leave()


@virtual_time
async def test_back_from_11_goes_10_9_8_7_for_a_resident_record() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await choosing.press("kind.juminhyo", "confirm", "scope.self", "confirm", "confirm", "confirm")
        assert choosing.screen == "confirm"
        assert await choosing.walk(*["back"] * 4) == ["copies", "items", "scope", "certificate"]
        await choosing.leave()


@virtual_time
async def test_back_from_11_goes_10_7_for_a_seal_certificate() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await choosing.press("kind.inkan", "confirm", "confirm")
        assert await choosing.walk("back", "back") == ["copies", "certificate"]
        await choosing.leave()


@virtual_time
async def test_back_from_11_goes_10_8_7_for_a_family_register() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await choosing.press("kind.koseki", "confirm", "confirm", "confirm")
        assert await choosing.walk("back", "back", "back") == ["copies", "scope", "certificate"]
        await choosing.leave()


async def to_confirmation(choosing: Choosing) -> None:
    """山田 太郎 wants three copies for the whole household, with 本籍地."""
    await choosing.press("kind.juminhyo", "confirm", "scope.all", "confirm", "item.honseki.yes", "confirm")
    await choosing.press("key.3", "confirm")


@virtual_time
async def test_values_are_kept_on_the_way_back_and_forward_again() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await to_confirmation(choosing)
        await choosing.press(*["back"] * 4, *["confirm"] * 5)
        assert (await choosing.wish())[0] == Wish(JUMINHYO, "all", frozenset({"honseki"}), "3")


@virtual_time
async def test_another_choice_on_7_discards_what_followed() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await to_confirmation(choosing)
        await choosing.press(*["back"] * 4, "kind.inkan", "confirm", "back", "kind.juminhyo", "confirm")
        await choosing.press("scope.self", *["confirm"] * 4)
        assert (await choosing.wish())[0] == Wish(JUMINHYO, "self", frozenset(), "1")


@virtual_time
async def test_a_choice_on_7_that_is_taken_back_before_it_is_confirmed_discards_nothing() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await to_confirmation(choosing)
        await choosing.press(*["back"] * 4, "kind.inkan", "kind.juminhyo", *["confirm"] * 5)
        assert (await choosing.wish())[0] == Wish(JUMINHYO, "all", frozenset({"honseki"}), "3")


@virtual_time
async def test_an_item_can_be_taken_back() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await choosing.press("kind.juminhyo", "confirm", "scope.self", "confirm")
        await choosing.press("item.head.yes", "item.mynumber.yes", "item.head.no", *["confirm"] * 3)
        assert (await choosing.wish())[0].items == {"mynumber"}


# ---------------------------------------------------------------- 個人事項証明, 年度


@virtual_time
async def test_one_person_of_a_koseki_is_picked_between_8_and_10_and_it_is_one_only() -> None:
    async with shop() as at:
        choosing = await begin(at, FAMILY)
        await choosing.press("kind.koseki", "confirm", "scope.koseki_one", "confirm")
        assert choosing.screen == "person"
        way = await choosing.walk("confirm", "person.0", "person.2", "confirm")
        assert way == ["person", "person", "person", "copies"]
        assert await choosing.walk("confirm", *["back"] * 4) == [
            *("confirm", "copies", "person", "scope", "certificate")
        ]
        await choosing.press(*["confirm"] * 5)
        wish, offer = await choosing.wish()
        assert (wish.scope, subjects(wish, offer)) == ("koseki_one", (SAKURA,))


@virtual_time
async def test_the_whole_koseki_asks_for_no_name_and_is_about_everybody_in_it() -> None:
    async with shop() as at:
        choosing = await begin(at, FAMILY)
        await choosing.press("kind.koseki", "confirm", "scope.koseki_all")
        assert await choosing.walk("confirm", "confirm") == ["copies", "confirm"]
        assert "scope.koseki_all" in str(at.citizen.sees.body)
        await choosing.press("confirm")
        wish, offer = await choosing.wish()
        assert subjects(wish, offer) == (TAROU, HANAKO, SAKURA)


@virtual_time
async def test_back_from_11_goes_10_year_7_for_tax_where_there_are_several_years() -> None:
    async with shop() as at:
        choosing = await begin(at, TAX)
        await choosing.press("kind.shotoku_kazei")
        way = await choosing.walk("confirm", "confirm", "year.2024", "confirm", "confirm")
        assert way == ["year", "year", "year", "copies", "confirm"]
        assert "令和6年度" in str(at.citizen.sees.body)
        assert await choosing.walk(*["back"] * 3) == ["copies", "year", "certificate"]
        await choosing.press(*["confirm"] * 4)
        assert (await choosing.wish())[0] == Wish(TAX, year=2024)


@virtual_time
async def test_the_only_year_there_is_is_already_chosen() -> None:
    async with shop() as at:
        choosing = await begin(at, LATEST)
        await choosing.press("kind.kazei")
        assert await choosing.walk("confirm", "confirm") == ["copies", "confirm"]
        await choosing.press("confirm")
        assert (await choosing.wish())[0] == Wish(LATEST, year=2025)


# ---------------------------------------------------------------- 世帯の一部


async def to_names(choosing: Choosing) -> None:
    await choosing.press("kind.juminhyo", "confirm", "scope.part", "confirm")
    assert choosing.screen == "persons"


@virtual_time
async def test_a_part_of_the_household_takes_the_names_between_8_and_9() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await to_names(choosing)
        await choosing.press("person.1")
        assert await choosing.walk("confirm", "confirm", "confirm") == ["items", "copies", "confirm"]
        assert "山田 花子" in str(at.citizen.sees.body)
        assert "山田 太郎" not in str(at.citizen.sees.body)
        await choosing.press("confirm")
        assert (await choosing.wish())[0] == Wish(JUMINHYO, "part", persons=frozenset({"h2"}))


@pytest.mark.parametrize("scope", ["self", "all"])
@virtual_time
async def test_nobody_else_is_asked_for_names(scope: str) -> None:
    async with shop() as at:
        choosing = await begin(at)
        await choosing.press("kind.juminhyo", "confirm", f"scope.{scope}")
        assert await choosing.walk("confirm") == ["items"]
        await choosing.leave()


@virtual_time
async def test_without_a_name_there_is_no_way_on_and_a_name_can_be_taken_back() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await to_names(choosing)
        assert await choosing.walk("confirm", "person.0", "person.0", "confirm") == ["persons"] * 4
        assert await choosing.walk("person.2", "confirm") == ["persons", "items"]
        await choosing.leave()


@virtual_time
async def test_back_from_11_goes_10_9_names_8_7_and_the_names_are_kept() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await to_names(choosing)
        await choosing.press("person.0", "person.2", "confirm", "confirm", "confirm")
        way = ["copies", "items", "persons", "scope", "certificate"]
        assert await choosing.walk(*["back"] * 5) == way
        assert await choosing.walk(*["confirm"] * 5) == [*way[-2::-1], "confirm"]
        await choosing.press("confirm")
        assert (await choosing.wish())[0].persons == {"h1", "h3"}


@virtual_time
async def test_names_are_kept_while_another_scope_is_tried() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await to_names(choosing)
        await choosing.press("person.1", "confirm", "back", "back", "scope.self")
        assert await choosing.walk("confirm", "back", "scope.part", "confirm") == [
            "items",
            "scope",
            "scope",
            "persons",
        ]
        assert [button.id for button in buttons(at.citizen.sees) if button.chosen] == ["person.1"]
        await choosing.leave()


@virtual_time
async def test_all_names_picked_is_the_whole_household_for_everything_that_follows() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await to_names(choosing)
        await choosing.press("person.0", "person.1", "person.2", *["confirm"] * 4)
        wish, offer = await choosing.wish()
        assert (wish.scope, subjects(wish, offer)) == ("all", JUMINHYO.persons)


@virtual_time
async def test_the_way_back_still_shows_the_names_that_made_it_the_whole_household() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await to_names(choosing)
        await choosing.press("person.0", "person.1", "person.2", *["confirm"] * 3)
        assert await choosing.walk("back", "back", "back") == ["copies", "items", "persons"]
        await choosing.press("person.1", *["confirm"] * 4)
        wish, offer = await choosing.wish()
        assert (wish.scope, subjects(wish, offer)) == ("part", (TAROU, SAKURA))


@virtual_time
async def test_all_names_are_a_part_where_the_whole_household_cannot_be_had() -> None:
    async with shop() as at:
        choosing = await begin(at, msgspec.structs.replace(JUMINHYO, scopes=("self", "part")))
        await to_names(choosing)
        await choosing.press("person.0", "person.1", "person.2", *["confirm"] * 4)
        assert (await choosing.wish())[0].scope == "part"


def crowd(size: int, *scopes: Scope) -> Offer:
    people = tuple(Person(f"h{at}", f"山田 {at}") for at in range(size))
    return msgspec.structs.replace(JUMINHYO, persons=people, scopes=scopes)


@virtual_time
async def test_more_names_than_a_screen_holds_leave_the_holder_alone() -> None:
    async with shop() as at:
        choosing = await begin(at, crowd(MOST_NAMES + 1, "self", "all", "part"))
        await choosing.press("kind.juminhyo", "confirm")
        assert [button.id for button in buttons(at.citizen.sees) if "scope" in button.id] == ["scope.self"]
        await choosing.leave()
        choosing = await begin(at, crowd(MOST_NAMES, "self", "all", "part"))
        await to_names(choosing)
        await choosing.leave()


@virtual_time
async def test_more_names_than_a_screen_holds_and_no_certificate_of_one_is_refused() -> None:
    async with shop() as at:
        choosing = await begin(at, crowd(MOST_NAMES + 1, "all"))
        assert await choosing.walk("kind.juminhyo", "confirm") == ["certificate", "error.unavailable"]
        await choosing.press("quit")
        await choosing.leave()


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 2), max_size=9))
def test_whatever_is_toggled_the_certificate_is_about_exactly_those_marked(toggles: list[int]) -> None:
    @virtual_time
    async def play() -> None:
        async with shop() as at:
            choosing = await begin(at)
            await to_names(choosing)
            await choosing.press(*(f"person.{name}" for name in toggles))
            marked = [name for name in range(3) if toggles.count(name) % 2]
            if not marked:
                assert await choosing.walk("confirm") == ["persons"]
                await choosing.leave()
                return
            await choosing.press(*["confirm"] * 4)
            wish, offer = await choosing.wish()
            assert subjects(wish, offer) == tuple(offer.persons[name] for name in marked)
            assert wish.scope == ("all" if len(marked) == 3 else "part")

    play()


# ---------------------------------------------------------------- 10


@pytest.mark.parametrize(
    ("keys", "copies"),
    [
        ("3", 3),
        ("10", 10),
        ("11", 1),
        ("0", 1),
        ("25", 2),
        (["key.clear", "key.4"], 4),
        (["key.5", "key.clear", "key.0", "key.7"], 7),
    ],
)
@virtual_time
async def test_copies_are_typed(keys: str | list[str], copies: int) -> None:
    async with shop() as at:
        choosing = await begin(at)
        ids = keys if isinstance(keys, list) else [f"key.{key}" for key in keys]
        await choosing.press("kind.inkan", "confirm", *ids, "confirm", "confirm")
        assert (await choosing.wish())[0].number == copies


@virtual_time
async def test_an_empty_field_cannot_be_confirmed_and_back_restores_one_copy() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await choosing.press("kind.inkan", "confirm", "key.clear", "confirm")
        assert choosing.screen == "copies"
        await choosing.press("back", "confirm", "confirm", "confirm")
        assert (await choosing.wish())[0].number == 1


@virtual_time
async def test_typing_after_coming_back_to_10_begins_anew() -> None:
    async with shop() as at:
        choosing = await begin(at)
        await choosing.press("kind.inkan", "confirm", "key.1", "confirm", "back", "key.0")
        await choosing.press("key.2", "confirm", "confirm")
        assert (await choosing.wish())[0].number == 2


@virtual_time
async def test_a_kind_that_is_not_available_now_is_listed_and_refused_with_its_reason() -> None:
    async with shop() as at:
        choosing = await begin(at)
        assert await choosing.walk("kind.fuhyo", "confirm") == ["certificate", "error.unavailable"]
        assert "err.hours open=09:00 close=17:00" in str(at.citizen.sees.body)
        await choosing.press("quit")
        assert choosing.screen == "certificate"
        await choosing.leave()


@pytest.mark.parametrize(
    "way",
    [
        ["kind.juminhyo"],
        ["kind.juminhyo", "confirm"],
        ["kind.juminhyo", "confirm", "scope.part", "confirm"],
        ["kind.juminhyo", "confirm", "scope.self", "confirm"],
        ["kind.inkan", "confirm"],
        ["kind.inkan", "confirm", "confirm"],
    ],
    ids=["7", "8", "names", "9", "10", "11"],
)
@virtual_time
async def test_every_screen_can_be_left_and_none_waits_for_ever(way: list[str]) -> None:
    async with shop() as at:
        choosing = await begin(at)
        await choosing.press(*way)
        await choosing.leave()
        choosing = await begin(at)
        await choosing.press(*way)
        with pytest.raises(IdleTimeout):
            await choosing.wish()


# ---------------------------------------------------------------- whom it is about, why it is refused


@pytest.mark.parametrize(
    ("wish", "offer", "persons"),
    [
        (Wish(JUMINHYO, "self"), JUMINHYO, (TAROU,)),
        (Wish(JUMINHYO, "all"), JUMINHYO, (TAROU, HANAKO, SAKURA)),
        (Wish(JUMINHYO, "part", persons=frozenset({"h3", "h1"})), JUMINHYO, (TAROU, SAKURA)),
        (Wish(JUMINHYO, "self", persons=frozenset({"h3"})), JUMINHYO, (TAROU,)),
        (Wish(KOSEKI, "koseki_all"), KOSEKI, (TAROU, HANAKO)),
        (Wish(INKAN), INKAN, (TAROU,)),
    ],
)
def test_a_certificate_is_about_the_holder_or_all_whom_its_scope_names(
    wish: Wish, offer: Offer, persons: tuple[Person, ...]
) -> None:
    assert subjects(wish, offer) == persons


@pytest.mark.parametrize(
    ("refusal", "text"),
    [
        (
            Refusal(Reason.MAINTENANCE, until=datetime(2026, 4, 2, 5, tzinfo=UTC)),
            "err.maintenance pref=富山県 city=高岡市 month=4 day=2 hour=5",
        ),
        (Refusal(Reason.CLOSED_DAY, open="09:00", close="17:00"), "err.closed_day open=09:00 close=17:00"),
        (Refusal(Reason.KOSEKI_PENDING), "note.koseki_pending"),
        (Refusal(Reason.CHARACTER), "err.character"),
        (Refusal(Reason.BLOCKED), "err.blocked"),
        (Refusal(Reason.OUT_OF_SERVICE), "err.busy"),
    ],
)
@virtual_time
async def test_a_refusal_says_its_reason(refusal: Refusal, text: str) -> None:
    async with shop() as at:
        assert refusal_text(StubSay(), at.visit, refusal) == text

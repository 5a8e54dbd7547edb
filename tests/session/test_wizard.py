"""Screens 7 to 11: forward, back, and what is kept on the way."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime

import pytest

from daemon.issuance.messages import Entitlement, Municipality, Offer, Person, Reason, Refusal
from daemon.session.desk import IdleTimeout, Quit
from daemon.session.screens import Wish
from daemon.session.wizard import choose, refusal_text, subjects
from tests.session.stage import Shop, StubSay, settled, shop, virtual_time

TAKAOKA = Municipality("162027", "富山県", "高岡市")
TAROU, HANAKO = Person("h1", "山田 太郎"), Person("h2", "山田 花子")
JUMINHYO = Offer(
    "juminhyo",
    fee=200,
    max_copies=10,
    scopes=("self", "all"),
    items=("head", "honseki", "mynumber"),
    persons=(TAROU, HANAKO),
)
INKAN = Offer("inkan", fee=200, max_copies=10, persons=(TAROU,))
KOSEKI = Offer("koseki", fee=350, max_copies=10, scopes=("koseki_all",), persons=(TAROU, HANAKO))
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
        ["kind.juminhyo", "confirm", "scope.self", "confirm"],
        ["kind.inkan", "confirm"],
        ["kind.inkan", "confirm", "confirm"],
    ],
    ids=["7", "8", "9", "10", "11"],
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
        (Wish(JUMINHYO, "all"), JUMINHYO, (TAROU, HANAKO)),
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
        (Refusal(Reason.CLOSED_DAY, open="09:00", close="17:00"), "err.hours open=09:00 close=17:00"),
        (Refusal(Reason.KOSEKI_PENDING), "note.koseki_pending"),
        (Refusal(Reason.CHARACTER), "err.character"),
        (Refusal(Reason.OUT_OF_SERVICE), "err.busy"),
    ],
)
@virtual_time
async def test_a_refusal_says_its_reason(refusal: Refusal, text: str) -> None:
    async with shop() as at:
        assert refusal_text(StubSay(), at.visit, refusal) == text

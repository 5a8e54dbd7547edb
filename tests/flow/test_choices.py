"""Screens 7 to 11: what is wanted; forward and back with every value kept, and nothing decided too early."""

import pytest

from tests.flow.citizen import Wants, citizen
from tests.session.stage import virtual_time

# ---------------------------------------------------------------- 7 to 11


@virtual_time
async def test_the_way_back_of_a_juminhyo_is_11_10_9_8_7_and_no_further() -> None:
    async with citizen() as one:
        await one.to("confirm")
        for name in ("copies", "items", "scope", "certificate"):
            await one.press("back")
            assert one.sees.name == name
        assert "back" not in one.ids


@virtual_time
async def test_the_way_back_of_an_inkan_certificate_is_11_10_7() -> None:
    async with citizen(wants=Wants(kind="inkan")) as one:
        await one.to("confirm")
        for name in ("copies", "certificate"):
            await one.press("back")
            assert one.sees.name == name


@virtual_time
async def test_values_are_kept_on_the_way_back() -> None:
    async with citizen(wants=Wants(copies=3, items=("head",))) as one:
        await one.to("confirm")
        confirmed = one.sees
        await one.press("back", "back")
        assert one.chosen == ["item.head.yes", "item.honseki.no", "item.mynumber.no"]
        await one.press("back", "back")
        await one.press("confirm", "confirm", "confirm", "confirm")
        assert one.sees == confirmed


@virtual_time
async def test_another_choice_on_7_discards_what_follows_it() -> None:
    async with citizen(wants=Wants(copies=3, items=("head",))) as one:
        await one.to("confirm")
        await one.press("back", "back", "back", "back")
        await one.press("kind.inkan", "confirm")
        assert (one.sees.name, one.texts[3]) == ("copies", "1")
        await one.press("back", "kind.juminhyo", "confirm")
        assert (one.sees.name, one.chosen) == ("scope", [])
        await one.press("scope.self", "confirm")
        assert one.chosen == ["item.head.no", "item.honseki.no", "item.mynumber.no"]


@virtual_time
async def test_every_item_is_without_unless_chosen() -> None:
    async with citizen() as one:
        await one.to("items")
        assert one.chosen == ["item.head.no", "item.honseki.no", "item.mynumber.no"]


@pytest.mark.parametrize(
    ("keys", "shown", "hint"),
    [("3", "3", False), ("10", "10", False), ("0", "1", True), ("11", "1", True), ("105", "10", True)],
)
@virtual_time
async def test_the_copies_start_at_1_and_the_first_digit_replaces_it(
    keys: str, shown: str, hint: bool
) -> None:
    async with citizen() as one:
        await one.to("copies")
        assert "1" in one.texts
        await one.type(keys)
        assert shown in one.texts
        assert ("copies.over n=10" in one.texts) is hint


@virtual_time
async def test_an_empty_number_of_copies_cannot_be_confirmed() -> None:
    async with citizen() as one:
        await one.to("copies")
        await one.press("key.clear")
        assert "confirm" not in one.enabled
        await one.type("2")
        assert "confirm" in one.enabled


@virtual_time
async def test_screen_11_says_everything_once_more() -> None:
    async with citizen(wants=Wants(copies=3, items=("honseki",))) as one:
        await one.to("confirm")
        assert one.table == {
            "items.head": "items.no",
            "items.honseki": "items.yes",
            "items.mynumber": "items.no",
            "confirm.type": "住民票の写し",
            "confirm.copies": "unit.copies n=3",
            "confirm.fee": "unit.yen n=600",
            "confirm.persons": "山田 太郎",
        }

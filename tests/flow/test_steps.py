"""The fifteen steps as the manual tells them: these screens, in this order, with exactly these buttons."""

from datetime import timedelta

import pytest

from drivers.card import jpki
from drivers.card.chip import CardContents, VirtualCard
from tests.flow.citizen import Citizen, Wants, citizen
from tests.flow.whole import MORNING, SetUp, card_files
from tests.session.stage import settled, virtual_time

LANGUAGES = [f"language.{code}" for code in ("ja", "en", "ko", "zh-Hans", "zh-Hant", "es", "pt")]
ITEMS = [f"item.{item}.{answer}" for item in ("head", "honseki", "mynumber") for answer in ("yes", "no")]
JUMINHYO = ("certificate", "scope", "items", "copies", "confirm", "payment")
INKAN = ("certificate", "copies", "confirm", "payment")


async def way(one: Citizen, last: str = "start") -> list[str]:
    """Goes to this screen; the names of those on the way, each once, without waiting pages."""
    seen = len(one.parts.face.shown)
    await one.to_the_end() if last == "start" else await one.to(last)
    names = dict.fromkeys(screen.name for screen in one.parts.face.shown[seen:])
    return [name for name in names if name not in ("reading", "preparing")]


# ---------------------------------------------------------------- the way


@virtual_time
async def test_the_way_of_a_juminhyo_has_fifteen_steps() -> None:
    async with citizen() as one:
        steps = ["services", "card", "municipality", "pin", "removal", *JUMINHYO, "printing", "take"]
        assert await way(one) == [*steps, "receipt", "thanks", "start"]
        assert await one.reason() == "complete"


@virtual_time
async def test_a_card_that_is_placed_first_leads_to_the_same_way() -> None:
    async with citizen() as one:
        one.place()
        await one.until("services")
        assert await way(one, "payment") == ["municipality", "pin", "removal", *JUMINHYO]


@virtual_time
async def test_an_inkan_certificate_needs_neither_kind_nor_items() -> None:
    async with citizen(wants=Wants(kind="inkan")) as one:
        await one.to("removal")
        assert await way(one, "payment") == list(INKAN)
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"]


@virtual_time
async def test_an_inkan_certificate_is_offered_only_to_whom_has_registered_a_seal() -> None:
    async with citizen(wants=Wants(card="hanako")) as one:
        await one.to("certificate")
        assert one.ids == ["quit", "confirm", "kind.juminhyo"]


BUTTONS = {
    "start": ["services"],
    "services": ["quit", "issue", "register"],
    "card": ["quit"],
    "municipality": ["quit", "confirm", "own", "other"],
    "pin": ["quit", "back"],
    "removal": ["quit"],
    "certificate": ["quit", "confirm", "kind.juminhyo", "kind.inkan"],
    "scope": ["quit", "back", "confirm", "scope.self"],
    "items": ["quit", "back", "confirm", *ITEMS],
    "copies": ["quit", "back", "confirm"],
    "confirm": ["quit", "back", "confirm"],
    "payment": ["quit"],
    "printing": [],
    "take": [],
    "receipt": [],
}


@virtual_time
async def test_every_screen_has_exactly_its_buttons() -> None:
    async with citizen() as one:
        await one.to_the_end()
        shown = {screen.name: screen for screen in reversed(one.parts.face.shown)}
        for name, wanted in BUTTONS.items():
            one.face.shown.append(shown[name])
            assert sorted(one.ids) == sorted(wanted), name
        with_languages = [name for name, screen in shown.items() if screen.languages]
        assert sorted(with_languages) == ["municipality", "removal"]


@virtual_time
async def test_the_language_list_has_seven_in_the_order_of_the_manual() -> None:
    async with citizen() as one:
        await one.to("municipality")
        assert [button.id for button in one.sees.languages] == LANGUAGES


# ---------------------------------------------------------------- 4 to 6


@virtual_time
async def test_a_language_of_screen_4_holds_to_the_end_and_is_japanese_again_afterwards() -> None:
    async with citizen() as one:
        await one.to("municipality")
        await one.press("language.en")
        await one.to("take")
        assert one.sees.language == "en"
        await one.to("start")
        assert one.sees.language == "ja"
        await one.to("card")
        assert one.sees.language == "ja"


@virtual_time
async def test_the_language_can_be_chosen_on_screen_6_too() -> None:
    async with citizen() as one:
        await one.to("removal")
        await one.press("language.pt")
        assert (one.sees.name, one.sees.language) == ("removal", "pt")
        await one.to("confirm")
        assert one.sees.language == "pt"


@virtual_time
async def test_the_pin_is_verified_on_the_fourth_digit_and_shown_as_asterisks() -> None:
    async with citizen() as one:
        await one.to("pin")
        await one.type("123")
        assert "***" in one.texts
        await one.type("4")
        assert await one.until("removal")


@virtual_time
async def test_correction_clears_the_whole_pin() -> None:
    async with citizen() as one:
        await one.to("pin")
        await one.type("99")
        await one.press("key.clear")
        assert "" in one.texts
        await one.type("1234")
        assert await one.until("removal")


@virtual_time
async def test_back_from_the_pin_leads_to_the_municipality_with_its_choice_kept() -> None:
    async with citizen() as one:
        await one.to("pin")
        await one.type("12")
        await one.press("back")
        assert one.sees.name == "municipality"
        assert "own" in one.chosen


@virtual_time
async def test_screen_6_goes_on_only_when_the_card_is_gone() -> None:
    async with citizen() as one:
        await one.to("removal")
        await one.rest(100)
        assert one.sees.name == "removal"
        assert one.heard.count("card.remove") > 1
        await one.take_card()
        assert one.sees.name == "certificate"


@virtual_time
async def test_another_municipality_has_no_center_here() -> None:
    async with citizen() as one:
        await one.to("municipality")
        await one.press("other", "confirm")
        await one.type("1234")
        await one.until("error.none")


@virtual_time
async def test_a_registration_for_koseki_certificates_is_not_offered_by_takaoka() -> None:
    async with citizen() as one:
        await one.to("services")
        await one.press("register")
        assert (await one.until("error.register")).buttons[0].id == "quit"
        await one.press("quit")
        await one.until("start")


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
        await one.press("back", "kind.juminhyo", "confirm", "confirm")
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
            "confirm.type": "cert.juminhyo",
            "confirm.copies": "unit.copies n=3",
            "confirm.fee": "unit.yen n=600",
            "confirm.persons": "山田 太郎",
        }


# ---------------------------------------------------------------- 12 to 15


@virtual_time
async def test_several_copies_are_a_print_job_each_and_a_number_each() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("take")
        assert len(set(one.printed)) == 3
        assert len(one.parts.printer.jobs) == 3
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"] * 3


@virtual_time
async def test_screen_12_tells_due_paid_and_remaining() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100, 50)
        table = {"pay.due": "unit.yen n=600", "pay.paid": "unit.yen n=150", "pay.rest": "unit.yen n=450"}
        assert one.table == table


@virtual_time
async def test_nothing_is_accepted_before_screen_12() -> None:
    async with citizen() as one:
        await one.to("confirm")
        assert one.parts.bus.insert(100) == "inhibited"


@virtual_time
async def test_an_overpayment_gives_its_change_after_printing() -> None:
    async with citizen(wants=Wants(coins=(500,))) as one:
        await one.to("payment")
        names = await way(one)
        assert names == [
            "payment",
            "printing",
            "returning",
            "take-money",
            "take",
            "receipt",
            "thanks",
            "start",
        ]
        assert sorted(one.parts.bus.take_tray()) == [100, 100, 100]


@virtual_time
async def test_exact_money_gives_no_change() -> None:
    async with citizen() as one:
        await one.to_the_end()
        assert one.parts.bus.take_tray() == []
        assert "payout.intent" not in await one.told()


@virtual_time
async def test_the_paper_is_asked_for_by_screen_and_voice_until_it_is_taken() -> None:
    async with citizen() as one:
        await one.to("take")
        await one.rest(30)
        assert one.sees.name == "take"
        assert one.heard.count("take.cert") > 2
        await one.take_paper()
        assert one.sees.name == "receipt"


@virtual_time
async def test_where_the_tray_has_no_sensor_the_citizen_says_that_he_has_the_paper() -> None:
    async with citizen(SetUp(sensor=False)) as one:
        await one.to("take")
        assert one.ids == ["taken"]
        await one.take_paper()
        assert one.sees.name == "take"
        await one.press("taken")
        assert one.sees.name == "receipt"


@virtual_time
async def test_a_receipt_comes_out() -> None:
    async with citizen() as one:
        await one.to("receipt")
        assert len(one.parts.receipts.take()) == 1
        assert "receipt.printed" in await one.told()


# ---------------------------------------------------------------- PINs


@virtual_time
async def test_a_wrong_pin_is_told_on_screen_5_with_the_tries_that_are_left() -> None:
    async with citizen() as one:
        await one.to("pin")
        await one.type("9999")
        assert one.sees.name == "pin"
        assert {"err.pin_wrong", "pin.left n=2"} <= set(one.texts)
        await one.type("9999")
        assert {"err.pin_wrong", "pin.last"} <= set(one.texts)
        await one.type("1234")
        await one.until("removal")
        assert one.parts.cards["taro"].pin.tries_left == 3


@virtual_time
async def test_the_third_wrong_pin_shows_e3_at_once() -> None:
    async with citizen() as one:
        await one.to("pin")
        await one.type("999999999999")
        await one.until("error.E3")
        assert {"err.pin_locked", "高岡市役所本庁舎"} <= set(one.texts)
        assert one.parts.cards["taro"].pin.tries_left == 0


@virtual_time
async def test_a_card_that_arrives_locked_shows_e3_before_any_pin() -> None:
    async with citizen() as one:
        one.parts.cards["taro"].lock_pin()
        await one.to("card")
        one.place()
        await one.until("error.E3")
        assert "pin" not in [screen.name for screen in one.parts.face.shown]


@virtual_time
async def test_the_count_of_wrong_pins_is_the_cards_also_across_sessions() -> None:
    async with citizen() as one:
        await one.to("pin")
        await one.type("9999")
        await one.press("quit")
        await one.until("card-left")
        await one.take_card()
        await one.to("pin")
        await one.type("9999")
        assert "pin.last" in one.texts


# ---------------------------------------------------------------- cards that cannot be used


@pytest.mark.parametrize(
    ("card", "cause"),
    [
        ("kenta", "err.underage"),
        ("misaki", "err.lapsed"),
        ("revoked", "err.card"),
        ("unknown", "err.not_ready"),
    ],
)
@virtual_time
async def test_a_card_that_the_center_refuses_is_told_at_screen_3_with_its_cause(
    card: str, cause: str
) -> None:
    async with citizen(wants=Wants(card=card)) as one:
        await one.to("error.E1")
        assert {"err.card", cause, "高岡市役所本庁舎"} <= set(one.texts)
        assert "municipality" not in [screen.name for screen in one.parts.face.shown]
        await one.take_card()
        await one.until("start")


@virtual_time
async def test_an_expired_certificate_is_told_at_screen_3() -> None:
    async with citizen(SetUp(begins=MORNING + timedelta(days=6 * 365))) as one:
        await one.to("error.E1")
        assert "err.expired" in one.texts


def other_cards() -> dict[str, VirtualCard]:
    keys, authority = card_files()["taro"]
    silent = VirtualCard(CardContents(keys, authority))
    silent.speaks_jpki = False
    return {
        "a transit card": silent,
        "a 住民基本台帳カード": VirtualCard(CardContents(keys, authority, label=jpki.LABEL_RESIDENT)),
        "a card without the certificate": VirtualCard(CardContents(None)),
        "an Android phone": VirtualCard(CardContents(keys, authority, label=jpki.LABEL_ANDROID)),
        "an iPhone": VirtualCard(CardContents(keys, authority, label=jpki.LABEL_IPHONE)),
    }


@pytest.mark.parametrize("card", list(other_cards()))
@virtual_time
async def test_other_cards_show_e1(card: str) -> None:
    async with citizen() as one:
        await one.to("card")
        one.parts.reader.place(other_cards()[card])
        await one.until("error.E1")
        assert "err.card" in one.texts


@virtual_time
async def test_a_badly_placed_card_can_be_lifted_and_tried_again() -> None:
    async with citizen() as one:
        await one.to("card")
        one.parts.cards["taro"].lose_answer(jpki.INS_SELECT)
        one.place()
        await one.until("error.E1")
        assert {"err.card", "card.lift"} <= set(one.texts)
        await one.take_card()
        assert (one.sees.name, "card.lift" in one.texts) == ("card", True)
        await one.to("municipality")


@virtual_time
async def test_a_lost_answer_to_the_pin_is_never_sent_again_by_itself() -> None:
    async with citizen() as one:
        await one.to("pin")
        card = one.parts.cards["taro"]
        card.lose_answer(jpki.INS_VERIFY)
        await one.type("9999")
        await settled()
        assert (one.sees.name, card.pin.tries_left) == ("pin", 2)
        await one.type("1234")
        await one.until("removal")


@virtual_time
async def test_a_name_that_the_font_cannot_draw_is_refused_before_money() -> None:
    async with citizen(wants=Wants(card="ryoko")) as one:
        await one.to("error.order")
        assert "err.character" in one.texts
        assert "payment.opened" not in await one.told()

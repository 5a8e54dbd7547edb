"""Cards and PINs: who is let in, who is not, and what each of them is told."""

from datetime import timedelta

import pytest

from drivers.card import jpki
from drivers.card.chip import CardContents, VirtualCard
from tests.flow.citizen import Wants, citizen, settled
from tests.flow.whole import MORNING, SetUp, card_files
from tests.session.stage import virtual_time

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
        ("revoked", "err.revoked"),
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
    keys, authority = card_files("162027")["taro"]
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

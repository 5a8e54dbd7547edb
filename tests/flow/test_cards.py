"""Cards and PINs: who is let in, who is not, and what each of them is told."""

from datetime import timedelta

import pytest

from daemon.center.arrival import PRECHECKS
from daemon.center.sample import SAMPLE_HOLDERS
from daemon.center.service import CenterService
from daemon.issuance.messages import Precheck
from drivers.card import jpki
from drivers.card.virtual import FOREIGN, KINDS, ForeignCard, card_of
from drivers.card.vpcd import Card
from hal.contracts import TokenKind
from tests.direct_line import DirectLine
from tests.flow.citizen import Citizen, Wants, citizen, settled
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
    """R5."""
    async with citizen() as one:
        await one.to("pin")
        await one.type("999999999999")
        await one.until("error.E3")
        assert {"err.pin_locked", "高岡市役所本庁舎"} <= set(one.texts)
        assert one.parts.cards["taro"].pin.tries_left == 0
        await one.rest(58)
        assert one.sees.name == "error.E3", "addresses take a minute to read"


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
    """R5."""
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
    ("card", "cause", "reason"),
    [
        ("kenta", "err.underage", "underage"),
        ("misaki", "err.lapsed", "lapsed"),
        ("revoked", "err.revoked", "revoked"),
        ("unknown", "err.not_ready", "unknown-certificate"),
    ],
)
@virtual_time
async def test_a_card_that_the_center_refuses_is_told_at_screen_3_with_its_cause(
    card: str, cause: str, reason: str
) -> None:
    """R3."""
    async with citizen(wants=Wants(card=card)) as one:
        await one.to("error.E1")
        assert {"err.card", cause, "高岡市役所本庁舎"} <= set(one.texts)
        assert await refusals(one) == [reason]
        assert "municipality" not in [screen.name for screen in one.parts.face.shown]
        await one.take_card()
        await one.until("start")


async def refusals(one: Citizen) -> list[str]:
    """Why cards were refused, as the journal has it."""
    return [entry.text("reason") for entry in await one.parts.journal.events("card.refused")]


def asked_often(service: CenterService, terminal: str) -> DirectLine:
    """A line whose terminal has just asked as often as it may."""
    for _ in range(PRECHECKS):
        service.precheck(Precheck(terminal, f"{SAMPLE_HOLDERS['taro'].serial:x}"))
    return DirectLine(service, terminal)


@virtual_time
async def test_a_center_that_is_asked_too_often_blames_no_card_and_goes_on_later() -> None:
    async with citizen(SetUp(line=asked_often)) as one:
        await one.to("error.center")
        assert "err.busy" in one.texts
        assert "err.card" not in one.texts
        assert one.heard[-1] == "err.busy"
        await one.take_card()
        await one.until("start")
        assert await one.reason() == "too-many"
        await one.rest(60)
        await one.to("municipality")


@virtual_time
async def test_an_expired_certificate_is_told_at_screen_3() -> None:
    """R7."""
    async with citizen(SetUp(begins=MORNING + timedelta(days=6 * 365))) as one:
        await one.to("error.E1")
        assert {"err.card", "err.expired", "高岡市役所本庁舎"} <= set(one.texts)
        assert await refusals(one) == ["expired"]


OTHERS = "err.excluded cards=たかおか市民カード、住民基本台帳カード、通知カード"
"""R2, by the names of the profile."""

OTHER_CARDS = {
    "juki-card": ("error.E1", {"err.card", OTHERS}, "juki-card"),
    "android": ("error.E1", {"err.card"}, "android"),
    "iphone": ("error.E1", {"err.card"}, "iphone"),
    "face-card": ("error.E3", {"err.pin_locked", "err.nopin"}, "no-pin"),
    "transit-card": ("error.E1", {"err.card", OTHERS}, "not-a-my-number-card"),
    "driving-licence": ("error.E1", {"err.card", OTHERS}, "not-a-my-number-card"),
    "bank-card": ("error.E1", {"err.card", OTHERS}, "not-a-my-number-card"),
    "mute-card": ("error.E1", {"err.card", "card.lift"}, "unreadable"),
    "without certificate": ("error.E1", {"err.card", "err.nocert"}, "no-authentication-certificate"),
    "locked": ("error.E3", {"err.pin_locked"}, "pin-blocked"),
}
"""Kind of card → the screen, its texts besides those of the offices, and the journal's reason."""


def other_card(kind: str) -> Card:
    keys, authority = card_files("162027")["taro"]
    if kind in FOREIGN:
        return ForeignCard(FOREIGN[kind])
    if kind == "without certificate":
        return card_of("my-number-card", keys, authority, certificate=False)
    if kind == "locked":
        return card_of("my-number-card", keys, authority, tries=0)
    return card_of(kind, keys, authority)


@pytest.mark.parametrize("kind", OTHER_CARDS)
@virtual_time
async def test_each_other_kind_of_card_has_its_screen_and_its_reason_in_the_journal(kind: str) -> None:
    """R2, R1."""
    screen, texts, reason = OTHER_CARDS[kind]
    async with citizen() as one:
        await one.to("card")
        one.parts.reader.place(other_card(kind))
        await one.until(screen)
        assert texts | {"高岡市役所本庁舎"} <= set(one.texts)
        assert await refusals(one) == [reason]
        assert "pin" not in [screen.name for screen in one.parts.face.shown]


def test_no_kind_of_card_was_forgotten() -> None:
    kinds = {*KINDS, *FOREIGN} - {"my-number-card", "garbage-card"}  # garbage only a reader can tell
    assert kinds <= set(OTHER_CARDS)


@virtual_time
async def test_a_phone_issues_where_the_site_takes_phones() -> None:
    """R43."""
    async with citizen(SetUp(tokens=frozenset(TokenKind)), Wants(card="phone")) as one:
        await one.to("pin")
        await one.type("9999")
        assert {"err.pin_wrong", "pin.left n=2"} <= set(one.texts)
        await one.to_the_end()
        assert "print.done" in await one.told()


@virtual_time
async def test_a_phone_that_the_center_refuses_is_told_after_the_pin() -> None:
    async with citizen(SetUp(tokens=frozenset(TokenKind)), Wants(card="phone")) as one:
        keys, authority = card_files("162027")["kenta"]
        one.parts.cards["phone"] = card_of("android", keys, authority)
        await one.to("error.E1")
        assert {"err.card", "err.underage", "高岡市役所本庁舎"} <= set(one.texts)
        assert await refusals(one) == ["underage"]


@virtual_time
async def test_a_card_of_the_next_generation_issues() -> None:
    async with citizen(wants=Wants(card="p384")) as one:
        await one.to_the_end()
        assert "print.done" in await one.told()


@virtual_time
async def test_a_badly_placed_card_can_be_lifted_and_tried_again() -> None:
    async with citizen() as one:
        await one.to("card")
        one.parts.cards["taro"].lose_answer(jpki.INS_SELECT)
        one.place()
        await one.until("error.E1")
        assert {"err.card", "card.lift", "高岡市役所本庁舎"} <= set(one.texts)
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
        assert "err.offices" in " ".join(one.texts)
        assert "payment.opened" not in await one.told()

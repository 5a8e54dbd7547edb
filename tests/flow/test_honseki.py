"""Certificates of the 本籍 municipality from a kiosk of another one; the 利用登録 (R21, R41, R42)."""

from datetime import date

import pytest

from daemon.issuance.messages import Reason
from daemon.issuance.pages import page_texts, stands_in
from daemon.issuance.profile import load_profile
from hal.contracts import TokenKind
from tests.flow.citizen import Citizen, Wants, citizen
from tests.flow.whole import ISHIKARI, SetUp
from tests.session.stage import virtual_time

ALSO = (load_profile(ISHIKARI),)
TAKAOKA_AND_ISHIKARI = SetUp(also=ALSO)
MEGUMI = 14


def fronts(one: Citizen) -> list[str]:
    return [page_texts(sheet.document)[sheet.pages[0]] for sheet in one.parts.printer.tray]


async def before_the_registration(one: Citizen) -> None:
    await one.to("services")
    await one.press("register")
    one.place()
    await one.until("registration")
    await one.press("confirm")
    await one.type("1234")


@virtual_time
async def test_r41_who_is_registered_gets_the_koseki_by_the_fee_and_the_mayor_of_the_honseki() -> None:
    wants = Wants("noboru", whose="other", kind="koseki", scope="koseki_all")
    async with citizen(TAKAOKA_AND_ISHIKARI, wants) as one:
        await one.to("certificate")
        assert [button for button in one.ids if button.startswith("kind.")] == ["kind.koseki", "kind.fuhyo"]
        await one.to("payment")
        assert one.table["pay.due"] == "unit.yen n=450"
        await one.to("take")
        assert all(number.startswith("012351-20260401-") for number in one.printed)
        assert stands_in("北海道石狩市長", fronts(one)[-1])
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"]
        receipt = one.parts.receipts.paper.cut_off
        assert len(receipt) == 1
        order = next(e for e in await one.entries() if e.event == "order.requested")
        assert order.text("issuer") == "北海道石狩市"


@pytest.mark.parametrize(
    ("card", "reason", "text"),
    [
        ("taro", Reason.SAME_MUNICIPALITY, "err.reg_same"),
        ("megumi", Reason.REGISTRATION_NEEDED, "err.reg_needed"),
        ("akane", Reason.REGISTRATION_PENDING, "err.reg_pending"),
        ("lan", Reason.NOT_OFFERED, "err.register"),
    ],
)
@virtual_time
async def test_r41_without_a_registration_the_other_municipality_says_why_not(
    card: str, reason: Reason, text: str
) -> None:
    async with citizen(TAKAOKA_AND_ISHIKARI, Wants(card, whose="other")) as one:
        await one.to("pin")
        await one.type("1234")
        await one.until("error.unavailable")
        assert any(line.startswith(text) for line in one.texts)
        await one.press("quit")
        await one.take_card()
        await one.until("start")
        assert await one.reason() == reason.value


@virtual_time
async def test_r41_r42_who_applies_pays_nothing_and_waits_the_days_of_the_profile() -> None:
    async with citizen(TAKAOKA_AND_ISHIKARI, Wants("megumi", whose="other")) as one:
        await before_the_registration(one)
        await one.until("removal")
        await one.take_card()
        await one.until("apply")
        assert one.table["reg.takes"] == "reg.days n=5"
        await one.press("confirm")
        await one.until("applied")
        assert "reg.ready month=4 day=6" in one.texts
        await one.press("quit")
        await one.until("start")
        assert one.parts.bus.money.inserted == 0
        registered = one.parts.registry.registration(MEGUMI, "012351")
        assert registered is not None
        assert registered.ready == date(2026, 4, 6)
        await one.to("pin")
        await one.type("1234")
        await one.until("error.unavailable")
        assert "err.reg_pending month=4 day=6" in one.texts
        await one.press("quit")
        await one.take_card()
        await one.until("start")


@pytest.mark.parametrize(
    ("card", "text"),
    [
        ("taro", "err.reg_same"),
        ("noboru", "err.reg_done"),
        ("akane", "err.reg_pending"),
        ("lan", "err.register"),
    ],
)
@virtual_time
async def test_r41_the_registration_is_only_for_those_who_need_it(card: str, text: str) -> None:
    async with citizen(TAKAOKA_AND_ISHIKARI, Wants(card)) as one:
        await before_the_registration(one)
        await one.until("error.unavailable")
        assert any(line.startswith(text) for line in one.texts)
        await one.press("quit")
        await one.take_card()
        await one.until("start")
        assert "registration.requested" not in await one.told()


@virtual_time
async def test_r42_a_phone_cannot_apply() -> None:
    site = SetUp(also=ALSO, tokens=frozenset(TokenKind))
    async with citizen(site, Wants("phone")) as one:
        await one.to("services")
        await one.press("register")
        one.place()
        await one.until("error.E1")
        assert "reg.phone" in one.texts
        await one.press("quit")
        await one.take_card()
        await one.until("start")

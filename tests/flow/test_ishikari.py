"""The second municipality on the same kiosk: its people, fees, mayor and closed days."""

from datetime import datetime

import pytest

from daemon.clock import TOKYO
from daemon.issuance.pages import page_texts, stands_below, stands_in
from daemon.issuance.profile import load_profile
from tests.flow.citizen import Citizen, Wants, citizen, someone
from tests.flow.whole import ISHIKARI, SetUp
from tests.session.stage import virtual_time

HERE = SetUp(profile=load_profile(ISHIKARI))


def fronts(one: Citizen) -> list[str]:
    return [page_texts(sheet.document)[sheet.pages[0]] for sheet in one.parts.printer.tray]


@pytest.mark.parametrize(
    ("wants", "names"),
    [
        (Wants("daichi"), ["北野 大地"]),
        (Wants("hina", scope="all"), ["北野 大地", "北野 美雪", "北野 陽菜", "北野 蓮"]),
        (Wants("miyuki", scope="part", names=(0, 3)), ["北野 美雪", "北野 蓮"]),
        (Wants("tome", scope="all"), ["佐々木 トメ"]),
        (Wants("tome", kind="inkan"), ["佐々木 トメ"]),
        (
            Wants("maria", scope="all"),
            ["フェルナンデス 真理亜アレクサンドラ", "フェルナンデス 亜歴クリストバル"],
        ),
    ],
    ids=["one", "a household", "a part of it", "alone", "a seal", "a long name"],
)
@virtual_time
async def test_everything_costs_350_yen_and_is_certified_by_the_mayor_of_ishikari(
    wants: Wants, names: list[str]
) -> None:
    async with citizen(HERE, wants) as one:
        await one.to("payment")
        assert one.table["pay.due"] == "unit.yen n=350"
        await one.to("take")
        for name, text in zip(names, fronts(one), strict=True):
            assert stands_below("氏名", name, text)
            assert stands_in("北海道石狩市長", text)
            assert "北海道石狩市" in text.replace("北海道石狩市長", "")
            assert "高岡" not in text
        assert all(number.startswith("012351-20260401-") for number in one.printed)
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"]


@virtual_time
async def test_one_who_lives_alone_has_no_part_to_choose() -> None:
    async with citizen(HERE, Wants("tome")) as one:
        await one.to("scope")
        assert [button for button in one.ids if button.startswith("scope.")] == ["scope.self", "scope.all"]


@pytest.mark.parametrize(
    ("card", "cause"),
    [("ren", "err.underage"), ("revoked", "err.revoked"), ("unknown", "err.not_ready")],
)
@virtual_time
async def test_a_card_that_cannot_be_used_is_sent_to_the_offices_of_ishikari(card: str, cause: str) -> None:
    async with citizen(HERE, Wants(card)) as one:
        await one.to("error.E1")
        assert {cause, "石狩市役所 市民課", "浜益支所 市民福祉課"} <= set(one.texts)
        one.parts.reader.take()
        await one.press("quit")
        await one.until("start")


@pytest.mark.parametrize(("day", "screen"), [((2026, 12, 28), "start"), ((2026, 12, 29), "error.E4")])
@virtual_time
async def test_the_kiosk_is_closed_around_new_year(day: tuple[int, int, int], screen: str) -> None:
    set_up = SetUp(begins=datetime(*day, 12, tzinfo=TOKYO), profile=HERE.profile)
    async with someone(set_up) as one:
        await one.until("start", "error.E4")
        assert one.sees.name == screen

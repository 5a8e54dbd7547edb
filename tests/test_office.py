"""Staff at a kiosk that works: whose act it was, that no citizen comes in between, and the day on paper."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path

import pytest

from daemon.badge import Badge, NotStaff, fingerprint
from daemon.issuance.messages import Municipality
from daemon.office import Office
from daemon.report import Place, issued, moved
from daemon.session.entries import Entry
from daemon.session.host import Busy
from daemon.session.ledger import Row
from daemon.session.treasurer import ActRefused, Treasurer
from hal.contracts import CardReading, Signed, TokenKind, WrongPin
from hal.events import CardPlaced
from tests.flow.whole import card_files
from tests.session.hosting import Hosting, hosting, restarted
from tests.session.stage import NAMED, NOON, Shop, Told, entries, settled, virtual_time

CERTIFICATE = card_files("162027")["taro"][0].certificate
PLACE = Place(Municipality("162027", "富山県", "高岡市"), "T01")


class Staffed:
    """A kiosk between sessions, its office, and a reader that can be told what a card answers."""

    def __init__(self, at: Shop, hosted: Hosting) -> None:
        self.at, self.host = at, hosted.host
        badge = Badge(at.reader, {fingerprint(CERTIFICATE): "17"}, "T01", lambda: NOON, bytes)
        self.office = Office(
            hosted.host,
            badge,
            Treasurer(at.vendor, at.journal),
            at.journal,
            hosted.cases,
            at.vendor,
            at.receipt,
            PLACE,
            lambda: at.today,
        )


@asynccontextmanager
async def staffed(folder: Path) -> AsyncIterator[Staffed]:
    async with restarted(folder / "j") as at, hosting(at) as hosted:
        at.reader.reading = CardReading(TokenKind.MY_NUMBER_CARD, CERTIFICATE, 3)
        yield Staffed(at, hosted)


@virtual_time
async def test_an_act_by_a_card_that_is_not_registered_changes_nothing(tmp_path: Path) -> None:
    async with staffed(tmp_path) as kiosk:
        kiosk.at.reader.reading = CardReading(TokenKind.MY_NUMBER_CARD, b"another", 3)
        kiosk.at.reader.card_present = True
        with pytest.raises(NotStaff):
            await kiosk.office.cash("refill", {100: 5}, "round", bytearray(b"1234"))
        assert await kiosk.at.journal.events("cash.filled", "cash.counted", "cash.collected") == []


@virtual_time
async def test_an_act_by_a_wrong_pin_changes_nothing(tmp_path: Path) -> None:
    async with staffed(tmp_path) as kiosk:
        kiosk.at.reader.answers = [WrongPin(2)]
        kiosk.at.reader.card_present = True
        with pytest.raises(NotStaff):
            await kiosk.office.cash("collect", {}, "round", bytearray(b"1234"))
        assert await kiosk.at.journal.events("cash.collected") == []


@virtual_time
async def test_a_forged_signature_changes_nothing(tmp_path: Path) -> None:
    async with staffed(tmp_path) as kiosk:
        kiosk.at.reader.answers = [Signed(b"x" * 256, CERTIFICATE)]
        kiosk.at.reader.card_present = True
        with pytest.raises(NotStaff, match="not genuine"):
            await kiosk.office.cash("collect", {}, "round", bytearray(b"1234"))
        assert await kiosk.at.journal.events("cash.collected") == []


@virtual_time
async def test_an_act_that_cannot_be_is_refused_before_a_card_is_asked_for(tmp_path: Path) -> None:
    async with staffed(tmp_path) as kiosk:
        with pytest.raises(ActRefused):
            await kiosk.office.cash("refill", {}, "round", bytearray(b"1234"))


@virtual_time
async def test_while_staff_are_at_the_machine_their_card_starts_no_session(tmp_path: Path) -> None:
    async with staffed(tmp_path) as kiosk:
        assert kiosk.at.citizen.sees.name == "start"
        with kiosk.host.attended():
            await settled()
            assert kiosk.at.citizen.sees.name == "out"
            kiosk.at.reader.card_present = True
            kiosk.at.desk.post(CardPlaced())
            await settled()
            assert (kiosk.at.citizen.sees.name, kiosk.host.busy) == ("out", False)
        await settled()
        assert kiosk.at.citizen.sees.name == "card-left"


@virtual_time
async def test_a_card_that_comes_in_the_same_moment_as_staff_starts_no_session(tmp_path: Path) -> None:
    async with staffed(tmp_path) as kiosk:
        kiosk.at.desk.post(CardPlaced())
        with kiosk.host.attended():
            await settled()
            assert not kiosk.host.busy


@virtual_time
async def test_staff_wait_until_the_citizen_has_gone(tmp_path: Path) -> None:
    async with staffed(tmp_path) as kiosk:
        await kiosk.at.citizen.press("services")
        await settled()
        assert kiosk.host.busy
        with pytest.raises(Busy):
            await kiosk.office.cash("collect", {}, "round", bytearray(b"1234"))


@virtual_time
async def test_two_members_of_staff_do_not_act_at_once(tmp_path: Path) -> None:
    async with staffed(tmp_path) as kiosk:
        first = asyncio.create_task(kiosk.office.cash("collect", {}, "round", bytearray(b"1234")))
        await settled()
        with pytest.raises(Busy):
            await kiosk.office.cash("collect", {}, "round", bytearray(b"1234"))
        with pytest.raises(NotStaff):
            await first


# ---------------------------------------------------------------- the report


@virtual_time
async def test_a_report_shows_money_claims_cases_and_the_whole_head_of_the_chain(tmp_path: Path) -> None:
    async with staffed(tmp_path) as kiosk:
        at = kiosk.at
        await at.journal.write("order.requested", "s1", order="o1", kind="juminhyo", copies=2, **NAMED)
        await at.cashier.open("s1", unit=200, copies=2)
        await at.vendor.insert(500)
        await at.journal.write("print.started", "s1", order="o1", number="n1")
        await at.journal.write("print.done", "s1", number="n1", sheets=1)
        await at.cashier.claim(300, "not-paid-out")
        await at.visit.open_case("void-sheets", "n2")
        await at.vendor.stock()  # the hoppers' first starting points
        head = at.journal.head
        lines = await kiosk.office.report("", printed=False)
        assert "富山県高岡市 住民票の写し 1通  200円" in lines
        assert "手数料合計  200円" in lines
        assert "500円 始 0枚  終 11枚" in lines
        assert any(line.startswith("お預かり") and line.endswith("300円") for line in lines)
        assert any(line.startswith("未処理 void-sheets") for line in lines)
        assert head in "".join(lines)
        assert at.receipt.printed == []


@virtual_time
async def test_a_report_goes_on_paper_if_wanted_and_the_journal_knows(tmp_path: Path) -> None:
    async with staffed(tmp_path) as kiosk:
        await kiosk.office.report("2026-03-31", printed=True)
        assert len(kiosk.at.receipt.printed) == 1
        (entry,) = await kiosk.at.journal.events("report.made")
        assert entry.data == {"day": "2026-03-31", "printed": True}


@virtual_time
async def test_a_day_that_is_none_is_refused(tmp_path: Path) -> None:
    async with staffed(tmp_path) as kiosk:
        with pytest.raises(ValueError, match="isoformat"):
            await kiosk.office.report("yesterday", printed=False)


def on(day: datetime, *told: Told) -> list[Entry]:
    return [replace(entry, at=day) for entry in entries(*told)]


def test_a_day_starts_with_what_the_day_before_has_left() -> None:
    paid: Told = ("cash.credited", {"value": 100})
    told = [*on(NOON - timedelta(days=1), paid, paid), *on(NOON, paid), *on(NOON + timedelta(days=1), paid)]
    assert moved(NOON.date(), told, {}) == {100: Row(2, taken=1)}


def test_a_sheet_that_staff_found_on_the_next_day_counts_on_that_day() -> None:
    order: list[Told] = [
        ("order.requested", {"kind": "inkan", "title": "印鑑登録証明書", "issuer": "富山県高岡市"}),
        ("payment.opened", {"unit": 200}),
    ]
    told = [*on(NOON, *order), *on(NOON + timedelta(days=1), ("print.done", {}))]
    assert issued(NOON.date(), told) == {}
    assert issued(date(2026, 4, 2), told) == {"富山県高岡市 印鑑登録証明書": (1, 200)}

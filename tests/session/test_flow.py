"""The frame around a session: however it ends, no money, paper or card stays in the machine."""

import asyncio
import logging

import pytest

from daemon.session import flow
from daemon.session.cases import Cases
from daemon.session.desk import CardGone, Ended, IdleTimeout, LimitReached, Quit
from daemon.session.purchase import collect
from daemon.session.visit import Stopped, Visit
from hal.contracts import JobState, JobStatus
from hal.events import BillHeld, CardTaken, CashCredited, CashRejected, CashReturnPressed, TrayChanged
from hal.faults import CASH_LINK_LOST, Fault
from tests.session.hosting import owed, play, purchase
from tests.session.stage import NAMED, Shop, Told, now, settled, shop, virtual_time

LOST = Fault(CASH_LINK_LOST, "cash", "unplugged")
REQUESTED: Told = ("order.requested", {"order": "o1", "kind": "juminhyo", "copies": 2, **NAMED})
DONE, ABORTED = JobStatus(JobState.COMPLETED, 1), JobStatus(JobState.ABORTED, 0)
CANCELLED = "payment.cancelled"


def seen(at: Shop) -> list[str]:
    return [screen.name for screen in at.face.shown]


async def reason(at: Shop) -> str:
    (ended,) = await at.journal.events("session.ended")
    return ended.text("reason")


def play_instead(monkeypatch: pytest.MonkeyPatch, at: Shop, coins: list[int], ends_by: Exception) -> None:
    """The session opens a payment of 200 yen, takes these coins and ends by this exception."""

    async def session(visit: Visit) -> None:
        await at.cashier.open(visit.id, 200, 1)
        await at.vendor.insert(*coins)
        raise ends_by

    monkeypatch.setattr(flow, "session", session)


# ---------------------------------------------------------------- screen 12


@virtual_time
async def test_the_lever_of_the_coin_vendor_is_a_cancel() -> None:
    async with shop() as at:
        paying = asyncio.create_task(collect(at.visit, purchase("n1")))
        await settled()
        at.desk.post(CashReturnPressed())
        with pytest.raises(Quit):
            await paying


@virtual_time
async def test_a_coin_that_comes_back_is_told_and_forgotten_with_the_next() -> None:
    async with shop() as at:
        paying = asyncio.create_task(collect(at.visit, purchase("n1")))
        await settled()
        at.desk.post(CashRejected())
        await settled()
        assert "pay.rejected" in str(at.citizen.sees.body)
        await at.vendor.insert(100)
        at.desk.post(CashCredited(100))
        await settled()
        assert "pay.rejected" not in str(at.citizen.sees.body)
        await at.citizen.press("quit")
        with pytest.raises(Quit):
            await paying


@virtual_time
async def test_a_bill_that_may_not_be_taken_now_goes_back() -> None:
    async with shop() as at:
        paying = asyncio.create_task(collect(at.visit, purchase("n1")))
        await settled()
        await at.vendor.hold(1000)
        at.desk.post(BillHeld(1000))
        await settled()
        assert (at.vendor.escrow, at.vendor.inserted) == (0, [])
        await at.citizen.press("quit")
        with pytest.raises(Quit):
            await paying


@virtual_time
async def test_a_vendor_that_goes_away_during_the_payment_ends_the_session_with_its_fault() -> None:
    async with shop() as at:
        paying = asyncio.create_task(collect(at.visit, purchase("n1")))
        await settled()
        at.vendor.broken = LOST
        at.desk.post(CashRejected())
        with pytest.raises(Stopped) as stopped:
            await paying
        assert (stopped.value.code, stopped.value.reason) == ("cash", CASH_LINK_LOST)


@virtual_time
async def test_once_the_fee_is_complete_it_can_no_longer_be_cancelled() -> None:
    async with shop() as at:
        paying = asyncio.create_task(collect(at.visit, purchase("n1")))
        await settled()
        await at.vendor.insert(500)
        at.desk.post(CashCredited(500))
        at.desk.post(CashReturnPressed())
        await paying
        assert at.citizen.sees.buttons == ()
        assert "payment.funded" in await at.told()


# ---------------------------------------------------------------- ends


@pytest.mark.parametrize(
    ("end", "screen", "why"),
    [
        (Quit(), "take-money", "quit"),
        (IdleTimeout(), "error.E5", "idle"),
        (LimitReached(), "error.limit", "limit"),
        (CardGone(), "error.card-gone", "card-gone"),
        (Stopped("center", ["err.center"], "center-unreachable"), "error.center", "center-unreachable"),
    ],
)
@virtual_time
async def test_an_early_end_gives_the_money_back_before_it_says_why(
    end: Ended, screen: str, why: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with shop() as at:
        play_instead(monkeypatch, at, [100, 50], end)
        await flow.visit_kiosk(at.visit)
        assert seen(at)[:2] == ["returning", "take-money"]
        assert (at.citizen.sees.name, await reason(at)) == (screen, why)
        assert (await owed(at.journal), at.vendor.fixed) == ({}, 1)
        assert CANCELLED in await at.told()


@virtual_time
async def test_the_citizen_sees_that_money_comes_back_while_the_last_coins_settle(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    meanwhile: list[str] = []

    async def fix() -> None:
        meanwhile.append(at.citizen.sees.name)

    async with shop() as at:
        play_instead(monkeypatch, at, [100], Quit())
        monkeypatch.setattr(at.vendor, "fix", fix)
        await flow.visit_kiosk(at.visit)
        assert meanwhile == ["returning"]


@virtual_time
async def test_a_payment_that_was_complete_is_never_called_cancelled(monkeypatch: pytest.MonkeyPatch) -> None:
    async def session(visit: Visit) -> None:
        await visit.note("order.requested", order="o1", kind="juminhyo", copies=2, **NAMED)
        await at.cashier.open(visit.id, 200, 2)
        await at.vendor.insert(500)
        await flow.fulfil(visit, purchase("n1", "n2"))

    async with shop(DONE, ABORTED) as at:
        monkeypatch.setattr(flow, "session", session)
        playing = asyncio.create_task(flow.visit_kiosk(at.visit))
        await asyncio.sleep(60)
        at.citizen.tap("taken")
        await playing
        assert await reason(at) == "not-all-printed"
        assert (CANCELLED in await at.told(), await owed(at.journal)) == (False, {})


@virtual_time
async def test_a_defect_of_ours_keeps_no_money_and_opens_a_case(monkeypatch: pytest.MonkeyPatch) -> None:
    async with shop() as at:
        cases = Cases(at.journal)
        play_instead(monkeypatch, at, [100], ZeroDivisionError())
        await flow.visit_kiosk(at.visit)
        assert (await reason(at), [case.kind for case in cases.open]) == ("crash", ["crash"])
        assert await owed(at.journal) == {}


def test_of_a_defect_the_log_tells_the_kind_and_the_place_and_never_its_text(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    @virtual_time
    async def crash() -> None:
        async with shop() as at:
            play_instead(monkeypatch, at, [], ValueError("渡邉 誠"))
            await flow.visit_kiosk(at.visit)

    caplog.set_level(logging.DEBUG)
    crash()
    assert "session stopped by ValueError at test_flow.py:" in caplog.text
    assert "渡邉" not in caplog.text


@virtual_time
async def test_a_defect_in_the_middle_of_a_print_leaves_what_a_power_cut_would(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def session(visit: Visit) -> None:
        await play(at.journal, [REQUESTED, ("order.checked", {"order": "o1", "numbers": ["n1", "n2"]})])
        await at.cashier.open(visit.id, 200, 2)
        await at.vendor.insert(500)
        await visit.note("print.started", order="o1", number="n1")
        raise ZeroDivisionError

    async with shop() as at:
        cases = Cases(at.journal)
        monkeypatch.setattr(flow, "session", session)
        await flow.visit_kiosk(at.visit)
        assert {case.kind for case in cases.open} == {"crash", "in-doubt"}
        assert (at.printer.cleared, at.vendor.payouts) == (1, [{100: 3}])
        (end,) = await at.journal.events("order.finished")
        assert end.data["outcomes"] == {"n1": "in-doubt", "n2": "refunded"}


@virtual_time
async def test_paper_that_is_taken_while_the_change_comes_is_not_waited_for(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def session(visit: Visit) -> None:
        await play(at.journal, [REQUESTED])
        await at.cashier.open(visit.id, 200, 1)
        await at.vendor.insert(500)
        await flow.fulfil(visit, purchase("n1"))

    async with shop(DONE) as at:
        monkeypatch.setattr(flow, "session", session)
        playing = asyncio.create_task(flow.visit_kiosk(at.visit))
        await asyncio.sleep(2)
        assert at.citizen.sees.name == "take-money"
        for paper in (True, False):
            at.desk.post(TrayChanged(paper))
        await asyncio.sleep(60)
        assert playing.done()
        assert await reason(at) == "complete"


@virtual_time
async def test_a_card_that_was_left_is_told_until_it_is_taken_and_only_then_the_session_ends(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with shop() as at:
        play_instead(monkeypatch, at, [], Quit())
        at.reader.card_present = True
        leaving = asyncio.create_task(flow.visit_kiosk(at.visit))
        await asyncio.sleep(300)
        assert (at.citizen.sees.name, set(at.spoken)) == ("card-left", {"card.forgotten"})
        assert not leaving.done()
        at.reader.card_present = False
        at.desk.post(CardTaken())
        await leaving
        assert now() == pytest.approx(300)
        assert (await at.told())[-5:] == ["card.left", *["card.alert"] * 3, "session.ended"]


@virtual_time
async def test_nothing_personal_outlives_the_session(monkeypatch: pytest.MonkeyPatch) -> None:
    document = bytearray(b"%PDF of somebody")

    async def session(visit: Visit) -> None:
        visit.documents.append(document)

    async with shop() as at:
        monkeypatch.setattr(flow, "session", session)
        await flow.visit_kiosk(at.visit)
        assert (set(document), at.visit.documents) == ({0}, [])

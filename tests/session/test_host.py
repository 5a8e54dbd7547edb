"""The host: what a start finds is settled before anybody is invited; the door stays shut while it must."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from daemon.issuance.messages import Reason, Refusal
from daemon.session.cases import case_record
from hal.contracts import PayoutIntent
from hal.events import BillHeld, CardPlaced, CardTaken, DeviceChanged, TrayChanged
from hal.faults import CARD_LEFT, CASH_LINK_LOST, PAPER_LEFT, Fault
from tests.session.hosting import Hosting, hosting, left_behind, owed, play, restarted
from tests.session.stage import NAMED, NOON, Shop, Told, journal, settled, virtual_time

HOUR = 3600.0
LOST = Fault(CASH_LINK_LOST, "cash", "hopper 3")

ORDERED: list[Told] = [
    ("session.started", {}),
    ("order.requested", {"order": "o1", "kind": "juminhyo", "copies": 1, **NAMED}),
    ("order.checked", {"order": "o1", "numbers": ["n1"]}),
    ("payment.opened", {"due": 200, "unit": 200, "copies": 1}),
]
STARTED: Told = ("print.started", {"order": "o1", "number": "n1"})
PRINTED: Told = ("print.done", {"number": "n1", "sheets": 1})


def coin(value: int, number: int = 1) -> Told:
    return ("cash.credited", {"device": "acceptor", "epoch": 9, "number": number, "value": value})


FUNDED = [*ORDERED, coin(200)]


async def claims(at: Shop) -> list[int]:
    """Yen of each claim."""
    return [entry.number("yen") for entry in await at.journal.events("claim.recorded")]


# ---------------------------------------------------------------- money of the start before


@pytest.mark.parametrize("takes", [True, False])
@virtual_time
async def test_after_a_short_outage_the_refund_is_offered_and_else_it_is_a_claim(
    tmp_path: Path, takes: bool
) -> None:
    await left_behind(tmp_path / "j", *FUNDED)
    async with restarted(tmp_path / "j") as at, hosting(at):
        assert at.citizen.sees.name == "refund-offer"
        if takes:
            at.citizen.tap("refund")
        await asyncio.sleep(HOUR)
        assert await claims(at) == ([] if takes else [200])
        assert at.vendor.payouts == ([{100: 2}] if takes else [])
        assert await owed(at.journal) == {}
        assert at.citizen.sees.name == "start"


@pytest.mark.parametrize(("minutes", "synchronised"), [(11, True), (1, False)])
@virtual_time
async def test_after_a_long_outage_or_by_a_doubtful_clock_money_is_a_claim_at_once(
    tmp_path: Path, minutes: int, synchronised: bool
) -> None:
    await left_behind(tmp_path / "j", *FUNDED)
    later = NOON + timedelta(minutes=minutes)
    async with restarted(tmp_path / "j", today=later) as at, hosting(at, synchronised=synchronised):
        assert "refund-offer" not in {screen.name for screen in at.face.shown}
        assert await claims(at) == [200]
        await asyncio.sleep(58)
        assert at.citizen.sees.name == "claim", "a number to write down"


@virtual_time
async def test_the_outage_is_measured_from_the_start_that_ran_the_session(tmp_path: Path) -> None:
    """Another restart in between, hours later, must not offer the money to a stranger."""
    await left_behind(tmp_path / "j", *FUNDED)
    morning = NOON + timedelta(hours=20)
    async with restarted(tmp_path / "j", "boot-2", morning) as at:
        await at.journal.write("boot.started", boot="boot-2", build="")
    async with restarted(tmp_path / "j", "boot-3", morning) as at, hosting(at, "boot-3"):
        assert "refund-offer" not in {screen.name for screen in at.face.shown}


@virtual_time
async def test_a_refund_that_cannot_be_paid_any_more_becomes_a_claim(tmp_path: Path) -> None:
    await left_behind(tmp_path / "j", *FUNDED)
    async with restarted(tmp_path / "j") as at, hosting(at) as serving:
        at.vendor.broken = LOST
        at.citizen.tap("refund")
        await asyncio.sleep(HOUR)
        assert await claims(at) == [200]
        assert serving.kinds == set()


@virtual_time
async def test_staff_who_settle_the_doubt_while_the_refund_is_offered_do_not_double_it(
    tmp_path: Path,
) -> None:
    await left_behind(tmp_path / "j", *ORDERED, coin(500), STARTED)
    async with restarted(tmp_path / "j") as at, hosting(at) as serving:
        assert at.citizen.sees.name == "refund-offer"
        await serving.cases.resolve("n1", False, "17", "the tray is empty")
        await asyncio.sleep(HOUR)
        assert sum(await claims(at)) == 500
        assert await owed(at.journal) == {}


# ---------------------------------------------------------------- coins in flight


@pytest.mark.parametrize("told", [ORDERED, [*ORDERED, ("session.ended", {"reason": "quit"})]])
@virtual_time
async def test_a_coin_that_was_in_flight_at_the_power_cut_is_given_back(
    tmp_path: Path, told: list[Told]
) -> None:
    await left_behind(tmp_path / "j", *told)
    async with restarted(tmp_path / "j") as at:
        await at.vendor.insert(100)
        async with hosting(at):
            await asyncio.sleep(HOUR)
            assert await owed(at.journal) == {}
            assert "stray-boot-2" not in {
                entry.session for entry in await at.journal.events("claim.recorded")
            }


@virtual_time
async def test_a_coin_that_drops_into_an_idle_kiosk_is_given_back(tmp_path: Path) -> None:
    async with restarted(tmp_path / "j") as at, hosting(at):
        await at.vendor.insert(100)
        await asyncio.sleep(60)
        assert at.vendor.payouts == [{100: 1}]
        assert await owed(at.journal) == {}


@virtual_time
async def test_a_coin_that_drops_after_the_settlement_belongs_to_the_newest_payment(tmp_path: Path) -> None:
    async with journal(tmp_path / "j") as kept:
        await play(kept, FUNDED)
        await play(kept, [*ORDERED, ("session.ended", {"reason": "quit"})], "s2")
    async with restarted(tmp_path / "j") as at, hosting(at):
        at.citizen.tap("refund")
        await asyncio.sleep(HOUR)
        await at.vendor.insert(100)
        assert await owed(at.journal) == {"s2": 100}


@virtual_time
async def test_a_coin_that_is_reported_while_another_session_is_settled_is_not_forgotten(
    tmp_path: Path,
) -> None:
    async with journal(tmp_path / "j") as kept:
        await play(kept, FUNDED)
        await play(kept, [*FUNDED[:-1], coin(500, 2)], "s2")
    async with restarted(tmp_path / "j") as at, hosting(at, synchronised=False):
        assert (at.citizen.sees.name, at.book.payment) == ("claim", "s1")
        await at.vendor.insert(100)
        await asyncio.sleep(HOUR)
        assert await owed(at.journal) == {}


@virtual_time
async def test_a_bill_that_nobody_asked_for_goes_back(tmp_path: Path) -> None:
    async with restarted(tmp_path / "j") as at, hosting(at):
        await at.vendor.hold(1000)
        at.desk.post(BillHeld(1000))
        await settled()
        assert (at.vendor.escrow, at.vendor.inserted) == (0, [])


# ---------------------------------------------------------------- payouts and jobs cut short


@virtual_time
async def test_a_payout_that_no_counter_vouches_for_is_a_case_of_the_start(tmp_path: Path) -> None:
    await left_behind(tmp_path / "j", *FUNDED, STARTED, PRINTED, coin(100, 2), ("paper.taken", {}))
    async with restarted(tmp_path / "j") as at:
        at.book.payment = "s1"
        await at.book.intend(PayoutIntent("p", "hopper-100", 100, 1, 0, 0))
        at.vendor.unsure = {100}
        async with hosting(at) as serving:
            await asyncio.sleep(HOUR)
            assert serving.kinds == {"payout-unsure"}
            assert at.citizen.sees.name == "out"


@virtual_time
async def test_nothing_goes_on_before_the_hoppers_have_said_how_the_last_payout_ended(tmp_path: Path) -> None:
    await left_behind(tmp_path / "j", *FUNDED)
    async with restarted(tmp_path / "j") as at:
        await at.book.intend(PayoutIntent("p", "hopper-100", 100, 2, 0, 0))
        at.vendor.broken = LOST
        async with hosting(at) as serving:
            assert serving.ready.is_set()
            await asyncio.sleep(HOUR)
            assert at.citizen.sees.name == "out"
            at.vendor.broken = None
            at.desk.post(DeviceChanged("cash", None))
            await settled()
            assert at.citizen.sees.name == "refund-offer"


@virtual_time
async def test_nobody_is_invited_before_the_printer_has_dropped_the_jobs_of_the_start_before(
    tmp_path: Path,
) -> None:
    async with restarted(tmp_path / "j") as at:
        at.printer.fails = {"cancel_all"}
        async with hosting(at) as serving:
            await asyncio.sleep(60)
            assert (at.citizen.sees.name, at.printer.cleared, serving.kinds) == ("out", 0, set())
            at.printer.fails = set()
            await asyncio.sleep(10)
            assert (at.citizen.sees.name, at.printer.cleared, at.printer.names) == ("start", 1, [])


# ---------------------------------------------------------------- the door


Trouble = Callable[[Shop], None]


def card_lies_there(at: Shop) -> None:
    at.reader.card_present = True


def paper_lies_there(at: Shop) -> None:
    at.cabinet.paper_in_tray = True


@pytest.mark.parametrize(
    ("trouble", "screen", "says"),
    [(card_lies_there, "card-left", "card.forgotten"), (paper_lies_there, "take", "take.forgotten")],
)
@virtual_time
async def test_what_was_left_behind_is_told_again_and_again_until_it_is_gone(
    tmp_path: Path, trouble: Trouble, screen: str, says: str
) -> None:
    async with restarted(tmp_path / "j") as at:
        trouble(at)
        async with hosting(at):
            assert (at.citizen.sees.name, at.spoken) == (screen, [says])
            await asyncio.sleep(30)
            assert len(at.spoken) > 2
            at.reader.card_present = at.cabinet.paper_in_tray = False
            at.desk.post(CardTaken())
            at.desk.post(TrayChanged(False))
            await settled()
            assert at.citizen.sees.name == "start"


@virtual_time
async def test_a_card_found_at_the_start_is_told_louder_after_30_seconds_and_staff_are_called(
    tmp_path: Path,
) -> None:
    async with restarted(tmp_path / "j") as at:
        card_lies_there(at)
        async with hosting(at):
            assert (at.citizen.sees.urgent, at.cabinet.lamps) == (False, set())
            await asyncio.sleep(30)
            assert (at.citizen.sees.urgent, at.cabinet.lamps) == (True, {"attention"})
            await asyncio.sleep(150)
            await settled()
            assert "card.staff" in repr(at.citizen.sees)
            assert len(at.reported) == 1
            at.reader.card_present = False
            at.desk.post(CardTaken())
            await settled()
            assert (at.citizen.sees.name, at.cabinet.lamps, len(at.reported)) == ("start", set(), 2)
        alerts = await at.journal.events("card.alert")
        assert [entry.text("urgency") for entry in alerts] == ["asked", "louder", "staff"]


@virtual_time
async def test_what_was_kept_to_draw_texts_is_forgotten_when_a_session_ends(tmp_path: Path) -> None:
    async with restarted(tmp_path / "j") as at, hosting(at):
        await at.citizen.press("services", "quit")
        assert [screen.name for screen in at.face.shown[: at.face.forgotten]][-1] == "services"
        assert at.citizen.sees.name == "start"


@pytest.mark.parametrize(
    ("trouble", "event", "code"),
    [(card_lies_there, "card.left", CARD_LEFT), (paper_lies_there, "paper.left", PAPER_LEFT)],
)
@virtual_time
async def test_what_was_left_behind_is_written_down_once_by_its_fault(
    tmp_path: Path, trouble: Trouble, event: str, code: str
) -> None:
    async with restarted(tmp_path / "j") as at:
        trouble(at)
        async with hosting(at):
            await asyncio.sleep(HOUR)
            assert [entry.text("code") for entry in await at.journal.events(event)] == [code]


@virtual_time
async def test_paper_that_is_left_again_is_written_down_again(tmp_path: Path) -> None:
    async with restarted(tmp_path / "j") as at, hosting(at):
        for paper in (True, False, True):
            at.cabinet.paper_in_tray = paper
            at.desk.post(TrayChanged(paper))
            await settled()
        assert len(await at.journal.events("paper.left")) == 2


@virtual_time
async def test_an_open_case_is_told_to_the_citizen_after_what_a_device_has_to_tell(tmp_path: Path) -> None:
    async with restarted(tmp_path / "j") as at:
        await at.journal.write_all([case_record("mismatch", "o1", "s1", "center.mismatch")])
        async with hosting(at) as serving:
            assert "of center.mismatch" in str(at.citizen.sees.body)
            jam = DeviceChanged("document", Fault("document.jam", "document"))
            serving.health.take(jam)
            at.desk.post(jam)
            await settled()
            assert "of document.jam" in str(at.citizen.sees.body)


@pytest.mark.parametrize("sensor", [True, False])
@virtual_time
async def test_a_tray_that_is_seen_empty_confirms_the_paper_and_without_sensor_staff_must(
    tmp_path: Path, sensor: bool
) -> None:
    async with restarted(tmp_path / "j") as at:
        at.cabinet.has_tray_sensor = sensor
        await at.journal.write_all([case_record("paper-unconfirmed", "s1", "s1")])
        async with hosting(at) as serving:
            assert at.citizen.sees.name == ("start" if sensor else "out")
            assert serving.kinds == (set() if sensor else {"paper-unconfirmed"})


@virtual_time
async def test_the_door_opens_as_soon_as_staff_have_closed_the_last_case(tmp_path: Path) -> None:
    async with restarted(tmp_path / "j") as at:
        await at.journal.write_all([case_record("mismatch", "o1", "s1")])
        async with hosting(at) as serving:
            assert at.citizen.sees.name == "out"
            await serving.cases.resolve("o1/mismatch", None, "17", "looked")
            await settled()
            assert at.citizen.sees.name == "start"


# ---------------------------------------------------------------- when the screen may go dark


def rests(serving: Hosting) -> bool:
    return serving.host.resting


NIGHT = Refusal(Reason.HOURS, "06:30", "23:00")


@virtual_time
async def test_a_kiosk_that_the_clock_keeps_closed_rests(tmp_path: Path) -> None:
    async with restarted(tmp_path / "j") as at, hosting(at) as serving:
        assert not rests(serving)
        at.closed = NIGHT
        assert rests(serving)
        at.closed = Refusal(Reason.CLOSED_DAY, "06:30", "23:00")
        assert rests(serving)
        at.closed = Refusal(Reason.MAINTENANCE, until=NOON)
        assert not rests(serving), "its page tells citizens of the day when it is over"


@virtual_time
async def test_it_does_not_rest_while_staff_work_at_it(tmp_path: Path) -> None:
    async with restarted(tmp_path / "j") as at, hosting(at) as serving:
        at.closed = NIGHT
        with serving.host.attended():
            assert not rests(serving)
        assert rests(serving)


@virtual_time
async def test_it_does_not_rest_while_paper_is_left_in_it(tmp_path: Path) -> None:
    async with restarted(tmp_path / "j") as at:
        at.closed, at.cabinet.has_tray_sensor, at.cabinet.paper_in_tray = NIGHT, True, True
        async with hosting(at) as serving:
            assert at.citizen.sees.name == "take"
            assert not rests(serving)
            at.cabinet.paper_in_tray = False
            at.desk.post(TrayChanged(False))
            await settled()
            assert rests(serving)


@virtual_time
async def test_it_does_not_rest_while_a_session_outlasts_the_hours(tmp_path: Path) -> None:
    async with restarted(tmp_path / "j") as at, hosting(at) as serving:
        at.citizen.tap("services")
        await settled()
        at.closed = NIGHT
        assert serving.host.busy
        assert not rests(serving)


@virtual_time
async def test_it_does_not_rest_while_a_refund_is_offered(tmp_path: Path) -> None:
    await left_behind(tmp_path / "j", *FUNDED)
    async with restarted(tmp_path / "j") as at:
        at.closed = NIGHT
        async with hosting(at) as serving:
            assert at.citizen.sees.name == "refund-offer"
            assert not rests(serving)
            await asyncio.sleep(HOUR)
            assert rests(serving)


def by_night(at: Shop) -> None:
    at.closed = NIGHT


def by_the_printer(at: Shop) -> None:
    at.printer.fails = {"cancel_all"}


@pytest.mark.parametrize("shut", [by_night, by_the_printer])
@virtual_time
async def test_a_card_laid_down_while_the_kiosk_is_shut_is_left_behind_and_no_citizens(
    tmp_path: Path, shut: Trouble
) -> None:
    """R9, P14: it is asked for at once and starts no session when the kiosk sells again."""
    async with restarted(tmp_path / "j") as at:
        shut(at)
        async with hosting(at) as serving:
            await asyncio.sleep(60)
            at.reader.card_present = True
            at.desk.post(CardPlaced())
            await settled()
            assert (at.citizen.sees.name, at.spoken) == ("card-left", ["card.forgotten"])
            assert not rests(serving)
            at.closed, at.printer.fails = None, set()
            await asyncio.sleep(60)
            assert at.citizen.sees.name == "card-left"
            at.reader.card_present = False
            at.desk.post(CardTaken())
            await settled()
            assert (at.citizen.sees.name, serving.host.busy) == ("start", False)
        assert len(await at.journal.events("card.left")) == 1


@pytest.mark.parametrize("kind", ["void-sheets", "in-doubt"])
@virtual_time
async def test_sheets_that_are_for_staff_are_offered_to_nobody(kind: str, tmp_path: Path) -> None:
    async with restarted(tmp_path / "j") as at:
        at.cabinet.paper_in_tray = True
        await at.journal.write_all([case_record(kind, "n1", "s1")])
        async with hosting(at):
            assert (at.citizen.sees.name, at.spoken) == ("out", [])

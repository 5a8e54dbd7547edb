"""Screens 13 to 15: each 通 has one end, in the journal before anything else; paper is never left unseen."""

import asyncio

import pytest

from daemon.issuance.messages import CopyOutcome
from daemon.session.cases import Cases
from daemon.session.delivery import RECEIPT_SECONDS, deliver, give_receipt, hand_over
from daemon.session.widgets import Progress
from hal.contracts import JobState, JobStatus
from hal.events import TrayChanged
from hal.faults import PRINTER_JAM, Fault
from tests.session.fakes import FakeCabinet
from tests.session.hosting import PDF, play, purchase
from tests.session.stage import NAMED, Shop, Told, now, settled, shop, virtual_time

DONE = JobStatus(JobState.COMPLETED, 1)
JAM = JobStatus(JobState.ABORTED, 1, (Fault(PRINTER_JAM, "document"),))
UNCOUNTED_JAM = JobStatus(JobState.ABORTED, 0, JAM.faults)
UNTOUCHED = JobStatus(JobState.CANCELED, 0, untouched=True)
CANCELED, FORGOTTEN = JobStatus(JobState.CANCELED, 0), JobStatus(JobState.UNKNOWN, 0)
PRINTING, WAITING = JobStatus(JobState.PRINTING, 0), JobStatus(JobState.WAITING, 0)

DELIVERED, VOID = CopyOutcome.DELIVERED, CopyOutcome.VOID
REFUNDED, IN_DOUBT = CopyOutcome.REFUNDED, CopyOutcome.IN_DOUBT


def kinds(cases: Cases) -> list[str]:
    return [case.kind for case in cases.open]


def seen(at: Shop) -> list[str]:
    return [screen.name for screen in at.face.shown]


# ---------------------------------------------------------------- 13


@pytest.mark.parametrize(
    ("ends", "outcomes", "opens"),
    [
        ([DONE, DONE], [DELIVERED, DELIVERED], []),
        ([DONE, JAM], [DELIVERED, VOID], ["void-sheets"]),
        ([DONE, UNCOUNTED_JAM], [DELIVERED, VOID], ["void-sheets"]),
        ([CANCELED], [VOID, REFUNDED], ["void-sheets"]),
        ([UNTOUCHED], [VOID, REFUNDED], []),
        ([FORGOTTEN], [IN_DOUBT, REFUNDED], ["in-doubt"]),
    ],
)
@virtual_time
async def test_each_copy_has_its_end_and_after_a_failure_nothing_more_is_printed(
    ends: list[JobStatus], outcomes: list[CopyOutcome], opens: list[str]
) -> None:
    """P13: staff look for sheets unless the printer itself counts none: many do not count."""
    async with shop(*ends) as at:
        cases = Cases(at.journal)
        assert list((await deliver(at.visit, purchase("n1", "n2"))).outcomes.values()) == outcomes
        assert (len(at.printer.documents), kinds(cases)) == (len(ends), opens)


@pytest.mark.parametrize(
    ("lost", "end", "outcome"),
    [
        ({"create"}, CANCELED, VOID),
        ({"send"}, CANCELED, VOID),
        ({"follow"}, DONE, DELIVERED),
        ({"send", "cancel"}, CANCELED, IN_DOUBT),
        ({"follow", "cancel"}, CANCELED, IN_DOUBT),
    ],
)
@virtual_time
async def test_a_printer_that_is_lost_is_asked_to_cancel_and_if_it_cannot_say_the_copy_is_in_doubt(
    lost: set[str], end: JobStatus, outcome: CopyOutcome
) -> None:
    async with shop(end) as at:
        at.printer.fails = lost
        assert (await deliver(at.visit, purchase("n1"))).outcomes == {"n1": outcome}


@pytest.mark.parametrize(
    ("ends", "breaks", "sent", "outcome"),
    [
        ([UNTOUCHED, DONE], 1, 2, DELIVERED),
        ([CANCELED], 1, 1, VOID),
        ([DONE], 1, 1, DELIVERED),
        ([FORGOTTEN], 1, 1, IN_DOUBT),
        ([UNTOUCHED, UNTOUCHED], 2, 2, VOID),
    ],
    ids=["nothing printed", "perhaps something", "all printed", "forgotten", "broken again"],
)
@virtual_time
async def test_after_a_broken_send_a_document_is_sent_again_only_if_the_printer_counts_no_side_of_it(
    ends: list[JobStatus], breaks: int, sent: int, outcome: CopyOutcome
) -> None:
    async with shop(*ends) as at:
        at.printer.breaks = breaks
        assert (await deliver(at.visit, purchase("n1"))).outcomes == {"n1": outcome}
        assert at.printer.names == ["n1"] * sent
        assert (await at.told()).count("print.job") == sent


@virtual_time
async def test_a_printer_that_gave_a_jammed_job_up_is_waited_for_and_staff_are_called() -> None:
    """Some end the job by themselves; the sheet is stuck all the same."""
    async with shop(JAM) as at:
        at.printer.faults = JAM.faults
        delivering = asyncio.create_task(deliver(at.visit, purchase("n1", "n2")))
        await asyncio.sleep(100)
        assert (at.citizen.sees.name, at.printer.names) == ("hold", ["n1"])
        at.printer.faults = ()
        assert (await delivering).outcomes == {"n1": VOID, "n2": DELIVERED}
        assert (await at.told()).count("reissue.failed") == 1  # the fake center is away


@virtual_time
async def test_the_intent_to_print_is_written_down_before_the_printer_hears_of_it() -> None:
    """P9."""
    async with shop() as at:
        at.printer.fails = {"create"}
        await deliver(at.visit, purchase("n1"))
        assert await at.told() == ["print.started", "print.failed"]


@virtual_time
async def test_a_document_that_is_not_the_sealed_one_any_more_is_not_printed() -> None:
    async with shop() as at:
        cases, tampered = Cases(at.journal), purchase("n1")
        tampered.pdfs[0][:] = PDF[::-1]
        assert (await deliver(at.visit, tampered)).outcomes == {"n1": VOID}
        assert (at.printer.documents, len(at.printer.canceled), kinds(cases)) == ([], 1, ["mismatch"])
        assert await at.told() == [
            "print.started",
            "print.job",
            "order.mismatch",
            "case.opened",
            "print.failed",
        ]


@virtual_time
async def test_the_page_that_asks_for_staff_goes_when_the_printer_goes_on() -> None:
    async with shop(DONE) as at:
        at.printer.progress = [PRINTING, WAITING, PRINTING]
        await deliver(at.visit, purchase("n1"))
        assert seen(at) == ["printing", "hold", "printing"]


@virtual_time
async def test_the_sheets_of_all_copies_are_counted_as_they_come_out() -> None:
    async with shop(*[JobStatus(JobState.COMPLETED, 3)] * 2) as at:
        at.printer.progress = [JobStatus(JobState.PRINTING, done) for done in range(4)]
        await deliver(at.visit, purchase("n1", "n2", sheets=3))
        bars = [screen.body[1] for screen in at.face.shown]
        assert all(isinstance(bar, Progress) for bar in bars)
        told = dict.fromkeys((bar.k, bar.n) for bar in bars if isinstance(bar, Progress))
        assert list(told) == [(k, 6) for k in range(1, 7)]
        assert [entry.number("sheets") for entry in await at.journal.events("print.done")] == [3, 3]


@virtual_time
async def test_a_printer_that_waits_too_long_for_staff_is_told_to_cancel() -> None:
    async with shop(CANCELED) as at:
        at.printer.progress = [WAITING] * 1000
        assert (await deliver(at.visit, purchase("n1"))).outcomes == {"n1": VOID}
        assert now() == pytest.approx(at.visit.kiosk.attendant_seconds, abs=2)
        assert len(at.printer.canceled) == 1


# ---------------------------------------------------------------- 14


@virtual_time
async def test_the_sensor_that_sees_the_paper_a_moment_later_is_believed() -> None:
    async with shop() as at:
        handing = asyncio.create_task(hand_over(at.visit, 1))
        await asyncio.sleep(0.1)
        at.cabinet.paper_in_tray = True
        at.desk.post(TrayChanged(True))
        await asyncio.sleep(500)
        assert not handing.done()
        at.cabinet.paper_in_tray = False
        at.desk.post(TrayChanged(False))
        await handing
        assert await at.told() == ["paper.presented", "paper.left", "paper.taken"]


@virtual_time
async def test_paper_that_was_taken_while_it_was_printed_is_not_waited_for() -> None:
    async with shop() as at:
        for paper in (True, False):
            at.desk.post(TrayChanged(paper))
        await hand_over(at.visit, 1)
        assert now() == 0


@virtual_time
async def test_where_the_sensor_never_saw_the_paper_the_citizen_says_that_it_is_taken() -> None:
    async with shop() as at:
        handing = asyncio.create_task(hand_over(at.visit, 1))
        await settled()
        assert at.citizen.sees.buttons == ()
        await asyncio.sleep(500)
        assert not handing.done()
        at.citizen.tap("taken")
        await handing


@virtual_time
async def test_paper_that_lies_there_for_a_minute_is_told_louder_until_it_is_taken() -> None:
    async with shop(cabinet=FakeCabinet(has_tray_sensor=False, paper_in_tray=None)) as at:
        handing = asyncio.create_task(hand_over(at.visit, 1))
        await asyncio.sleep(61)
        assert (at.cabinet.lamps, at.spoken[-1]) == ({"attention"}, "take.forgotten")
        assert [screen.urgent for screen in at.face.shown[-2:]] == [False, True]
        at.citizen.tap("taken")
        await handing
        assert at.cabinet.lamps == set()


# ---------------------------------------------------------------- 15


SOLD: list[Told] = [
    ("order.requested", {"order": "o1", "kind": "juminhyo", "copies": 1, **NAMED}),
    ("payment.opened", {"due": 200, "unit": 200, "copies": 1}),
    ("cash.credited", {"device": "a", "epoch": 9, "number": 1, "value": 200}),
    ("print.done", {"number": "n1", "sheets": 1}),
]


@pytest.mark.parametrize(("empty", "end"), [(False, "receipt.printed"), (True, "receipt.failed")])
@virtual_time
async def test_a_receipt_that_cannot_be_printed_is_shown_by_its_number(empty: bool, end: str) -> None:
    async with shop() as at:
        at.receipt.empty = empty
        await play(at.journal, SOLD)
        await give_receipt(at.visit)
        (entry,) = await at.journal.events(end)
        assert entry.text("number") == "0000002"
        assert ("0000002" in str(at.citizen.sees.body)) == empty
        assert now() == pytest.approx(RECEIPT_SECONDS)

"""What can go wrong at the printers, and what the kiosk does: a test for each row of the table, in its words.

Of the jam there is more in test_reissue.py, of the rest in test_printer_trouble.py.
"""

from pathlib import Path

import pytest

from drivers.document.codes import CANCEL_JOB, CANCEL_MY_JOBS, SEND_DOCUMENT
from drivers.document.virtual import VirtualPrinter
from hal.faults import (
    PRINTER_COVER,
    PRINTER_PAPER_LOW,
    PRINTER_PAPER_OUT,
    PRINTER_REFUSES,
    PRINTER_TONER_LOW,
    PRINTER_TONER_OUT,
    PRINTER_UNREACHABLE,
    PRINTER_UNSUITABLE,
    RECEIPT_PAPER_LOW,
    RECEIPT_PAPER_OUT,
    RECEIPT_UNREACHABLE,
)
from tests.flow.citizen import Citizen, Wants, citizen, settled
from tests.flow.forger import number
from tests.flow.whole import SetUp, whole_kiosk
from tests.session.stage import virtual_time

ATTENDANT = 300
LOOK = 6
SLOW = SetUp(seconds_per_sheet=5)


async def gone(one: Citizen, *screens: str) -> None:
    """He has read the page that says what went wrong."""
    await one.to(*(screens or ("error.printer",)))
    await one.press("quit")
    await one.until("start", "out")


# ---------------------------------------------------------------- before payment


@pytest.mark.parametrize(
    "fault",
    [
        PRINTER_UNREACHABLE,
        PRINTER_REFUSES,
        PRINTER_UNSUITABLE,
        PRINTER_PAPER_OUT,
        PRINTER_COVER,
        PRINTER_TONER_OUT,
    ],
)
@virtual_time
async def test_unreachable_or_not_accepting_or_not_fit_is_refused_before_payment(fault: str) -> None:
    async with citizen() as one:
        await one.to("confirm")
        one.parts.printer.inject(fault)
        await one.press("confirm")
        await one.until("error.printer")
        assert not {"order.requested", "payment.opened"} & set(await one.told())
        await one.until("out")
        assert [found.code for found in one.parts.health.faults] == [fault]
        one.parts.printer.repair(fault)
        await one.until("start")
        await one.to("payment")


@virtual_time
async def test_a_tray_too_low_for_this_order_is_refused_before_payment() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        one.parts.printer.load_paper(2)
        await one.to("error.printer")
        assert "payment.opened" not in await one.told()


@virtual_time
async def test_a_printer_asleep_is_woken_and_read_again_before_payment() -> None:
    """Its status is no proof."""
    async with citizen() as one:
        one.parts.printer.fall_asleep()
        one.parts.printer.set_cover(True)
        await one.rest(LOOK)
        await one.to("confirm")
        await one.press("confirm")
        await one.until("error.printer")
        assert "payment.opened" not in await one.told()


@pytest.mark.parametrize("fault", [PRINTER_TONER_LOW, PRINTER_PAPER_LOW])
@virtual_time
async def test_toner_low_or_media_low_keeps_selling_and_tells_staff(fault: str) -> None:
    async with citizen() as one:
        one.parts.printer.inject(fault)
        await one.rest(LOOK)
        assert [found.code for found in one.parts.health.faults] == [fault]
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"]


# ---------------------------------------------------------------- in mid-set


@pytest.mark.parametrize("fault", [PRINTER_PAPER_OUT, PRINTER_COVER, PRINTER_TONER_OUT])
@virtual_time
async def test_media_empty_or_cover_open_or_toner_empty_holds_the_same_job_which_goes_on(fault: str) -> None:
    async with citizen(SLOW, Wants(copies=2)) as one:
        await one.to("printing")
        await one.rest(7)
        one.parts.printer.inject(fault)
        await one.to("hold")
        assert ("print.hold" in one.texts, one.sees.insists) == (True, True)
        await one.rest(ATTENDANT - 20)
        one.parts.printer.repair(fault)
        await one.to("take")
        assert one.printed == [number(1), number(2)]
        assert len(one.parts.printer.jobs) == 2
        await one.to("start")
        assert await one.outcomes() == ["delivered"] * 2


@pytest.mark.parametrize("fault", [PRINTER_PAPER_OUT, PRINTER_COVER, PRINTER_TONER_OUT])
@virtual_time
async def test_after_five_minutes_without_an_attendant_the_job_is_cancelled_and_refunded(fault: str) -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        one.parts.printer.inject(fault)
        await one.to("hold")
        await one.rest(ATTENDANT - 5)
        assert CANCEL_JOB not in one.parts.printer.heard
        await one.until("take-money")
        assert CANCEL_JOB in one.parts.printer.heard
        assert sum(one.parts.bus.take_tray()) == 600
        await gone(one)
        one.parts.printer.repair(fault)
        await one.rest(60)
        assert one.printed == []
        assert await one.outcomes() == ["void", "refunded", "refunded"]


@virtual_time
async def test_media_jam_voids_the_whole_copy_and_reissues_it_under_a_new_number() -> None:
    async with citizen(wants=Wants(scope="all")) as one:
        await one.to("payment")
        one.parts.printer.jam(2)
        await one.to("hold")
        await one.rest(10)
        one.parts.printer.clear_jam()
        await one.to("take")
        assert one.printed == [number(1)] + [number(2)] * 4
        await one.to("out")
        assert (await one.outcomes(), one.cases) == (["void", "delivered"], ["void-sheets"])


# ---------------------------------------------------------------- the line


@virtual_time
async def test_broken_send_of_which_nothing_is_on_paper_is_sent_again() -> None:
    async with citizen() as one:
        await one.to("payment")
        one.parts.printer.set_cover(True)
        one.parts.printer.lose_answer(SEND_DOCUMENT)
        await one.to("hold")
        one.parts.printer.set_cover(False)
        await one.to("take")
        assert (one.printed, len(one.parts.printer.jobs)) == ([number(1)], 2)
        await one.to("start")
        assert await one.outcomes() == ["delivered"]


@virtual_time
async def test_broken_send_of_which_all_is_on_paper_is_not_sent_again() -> None:
    async with citizen() as one:
        await one.to("payment")
        one.parts.printer.lose_answer(SEND_DOCUMENT)
        await one.to("take")
        assert (one.printed, len(one.parts.printer.jobs)) == ([number(1)], 1)


@virtual_time
async def test_broken_send_of_which_a_part_is_on_paper_is_void_and_its_sheets_are_for_staff() -> None:
    async with citizen(SLOW) as one:
        await one.to("payment")
        one.parts.printer.lose_answer(SEND_DOCUMENT)
        await one.to("take-money")
        assert one.parts.bus.take_tray() == [100, 100]
        await gone(one)
        assert (one.cases, await one.outcomes()) == (["void-sheets"], ["void"])
        one.parts.take_paper()
        await one.resolve()
        await one.until("start")


@virtual_time
async def test_cancel_pending_is_not_final_and_the_next_session_stays_closed() -> None:
    """processing-to-stop-point: the last sheet is still moving."""
    async with citizen(SLOW) as one:
        await one.to("payment")
        one.parts.printer.lose_answer(SEND_DOCUMENT)
        await one.to("printing")
        await one.rest(4)
        (job,) = one.parts.printer.jobs
        assert (job.canceling, job.reasons) == (True, ("processing-to-stop-point",))
        assert (one.sees.name, "print.failed" in await one.told()) == ("printing", False)
        await one.to("take-money")
        assert "print.failed" in await one.told()


@virtual_time
async def test_a_printer_that_rebooted_leaves_a_doubt_that_staff_settle() -> None:
    """0x0406, up-time going back: maybe printed. Never again by itself, never refunded by itself."""
    async with citizen(SLOW, Wants(coins=(500,))) as one:
        await one.to("printing")
        await one.rest(2)
        one.parts.printer.reboot()
        await one.to("error.in-doubt")
        assert one.parts.bus.take_tray() == [100] * 3
        await gone(one, "error.in-doubt")
        assert (await one.outcomes(), one.cases) == (["in-doubt"], ["in-doubt"])
        assert await one.resolve(delivered=False) == 200


@virtual_time
async def test_power_loss_while_printing_prints_nothing_later_and_is_a_case(tmp_path: Path) -> None:
    """Cancel-My-Jobs at the next start; the paper is in by then, and nobody stands there."""
    printer = VirtualPrinter()
    first = SetUp(printer=printer)
    async with whole_kiosk(1, tmp_path / "journal", first) as parts:
        one = Citizen(parts, Wants())
        await one.until("start")
        await one.to("payment")
        printer.load_paper(0)
        await one.to("hold")
    async with whole_kiosk(2, tmp_path / "journal", SetUp(printer=printer, boot="boot-2")) as parts:
        two = Citizen(parts, Wants())
        await two.until("out")
        assert CANCEL_MY_JOBS in printer.heard
        printer.load_paper()
        await two.rest(60)
        assert (printer.came_out, two.cases) == ((), ["in-doubt"])


# ---------------------------------------------------------------- paper and receipt


@pytest.mark.parametrize("sensor", [True, False])
@virtual_time
async def test_paper_that_is_forgotten_is_told_louder_after_a_minute_and_keeps_everybody_out(
    sensor: bool,
) -> None:
    """取り忘れ (R39, P14)."""
    async with citizen(SetUp(sensor=sensor)) as one:
        await one.to("take")
        assert (one.sees.spoken, one.sees.urgent) == ("take.cert", False)
        await one.rest(61)
        assert (one.sees.spoken, one.sees.urgent, one.sees.insists) == ("take.forgotten", True, True)
        assert "attention" in one.parts.tray.lamps
        assert "paper.left" in await one.told()
        session = await one.session()
        one.place("makoto")
        await one.rest(600)
        assert (one.sees.name, await one.session()) == ("take", session)
        one.parts.reader.take()
        await (one.take_paper() if sensor else one.press("taken"))
        await one.until("receipt")
        assert "attention" not in one.parts.tray.lamps
        one.parts.take_paper()
        await settled()


@pytest.mark.parametrize("fault", [RECEIPT_PAPER_OUT, RECEIPT_UNREACHABLE])
@virtual_time
async def test_a_receipt_that_fails_after_the_certificate_voids_nothing_and_its_number_is_shown(
    fault: str,
) -> None:
    async with citizen() as one:
        await one.to("payment")
        one.parts.receipts.inject(fault)
        await one.to("receipt")
        opened = next(entry for entry in await one.entries() if entry.event == "payment.opened")
        assert f"{opened.seq:07d}" in one.texts
        assert "receipt.failed" in await one.told()
        await one.to("thanks")
        await one.until("start", "out")
        assert await one.outcomes() == ["delivered"]
        assert await one.reason() == "complete"


@virtual_time
async def test_receipt_paper_near_its_end_is_an_alert_only() -> None:
    async with citizen() as one:
        one.parts.receipts.inject(RECEIPT_PAPER_LOW)
        await one.rest(LOOK)
        assert [found.code for found in one.parts.health.faults] == [RECEIPT_PAPER_LOW]
        await one.to_the_end()
        assert "receipt.printed" in await one.told()

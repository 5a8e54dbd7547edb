"""Whatever the printers do: each 通 is delivered, void or in doubt, and paid for only if it was printed."""

import pytest

from drivers.document.codes import SEND_DOCUMENT
from hal.faults import (
    PRINTER_COVER,
    PRINTER_PAPER_OUT,
    PRINTER_REFUSES,
    PRINTER_TONER_OUT,
    PRINTER_UNREACHABLE,
    RECEIPT_PAPER_OUT,
    RECEIPT_UNREACHABLE,
)
from tests.flow.citizen import Citizen, Wants, citizen
from tests.flow.whole import SetUp
from tests.session.stage import virtual_time

ATTENDANT = 300
SLOW = SetUp(seconds_per_sheet=5)
THREE = Wants(copies=3)


async def ended_as(one: Citizen, *outcomes: str) -> None:
    """The session is over, and the center knows how each 通 ended."""
    await one.to("start", "out", "error.printer", "error.in-doubt")
    if one.sees.name.startswith("error."):
        await one.press("quit")
    await one.until("start", "out")
    assert await one.outcomes() == list(outcomes)


# ---------------------------------------------------------------- jams and paper


@virtual_time
async def test_a_jam_at_2_of_3_delivers_the_first_voids_the_second_and_refunds_two() -> None:
    async with citizen(wants=THREE) as one:
        await one.to("payment")
        one.parts.printer.jam(at_sheet=2)
        await one.to("hold")
        await one.rest(ATTENDANT + 10)
        one.parts.printer.clear_jam()
        await one.until("take-money")
        assert one.parts.bus.take_tray() == [100] * 4
        await one.to("take")
        assert len(one.printed) == 1
        await one.to("error.printer")
        assert await one.reason() == ""
        await ended_as(one, "delivered", "void", "refunded")
        assert await one.reason() == "not-all-printed"


@virtual_time
async def test_paper_that_runs_out_in_mid_job_and_is_refilled_in_time_goes_on() -> None:
    async with citizen(wants=THREE) as one:
        await one.to("payment")
        one.parts.printer.load_paper(2)
        await one.to("hold")
        assert "print.hold" in one.texts
        await one.rest(ATTENDANT - 20)
        one.parts.printer.load_paper()
        await one.to("take")
        await ended_as(one, "delivered", "delivered", "delivered")


@virtual_time
async def test_paper_that_nobody_refills_voids_the_copy_and_refunds_it() -> None:
    async with citizen(wants=THREE) as one:
        await one.to("payment")
        one.parts.printer.load_paper(2)
        await one.to("hold")
        await one.rest(ATTENDANT)
        await one.until("take-money")
        assert one.parts.bus.take_tray() == [100] * 2
        one.parts.printer.load_paper()
        await one.to("take")
        assert len(one.printed) == 2
        await ended_as(one, "delivered", "delivered", "void")


@virtual_time
async def test_a_copy_that_could_not_be_printed_at_all_gives_all_money_back() -> None:
    async with citizen(wants=Wants(coins=(500,))) as one:
        await one.to("payment")
        one.parts.printer.load_paper(0)
        await one.to("hold")
        await one.rest(ATTENDANT)
        await one.until("take-money")
        assert one.parts.bus.take_tray() == [500]
        await ended_as(one, "void")
        assert one.parts.receipts.take() == ()


# ---------------------------------------------------------------- in doubt


async def to_doubt(one: Citizen) -> None:
    """The printer is switched off and on in the middle of the first sheet."""
    await one.to("printing")
    await one.rest(2)
    one.parts.printer.reboot()
    await one.to("error.in-doubt")


@virtual_time
async def test_a_printer_that_restarts_in_mid_job_leaves_the_copy_in_doubt_and_a_case() -> None:
    async with citizen(SLOW, Wants(coins=(500,))) as one:
        await to_doubt(one)
        assert one.parts.bus.take_tray() == [100] * 3
        opened = next(entry for entry in await one.entries() if entry.event == "payment.opened")
        assert f"err.in_doubt number={opened.seq:07d}" in one.texts
        assert one.cases == ["in-doubt"]
        await ended_as(one, "in-doubt")
        assert one.sees.name == "out"
        assert len(one.parts.printer.jobs) == 1


@pytest.mark.parametrize(("delivered", "owed"), [(True, 0), (False, 200)])
@virtual_time
async def test_what_staff_find_in_the_tray_decides_who_gets_the_money(delivered: bool, owed: int) -> None:
    async with citizen(SLOW) as one:
        await to_doubt(one)
        await one.press("quit")
        await one.until("out")
        assert await one.resolve(delivered) == owed
        assert await one.claims() == ([owed] if owed else [])
        await one.until("start")


@virtual_time
async def test_a_doubt_at_2_of_3_delivers_the_first_and_refunds_the_third() -> None:
    async with citizen(SLOW, THREE) as one:
        await one.to("printing")
        await one.rest(7)
        one.parts.printer.reboot()
        await one.until("take-money")
        assert one.parts.bus.take_tray() == [100] * 2
        await one.to("take")
        assert len(one.printed) == 1
        await ended_as(one, "delivered", "in-doubt", "refunded")
        assert await one.resolve(delivered=False) == 200


@virtual_time
async def test_a_printer_that_is_never_heard_of_again_leaves_a_doubt() -> None:
    async with citizen(SLOW) as one:
        await one.to("printing")
        await one.rest(2)
        one.parts.printer.inject(PRINTER_UNREACHABLE)
        await one.to("hold")
        await one.rest(ATTENDANT)
        await one.to("error.in-doubt")
        one.parts.take_paper()
        await one.until("out")
        assert await one.resolve(delivered=True) == 0


@virtual_time
async def test_a_printer_that_is_away_for_a_minute_in_mid_job_delivers() -> None:
    async with citizen(SLOW) as one:
        await one.to("printing")
        await one.rest(2)
        one.parts.printer.inject(PRINTER_UNREACHABLE)
        await one.rest(60)
        assert one.sees.name == "hold"
        one.parts.printer.repair(PRINTER_UNREACHABLE)
        await one.to("take")
        await ended_as(one, "delivered")


# ---------------------------------------------------------------- broken sends


@virtual_time
async def test_a_document_whose_receipt_was_not_confirmed_is_not_sent_again() -> None:
    async with citizen() as one:
        await one.to("payment")
        one.parts.printer.lose_answer(SEND_DOCUMENT)
        await one.to("take")
        assert len(one.printed) == 1
        await ended_as(one, "delivered")


@virtual_time
async def test_a_sheet_that_came_out_of_a_void_copy_is_for_staff_not_for_the_citizen() -> None:
    async with citizen(SLOW) as one:
        await one.to("payment")
        one.parts.printer.lose_answer(SEND_DOCUMENT)
        await one.to("take-money")
        assert one.parts.bus.take_tray() == [100, 100]
        await one.to("error.printer")
        assert one.cases == ["void-sheets"]
        await one.press("quit")
        await one.until("out")
        assert await one.outcomes() == ["void"]
        one.parts.take_paper()
        await one.resolve()
        await one.until("start")


@virtual_time
async def test_a_job_that_the_printer_did_not_take_is_void_and_refunded() -> None:
    async with citizen() as one:
        await one.to("payment")
        one.parts.printer.inject(PRINTER_REFUSES)
        await one.to("error.printer")
        assert one.parts.bus.take_tray() == [100, 100]
        assert one.printed == []
        await ended_as(one, "void")


# ---------------------------------------------------------------- before payment


@pytest.mark.parametrize(
    "fault",
    [PRINTER_UNREACHABLE, PRINTER_PAPER_OUT, PRINTER_COVER, PRINTER_TONER_OUT, PRINTER_REFUSES],
)
@virtual_time
async def test_a_printer_that_cannot_print_now_is_told_before_money(fault: str) -> None:
    async with citizen() as one:
        await one.to("confirm")
        one.parts.printer.inject(fault)
        await one.press("confirm")
        await one.until("error.printer")
        assert not {"order.requested", "payment.opened"} & set(await one.told())
        await one.until("out")
        one.parts.printer.repair(fault)
        await one.until("start")
        await one.to("payment")


# ---------------------------------------------------------------- receipts


@pytest.mark.parametrize("fault", [RECEIPT_PAPER_OUT, RECEIPT_UNREACHABLE])
@virtual_time
async def test_a_receipt_that_cannot_be_printed_voids_nothing_and_its_number_is_shown(fault: str) -> None:
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
async def test_a_receipt_that_stops_in_the_middle_is_not_printed_later() -> None:
    async with citizen() as one:
        await one.to("take")
        one.parts.receipts.run_out_of_paper(after_bands=1)
        await one.take_paper()
        await one.until("receipt")
        assert "receipt.failed" in await one.told()
        one.parts.receipts.refill()
        await one.rest(30)
        assert one.parts.receipts.take() == ()

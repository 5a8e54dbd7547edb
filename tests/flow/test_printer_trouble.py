"""Whatever the printers do: each 通 is delivered, void or in doubt, and paid for only if it was printed."""

from collections.abc import Callable

import pytest

from daemon.center.service import CenterService
from daemon.issuance.messages import OrderRequest, SealedOrder
from hal.faults import (
    PRINTER_REFUSES,
    PRINTER_UNREACHABLE,
)
from tests.direct_line import DirectLine
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


# ---------------------------------------------------------------- paper


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
async def test_a_job_that_the_printer_did_not_take_is_void_and_refunded() -> None:
    async with citizen() as one:
        await one.to("payment")
        one.parts.printer.inject(PRINTER_REFUSES)
        await one.to("error.printer")
        assert one.parts.bus.take_tray() == [100, 100]
        assert one.printed == []
        await ended_as(one, "void")


# ---------------------------------------------------------------- before payment


@virtual_time
async def test_the_sheets_of_the_made_document_are_asked_for_before_money() -> None:
    """Between order and payment somebody takes paper out: the order is cancelled, its numbers are void."""
    acts: list[Callable[[], None]] = []
    async with citizen(meanwhile(acts), Wants(copies=2)) as one:
        one.parts.printer.load_paper(2)
        acts.append(lambda: one.parts.printer.load_paper(1))
        await one.to("error.printer")
        assert "payment.opened" not in await one.told()
        await one.press("quit")
        await one.until("start")
        assert await one.outcomes() == ["void", "void"]


def meanwhile(acts: list[Callable[[], None]]) -> SetUp:
    """A kiosk where these are done while the center makes a document."""

    def make(service: CenterService, terminal: str) -> DirectLine:
        line = DirectLine(service, terminal)
        order = line.order

        async def ordered(request: OrderRequest) -> SealedOrder:
            for act in acts:
                act()
            return await order(request)

        line.order = ordered  # type: ignore[method-assign]
        return line

    return SetUp(line=make)


@virtual_time
async def test_a_printer_that_does_not_count_is_counted_for_and_refused_before_money() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        one.parts.printer.set_counting(False)
        await one.parts.paper.loaded(4, "17", "tray filled")
        await one.to_the_end()
        assert one.parts.paper.left == 1
        await one.to("error.printer")
        assert "order.requested" not in await one.told()
        await one.parts.paper.loaded(250, "17", "tray filled")
        await one.press("quit")
        await one.until("start")
        await one.to("payment")


@virtual_time
async def test_a_printer_that_does_not_count_and_was_never_counted_is_believed() -> None:
    async with citizen() as one:
        one.parts.printer.set_counting(False)
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"]


# ---------------------------------------------------------------- receipts


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

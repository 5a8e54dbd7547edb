"""The survey of a receipt printer: asked for its name and status, and not one dot printed."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from contextlib import aclosing

import pytest

from drivers.ports import Port, PortLost, memory_pair
from drivers.receipt.status import CLEAR, DLE_EOT, IDENTITY
from drivers.receipt.survey import EscposSurvey, EscposSurveySettings
from drivers.receipt.virtual import VirtualReceiptPrinter
from hal import faults
from hal.contracts import Finding, Survey
from tests.virtual_time import run_virtual

QUESTIONS = {
    *(DLE_EOT + bytes([n]) for n in (1, 2, 3, 4)),
    *(IDENTITY + bytes([n]) for n in (65, 66, 67, 68)),
}
KNOWN = {
    "port": "memory:",
    "maker": "MADOGUCHI",
    "model": "Virtual Receipt Printer",
    "serial": "VR-0001",
    "firmware": "1.0",
}
NOT_TOLD = KNOWN | dict.fromkeys(("maker", "model", "serial", "firmware"), "not told")

Looks = AsyncGenerator[tuple[Finding, ...], None]


def play(
    story: Callable[[Looks, VirtualReceiptPrinter], Awaitable[None]],
    device: VirtualReceiptPrinter | None = None,
) -> None:
    """Runs the story beside a survey; only questions may have reached the printer."""
    printer = device or VirtualReceiptPrinter()

    async def main() -> None:
        served: list[asyncio.Task[None]] = []

        async def open_port(_: str) -> Port:
            ours, theirs = memory_pair()
            served.append(asyncio.create_task(printer.serve(theirs)))
            return ours

        survey: Survey = EscposSurvey(EscposSurveySettings("memory:"), open_port)
        async with aclosing(survey.looks()) as looks:
            await story(looks, printer)
        await asyncio.gather(*served)
        assert set(printer.heard) <= QUESTIONS
        assert (printer.receipts, printer.paper.torn, bytes(printer.paper.unknown)) == ((), 0, b"")

    run_virtual(main())


async def look(looks: Looks) -> Finding:
    (found,) = await anext(looks)
    return found


async def until(looks: Looks, *codes: str) -> Finding:
    """The next look at which just these faults stand."""
    async with asyncio.timeout(60):
        while True:
            found = await look(looks)
            if [fault.code for fault in found.faults] == [*codes]:
                return found


def test_a_printer_is_told_by_its_own_words_and_its_state() -> None:
    async def story(looks: Looks, _: VirtualReceiptPrinter) -> None:
        found = await look(looks)
        assert (found.name, dict(found.facts)) == ("receipt printer", {**KNOWN, "state": "ready"})
        assert found.faults == ()
        assert await look(looks) == found

    play(story)


@pytest.mark.parametrize(
    "code",
    [faults.RECEIPT_COVER, faults.RECEIPT_PAPER_OUT, faults.RECEIPT_CUTTER, faults.RECEIPT_ERROR],
)
def test_a_fault_comes_and_goes(code: str) -> None:
    async def story(looks: Looks, device: VirtualReceiptPrinter) -> None:
        await until(looks)
        device.inject(code)
        assert dict((await until(looks, code)).facts)["state"] == "cannot print"
        device.repair(code)
        assert dict((await until(looks)).facts)["state"] == "ready"

    play(story)


def test_a_roll_near_its_end_is_a_fault_of_a_printer_that_is_ready() -> None:
    async def story(looks: Looks, device: VirtualReceiptPrinter) -> None:
        device.inject(faults.RECEIPT_PAPER_LOW)
        assert dict((await until(looks, faults.RECEIPT_PAPER_LOW)).facts)["state"] == "ready"

    play(story)


def test_a_printer_that_cannot_print_is_asked_for_its_name_when_it_can() -> None:
    """GS I would be held back with the data, and answered at a moment when a status is expected."""

    async def story(looks: Looks, device: VirtualReceiptPrinter) -> None:
        device.inject(faults.RECEIPT_PAPER_OUT)
        found = await until(looks, faults.RECEIPT_PAPER_OUT)
        assert dict(found.facts) == {"port": "memory:", "state": "cannot print"}
        assert not any(command.startswith(IDENTITY) for command in device.heard)
        device.refill()
        assert dict((await until(looks)).facts) == {**KNOWN, "state": "ready"}

    play(story)


def test_an_older_printer_that_does_not_say_its_name_is_surveyed_all_the_same() -> None:
    async def story(looks: Looks, device: VirtualReceiptPrinter) -> None:
        assert dict((await until(looks)).facts) == {**NOT_TOLD, "state": "ready"}
        device.inject(faults.RECEIPT_COVER)
        await until(looks, faults.RECEIPT_COVER)

    play(story, VirtualReceiptPrinter(knows_clear=False))


def test_what_a_kiosk_left_behind_is_not_cleared() -> None:
    """The driver would: DLE DC4 8 and ESC @ are what a survey must not send."""

    async def story(looks: Looks, device: VirtualReceiptPrinter) -> None:
        device.inject(faults.RECEIPT_PAPER_OUT)
        await until(looks, faults.RECEIPT_PAPER_OUT)
        assert CLEAR not in device.heard

    play(story)


def test_a_mute_printer_is_out_of_reach_and_found_again() -> None:
    async def story(looks: Looks, device: VirtualReceiptPrinter) -> None:
        await until(looks)
        device.inject(faults.RECEIPT_UNREACHABLE)
        found = await until(looks, faults.RECEIPT_UNREACHABLE)
        assert dict(found.facts) == {**KNOWN, "state": "does not answer"}
        assert "is a kiosk using it?" in found.faults[0].detail
        device.repair(faults.RECEIPT_UNREACHABLE)
        await until(looks)

    play(story)


def test_a_port_that_cannot_be_opened_is_told_with_its_address() -> None:
    async def main() -> None:
        async def open_port(address: str) -> Port:
            raise PortLost(f"{address} refused; check its power")

        survey = EscposSurvey(EscposSurveySettings("tcp:printer:9100"), open_port)
        async with aclosing(survey.looks()) as looks:
            for _ in range(2):
                found = await look(looks)
                assert [fault.code for fault in found.faults] == [faults.RECEIPT_UNREACHABLE]
                assert "tcp:printer:9100 refused" in found.faults[0].detail

    run_virtual(main())


async def test_it_surveys_over_tcp() -> None:
    device = VirtualReceiptPrinter()
    async with (
        device.serve_tcp() as port,
        aclosing(EscposSurvey(EscposSurveySettings(f"tcp:127.0.0.1:{port}")).looks()) as looks,
    ):
        assert dict((await look(looks)).facts)["model"] == "Virtual Receipt Printer"
    assert set(device.heard) == QUESTIONS

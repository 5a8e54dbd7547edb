"""EscposPrinter against VirtualReceiptPrinter under virtual time: each receipt comes out once."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress

import pytest
from PIL import Image

from drivers.ports import Port, PortLost, memory_pair
from drivers.receipt.escpos import NOTO, EscposPrinter, EscposSettings
from drivers.receipt.raster import render
from drivers.receipt.virtual import VirtualReceiptPrinter
from hal import faults
from hal.contracts import Line, ReceiptPrinter
from hal.events import DeviceChanged, Event
from hal.faults import DeviceError, Fault
from tests.virtual_time import run_virtual

LINES = [Line("領収書", size="large"), Line("住民票の写し"), *[Line("行", f"{n}円") for n in range(12)]]
STOPPING = (faults.RECEIPT_COVER, faults.RECEIPT_PAPER_OUT, faults.RECEIPT_CUTTER, faults.RECEIPT_ERROR)

Scene = Callable[[EscposPrinter, VirtualReceiptPrinter], Awaitable[None]]


def play(
    scene: Scene, knows_clear: bool = True, before: Callable[[VirtualReceiptPrinter], None] | None = None
) -> None:
    """Runs a scene; every connection of the printer is a new pair of ports, as with a cable."""

    async def run() -> None:
        device = VirtualReceiptPrinter(knows_clear)
        if before is not None:
            before(device)
        served: list[asyncio.Task[None]] = []

        async def connect() -> Port:
            ours, theirs = memory_pair()
            served.append(asyncio.create_task(device.serve(theirs)))
            return ours

        printer = EscposPrinter(EscposSettings("memory:"), connect)
        ready = asyncio.Event()
        pump = asyncio.create_task(printer.run(lambda event: ready.set()))
        await ready.wait()
        await scene(printer, device)
        pump.cancel()
        with suppress(asyncio.CancelledError):
            await pump
        async with asyncio.timeout(5):
            await asyncio.gather(*served)

    run_virtual(run())


def came_out(device: VirtualReceiptPrinter) -> list[bytes]:
    return [receipt.tobytes() for receipt in device.take()]


def wanted(lines: list[Line]) -> bytes:
    return render(lines, 576, NOTO).tobytes()


async def failing(printer: EscposPrinter, lines: list[Line]) -> Fault:
    with pytest.raises(DeviceError) as caught:
        await printer.print(lines)
    return caught.value.fault


def test_a_receipt_comes_out_once_and_cut() -> None:
    async def scene(printer: EscposPrinter, device: VirtualReceiptPrinter) -> None:
        await printer.print(LINES)
        assert came_out(device) == [wanted(LINES)]
        assert device.paper.torn == 0
        assert device.paper.unknown == b""

    play(scene)


def test_printing_returns_only_when_the_printer_has_confirmed() -> None:
    async def scene(printer: EscposPrinter, device: VirtualReceiptPrinter) -> None:
        device.run_out_of_paper(after_bands=1)
        printing = asyncio.create_task(printer.print(LINES))
        await asyncio.sleep(5)
        assert not printing.done()
        device.refill()
        await printing
        assert came_out(device) == [wanted(LINES)]

    play(scene)


def test_receipts_that_are_asked_for_together_come_out_one_after_the_other() -> None:
    async def scene(printer: EscposPrinter, device: VirtualReceiptPrinter) -> None:
        other = [Line("再発行")]
        await asyncio.gather(printer.print(LINES), printer.print(other))
        assert came_out(device) == [wanted(LINES), wanted(other)]

    play(scene)


@pytest.mark.parametrize("code", STOPPING)
def test_a_fault_before_printing_is_told_and_nothing_is_sent(code: str) -> None:
    async def scene(printer: EscposPrinter, device: VirtualReceiptPrinter) -> None:
        device.inject(code)
        assert (await failing(printer, LINES)).code == code
        device.repair(code)
        assert came_out(device) == []
        await printer.print(LINES)
        assert came_out(device) == [wanted(LINES)]

    play(scene)


def test_a_roll_near_its_end_still_prints() -> None:
    async def scene(printer: EscposPrinter, device: VirtualReceiptPrinter) -> None:
        device.inject(faults.RECEIPT_PAPER_LOW)
        await printer.print(LINES)
        assert came_out(device) == [wanted(LINES)]

    play(scene)


@pytest.mark.parametrize("after_bands", [0, 1, 2, 4])
def test_a_receipt_given_up_during_paper_out_never_comes_out_beside_its_reprint(after_bands: int) -> None:
    async def scene(printer: EscposPrinter, device: VirtualReceiptPrinter) -> None:
        device.run_out_of_paper(after_bands)
        assert (await failing(printer, LINES)).code == faults.RECEIPT_PAPER_OUT
        device.refill()
        await asyncio.sleep(60)
        assert came_out(device) == []
        await printer.print(LINES)
        assert came_out(device)[-1] == wanted(LINES)

    play(scene)


def test_what_a_failed_receipt_left_on_the_paper_is_cut_off_before_the_next() -> None:
    async def scene(printer: EscposPrinter, device: VirtualReceiptPrinter) -> None:
        device.run_out_of_paper(after_bands=2)
        assert (await failing(printer, LINES)).code == faults.RECEIPT_PAPER_OUT
        assert device.paper.torn > 0
        device.refill()
        await printer.print(LINES)
        fragment, whole = device.take()
        assert fragment.height < whole.height
        assert whole.tobytes() == wanted(LINES)

    play(scene)


@pytest.mark.parametrize("knows_clear", [True, False])
@pytest.mark.parametrize("octets", [1, 20, 500, 8000, 9000, 20000, 30000])
def test_after_a_broken_transfer_the_reprint_comes_out_once(octets: int, knows_clear: bool) -> None:
    async def scene(printer: EscposPrinter, device: VirtualReceiptPrinter) -> None:
        device.break_after(octets)
        assert (await failing(printer, LINES)).code == faults.RECEIPT_UNREACHABLE
        await printer.print(LINES)
        out: list[Image.Image] = list(device.take())
        assert out[-1].tobytes() == wanted(LINES)
        assert all(fragment.height < out[-1].height for fragment in out[:-1])

    play(scene, knows_clear)


def test_a_print_that_is_cancelled_does_not_spoil_the_next() -> None:
    async def scene(printer: EscposPrinter, device: VirtualReceiptPrinter) -> None:
        device.run_out_of_paper(after_bands=2)
        printing = asyncio.create_task(printer.print(LINES))
        await asyncio.sleep(3)
        printing.cancel()
        with suppress(asyncio.CancelledError):
            await printing
        await asyncio.sleep(10)
        device.refill()
        await printer.print(LINES)
        assert device.take()[-1].tobytes() == wanted(LINES)

    play(scene)


def test_a_receipt_the_last_daemon_died_in_does_not_come_out() -> None:
    def dying(device: VirtualReceiptPrinter) -> None:
        device.run_out_of_paper()
        device.receive(b"\x1dv0\x00\x48\x00\x01\x00" + b"\xff" * 72 + b"\x1dV\x42\x00")

    async def scene(printer: EscposPrinter, device: VirtualReceiptPrinter) -> None:
        device.refill()
        await asyncio.sleep(10)
        assert device.receipts == ()

    play(scene, before=dying)


def test_a_printer_that_confirms_nothing_is_an_error_within_the_minute() -> None:
    async def scene(printer: EscposPrinter, device: VirtualReceiptPrinter) -> None:
        device.break_after(100000)
        obey_nothing = device._work
        device._work = lambda: None  # type: ignore[method-assign]  # stuck, but its real-time side lives
        assert (await failing(printer, LINES)).code == faults.RECEIPT_ERROR
        assert asyncio.get_running_loop().time() < 60
        device._work = obey_nothing  # type: ignore[method-assign]

    play(scene)


def test_a_mute_printer_is_out_of_reach() -> None:
    async def scene(printer: EscposPrinter, device: VirtualReceiptPrinter) -> None:
        device.inject(faults.RECEIPT_UNREACHABLE)
        assert (await failing(printer, LINES)).code == faults.RECEIPT_UNREACHABLE
        device.repair(faults.RECEIPT_UNREACHABLE)
        await printer.print(LINES)
        assert came_out(device) == [wanted(LINES)]

    play(scene)


def test_a_port_that_cannot_be_opened_is_out_of_reach() -> None:
    async def main() -> None:
        async def connect() -> Port:
            raise PortLost("tcp:printer:9100 refused; check its power")

        fault = await failing(EscposPrinter(EscposSettings("tcp:printer:9100"), connect), LINES)
        assert fault == Fault(
            faults.RECEIPT_UNREACHABLE, "receipt", "tcp:printer:9100 refused; check its power"
        )

    run_virtual(main())


def test_the_pump_tells_only_changes() -> None:
    async def main() -> None:
        device = VirtualReceiptPrinter()
        heard: list[Event] = []

        async def connect() -> Port:
            ours, theirs = memory_pair()
            asyncio.get_running_loop().call_soon(
                lambda: tasks.append(asyncio.create_task(device.serve(theirs)))
            )
            return ours

        tasks: list[asyncio.Task[None]] = []
        printer = EscposPrinter(EscposSettings("memory:", virtual=True), connect)
        assert printer.virtual
        pump = asyncio.create_task(printer.run(heard.append))
        await asyncio.sleep(30)
        device.inject(faults.RECEIPT_PAPER_LOW)
        await asyncio.sleep(30)
        device.inject(faults.RECEIPT_COVER)
        await asyncio.sleep(30)
        device.repair(faults.RECEIPT_COVER)
        await asyncio.sleep(30)
        device.refill()
        await asyncio.sleep(30)
        device.inject(faults.RECEIPT_UNREACHABLE)
        await asyncio.sleep(30)
        pump.cancel()
        await asyncio.gather(pump, *tasks, return_exceptions=True)
        found = [event.fault for event in heard if isinstance(event, DeviceChanged)]
        assert [fault.code if isinstance(fault, Fault) else None for fault in found] == [
            None,
            faults.RECEIPT_PAPER_LOW,
            faults.RECEIPT_COVER,
            faults.RECEIPT_PAPER_LOW,
            None,
            faults.RECEIPT_UNREACHABLE,
        ]

    run_virtual(main())


def test_a_missing_font_is_said_so() -> None:
    async def main() -> None:
        settings = EscposSettings("memory:", font="/nowhere.ttc")
        fault = await failing(EscposPrinter(settings), LINES)
        assert "/nowhere.ttc" in fault.detail

    run_virtual(main())


@pytest.mark.parametrize("dots", [0, -8, 575])
def test_a_width_that_is_no_whole_octets_is_refused(dots: int) -> None:
    with pytest.raises(ValueError, match="dots"):
        EscposPrinter(EscposSettings("memory:", dots=dots))


async def test_a_receipt_is_printed_over_tcp() -> None:
    device = VirtualReceiptPrinter()
    async with device.serve_tcp() as port:
        printer = EscposPrinter(EscposSettings(f"tcp:127.0.0.1:{port}"))
        well = asyncio.Event()
        pump = asyncio.create_task(printer.run(lambda event: well.set()))
        await well.wait()
        await printer.print(LINES)
        assert came_out(device) == [wanted(LINES)]
        pump.cancel()
        await asyncio.gather(pump, return_exceptions=True)


def test_it_is_what_the_contract_asks_for() -> None:
    printer: ReceiptPrinter = EscposPrinter(EscposSettings("memory:"))
    assert printer.virtual is False

"""IppPrinter against VirtualPrinter in one process, under virtual time: every way a job can go."""

import asyncio
from collections.abc import Awaitable, Callable
from itertools import pairwise

import pytest

from drivers.document.attributes import PRINTER_GROUP
from drivers.document.codes import CREATE_JOB, GET_JOB, GET_PRINTER, SEND_DOCUMENT
from drivers.document.printer import IppPrinter, IppSettings
from drivers.document.virtual import VirtualPrinter
from hal import faults
from hal.contracts import DocumentChanged, DocumentPrinter, JobState, JobStatus, PrintJob
from hal.events import DeviceChanged, Event
from hal.faults import DeviceError, Fault
from tests.drivers.document.papers import pdf, sealed
from tests.virtual_time import run_virtual

Play = Callable[[IppPrinter, VirtualPrinter], Awaitable[None]]
URI = "ipp://virtual/ipp/print"
NUMBER = "162027-20261123-01-0001-7"


def play(scene: Play) -> None:
    """Runs a scene with a printer that takes a second a sheet."""

    async def run() -> None:
        device = VirtualPrinter(seconds_per_sheet=1.0)
        await scene(IppPrinter(IppSettings(URI), device.exchange), device)

    run_virtual(run())


async def started(printer: IppPrinter, pages: int) -> PrintJob:
    job = await printer.create(NUMBER)
    await printer.send(job, *sealed(pdf(pages)))
    return job


async def followed(printer: IppPrinter, job: PrintJob) -> list[JobStatus]:
    return [status async for status in printer.follow(job)]


def codes(found: tuple[Fault, ...]) -> list[str]:
    return [fault.code for fault in found]


# ---------------------------------------------------------------- a job that goes well


def test_both_sides_of_two_sheets_are_printed_once() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        seen = await followed(printer, await started(printer, 4))
        assert seen[-1] == JobStatus(JobState.COMPLETED, 2)
        assert {status.state for status in seen} == {JobState.PRINTING, JobState.COMPLETED}
        assert [sheet.pages for sheet in device.take_paper()] == [(0, 1), (2, 3)]
        assert device.take_paper() == ()

    play(scene)


def test_the_printer_gets_the_very_bytes_and_the_number_and_nothing_else() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        await followed(printer, await started(printer, 1))
        assert [(job.name, job.user, job.document) for job in device.jobs] == [(NUMBER, "kiosk", pdf(1))]

    play(scene)


def test_bytes_that_are_not_the_sealed_ones_are_not_sent() -> None:
    """P7, P8: compared as they go out."""

    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        job = await printer.create(NUMBER)
        document, sha256 = sealed(pdf(1))
        for changed in (document[:-1], document + b"\n", pdf(2), b""):
            with pytest.raises(DocumentChanged):
                await printer.send(job, changed, sha256)
        assert SEND_DOCUMENT not in device.heard
        await printer.send(job, document, sha256)
        assert (await followed(printer, job))[-1].state is JobState.COMPLETED

    play(scene)


def test_a_printer_gets_only_the_wishes_it_knows() -> None:
    """With fidelity it would refuse the others."""

    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        assert await printer.check(1) == ()
        await followed(printer, await started(printer, 1))
        assert device.wishes == [
            ("copies", 1),
            ("media", "iso_a4_210x297mm"),
            ("sides", "two-sided-long-edge"),
            ("print-scaling", "none"),
            ("print-color-mode", "monochrome"),
            ("printer-resolution", (600, 600, 3)),
        ]

    play(scene)


def test_a_printer_that_sleeps_is_woken_and_read_again_before_payment() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        device.set_cover(True)
        device.fall_asleep()
        assert (await printer.describe()).group(PRINTER_GROUP).texts("printer-state-reasons") == ["none"]
        assert codes(await printer.check(1)) == [faults.PRINTER_COVER]

    play(scene)


def test_the_sheets_are_counted_as_they_come_out() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        seen = await followed(printer, await started(printer, 6))
        assert (
            [status.sheets for status in seen] == sorted({status.sheets for status in seen}) == [0, 1, 2, 3]
        )

    play(scene)


def test_the_next_job_waits_until_the_printer_is_free() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        await started(printer, 4)
        second = await started(printer, 2)
        assert (await followed(printer, second))[-1].state is JobState.COMPLETED
        assert len(device.tray) == 3

    play(scene)


def test_a_printer_that_stays_busy_refuses() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        device.set_paused(True)
        await started(printer, 2)
        with pytest.raises(DeviceError) as caught:
            await printer.create(NUMBER)
        assert caught.value.fault.code == faults.PRINTER_REFUSES
        assert "busy" in caught.value.fault.detail

    play(scene)


def test_it_says_by_itself_that_it_is_virtual() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        assert not printer.virtual
        assert await printer.check(1) == ()
        assert printer.virtual

    play(scene)


# ---------------------------------------------------------------- before payment


@pytest.mark.parametrize(
    "code",
    [
        faults.PRINTER_UNSUITABLE,
        faults.PRINTER_REFUSES,
        faults.PRINTER_PAPER_OUT,
        faults.PRINTER_COVER,
        faults.PRINTER_TONER_OUT,
        faults.PRINTER_STOPPED,
    ],
)
def test_the_check_before_payment_finds(code: str) -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        device.inject(code)
        assert codes(await printer.check(1))[0] == code
        device.repair(code)
        assert await printer.check(1) == ()

    play(scene)


def test_an_order_of_more_sheets_than_there_are_is_refused() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        device.load_paper(3)
        assert await printer.check(3) == ()
        assert codes(await printer.check(4)) == [faults.PRINTER_PAPER_OUT]

    play(scene)


def test_a_printer_out_of_reach_is_an_error_not_an_answer() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        device.reachable = False
        for question in (printer.check(1), printer.create(NUMBER), printer.cancel_all()):
            with pytest.raises(DeviceError) as caught:
                await question
            assert caught.value.fault.code == faults.PRINTER_UNREACHABLE

    play(scene)


def test_a_mute_printer_is_out_of_reach_after_ten_seconds() -> None:
    async def main() -> None:
        async def mute(body: bytes) -> bytes:
            await asyncio.Event().wait()
            return b""

        with pytest.raises(DeviceError) as caught:
            await IppPrinter(IppSettings(URI), mute).check(1)
        assert caught.value.fault.code == faults.PRINTER_UNREACHABLE
        assert asyncio.get_running_loop().time() == 10.0

    run_virtual(main())


@pytest.mark.parametrize("answer", [b"", b"HTTP", b"\x02\x00\x00\x00\x00\x00\x00\x63\x03"])
def test_an_answer_that_is_none_is_out_of_reach(answer: bytes) -> None:
    async def main() -> None:
        async def nonsense(body: bytes) -> bytes:
            return answer

        with pytest.raises(DeviceError) as caught:
            await IppPrinter(IppSettings(URI), nonsense).check(1)
        assert caught.value.fault.code == faults.PRINTER_UNREACHABLE

    run_virtual(main())


# ---------------------------------------------------------------- an attendant is needed


@pytest.mark.parametrize(
    "code", [faults.PRINTER_PAPER_OUT, faults.PRINTER_COVER, faults.PRINTER_TONER_OUT, faults.PRINTER_STOPPED]
)
def test_a_job_waits_for_the_attendant_and_then_goes_on(code: str) -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        job = await started(printer, 4)
        device.inject(code)
        seen = []
        async for status in printer.follow(job):
            seen.append(status)
            if status.state is JobState.WAITING:
                assert codes(status.faults) == [code]
                device.repair(code)
        assert seen[-1] == JobStatus(JobState.COMPLETED, 2)
        assert JobState.WAITING in {status.state for status in seen}
        assert len(device.tray) == 2

    play(scene)


def test_paper_that_runs_out_in_the_middle_holds_the_job() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        device.load_paper(1)
        job = await started(printer, 4)
        waiting = await anext(s async for s in printer.follow(job) if s.state is JobState.WAITING)
        assert (waiting.sheets, codes(waiting.faults)) == (1, [faults.PRINTER_PAPER_OUT])

    play(scene)


def test_a_waiting_job_reminds_every_five_seconds() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        device.set_paused(True)
        job = await started(printer, 2)
        clock = asyncio.get_running_loop().time
        times = []
        async for _ in printer.follow(job):
            times.append(clock())
            if len(times) == 4:
                device.set_paused(False)
        assert [round(b - a) for a, b in pairwise(times[:4])] == [5, 5, 5]

    play(scene)


def test_a_jammed_sheet_is_named_and_does_not_count() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        device.jam(at_sheet=2)
        job = await started(printer, 4)
        seen = []
        async for status in printer.follow(job):
            seen.append(status)
            if status.state is JobState.WAITING:
                assert (status.sheets, codes(status.faults)) == (1, [faults.PRINTER_JAM])
                device.clear_jam()
        assert seen[-1] == JobStatus(JobState.COMPLETED, 2)
        assert [sheet.pages for sheet in device.ruined] == [(2, 3)]

    play(scene)


# ---------------------------------------------------------------- cancelling


def test_a_cancelled_job_ends_when_its_sheet_is_out() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        job = await started(printer, 8)
        status = await printer.cancel(job)
        assert status == JobStatus(JobState.CANCELED, 1)
        assert len(device.tray) == 1
        assert asyncio.get_running_loop().time() >= 1.0

    play(scene)


def test_a_jammed_job_is_cancelled_once_the_jam_is_cleared() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        device.jam()
        job = await started(printer, 4)
        cancelling = asyncio.create_task(printer.cancel(job))
        await asyncio.sleep(60)
        assert not cancelling.done()
        device.clear_jam()
        assert (await cancelling).state is JobState.CANCELED
        assert device.tray == ()

    play(scene)


def test_cancelling_a_completed_job_says_that_it_was_completed() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        job = await started(printer, 2)
        await followed(printer, job)
        assert await printer.cancel(job) == JobStatus(JobState.COMPLETED, 1)

    play(scene)


def test_cancelling_out_of_reach_fails_after_half_a_minute() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        job = await started(printer, 2)
        device.reachable = False
        with pytest.raises(DeviceError) as caught:
            await printer.cancel(job)
        assert caught.value.fault.code == faults.PRINTER_UNREACHABLE
        assert 30 <= asyncio.get_running_loop().time() < 40

    play(scene)


def test_a_boot_cancels_whatever_is_ours_and_waits_for_the_end() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        await started(printer, 8)
        await IppPrinter(IppSettings(URI), device.exchange).cancel_all()
        assert len(device.tray) == 1
        await asyncio.sleep(20)
        assert len(device.tray) == 1

    play(scene)


def test_a_job_without_its_document_is_cancelled_too() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        job = await printer.create(NUMBER)
        await printer.cancel_all()
        assert (await printer.cancel(job)).state is JobState.CANCELED
        with pytest.raises(DeviceError):
            await printer.send(job, *sealed(pdf(1)))
        assert device.tray == ()

    play(scene)


# ---------------------------------------------------------------- what nobody can know


def test_a_lost_answer_to_the_document_leaves_the_outcome_unknown() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        device.lose_answer(SEND_DOCUMENT)
        job = await printer.create(NUMBER)
        with pytest.raises(DeviceError) as caught:
            await printer.send(job, *sealed(pdf(2)))
        assert caught.value.fault.code == faults.PRINTER_UNKNOWN
        assert await printer.cancel(job) == JobStatus(JobState.CANCELED, 1)

    play(scene)


def test_a_job_that_was_cancelled_before_its_first_sheet_is_untouched() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        device.set_cover(True)
        job = await printer.create(NUMBER)
        device.lose_answer(SEND_DOCUMENT)
        with pytest.raises(DeviceError):
            await printer.send(job, *sealed(pdf(2)))
        ended = await printer.cancel(job)
        assert (ended.state, ended.sheets, ended.untouched) == (JobState.CANCELED, 0, True)

    play(scene)


def test_a_printer_that_loses_power_with_the_document_leaves_the_outcome_unknown_for_good() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        await asyncio.sleep(30)
        device.inject(faults.PRINTER_UNKNOWN)
        job = await printer.create(NUMBER)
        with pytest.raises(DeviceError, match=faults.PRINTER_UNKNOWN):
            await printer.send(job, *sealed(pdf(2)))
        assert (await printer.cancel(job)).state is JobState.UNKNOWN
        device.inject(faults.PRINTER_UNKNOWN)
        device.repair(faults.PRINTER_UNKNOWN)
        await printer.send(await printer.create(NUMBER), *sealed(pdf(2)))

    play(scene)


def test_a_printer_that_restarted_does_not_know() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        await asyncio.sleep(30)
        job = await started(printer, 8)
        device.reboot()
        assert [status.state for status in await followed(printer, job)] == [JobState.UNKNOWN]
        assert (await printer.cancel(job)).state is JobState.UNKNOWN

    play(scene)


def test_a_job_id_of_before_the_restart_is_not_taken_for_the_new_one() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        await printer.check(1)
        await asyncio.sleep(30)
        old = await started(printer, 8)
        device.reboot()
        new = await started(printer, 2)
        assert new.job == old.job
        assert (await printer.cancel(old)).state is JobState.UNKNOWN

    play(scene)


def test_another_printer_does_not_know() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        job = await started(printer, 2)
        other = IppPrinter(IppSettings(URI), VirtualPrinter().exchange)
        assert (await other.cancel(job)).state is JobState.UNKNOWN

    play(scene)


def test_an_ended_job_is_forgotten_after_a_minute() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        job = await started(printer, 2)
        await followed(printer, job)
        await asyncio.sleep(61)
        assert (await followed(printer, job))[-1].state is JobState.UNKNOWN

    play(scene)


@pytest.mark.parametrize("operation", [GET_PRINTER, GET_JOB])
def test_one_lost_answer_while_following_changes_nothing(operation: int) -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        job = await started(printer, 4)
        device.lose_answer(operation)
        assert (await followed(printer, job))[-1] == JobStatus(JobState.COMPLETED, 2)

    play(scene)


def test_a_job_whose_making_was_not_answered_is_found_by_its_name() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        device.lose_answer(CREATE_JOB)
        seen = await followed(printer, await started(printer, 2))
        assert seen[-1].state is JobState.COMPLETED
        assert [job.name for job in device.jobs] == [NUMBER]
        assert list(device.heard).count(CREATE_JOB) == 1

    play(scene)


def test_a_job_whose_making_was_not_heard_is_made() -> None:
    async def main() -> None:
        device = VirtualPrinter()
        lost = [CREATE_JOB]

        async def exchange(body: bytes) -> bytes:
            if int.from_bytes(body[2:4], "big") in lost:
                lost.clear()
                raise ConnectionResetError
            return await device.exchange(body)

        printer = IppPrinter(IppSettings(URI), exchange)
        assert (await followed(printer, await started(printer, 2)))[-1].state is JobState.COMPLETED
        assert len(device.tray) == 1

    run_virtual(main())


def test_a_pulled_cable_calls_the_attendant_and_the_job_ends_as_it_did() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        job = await started(printer, 4)
        device.reachable = False
        seen = []
        async for status in printer.follow(job):
            seen.append(status)
            if status.state is JobState.WAITING:
                assert codes(status.faults) == [faults.PRINTER_UNREACHABLE]
                device.reachable = True
        assert seen[-1] == JobStatus(JobState.COMPLETED, 2)

    play(scene)


def test_a_document_that_is_no_pdf_is_aborted() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        job = await printer.create(NUMBER)
        await printer.send(job, *sealed(b"no document"))
        assert (await followed(printer, job))[-1] == JobStatus(JobState.ABORTED, 0, untouched=True)
        assert device.tray == ()

    play(scene)


# ---------------------------------------------------------------- watching


def test_the_pump_tells_only_changes() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        heard: list[Event] = []
        pump = asyncio.create_task(printer.run(heard.append))
        await asyncio.sleep(20)
        device.set_cover(True)
        await asyncio.sleep(20)
        device.set_cover(False)
        await asyncio.sleep(20)
        device.reachable = False
        await asyncio.sleep(20)
        pump.cancel()
        found = [event.fault for event in heard if isinstance(event, DeviceChanged)]
        assert [fault.code if isinstance(fault, Fault) else None for fault in found] == [
            None,
            faults.PRINTER_COVER,
            None,
            faults.PRINTER_UNREACHABLE,
        ]

    play(scene)


def test_the_tray_sensor_hears_of_every_sheet() -> None:
    async def scene(printer: IppPrinter, device: VirtualPrinter) -> None:
        dropped: list[tuple[int, ...]] = []
        device.on_sheet = lambda sheet: dropped.append(sheet.pages)
        await followed(printer, await started(printer, 3))
        assert dropped == [(0, 1), (2,)]

    play(scene)


def test_it_is_what_the_contract_asks_for() -> None:
    printer: DocumentPrinter = IppPrinter(IppSettings(URI))
    assert printer.virtual is False

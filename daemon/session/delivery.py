"""Screens 13 to 15: one print job per 通, then the change, the paper, the receipt.

Each 通 ends as delivered, void, refunded or in doubt, in the journal before anything else happens. A jam or
a lost printer voids that 通 alone; it and those not printed are refunded. What nobody can know is in doubt:
never printed again, never refunded by itself, a case for staff.
"""

import asyncio
from collections.abc import Callable
from functools import partial

from daemon.issuance.messages import CopyOutcome, SealedCopy
from daemon.issuance.order import Mismatch, check_again
from daemon.session import screens
from daemon.session.cases import case_record
from daemon.session.desk import Pressed
from daemon.session.entries import Record
from daemon.session.purchase import Purchase, report_mismatch
from daemon.session.receipt import claim_lines, receipt_lines, receipt_number
from daemon.session.screens import Say
from daemon.session.visit import Visit
from daemon.session.widgets import Screen
from hal.contracts import JobState, JobStatus, PrintJob
from hal.events import TrayChanged
from hal.faults import PAPER_LEFT, PRINTER_UNKNOWN, DeviceError

ESCALATE_SECONDS = 60.0
SENSOR_SECONDS = 3.0
RECEIPT_SECONDS = 6.0


async def deliver(visit: Visit, purchase: Purchase) -> dict[str, CopyOutcome]:
    """Screen 13: prints every 通. Certificate number → how it ended."""
    outcomes = {copy.number: CopyOutcome.REFUNDED for copy in purchase.copies}
    before = 0
    for copy, pdf in zip(purchase.copies, purchase.pdfs, strict=True):
        progress = partial(_progress, visit.say, before, len(copy.sheets), purchase.sheets)
        visit.desk.show(progress(0))
        outcomes[copy.number] = await _print(visit, purchase.order, copy, pdf, progress)
        if outcomes[copy.number] is not CopyOutcome.DELIVERED:
            break
        before += len(copy.sheets)
    return outcomes


def _progress(say: Say, before: int, here: int, sheets: int, done: int) -> Screen:
    """Sheet k of n. before: sheets of the 通 that are out; done: of the ``here`` sheets of this one."""
    return screens.printing(say, before + min(done + 1, here), sheets)


async def _print(
    visit: Visit, order: str, copy: SealedCopy, pdf: bytearray, progress: Callable[[int], Screen]
) -> CopyOutcome:
    document = bytes(pdf)
    try:
        check_again(document, copy)
    except Mismatch as mismatch:
        await report_mismatch(visit, order, mismatch)
        return CopyOutcome.VOID
    await visit.note("print.started", order=order, number=copy.number)
    printer = visit.kiosk.devices.document
    try:
        job = await printer.create(copy.number)
    except DeviceError as error:
        return await _failed(visit, copy, error.fault.code, 0)
    await visit.note("print.job", number=copy.number, printer=job.printer, job=job.job, uptime=job.uptime)
    try:
        await printer.send(job, document)
    except DeviceError:
        return await _ended(visit, copy, await _cancel(visit, job))
    return await _ended(visit, copy, await _watch(visit, job, progress))


async def _watch(visit: Visit, job: PrintJob, progress: Callable[[int], Screen]) -> JobStatus:
    """Follows the job. While it waits for an attendant the citizen is told; then it is cancelled."""
    status = JobStatus(JobState.PENDING, 0)
    clock = asyncio.get_running_loop().time
    moved_at = clock()
    try:
        async for status in visit.kiosk.devices.document.follow(job):
            if status.state is not JobState.WAITING:
                moved_at = clock()
                visit.desk.show(progress(status.sheets))
            elif clock() - moved_at <= visit.kiosk.attendant_seconds:
                visit.desk.show(screens.hold(visit.say))
            else:
                return await _cancel(visit, job)
    except DeviceError:
        return await _cancel(visit, job)
    return status


async def _cancel(visit: Visit, job: PrintJob) -> JobStatus:
    try:
        return await visit.kiosk.devices.document.cancel(job)
    except DeviceError:
        return JobStatus(JobState.UNKNOWN, 0)


async def _ended(visit: Visit, copy: SealedCopy, status: JobStatus) -> CopyOutcome:
    if status.state is JobState.COMPLETED:
        await visit.note("print.done", number=copy.number, sheets=len(copy.sheets))
        return CopyOutcome.DELIVERED
    if status.state in (JobState.CANCELED, JobState.ABORTED):
        reason = status.faults[0].code if status.faults else status.state.value
        return await _failed(visit, copy, reason, status.sheets)
    await visit.open_case("in-doubt", copy.number, PRINTER_UNKNOWN)
    return CopyOutcome.IN_DOUBT


async def _failed(visit: Visit, copy: SealedCopy, reason: str, sheets: int) -> CopyOutcome:
    """Void. Sheets of it that came out must be taken away and shredded by staff (P13)."""
    records = [Record("print.failed", visit.id, {"number": copy.number, "reason": reason})]
    if sheets:
        records.append(case_record("void-sheets", copy.number, visit.id))
    await visit.kiosk.journal.write_all(records)
    return CopyOutcome.VOID


# ---------------------------------------------------------------- 14


async def hand_over(visit: Visit, sheets: int) -> None:
    """Screen 14, with voice, until the paper is taken; nothing else ends it."""
    await visit.note("paper.presented", sheets=sheets)
    try:
        await _until_taken(visit, sheets, await _seen_by_sensor(visit, sheets))
    finally:
        visit.kiosk.devices.cabinet.lamp("attention", False)
    await visit.note("paper.taken")


async def _seen_by_sensor(visit: Visit, sheets: int) -> bool:
    """Whether the tray's sensor can be believed for this paper: it saw it, if only while it was printed."""
    cabinet = visit.kiosk.devices.cabinet
    screen = screens.take(visit.say, sheets, forgotten=False, sensor=True)
    clock = asyncio.get_running_loop().time
    until = clock() + SENSOR_SECONDS
    while cabinet.has_tray_sensor and cabinet.paper_in_tray is False and (left := until - clock()) > 0:
        event = await visit.desk.watch(screen, (TrayChanged,), idle=False, seconds=left)
        if isinstance(event, TrayChanged) and event.paper:
            return True
    return cabinet.paper_in_tray is True


async def _until_taken(visit: Visit, sheets: int, sensor: bool) -> None:
    """Seen by the tray's sensor, or said by the citizen where it cannot tell; louder after a minute."""
    cabinet = visit.kiosk.devices.cabinet
    forgotten = False
    while not (sensor and cabinet.paper_in_tray is False):
        seen = sensor and cabinet.paper_in_tray is True
        screen = screens.take(visit.say, sheets, forgotten, seen)
        event = await visit.desk.watch(screen, (TrayChanged,), idle=False, seconds=ESCALATE_SECONDS)
        if isinstance(event, Pressed):
            return
        if event is None and not forgotten:
            forgotten = True
            await visit.note("paper.left", code=PAPER_LEFT)
            cabinet.lamp("attention", True)


# ---------------------------------------------------------------- 15


async def give_receipt(visit: Visit) -> None:
    """Screen 15. One that cannot be printed never voids a certificate: its number is shown."""
    journal = visit.kiosk.journal
    entries = await journal.session(visit.id)
    number = receipt_number(entries)
    lines = receipt_lines(entries, visit.kiosk.terminal, journal.head)
    failed = False
    try:
        await visit.kiosk.devices.receipt.print(lines)
        await visit.note("receipt.printed", number=number)
    except DeviceError as error:
        failed = True
        await visit.note("receipt.failed", number=number, code=error.fault.code)
    screen = screens.receipt(visit.say, number, failed)
    await visit.desk.linger(screen, RECEIPT_SECONDS)


async def give_claim_slip(visit: Visit, number: str, yen: int) -> None:
    """What the hoppers could not pay, on paper for whoever stands there; the screen shows it in any case."""
    kiosk = visit.kiosk
    lines = claim_lines(number, yen, kiosk.now(), kiosk.municipality, kiosk.terminal, kiosk.journal.head)
    try:
        await kiosk.devices.receipt.print(lines)
        code = ""
    except DeviceError as error:
        code = error.fault.code
    await visit.note("claim.slip", number=number, code=code)

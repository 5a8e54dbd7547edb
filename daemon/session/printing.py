"""One 通 on its way through the printer: its job, what an attendant must do, and how it ended.

Each 通 ends as delivered, void or in doubt, in the journal before anything else happens. A jam makes it void
at once: its job is cancelled before the jam is cleared, so that nothing of its number comes out afterwards.
A document is sent a second time only if the printer itself says that nothing of it is on paper. Its bytes are
compared with the seal's hash as they go out (P7); on a mismatch nothing goes (P8).
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from daemon.issuance.messages import CopyOutcome, SealedCopy
from daemon.issuance.order import Mismatch
from daemon.session import screens
from daemon.session.cases import case_record
from daemon.session.entries import Record
from daemon.session.purchase import report_mismatch
from daemon.session.visit import Visit
from daemon.session.widgets import Screen
from hal.contracts import DocumentChanged, JobState, JobStatus, PrintJob
from hal.faults import PRINTER_JAM, PRINTER_UNKNOWN, DeviceError, Fault

SENDS = 2
LOOK_SECONDS = 1.0


@dataclass(frozen=True)
class Printed:
    """How a 通 ended. again: it jammed, and the printer is ready once more in time for a re-issue."""

    outcome: CopyOutcome
    again: bool = False


@dataclass(frozen=True)
class _End:
    """Of one job. broken: its document was sent over a line that broke. jammed: when it jammed."""

    status: JobStatus
    broken: bool = False
    jammed: float | None = None


async def print_copy(
    visit: Visit, order: str, copy: SealedCopy, pdf: bytearray, progress: Callable[[int], Screen]
) -> Printed:
    """progress: the screen while so many sheets of it are out."""
    await visit.note("print.started", order=order, number=copy.number)
    try:
        end = await _sent(visit, copy, bytes(pdf), progress)
    except Mismatch as mismatch:
        await report_mismatch(visit, order, mismatch)
        return Printed(await _failed(visit, copy, "mismatch"))
    except DeviceError as error:
        return Printed(await _failed(visit, copy, error.fault.code))
    outcome = await _outcome(visit, copy, end)
    if end.jammed is None or outcome is not CopyOutcome.VOID:
        return Printed(outcome)
    return Printed(outcome, await _ready(visit, len(copy.sheets), end.jammed))


async def _sent(visit: Visit, copy: SealedCopy, document: bytes, progress: Callable[[int], Screen]) -> _End:
    """Raises Mismatch, DeviceError (no job could be made): nothing was printed."""
    for _ in range(SENDS):
        end = await _one_job(visit, copy, document, progress)
        if not (end.broken and end.status.untouched):
            break
    return end


async def _one_job(
    visit: Visit, copy: SealedCopy, document: bytes, progress: Callable[[int], Screen]
) -> _End:
    printer = visit.kiosk.devices.document
    job = await printer.create(copy.number)
    await visit.note(
        "print.job",
        number=copy.number,
        printer=job.printer,
        job=job.job,
        uptime=job.uptime,
        sheets=len(copy.sheets),
    )
    try:
        await printer.send(job, document, copy.sha256)
    except DocumentChanged:
        await _cancel(visit, job)
        raise Mismatch("P7", "the bytes for the printer are not those that were sealed") from None
    except DeviceError:
        return _End(await _cancel(visit, job), broken=True)
    return await _watch(visit, job, progress)


async def _watch(visit: Visit, job: PrintJob, progress: Callable[[int], Screen]) -> _End:
    """Follows the job. While it waits for staff the citizen is told; a jam or five minutes cancel it."""
    status = JobStatus(JobState.PENDING, 0)
    clock = asyncio.get_running_loop().time
    moved_at = clock()
    try:
        async for status in visit.kiosk.devices.document.follow(job):
            if status.state is not JobState.WAITING:
                moved_at = clock()
                visit.desk.show(progress(status.sheets))
                continue
            visit.desk.show(screens.hold(visit.say))
            if _has_jam(status.faults):
                return await _clear_of_jam(visit, job, status)
            if clock() - moved_at > visit.kiosk.attendant_seconds:
                return _End(await _cancel(visit, job))
    except DeviceError:
        return _End(await _cancel(visit, job))
    return _End(status, jammed=clock() if _has_jam(status.faults) else None)


async def _clear_of_jam(visit: Visit, job: PrintJob, seen: JobStatus) -> _End:
    """The job's end, once somebody has taken the sheet out. Its 通 is suspect, however that was."""
    jammed = asyncio.get_running_loop().time()
    end = await _cancel(visit, job)
    if end.state is JobState.UNKNOWN:
        return _End(end, jammed=jammed)
    return _End(replace(end, state=JobState.CANCELED, faults=end.faults or seen.faults), jammed=jammed)


def _has_jam(faults: Sequence[Fault]) -> bool:
    return any(fault.code == PRINTER_JAM for fault in faults)


async def _ready(visit: Visit, sheets: int, jammed: float) -> bool:
    """Whether the printer can print again before five minutes have passed: later nobody may stand there."""
    clock = asyncio.get_running_loop().time
    while clock() - jammed <= visit.kiosk.attendant_seconds:
        if await _can_print(visit, sheets):
            return True
        visit.desk.show(screens.hold(visit.say))
        await asyncio.sleep(LOOK_SECONDS)
    return False


async def _can_print(visit: Visit, sheets: int) -> bool:
    try:
        return not await visit.kiosk.devices.document.check(sheets)
    except DeviceError:  # it may be switched off to get the sheet out
        return False


async def _cancel(visit: Visit, job: PrintJob) -> JobStatus:
    try:
        return await visit.kiosk.devices.document.cancel(job)
    except DeviceError:
        return JobStatus(JobState.UNKNOWN, 0)


async def _outcome(visit: Visit, copy: SealedCopy, end: _End) -> CopyOutcome:
    status = end.status
    if status.state is JobState.COMPLETED:
        await visit.note("print.done", number=copy.number, sheets=len(copy.sheets))
        return CopyOutcome.DELIVERED
    if status.state in (JobState.CANCELED, JobState.ABORTED):
        reason = status.faults[0].code if status.faults else status.state.value
        if end.jammed is not None:
            return await _failed(visit, copy, PRINTER_JAM, suspect=True)
        return await _failed(visit, copy, reason, suspect=not status.untouched or status.sheets > 0)
    await visit.open_case("in-doubt", copy.number, PRINTER_UNKNOWN)
    return CopyOutcome.IN_DOUBT


async def _failed(visit: Visit, copy: SealedCopy, reason: str, suspect: bool = False) -> CopyOutcome:
    """Void. suspect: sheets of it may have come out; staff must take them away and shred them (P13).

    A jam always is: somebody took a sheet out, and a printer that does not count says none came out.
    """
    records = [Record("print.failed", visit.id, {"number": copy.number, "reason": reason})]
    if suspect:
        records.append(case_record("void-sheets", copy.number, visit.id))
    await visit.kiosk.journal.write_all(records)
    return CopyOutcome.VOID

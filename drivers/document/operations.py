"""What the kiosk says to a printer, and how it reads the state of a job. No I/O.

Rule: a job carries the certificate number and nothing else about anybody; every job asks for A4, both
sides, one copy, and with fidelity, so a printer that cannot do it refuses instead of printing otherwise.
"""

from collections.abc import Iterable

from drivers.document.attributes import (
    BOOLEAN,
    INTEGER,
    JOB_GROUP,
    KEYWORD,
    MIME_TYPE,
    NAME,
    URI,
    Attribute,
    Group,
    Message,
    attribute,
    message,
)
from drivers.document.codes import (
    A4,
    CANCEL_JOB,
    CANCEL_MY_JOBS,
    CREATE_JOB,
    GET_JOB,
    GET_JOBS,
    GET_PRINTER,
    JOB_ABORTED,
    JOB_CANCELED,
    JOB_COMPLETED,
    JOB_HELD,
    JOB_PENDING,
    JOB_STOPPED,
    LONG_EDGE,
    PDF,
    SEND_DOCUMENT,
    VALIDATE_JOB,
)
from drivers.document.condition import ASKED, DEVICE, Condition
from hal.contracts import JobState, JobStatus
from hal.faults import PRINTER_STOPPED, PRINTER_UNKNOWN, Fault

USER = "kiosk"
JOB_ASKED = (
    "job-state",
    "job-state-reasons",
    "job-media-sheets-completed",
    "job-impressions-completed",
)
FINAL_STATES = {
    JOB_CANCELED: JobState.CANCELED,
    JOB_ABORTED: JobState.ABORTED,
    JOB_COMPLETED: JobState.COMPLETED,
}


class Requests:
    """Makes requests to one printer, numbered in order. uri: ``printer-uri`` of all of them."""

    def __init__(self, uri: str) -> None:
        self._uri = uri
        self._number = 0

    def printer(self, more: Iterable[str] = ()) -> Message:
        """Get-Printer-Attributes. more: attributes besides those that ``condition`` reads."""
        return self._make(GET_PRINTER, [attribute("requested-attributes", KEYWORD, *ASKED, *more)])

    def validate(self, options: Iterable[Attribute]) -> Message:
        """Validate-Job: would a certificate be accepted? options: as in ``Condition``."""
        format_ = attribute("document-format", MIME_TYPE, PDF)
        return self._make(VALIDATE_JOB, [_fidelity(), format_], _job(options))

    def create(self, name: str, options: Iterable[Attribute]) -> Message:
        """Create-Job. name: the certificate number. options: as in ``Condition``."""
        return self._make(CREATE_JOB, [attribute("job-name", NAME, name), _fidelity()], _job(options))

    def send(self, job: int, document: bytes) -> Message:
        """Send-Document, the last one."""
        operation = [attribute("document-format", MIME_TYPE, PDF), attribute("last-document", BOOLEAN, True)]
        return self._make(SEND_DOCUMENT, [*operation], job=job, data=document)

    def job(self, job: int) -> Message:
        """Get-Job-Attributes."""
        return self._make(GET_JOB, [attribute("requested-attributes", KEYWORD, *JOB_ASKED)], job=job)

    def cancel(self, job: int) -> Message:
        """Cancel-Job."""
        return self._make(CANCEL_JOB, job=job)

    def cancel_mine(self) -> Message:
        """Cancel-My-Jobs."""
        return self._make(CANCEL_MY_JOBS)

    def my_jobs(self) -> Message:
        """Get-Jobs: ours that have not ended."""
        wanted = ("job-id", "job-name", "job-originating-user-name")
        operation = [
            attribute("which-jobs", KEYWORD, "not-completed"),
            attribute("my-jobs", BOOLEAN, True),
            attribute("requested-attributes", KEYWORD, *wanted),
        ]
        return self._make(GET_JOBS, operation)

    def _make(
        self,
        code: int,
        operation: Iterable[Attribute] = (),
        groups: tuple[Group, ...] = (),
        job: int | None = None,
        data: bytes = b"",
    ) -> Message:
        self._number += 1
        target = [attribute("printer-uri", URI, self._uri)]
        if job is not None:
            target.append(attribute("job-id", INTEGER, job))
        who = attribute("requesting-user-name", NAME, USER)
        return message(code, self._number, [*target, who, *operation], groups, data)


def _fidelity() -> Attribute:
    return attribute("ipp-attribute-fidelity", BOOLEAN, True)


def _job(options: Iterable[Attribute]) -> tuple[Group]:
    wanted = [
        attribute("copies", INTEGER, 1),
        attribute("media", KEYWORD, A4),
        attribute("sides", KEYWORD, LONG_EDGE),
    ]
    return (Group(JOB_GROUP, [*wanted, *options]),)


def our_jobs(reply: Message, name: str = "") -> list[int]:
    """Job ids in the answer to Get-Jobs, without other users' if the printer ignores ``my-jobs``.

    name: only those of this name.
    """
    return [
        group.integer("job-id")
        for group in reply.all(JOB_GROUP)
        if group.text("job-originating-user-name", USER) == USER
        and (not name or group.text("job-name") == name)
    ]


def read_status(reply: Message, condition: Condition) -> JobStatus:
    """Reads the answer to Get-Job-Attributes, in the light of what the printer says of itself."""
    group = reply.group(JOB_GROUP)
    reasons = group.texts("job-state-reasons")
    state = group.integer("job-state")
    ended = FINAL_STATES.get(state)
    sheets = _sheets(group, ended is JobState.COMPLETED)
    if ended is None or "processing-to-stop-point" in reasons:
        return _unfinished(state, sheets, condition)
    if ended is JobState.COMPLETED and "job-completed-with-errors" in reasons:
        detail = "the printer says: completed with errors; compare the tray with the certificate's page count"
        return JobStatus(JobState.UNKNOWN, sheets, (Fault(PRINTER_UNKNOWN, DEVICE, detail),))
    if ended is JobState.COMPLETED:
        return JobStatus(ended, sheets)
    return JobStatus(ended, sheets, condition.stops, _is_untouched(group))


def _unfinished(state: int, sheets: int, condition: Condition) -> JobStatus:
    if condition.stops:
        return JobStatus(JobState.WAITING, sheets, condition.stops)
    if state == JOB_STOPPED:
        fault = Fault(
            PRINTER_STOPPED, DEVICE, "the job has stopped without a reason; see the printer's panel"
        )
        return JobStatus(JobState.WAITING, sheets, (fault,))
    return JobStatus(JobState.PENDING if state in (JOB_PENDING, JOB_HELD) else JobState.PRINTING, sheets)


def _sheets(group: Group, whole: bool) -> int:
    """Sheets completed. If it counts only impressions: two a sheet, and the last sheet may have one."""
    if group.ints("job-media-sheets-completed"):
        return group.integer("job-media-sheets-completed")
    return (group.integer("job-impressions-completed") + whole) // 2


def _is_untouched(group: Group) -> bool:
    """Whether it counts sides of paper, and counts none: half a sheet is a sheet, no count is no proof."""
    sides = group.ints("job-impressions-completed")
    return sides == [0] and not any(group.ints("job-media-sheets-completed"))

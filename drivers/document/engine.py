"""The mechanics of the virtual printer: paper in, sheets out, and everything that can go wrong between.

Rule: it moves paper only by the loop's clock and what its hands (a test, the bench) did; nothing is decided
by chance. One sheet is on its way at a time; while anything stands against it no further one is fed.
"""

import asyncio
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import pypdfium2

from drivers.document.codes import (
    JOB_ABORTED,
    JOB_CANCELED,
    JOB_COMPLETED,
    JOB_PENDING,
    JOB_PROCESSING,
    JOB_STOPPED,
)

REMEMBERED = 200
TRAY_CAPACITY = 250
LOW_PAPER = 20
BLOCKING = ("media-jam", "cover-open", "toner-empty", "paused")


@dataclass(frozen=True)
class Sheet:
    """A printed sheet. pages: of the document, front and (if there is one) back, from 0."""

    job: int
    name: str
    document: bytes
    pages: tuple[int, ...]


class Job:
    """A job and how far it is. sides: pages a sheet (2: both sides). state: as in IPP."""

    def __init__(self, number: int, name: str, sides: int, user: str) -> None:
        self.number = number
        self.name = name
        self.sides = sides
        self.user = user
        self.document = b""
        self.pages = 0
        self.printed = 0
        self.state = JOB_PENDING
        self.reasons: tuple[str, ...] = ("job-incoming",)
        self.canceling = False
        self.ended: float | None = None

    @property
    def sheets(self) -> int:
        """Sheets this job needs."""
        return -(-self.pages // self.sides)

    @property
    def impressions(self) -> int:
        """Pages that have come out."""
        return min(self.pages, self.printed * self.sides)

    def next_sheet(self) -> Sheet:
        first = self.printed * self.sides
        pages = tuple(range(first, min(first + self.sides, self.pages)))
        return Sheet(self.number, self.name, self.document, pages)


class Engine:
    """seconds_per_sheet 0: a sheet is out at once. on_sheet: told of each sheet that drops into the tray."""

    def __init__(self, paper: int, seconds_per_sheet: float, on_sheet: Callable[[Sheet], None]) -> None:
        self.paper = paper
        self.seconds_per_sheet = seconds_per_sheet
        self.on_sheet = on_sheet
        self.troubles: set[str] = set()
        self.tray: list[Sheet] = []
        self.came_out: deque[Sheet] = deque(maxlen=REMEMBERED)
        self.ruined: list[Sheet] = []
        self.printed: deque[Job] = deque(maxlen=REMEMBERED)
        self._job: Job | None = None
        self._feeding: asyncio.TimerHandle | None = None
        self._stuck = False
        self._jam_in: int | None = None

    @property
    def busy(self) -> bool:
        """Whether a job is being printed, or waits for somebody to help."""
        return self._job is not None

    @property
    def blocked(self) -> list[str]:
        """Reasons (IPP keywords) for which no sheet is fed."""
        found = [trouble for trouble in BLOCKING if trouble in self.troubles]
        return found if self.paper else [*found, "media-empty"]

    @property
    def reasons(self) -> list[str]:
        """Everything an attendant should know, as IPP keywords."""
        low = ["media-low"] if 0 < self.paper <= LOW_PAPER else []
        return self.blocked + low + (["toner-low"] if "toner-low" in self.troubles else [])

    # ------------------------------------------------------------ what the front end asks

    def print(self, job: Job, document: bytes) -> None:
        """Starts a job. A document that is no PDF aborts it."""
        job.document, job.pages = document, count_pages(document)
        self.printed.append(job)
        if not job.pages:
            self._end(job, JOB_ABORTED, "document-format-error")
            return
        job.state, job.reasons = JOB_PROCESSING, ("job-printing",)
        self._job = job
        self.go()

    def cancel(self, job: Job) -> None:
        """Ends a job; one that moves paper, or is jammed, ends when its sheet is out of the way."""
        job.canceling = True
        job.reasons = ("processing-to-stop-point",)
        if job is not self._job:
            self._end(job, JOB_CANCELED, "job-canceled-by-user")
        self.go()

    def go(self) -> None:
        """Goes on as far as it can: called after everything that may have changed."""
        while self._job is not None and self._feeding is None and not self._stuck:
            job = self._job
            if job.canceling:
                self._end(job, JOB_CANCELED, "job-canceled-by-user")
            elif job.printed == job.sheets:
                self._end(job, JOB_COMPLETED, "job-completed-successfully")
            elif self.blocked:
                job.state, job.reasons = JOB_STOPPED, ("printer-stopped",)
                return
            else:
                self._feed(job)

    def power_off(self) -> None:
        """What is in memory is gone: the sheet on its way stays in the machine."""
        if self._feeding is not None:
            self._feeding.cancel()
        self._feeding = self._job = None
        self._stuck = False

    # ------------------------------------------------------------ hands

    def jam(self, at_sheet: int) -> None:
        """The sheet that many feeds from now (1: the next one) gets stuck."""
        self._jam_in = at_sheet

    def clear_jam(self) -> None:
        """The stuck sheet is taken out (it lies in ``ruined``); the job prints it again, like real ones."""
        self._jam_in = None
        self._stuck = False
        self.troubles.discard("media-jam")
        self.go()

    # ------------------------------------------------------------ paper

    def _feed(self, job: Job) -> None:
        job.state, job.reasons = JOB_PROCESSING, ("job-printing",)
        if self.seconds_per_sheet <= 0:
            self._arrive(job)
            return
        loop = asyncio.get_running_loop()
        self._feeding = loop.call_later(self.seconds_per_sheet, self._arrive_and_go, job)

    def _arrive_and_go(self, job: Job) -> None:
        self._feeding = None
        self._arrive(job)
        self.go()

    def _arrive(self, job: Job) -> None:
        sheet = job.next_sheet()
        self.paper = max(0, self.paper - 1)
        if self._jams_now():
            self.ruined.append(sheet)
            job.state = JOB_STOPPED if not job.canceling else job.state
            return
        job.printed += 1
        self.tray.append(sheet)
        self.came_out.append(sheet)
        self.on_sheet(sheet)

    def _jams_now(self) -> bool:
        if self._jam_in is None:
            return False
        self._jam_in -= 1
        if self._jam_in > 0:
            return False
        self._jam_in = None
        self._stuck = True
        self.troubles.add("media-jam")
        return True

    def _end(self, job: Job, state: int, reason: str) -> None:
        job.state, job.reasons = state, (reason,)
        job.ended = asyncio.get_running_loop().time()
        if job is self._job:
            self._job = None


def count_pages(document: bytes) -> int:
    """0: not a PDF that can be printed."""
    try:
        pdf = pypdfium2.PdfDocument(document)
    except pypdfium2.PdfiumError:
        return 0
    try:
        return len(pdf)
    finally:
        pdf.close()

"""The virtual printer's side of IPP: requests in, answers out, as RFC 8011 and real printers have it.

Rule: one job at a time, the next is refused as busy; ended jobs are forgotten after a minute; what it does
not support is refused if the client asks for fidelity, else left out and said so.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence

from drivers.document import codes
from drivers.document.attributes import (
    BOOLEAN,
    ENUM,
    INTEGER,
    JOB_GROUP,
    KEYWORD,
    MIME_TYPE,
    NAME,
    OCTETS,
    OPERATION_GROUP,
    PRINTER_GROUP,
    UNSUPPORTED_GROUP,
    URI,
    Attribute,
    Group,
    Message,
    attribute,
    message,
)
from drivers.document.description import COLOUR, RESOLUTIONS, SCALING, SIDES, description
from drivers.document.engine import TRAY_CAPACITY, Engine, Job

FORGET_SECONDS = 60.0
SUBSTITUTED = 0x0001
SUPPORTED: Mapping[str, Sequence[object]] = {
    "sides": SIDES,
    "media": (codes.A4,),
    "print-scaling": SCALING,
    "print-color-mode": COLOUR,
    "printer-resolution": RESOLUTIONS,
}
ENDED = (codes.JOB_CANCELED, codes.JOB_ABORTED, codes.JOB_COMPLETED)


class FrontEnd:
    """accepting: whether it takes jobs. counting: whether it tells how many sheets there are.

    asleep: whether it says nothing of its state until it is asked for a job. formats: what it can print.
    wishes: the attributes of the newest job. one_sided: whether it refuses both sides, whatever it lists.
    """

    def __init__(self, engine: Engine, uuid: str) -> None:
        self.accepting = self.counting = True
        self.asleep = self.one_sided = False
        self.wishes: list[Attribute] = []
        self.formats = (codes.PDF,)
        self._engine = engine
        self._uuid = uuid
        self._jobs: dict[int, Job] = {}
        self._next = 1
        self._started: float | None = None
        self._operations: dict[int, Callable[[Message, Group], Message]] = {
            codes.VALIDATE_JOB: self._validate,
            codes.CREATE_JOB: self._create,
            codes.SEND_DOCUMENT: self._send,
            codes.CANCEL_JOB: self._cancel,
            codes.GET_JOB: self._get_job,
            codes.GET_JOBS: self._get_jobs,
            codes.GET_PRINTER: self._get_printer,
            codes.CANCEL_MY_JOBS: self._cancel_mine,
        }

    def answer(self, request: Message) -> Message:
        """The response to a request, in the request's version of IPP (RFC 8011 §4.1.8)."""
        response = self._answer(request)
        if response.code != codes.VERSION_UNSUPPORTED:
            response.version = request.version
        return response

    def _answer(self, request: Message) -> Message:
        self._forget()
        if request.version[0] not in (1, 2):
            return message(codes.VERSION_UNSUPPORTED, request.request)
        operation = request.group(OPERATION_GROUP)
        if not _is_proper(operation):
            return message(codes.BAD_REQUEST, request.request)
        handler = self._operations.get(request.code)
        if handler is None:
            return message(codes.OPERATION_UNSUPPORTED, request.request)
        return handler(request, operation)

    def restart(self) -> None:
        """As after a power loss: no job is known, job ids and up-time start again."""
        self._jobs.clear()
        self._next = 1
        self._started = None

    # ------------------------------------------------------------ operations

    def _get_printer(self, request: Message, operation: Group) -> Message:
        wanted = set(operation.texts("requested-attributes")) or {"all"}
        every = self._attributes(operation.text("printer-uri"))
        found = [item for item in every if item.name in wanted or "all" in wanted]
        return message(codes.OK, request.request, groups=[Group(PRINTER_GROUP, found)])

    def _validate(self, request: Message, operation: Group) -> Message:
        self.asleep = False
        if not self.accepting:
            return message(codes.NOT_ACCEPTING, request.request)
        if operation.text("document-format", codes.PDF) not in self.formats:
            return message(codes.FORMAT_REFUSED, request.request)
        unsupported = [item for item in request.group(JOB_GROUP).attributes if not self._is_supported(item)]
        if not unsupported:
            return message(codes.OK, request.request)
        strict = operation.boolean("ipp-attribute-fidelity", False)
        status = codes.VALUES_REFUSED if strict else SUBSTITUTED
        return message(status, request.request, groups=[Group(UNSUPPORTED_GROUP, unsupported)])

    def _create(self, request: Message, operation: Group) -> Message:
        verdict = self._validate(request, operation)
        if not verdict.succeeded:
            return verdict
        if any(job.state not in ENDED for job in self._jobs.values()):
            return message(codes.BUSY, request.request)
        sides = request.group(JOB_GROUP).text("sides", "one-sided")
        job = Job(
            number=self._next,
            name=operation.text("job-name"),
            sides=1 if sides == "one-sided" else 2,
            user=operation.text("requesting-user-name"),
        )
        self._next += 1
        self.wishes = request.group(JOB_GROUP).attributes
        self._jobs[job.number] = job
        return self._about(request, job)

    def _send(self, request: Message, operation: Group) -> Message:
        job = self._find(operation)
        if job is None:
            return message(codes.NOT_FOUND, request.request)
        if job.state in ENDED or job.document:
            return message(codes.NOT_POSSIBLE, request.request)
        if operation.text("document-format", codes.PDF) not in self.formats:
            return message(codes.FORMAT_REFUSED, request.request)
        self._engine.print(job, request.data)
        return self._about(request, job)

    def _get_job(self, request: Message, operation: Group) -> Message:
        job = self._find(operation)
        return self._about(request, job) if job else message(codes.NOT_FOUND, request.request)

    def _get_jobs(self, request: Message, operation: Group) -> Message:
        ended = operation.text("which-jobs", "not-completed") == "completed"
        user = operation.text("requesting-user-name")
        mine = operation.boolean("my-jobs", False)
        found = [job for job in self._jobs.values() if (job.state in ENDED) == ended]
        uri = operation.text("printer-uri")
        shown = [_job_group(job, uri) for job in found if not mine or job.user == user]
        return message(codes.OK, request.request, groups=shown)

    def _cancel(self, request: Message, operation: Group) -> Message:
        job = self._find(operation)
        if job is None:
            return message(codes.NOT_FOUND, request.request)
        if job.state in ENDED or job.canceling:
            return message(codes.NOT_POSSIBLE, request.request)
        self._engine.cancel(job)
        return message(codes.OK, request.request)

    def _cancel_mine(self, request: Message, operation: Group) -> Message:
        user = operation.text("requesting-user-name")
        for job in self._jobs.values():
            if job.user == user and job.state not in ENDED and not job.canceling:
                self._engine.cancel(job)
        return message(codes.OK, request.request)

    def _is_supported(self, item: Attribute) -> bool:
        values = [value.data for value in item.values]
        if item.name == "copies":
            return values == [1]
        if item.name == "sides" and self.one_sided:
            return values == ["one-sided"]
        return all(value in SUPPORTED.get(item.name, ()) for value in values)

    # ------------------------------------------------------------ what it says of itself

    def _find(self, operation: Group) -> Job | None:
        return self._jobs.get(operation.integer("job-id"))

    def _about(self, request: Message, job: Job) -> Message:
        uri = request.group(OPERATION_GROUP).text("printer-uri")
        return message(codes.OK, request.request, groups=[_job_group(job, uri)])

    def _forget(self) -> None:
        now = asyncio.get_running_loop().time()
        ended = [n for n, job in self._jobs.items() if job.ended is not None]
        for number in ended:
            if now - (self._jobs[number].ended or now) > FORGET_SECONDS:
                del self._jobs[number]

    def _uptime(self) -> int:
        now = asyncio.get_running_loop().time()
        if self._started is None:
            self._started = now
        return int(now - self._started) + 1

    def _state(self) -> int:
        if self.asleep:
            return codes.PRINTER_IDLE
        if self._engine.blocked and (self._engine.busy or self._engine.troubles & {"paused", "media-jam"}):
            return codes.PRINTER_STOPPED
        return codes.PRINTER_PROCESSING if self._engine.busy else codes.PRINTER_IDLE

    def _reasons(self) -> list[str]:
        if self.asleep:
            return ["none"]
        blocked = self._engine.blocked
        severe = "-error" if self._state() == codes.PRINTER_STOPPED else "-report"
        return [r + (severe if r in blocked else "-warning") for r in self._engine.reasons] or ["none"]

    def _attributes(self, uri: str) -> list[Attribute]:
        """uri: as the client wrote it."""
        return [
            *description(uri, self._uuid),
            attribute("printer-up-time", INTEGER, self._uptime()),
            attribute("printer-state", ENUM, self._state()),
            attribute("printer-state-reasons", KEYWORD, *self._reasons()),
            attribute("printer-is-accepting-jobs", BOOLEAN, self.accepting),
            attribute("queued-job-count", INTEGER, int(self._engine.busy)),
            attribute("operations-supported", ENUM, *self._operations),
            attribute("document-format-supported", MIME_TYPE, *self.formats),
            attribute("job-creation-attributes-supported", KEYWORD, "copies", *SUPPORTED),
            attribute("printer-input-tray", OCTETS, self._tray()),
        ]

    def _tray(self) -> bytes:
        """PWG 5100.13 §5.6.13."""
        kind = "type=sheetFeedAutoRemovableTray;mediafeed=0;mediaxfeed=0"
        count = f"maxcapacity={TRAY_CAPACITY};level={self._engine.paper if self.counting else -2}"
        return f"{kind};{count};status=0;name=main;".encode()


def _is_proper(operation: Group) -> bool:
    first = [item.name for item in operation.attributes[:2]]
    return first == ["attributes-charset", "attributes-natural-language"] and bool(
        operation.text("printer-uri")
    )


def _job_group(job: Job, uri: str) -> Group:
    """uri: of the printer, as the client wrote it."""
    found = [
        attribute("job-uri", URI, f"{uri}/{job.number}"),
        attribute("job-id", INTEGER, job.number),
        attribute("job-name", NAME, job.name),
        attribute("job-originating-user-name", NAME, job.user),
        attribute("job-state", ENUM, job.state),
        attribute("job-state-reasons", KEYWORD, *job.reasons),
        attribute("job-media-sheets-completed", INTEGER, job.printed),
        attribute("job-impressions-completed", INTEGER, job.impressions),
    ]
    return Group(JOB_GROUP, found)

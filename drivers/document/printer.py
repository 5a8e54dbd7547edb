"""Prints certificates on an IPP printer: one job per 通, straight from memory, nothing spooled on disk.

Rule: never print twice, never call printed what may not be. A document is sent once; what happened to it
is the printer's word, and where the printer has no word (it forgot, restarted, was replaced) the outcome
is UNKNOWN.
"""

import asyncio
import hashlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable

import msgspec

from drivers.document.attributes import JOB_GROUP, Attribute, IppError, Message
from drivers.document.codes import BUSY, FORMAT_REFUSED, NOT_FOUND, NOT_POSSIBLE, VALUES_REFUSED, status_name
from drivers.document.condition import DEVICE, Condition, read_condition
from drivers.document.ipp import decode, encode
from drivers.document.operations import Requests, our_jobs, read_status
from drivers.document.transport import ExchangeFailed, HttpExchange, Untrusted
from drivers.document.watch import Watch
from hal import faults
from hal.contracts import FINAL, DocumentChanged, Emit, JobState, JobStatus, PrintJob
from hal.events import DeviceChanged
from hal.faults import DeviceError, Fault

log = logging.getLogger(__name__)

ANSWER_SECONDS = 10.0
SEND_SECONDS = 120.0
BUSY_SECONDS = 30.0
GIVE_UP_SECONDS = 30.0

Exchange = Callable[[bytes], Awaitable[bytes]]


class NoAnswer(DeviceError):
    """The printer has not answered; whether it heard the question is not known."""


class IppSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """uri: ``ipp://host:port/ipp/print`` or ``ipps://…``. fingerprint: SHA-256 of its certificate, hex.

    poll_seconds: between two looks at a job. look_seconds: between two looks at the printer.
    """

    uri: str
    fingerprint: str = ""
    poll_seconds: float = 0.5
    look_seconds: float = 5.0


class IppPrinter:
    """hal.contracts.DocumentPrinter. exchange: instead of HTTP; raises OSError if there is no answer."""

    Settings = IppSettings

    def __init__(self, settings: IppSettings, exchange: Exchange | None = None) -> None:
        self._settings = settings
        self._exchange = exchange or HttpExchange(settings.uri, settings.fingerprint)
        self._requests = Requests(settings.uri)
        self._model = ""
        self._counts_sheets: bool | None = None
        self._options: tuple[Attribute, ...] | None = None

    @property
    def counts_sheets(self) -> bool | None:
        """By its last answer."""
        return self._counts_sheets

    @property
    def virtual(self) -> bool:
        """By the printer's own word; False until it has been reached once."""
        return "Virtual" in self._model

    async def run(self, emit: Emit) -> None:
        """Looks at the printer now and again and tells what changed."""
        told: list[Fault | None] = []
        while True:
            fault = await self._worst()
            if told != [fault]:
                told = [fault]
                log.info("printer: %s", fault or "ready")
                emit(DeviceChanged(DEVICE, fault))
            await asyncio.sleep(self._settings.look_seconds)

    async def check(self, sheets: int) -> tuple[Fault, ...]:
        """Validate-Job first: it also wakes a printer that reports no faults in its sleep."""
        options = (await self._look()).options if self._options is None else self._options
        refusal = await self.would_refuse(options)
        found = (await self._look()).obstacles(sheets)
        return found or ((refusal,) if refusal else ())

    async def would_refuse(self, options: Iterable[Attribute]) -> Fault | None:
        """Validate-Job: makes no job. options: as in ``Condition``. Raises DeviceError."""
        verdict = await self._ask(self._requests.validate(options))
        return None if verdict.succeeded else _refusal(verdict)

    async def create(self, name: str) -> PrintJob:
        """A job without its document. Raises DeviceError (then nothing will be printed)."""
        condition = await self._look()
        try:
            job = await self._create(name, condition)
        except NoAnswer:
            job = await self._by_name(name) or await self._create(name, condition)
        return PrintJob(condition.printer, job, condition.uptime)

    async def _create(self, name: str, condition: Condition) -> int:
        reply = await self._ask_until_free(self._requests.create(name, condition.options))
        job = reply.group(JOB_GROUP).integer("job-id")
        if not reply.succeeded or not job:
            raise DeviceError(_refusal(reply))
        return job

    async def _by_name(self, name: str) -> int | None:
        """The job whose making was not answered, if it was made: its name is a number given once for ever."""
        reply = await self._ask_patiently(self._requests.my_jobs())
        return next(iter(our_jobs(reply, name)), None)

    async def send(self, job: PrintJob, document: bytes, sha256: str) -> None:
        """Once. If the connection breaks midway a part may still be printed: the outcome is unknown."""
        request = self._requests.send(job.job, document)
        body = encode(request)
        if hashlib.sha256(memoryview(body)[len(body) - len(document) :]).hexdigest() != sha256:
            raise DocumentChanged
        try:
            reply = await self._exchanged(request, body, SEND_SECONDS)
        except DeviceError as error:
            detail = f"job {job.job}: no answer to its document; look into the tray ({error.fault.detail})"
            raise DeviceError(Fault(faults.PRINTER_UNKNOWN, DEVICE, detail)) from error
        if not reply.succeeded:
            raise DeviceError(_refusal(reply))

    async def follow(self, job: PrintJob) -> AsyncIterator[JobStatus]:
        """Each change; while WAITING also every five seconds. Out of reach is WAITING: it may come back."""
        async for status in self._watch(job, None):
            yield status

    async def cancel(self, job: PrintJob) -> JobStatus:
        """Waits until the last sheet has stopped. Raises DeviceError: out of reach for half a minute."""
        if await self._is_same(job):
            await self._ask_patiently(self._requests.cancel(job.job))
        status = JobStatus(JobState.PENDING, 0)
        async for status in self._watch(job, GIVE_UP_SECONDS):
            log.info("job %d is being cancelled: %s", job.job, status.state.value)
        return status

    async def cancel_all(self) -> None:
        """Cancel-My-Jobs, or one by one where the printer lacks it; returns when none of ours is left."""
        reply = await self._ask_patiently(self._requests.cancel_mine())
        if not reply.succeeded and reply.code != NOT_POSSIBLE:
            for job in await self._my_jobs():
                await self._ask_patiently(self._requests.cancel(job))
        while await self._my_jobs():  # noqa: ASYNC110 (only the printer knows)
            await asyncio.sleep(self._settings.poll_seconds)

    # ------------------------------------------------------------ looking

    async def _worst(self) -> Fault | None:
        try:
            return (await self._look()).worst
        except DeviceError as error:
            return error.fault

    async def describe(self, more: Iterable[str] = ()) -> Message:
        """Get-Printer-Attributes: what the printer says of itself. Raises DeviceError.

        more: attributes besides those that ``condition`` reads.
        """
        reply = await self._ask(self._requests.printer(more))
        if not reply.succeeded:
            raise DeviceError(_refusal(reply))
        return reply

    async def _look(self) -> Condition:
        condition = read_condition(await self.describe(), self._settings.uri)
        self._model, self._counts_sheets = condition.model, condition.sheets is not None
        self._options = condition.options
        return condition

    async def _is_same(self, job: PrintJob) -> bool:
        """Whether job ids still mean what they meant when this job was made."""
        reply = await self._ask_patiently(self._requests.printer())
        return not _restarted(read_condition(reply, self._settings.uri), job, job.uptime)

    async def _my_jobs(self) -> list[int]:
        reply = await self._ask_patiently(self._requests.my_jobs())
        return our_jobs(reply)

    async def _watch(self, job: PrintJob, give_up: float | None) -> AsyncIterator[JobStatus]:
        """give_up: seconds out of reach until DeviceError; None: never."""
        watch = Watch(job)
        while watch.last is None or watch.last.state not in FINAL:
            try:
                status = await self._status(watch)
            except DeviceError as error:
                status = watch.out_of_reach(error, give_up)
            if watch.is_news(status):
                yield status
            if status.state not in FINAL:
                await asyncio.sleep(self._settings.poll_seconds)

    async def _status(self, watch: Watch) -> JobStatus:
        condition = await self._look()
        if _restarted(condition, watch.job, watch.uptime):
            return await self._lost(watch, "the printer has restarted or is another one")
        reply = await self._ask(self._requests.job(watch.job.job))
        if reply.code == NOT_FOUND:
            return await self._lost(watch, "the printer has forgotten the job")
        if not reply.succeeded:
            raise DeviceError(_refusal(reply))
        watch.heard(condition.uptime)
        return read_status(reply, condition)

    async def _lost(self, watch: Watch, reason: str) -> JobStatus:
        """UNKNOWN; and whatever the printer may still hold of ours on a disk is withdrawn."""
        try:
            await self._ask(self._requests.cancel_mine())
        except DeviceError as error:
            log.warning("job %d: nothing could be withdrawn: %s", watch.job.job, error)
        detail = f"job {watch.job.job}: {reason}; look into the tray"
        sheets = watch.last.sheets if watch.last else 0
        return JobStatus(JobState.UNKNOWN, sheets, (Fault(faults.PRINTER_UNKNOWN, DEVICE, detail),))

    # ------------------------------------------------------------ asking

    async def _ask(self, request: Message, seconds: float = ANSWER_SECONDS) -> Message:
        """One request, one try. Raises NoAnswer."""
        return await self._exchanged(request, encode(request), seconds)

    async def _exchanged(self, request: Message, body: bytes, seconds: float) -> Message:
        """body: the very bytes that go out."""
        try:
            async with asyncio.timeout(seconds):
                reply = decode(await self._exchange(body))
        except Untrusted as error:
            raise NoAnswer(Fault(faults.PRINTER_UNREACHABLE, DEVICE, str(error))) from error
        except ExchangeFailed as error:
            raise NoAnswer(_unreachable(str(error))) from error
        except (OSError, IppError) as error:
            raise NoAnswer(_unreachable(type(error).__name__)) from error
        if reply.request != request.request:
            raise NoAnswer(_unreachable("an answer to another request"))
        return reply

    async def _ask_patiently(self, request: Message) -> Message:
        """For requests that may be repeated. Raises DeviceError after half a minute without an answer."""
        clock = asyncio.get_running_loop().time
        end = clock() + GIVE_UP_SECONDS
        while True:
            try:
                return await self._ask(request)
            except DeviceError:
                if clock() > end:
                    raise
            await asyncio.sleep(self._settings.poll_seconds)

    async def _ask_until_free(self, request: Message) -> Message:
        """A refused request may be repeated: real printers say busy while the last job's paper moves."""
        clock = asyncio.get_running_loop().time
        end = clock() + BUSY_SECONDS
        while (reply := await self._ask(request)).code == BUSY and clock() < end:  # noqa: ASYNC110
            await asyncio.sleep(self._settings.poll_seconds)
        return reply


def _restarted(condition: Condition, job: PrintJob, uptime: int) -> bool:
    return condition.printer != job.printer or condition.uptime < uptime


def _unreachable(reason: str) -> Fault:
    return Fault(faults.PRINTER_UNREACHABLE, DEVICE, f"{reason}; check its power and network cable")


def _refusal(reply: Message) -> Fault:
    unsuitable = reply.code in (VALUES_REFUSED, FORMAT_REFUSED)
    code = faults.PRINTER_UNSUITABLE if unsuitable else faults.PRINTER_REFUSES
    return Fault(code, DEVICE, f"it answers {status_name(reply.code)}")

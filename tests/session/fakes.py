"""Devices that do as a test tells them, without any wire: for tests of what stands above them.

The rule they keep: they honour the contracts of ``hal.contracts`` and hold no logic of their own beyond
that. The cash vendor is in ``fake_vendor``.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass, field

from daemon.issuance.messages import (
    CenterDown,
    CenterStatus,
    Challenge,
    CopyOutcome,
    Entitlement,
    OrderRequest,
    Purpose,
    Reason,
    Refusal,
    Refused,
    Registration,
    RegistrationRequest,
    ReissueRequest,
    SealedOrder,
)
from hal.contracts import (
    CardReading,
    DocumentChanged,
    Emit,
    JobState,
    JobStatus,
    Lamp,
    Line,
    PinUnsure,
    PrintJob,
    Signed,
    WrongPin,
)
from hal.faults import PRINTER_UNKNOWN, PRINTER_UNREACHABLE, RECEIPT_PAPER_OUT, DeviceError, Fault


async def for_ever(emit: Emit) -> None:
    """A pump with nothing to report."""
    await asyncio.get_running_loop().create_future()


class FakePrinter:
    """Ends each job as ``ends`` says, in order; without a word: completed.

    progress: what every job goes through before, a second each. fails: methods that find no printer.
    breaks: so many documents break off on their way. cleared: how often all jobs were cancelled.
    """

    virtual = True
    counts_sheets: bool | None = True

    def __init__(self, *ends: JobStatus) -> None:
        self.breaks = 0
        self.ends = list(ends)
        self.progress = [JobStatus(JobState.PRINTING, 0)]
        self.fails: set[str] = set()
        self.cleared = 0
        self.faults: tuple[Fault, ...] = ()
        self.names: list[str] = []
        self.documents: list[bytes] = []
        self.canceled: list[PrintJob] = []

    run = staticmethod(for_ever)

    async def check(self, sheets: int) -> tuple[Fault, ...]:
        return self.faults

    async def create(self, name: str) -> PrintJob:
        self._reach("create")
        self.names.append(name)
        return PrintJob("urn:uuid:fake", len(self.names), 1)

    async def send(self, job: PrintJob, document: bytes, sha256: str) -> None:
        self._reach("send")
        if hashlib.sha256(document).hexdigest() != sha256:
            raise DocumentChanged
        if self.breaks:
            self.breaks -= 1
            raise DeviceError(Fault(PRINTER_UNKNOWN, "document", "send"))
        self.documents.append(document)

    async def follow(self, job: PrintJob) -> AsyncIterator[JobStatus]:
        for status in self.progress:
            await asyncio.sleep(1)
            yield status
        self._reach("follow")
        yield self._end()

    async def cancel(self, job: PrintJob) -> JobStatus:
        self._reach("cancel")
        self.canceled.append(job)
        return self._end()

    async def cancel_all(self) -> None:
        self._reach("cancel_all")
        self.cleared += 1

    def _reach(self, method: str) -> None:
        if method in self.fails:
            raise DeviceError(Fault(PRINTER_UNREACHABLE, "document", method))

    def _end(self) -> JobStatus:
        return self.ends.pop(0) if self.ends else JobStatus(JobState.COMPLETED, 1)


class FakeReader:
    """Reads ``reading`` and answers PINs with ``answers`` in order."""

    virtual = True

    def __init__(
        self, reading: CardReading, *answers: Signed | WrongPin | PinUnsure, present: bool = False
    ) -> None:
        self.reading = reading
        self.answers = list(answers)
        self.card_present: bool | None = present

    run = staticmethod(for_ever)

    async def read(self) -> CardReading:
        return self.reading

    async def authenticate(
        self, certificate: bytes, pin: bytearray, message: bytes
    ) -> Signed | WrongPin | PinUnsure:
        pin[:] = bytes(len(pin))
        return self.answers.pop(0)


class FakeReceipt:
    """Keeps what it printed. empty: it has no paper."""

    virtual = True

    def __init__(self) -> None:
        self.printed: list[tuple[Line, ...]] = []
        self.empty = False

    run = staticmethod(for_ever)

    async def print(self, lines: Sequence[Line]) -> None:
        if self.empty:
            raise DeviceError(Fault(RECEIPT_PAPER_OUT, "receipt"))
        self.printed.append(tuple(lines))


@dataclass
class FakeCabinet:
    """lamps: those that are lit."""

    has_tray_sensor: bool = True
    paper_in_tray: bool | None = False
    virtual: bool = True
    lamps: set[Lamp] = field(default_factory=set)

    run = staticmethod(for_ever)

    def lamp(self, name: Lamp, on: bool) -> None:
        (self.lamps.add if on else self.lamps.discard)(name)


class FakeLine:
    """A center that is away, or whose answers a test has put in place.

    told: ends of orders it was told. unknown: orders it has never heard of. purposes: what cards were for.
    refusal: what it says to a card or a registration instead of yes. registered: the applications it took.
    """

    def __init__(self, entitlement: Entitlement | None = None) -> None:
        self.entitlement = entitlement
        self.down = entitlement is None
        self.told: dict[str, dict[str, CopyOutcome]] = {}
        self.unknown: set[str] = set()
        self.purposes: list[Purpose] = []
        self.refusal: Refusal | None = None
        self.registered: list[RegistrationRequest] = []

    async def status(self) -> CenterStatus:
        raise CenterDown("the fake center")

    async def precheck(self, serial: str) -> None:
        self._check()

    async def challenge(self, session: str) -> Challenge:
        raise CenterDown("the fake center")

    async def authenticate(
        self, session: str, nonce: bytes, certificate: bytes, signature: bytes, purpose: Purpose
    ) -> Entitlement:
        self.purposes.append(purpose)
        return self._check()

    async def register(self, request: RegistrationRequest) -> Registration:
        entitlement = self._check()
        self.registered.append(request)
        days = entitlement.registration_days
        return Registration(request.registration, entitlement.municipality, days, "2026-04-06")

    async def order(self, request: OrderRequest) -> SealedOrder:
        raise CenterDown("the fake center")

    async def reissue(self, request: ReissueRequest) -> SealedOrder:
        raise CenterDown("the fake center")

    async def cancel(self, order: str) -> None:
        await self.close(order, {})

    async def close(self, order: str, outcomes: dict[str, CopyOutcome]) -> None:
        if self.down:
            raise CenterDown("the fake center")
        if order in self.unknown:
            raise Refused(Refusal(Reason.BAD_REQUEST))
        self.told[order] = outcomes

    def _check(self) -> Entitlement:
        if self.down or self.entitlement is None:
            raise CenterDown("the fake center")
        if self.refusal is not None:
            raise Refused(self.refusal)
        return self.entitlement

"""The contract of each device: what the daemon may ask, and what it is told.

A driver never imports the daemon. It gets an ``Emit`` to report events with, and (cash only) a
``CashBook`` to write money down in before anybody hears of it. Every driver has ``run``: a pump that the
supervisor owns, that connects, watches, reports ``DeviceChanged`` and re-connects for ever, and that
ends only by cancellation, leaving nothing open. Commands raise ``DeviceError``.
"""

from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Literal, Protocol

from hal.events import Event
from hal.faults import Fault

Emit = Callable[[Event], None]


class Device(Protocol):
    """What every driver offers the supervisor."""

    @property
    def virtual(self) -> bool:
        """Whether a simulator answers, by its own word or by configuration (then 見本 is printed)."""

    async def run(self, emit: Emit) -> None:
        """Connects, watches and reports until cancelled."""


# ---------------------------------------------------------------- survey


@dataclass(frozen=True)
class Finding:
    """One thing a survey found. facts: (label, value) in the order to tell them; no personal data.

    faults: what is wrong with it, worst first. news: what it reported since the look before, oldest first.
    """

    name: str
    facts: tuple[tuple[str, str], ...] = ()
    faults: tuple[Fault, ...] = ()
    news: tuple[str, ...] = ()


class Survey(Protocol):
    """The read-only side of a driver, for a technician: who is there, and how it is.

    It spends no try of a PIN and no coin, lets no money in, prints nothing and resets nothing. It takes its
    settings, a msgspec Struct named ``Settings``, as the driver does.
    """

    def looks(self) -> AsyncGenerator[tuple[Finding, ...], None]:
        """What is there: at once, then at every look until closed. What does not answer is a fault.

        Raises ValueError: an address that cannot be one.
        """


# ---------------------------------------------------------------- card reader


class TokenKind(Enum):
    """What lies on the reader, by the label of the JPKI application (never by ATR)."""

    MY_NUMBER_CARD = "my-number-card"
    RESIDENT_CARD = "juki-card"
    ANDROID = "android"
    IPHONE = "iphone"


PHONES = frozenset({TokenKind.ANDROID, TokenKind.IPHONE})


class CardProblem(Enum):
    """Why a card cannot be used; each leads to E1 (E3 for BLOCKED and NO_PIN).

    NO_PIN: no try is left and the card has no signature certificate, or it has no PIN file at all. So looks
    a 顔認証マイナンバーカード, which never had a PIN, but also a child's card whose PIN is locked.
    """

    NOT_MY_NUMBER = "not-a-my-number-card"
    NO_CERTIFICATE = "no-authentication-certificate"
    UNREADABLE = "unreadable"
    BLOCKED = "pin-blocked"
    NO_PIN = "no-pin"
    REMOVED = "removed"
    CHANGED = "another-card"


class CardError(Exception):
    """The card, not the reader, cannot do it. Carries no card data."""

    def __init__(self, problem: CardProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


@dataclass(frozen=True)
class CardReading:
    """What can be read without a PIN. certificate: DER of the user-authentication certificate, which can be
    parsed; empty for a phone, whose certificate is readable after the PIN only, and a 住民基本台帳カード.
    """

    kind: TokenKind
    certificate: bytes
    tries_left: int | None


@dataclass(frozen=True)
class Signed:
    """The PIN was right. signature: of the message by the key of this certificate (DER), as the card gave it:
    RSA PKCS #1 v1.5 with SHA-256, or ECDSA on P-384 with SHA-384, r and s in 48 bytes each.
    """

    signature: bytes
    certificate: bytes


@dataclass(frozen=True)
class WrongPin:
    """The PIN was wrong. tries_left 0: this entry locked it."""

    tries_left: int


@dataclass(frozen=True)
class PinUnsure:
    """The answer to VERIFY was lost; the try may be used up. Never resend by itself."""

    tries_left: int | None


class CardReader(Device, Protocol):
    """Emits CardPlaced, CardTaken, DeviceChanged."""

    @property
    def card_present(self) -> bool | None:
        """None: not known (no reader, or just started)."""

    async def read(self) -> CardReading:
        """Reads kind, certificate and tries left. Raises CardError, DeviceError."""

    async def authenticate(
        self, certificate: bytes, pin: bytearray, message: bytes
    ) -> Signed | WrongPin | PinUnsure:
        """Verifies the PIN and signs in one exclusive connection, then powers the card off.

        certificate: what ``read`` gave; another one on the card raises CardError(CHANGED).
        pin: four ASCII digits, zeroed before this returns. message: made by the kiosk; the driver hashes it
        as the card's key wants it. Raises CardError, DeviceError.
        """


# ---------------------------------------------------------------- cash vendor


@dataclass(frozen=True)
class CreditMark:
    """How far a device's event stream has been credited. device: its identity tuple as one string."""

    device: str
    epoch: int
    last: int
    seq: int


@dataclass(frozen=True)
class Credit:
    """One coin or bill, counted once for ever by (device, epoch, seq). value: yen."""

    device: str
    epoch: int
    seq: int
    value: int


@dataclass(frozen=True)
class PayoutIntent:
    """Written before a hopper turns. counter/events: headers 168 and 166 as read before."""

    payout: str
    hopper: str
    value: int
    coins: int
    counter: int
    events: int


@dataclass(frozen=True)
class PayoutOutcome:
    """What the hopper's own counter says afterwards. certain False: nobody can know; SUSPECT."""

    payout: str
    hopper: str
    value: int
    asked: int
    paid: int
    certain: bool


@dataclass(frozen=True)
class HopperStock:
    """A hopper that answers. hopper: its identity; counter: header 168; coins: its level by that counter."""

    hopper: str
    value: int
    counter: int
    coins: int


class CashBook(Protocol):
    """Where the cash driver writes money down, before it acts or reports. Each call returns after fsync."""

    async def mark(self, device: str) -> CreditMark | None:
        """The last mark of this device; None if never seen."""

    async def credit(self, mark: CreditMark, credits: Sequence[Credit]) -> Sequence[Credit]:
        """Commits mark and credits in one transaction; returns those that were new (a replay is a no-op)."""

    async def note(self, fault: Fault) -> None:
        """Records money evidence that is not a credit: lost events, a swallowed coin, a reset."""

    async def baseline(self, hopper: str, counter: int, loaded: int) -> tuple[int, int]:
        """(counter, coins) when it was last filled or counted; records (counter, loaded) for a new hopper."""

    async def intend(self, intent: PayoutIntent) -> None: ...

    async def settle(self, outcome: PayoutOutcome) -> None: ...

    async def unsettled(self) -> Sequence[PayoutIntent]:
        """Intents without an outcome (a crash in between)."""

    async def bill_held(self, device: str, value: int) -> None:
        """Intent to stack the bill in escrow."""


@dataclass(frozen=True)
class Payout:
    """What a payout brought. paid: coins by value. certain False: SUSPECT, the missing part is a claim."""

    paid: Mapping[int, int]
    certain: bool

    @property
    def total(self) -> int:
        return sum(value * coins for value, coins in self.paid.items())


class CashVendor(Device, Protocol):
    """Emits CashCredited, CashRejected, CashReturnPressed, BillHeld, DeviceChanged."""

    @property
    def denominations(self) -> frozenset[int]:
        """Values (yen) the devices can recognise."""

    @property
    def levels(self) -> Mapping[int, int]:
        """Coins that can be paid out now, by value, from the hoppers' own counters."""

    @property
    def held(self) -> int:
        """Yen of the bill that waits in escrow for ``decide``; 0: none."""

    async def accept(self, values: frozenset[int]) -> None:
        """Enables exactly these denominations; the empty set inhibits everything."""

    async def fix(self) -> None:
        """FixDeposit: inhibit, wait 1 s for coins in flight, drain; afterwards the book is complete."""

    async def decide(self, stack: bool) -> None:
        """Stacks or returns the bill in escrow."""

    async def pay_out(self, payout: str, coins: Mapping[int, int]) -> Payout:
        """Pays coins (value → number), one hopper after the other, each at most once.

        Raises DeviceError only if nothing was asked of any hopper.
        """

    async def stock(self) -> tuple[HopperStock, ...]:
        """Every hopper that answers, read now, from its starting point in the book as that is now.

        Not while a payment runs: waits for it.
        """

    async def recover(self) -> None:
        """Settles every unsettled intent of the book by the hoppers' counters. Before any reset."""


# ---------------------------------------------------------------- document printer


@dataclass(frozen=True)
class PrintJob:
    """Names one job for ever: printer-uuid, job-id, and printer-up-time when it was made."""

    printer: str
    job: int
    uptime: int


class JobState(Enum):
    """WAITING: an attendant is needed, the job goes on afterwards. UNKNOWN: the printer forgot the job."""

    PENDING = "pending"
    PRINTING = "printing"
    WAITING = "waiting"
    COMPLETED = "completed"
    CANCELED = "canceled"
    ABORTED = "aborted"
    UNKNOWN = "unknown"


FINAL = frozenset({JobState.COMPLETED, JobState.CANCELED, JobState.ABORTED, JobState.UNKNOWN})


@dataclass(frozen=True)
class JobStatus:
    """sheets: media sheets completed (never more than the printer says). faults: why it waits or failed.

    untouched: it has ended, and the printer counts no side of it on paper (one that does not count: False).
    """

    state: JobState
    sheets: int
    faults: tuple[Fault, ...] = ()
    untouched: bool = False


class DocumentChanged(Exception):
    """The bytes on their way to the printer are not those that were sealed; none of them was sent."""


class DocumentPrinter(Device, Protocol):
    """One job per 通, straight to the printer, no spool on disk. Emits DeviceChanged."""

    @property
    def counts_sheets(self) -> bool | None:
        """Whether it tells how many sheets lie in its trays; None: not heard from yet."""

    async def check(self, sheets: int) -> tuple[Fault, ...]:
        """What stands against printing this many sheets now; empty: ready. Asked before payment."""

    async def create(self, name: str) -> PrintJob:
        """Create-Job; name: the certificate number, no personal data. Journal the result before ``send``."""

    async def send(self, job: PrintJob, document: bytes, sha256: str) -> None:
        """Send-Document (PDF, the last one). sha256: hex, compared with the very bytes that go out.

        Raises DocumentChanged, DeviceError: the outcome is unknown then, only ``cancel`` may tell.
        """

    def follow(self, job: PrintJob) -> AsyncIterator[JobStatus]:
        """Yields at every poll, and at the end a final state."""

    async def cancel(self, job: PrintJob) -> JobStatus:
        """Cancels and waits for the end. A job the printer forgot is UNKNOWN."""

    async def cancel_all(self) -> None:
        """Cancels every job of ours (a boot finds no document to print)."""


# ---------------------------------------------------------------- receipt printer


@dataclass(frozen=True)
class Line:
    """One line of a receipt: left, and right-aligned beside it. A long left wraps."""

    left: str
    right: str = ""
    size: Literal["normal", "large"] = "normal"


class ReceiptPrinter(Device, Protocol):
    """Emits DeviceChanged."""

    async def print(self, lines: Sequence[Line]) -> None:
        """Prints and cuts; returns when the printer says so (completion barrier). Raises DeviceError."""


# ---------------------------------------------------------------- display, touch, voice, cabinet


@dataclass(frozen=True)
class Rect:
    """Pixels; x, y: upper left corner."""

    x: int
    y: int
    w: int
    h: int

    def contains(self, x: int, y: int) -> bool:
        return self.x <= x < self.x + self.w and self.y <= y < self.y + self.h


class Display(Device, Protocol):
    """A picture of ``size`` pixels that the renderer draws into and the driver brings to the glass.

    All of it is as the citizen sees it. Size and canvas may be others after a ``DeviceChanged``: a screen
    that was absent at the start, or has changed its mode.
    """

    @property
    def size(self) -> tuple[int, int]: ...

    @property
    def size_mm(self) -> tuple[int, int]:
        """Width and height of the glass in millimetres: configured, else the kernel's, else of 10.1 inch."""

    @property
    def distance_mm(self) -> int:
        """From the citizen's eyes to the glass."""

    @property
    def rotation(self) -> Literal[0, 90, 180, 270]:
        """Degrees by which the picture is turned clockwise on the glass; the touch panel turns with it."""

    @property
    def canvas(self) -> bytearray:
        """XRGB8888 little-endian (bytes B, G, R, X), no padding: width * height * 4 bytes."""

    def present(self, rects: Sequence[Rect] | None = None) -> None:
        """Copies these parts of the canvas (None: all of it) to the screen."""

    def blank(self, on: bool) -> None:
        """Makes the glass dark, or lights it again; what is presented meanwhile is seen then."""


class Touch(Device, Protocol):
    """Emits Touched, DeviceChanged. Its driver takes the Display it lies on besides its settings."""

    async def calibrate(self, show: Callable[[float, float], None]) -> float:
        """Has a person touch crosses and keeps how the panel lies on the glass, from its next start on.

        show: draws a cross at this place of the picture (parts from 0 to 1). Returns how far a touch lay
        from its cross at most, in mm. Not while ``run`` runs. Raises DeviceError, ValueError.
        """


class Keypad(Device, Protocol):
    """Physical keys beside the screen. Emits KeyPressed, DeviceChanged."""


class Voice(Device, Protocol):
    def say(self, key: str, language: str, urgent: bool = False) -> None:
        """Speaks the text of this key; returns at once; a new one replaces an unfinished one.

        urgent: as loud as the speaker can.
        """

    def volume(self, percent: int | None) -> None:
        """From the next sentence on: percent of the speaker's full volume; None: as it is configured.

        What is urgent is not softer for it.
        """


Lamp = Literal["card", "cash", "paper", "receipt", "attention"]


class Cabinet(Device, Protocol):
    """Emits TrayChanged, DoorChanged, ServiceKeyTurned, DeviceChanged."""

    @property
    def has_tray_sensor(self) -> bool: ...

    @property
    def paper_in_tray(self) -> bool | None:
        """None: no sensor, or not read yet."""

    def lamp(self, name: Lamp, on: bool) -> None: ...

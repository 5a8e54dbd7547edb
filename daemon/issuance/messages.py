"""The words kiosk and center speak: one Struct a message, JSON on the wire, unknown fields refused.

Handles are opaque, random and valid for one session only: no message names a resident by a registry key.
Personal data is only in ``Person.name`` and in the documents themselves.
"""

from datetime import datetime
from enum import Enum
from typing import Literal, Protocol

from msgspec import Struct

Kind = Literal[
    "juminhyo", "kisaijiko", "inkan", "koseki", "fuhyo", "shotoku_kazei", "shotoku", "kazei", "nozei"
]
Scope = Literal["self", "all", "part", "koseki_all", "koseki_one"]
Item = Literal["head", "honseki", "mynumber"]
Purpose = Literal["residence", "honseki", "register"]
"""What for: certificates of the municipality of the 住所, of that of the 本籍 (screen 4), or 利用登録."""


class Message(Struct, frozen=True, forbid_unknown_fields=True):
    """Base of all messages."""


class Reason(Enum):
    """Why the center refuses. The kiosk maps each to a screen text; the journal records the value."""

    UNKNOWN_CERTIFICATE = "unknown-certificate"
    EXPIRED = "expired"
    REVOKED = "revoked"
    UNDERAGE = "underage"
    LAPSED = "lapsed"
    NOT_READY = "not-ready"
    BLOCKED = "blocked"
    SIGNATURE = "signature"
    CHALLENGE = "challenge"
    HOURS = "hours"
    CLOSED_DAY = "closed-day"
    MAINTENANCE = "maintenance"
    KOSEKI_PENDING = "koseki-pending"
    NOT_ENTITLED = "not-entitled"
    CHARACTER = "character"
    SAMPLE_MIXED = "sample-mixed"
    OUT_OF_SERVICE = "out-of-service"
    DUPLICATE = "duplicate"
    CANCELLED = "cancelled"
    BAD_REQUEST = "bad-request"
    TOO_MANY = "too-many"
    CHANGED = "changed"
    NOT_OFFERED = "not-offered"
    SAME_MUNICIPALITY = "same-municipality"
    REGISTRATION_NEEDED = "registration-needed"
    REGISTRATION_PENDING = "registration-pending"
    ALREADY_REGISTERED = "already-registered"


class Office(Message, frozen=True):
    """Where the municipality helps: name, address, phone."""

    name: str
    address: str = ""
    phone: str = ""


class Municipality(Message, frozen=True):
    """code: 6-digit 団体コード. excluded_cards: other cards of it that people try (R2)."""

    code: str
    prefecture: str
    name: str
    offices: tuple[Office, ...] = ()
    website: str = ""
    excluded_cards: tuple[str, ...] = ()


class Refusal(Message, frozen=True):
    """reason; for HOURS open/close ("06:30"), for MAINTENANCE until (the end, rounded up to the hour), for
    REGISTRATION_PENDING until (the first moment of the day from which certificates can be had).
    municipality: whose refusal it is, where that is not the kiosk's own.
    """

    reason: Reason
    open: str = ""
    close: str = ""
    until: datetime | None = None
    municipality: Municipality | None = None


class Refused(Exception):
    """The center said no, for a reason the citizen can be told. Carries no personal data."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.reason.value)
        self.refusal = refusal


class CenterDown(Exception):
    """No answer, or not one that can be read: nothing is known of what the center did."""


class CenterStatus(Message, frozen=True):
    """now: the center's clock. profile: SHA-256 of the profile file it serves. sample: invented people.

    others: the municipalities that it serves besides.
    """

    center: str
    now: datetime
    municipality: Municipality
    profile: str
    sample: bool
    key: str
    others: tuple[Municipality, ...] = ()


class Precheck(Message, frozen=True):
    """By serial alone, before any PIN: accepted (empty reply ``Accepted``) or ``Refusal``."""

    terminal: str
    serial: str


class Accepted(Message, frozen=True):
    """Yes; says nothing else."""


class StatusRequest(Message, frozen=True):
    """How is the center, and does it serve this terminal?"""

    terminal: str


class ChallengeRequest(Message, frozen=True):
    terminal: str
    session: str


class Challenge(Message, frozen=True):
    """nonce: 32 random bytes, single use. expires: 60 s after it was made."""

    center: str
    nonce: bytes
    expires: datetime


class Authentication(Message, frozen=True):
    """certificate: DER. signature: of ``seal.challenge_message`` by the card's authentication key."""

    terminal: str
    session: str
    nonce: bytes
    certificate: bytes
    signature: bytes
    purpose: Purpose = "residence"


class Person(Message, frozen=True):
    """One who can be on a certificate. handle: opaque, this session only. given: 名 as a 戸籍 records it,
    where that is on offer.
    """

    handle: str
    name: str
    given: str = ""


class TaxYear(Message, frozen=True):
    """A 年度 (1 April of that year on), and how the municipality writes it: 令和7年度."""

    year: int
    label: str


class Offer(Message, frozen=True):
    """One kind this holder can have. refusal: listed, but not available now, and why.

    items: those the citizen chooses (有/無); scopes: in the profile's order; persons: by scope rules,
    the holder first; notices: text keys to show on screens 7 and 11; years: of a tax certificate, newest
    first; name: as the municipality calls the certificate.
    """

    kind: Kind
    fee: int
    max_copies: int
    scopes: tuple[Scope, ...] = ()
    items: tuple[Item, ...] = ()
    persons: tuple[Person, ...] = ()
    notices: tuple[str, ...] = ()
    refusal: Refusal | None = None
    years: tuple[TaxYear, ...] = ()
    name: str = ""


class Entitlement(Message, frozen=True):
    """Who was authenticated, and what can be had. offers: in the profile's order, never-available hidden.

    municipality: whose certificates these are. registration_days: for the purpose "register" only: how long
    that municipality (the one of the 本籍) takes.
    """

    municipality: Municipality
    holder: Person
    offers: tuple[Offer, ...]
    registration_days: int = 0


class RegistrationRequest(Message, frozen=True):
    """利用登録申請 of this session's holder. registration: 128-bit random hex, the same in a retry."""

    registration: str
    terminal: str
    session: str


class Registration(Message, frozen=True):
    """It was taken. ready: the first day on which certificates can be had ("2026-11-30")."""

    registration: str
    municipality: Municipality
    days: int
    ready: str


class OrderRequest(Message, frozen=True):
    """order: 128-bit random hex, the same in every retry. subjects: handles, in the order of the offer.

    items: those chosen 有. sample: a virtual device is configured, so 見本 is printed on every page.
    year: the 年度 of a tax certificate, else 0. fee: yen a 通 as the citizen was told; never charged if it
    has changed.
    """

    order: str
    terminal: str
    session: str
    kind: Kind
    scope: Scope
    subjects: tuple[str, ...]
    items: tuple[Item, ...]
    copies: int
    sample: bool
    year: int = 0
    fee: int = 0


class Sheet(Message, frozen=True):
    """One sheet of a 通. subjects: handles of those whose names stand on its front. page: its n of n/N."""

    page: int
    subjects: tuple[str, ...]


class SealedCopy(Message, frozen=True):
    """One 通: its certificate number, its pages in order, SHA-256 (hex) of its PDF."""

    number: str
    sheets: tuple[Sheet, ...]
    sha256: str


class Manifest(Message, frozen=True):
    """What the seal is over, as deterministic JSON. holder: SHA-256 (hex) of the certificate's serial."""

    order: str
    terminal: str
    session: str
    holder: str
    municipality: str
    kind: Kind
    scope: Scope
    subjects: tuple[str, ...]
    items: tuple[Item, ...]
    issued: str
    expires: datetime
    sample: bool
    copies: tuple[SealedCopy, ...]
    year: int = 0


class SealedOrder(Message, frozen=True):
    """manifest: the very bytes that were signed; pdfs: one a 通, in the manifest's order."""

    order: str
    manifest: bytes
    seal: bytes
    key: str
    pdfs: tuple[bytes, ...]


class ReissueRequest(Message, frozen=True):
    """The 通 of this number jammed and is void: the same once more, under a new number (P13).

    Answered with a ``SealedOrder`` of one 通 under the same order id; the same question gets the same answer.
    """

    order: str
    terminal: str
    session: str
    number: str


class CopyOutcome(Enum):
    """How a 通 ended. IN_DOUBT: nobody knows whether it was printed; its number never returns."""

    DELIVERED = "delivered"
    VOID = "void"
    REFUNDED = "refunded"
    IN_DOUBT = "in-doubt"


class OrderClose(Message, frozen=True):
    """outcomes: certificate number → how it ended; every 通 of the order."""

    order: str
    terminal: str
    outcomes: dict[str, CopyOutcome]


class OrderCancel(Message, frozen=True):
    """The kiosk gives the order up; the center voids its numbers; a late result has no owner (P3)."""

    order: str
    terminal: str


class CenterLine(Protocol):
    """What the session asks of the center. Each call raises Refused or CenterDown."""

    async def status(self) -> CenterStatus: ...

    async def precheck(self, serial: str) -> None: ...

    async def challenge(self, session: str) -> Challenge: ...

    async def authenticate(
        self, session: str, nonce: bytes, certificate: bytes, signature: bytes, purpose: Purpose
    ) -> Entitlement: ...

    async def register(self, request: RegistrationRequest) -> Registration: ...

    async def order(self, request: OrderRequest) -> SealedOrder: ...

    async def reissue(self, request: ReissueRequest) -> SealedOrder: ...

    async def cancel(self, order: str) -> None: ...

    async def close(self, order: str, outcomes: dict[str, CopyOutcome]) -> None: ...

"""What one session has at hand: the kiosk it runs on, and what this citizen has said so far.

A ``Visit`` lives as long as its session. Everything personal in the daemon (names, the document) hangs on
it and is dropped with ``wipe``.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from daemon.issuance.messages import CenterLine, Entitlement, Municipality, Refusal
from daemon.issuance.seal import Keyring
from daemon.session.cases import case_record
from daemon.session.cashier import Cashier
from daemon.session.desk import Desk, Ended
from daemon.session.entries import Value
from daemon.session.journal import Journal
from daemon.session.paper import PaperCount
from daemon.session.reminder import CardReminder
from daemon.session.screens import Say
from daemon.session.spoken import Spoken
from hal.contracts import Cabinet, CardReader, DocumentPrinter, ReceiptPrinter, TokenKind
from hal.faults import CASE_OPEN


class Stopped(Ended):
    """The session ends with an error page.

    code: "E1".."E5" or our own word. lines: what the page says, the first one loud. reason: for the journal.
    spoken: what is said, where the code alone does not tell it.
    """

    def __init__(self, code: str, lines: Sequence[str], reason: str, spoken: Spoken | None = None) -> None:
        super().__init__(reason)
        self.code = code
        self.lines = tuple(lines)
        self.reason = reason
        self.spoken = spoken


@dataclass(frozen=True)
class Devices:
    """The devices a session uses; the rest (display, touch, voice) is behind the desk."""

    card: CardReader
    document: DocumentPrinter
    receipt: ReceiptPrinter
    cabinet: Cabinet


@dataclass(frozen=True)
class Kiosk:
    """What does not change from session to session.

    reminder: of a card that is not taken. paper: our own count, for a printer that has none.
    opening: the site's and municipality's hours now: None if open, else why not.
    sample: whether any device is virtual (then every page carries 見本).
    random: n random bytes. explain: what the fault catalogue tells citizens (code, language).
    """

    terminal: str
    municipality: Municipality
    journal: Journal
    cashier: Cashier
    devices: Devices
    reminder: CardReminder
    paper: PaperCount
    line: CenterLine
    keyring: Keyring
    texts: Callable[[str], Say]
    opening: Callable[[str | None], Refusal | None]
    sample: Callable[[], bool]
    now: Callable[[], datetime]
    random: Callable[[int], bytes]
    tokens: frozenset[TokenKind] = frozenset({TokenKind.MY_NUMBER_CARD})
    attendant_seconds: float = 300.0
    explain: Callable[[str, str], str] = lambda code, language: ""


@dataclass
class Visit:
    """One session. id: 128-bit random hex. nonce: of the center's newest challenge.

    holder: SHA-256 of the certificate's serial, once authenticated.
    """

    kiosk: Kiosk
    desk: Desk
    id: str
    say: Say
    nonce: bytes = b""
    holder: str = ""
    entitlement: Entitlement | None = None
    documents: list[bytearray] = field(default_factory=list)

    @property
    def municipality(self) -> Municipality:
        """Whose certificates this is about: once the holder is known, that of the choice on screen 4."""
        return self.entitlement.municipality if self.entitlement else self.kiosk.municipality

    async def note(self, event: str, **data: Value) -> None:
        """Writes an entry of this session."""
        await self.kiosk.journal.write(event, self.id, **data)

    async def open_case(self, kind: str, of: str, code: str = CASE_OPEN) -> None:
        """From now on staff are needed: no new session until the case is resolved. code: of the fault."""
        await self.kiosk.journal.write_all([case_record(kind, of, self.id, code)])

    def speak_language(self, code: str) -> None:
        """The language chosen on screen 4 or 6 holds to the end of the session."""
        self.say = self.kiosk.texts(code)

    def wipe(self) -> None:
        """Nothing personal outlives the session."""
        for document in self.documents:
            document[:] = bytes(len(document))
        self.documents.clear()
        self.entitlement = None
        self.nonce = b""
        self.holder = ""

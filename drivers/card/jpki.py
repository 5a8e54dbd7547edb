"""The JPKI application of a My Number card, as bytes: commands, and the host's dialogue.

Both sides use it: the driver builds commands, the virtual card parses the same commands; the status words of
the answers are in ``status``. Rules: a VERIFY body is four ASCII digits or is not sent at all, it is wiped
after use, nothing here ever sends a command twice, and what is signed and how long a signature is says the
key's scheme, never a constant. Pure; MicroPython subset.

Source: shared/protocols/card.md §2 (OpenSC, jpki/myna, soltia48/myna-card).
"""

from drivers.card.status import OK, status_of

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Transmit = Callable[[bytes | bytearray], bytes]  # C-APDU to R-APDU; raises CardLost
else:
    Transmit = object

AID = b"\xd3\x92\xf0\x00\x26\x01\x00\x00\x00\x01"

SIGN_CERTIFICATE, SIGN_CA, TOKEN_INFO, AVAILABILITY = 0x0001, 0x0002, 0x0006, 0x0008
AUTH_CERTIFICATE, AUTH_CA, TERMINAL_CA = 0x000A, 0x000B, 0x0016
AUTH_KEY, AUTH_PIN, SIGN_KEY, SIGN_PIN = 0x0017, 0x0018, 0x001A, 0x001B

INS_VERIFY, INS_SIGN, INS_SELECT, INS_READ = 0x20, 0x2A, 0xA4, 0xB0

LABEL_MY_NUMBER, LABEL_RESIDENT = "JPKIAPICCTOKEN2", "JPKIAPICCTOKEN"
LABEL_ANDROID, LABEL_IPHONE = "JPKIAPGPSETOKEN", "JPKIAPIOSTOKEN"
LABEL_LENGTH, TOKEN_INFO_LENGTH = 32, 160
AVAILABLE = 0x8F  # in EF 0008: byte 0 the signature certificate, byte 1 the authentication certificate

PIN_LENGTH = 4
DIGEST_INFO_SHA256 = b"\x30\x31\x30\x0d\x06\x09\x60\x86\x48\x01\x65\x03\x04\x02\x01\x05\x00\x04\x20"
MAX_CERTIFICATE = 8192
_CHUNK = 256
_DER_HEADER = 4
_SHORT_ANSWER = 256  # bytes, the most that a short APDU can bring back


# ---------------------------------------------------------------- how a key signs


class Scheme:
    """How the key of a certificate signs. hash: by name; prefix: what the card is sent before the digest."""

    __slots__ = ("digest_length", "hash", "prefix", "signature_length")

    def __init__(self, hash: str, digest_length: int, prefix: bytes, signature_length: int) -> None:
        self.hash = hash
        self.digest_length = digest_length
        self.prefix = prefix
        self.signature_length = signature_length


def rsa(bits: int) -> Scheme:
    """PKCS #1 v1.5 over DigestInfo(SHA-256). Raises ValueError: no short APDU brings such a signature."""
    if bits % 8 or not 1024 <= bits <= _SHORT_ANSWER * 8:
        raise ValueError("RSA with {} bits".format(bits))
    return Scheme("sha256", 32, DIGEST_INFO_SHA256, bits // 8)


def ecdsa_p384() -> Scheme:
    """ECDSA over SHA-384, r and s plain, as ISO 7816 cards do; the next cards' APDUs are not published."""
    return Scheme("sha384", 48, b"", 96)


# ---------------------------------------------------------------- errors


class JpkiError(Exception):
    """Base of what can go wrong in the dialogue. Never carries data of the card."""


class CardLost(JpkiError):
    """No complete answer came back: pulled, shielded, or the reader gave up. The connection is dead."""


class StatusError(JpkiError):
    """The card answered, but not as hoped. ins: the command; status: what it answered."""

    def __init__(self, ins: int, sw: int) -> None:
        self.ins = ins
        self.status = status_of(sw)
        super().__init__("INS {:02X} answered {!r}".format(ins, self.status))


class NotACertificate(JpkiError):
    """The file does not start with DER of a length that a certificate can have."""


class NotASignature(JpkiError):
    """What came back has not the length of a signature by this key."""


class PinRefused(JpkiError):
    """The PIN was wrong. tries_left 0: this entry locked it."""

    def __init__(self, tries_left: int) -> None:
        super().__init__("wrong PIN, {} tries left".format(tries_left))
        self.tries_left = tries_left


class PinBlocked(JpkiError):
    """The PIN was locked before this entry; nothing was compared."""


# ---------------------------------------------------------------- commands and answers


class Command:
    """A short C-APDU. le: bytes wanted back (1..256), None: none."""

    __slots__ = ("cla", "data", "ins", "le", "p1", "p2")

    def __init__(
        self, ins: int, p1: int, p2: int, data: bytes | bytearray = b"", le: int | None = None, cla: int = 0
    ) -> None:
        self.cla = cla
        self.ins = ins
        self.p1 = p1
        self.p2 = p2
        self.data = data
        self.le = le

    def encode(self) -> bytearray:
        """The bytes on the wire; a bytearray, so that the sender of a PIN can wipe it."""
        apdu = bytearray((self.cla, self.ins, self.p1, self.p2))
        if self.data:
            apdu.append(len(self.data))
            apdu.extend(self.data)
        if self.le is not None:
            apdu.append(self.le & 0xFF)
        return apdu


def parse_command(apdu: bytes) -> Command:
    """The card's side of ``Command.encode``. Raises ValueError: not a short APDU."""
    if len(apdu) < 4:
        raise ValueError("shorter than a header")
    cla, ins, p1, p2 = apdu[0], apdu[1], apdu[2], apdu[3]
    if len(apdu) == 4:
        return Command(ins, p1, p2, cla=cla)
    if len(apdu) == 5:
        return Command(ins, p1, p2, le=apdu[4] or 256, cla=cla)
    end = 5 + apdu[4]
    if apdu[4] == 0 or len(apdu) not in (end, end + 1):
        raise ValueError("Lc does not match")
    le = (apdu[end] or 256) if len(apdu) > end else None
    return Command(ins, p1, p2, apdu[5:end], le, cla)


def answer(sw: int, data: bytes = b"") -> bytes:
    """An R-APDU."""
    return data + bytes((sw >> 8, sw & 0xFF))


def parse_answer(response: bytes) -> tuple[bytes, int]:
    """(data, status word). Raises CardLost: shorter than a status word, as vpcd tells a pulled card."""
    if len(response) < 2:
        raise CardLost("the answer was lost")
    return response[:-2], response[-2] << 8 | response[-1]


def wake_up() -> Command:
    """Selects nothing; its answer does not matter. The first command after power-up may answer 6F00."""
    return Command(INS_SELECT, 0, 0)


def select_application(aid: bytes = AID) -> Command:
    return Command(INS_SELECT, 4, 0x0C, aid)


def select_file(fid: int) -> Command:
    return Command(INS_SELECT, 2, 0x0C, bytes((fid >> 8, fid & 0xFF)))


def read_binary(offset: int, length: int) -> Command:
    """offset: 0..0x7FFF; length: 1..256."""
    return Command(INS_READ, offset >> 8 & 0x7F, offset & 0xFF, le=length)


def query_tries() -> Command:
    """VERIFY without a body: asks for the tries left and costs none."""
    return Command(INS_VERIFY, 0, 0x80)


def verify(pin: bytes | bytearray) -> Command:
    """VERIFY of the selected PIN file. Raises ValueError unless four ASCII digits."""
    if len(pin) != PIN_LENGTH or not all(0x30 <= byte <= 0x39 for byte in pin):
        raise ValueError("a PIN is four digits")
    return Command(INS_VERIFY, 0, 0x80, bytearray(pin))


def sign(digest: bytes, scheme: Scheme) -> Command:
    """Signature by the selected key. Raises ValueError: not a digest of this scheme."""
    if len(digest) != scheme.digest_length:
        raise ValueError("a {} digest has {} bytes".format(scheme.hash, scheme.digest_length))
    return Command(INS_SIGN, 0, 0x80, scheme.prefix + digest, _SHORT_ANSWER, cla=0x80)


def tries_in(sw: int) -> int | None:
    """Tries left, as the answer to ``query_tries`` says. None: not told. Raises StatusError."""
    status = status_of(sw)
    if status.kind not in ("ok", "uncounted", "tries", "blocked"):
        raise StatusError(INS_VERIFY, sw)
    return status.tries


def check_verified(sw: int) -> None:
    """Reads the answer to VERIFY. Raises PinRefused, PinBlocked, StatusError (the outcome is unknown)."""
    status = status_of(sw)
    if status.kind == "ok":
        return
    if status.kind == "blocked":
        raise PinBlocked("locked before this entry")
    if status.tries is None:
        raise StatusError(INS_VERIFY, sw)
    raise PinRefused(status.tries)


def der_length(head: bytes) -> int:
    """Length of the whole object that starts with ``30 82 hh ll``. Raises NotACertificate."""
    if len(head) < _DER_HEADER or head[:2] != b"\x30\x82":
        raise NotACertificate("no DER sequence")
    length = (head[2] << 8 | head[3]) + _DER_HEADER
    if length > MAX_CERTIFICATE:
        raise NotACertificate("longer than any certificate")
    return length


# ---------------------------------------------------------------- the host's side


class JpkiSession:
    """One power-up of one card, over ``transmit``. Every method raises CardLost and StatusError."""

    def __init__(self, transmit: Transmit) -> None:
        self._transmit = transmit

    def open(self) -> None:
        """Selects the application. StatusError: not a My Number card (nor a phone)."""
        parse_answer(self._transmit(wake_up().encode()))
        self._demand(select_application())

    def label(self) -> str:
        """The token's label, which tells the kind of card (an ATR never does)."""
        self._demand(select_file(TOKEN_INFO))
        raw = self._demand(read_binary(0, LABEL_LENGTH))
        return "".join(chr(byte) if 0x20 <= byte < 0x7F else "?" for byte in raw).rstrip()

    def availability(self) -> tuple[bool, bool]:
        """Whether there is a signature certificate, and an authentication certificate."""
        self._demand(select_file(AVAILABILITY))
        flags = self._demand(read_binary(0, 3)) + b"\x00\x00"
        return flags[0] == AVAILABLE, flags[1] == AVAILABLE

    def certificate(self, fid: int = AUTH_CERTIFICATE) -> bytes:
        """DER, cut by its own length (the file may hold filler after it). Raises NotACertificate."""
        self._demand(select_file(fid))
        content = self._demand(read_binary(0, _DER_HEADER))
        length = der_length(content)
        while len(content) < length:
            content += self._read(len(content), min(_CHUNK, length - len(content)))
        return content

    def tries_left(self, fid: int = AUTH_PIN) -> int | None:
        """None: the card does not tell."""
        self._demand(select_file(fid))
        return tries_in(self._send(query_tries())[1])

    def verify(self, pin: bytes | bytearray) -> None:
        """Raises PinRefused, PinBlocked; after CardLost or StatusError the try may be used up."""
        command = verify(pin)
        apdu = command.encode()
        try:
            sw = parse_answer(self._transmit(apdu))[1]
        finally:
            _wipe(command.data)
            _wipe(apdu)
        check_verified(sw)

    def select_pin(self) -> None:
        """Before ``verify``; apart from it, so that losing this answer leaves the tries certain."""
        self._demand(select_file(AUTH_PIN))

    def sign(self, digest: bytes, scheme: Scheme) -> bytes:
        """By the authentication key, whose scheme its certificate tells. Raises NotASignature."""
        command = sign(digest, scheme)
        self._demand(select_file(AUTH_KEY))
        signature = self._demand(command)
        if len(signature) != scheme.signature_length:
            raise NotASignature("{} bytes instead of {}".format(len(signature), scheme.signature_length))
        return signature

    def _read(self, offset: int, length: int) -> bytes:
        data = self._demand(read_binary(offset, length))
        if not 0 < len(data) <= length:
            raise NotACertificate("the file ends early")
        return data

    def _demand(self, command: Command) -> bytes:
        data, sw = self._send(command)
        if sw != OK:
            raise StatusError(command.ins, sw)
        return data

    def _send(self, command: Command) -> tuple[bytes, int]:
        return parse_answer(self._transmit(command.encode()))


def _wipe(secret: bytes | bytearray) -> None:
    if isinstance(secret, bytearray):
        for index in range(len(secret)):
            secret[index] = 0

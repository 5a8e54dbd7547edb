"""A virtual My Number card: the JPKI application as a state machine over APDUs, without any reader.

It parses commands with the driver's own ``jpki`` module; OpenSC's tools keep both honest from outside.
What power-off clears and what it leaves is the point of it: the selection and the verified PINs go, the
tries stay. The faults a test can set are those of card.md §4 (lost answer, 6F00 first, locked PIN…).
"""

import secrets
from collections import deque
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric.ec import ECDSA
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from cryptography.hazmat.primitives.asymmetric.utils import (
    NoDigestInfo,
    Prehashed,
    decode_dss_signature,
)
from cryptography.hazmat.primitives.hashes import SHA384

from drivers.card import jpki, status
from drivers.card.jpki import Command, answer
from drivers.card.sample import CardKeys, PrivateKey

CONTACTLESS_ATR = bytes.fromhex("3B888001000041E0B381A1003B")
FILLER = b"\xff" * 32  # real files are longer than the certificate in them
INS_CHALLENGE = 0x84
PADDING = 11  # bytes, the least of PKCS #1 v1.5
SECURE_CHANNELS = 0x03  # CLA bits of logical channels 1..3


@dataclass
class Pin:
    """A PIN and the counter that lives on the card."""

    value: bytes
    limit: int
    tries_left: int = field(init=False)

    def __post_init__(self) -> None:
        self.tries_left = self.limit

    def compare(self, attempt: bytes) -> int:
        """Status word of a VERIFY with a body."""
        if self.tries_left == 0:
            return status.BLOCKED
        if attempt == self.value:
            self.tries_left = self.limit
            return status.OK
        self.tries_left -= 1
        return status.TRIES | self.tries_left


@dataclass(frozen=True)
class CardContents:
    """What the personalisation wrote. authority: DER of the CA, may be empty. sign None: as auth.

    auth None: a card without an authentication certificate. signature: whether it has the certificate for
    signatures, which children and cards without PINs have not. The label tells the kind of token.
    """

    auth: CardKeys | None
    authority: bytes = b""
    sign: CardKeys | None = None
    signature: bool = True
    label: str = jpki.LABEL_MY_NUMBER
    pin: str = "1234"
    sign_pin: str = "ABC123"


class VirtualCard:
    """One card. It is dead until ``power_on``; its PIN counters survive everything."""

    def __init__(self, contents: CardContents, atr: bytes = CONTACTLESS_ATR) -> None:
        contents = replace(contents, sign=(contents.sign or contents.auth) if contents.signature else None)
        self.atr = atr
        self.pin = Pin(contents.pin.encode(), 3)
        self.sign_pin = Pin(contents.sign_pin.encode(), 5)
        self.answers_6f00_first = False
        self.speaks_jpki = True
        self.received: deque[Command] = deque(maxlen=500)
        """The last commands, oldest first."""
        self._answers_to_lose: list[int] = []
        self._pins = {jpki.AUTH_PIN: self.pin, jpki.SIGN_PIN: self.sign_pin}
        self._files = _files(contents)
        self._keys = _keys(contents)
        self._guards = _guards(contents)
        self._powered = False
        self._fresh = False
        self._selected: int | None = None
        self._open = False
        self._verified: set[int] = set()

    # ------------------------------------------------------------ driven by hand

    def lose_answer(self, ins: int) -> None:
        """The next command of this kind is carried out, but its answer is lost (an empty one comes).

        For VERIFY that is the next one with a PIN in it, not a query of the tries. Several are lost in
        the order of these calls.
        """
        self._answers_to_lose.append(ins)

    def lock_pin(self) -> None:
        self.pin.tries_left = 0

    # ------------------------------------------------------------ the reader's side

    def power_on(self) -> bytes:
        """Returns the ATR. Powering a powered card is a warm reset: the verified PINs survive it."""
        self._fresh = True
        self._powered = True
        self._selected = None
        self._open = False
        return self.atr

    def power_off(self) -> None:
        self._powered = False
        self._verified.clear()

    def transmit(self, apdu: bytes) -> bytes:
        """C-APDU to R-APDU; empty: no answer (no power, or an answer set to be lost)."""
        if not self._powered:
            return b""
        fresh, self._fresh = self._fresh, False
        try:
            command = jpki.parse_command(apdu)
        except ValueError:
            return answer(status.WRONG_LENGTH)
        self.received.append(command)
        if fresh and self.answers_6f00_first:
            return answer(status.NO_DIAGNOSIS)
        response = self._obey(command)
        return b"" if self._loses_answer(command) else response

    def _loses_answer(self, command: Command) -> bool:
        query = command.ins == jpki.INS_VERIFY and not command.data
        if query or self._answers_to_lose[:1] != [command.ins]:
            return False
        del self._answers_to_lose[0]
        return True

    # ------------------------------------------------------------ commands

    def _obey(self, command: Command) -> bytes:
        if command.cla & SECURE_CHANNELS:
            return answer(status.NO_CHANNELS)
        handlers = {
            (0x00, jpki.INS_SELECT): self._select,
            (0x00, jpki.INS_READ): self._read,
            (0x00, jpki.INS_VERIFY): self._verify,
            (0x80, jpki.INS_SIGN): self._sign,
            (0x00, INS_CHALLENGE): self._challenge,
        }
        handler = handlers.get((command.cla, command.ins))
        if handler is None:
            return answer(_unknown(command))
        return handler(command)

    def _challenge(self, command: Command) -> bytes:
        """Random bytes, as JICSAP cards have them; OpenSC draws on them, the kiosk does not."""
        if command.p1 or command.p2 or command.le is None:
            return answer(status.WRONG_PARAMETERS)
        return answer(status.OK, secrets.token_bytes(command.le))

    def _select(self, command: Command) -> bytes:
        if command.p1 == 4:
            return answer(self._select_application(bytes(command.data)))
        if command.p1 == 2 and len(command.data) == 2:
            return answer(self._select_file(int.from_bytes(command.data)))
        return answer(status.WRONG_PARAMETERS)

    def _select_application(self, aid: bytes) -> int:
        """A prefix of the AID matches too, as on real cards."""
        if not self.speaks_jpki or len(aid) < 5 or not jpki.AID.startswith(aid):
            return status.NOT_FOUND
        self._open = True
        self._selected = None
        return status.OK

    def _select_file(self, fid: int) -> int:
        known = fid in self._files or fid in self._pins or fid in self._keys
        if not self._open or not known:
            return status.NOT_FOUND
        self._selected = fid
        return status.OK

    def _read(self, command: Command) -> bytes:
        if self._selected is None:
            return answer(status.NO_FILE_SELECTED)
        if self._selected not in self._files:
            return answer(status.NOT_TRANSPARENT)
        guard = self._guards.get(self._selected)
        if guard is not None and guard not in self._verified:
            return answer(status.PIN_NEEDED)
        content = self._files[self._selected]
        offset = command.p1 << 8 | command.p2
        if offset >= len(content):
            return answer(status.PAST_END)
        return answer(status.OK, content[offset : offset + (command.le or 256)])

    def _verify(self, command: Command) -> bytes:
        """Without a body it tells the tries, 63Cx also after a right PIN (OpenSC counts on that)."""
        fid = self._selected
        if fid not in self._pins:
            return answer(status.NO_FILE_SELECTED)
        if command.p1 != 0 or command.p2 != 0x80:
            return answer(status.WRONG_PARAMETERS)
        pin = self._pins[fid]
        if not command.data:
            return answer(status.TRIES | pin.tries_left)
        sw = pin.compare(bytes(command.data))
        if sw == status.OK:
            self._verified.add(fid)
        else:
            self._verified.discard(fid)
        return answer(sw)

    def _sign(self, command: Command) -> bytes:
        fid = self._selected
        if fid not in self._keys:
            return answer(status.NO_FILE_SELECTED)
        if command.p1 != 0 or command.p2 != 0x80:
            return answer(status.WRONG_PARAMETERS)
        key, guard = self._keys[fid]
        if guard not in self._verified:
            return answer(status.PIN_NEEDED)
        try:
            return answer(status.OK, _signature(key, bytes(command.data)))
        except ValueError:
            return answer(status.REFUSED)


def _signature(key: PrivateKey, data: bytes) -> bytes:
    """RSA pads what it gets, whatever it is; ECDSA wants a digest. Raises ValueError: of the wrong length."""
    if isinstance(key, RSAPrivateKey):
        if not 1 <= len(data) <= key.key_size // 8 - PADDING:
            raise ValueError("too long for the key")
        return key.sign(data, PKCS1v15(), NoDigestInfo())
    size = key.key_size // 8
    r, s = decode_dss_signature(key.sign(data, ECDSA(Prehashed(SHA384()))))
    return r.to_bytes(size) + s.to_bytes(size)


def _unknown(command: Command) -> int:
    if command.cla not in (0x00, 0x80):
        return status.UNKNOWN_CLA
    return status.WRONG_LENGTH if (command.cla, command.ins) == (0x80, 0xFC) else status.UNKNOWN_INS


def _files(contents: CardContents) -> dict[int, bytes]:
    """The transparent files. 0016 (the terminals' CA) is never read by anybody here."""
    present = [jpki.AVAILABLE if keys else 0 for keys in (contents.sign, contents.auth)]
    label = contents.label.encode().ljust(jpki.LABEL_LENGTH)
    return {
        jpki.TOKEN_INFO: label.ljust(jpki.TOKEN_INFO_LENGTH, b"\0"),
        jpki.AVAILABILITY: bytes([*present, 0]),
        jpki.SIGN_CA: contents.authority + FILLER,
        jpki.AUTH_CA: contents.authority + FILLER,
        jpki.TERMINAL_CA: FILLER,
        jpki.AUTH_CERTIFICATE: (contents.auth.certificate if contents.auth else b"") + FILLER,
        jpki.SIGN_CERTIFICATE: (contents.sign.certificate if contents.sign else b"") + FILLER,
    }


def _keys(contents: CardContents) -> dict[int, tuple[PrivateKey, int]]:
    """Key file → (key, the PIN file that guards it)."""
    keys: dict[int, tuple[PrivateKey, int]] = {}
    if contents.auth:
        keys[jpki.AUTH_KEY] = (contents.auth.key, jpki.AUTH_PIN)
    if contents.sign:
        keys[jpki.SIGN_KEY] = (contents.sign.key, jpki.SIGN_PIN)
    return keys


def _guards(contents: CardContents) -> dict[int, int]:
    """File → the PIN file that must be verified before it can be read. Phones guard 000A as well."""
    guards = {jpki.SIGN_CERTIFICATE: jpki.SIGN_PIN}
    if contents.label in (jpki.LABEL_ANDROID, jpki.LABEL_IPHONE):
        guards[jpki.AUTH_CERTIFICATE] = jpki.AUTH_PIN
    return guards

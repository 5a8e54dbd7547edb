"""Who holds the card: the certificate's chain and dates, the signature, and the challenge it is over.

A challenge is good for one attempt within 60 seconds, by the terminal and session that asked for it. A real
center trusts no authority of samples or tests.
"""

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.x509.oid import NameOID

from daemon.center.revocation import Revocations
from daemon.issuance.cards import verify
from daemon.issuance.messages import Challenge, Reason, Refusal, Refused
from daemon.issuance.seal import challenge_message

CHALLENGE_SECONDS = 60
NONCE_BYTES = 32
MADE_UP = ("SAMPLE", "TEST")


class Trust:
    """The authorities whose certificates are believed, and their revocation lists (files).

    Raises ValueError: a made-up authority in a real center.
    """

    def __init__(
        self, authorities: Iterable[x509.Certificate], sample: bool, lists: Iterable[Path] = ()
    ) -> None:
        self._authorities = tuple(authorities)
        self.revocations = Revocations(lists, self._authorities)
        if not sample and any(_is_made_up(authority) for authority in self._authorities):
            raise ValueError("a center with a real registry trusts no authority of samples or tests")

    @classmethod
    def load(cls, paths: Iterable[Path], sample: bool, lists: Iterable[Path] = ()) -> "Trust":
        """From PEM files of one or more certificates each. Raises ValueError, OSError."""
        found = [one for path in paths for one in x509.load_pem_x509_certificates(path.read_bytes())]
        return cls(found, sample, lists)

    def verify(self, der: bytes, now: datetime) -> x509.Certificate:
        """The holder's certificate, once an authority of ours signed it and it is in date. Raises Refused."""
        try:
            certificate = x509.load_der_x509_certificate(der)
            usage = certificate.extensions.get_extension_for_class(x509.KeyUsage).value
        except (ValueError, x509.ExtensionNotFound):
            raise _refused(Reason.UNKNOWN_CERTIFICATE) from None
        if not usage.digital_signature or not self._has_signed(certificate, now):
            raise _refused(Reason.UNKNOWN_CERTIFICATE)
        if not certificate.not_valid_before_utc <= now.astimezone(UTC) <= certificate.not_valid_after_utc:
            raise _refused(Reason.EXPIRED)
        return certificate

    def _has_signed(self, certificate: x509.Certificate, now: datetime) -> bool:
        """All authorities of J-LIS share one name: the signature tells which it was."""
        return any(_issued(authority, certificate, now) for authority in self._authorities)


class Challenges:
    """The challenges that are open. center: this center's name. random: n random bytes."""

    def __init__(self, center: str, clock: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self._center = center
        self._clock = clock
        self._random = random
        self._open: dict[tuple[str, str], Challenge] = {}

    def make(self, terminal: str, session: str) -> Challenge:
        """A new one; an earlier one of the same session is worth nothing any more."""
        now = self._clock()
        self._open = {key: one for key, one in self._open.items() if one.expires > now}
        expires = now + timedelta(seconds=CHALLENGE_SECONDS)
        challenge = Challenge(self._center, self._random(NONCE_BYTES), expires)
        self._open[terminal, session] = challenge
        return challenge

    def take(self, terminal: str, session: str, nonce: bytes) -> bytes:
        """The message that must be signed; the challenge is used up, whatever follows. Raises Refused."""
        challenge = self._open.pop((terminal, session), None)
        if challenge is None or challenge.nonce != nonce or challenge.expires <= self._clock():
            raise _refused(Reason.CHALLENGE)
        return challenge_message(self._center, terminal, session, nonce, challenge.expires)


def check_signature(certificate: x509.Certificate, message: bytes, signature: bytes) -> None:
    """Raises Refused."""
    try:
        verify(certificate, message, signature)
    except InvalidSignature:
        raise _refused(Reason.SIGNATURE) from None


def serial_of(certificate: x509.Certificate) -> str:
    """Lower-case hex, as the registry has it."""
    return f"{certificate.serial_number:x}"


def is_serial(text: str) -> bool:
    """As ``serial_of`` gives it; RFC 5280 has at most 20 octets."""
    return re.fullmatch(r"[0-9a-f]{1,40}", text) is not None


def _issued(authority: x509.Certificate, certificate: x509.Certificate, now: datetime) -> bool:
    in_date = authority.not_valid_before_utc <= now.astimezone(UTC) <= authority.not_valid_after_utc
    if not in_date or not _may_sign(authority):
        return False
    try:
        certificate.verify_directly_issued_by(authority)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


def _may_sign(authority: x509.Certificate) -> bool:
    try:
        return authority.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _is_made_up(authority: x509.Certificate) -> bool:
    names = authority.subject.get_attributes_for_oid(NameOID.ORGANIZATION_NAME)
    return any(word in str(name.value).upper() for name in names for word in MADE_UP)


def _refused(reason: Reason) -> Refused:
    return Refused(Refusal(reason))

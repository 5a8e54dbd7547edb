"""The authorities' revocation lists: files that somebody else keeps fresh, read again when they change.

A list counts only if one of our authorities has signed it and its time is not over. One that does not count
lets nobody in: who would be on it is not known.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from daemon.issuance.messages import Reason

log = logging.getLogger(__name__)

PEM = b"-----BEGIN"
Stamp = tuple[int, int, int]
"""Inode, size and time of a file: other ones, other content."""


@dataclass(frozen=True)
class RevocationList:
    """serials: of the revoked certificates. until: when the next list should be there."""

    serials: frozenset[int]
    until: datetime


class BadList(ValueError):
    """Why a file is no list of ours."""


class Revocations:
    """paths: one file a list, DER or PEM. authorities: who may have signed them."""

    def __init__(self, paths: Iterable[Path], authorities: Iterable[x509.Certificate]) -> None:
        self._paths = tuple(paths)
        self._authorities = tuple(authorities)
        self._read: dict[Path, tuple[Stamp, RevocationList]] = {}
        self._told: dict[Path, str] = {}

    def refusal(self, serial: str, now: datetime) -> Reason | None:
        """Whether a certificate (its serial in hex) must be refused by the lists of now."""
        lists = [self._current(path, now) for path in self._paths]
        if any(one is not None and int(serial, 16) in one.serials for one in lists):
            return Reason.REVOKED
        return None if all(lists) else Reason.OUT_OF_SERVICE

    def _current(self, path: Path, now: datetime) -> RevocationList | None:
        try:
            found = self._load(path)
            if found.until <= now.astimezone(UTC):
                raise BadList(f"overdue since {found.until.isoformat()}")
        except (OSError, BadList) as error:
            self._tell(path, getattr(error, "strerror", None) or str(error))
            return None
        self._tell(path, "")
        return found

    def _load(self, path: Path) -> RevocationList:
        """Raises OSError, BadList."""
        status = path.stat()
        stamp = (status.st_ino, status.st_size, status.st_mtime_ns)
        known = self._read.get(path)
        if known is None or known[0] != stamp:
            known = self._read[path] = stamp, self._parse(path.read_bytes())
        return known[1]

    def _parse(self, data: bytes) -> RevocationList:
        try:
            load = x509.load_pem_x509_crl if data.startswith(PEM) else x509.load_der_x509_crl
            found = load(data)
            until = found.next_update_utc
            serials = frozenset(entry.serial_number for entry in found)
        except ValueError:
            raise BadList("not a revocation list") from None
        if not any(_signed(found, authority) for authority in self._authorities):
            raise BadList("not signed by an authority of ours")
        if until is None:
            raise BadList("does not say until when it is good")
        return RevocationList(serials, until)

    def _tell(self, path: Path, trouble: str) -> None:
        """On change only."""
        before, self._told[path] = self._told.get(path, ""), trouble
        if trouble and trouble != before:
            log.error(
                "revocation list %s: %s; no card is accepted until there is a current one", path, trouble
            )
        elif before and not trouble:
            log.info("revocation list %s: current again", path)


def _signed(found: x509.CertificateRevocationList, authority: x509.Certificate) -> bool:
    public = authority.public_key()
    if found.issuer != authority.subject or not isinstance(public, RSAPublicKey | EllipticCurvePublicKey):
        return False
    try:
        return found.is_signature_valid(public)
    except (TypeError, UnsupportedAlgorithm):
        return False

"""What is signed and how: the challenge that the card signs, and the center's seal over a manifest.

Every signed text begins with its purpose and frames each field by its length, so that no two different
inputs give the same bytes, and a signature for one purpose is worth nothing for another.
"""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

CHALLENGE = "madoguchi-auth/1"
SEAL = "madoguchi-seal/1"


class SealError(ValueError):
    """A seal that does not hold, or a key file that cannot be used."""


def framed(*fields: bytes) -> bytes:
    """Each field after its length in four bytes, big-endian."""
    return b"".join(len(field).to_bytes(4, "big") + field for field in fields)


def challenge_message(center: str, terminal: str, session: str, nonce: bytes, expires: datetime) -> bytes:
    """What the card signs. Kiosk and center each make it by themselves, and hash it as the card's key wants.

    Raises ValueError if ``expires`` has no time zone.
    """
    if expires.tzinfo is None:
        raise ValueError("the expiry of a challenge needs its time zone")
    until = expires.astimezone(UTC).isoformat(timespec="microseconds")
    texts = (CHALLENGE.encode(), center.encode(), terminal.encode(), session.encode())
    return framed(*texts, nonce, until.encode())


def key_id(public: Ed25519PublicKey) -> str:
    """The first 16 hex digits of the SHA-256 of the raw public key."""
    return hashlib.sha256(public.public_bytes(Encoding.Raw, PublicFormat.Raw)).hexdigest()[:16]


class Sealer:
    """The center's private key. key: its id."""

    def __init__(self, private: Ed25519PrivateKey) -> None:
        self._private = private
        self.key = key_id(private.public_key())

    @classmethod
    def load(cls, path: Path) -> "Sealer":
        """From a PEM file (PKCS #8, no passphrase). Raises SealError, OSError."""
        return cls.from_pem(path.read_bytes(), str(path))

    @classmethod
    def from_pem(cls, pem: bytes, where: str = "key") -> "Sealer":
        """Raises SealError, which says ``where``."""
        try:
            private = load_pem_private_key(pem, None)
        except (ValueError, TypeError) as error:
            raise SealError(f"{where}: not a private key in PEM: {error}") from None
        if not isinstance(private, Ed25519PrivateKey):
            raise SealError(f"{where}: the sealing key must be Ed25519")
        return cls(private)

    def seal(self, manifest: bytes) -> bytes:
        return self._private.sign(framed(SEAL.encode(), manifest))

    def public_pem(self) -> bytes:
        """What the kiosks get."""
        return self._private.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class Keyring:
    """Public keys of centers by id: all that a kiosk holds."""

    def __init__(self, keys: Mapping[str, Ed25519PublicKey]) -> None:
        self._keys = dict(keys)

    @classmethod
    def of(cls, pems: Iterable[bytes]) -> "Keyring":
        """One public key a PEM. Raises SealError."""
        keys = [_public(pem, "key") for pem in pems]
        return cls({key_id(key): key for key in keys})

    @classmethod
    def load(cls, paths: Iterable[Path]) -> "Keyring":
        """One PEM file a key. Raises SealError, OSError."""
        keys = [_public(path.read_bytes(), str(path)) for path in paths]
        return cls({key_id(key): key for key in keys})

    def verify(self, key: str, manifest: bytes, seal: bytes) -> None:
        """Raises SealError: the key is not ours, or the seal is not of this manifest."""
        public = self._keys.get(key)
        if public is None:
            raise SealError("sealed with a key that this kiosk does not have")
        try:
            public.verify(seal, framed(SEAL.encode(), manifest))
        except InvalidSignature:
            raise SealError("the seal is not of this manifest") from None


def new_key() -> bytes:
    """A fresh private key in PEM, for ``Sealer.load``."""
    private = Ed25519PrivateKey.generate()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public(pem: bytes, where: str) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem)
    except ValueError as error:
        raise SealError(f"{where}: not a public key in PEM: {error}") from None
    if not isinstance(key, Ed25519PublicKey):
        raise SealError(f"{where}: a center's key must be Ed25519")
    return key

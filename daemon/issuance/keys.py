"""The keys that centers sign with: Ed25519, or P-256 where the key lies in hardware that knows nothing newer.

Both kinds look the same from outside: a signature is 64 bytes (of P-256: r and s, as COSE has them), an id is
the first 16 hex digits of the SHA-256 of the public point. What is signed, and for which purpose, is the
caller's: seal.py's manifests, the back side of the paper.
"""

import hashlib
from pathlib import Path
from typing import Literal, TypeGuard

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
)
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)

Algorithm = Literal["EdDSA", "ES256"]
HALF = 32


class KeyFileError(ValueError):
    """A key file that cannot be used; the text says which and why."""


class WrongSignature(ValueError):
    """Not a signature of these bytes by this key."""


class PublicKey:
    """algorithm: how it signs. id: 16 hex digits."""

    def __init__(self, key: Ed25519PublicKey | EllipticCurvePublicKey) -> None:
        self._key = key
        self.algorithm: Algorithm = "EdDSA" if isinstance(key, Ed25519PublicKey) else "ES256"
        self.id = hashlib.sha256(_point(key)).hexdigest()[:16]

    @classmethod
    def from_pem(cls, pem: bytes, where: str = "key") -> "PublicKey":
        """Raises KeyFileError, which says ``where``."""
        try:
            key = load_pem_public_key(pem)
        except ValueError as error:
            raise KeyFileError(f"{where}: not a public key in PEM: {error}") from None
        if isinstance(key, Ed25519PublicKey) or _is_p256(key):
            return cls(key)
        raise KeyFileError(f"{where}: a center's key must be Ed25519 or P-256")

    @classmethod
    def load(cls, path: Path) -> "PublicKey":
        """Raises KeyFileError, OSError."""
        return cls.from_pem(path.read_bytes(), str(path))

    def verify(self, signature: bytes, message: bytes) -> None:
        """Raises WrongSignature."""
        try:
            if isinstance(self._key, Ed25519PublicKey):
                self._key.verify(signature, message)
            else:
                self._key.verify(_as_der(signature), message, ECDSA(SHA256()))
        except InvalidSignature:
            raise WrongSignature("not a signature of this key over this message") from None

    def pem(self) -> bytes:
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


class PrivateKey:
    """public: its other half."""

    def __init__(self, key: Ed25519PrivateKey | EllipticCurvePrivateKey) -> None:
        self._key = key
        self.public = PublicKey(key.public_key())

    @classmethod
    def from_pem(cls, pem: bytes, where: str = "key") -> "PrivateKey":
        """PKCS #8 without passphrase. Raises KeyFileError, which says ``where``."""
        try:
            key = load_pem_private_key(pem, None)
        except (ValueError, TypeError) as error:
            raise KeyFileError(f"{where}: not a private key in PEM: {error}") from None
        if isinstance(key, Ed25519PrivateKey) or (
            isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1)
        ):
            return cls(key)
        raise KeyFileError(f"{where}: the sealing key must be Ed25519 or P-256")

    def sign(self, message: bytes) -> bytes:
        """64 bytes."""
        if isinstance(self._key, Ed25519PrivateKey):
            return self._key.sign(message)
        r, s = decode_dss_signature(self._key.sign(message, ECDSA(SHA256())))
        return r.to_bytes(HALF, "big") + s.to_bytes(HALF, "big")


def _point(key: Ed25519PublicKey | EllipticCurvePublicKey) -> bytes:
    if isinstance(key, Ed25519PublicKey):
        return key.public_bytes(Encoding.Raw, PublicFormat.Raw)
    return key.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def _is_p256(key: object) -> TypeGuard[EllipticCurvePublicKey]:
    return isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1)


def _as_der(signature: bytes) -> bytes:
    if len(signature) != 2 * HALF:
        raise InvalidSignature
    r, s = signature[:HALF], signature[HALF:]
    return encode_dss_signature(int.from_bytes(r, "big"), int.from_bytes(s, "big"))

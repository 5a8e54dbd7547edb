"""What is signed and how: the challenge that the card signs, and the center's seal over a manifest.

Every signed text begins with its purpose and frames each field by its length, so that no two different
inputs give the same bytes, and a signature for one purpose is worth nothing for another.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from daemon.issuance.keys import KeyFileError, PrivateKey, PublicKey, WrongSignature

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


class Sealer:
    """The center's private key, for its seals. key: its id. signing: the key itself, for other purposes."""

    def __init__(self, private: PrivateKey) -> None:
        self.signing = private
        self.key = private.public.id

    @classmethod
    def load(cls, path: Path) -> "Sealer":
        """From a PEM file (PKCS #8, no passphrase). Raises SealError, OSError."""
        return cls.from_pem(path.read_bytes(), str(path))

    @classmethod
    def from_pem(cls, pem: bytes, where: str = "key") -> "Sealer":
        """Raises SealError, which says ``where``."""
        try:
            return cls(PrivateKey.from_pem(pem, where))
        except KeyFileError as error:
            raise SealError(str(error)) from None

    def seal(self, manifest: bytes) -> bytes:
        return self.signing.sign(framed(SEAL.encode(), manifest))

    def public_pem(self) -> bytes:
        """What the kiosks get."""
        return self.signing.public.pem()


class Keyring:
    """Public keys of centers by id: all that a kiosk holds."""

    def __init__(self, keys: Iterable[PublicKey]) -> None:
        self._keys = {key.id: key for key in keys}

    @classmethod
    def of(cls, pems: Iterable[bytes]) -> "Keyring":
        """One public key a PEM. Raises SealError."""
        return cls(_public(pem, "key") for pem in pems)

    @classmethod
    def load(cls, paths: Iterable[Path]) -> "Keyring":
        """One PEM file a key. Raises SealError, OSError."""
        return cls(_public(path.read_bytes(), str(path)) for path in paths)

    def find(self, key: str) -> PublicKey | None:
        """The key of this id, if it is ours."""
        return self._keys.get(key)

    def verify(self, key: str, manifest: bytes, seal: bytes) -> None:
        """Raises SealError: the key is not ours, or the seal is not of this manifest."""
        public = self._keys.get(key)
        if public is None:
            raise SealError("sealed with a key that this kiosk does not have")
        try:
            public.verify(seal, framed(SEAL.encode(), manifest))
        except WrongSignature:
            raise SealError("the seal is not of this manifest") from None


def new_key() -> bytes:
    """A fresh private key in PEM, for ``Sealer.load``."""
    private = Ed25519PrivateKey.generate()
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())


def _public(pem: bytes, where: str) -> PublicKey:
    try:
        return PublicKey.from_pem(pem, where)
    except KeyFileError as error:
        raise SealError(str(error)) from None

"""What a card has signed, checked: by the center for its holder, by the kiosk for its staff.

As the certificate's key signs: RSA PKCS #1 v1.5 with SHA-256 (the cards of today), or ECDSA on P-384 with
SHA-384, r and s plain (the next ones). `cryptography` does the mathematics.
"""

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, SECP384R1, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384


def verify(certificate: x509.Certificate, message: bytes, signature: bytes) -> None:
    """Raises InvalidSignature: another key, message or kind of key."""
    public = certificate.public_key()
    if isinstance(public, RSAPublicKey):
        return public.verify(signature, message, PKCS1v15(), SHA256())
    if isinstance(public, EllipticCurvePublicKey) and isinstance(public.curve, SECP384R1):
        return public.verify(_der(signature, public.key_size // 8), message, ECDSA(SHA384()))
    raise InvalidSignature


def _der(plain: bytes, size: int) -> bytes:
    """Raises InvalidSignature: not two numbers of this size."""
    if len(plain) != 2 * size:
        raise InvalidSignature
    return encode_dss_signature(int.from_bytes(plain[:size]), int.from_bytes(plain[size:]))

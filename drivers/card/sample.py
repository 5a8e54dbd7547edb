"""Sample JPKI certificates: a made-up authority and the keys and certificates of made-up cards.

For the bench, the center's sample registry and tests. The authority's name says SAMPLE, which no real
center accepts. Like a real authentication certificate, a sample names nobody: its CN is random. Cards have
RSA-2048 as today's, or ECDSA on P-384 as the next ones will.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
)
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

ORGANIZATION = "JPKI-SAMPLE"
PrivateKey = rsa.RSAPrivateKey | ec.EllipticCurvePrivateKey
PublicKey = rsa.RSAPublicKey | ec.EllipticCurvePublicKey
_CA_FROM, _CA_UNTIL = datetime(2020, 1, 1, tzinfo=UTC), datetime(2049, 12, 31, tzinfo=UTC)


@dataclass(frozen=True)
class CardKeys:
    """What one certificate of a card consists of. certificate: DER."""

    key: PrivateKey
    certificate: bytes


@dataclass(frozen=True)
class Authority:
    """A certification authority that signs with its own key."""

    key: rsa.RSAPrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(Encoding.DER)

    def issue(
        self,
        serial: int,
        not_before: datetime,
        not_after: datetime,
        key: PrivateKey | None = None,
    ) -> CardKeys:
        """A user-authentication certificate. The times are aware; key: made here if None (slow)."""
        key = key or new_key()
        builder = _builder(_subject(), self.certificate.subject, key.public_key(), serial)
        builder = builder.not_valid_before(not_before.astimezone(UTC)).not_valid_after(
            not_after.astimezone(UTC)
        )
        issuer_key = x509.AuthorityKeyIdentifier.from_issuer_public_key(self.key.public_key())
        builder = builder.add_extension(_usage(sign_certificates=False), critical=True)
        builder = builder.add_extension(
            x509.ExtendedKeyUsage([ExtendedKeyUsageOID.CLIENT_AUTH]), critical=False
        )
        builder = builder.add_extension(issuer_key, critical=False)
        return CardKeys(key, builder.sign(self.key, SHA256()).public_bytes(Encoding.DER))

    def issue_for(self, serial: int, days: int = 1000, key: PrivateKey | None = None) -> CardKeys:
        """A certificate that is valid now, from yesterday on."""
        yesterday = datetime.now(UTC) - timedelta(days=1)
        return self.issue(serial, yesterday, yesterday + timedelta(days=days), key)


def new_key() -> rsa.RSAPrivateKey:
    """RSA-2048, as the cards of today have."""
    return rsa.generate_private_key(public_exponent=65537, key_size=2048)


def new_p384_key() -> ec.EllipticCurvePrivateKey:
    """ECDSA on P-384, as the next cards will have."""
    return ec.generate_private_key(ec.SECP384R1())


def sample_authority(key: rsa.RSAPrivateKey | None = None) -> Authority:
    """A self-signed authority, O=JPKI-SAMPLE. key: made here if None (slow)."""
    key = key or new_key()
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, ORGANIZATION),
            x509.NameAttribute(NameOID.ORGANIZATIONAL_UNIT_NAME, f"{ORGANIZATION} for user authentication"),
        ]
    )
    builder = _builder(name, name, key.public_key(), 1)
    builder = builder.not_valid_before(_CA_FROM).not_valid_after(_CA_UNTIL)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(sign_certificates=True), critical=True)
    identifier = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = builder.add_extension(identifier, critical=False)
    return Authority(key, builder.sign(key, SHA256()))


def to_pem(keys: CardKeys, authority: Authority | None = None) -> bytes:
    """The file that describes a card to ``madoguchi virtual card``: key, certificate, CA."""
    key = keys.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    own = x509.load_der_x509_certificate(keys.certificate).public_bytes(Encoding.PEM)
    return key + own + (authority.certificate.public_bytes(Encoding.PEM) if authority else b"")


def revocation_list(authority: Authority, serials: Iterable[int], at: datetime, until: datetime) -> bytes:
    """PEM of the authority's list of revoked certificates. The times are aware."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(authority.certificate.subject)
    builder = builder.last_update(at.astimezone(UTC)).next_update(until.astimezone(UTC))
    for serial in serials:
        revoked = x509.RevokedCertificateBuilder().serial_number(serial).revocation_date(at.astimezone(UTC))
        builder = builder.add_revoked_certificate(revoked.build())
    return builder.sign(authority.key, SHA256()).public_bytes(Encoding.PEM)


def from_pem(pem: bytes) -> tuple[CardKeys, bytes]:
    """(keys, DER of the CA certificate or empty). Raises ValueError, TypeError: not such a file."""
    key = load_pem_private_key(pem, None)
    if not isinstance(key, PrivateKey):
        raise TypeError("the card's key is neither RSA nor ECDSA")
    own, *rest = (one.public_bytes(Encoding.DER) for one in x509.load_pem_x509_certificates(pem))
    return CardKeys(key, own), rest[0] if rest else b""


def _builder(
    subject: x509.Name, issuer: x509.Name, public_key: PublicKey, serial: int
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer)
    return builder.public_key(public_key).serial_number(serial)


def _subject() -> x509.Name:
    common_name = secrets.token_hex(13).upper()
    return x509.Name(
        [
            x509.NameAttribute(NameOID.COUNTRY_NAME, "JP"),
            x509.NameAttribute(NameOID.COMMON_NAME, common_name),
        ]
    )


def _usage(sign_certificates: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not sign_certificates,
        key_cert_sign=sign_certificates,
        crl_sign=sign_certificates,
        content_commitment=False,
        key_encipherment=False,
        data_encipherment=False,
        key_agreement=False,
        encipher_only=False,
        decipher_only=False,
    )

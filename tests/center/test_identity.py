"""Whose certificates are believed."""

from datetime import datetime, timedelta

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import (
    ECDSA,
    SECP256R1,
    EllipticCurvePrivateKey,
    generate_private_key,
)
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from cryptography.hazmat.primitives.serialization import Encoding

from daemon.center.identity import Trust, check_signature, serial_of
from daemon.issuance.messages import Reason, Refused
from drivers.card.sample import Authority, new_p384_key, sample_authority
from tests.center.world import NOON, authority, card_key, make_card, sign

TRUST = Trust([authority().certificate], sample=True)


def refusal(der: bytes, now: datetime = NOON) -> Reason:
    with pytest.raises(Refused) as refused:
        TRUST.verify(der, now)
    return refused.value.refusal.reason


def test_a_certificate_of_our_authority_is_believed_and_tells_its_serial() -> None:
    assert serial_of(TRUST.verify(make_card(0x5A0001).certificate, NOON)) == "5a0001"


def test_a_certificate_of_an_authority_with_the_same_name_is_not() -> None:
    impostor = sample_authority(card_key())
    card = impostor.issue(0x5A0001, NOON - timedelta(days=1), NOON + timedelta(days=1), card_key())
    assert refusal(card.certificate) is Reason.UNKNOWN_CERTIFICATE


def test_among_authorities_of_one_name_the_signature_decides() -> None:
    both = Trust([sample_authority(card_key()).certificate, authority().certificate], sample=True)
    assert serial_of(both.verify(make_card(0x5A0001).certificate, NOON)) == "5a0001"


def test_beside_an_expired_authority_of_the_same_name_the_current_one_vouches() -> None:
    """As the authorities of J-LIS are: one name, the oldest of them over since 2025."""
    late = datetime(2050, 6, 1, tzinfo=NOON.tzinfo)
    current = renewed(until=datetime(2060, 1, 1, tzinfo=NOON.tzinfo))
    both = Trust([authority().certificate, current.certificate], sample=True)
    card = current.issue(0x5A0001, NOON, late + timedelta(days=1), card_key())
    assert serial_of(both.verify(card.certificate, late)) == "5a0001"
    old = make_card(1, until=late + timedelta(days=1))
    with pytest.raises(Refused) as refused:
        both.verify(old.certificate, late)
    assert refused.value.refusal.reason is Reason.UNKNOWN_CERTIFICATE


def renewed(until: datetime) -> Authority:
    """An authority of the same name with a key of its own, good until then."""
    key = card_key()
    made = sample_authority(key)
    name = made.certificate.subject
    builder = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    builder = builder.serial_number(2).not_valid_before(NOON).not_valid_after(until)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    return Authority(key, builder.sign(key, SHA256()))


def test_a_card_cannot_vouch_for_another_card() -> None:
    card = x509.load_der_x509_certificate(make_card(0x5A0001).certificate)
    forger = Authority(card_key(), card)
    forged = forger.issue(0x5A0002, NOON - timedelta(days=1), NOON + timedelta(days=1), card_key())
    with pytest.raises(Refused):
        Trust([card], sample=True).verify(forged.certificate, NOON)


def test_the_authoritys_own_certificate_is_no_card() -> None:
    assert refusal(authority().certificate.public_bytes(Encoding.DER)) is Reason.UNKNOWN_CERTIFICATE


@pytest.mark.parametrize("der", [b"", b"\x30\x82\x01\x00", bytes(500)])
def test_what_is_no_certificate_is_refused(der: bytes) -> None:
    assert refusal(der) is Reason.UNKNOWN_CERTIFICATE


def test_a_certificate_is_good_through_its_last_second() -> None:
    card = make_card(1, until=NOON)
    TRUST.verify(card.certificate, NOON)
    assert refusal(card.certificate, NOON + timedelta(seconds=1)) is Reason.EXPIRED


def test_a_certificate_is_not_good_before_its_first_second() -> None:
    card = authority().issue(1, NOON, NOON + timedelta(days=1), card_key())
    TRUST.verify(card.certificate, NOON)
    assert refusal(card.certificate, NOON - timedelta(seconds=1)) is Reason.EXPIRED


def test_an_expired_authority_vouches_for_nobody() -> None:
    card = make_card(1, until=datetime(2060, 1, 1, tzinfo=NOON.tzinfo))
    assert refusal(card.certificate, datetime(2050, 6, 1, tzinfo=NOON.tzinfo)) is Reason.UNKNOWN_CERTIFICATE


MESSAGE = b"what the kiosk had signed"


def plain(key: EllipticCurvePrivateKey, message: bytes = MESSAGE) -> bytes:
    """As a card of the next generation gives it."""
    r, s = decode_dss_signature(key.sign(message, ECDSA(SHA384())))
    return r.to_bytes(48) + s.to_bytes(48)


def test_a_signature_holds_by_either_kind_of_key() -> None:
    check_signature(TRUST.verify(make_card(1).certificate, NOON), MESSAGE, sign(MESSAGE))
    key = new_p384_key()
    check_signature(TRUST.verify(next_card(key), NOON), MESSAGE, plain(key))


def next_card(key: EllipticCurvePrivateKey) -> bytes:
    day = timedelta(days=1)
    return authority().issue(2, NOON - day, NOON + day, key).certificate


@pytest.mark.parametrize("length", [0, 95, 97, 256])
def test_a_p384_signature_of_another_length_is_refused(length: int) -> None:
    certificate = TRUST.verify(next_card(new_p384_key()), NOON)
    with pytest.raises(Refused, match="signature"):
        check_signature(certificate, MESSAGE, bytes(length))


def test_a_signature_of_another_message_or_key_is_refused() -> None:
    key = new_p384_key()
    todays, nexts = (TRUST.verify(der, NOON) for der in (make_card(1).certificate, next_card(key)))
    for certificate, signature in (
        (todays, sign(b"another")),
        (todays, plain(key)),
        (nexts, plain(key, b"another")),
        (nexts, plain(new_p384_key())),
        (nexts, sign(MESSAGE)),
    ):
        with pytest.raises(Refused, match="signature"):
            check_signature(certificate, MESSAGE, signature)


def test_a_key_that_no_card_has_is_refused() -> None:
    key = generate_private_key(SECP256R1())
    certificate = TRUST.verify(next_card(key), NOON)
    with pytest.raises(Refused, match="signature"):
        check_signature(certificate, MESSAGE, key.sign(MESSAGE, ECDSA(SHA384())))


def test_a_real_center_trusts_no_authority_of_samples() -> None:
    with pytest.raises(ValueError, match="samples"):
        Trust([authority().certificate], sample=False)

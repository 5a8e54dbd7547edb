"""The virtual card behaves as real ones were observed to (shared/protocols/card.md §2, §3)."""

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.ec import ECDSA, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.asymmetric.utils import Prehashed, encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from hypothesis import given
from hypothesis import strategies as st

from drivers.card import jpki
from drivers.card.chip import CardContents, VirtualCard
from drivers.card.jpki import JpkiSession
from drivers.card.sample import Authority, CardKeys, new_p384_key

DIGEST = bytes(range(32))
RSA = jpki.rsa(2048)


def session_with(card: VirtualCard) -> JpkiSession:
    card.power_on()
    session = JpkiSession(lambda apdu: card.transmit(bytes(apdu)))
    session.open()
    return session


def status(card: VirtualCard, apdu: str) -> int:
    return jpki.parse_answer(card.transmit(bytes.fromhex(apdu)))[1]


def verify(session: JpkiSession, pin: bytes) -> None:
    session.select_pin()
    session.verify(pin)


def test_its_certificates_come_back_byte_by_byte(
    card: VirtualCard, keys: CardKeys, authority: Authority
) -> None:
    session = session_with(card)
    assert session.label() == jpki.LABEL_MY_NUMBER
    assert session.availability() == (True, True)
    assert session.certificate() == keys.certificate
    assert session.certificate(jpki.AUTH_CA) == authority.der


def test_its_signature_is_the_one_of_its_certificate(card: VirtualCard, keys: CardKeys) -> None:
    session = session_with(card)
    verify(session, b"1234")
    public_key = x509.load_der_x509_certificate(keys.certificate).public_key()
    assert isinstance(public_key, RSAPublicKey)
    public_key.verify(session.sign(DIGEST, RSA), DIGEST, PKCS1v15(), Prehashed(SHA256()))


def test_without_the_pin_it_does_not_sign(card: VirtualCard) -> None:
    session = session_with(card)
    with pytest.raises(jpki.StatusError, match="6982"):
        session.sign(DIGEST, RSA)


def test_three_wrong_pins_lock_it_and_the_right_one_comes_too_late(card: VirtualCard) -> None:
    session = session_with(card)
    for left in (2, 1, 0):
        with pytest.raises(jpki.PinRefused) as refused:
            verify(session, b"9999")
        assert refused.value.tries_left == left == session.tries_left()
    with pytest.raises(jpki.PinBlocked):
        verify(session, b"1234")


def test_a_right_pin_gives_all_tries_back(card: VirtualCard) -> None:
    session = session_with(card)
    with pytest.raises(jpki.PinRefused):
        verify(session, b"9999")
    verify(session, b"1234")
    assert session.tries_left() == 3


def test_the_tries_survive_power_off_and_the_verified_pin_does_not(card: VirtualCard) -> None:
    session = session_with(card)
    with pytest.raises(jpki.PinRefused):
        verify(session, b"9999")
    card.power_off()
    session = session_with(card)
    assert session.tries_left() == 2
    verify(session, b"1234")
    card.power_off()
    with pytest.raises(jpki.StatusError, match="6982"):
        session_with(card).sign(DIGEST, RSA)


def test_the_verified_pin_survives_a_warm_reset(card: VirtualCard) -> None:
    verify(session_with(card), b"1234")
    assert len(session_with(card).sign(DIGEST, RSA)) == 256


def test_without_power_nothing_answers(card: VirtualCard) -> None:
    assert card.transmit(bytes.fromhex("00a40000")) == b""


def test_the_documented_refusals(card: VirtualCard) -> None:
    card.power_on()
    assert status(card, "00a4040c0aa0000001510000000000") == 0x6A82  # another application
    assert status(card, "00a4020c02000a") == 0x6A82  # no application selected
    assert status(card, "00b0000004") == 0x6986
    assert status(card, "00a4040c05d392f00026") == 0x9000  # a prefix of the AID matches
    assert status(card, "00a40000") == 0x6A86
    assert status(card, "00a4020c020017") == 0x9000
    assert status(card, "00b0000004") == 0x6981  # a key is not transparent
    assert status(card, "00a4020c020001") == 0x9000
    assert status(card, "00b0000004") == 0x6982  # the signature certificate needs its PIN
    assert status(card, "00a4020c02000a") == 0x9000
    assert status(card, "00b07fff04") == 0x6B00
    assert status(card, "80fc0000") == 0x6700
    assert status(card, "00ca0000") == 0x6D00
    assert status(card, "90ca0000") == 0x6E00
    assert status(card, "01a40000") == 0x6881


def test_its_challenges_are_random_and_of_the_length_asked_for(card: VirtualCard) -> None:
    card.power_on()
    one, other = (card.transmit(bytes.fromhex("0084000008")) for _ in range(2))
    assert len(one) == len(other) == 8 + 2
    assert one != other
    assert status(card, "0084010008") == 0x6A86


def test_a_p384_card_signs_plainly_what_its_certificate_verifies(authority: Authority) -> None:
    keys = authority.issue_for(serial=4713, key=new_p384_key())
    session = session_with(VirtualCard(CardContents(keys)))
    verify(session, b"1234")
    digest = bytes(range(48))
    signature = session.sign(digest, jpki.ecdsa_p384())
    public_key = x509.load_der_x509_certificate(session.certificate()).public_key()
    assert isinstance(public_key, EllipticCurvePublicKey)
    r, s = int.from_bytes(signature[:48]), int.from_bytes(signature[48:])
    public_key.verify(encode_dss_signature(r, s), digest, ECDSA(Prehashed(SHA384())))
    with pytest.raises(jpki.StatusError, match="6985"):
        session.sign(bytes(32), jpki.Scheme("sha256", 32, b"", 96))


def test_the_signature_pin_opens_the_signature_certificate(card: VirtualCard, keys: CardKeys) -> None:
    """R11."""
    session = session_with(card)
    assert session.tries_left(jpki.SIGN_PIN) == 5
    assert status(card, "0020008006414243313233") == 0x9000
    assert session.certificate(jpki.SIGN_CERTIFICATE) == keys.certificate


def test_a_phone_guards_its_authentication_certificate(keys: CardKeys) -> None:
    session = session_with(VirtualCard(CardContents(keys, label=jpki.LABEL_ANDROID)))
    with pytest.raises(jpki.StatusError, match="6982"):
        session.certificate()
    verify(session, b"1234")
    assert session.certificate() == keys.certificate


def test_a_card_without_authentication_certificate_says_so(keys: CardKeys) -> None:
    session = session_with(VirtualCard(CardContents(auth=None, sign=keys)))
    assert session.availability() == (True, False)
    with pytest.raises(jpki.NotACertificate):
        session.certificate()


@given(st.lists(st.binary(max_size=20)))
def test_it_answers_anything_and_never_signs_without_a_pin(apdus: list[bytes]) -> None:
    card = VirtualCard(CardContents(auth=None))
    card.power_on()
    for apdu in apdus:
        assert len(card.transmit(apdu)) >= 2

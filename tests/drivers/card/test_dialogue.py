"""The rules of a reading and an authentication, on the in-process reader (no pcscd)."""

import asyncio

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.hashes import SHA256, SHA384
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from drivers.card import jpki, status
from drivers.card.chip import CardContents, VirtualCard
from drivers.card.jpki import INS_READ, INS_SIGN, INS_VERIFY, Command, answer
from drivers.card.sample import Authority, CardKeys, PrivateKey, new_p384_key
from drivers.card.virtual import card_of
from hal import faults
from hal.contracts import CardError, CardProblem, CardReading, PinUnsure, Signed, TokenKind, WrongPin
from hal.events import CardPlaced, CardTaken, DeviceChanged
from hal.faults import DeviceError, Fault
from tests.direct_reader import DirectReader
from tests.drivers.card.conftest import Told

MESSAGE = b"what the kiosk wants signed"


def on_reader(card: VirtualCard, latency: float = 0.0) -> DirectReader:
    reader = DirectReader(latency)
    reader.place(card)
    return reader


def pins_tried(card: VirtualCard) -> int:
    return sum(command.ins == INS_VERIFY and len(command.data) > 0 for command in card.received)


async def problem_of_reading(card: VirtualCard) -> CardProblem:
    with pytest.raises(CardError) as refused:
        await on_reader(card).read()
    return refused.value.problem


@pytest.mark.parametrize(
    ("label", "kind"),
    [
        (jpki.LABEL_MY_NUMBER, TokenKind.MY_NUMBER_CARD),
        (jpki.LABEL_RESIDENT, TokenKind.RESIDENT_CARD),
        (jpki.LABEL_ANDROID, TokenKind.ANDROID),
        (jpki.LABEL_IPHONE, TokenKind.IPHONE),
    ],
)
async def test_the_label_tells_the_kind(keys: CardKeys, label: str, kind: TokenKind) -> None:
    assert (await on_reader(VirtualCard(CardContents(keys, label=label))).read()).kind is kind


async def test_a_phone_shows_no_certificate_before_the_pin(keys: CardKeys) -> None:
    reading = await on_reader(VirtualCard(CardContents(keys, label=jpki.LABEL_ANDROID))).read()
    assert reading.certificate == b""


async def test_an_unknown_label_is_not_a_my_number_card(keys: CardKeys) -> None:
    card = VirtualCard(CardContents(keys, label="SOMETHINGELSE"))
    assert await problem_of_reading(card) is CardProblem.NOT_MY_NUMBER


async def test_a_card_without_the_application_is_not_a_my_number_card(card: VirtualCard) -> None:
    card.speaks_jpki = False
    assert await problem_of_reading(card) is CardProblem.NOT_MY_NUMBER


async def test_a_card_without_certificate_is_told_apart(keys: CardKeys) -> None:
    card = VirtualCard(CardContents(auth=None, sign=keys))
    assert await problem_of_reading(card) is CardProblem.NO_CERTIFICATE


async def test_a_juki_card_is_told_whatever_else_is_on_it() -> None:
    card = VirtualCard(CardContents(None, signature=False, label=jpki.LABEL_RESIDENT))
    card.lock_pin()
    reading = await on_reader(card).read()
    assert reading == CardReading(TokenKind.RESIDENT_CARD, b"", None)


async def test_no_try_and_no_signature_certificate_is_a_card_without_pin(keys: CardKeys) -> None:
    assert await problem_of_reading(card_of("face-card", keys)) is CardProblem.NO_PIN


async def test_a_card_without_a_pin_file_has_no_pin(keys: CardKeys) -> None:
    class Pinless(VirtualCard):
        def _select_file(self, fid: int) -> int:
            return status.NOT_FOUND if fid == jpki.AUTH_PIN else super()._select_file(fid)

    assert await problem_of_reading(Pinless(CardContents(keys))) is CardProblem.NO_PIN


async def test_a_card_that_fails_while_it_is_read_is_unreadable(keys: CardKeys) -> None:
    class Failing(VirtualCard):
        def _read(self, command: Command) -> bytes:
            return answer(0x6400) if command.p1 else super()._read(command)

    assert await problem_of_reading(Failing(CardContents(keys))) is CardProblem.UNREADABLE


# ---------------------------------------------------------------- certificates that lie


@given(st.data())
@settings(max_examples=200, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_certificate_that_cannot_be_parsed_is_no_certificate(keys: CardKeys, data: st.DataObject) -> None:
    """Whatever a card makes of one, it gets one of these two answers."""
    der = bytearray(keys.certificate)
    for _ in range(data.draw(st.integers(1, 4))):
        der[data.draw(st.integers(4, len(der) - 1))] = data.draw(st.integers(0, 255))
    card = VirtualCard(CardContents(CardKeys(keys.key, bytes(der))))
    try:
        reading = asyncio.run(on_reader(card).read())
    except CardError as error:
        assert error.problem is CardProblem.NO_CERTIFICATE
    else:
        parsed = x509.load_der_x509_certificate(reading.certificate)
        assert parsed.not_valid_after_utc and parsed.serial_number is not None


@pytest.mark.parametrize(
    "der",
    [
        b"\x30\x82\x01\x00" + bytes(256),
        b"\x30\x82\x00\x00",
        b"\x30\x80\x00\x00",
        b"\x30\x82\x1f\xf0" + b"\x30" * 0x1FF0,
        b"\x30\x82\x20\x00" + bytes(0x2000),
        b"",
    ],
    ids=["zeros", "empty", "indefinite", "nested", "too long", "none"],
)
async def test_garbage_in_the_place_of_a_certificate_is_no_certificate(keys: CardKeys, der: bytes) -> None:
    card = VirtualCard(CardContents(CardKeys(keys.key, der)))
    assert await problem_of_reading(card) is CardProblem.NO_CERTIFICATE


@pytest.mark.parametrize(
    "key", [rsa.generate_private_key(65537, 3072), ec.generate_private_key(ec.SECP256R1())]
)
async def test_a_key_that_no_card_signs_with_is_no_certificate(authority: Authority, key: PrivateKey) -> None:
    card = VirtualCard(CardContents(authority.issue_for(serial=4720, key=key)))
    assert await problem_of_reading(card) is CardProblem.NO_CERTIFICATE


# ---------------------------------------------------------------- locked, lost, signed


async def test_a_locked_card_is_refused_before_anybody_asks_for_a_pin(card: VirtualCard) -> None:
    card.lock_pin()
    assert await problem_of_reading(card) is CardProblem.BLOCKED


async def test_a_first_answer_of_6f00_does_not_matter(card: VirtualCard) -> None:
    card.answers_6f00_first = True
    assert (await on_reader(card).read()).tries_left == 3


async def test_a_lost_answer_makes_the_reading_unreadable_and_the_next_one_works(card: VirtualCard) -> None:
    card.lose_answer(INS_READ)
    reader = on_reader(card)
    with pytest.raises(CardError, match="unreadable"):
        await reader.read()
    assert (await reader.read()).tries_left == 3


async def test_the_right_pin_signs(card: VirtualCard, keys: CardKeys) -> None:
    pin = bytearray(b"1234")
    signed = await on_reader(card).authenticate(keys.certificate, pin, MESSAGE)
    assert isinstance(signed, Signed)
    assert isinstance(keys.key, rsa.RSAPrivateKey)
    keys.key.public_key().verify(signed.signature, MESSAGE, PKCS1v15(), SHA256())
    assert signed.certificate == keys.certificate
    assert pin == bytes(4)


async def test_a_p384_card_signs_with_sha384(authority: Authority) -> None:
    keys = authority.issue_for(serial=4721, key=new_p384_key())
    reader = on_reader(VirtualCard(CardContents(keys)))
    reading = await reader.read()
    signed = await reader.authenticate(reading.certificate, bytearray(b"1234"), MESSAGE)
    assert isinstance(signed, Signed)
    r, s = int.from_bytes(signed.signature[:48]), int.from_bytes(signed.signature[48:])
    assert isinstance(keys.key, ec.EllipticCurvePrivateKey)
    keys.key.public_key().verify(encode_dss_signature(r, s), MESSAGE, ec.ECDSA(SHA384()))


@pytest.mark.parametrize("kind", ["android", "iphone"])
async def test_a_phone_gives_its_certificate_with_the_signature(keys: CardKeys, kind: str) -> None:
    phone = card_of(kind, keys)
    reader = on_reader(phone)
    reading = await reader.read()
    assert await reader.authenticate(reading.certificate, bytearray(b"0000"), MESSAGE) == WrongPin(2)
    signed = await reader.authenticate(reading.certificate, bytearray(b"1234"), MESSAGE)
    assert isinstance(signed, Signed)
    assert signed.certificate == keys.certificate


async def test_a_lost_answer_to_a_phones_pin_is_unsure(keys: CardKeys) -> None:
    phone = card_of("android", keys)
    phone.lose_answer(INS_VERIFY)
    assert await on_reader(phone).authenticate(b"", bytearray(b"0000"), MESSAGE) == PinUnsure(2)


async def test_a_phone_in_the_place_of_the_card_never_sees_the_pin(keys: CardKeys) -> None:
    phone = card_of("android", keys)
    with pytest.raises(CardError, match="another-card"):
        await on_reader(phone).authenticate(keys.certificate, bytearray(b"1234"), MESSAGE)
    assert pins_tried(phone) == 0


async def test_wrong_pins_count_down_to_the_lock(card: VirtualCard, keys: CardKeys) -> None:
    reader = on_reader(card)
    for left in (2, 1, 0):
        answer = await reader.authenticate(keys.certificate, bytearray(b"0000"), MESSAGE)
        assert answer == WrongPin(left)
    with pytest.raises(CardError, match="pin-blocked"):
        await reader.authenticate(keys.certificate, bytearray(b"1234"), MESSAGE)
    assert pins_tried(card) == 3


async def test_another_card_never_sees_the_pin(authority: Authority, card: VirtualCard) -> None:
    other = authority.issue_for(serial=4712)
    with pytest.raises(CardError, match="another-card"):
        await on_reader(card).authenticate(other.certificate, bytearray(b"1234"), MESSAGE)
    assert pins_tried(card) == 0


async def test_without_a_certificate_read_before_no_pin_is_sent(card: VirtualCard) -> None:
    with pytest.raises(CardError, match="no-authentication-certificate"):
        await on_reader(card).authenticate(b"", bytearray(b"1234"), MESSAGE)
    assert pins_tried(card) == 0


@pytest.mark.parametrize("pin", [b"", b"123", b"12345", b"12 4", b"\0\0\0\0"])
async def test_what_is_not_four_digits_is_not_sent(card: VirtualCard, keys: CardKeys, pin: bytes) -> None:
    """R4."""
    with pytest.raises(ValueError, match="four digits"):
        await on_reader(card).authenticate(keys.certificate, bytearray(pin), MESSAGE)
    assert pins_tried(card) == 0


class Silent(VirtualCard):
    """Does not tell how many tries are left."""

    sw = status.OK

    def transmit(self, apdu: bytes) -> bytes:
        told = super().transmit(apdu)
        return answer(self.sw) if apdu == jpki.query_tries().encode() else told


@pytest.mark.parametrize("sw", [status.OK, status.UNLIMITED_TRIES])
async def test_a_card_that_does_not_tell_its_counter_never_gets_a_pin(keys: CardKeys, sw: int) -> None:
    card = Silent(CardContents(keys))
    card.sw = sw
    with pytest.raises(CardError, match="unreadable"):
        await on_reader(card).authenticate(keys.certificate, bytearray(b"1234"), MESSAGE)
    assert pins_tried(card) == 0


async def test_a_lost_answer_to_verify_is_unsure_and_never_sent_again(
    card: VirtualCard, keys: CardKeys
) -> None:
    card.lose_answer(INS_VERIFY)
    answer = await on_reader(card).authenticate(keys.certificate, bytearray(b"0000"), MESSAGE)
    assert answer == PinUnsure(2)
    assert pins_tried(card) == 1


async def test_a_card_that_says_nothing_after_a_lost_verify_leaves_the_tries_open(
    card: VirtualCard, keys: CardKeys
) -> None:
    card.lose_answer(INS_VERIFY)
    card.lose_answer(INS_READ)
    answer = await on_reader(card).authenticate(keys.certificate, bytearray(b"1234"), MESSAGE)
    assert answer == PinUnsure(None)


async def test_a_lost_signature_is_an_error_and_costs_no_try(card: VirtualCard, keys: CardKeys) -> None:
    card.lose_answer(INS_SIGN)
    with pytest.raises(CardError, match="unreadable"):
        await on_reader(card).authenticate(keys.certificate, bytearray(b"1234"), MESSAGE)
    assert card.pin.tries_left == 3


async def test_a_card_taken_while_it_is_read_is_removed(card: VirtualCard) -> None:
    reader = on_reader(card, latency=0.01)
    reading = asyncio.create_task(reader.read())
    await asyncio.sleep(0)
    reader.take()
    with pytest.raises(CardError, match="removed"):
        await reading


async def test_the_direct_reader_tells_what_a_real_one_tells(card: VirtualCard, told: Told) -> None:
    reader = DirectReader()
    running = asyncio.create_task(reader.run(told.emit))
    assert [await told.next(), await told.next()] == [DeviceChanged("card", None), CardTaken()]
    reader.place(card)
    assert (await told.next(), reader.card_present) == (CardPlaced(), True)
    reader.take()
    assert (await told.next(), reader.card_present) == (CardTaken(), False)
    fault = Fault(faults.READER_HUNG, "card", "a test")
    reader.fail(fault)
    assert (await told.next(), reader.card_present) == (DeviceChanged("card", fault), None)
    with pytest.raises(DeviceError):
        await reader.read()
    running.cancel()
    await asyncio.wait({running})

"""The rules of a reading and an authentication, on the in-process reader (no pcscd)."""

import asyncio

import pytest

from drivers.card import jpki
from drivers.card.chip import CardContents, VirtualCard
from drivers.card.jpki import INS_READ, INS_SIGN, INS_VERIFY
from drivers.card.sample import Authority, CardKeys
from hal import faults
from hal.contracts import CardError, CardProblem, PinUnsure, Signed, TokenKind, WrongPin
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
    answer = await on_reader(card).authenticate(keys.certificate, pin, MESSAGE)
    assert isinstance(answer, Signed)
    assert len(answer.signature) == 256
    assert pin == bytes(4)


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
    with pytest.raises(ValueError, match="four digits"):
        await on_reader(card).authenticate(keys.certificate, bytearray(pin), MESSAGE)
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

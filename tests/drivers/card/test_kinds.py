"""What citizens lay on the reader, told apart over a real pcscd by application and label, never by ATR."""

import pytest

from drivers.card import jpki
from drivers.card.chip import CONTACTLESS_ATR, CardContents, VirtualCard
from drivers.card.foreign import FOREIGN, ForeignCard, ForeignKind
from drivers.card.jpki import Command
from drivers.card.pcsc import PcscReader
from drivers.card.sample import CardKeys
from drivers.card.virtual import KINDS, card_of
from drivers.card.virtual_reader import PrivatePcscd
from drivers.card.vpcd import VpcdSlot
from hal.contracts import CardProblem, TokenKind
from hal.events import CardTaken
from tests.drivers.card.conftest import Told
from tests.drivers.card.usb_reader import UsbReader
from tests.drivers.card.wire import impatient, place, problem_of_reading

ATRS = (
    CONTACTLESS_ATR,
    bytes.fromhex("3BE000FF8131FE4514"),
    bytes.fromhex("3BDA13FF8131FB468012392F31C173C601C03B"),
    bytes.fromhex("3BF59100FF918171FE400042000100D1D6"),
)
"""Of My Number cards in contact and contactless readers; the second is also a 住民基本台帳カード's."""
FOREIGN_PROBLEMS = {
    "transit-card": CardProblem.NOT_MY_NUMBER,
    "driving-licence": CardProblem.NOT_MY_NUMBER,
    "bank-card": CardProblem.NOT_MY_NUMBER,
    "mute-card": CardProblem.UNREADABLE,
    "garbage-card": CardProblem.UNREADABLE,
}
HUGE = b"\x30\x82\x1f\xf0" + bytes(0x1FF0)


class DrippingCard(VirtualCard):
    """Gives its files one byte at a time."""

    def _read(self, command: Command) -> bytes:
        if command.p1 or command.p2:
            command.le = 1
        return super()._read(command)


@pytest.mark.parametrize("atr", ATRS)
@pytest.mark.parametrize("kind", TokenKind)
async def test_the_label_tells_the_kind_whatever_the_atr(
    reader: PcscReader, slot: VpcdSlot, keys: CardKeys, told: Told, kind: TokenKind, atr: bytes
) -> None:
    card = card_of(kind.value, keys)
    card.atr = atr
    await place(slot, card, told)
    assert (await reader.read()).kind is kind


@pytest.mark.parametrize("name", FOREIGN)
async def test_a_card_of_another_kind_is_none_of_ours_and_the_next_card_works(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told, name: str
) -> None:
    await place(slot, ForeignCard(FOREIGN[name]), told)
    assert await problem_of_reading(reader) is FOREIGN_PROBLEMS[name]
    await slot.remove()
    assert await told.next() == CardTaken()
    await place(slot, card, told)
    assert (await reader.read()).tries_left == 3


async def test_a_card_that_does_not_answer_its_reset_is_unreadable(
    pcscd: UsbReader, reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told
) -> None:
    with pcscd.cards_mute():
        await place(slot, card, told)
        assert await problem_of_reading(reader) is CardProblem.UNREADABLE
    await slot.remove()
    assert await told.next() == CardTaken()
    await place(slot, card, told)
    assert (await reader.read()).tries_left == 3


async def test_a_card_with_the_atr_of_a_my_number_card_alone_is_none(
    reader: PcscReader, slot: VpcdSlot, told: Told
) -> None:
    await place(slot, ForeignCard(ForeignKind(CONTACTLESS_ATR)), told)
    assert await problem_of_reading(reader) is CardProblem.NOT_MY_NUMBER


async def test_a_face_authentication_card_has_no_pin(
    reader: PcscReader, slot: VpcdSlot, keys: CardKeys, told: Told
) -> None:
    await place(slot, card_of("face-card", keys), told)
    assert await problem_of_reading(reader) is CardProblem.NO_PIN


async def test_a_certificate_longer_than_8_kb_is_not_even_read(
    reader: PcscReader, slot: VpcdSlot, keys: CardKeys, told: Told
) -> None:
    card = VirtualCard(CardContents(CardKeys(keys.key, b"\x30\x82\x20\x00" + bytes(0x2000))))
    await place(slot, card, told)
    assert await problem_of_reading(reader) is CardProblem.NO_CERTIFICATE
    assert [command.le for command in card.received if command.ins == jpki.INS_READ][-1] == 4


async def test_a_card_that_answers_for_ever_is_stopped_by_the_total_deadline(
    pcscd: PrivatePcscd, slot: VpcdSlot, keys: CardKeys, told: Told
) -> None:
    async with impatient(pcscd, told) as reader:
        await place(slot, DrippingCard(CardContents(CardKeys(keys.key, HUGE))), told)
        assert await problem_of_reading(reader) is CardProblem.UNREADABLE
        assert told.silent, "the reader itself is well"
        await slot.remove()
        assert await told.next() == CardTaken()
        await place(slot, card_of("my-number-card", keys), told)
        assert (await reader.read()).tries_left == 3


def test_every_kind_of_card_is_among_these() -> None:
    assert set(FOREIGN) == set(FOREIGN_PROBLEMS)
    assert {kind.value for kind in TokenKind} | {"face-card"} == set(KINDS)

"""The PC/SC driver through a real pcscd and vsmartcard's virtual reader."""

import asyncio
import threading
from contextlib import suppress

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from cryptography.hazmat.primitives.hashes import SHA256

from drivers.card import jpki, scard
from drivers.card.chip import CardContents, VirtualCard
from drivers.card.connection import CardJob
from drivers.card.jpki import JpkiSession
from drivers.card.pcsc import PcscReader, PcscSettings
from drivers.card.sample import Authority, CardKeys
from drivers.card.virtual_reader import PrivatePcscd
from drivers.card.vpcd import VpcdSlot
from hal import faults
from hal.contracts import CardError, Signed, TokenKind, WrongPin
from hal.events import CardTaken
from tests.drivers.card.conftest import Told
from tests.drivers.card.wire import MESSAGE, READER, fault_of_reading, next_fault, pins_tried, place

# ---------------------------------------------------------------- what lies on the reader


async def test_a_card_is_told_when_it_comes_and_when_it_goes(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told
) -> None:
    assert (reader.virtual, reader.card_present) == (True, False)
    await place(slot, card, told)
    assert reader.card_present is True
    await slot.remove()
    assert await told.next() == CardTaken()
    assert reader.card_present is False


async def test_nothing_is_known_before_it_runs(pcscd: PrivatePcscd) -> None:
    reader = PcscReader(PcscSettings(socket=str(pcscd.socket)))
    assert reader.card_present is None
    assert await fault_of_reading(reader) == faults.PCSC_DOWN


async def test_a_reader_that_does_not_exist_is_absent(pcscd: PrivatePcscd, told: Told) -> None:
    reader = PcscReader(PcscSettings(reader="SCR3310", socket=str(pcscd.socket)))
    running = asyncio.create_task(reader.run(told.emit))
    assert await next_fault(told) == faults.READER_ABSENT
    assert await fault_of_reading(reader) == faults.READER_ABSENT
    assert reader.card_present is None
    running.cancel()
    await asyncio.wait({running})


async def test_a_second_pcscd_in_one_process_is_refused(reader: PcscReader) -> None:
    with pytest.raises(scard.SocketFixed):
        PcscReader(PcscSettings(socket="/somewhere/else"))


async def test_its_end_leaves_no_thread(pcscd: PrivatePcscd, told: Told) -> None:
    reader = PcscReader(PcscSettings(socket=str(pcscd.socket)))
    running = asyncio.create_task(reader.run(told.emit))
    assert await next_fault(told) is None
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running
    for thread in threading.enumerate():
        if thread.name == "card monitor":
            thread.join(1)  # it has returned, and is on its way out
            assert not thread.is_alive()
    assert reader.card_present is None


# ---------------------------------------------------------------- reading and signing


async def test_a_card_is_read(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, keys: CardKeys, told: Told
) -> None:
    await place(slot, card, told)
    reading = await reader.read()
    assert reading.kind is TokenKind.MY_NUMBER_CARD
    assert reading.certificate == keys.certificate
    assert reading.tries_left == 3


async def test_the_signature_verifies_with_the_certificate(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told
) -> None:
    await place(slot, card, told)
    certificate = (await reader.read()).certificate
    pin = bytearray(b"1234")
    signed = await reader.authenticate(certificate, pin, MESSAGE)
    assert isinstance(signed, Signed)
    public_key = x509.load_der_x509_certificate(certificate).public_key()
    assert isinstance(public_key, RSAPublicKey)
    public_key.verify(signed.signature, MESSAGE, PKCS1v15(), SHA256())
    assert signed.certificate == certificate
    assert pin == bytes(4)


async def test_wrong_pins_lock_the_card_for_good(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, keys: CardKeys, told: Told
) -> None:
    await place(slot, card, told)
    for left in (2, 1, 0):
        pin = bytearray(b"0000")
        assert await reader.authenticate(keys.certificate, pin, MESSAGE) == WrongPin(left)
        assert pin == bytes(4)
    with pytest.raises(CardError, match="pin-blocked"):
        await reader.read()
    with pytest.raises(CardError, match="pin-blocked"):
        await reader.authenticate(keys.certificate, bytearray(b"1234"), MESSAGE)
    assert pins_tried(card) == 3


async def test_after_an_authentication_the_card_has_forgotten_the_pin(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, keys: CardKeys, told: Told
) -> None:
    await place(slot, card, told)
    assert isinstance(await reader.authenticate(keys.certificate, bytearray(b"1234"), MESSAGE), Signed)

    def sign_at_once() -> None:
        with CardJob(READER).connect() as transmit:
            session = JpkiSession(transmit)
            session.open()
            session.sign(bytes(32), jpki.rsa(2048))

    with pytest.raises(jpki.StatusError, match="6982"):
        await asyncio.to_thread(sign_at_once)


async def test_another_card_is_noticed_before_the_pin_is_sent(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, authority: Authority, told: Told
) -> None:
    await place(slot, card, told)
    first = (await reader.read()).certificate
    await slot.remove()
    assert await told.next() == CardTaken()
    second = VirtualCard(CardContents(authority.issue_for(serial=4712), authority.der))
    await place(slot, second, told)
    with pytest.raises(CardError, match="another-card"):
        await reader.authenticate(first, bytearray(b"1234"), MESSAGE)
    assert pins_tried(second) == 0


async def test_what_is_not_four_digits_never_reaches_the_card(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, keys: CardKeys, told: Told
) -> None:
    await place(slot, card, told)
    pin = bytearray(b"12345")
    with pytest.raises(ValueError, match="four digits"):
        await reader.authenticate(keys.certificate, pin, MESSAGE)
    assert pins_tried(card) == 0
    assert pin == bytes(5)


async def test_the_contexts_are_given_back(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told
) -> None:
    """pcscd has about 198 of them."""
    await place(slot, card, told)
    for _ in range(210):
        await reader.read()

"""The survey of a card reader over a real pcscd: it tells what may be told, and spends nothing."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from datetime import UTC, datetime, timedelta

import pytest

from drivers.card import dialogue, jpki, scard
from drivers.card.chip import CardContents, VirtualCard
from drivers.card.jpki import INS_READ, INS_SELECT, INS_VERIFY
from drivers.card.pcsc import PcscReader, PcscSettings
from drivers.card.sample import Authority, CardKeys
from drivers.card.survey import PcscSurvey
from drivers.card.virtual_reader import PrivatePcscd
from drivers.card.vpcd import VpcdSlot
from hal import faults
from hal.contracts import Finding, Survey
from tests.drivers.card.conftest import PATIENCE, Told
from tests.drivers.card.wire import READER, place

PIN = b"1234"


class Technician:
    """Follows a survey."""

    def __init__(self, looks: AsyncGenerator[tuple[Finding, ...], None]) -> None:
        self._looks = looks

    async def sees(self, **facts: str) -> dict[str, str]:
        """The facts of the next look at the card or, without one, the reader in which these hold."""
        async with asyncio.timeout(PATIENCE):
            async for found in self._looks:
                last = dict(found[-1].facts)
                if facts.items() <= last.items():
                    return last
        raise AssertionError("the survey has ended")


@pytest.fixture
async def technician(pcscd: PrivatePcscd, slot: VpcdSlot) -> AsyncIterator[Technician]:
    """Has seen the empty reader."""
    survey: Survey = PcscSurvey(PcscSettings("Kiosk", str(pcscd.socket)))
    async with aclosing(survey.looks()) as looks:
        technician = Technician(looks)
        await technician.sees(card="none")
        yield technician


async def test_the_reader_is_told_by_its_name_and_what_lies_on_it(
    technician: Technician, pcscd: PrivatePcscd, slot: VpcdSlot, card: VirtualCard
) -> None:
    await slot.insert(card)
    await technician.sees(kind="my-number-card")
    await slot.remove()
    assert await technician.sees(card="none") == {
        "name": READER,
        "model": "Kiosk Virtual 0",
        "serial": "not told",
        "pcscd": str(pcscd.socket),
        "simulator": "yes",
        "card": "none",
    }


async def test_a_card_is_told_by_kind_tries_and_whether_it_is_in_date(
    technician: Technician, slot: VpcdSlot, card: VirtualCard
) -> None:
    card.pin.tries_left = 2
    await slot.insert(card)
    seen = await technician.sees(kind="my-number-card")
    assert seen["tries of the PIN"] == "2"
    assert seen["certificate"].startswith("in date, ends in 20")


async def test_no_try_of_the_pin_is_spent_and_nothing_is_signed(
    technician: Technician, slot: VpcdSlot, card: VirtualCard
) -> None:
    card.pin.tries_left = 1
    await slot.insert(card)
    await technician.sees(**{"tries of the PIN": "1"})
    assert card.pin.tries_left == 1
    assert {command.ins for command in card.received} == {INS_SELECT, INS_READ, INS_VERIFY}
    verifications = [command for command in card.received if command.ins == INS_VERIFY]
    assert verifications and not any(command.data for command in verifications)


@pytest.mark.parametrize("apdu", [jpki.verify(PIN).encode(), jpki.sign(bytes(32), jpki.rsa(2048)).encode()])
def test_a_pin_or_a_signature_cannot_even_be_asked_for(apdu: bytearray, card: VirtualCard) -> None:
    with pytest.raises(PermissionError, match="does not send"):
        dialogue._reading_only(lambda sent: card.transmit(bytes(sent)))(apdu)
    assert not card.received


async def test_nothing_of_the_holder_is_told(
    technician: Technician, slot: VpcdSlot, authority: Authority
) -> None:
    """The last day of a certificate is the holder's birthday."""
    ends = datetime(2034, 11, 23, 14, 59, 59, tzinfo=UTC)
    keys = authority.issue(987654321, datetime.now(UTC) - timedelta(1), ends)
    await slot.insert(VirtualCard(CardContents(keys, authority.der)))
    seen = await technician.sees(kind="my-number-card")
    assert seen["certificate"] == "in date, ends in 2034"
    assert "11" not in seen["certificate"]
    assert "987654321" not in repr(seen)


@pytest.mark.parametrize(("days", "word"), [(-1, "out of date"), (1, "in date")])
async def test_a_certificate_out_of_date_is_called_so(
    technician: Technician, slot: VpcdSlot, authority: Authority, keys: CardKeys, days: int, word: str
) -> None:
    now = datetime.now(UTC)
    issued = authority.issue(1, now - timedelta(9), now + timedelta(days), keys.key)
    await slot.insert(VirtualCard(CardContents(issued)))
    assert (await technician.sees(kind="my-number-card"))["certificate"].startswith(word)


async def test_a_locked_card_is_told_as_locked(
    technician: Technician, slot: VpcdSlot, card: VirtualCard
) -> None:
    card.lock_pin()
    await slot.insert(card)
    assert (await technician.sees(kind="my-number-card"))["tries of the PIN"].startswith("0: locked")


async def test_a_phone_and_a_card_without_certificate_are_told(
    technician: Technician, slot: VpcdSlot, keys: CardKeys
) -> None:
    await slot.insert(VirtualCard(CardContents(keys, label=jpki.LABEL_ANDROID)))
    assert (await technician.sees(kind="android"))["certificate"] == "to be read after the PIN only"
    await slot.remove()
    await technician.sees(card="none")
    await slot.insert(VirtualCard(CardContents(None)))
    seen = await technician.sees(kind="my-number-card")
    assert seen["certificate"] == "no user-authentication certificate"


async def test_another_card_is_told_as_no_my_number_card(
    technician: Technician, slot: VpcdSlot, card: VirtualCard
) -> None:
    card.speaks_jpki = False
    await slot.insert(card)
    await technician.sees(kind="no My Number card: it has no JPKI application")


async def test_a_reader_of_another_name_is_absent_and_those_there_are_named(pcscd: PrivatePcscd) -> None:
    async with aclosing(PcscSurvey(PcscSettings("Sony", str(pcscd.socket))).looks()) as looks:
        (found,) = await anext(looks)
    (fault,) = found.faults
    assert fault.code == faults.READER_ABSENT
    assert f"none is called 'Sony', only: {READER}" in fault.detail
    assert found.facts == (("pcscd", str(pcscd.socket)),)


async def test_a_reader_that_another_program_has_is_busy_until_it_is_free(
    reader: PcscReader, told: Told, pcscd: PrivatePcscd, slot: VpcdSlot, card: VirtualCard
) -> None:
    await place(slot, card, told)
    with scard.context() as context:
        taken = await asyncio.to_thread(context.connect, READER)
        async with aclosing(PcscSurvey(PcscSettings(READER, str(pcscd.socket))).looks()) as looks:
            (found,) = await anext(looks)
            assert [fault.code for fault in found.faults] == [faults.READER_BUSY]
            await asyncio.to_thread(taken.power_off)
            async with asyncio.timeout(PATIENCE):
                while len(found_now := await anext(looks)) < 2:
                    pass
            assert not found_now[0].faults
            assert found_now[1].name == "card"

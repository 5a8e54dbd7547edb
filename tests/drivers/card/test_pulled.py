"""A card that is pulled, or changed for another, at every point of an authentication, over a real pcscd."""

import asyncio

import pytest

from drivers.card.chip import CardContents, VirtualCard
from drivers.card.jpki import INS_SIGN, INS_VERIFY, Command
from drivers.card.pcsc import PcscReader
from drivers.card.sample import Authority, CardKeys
from drivers.card.vpcd import VpcdSlot
from hal.contracts import CardError, CardProblem, PinUnsure, Signed, WrongPin
from hal.events import CardTaken
from tests.drivers.card.conftest import Told
from tests.drivers.card.wire import MESSAGE, HoldingCard, SeenCard, pins_tried, place

COMMANDS = 18  # of an authentication: fewer would be fewer points at which a card can be pulled
VERIFY = 16
ENDS_OF_A_SWAP = (
    CardProblem.REMOVED,
    CardProblem.UNREADABLE,
    CardProblem.CHANGED,
    PinUnsure(None),  # VERIFY itself was lost, and the new card was not ready to be asked
)
Outcome = Signed | WrongPin | PinUnsure | CardProblem


async def authenticate(reader: PcscReader, certificate: bytes) -> Outcome:
    try:
        return await reader.authenticate(certificate, bytearray(b"1234"), MESSAGE)
    except CardError as error:
        return error.problem


async def commands_of(reader: PcscReader, slot: VpcdSlot, keys: CardKeys, told: Told) -> tuple[Command, ...]:
    """Those of an undisturbed authentication."""
    card = VirtualCard(CardContents(keys))
    await place(slot, card, told)
    assert isinstance(await authenticate(reader, keys.certificate), Signed)
    await slot.remove()
    assert await told.next() == CardTaken()
    return tuple(card.received)


async def test_a_card_pulled_after_any_command_is_removed_and_works_again(
    reader: PcscReader, slot: VpcdSlot, keys: CardKeys, told: Told
) -> None:
    commands = await commands_of(reader, slot, keys, told)
    assert len(commands) == COMMANDS
    assert commands[VERIFY - 1].ins == INS_VERIFY and commands[VERIFY - 1].data
    for answered in range(1, COMMANDS):
        card = HoldingCard(keys, slot, answered)
        await place(slot, card, told)
        running = asyncio.create_task(authenticate(reader, keys.certificate))
        await card.held()
        await slot.remove()
        assert await running is CardProblem.REMOVED, answered
        assert await told.next() == CardTaken()
        assert pins_tried(card) == (answered >= VERIFY), answered
        slot.resume()
        await place(slot, card, told)
        assert (await reader.read()).tries_left == 3
        await slot.remove()
        assert await told.next() == CardTaken()


@pytest.mark.parametrize("answered", [1, 4, 10, VERIFY - 2, VERIFY - 1, VERIFY, VERIFY + 1])
async def test_a_card_changed_for_another_after_any_command_never_gives_it_the_pin(
    reader: PcscReader, slot: VpcdSlot, keys: CardKeys, authority: Authority, told: Told, answered: int
) -> None:
    """So quickly that pcscd may put the new card under the old one's handle, and tell nobody."""
    others = authority.issue_for(serial=4712, key=keys.key)
    first, second = HoldingCard(keys, slot, answered), SeenCard(others)
    await place(slot, first, told)
    running = asyncio.create_task(authenticate(reader, keys.certificate))
    await first.held()
    await slot.remove()
    slot.resume()
    await slot.insert(second)
    assert await running in ENDS_OF_A_SWAP
    assert pins_tried(second) == 0
    assert INS_SIGN not in [command.ins for command in second.received]
    second.looked.clear()
    await second.looked.wait()  # pcscd keeps a card for ever that comes and goes between two looks

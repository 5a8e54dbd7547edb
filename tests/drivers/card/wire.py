"""Steps and questions that the tests over a real pcscd share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import pytest

from drivers.card.chip import CardContents, VirtualCard
from drivers.card.jpki import INS_VERIFY
from drivers.card.pcsc import PcscReader, PcscSettings
from drivers.card.sample import CardKeys
from drivers.card.virtual_reader import PrivatePcscd
from drivers.card.vpcd import Card, VpcdSlot
from hal import faults
from hal.contracts import CardError, CardProblem
from hal.events import CardPlaced, CardTaken, DeviceChanged
from hal.faults import DeviceError
from tests.drivers.card.conftest import Told

READER = "Kiosk Virtual 0 00 00"
MESSAGE = b"what the kiosk wants signed"


class HoldingCard(VirtualCard):
    """After so many commands nothing more comes from the reader, until it is resumed."""

    def __init__(self, keys: CardKeys, slot: VpcdSlot, commands: int) -> None:
        super().__init__(CardContents(keys))
        self._slot = slot
        self._left = commands
        self._answered = asyncio.Event()

    def transmit(self, apdu: bytes) -> bytes:
        response = super().transmit(apdu)
        self._left -= 1
        if self._left == 0:
            self._slot.stall()
            self._answered.set()
        return response

    async def held(self) -> None:
        """Until the next frame after the last answered command waits."""
        await self._answered.wait()
        await self._slot.asked.wait()


class SeenCard(VirtualCard):
    """looked: set when the reader has looked whether it is there."""

    def __init__(self, keys: CardKeys) -> None:
        self.looked = asyncio.Event()
        super().__init__(CardContents(keys))

    @property
    def atr(self) -> bytes:
        self.looked.set()
        return self._atr

    @atr.setter
    def atr(self, atr: bytes) -> None:
        self._atr = atr


@asynccontextmanager
async def impatient(pcscd: PrivatePcscd, told: Told, deadline: float = 0.3) -> AsyncIterator[PcscReader]:
    """A running reader with a short deadline that has seen no card."""
    reader = PcscReader(PcscSettings(reader="Kiosk", socket=str(pcscd.socket), deadline=deadline))
    running = asyncio.create_task(reader.run(told.emit))
    assert await next_fault(told) is None
    while await told.next() != CardTaken():
        pass  # the card of the test before is still being noticed
    yield reader
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def place(slot: VpcdSlot, card: Card, told: Told) -> None:
    await slot.insert(card)
    assert await told.next() == CardPlaced()


async def problem_of_reading(reader: PcscReader) -> CardProblem:
    with pytest.raises(CardError) as refused:
        await reader.read()
    return refused.value.problem


async def fault_of_reading(reader: PcscReader) -> str:
    with pytest.raises(DeviceError) as refused:
        await reader.read()
    return refused.value.fault.code


async def next_fault(told: Told) -> str | None:
    event = await told.next()
    assert isinstance(event, DeviceChanged)
    return event.fault.code if isinstance(event.fault, faults.Fault) else None


def pins_tried(card: VirtualCard) -> int:
    return sum(command.ins == INS_VERIFY and len(command.data) > 0 for command in card.received)

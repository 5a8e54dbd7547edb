"""Steps and questions that the tests over a real pcscd share."""

import pytest

from drivers.card.chip import VirtualCard
from drivers.card.jpki import INS_VERIFY
from drivers.card.pcsc import PcscReader
from drivers.card.vpcd import VpcdSlot
from hal import faults
from hal.events import CardPlaced, DeviceChanged
from hal.faults import DeviceError
from tests.drivers.card.conftest import Told

READER = "Kiosk Virtual 0 00 00"
MESSAGE = b"what the kiosk wants signed"


async def place(slot: VpcdSlot, card: VirtualCard, told: Told) -> None:
    await slot.insert(card)
    assert await told.next() == CardPlaced()


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

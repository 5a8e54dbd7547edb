"""What goes wrong with card, reader and pcscd (card.md §4), through a real pcscd."""

import asyncio
import sys
import threading

import pytest

from drivers.card.chip import VirtualCard
from drivers.card.connection import CardJob
from drivers.card.jpki import INS_READ, INS_VERIFY
from drivers.card.pcsc import PcscReader, PcscSettings
from drivers.card.sample import CardKeys
from drivers.card.virtual_reader import PrivatePcscd
from drivers.card.vpcd import VpcdSlot
from hal import faults
from hal.contracts import CardError, PinUnsure
from hal.events import CardPlaced, CardTaken
from hal.faults import DeviceError
from tests.drivers.card.conftest import Told
from tests.drivers.card.wire import MESSAGE, READER, fault_of_reading, next_fault, pins_tried, place


async def test_a_lost_answer_to_verify_is_unsure_and_never_sent_again(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, keys: CardKeys, told: Told
) -> None:
    await place(slot, card, told)
    card.lose_answer(INS_VERIFY)
    assert await reader.authenticate(keys.certificate, bytearray(b"0000"), MESSAGE) == PinUnsure(2)
    assert pins_tried(card) == 1


async def test_a_card_that_lies_badly_is_unreadable_and_works_when_it_lies_well(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told
) -> None:
    await place(slot, card, told)
    card.lose_answer(INS_READ)
    with pytest.raises(CardError, match="unreadable"):
        await reader.read()
    assert (await reader.read()).tries_left == 3


async def test_a_card_taken_between_reading_and_pin_is_removed(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told
) -> None:
    await place(slot, card, told)
    certificate = (await reader.read()).certificate
    await slot.remove()
    with pytest.raises(CardError, match="removed"):
        await reader.authenticate(certificate, bytearray(b"1234"), MESSAGE)
    assert await told.next() == CardTaken()


async def test_a_card_pulled_in_the_middle_of_a_command_is_removed(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told
) -> None:
    await place(slot, card, told)
    slot.stall()
    reading = asyncio.create_task(reader.read())
    await slot.asked.wait()
    await slot.remove()
    with pytest.raises(CardError, match="removed"):
        await reading
    assert await told.next() == CardTaken()


async def test_a_pcscd_that_dies_is_a_fault_until_it_is_back(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told, pcscd: PrivatePcscd
) -> None:
    pcscd.kill()
    try:
        assert await next_fault(told) == faults.PCSC_DOWN
        assert reader.card_present is None
        assert await fault_of_reading(reader) == faults.PCSC_DOWN
    finally:
        pcscd.start()
    assert await next_fault(told) is None
    await place(slot, card, told)
    assert (await reader.read()).tries_left == 3


async def test_a_card_left_on_the_reader_is_still_there_after_pcscd_restarts(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told, pcscd: PrivatePcscd
) -> None:
    await place(slot, card, told)
    pcscd.restart()
    assert await next_fault(told) == faults.PCSC_DOWN
    assert await next_fault(told) is None
    while not reader.card_present:
        await told.next()
    assert (await reader.read()).tries_left == 3


async def test_a_reader_that_hangs_is_a_fault_until_it_answers(
    pcscd: PrivatePcscd, slot: VpcdSlot, card: VirtualCard, keys: CardKeys, told: Told
) -> None:
    reader = PcscReader(PcscSettings(reader="Kiosk", socket=str(pcscd.socket), deadline=0.5))
    running = asyncio.create_task(reader.run(told.emit))
    assert await next_fault(told) is None
    await slot.insert(card)
    while await told.next() != CardPlaced():
        pass
    slot.stall()
    pin = bytearray(b"1234")
    with pytest.raises(DeviceError, match=faults.READER_HUNG):
        await reader.authenticate(keys.certificate, pin, MESSAGE)
    assert pin == bytes(4)
    assert await next_fault(told) == faults.READER_HUNG
    assert await fault_of_reading(reader) == faults.READER_HUNG
    slot.resume()
    assert await next_fault(told) is None
    assert pins_tried(card) == 0
    assert (await reader.read()).tries_left == 3
    running.cancel()
    await asyncio.wait({running})


async def test_a_reader_may_hang_only_once_it_is_used(
    pcscd: PrivatePcscd, slot: VpcdSlot, card: VirtualCard, told: Told
) -> None:
    reader = PcscReader(PcscSettings(reader="Kiosk", socket=str(pcscd.socket), deadline=0.5))
    running = asyncio.create_task(reader.run(told.emit))
    assert await next_fault(told) is None
    slot.stall_at_command()
    await slot.insert(card)
    while await told.next() != CardPlaced():
        pass
    assert await fault_of_reading(reader) == faults.READER_HUNG
    slot.resume()
    assert await next_fault(told) == faults.READER_HUNG
    assert await next_fault(told) is None
    assert (await reader.read()).tries_left == 3
    running.cancel()
    await asyncio.wait({running})


async def test_a_rival_in_a_process_of_its_own_keeps_the_reader_without_a_card(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told, pcscd: PrivatePcscd
) -> None:
    rival = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "drivers.card.virtual_rival"),
        *("--socket", str(pcscd.socket), "--reader", "Kiosk"),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert rival.stdin is not None
    assert rival.stdout is not None
    rival.stdin.write(b"hold\n")
    assert await rival.stdout.readline() == b"ok\n"
    await place(slot, card, told)
    assert await fault_of_reading(reader) == faults.READER_BUSY
    assert await next_fault(told) == faults.READER_BUSY
    rival.stdin.close()
    assert await rival.wait() == 0
    assert await next_fault(told) is None
    assert (await reader.read()).tries_left == 3


async def test_a_reader_that_another_program_holds_is_busy_until_it_lets_go(
    reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told
) -> None:
    await place(slot, card, told)
    let_go = threading.Event()
    held = asyncio.Event()
    loop = asyncio.get_running_loop()

    def hold() -> None:
        with CardJob(READER).connect():
            loop.call_soon_threadsafe(held.set)
            let_go.wait()

    holding = asyncio.create_task(asyncio.to_thread(hold))
    await held.wait()
    assert await fault_of_reading(reader) == faults.READER_BUSY
    assert await next_fault(told) == faults.READER_BUSY
    let_go.set()
    await holding
    assert await next_fault(told) is None
    assert (await reader.read()).tries_left == 3

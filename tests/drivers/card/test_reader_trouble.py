"""What goes wrong with the reader and with pcscd itself, and that nothing of it is left afterwards."""

import asyncio
import os
import signal
import threading
from pathlib import Path

import pytest

from drivers.card.chip import CardContents, VirtualCard
from drivers.card.pcsc import PcscReader
from drivers.card.sample import CardKeys
from drivers.card.vpcd import VpcdSlot
from hal import faults
from hal.contracts import CardError, Signed
from hal.events import CardPlaced, CardTaken, DeviceChanged, Event
from hal.faults import DeviceError
from tests.drivers.card.conftest import Told
from tests.drivers.card.usb_reader import UsbReader
from tests.drivers.card.wire import (
    MESSAGE,
    HoldingCard,
    fault_of_reading,
    impatient,
    next_fault,
    pins_tried,
    place,
)

CYCLES, RESTARTS = 900, 100


def workers() -> int:
    """Threads that talk to cards."""
    return sum(thread.name == "card worker" for thread in threading.enumerate())


def held_by(pid: int | str) -> tuple[int, int]:
    """Open files (a context has one at either end) and threads of a process."""
    files, tasks = Path(f"/proc/{pid}/fd"), Path(f"/proc/{pid}/task")
    return len(list(files.iterdir())), len(list(tasks.iterdir()))


async def fault_among(told: Told) -> str | None:
    """The next one, whatever is told of cards before."""
    while not isinstance(event := await told.next(), DeviceChanged):
        pass
    return event.fault.code if event.fault else None


async def until(told: Told, wanted: Event) -> None:
    while await told.next() != wanted:
        pass


# ---------------------------------------------------------------- unplugged


async def test_an_unplugged_reader_is_absent_until_it_is_back(
    pcscd: UsbReader, reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told
) -> None:
    with pcscd.unplugged():
        assert await next_fault(told) == faults.READER_ABSENT
        assert reader.card_present is None
        assert await fault_of_reading(reader) == faults.READER_ABSENT
    assert await next_fault(told) is None
    await place(slot, card, told)
    assert (await reader.read()).tries_left == 3


async def test_a_card_taken_from_an_unplugged_reader_is_told_when_it_is_back(
    pcscd: UsbReader, reader: PcscReader, slot: VpcdSlot, card: VirtualCard, told: Told
) -> None:
    await place(slot, card, told)
    with pcscd.unplugged():
        assert await next_fault(told) == faults.READER_ABSENT
        await slot.remove()
    assert [await told.next(), await told.next()] == [DeviceChanged("card", None), CardTaken()]


async def test_a_reader_unplugged_in_the_middle_of_a_command_ends_it_and_is_absent(
    pcscd: UsbReader, reader: PcscReader, slot: VpcdSlot, keys: CardKeys, told: Told
) -> None:
    card = HoldingCard(keys, slot, 5)
    await place(slot, card, told)
    reading = asyncio.create_task(reader.read())
    await card.held()
    with pcscd.unplugged():
        await slot.remove()
        slot.resume()
        with pytest.raises((CardError, DeviceError)):  # as pcscd is quicker or slower to notice
            await reading
        assert await fault_among(told) == faults.READER_ABSENT
    assert await fault_among(told) is None


# ---------------------------------------------------------------- pcscd


async def test_a_pcscd_killed_in_the_middle_of_a_command_is_down_until_it_is_back(
    pcscd: UsbReader, reader: PcscReader, slot: VpcdSlot, keys: CardKeys, told: Told
) -> None:
    card = HoldingCard(keys, slot, 5)
    await place(slot, card, told)
    reading = asyncio.create_task(fault_of_reading(reader))
    await card.held()
    pcscd.kill()
    assert await reading == faults.PCSC_DOWN
    assert await next_fault(told) == faults.PCSC_DOWN
    slot.resume()
    pcscd.start()
    assert await fault_among(told) is None
    while not reader.card_present:
        await told.next()
    assert (await reader.read()).tries_left == 3


async def test_a_pcscd_that_hangs_as_a_whole_is_a_reader_that_hangs(
    pcscd: UsbReader, slot: VpcdSlot, card: VirtualCard, told: Told
) -> None:
    async with impatient(pcscd, told) as reader:
        await place(slot, card, told)
        assert pcscd.pid is not None
        os.kill(pcscd.pid, signal.SIGSTOP)
        try:
            assert await fault_of_reading(reader) == faults.READER_HUNG
            assert await next_fault(told) == faults.READER_HUNG
        finally:
            os.kill(pcscd.pid, signal.SIGCONT)
        assert await next_fault(told) is None
        assert (await reader.read()).tries_left == 3


# ---------------------------------------------------------------- a reader that hangs


async def test_a_reader_that_hangs_costs_one_worker_until_pcscd_is_restarted(
    pcscd: UsbReader, slot: VpcdSlot, keys: CardKeys, told: Told
) -> None:
    before = workers()
    async with impatient(pcscd, told) as reader:
        card = HoldingCard(keys, slot, 5)
        await place(slot, card, told)
        files, _ = held_by("self")
        with pytest.raises(DeviceError, match=faults.READER_HUNG):
            await reader.authenticate(keys.certificate, bytearray(b"1234"), MESSAGE)
        assert await next_fault(told) == faults.READER_HUNG
        for _ in range(20):
            assert await fault_of_reading(reader) == faults.READER_HUNG
        assert workers() <= before + 1
        assert told.silent
        pcscd.restart()
        slot.resume()
        codes = [await fault_among(told), await fault_among(told)]
        assert codes[-1] is None and set(codes) <= {faults.PCSC_DOWN, faults.READER_HUNG, None}
        while not reader.card_present:
            await told.next()
        assert isinstance(await reader.authenticate(keys.certificate, bytearray(b"1234"), MESSAGE), Signed)
        assert pins_tried(card) == 1, "the PIN of the call that hung was never sent"
        assert held_by("self")[0] == files, "its context has been given back"


# ---------------------------------------------------------------- leaks


async def test_nothing_leaks_in_a_thousand_cards_and_restarts(
    pcscd: UsbReader, reader: PcscReader, slot: VpcdSlot, keys: CardKeys, told: Told
) -> None:
    async def one_card() -> None:
        await slot.insert(VirtualCard(CardContents(keys)))
        await until(told, CardPlaced())
        assert isinstance(await reader.authenticate(keys.certificate, bytearray(b"1234"), MESSAGE), Signed)
        await slot.remove()
        await until(told, CardTaken())

    await one_card()
    ours, pcscds = held_by("self"), held_by(pcscd.pid or 0)
    for _ in range(CYCLES):
        await one_card()
    assert held_by(pcscd.pid or 0) == pcscds
    for _ in range(RESTARTS):
        pcscd.restart()
        await until(told, DeviceChanged("card", None))
        await one_card()
    assert held_by("self") == ours
    assert held_by(pcscd.pid or 0) == pcscds

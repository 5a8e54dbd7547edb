"""From what the monitor sees to what the daemon is told, without pcscd."""

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from contextlib import suppress

import pytest
import pytest_asyncio

from drivers.card import pcsc
from drivers.card.monitor import Sighting
from drivers.card.pcsc import PcscReader, PcscSettings
from drivers.card.virtual_reader import PrivatePcscd
from hal import faults
from hal.events import CardPlaced, CardTaken, DeviceChanged, Event
from hal.faults import Fault
from tests.drivers.card.conftest import Told

NAME = "ACS ACR1252 00 00"
DOWN = Sighting(service=False, detail="gone")
NO_READER = Sighting(service=True)


def empty(count: int) -> Sighting:
    return Sighting(service=True, reader=NAME, present=False, count=count)


def card(count: int) -> Sighting:
    return Sighting(service=True, reader=NAME, present=True, count=count)


class ScriptedMonitor:
    """In the monitor's place: sees what a test says."""

    def __init__(self) -> None:
        self._ended = threading.Event()
        self._tell: Callable[[Sighting], None] | None = None

    def made(self, _prefix: str, tell: Callable[[Sighting], None]) -> "ScriptedMonitor":
        self._tell = tell
        return self

    def run(self) -> None:
        self._ended.wait()

    def stop(self) -> None:
        self._ended.set()

    def see(self, *sightings: Sighting) -> None:
        assert self._tell is not None
        for sighting in sightings:
            self._tell(sighting)


@pytest.fixture
def monitor(monkeypatch: pytest.MonkeyPatch) -> ScriptedMonitor:
    scripted = ScriptedMonitor()
    monkeypatch.setattr(pcsc, "Monitor", scripted.made)
    return scripted


@pytest_asyncio.fixture
async def watched(
    monitor: ScriptedMonitor, pcscd: PrivatePcscd, told: Told
) -> AsyncIterator[tuple[PcscReader, ScriptedMonitor, Told]]:
    reader = PcscReader(PcscSettings(socket=str(pcscd.socket)))
    running = asyncio.create_task(reader.run(told.emit))
    await asyncio.sleep(0)  # one turn of the loop: run has made its monitor
    yield reader, monitor, told
    running.cancel()
    with suppress(asyncio.CancelledError):
        await running


async def events(told: Told, count: int) -> list[Event]:
    return [await told.next() for _ in range(count)]


Watched = tuple[PcscReader, ScriptedMonitor, Told]


async def test_only_changes_are_told(watched: Watched) -> None:
    _, monitor, told = watched
    monitor.see(empty(0), empty(0), card(1), card(1), empty(2), empty(2))
    assert await events(told, 4) == [DeviceChanged("card", None), CardTaken(), CardPlaced(), CardTaken()]
    assert told.silent


async def test_a_swap_between_two_looks_is_told_as_taken_and_placed(watched: Watched) -> None:
    _, monitor, told = watched
    monitor.see(card(1), card(3))
    assert (await events(told, 4))[1:] == [CardPlaced(), CardTaken(), CardPlaced()]


async def test_a_counter_that_started_again_is_no_swap(watched: Watched) -> None:
    _, monitor, told = watched
    monitor.see(card(9), DOWN, card(1), empty(2))
    first, placed, fault, recovered, taken = await events(told, 5)
    assert (first, placed) == (DeviceChanged("card", None), CardPlaced())
    assert isinstance(fault, DeviceChanged)
    assert (recovered, taken) == (DeviceChanged("card", None), CardTaken())


async def test_a_card_taken_while_pcscd_was_down_is_told_afterwards(watched: Watched) -> None:
    reader, monitor, told = watched
    monitor.see(card(1), DOWN)
    await events(told, 3)
    assert reader.card_present is None
    monitor.see(empty(0))
    assert await events(told, 2) == [DeviceChanged("card", None), CardTaken()]


async def test_one_fault_follows_the_other(watched: Watched) -> None:
    _, monitor, told = watched
    monitor.see(DOWN, DOWN, NO_READER, NO_READER, empty(0))
    codes = []
    for event in await events(told, 3):
        assert isinstance(event, DeviceChanged)
        codes.append(event.fault.code if isinstance(event.fault, Fault) else None)
    assert codes == [faults.PCSC_DOWN, faults.READER_ABSENT, None]


async def test_a_reader_is_virtual_by_its_name(watched: Watched) -> None:
    reader, monitor, told = watched
    monitor.see(empty(0))
    await events(told, 2)
    assert not reader.virtual
    monitor.see(Sighting(service=True, reader="Virtual PCD 00 00", present=True, count=1))
    assert await told.next() == CardPlaced()
    assert reader.virtual

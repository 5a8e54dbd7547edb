"""What the card tests stand on: a sample authority, and one private pcscd (a process can use only one)."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress

import pytest
import pytest_asyncio

from drivers.card.chip import CardContents, VirtualCard
from drivers.card.pcsc import PcscReader, PcscSettings
from drivers.card.sample import Authority, CardKeys, sample_authority
from drivers.card.vpcd import VpcdSlot
from hal.events import CardTaken, DeviceChanged, Event
from tests.drivers.card.usb_reader import UsbReader

PATIENCE = 20.0


class Told:
    """The events of a driver, in order; ``next`` waits for one."""

    def __init__(self) -> None:
        self._queue: asyncio.Queue[Event] = asyncio.Queue()

    def emit(self, event: Event) -> None:
        self._queue.put_nowait(event)

    async def next(self) -> Event:
        async with asyncio.timeout(PATIENCE):
            return await self._queue.get()

    @property
    def silent(self) -> bool:
        return self._queue.empty()


@pytest.fixture(scope="session")
def pcscd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[UsbReader]:
    running = UsbReader(tmp_path_factory.mktemp("pcscd"))
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def authority() -> Authority:
    return sample_authority()


@pytest.fixture(scope="session")
def keys(authority: Authority) -> CardKeys:
    return authority.issue_for(serial=4711)


@pytest.fixture
def card(authority: Authority, keys: CardKeys) -> VirtualCard:
    return VirtualCard(CardContents(keys, authority.der))


@pytest_asyncio.fixture
async def slot(pcscd: UsbReader) -> AsyncIterator[VpcdSlot]:
    slot = VpcdSlot(pcscd.host, pcscd.port)
    yield slot
    slot.resume()
    await slot.remove()


@pytest.fixture
def told() -> Told:
    return Told()


@pytest_asyncio.fixture
async def reader(pcscd: UsbReader, told: Told) -> AsyncIterator[PcscReader]:
    """Runs, has found its reader, and has seen it empty."""
    reader = PcscReader(PcscSettings(reader="Kiosk", socket=str(pcscd.socket)))
    task = asyncio.create_task(reader.run(told.emit))
    assert await told.next() == DeviceChanged("card", None)
    while not isinstance(await told.next(), CardTaken):
        pass  # the card of the test before is still being noticed
    yield reader
    task.cancel()
    with suppress(asyncio.CancelledError):
        await task

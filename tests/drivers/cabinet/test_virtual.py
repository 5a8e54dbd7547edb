"""Panel and driver over the real socket: contacts one way, lamps the other."""

import asyncio
import stat
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from drivers.cabinet.virtual import CabinetPanel, CabinetSettings, VirtualCabinet
from hal.contracts import Cabinet
from hal.events import DeviceChanged, DoorChanged, ServiceKeyTurned, TrayChanged
from hal.faults import CABINET_LOST, DOOR_OPEN, Fault
from tests.drivers.ear import Ear, running

WELL = DeviceChanged("cabinet", None)


@asynccontextmanager
async def serving(panel: CabinetPanel) -> AsyncIterator[None]:
    task = asyncio.ensure_future(panel.serve())
    await panel.listening.wait()
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


def cabinet_at(path: Path, tray_sensor: bool = True) -> VirtualCabinet:
    return VirtualCabinet(CabinetSettings(str(path), tray_sensor))


def paper(cabinet: Cabinet) -> bool | None:
    return cabinet.paper_in_tray


async def code_of(ear: Ear) -> str | None:
    event = await ear.next()
    assert isinstance(event, DeviceChanged)
    return event.fault.code if isinstance(event.fault, Fault) else None


async def test_everything_is_known_after_the_first_line(tmp_path: Path) -> None:
    panel, cabinet = CabinetPanel(tmp_path / "c"), cabinet_at(tmp_path / "c")
    panel.set_tray(True)
    assert paper(cabinet) is None
    async with serving(panel), running(cabinet.run) as ear:
        first = [await ear.next() for _ in range(4)]
        assert first == [TrayChanged(True), DoorChanged(False), ServiceKeyTurned(False), WELL]
        assert paper(cabinet) is True


async def test_each_contact_is_reported_when_it_changes(tmp_path: Path) -> None:
    panel, cabinet = CabinetPanel(tmp_path / "c"), cabinet_at(tmp_path / "c")
    async with serving(panel), running(cabinet.run) as ear:
        await ear.skip_to(WELL)
        panel.set_tray(True)
        assert await ear.next() == TrayChanged(True)
        panel.set_key(True)
        assert await ear.next() == ServiceKeyTurned(True)
        panel.set_tray(True)
        panel.set_tray(False)
        assert await ear.next() == TrayChanged(False)


async def test_an_open_door_is_a_fault_until_it_is_closed(tmp_path: Path) -> None:
    panel, cabinet = CabinetPanel(tmp_path / "c"), cabinet_at(tmp_path / "c")
    async with serving(panel), running(cabinet.run) as ear:
        await ear.skip_to(WELL)
        panel.set_door(True)
        assert await ear.next() == DoorChanged(True)
        assert await code_of(ear) == DOOR_OPEN
        panel.set_door(False)
        assert [await ear.next(), await ear.next()] == [DoorChanged(False), WELL]


async def test_lamps_shine_on_the_panel_also_those_lit_before_it_was_there(tmp_path: Path) -> None:
    panel, cabinet = CabinetPanel(tmp_path / "c"), cabinet_at(tmp_path / "c")
    cabinet.lamp("card", True)
    async with serving(panel), running(cabinet.run):
        await panel.until_lamp("card", True)
        assert [name for name, on in panel.lamps.items() if on] == ["card"]
        cabinet.lamp("card", False)
        cabinet.lamp("paper", True)
        await panel.until_lamp("paper", True)
        assert [name for name, on in panel.lamps.items() if on] == ["paper"]


async def test_a_cabinet_without_a_tray_sensor_never_speaks_of_paper(tmp_path: Path) -> None:
    panel = CabinetPanel(tmp_path / "c", tray_sensor=False)
    cabinet: Cabinet = cabinet_at(tmp_path / "c", tray_sensor=False)
    async with serving(panel), running(cabinet.run) as ear:
        panel.set_tray(True)
        await ear.skip_to(WELL)
        assert TrayChanged(True) not in ear.heard
        assert cabinet.paper_in_tray is None
        assert not cabinet.has_tray_sensor


async def test_a_panel_that_is_gone_is_a_fault_and_is_found_again(tmp_path: Path) -> None:
    cabinet = cabinet_at(tmp_path / "c")
    async with running(cabinet.run) as ear:
        assert await code_of(ear) == CABINET_LOST
        async with serving(CabinetPanel(tmp_path / "c")):
            await ear.skip_to(WELL)
            assert paper(cabinet) is False
        assert await code_of(ear) == CABINET_LOST
        assert paper(cabinet) is None
        async with serving(CabinetPanel(tmp_path / "c")):
            await ear.skip_to(WELL)


async def test_a_cable_that_is_pulled_is_a_fault_until_it_is_back(tmp_path: Path) -> None:
    panel, cabinet = CabinetPanel(tmp_path / "c"), cabinet_at(tmp_path / "c")
    async with serving(panel), running(cabinet.run) as ear:
        await ear.skip_to(WELL)
        panel.set_plugged(False)
        assert await code_of(ear) == CABINET_LOST
        assert paper(cabinet) is None
        panel.set_plugged(True)
        await ear.skip_to(WELL)
        assert paper(cabinet) is False


async def test_the_socket_is_its_owners_alone_and_leaves_nothing_behind(tmp_path: Path) -> None:
    path = tmp_path / "c"
    async with serving(CabinetPanel(path)):
        assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert not path.exists()

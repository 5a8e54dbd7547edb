"""How the daemon is put together from a configuration, and how a signal ends it."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from typing import cast

import pytest

from daemon.config import ConfigError, load_config
from daemon.kiosk import LAMPS, NEEDED, _stop, open_hardware
from daemon.session.book import JournalBook
from daemon.session.host import Host
from drivers.display.framebuffer import Framebuffer, FramebufferSettings
from tests.face.example_screens import all_screens
from tests.session.stage import journal
from tests.settings import write_settings

# ---------------------------------------------------------------- devices


def glass(folder: Path) -> Framebuffer:
    return Framebuffer(FramebufferSettings(str(folder / "fb")))


async def test_every_device_is_made_without_being_there(tmp_path: Path) -> None:
    config = load_config(write_settings(tmp_path))
    async with journal() as kept:
        hardware = open_hardware(config, JournalBook(kept, "stray"), glass(tmp_path))
        assert {name for name, _, _ in hardware.pumps()} == set(config.devices) - {"display"}
        assert not hardware.virtual


async def test_a_keypad_is_a_device_of_a_kiosk_that_has_one(tmp_path: Path) -> None:
    table = f'[keypad]\ndriver = "evdev"\npath = "{tmp_path}/keypad"\n[card]'
    config = load_config(write_settings(tmp_path, ("[card]", table)))
    async with journal() as kept:
        hardware = open_hardware(config, JournalBook(kept, "stray"), glass(tmp_path))
        assert {name for name, _, _ in hardware.pumps()} == set(config.devices) - {"display"}
        assert hardware.keypad is not None


async def test_one_simulated_device_makes_all_of_it_a_sample(tmp_path: Path) -> None:
    config = load_config(write_settings(tmp_path, ('port = "tcp:', 'virtual = true\nport = "tcp:')))
    async with journal() as kept:
        assert open_hardware(config, JournalBook(kept, "stray"), glass(tmp_path)).virtual


async def test_settings_that_a_driver_refuses_are_told_with_file_and_table(tmp_path: Path) -> None:
    path = write_settings(tmp_path, ('port = "tcp:', 'dots = 7\nport = "tcp:'))
    async with journal() as kept:
        with pytest.raises(ConfigError, match=rf"{path}: \[receipt\] dots = 7 is no multiple of 8"):
            open_hardware(load_config(path), JournalBook(kept, "stray"), glass(tmp_path))


def test_a_kiosk_sells_nothing_before_all_it_needs_has_reported() -> None:
    assert {"card", "cash", "document", "receipt", "center", "kiosk"} == NEEDED


def test_a_lamp_belongs_to_a_screen_that_there_is() -> None:
    shown = {screen.name for screen in all_screens("ja").values()}
    assert set(LAMPS) <= shown


# ---------------------------------------------------------------- the end


@dataclass
class Running:
    """The part of a host that a signal sees."""

    busy: bool
    stopping: bool = False


async def after_signals(running: Running, signals: int) -> tuple[bool, bool]:
    """(asked to stop, cancelled) after so many signals."""
    task = asyncio.create_task(_for_ever())
    for _ in range(signals):
        _stop(cast(Host, running), task)
    await asyncio.sleep(0)
    cancelled = task.cancelling() > 0
    task.cancel()
    await asyncio.wait([task])
    return running.stopping, cancelled


async def _for_ever() -> None:
    await asyncio.Event().wait()


@pytest.mark.parametrize(
    ("busy", "signals", "end"),
    [(False, 1, (False, True)), (True, 1, (True, False)), (True, 2, (True, True))],
)
async def test_a_running_session_is_ended_only_by_the_second_signal(
    busy: bool, signals: int, end: tuple[bool, bool]
) -> None:
    assert await after_signals(Running(busy), signals) == end

"""The keypad's driver, over a FIFO as on the bench and over a device in memory."""

import logging
from pathlib import Path

import pytest

from drivers.keypad.evdev import EvdevKeypad, KeypadSettings
from drivers.keypad.virtual import KeySender
from drivers.ports.evdev import EV_KEY
from hal.contracts import Keypad
from hal.events import KEYS, DeviceChanged, KeyPressed
from hal.faults import KEYPAD_LOST, Fault
from tests.drivers.ear import running
from tests.drivers.machine import InputDevice, Machine

PATH = "/dev/input/by-path/platform-usb-0:1.3:1.0-event-kbd"


async def test_every_key_arrives(tmp_path: Path) -> None:
    hand = KeySender(tmp_path / "keypad")
    keypad: Keypad = EvdevKeypad(KeypadSettings(str(tmp_path / "keypad")))
    assert keypad.virtual
    async with running(keypad.run) as ear:
        assert await ear.next() == DeviceChanged("keypad", None)
        for key in sorted(KEYS):
            assert hand.press(key)
            assert await ear.next() == KeyPressed(key)


def test_a_key_that_nobody_reads_is_lost_not_kept(tmp_path: Path) -> None:
    assert not KeySender(tmp_path / "keypad").press("1")


async def test_only_the_keypad_that_is_named_is_opened_and_it_is_ours_alone() -> None:
    machine, ours, strangers = Machine(), InputDevice(), InputDevice()
    machine.plug(PATH, ours)
    machine.plug("/dev/input/event7", strangers)
    async with running(EvdevKeypad(KeypadSettings(PATH), machine).run) as ear:
        await ear.next()
        strangers.say((EV_KEY, 2, 1))
        ours.say((EV_KEY, 3, 1))
        assert await ear.next() == KeyPressed("2")
    assert set(machine.opened) == {PATH}
    assert (ours.grabbed, strangers.grabbed) == (1, 0)


async def test_a_keypad_that_is_unplugged_is_told_and_found_again() -> None:
    machine = Machine()
    machine.plug(PATH, InputDevice())
    keypad = EvdevKeypad(KeypadSettings(PATH), machine)
    assert not keypad.virtual
    async with running(keypad.run) as ear:
        assert await ear.next() == DeviceChanged("keypad", None)
        machine.unplug(PATH)
        lost = await ear.next()
        assert isinstance(lost, DeviceChanged)
        assert isinstance(lost.fault, Fault)
        assert lost.fault.code == KEYPAD_LOST
        assert "is the keypad plugged in?" in lost.fault.detail
        again = InputDevice()
        machine.plug(PATH, again)
        await ear.skip_to(DeviceChanged("keypad", None))
        again.say((EV_KEY, 28, 1))
        assert await ear.next() == KeyPressed("enter")


async def test_no_digit_stands_in_a_log_or_in_what_is_said_of_an_event(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hand = KeySender(tmp_path / "keypad")
    async with running(EvdevKeypad(KeypadSettings(str(tmp_path / "keypad"))).run) as ear:
        await ear.next()
        hand.press("7")
        assert repr(await ear.next()) == "KeyPressed()"
    assert not [record for record in caplog.records if "7" in record.getMessage()]

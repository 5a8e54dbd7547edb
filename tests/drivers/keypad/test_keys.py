"""What the keys mean; evdev's codes are those of linux/input-event-codes.h."""

import evdev.ecodes as codes
import pytest

from drivers.keypad.keys import MEANING, Keys
from drivers.ports.evdev import EV_ABS, EV_KEY, EV_SYN, EVENT, SYN_DROPPED, packet
from hal.events import KEYS

NAMES = {
    **{f"KEY_{digit}": str(digit) for digit in range(10)},
    **{f"KEY_KP{digit}": str(digit) for digit in range(10)},
    "KEY_ENTER": "enter",
    "KEY_KPENTER": "enter",
    "KEY_BACKSPACE": "clear",
    "KEY_KPDOT": "clear",
    "KEY_DELETE": "clear",
    "KEY_ESC": "back",
    "KEY_TAB": "next",
    "KEY_KPPLUS": "next",
    "KEY_RIGHT": "next",
    "KEY_DOWN": "next",
    "KEY_KPMINUS": "previous",
    "KEY_LEFT": "previous",
    "KEY_UP": "previous",
    "KEY_KPASTERISK": "help",
    "KEY_F1": "help",
}


def press(code: int) -> bytes:
    return packet((EV_KEY, code, 1)) + packet((EV_KEY, code, 0))


@pytest.mark.parametrize("name", NAMES)
def test_a_key_means_what_is_printed_on_it(name: str) -> None:
    assert Keys().feed(press(codes.ecodes[name])) == [NAMES[name]]


def test_no_other_key_means_anything_and_every_meaning_has_a_key() -> None:
    every = b"".join(press(code) for code in range(768))
    assert sorted(Keys().feed(every)) == sorted(MEANING.values())
    assert set(MEANING.values()) == KEYS
    assert len(MEANING) == len(NAMES)


def test_a_key_that_is_held_is_pressed_once() -> None:
    held = packet((EV_KEY, 2, 1)) + packet((EV_KEY, 2, 2)) * 30 + packet((EV_KEY, 2, 0))
    assert Keys().feed(held) == ["1"]


@pytest.mark.parametrize("shift", [42, 54])
def test_tab_with_shift_goes_back(shift: int) -> None:
    keys = Keys()
    assert keys.feed(packet((EV_KEY, shift, 1)) + press(15)) == ["previous"]
    assert keys.feed(packet((EV_KEY, shift, 0)) + press(15)) == ["next"]


def test_what_was_dropped_presses_nothing_and_holds_no_shift() -> None:
    keys = Keys()
    keys.feed(packet((EV_KEY, 42, 1)))
    lost = EVENT.pack(0, 0, EV_SYN, SYN_DROPPED, 0)
    assert keys.feed(lost + press(2)[: EVENT.size * 2] + press(15)) == ["next"]


def test_a_place_is_no_key() -> None:
    assert Keys().feed(packet((EV_ABS, 2, 1))) == []

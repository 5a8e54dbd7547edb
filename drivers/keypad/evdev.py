"""The physical keypad beside the screen: a number pad or keyboard of the kernel, on the bench a FIFO.

It does for a citizen who cannot see or reach the screen what the touch panel does for the others. It is the
kiosk's only because the configuration names it: no other keyboard is ever listened to.
"""

from pathlib import Path

import msgspec

from drivers.keypad.keys import Keys
from drivers.ports.input import keep_reading
from drivers.ports.kernel import LINUX, Kernel
from hal.contracts import Emit
from hal.events import DeviceChanged, KeyPressed
from hal.faults import KEYPAD_LOST, Fault


class KeypadSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """path: /dev/input/by-path/…-event-kbd or a FIFO."""

    path: str


class EvdevKeypad:
    """hal.contracts.Keypad."""

    Settings = KeypadSettings

    def __init__(self, settings: KeypadSettings, kernel: Kernel = LINUX) -> None:
        self._path = settings.path
        self._kernel = kernel

    @property
    def virtual(self) -> bool:
        """A FIFO is not a keypad."""
        return Path(self._path).is_fifo()

    async def run(self, emit: Emit) -> None:
        """Reads keys for ever."""
        told: list[Fault | None] = []

        def report(error: OSError | None) -> None:
            fault = _lost(self._path, error) if error else None
            if told != [fault]:
                told[:] = [fault]
                emit(DeviceChanged("keypad", fault))

        await keep_reading(self._path, self._kernel, lambda _: _Listener(emit).take, report)


class _Listener:
    """Hears one opened keypad."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._keys = Keys()

    def take(self, data: bytes) -> None:
        for key in self._keys.feed(data):
            self._emit(KeyPressed(key))


def _lost(path: str, error: OSError) -> Fault:
    return Fault(KEYPAD_LOST, "keypad", f"{path}: {error.strerror or error}; is the keypad plugged in?")

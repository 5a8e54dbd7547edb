"""The other side of the bench's keypad: presses its keys."""

from pathlib import Path

from drivers.keypad.keys import DOWN, MEANING
from drivers.ports.evdev import EV_KEY, packet
from drivers.ports.fifo import Fifo

CODE = {meaning: code for code, meaning in reversed(MEANING.items())}
"""A key that has this meaning."""


class KeySender:
    """A hand on the keys. path: of the FIFO, created if it is not there."""

    def __init__(self, path: Path) -> None:
        self._fifo = Fifo(path)

    def press(self, key: str) -> bool:
        """A key of hal.events.KEYS goes down and up. False: no daemon listens."""
        return self._fifo.send(packet((EV_KEY, CODE[key], DOWN)) + packet((EV_KEY, CODE[key], 0)))

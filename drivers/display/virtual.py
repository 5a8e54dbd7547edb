"""The other side of the bench's screen: looks at the picture, and touches it.

The file has the format of a framebuffer, the FIFO carries the structs of the kernel's input layer; the
drivers cannot tell the difference.
"""

import os
from pathlib import Path

from PIL import Image, ImageChops

from drivers.display.geometry import plain
from drivers.display.packets import ABS_X, ABS_Y, BTN_TOUCH
from drivers.ports.evdev import EV_ABS, EV_KEY, packet
from drivers.ports.fifo import Fifo


def create_framebuffer(path: Path, width: int = 1280, height: int = 800, bpp: int = 32) -> None:
    """Creates a black screen of this size; an existing one is left as it is if it is large enough."""
    length = plain(width, height, bpp).length
    path.touch()
    if path.stat().st_size < length:
        os.truncate(path, length)


def snapshot(path: Path, width: int = 1280, height: int = 800, bpp: int = 32) -> Image.Image:
    """What stands on the screen now, as an RGB image. Raises OSError."""
    data = path.read_bytes()
    size = (width, height)
    if bpp == 32:
        return Image.frombytes("RGB", size, data, "raw", "BGRX")
    low, high = Image.frombytes("LA", size, data, "raw", "LA").split()
    red = high.point([_wide(value >> 3, 5) for value in range(256)])
    green_high = high.point([(value & 7) << 3 for value in range(256)])
    green = ImageChops.add(green_high, low.point([value >> 5 for value in range(256)]))
    blue = low.point([_wide(value & 0x1F, 5) for value in range(256)])
    return Image.merge("RGB", (red, green.point([_wide(value & 0x3F, 6) for value in range(256)]), blue))


def _wide(value: int, bits: int) -> int:
    """A channel of few bits on the scale of eight."""
    return value << (8 - bits) | value >> (2 * bits - 8)


class TouchSender:
    """A finger. path: of the FIFO, created if it is not there."""

    def __init__(self, path: Path) -> None:
        self._fifo = Fifo(path)

    def press(self, x: int, y: int) -> bool:
        """Puts the finger down at this pixel. False: no daemon listens."""
        return self._fifo.send(packet((EV_KEY, BTN_TOUCH, 1), (EV_ABS, ABS_X, x), (EV_ABS, ABS_Y, y)))

    def release(self) -> bool:
        """Lifts it where it is. False: no daemon listens."""
        return self._fifo.send(packet((EV_KEY, BTN_TOUCH, 0)))

    def release_at(self, x: int, y: int) -> bool:
        """Lifts it at another pixel than it went down on. False: no daemon listens."""
        return self._fifo.send(packet((EV_KEY, BTN_TOUCH, 0), (EV_ABS, ABS_X, x), (EV_ABS, ABS_Y, y)))

    def tap(self, x: int, y: int) -> bool:
        """Down and up. False: no daemon listens."""
        return self.press(x, y) and self.release()

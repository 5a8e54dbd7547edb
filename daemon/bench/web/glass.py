"""The framebuffer on its way to a browser: only what changed travels, as PNG, so that no pixel differs.

A mapped file has no events: whoever watches looks now and then, and each watcher remembers what it has shown.
"""

import io
import struct
from collections.abc import Iterator

from PIL import Image, ImageChops

BAND = 50
HEADER = struct.Struct(">HHHH")
"""x, y, width, height: pixels of the screen, before each PNG."""

Box = tuple[int, int, int, int]


class Glass:
    """What one watcher sees. size: pixels of the framebuffer."""

    def __init__(self, size: tuple[int, int]) -> None:
        self._size = size
        self._bytes = b""
        self._shown: Image.Image | None = None

    def changes(self, frame: bytes) -> list[bytes]:
        """Packets that bring the watcher up to date. frame: XRGB8888 little-endian, without padding."""
        if frame == self._bytes:
            return []
        now = Image.frombytes("RGB", self._size, frame, "raw", "BGRX")
        boxes = list(_changed(self._shown, now))
        self._bytes, self._shown = frame, now
        return [_packet(now, box) for box in boxes]


def _changed(before: Image.Image | None, now: Image.Image) -> Iterator[Box]:
    """The smallest box around every difference, a band of rows at a time."""
    width, height = now.size
    if before is None:
        yield (0, 0, width, height)
        return
    for top in range(0, height, BAND):
        band = (0, top, width, min(height, top + BAND))
        found = ImageChops.difference(before.crop(band), now.crop(band)).getbbox()
        if found is not None:
            yield (found[0], top + found[1], found[2], top + found[3])


def _packet(image: Image.Image, box: Box) -> bytes:
    left, top, right, bottom = box
    png = io.BytesIO()
    image.crop(box).save(png, "png", compress_level=1)
    return HEADER.pack(left, top, right - left, bottom - top) + png.getvalue()

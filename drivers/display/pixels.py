"""Pixels as a framebuffer wants them: geometry, and rows copied or converted from the canvas.

The canvas is XRGB8888 without padding. A screen may pad its lines, start inside a larger picture, or be
RGB565 (vc4 on a Raspberry Pi by default); nothing is assumed, everything is read from the kernel
(display.md §4).
"""

import math
import struct
from dataclasses import dataclass

from PIL import Image, ImageChops

from hal.contracts import Rect

VAR_SIZE = 160
FIX_SIZE = struct.calcsize("16sLIIIIHHHILIIH")
_FIX = struct.Struct("16sLIIIIHHHILIIH")
_VAR = struct.Struct("40I")
XRGB8888 = (16, 8, 0)
RGB565 = (11, 5, 0)
SMALLEST_MM, LARGEST_MM = 50, 1000
LEAST_SQUARE = 1.1
ASSUMED_DIAGONAL_MM = 10.1 * 25.4

_LOW_GREEN = [(value & 0x1C) << 3 for value in range(256)]
_LOW_BLUE = [value >> 3 for value in range(256)]
_HIGH_RED = [value & 0xF8 for value in range(256)]
_HIGH_GREEN = [value >> 5 for value in range(256)]


class UnknownFormat(ValueError):
    """The screen's pixels are neither XRGB8888 nor RGB565."""


@dataclass(frozen=True)
class Geometry:
    """width, height: visible pixels. line: bytes from one row to the next. start: byte of the first pixel.

    length: bytes to map. millimetres: of the glass, as the kernel says; often wrong.
    """

    width: int
    height: int
    bpp: int
    line: int
    start: int = 0
    length: int = 0
    millimetres: tuple[int, int] = (0, 0)

    @property
    def needed(self) -> int:
        """Bytes up to the last visible pixel."""
        return self.start + (self.height - 1) * self.line + self.width * self.bpp // 8


def plain(width: int, height: int, bpp: int) -> Geometry:
    """The geometry of a file: no padding."""
    line = width * bpp // 8
    return Geometry(width, height, bpp, line, 0, line * height)


def geometry_of(var: bytes, fix: bytes) -> Geometry:
    """From FBIOGET_VSCREENINFO and FBIOGET_FSCREENINFO. Raises UnknownFormat."""
    v, f = _VAR.unpack(var[: _VAR.size]), _FIX.unpack(fix[: _FIX.size])
    width, height, x, y, bpp = v[0], v[1], v[4], v[5], v[6]
    offsets = (v[8], v[11], v[14])
    if (bpp, offsets) not in ((32, XRGB8888), (16, RGB565)):
        raise UnknownFormat(f"{bpp} bits a pixel with red, green, blue at {offsets}")
    line = f[9] or width * bpp // 8
    return Geometry(width, height, bpp, line, y * line + x * bpp // 8, f[2], (v[23], v[22]))


def size_of_glass(pixels: tuple[int, int], claimed: tuple[int, int]) -> tuple[int, int]:
    """Millimetres, as claimed if such a panel with square pixels can be, else of a 10.1 inch panel."""
    width, height = claimed
    if all(SMALLEST_MM <= side <= LARGEST_MM for side in claimed):
        squareness = (width / pixels[0]) / (height / pixels[1])
        if 1 / LEAST_SQUARE <= squareness <= LEAST_SQUARE:
            return claimed
    share = ASSUMED_DIAGONAL_MM / math.hypot(*pixels)
    return round(pixels[0] * share), round(pixels[1] * share)


def copy(canvas: bytearray, target: memoryview, geometry: Geometry, rect: Rect) -> None:
    """Brings this part of the canvas to the target (which is never read)."""
    if geometry.bpp == 16:
        _put(_rgb565(canvas, geometry, rect), rect.w * 2, target, geometry, rect)
    elif rect.w == geometry.width and geometry.line == geometry.width * 4:
        length, source = rect.h * geometry.line, rect.y * geometry.line
        start = geometry.start + source
        target[start : start + length] = memoryview(canvas)[source : source + length]
    else:
        _copy_rows(memoryview(canvas), target, geometry, rect)


def _copy_rows(canvas: memoryview, target: memoryview, geometry: Geometry, rect: Rect) -> None:
    length, stride = rect.w * 4, geometry.width * 4
    for y in range(rect.y, rect.y + rect.h):
        source = y * stride + rect.x * 4
        start = geometry.start + y * geometry.line + rect.x * 4
        target[start : start + length] = canvas[source : source + length]


def _put(pixels: bytes, length: int, target: memoryview, geometry: Geometry, rect: Rect) -> None:
    rows = memoryview(pixels)
    for row in range(rect.h):
        start = geometry.start + (rect.y + row) * geometry.line + rect.x * 2
        target[start : start + length] = rows[row * length : (row + 1) * length]


def _rgb565(canvas: bytearray, geometry: Geometry, rect: Rect) -> bytes:
    """Exact truncation to 5, 6 and 5 bits, little-endian, by look-up tables."""
    size = (geometry.width, geometry.height)
    whole = Image.frombuffer("RGBX", size, canvas, "raw", "RGBX", geometry.width * 4, 1)
    blue, green, red, _ = whole.crop((rect.x, rect.y, rect.x + rect.w, rect.y + rect.h)).split()
    low = ImageChops.add(green.point(_LOW_GREEN), blue.point(_LOW_BLUE))
    high = ImageChops.add(red.point(_HIGH_RED), green.point(_HIGH_GREEN))
    return Image.merge("LA", (low, high)).tobytes()

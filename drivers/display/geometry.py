"""What the kernel says of a frame buffer, and how a picture lies on it; no I/O.

Nothing is assumed, everything is read (display.md §4): depth, the place of each colour, padding, origin. The
picture may be turned in software, since a turned mode reaches only the text console; the touch panel is
turned by the same three lines.
"""

import math
import struct
from dataclasses import dataclass
from typing import Literal

from hal.contracts import Rect

VAR_SIZE = 160
_VAR = struct.Struct("40I")
_FIX = struct.Struct("16sLIIIIHHHILIIH")
FIX_SIZE = _FIX.size
DEPTHS = (16, 24, 32)

SMALLEST_MM, LARGEST_MM = 50, 1000
LEAST_SQUARE = 1.1
ASSUMED_DIAGONAL_MM = 10.1 * 25.4

Rotation = Literal[0, 90, 180, 270]
Matrix = tuple[float, float, float, float, float, float]
"""x' = a x + b y + c, y' = d x + e y + f of parts from 0 to 1, as LIBINPUT_CALIBRATION_MATRIX is written."""

UNCHANGED: Matrix = (1.0, 0.0, 0.0, 0.0, 1.0, 0.0)
FROM_GLASS: dict[Rotation, Matrix] = {
    0: UNCHANGED,
    90: (0.0, 1.0, 0.0, -1.0, 0.0, 1.0),
    180: (-1.0, 0.0, 1.0, 0.0, -1.0, 1.0),
    270: (0.0, -1.0, 1.0, 1.0, 0.0, 0.0),
}
"""From a place on the glass to the same place in the picture, which is turned clockwise by so much."""
TO_GLASS: dict[Rotation, Matrix] = {
    0: FROM_GLASS[0],
    90: FROM_GLASS[270],
    180: FROM_GLASS[180],
    270: FROM_GLASS[90],
}
"""And back."""


class UnknownFormat(ValueError):
    """The screen's pixels are of no form that can be written."""


@dataclass(frozen=True)
class Channel:
    """One colour in a pixel: where its bits begin, and how many they are."""

    offset: int
    length: int

    def of(self, value: int) -> int:
        """A value of 0 to 255, cut to these bits and put where they are."""
        bits = value >> 8 - self.length if self.length <= 8 else value << self.length - 8
        return bits << self.offset

    @property
    def mask(self) -> int:
        return (1 << self.length) - 1 << self.offset


@dataclass(frozen=True)
class Format:
    """How a pixel is made. alpha: what is written there so that the picture is seen; a length of 0: none."""

    bpp: int
    red: Channel
    green: Channel
    blue: Channel
    alpha: Channel = Channel(0, 0)

    @property
    def bytes(self) -> int:
        return self.bpp // 8


XRGB8888 = Format(32, Channel(16, 8), Channel(8, 8), Channel(0, 8))
RGB565 = Format(16, Channel(11, 5), Channel(5, 6), Channel(0, 5))


@dataclass(frozen=True)
class Geometry:
    """width, height: visible pixels. line: bytes from one row to the next. start: byte of the first pixel.

    length: bytes to map. millimetres: of the glass, as the kernel says; often wrong.
    """

    width: int
    height: int
    format: Format
    line: int
    start: int = 0
    length: int = 0
    millimetres: tuple[int, int] = (0, 0)

    @property
    def needed(self) -> int:
        """Bytes up to the last visible pixel."""
        return self.start + (self.height - 1) * self.line + self.width * self.format.bytes


def plain(width: int, height: int, bpp: int) -> Geometry:
    """The geometry of a file: no padding."""
    line = width * bpp // 8
    return Geometry(width, height, RGB565 if bpp == 16 else XRGB8888, line, 0, line * height)


def geometry_of(var: bytes, fix: bytes) -> Geometry:
    """From FBIOGET_VSCREENINFO and FBIOGET_FSCREENINFO. Raises UnknownFormat."""
    v, f = _VAR.unpack(var[: _VAR.size]), _FIX.unpack(fix[: _FIX.size])
    width, height, x, y, bpp = v[0], v[1], v[4], v[5], v[6]
    red, green, blue, alpha = (Channel(v[at], v[at + 1]) for at in (8, 11, 14, 17))
    pixel = Format(bpp, red, green, blue, alpha)
    if v[7] or not _is_known(pixel):
        raise UnknownFormat(f"{bpp} bits a pixel with red {red}, green {green}, blue {blue}, alpha {alpha}")
    line = f[9] or width * pixel.bytes
    return Geometry(width, height, pixel, line, y * line + x * pixel.bytes, f[2], (v[23], v[22]))


def _is_known(pixel: Format) -> bool:
    """Whole bytes a pixel, and colours that have bits of their own within it."""
    colours = (pixel.red, pixel.green, pixel.blue)
    if pixel.bpp not in DEPTHS or not all(1 <= colour.length <= 16 for colour in colours):
        return False
    masks = [channel.mask for channel in (*colours, pixel.alpha)]
    apart = sum(masks) == masks[0] | masks[1] | masks[2] | masks[3]
    return apart and sum(masks) < 1 << pixel.bpp


def turned(size: tuple[int, int], rotation: Rotation) -> tuple[int, int]:
    """Width and height after a turn, or before it."""
    return size if rotation in (0, 180) else (size[1], size[0])


def on_glass(rect: Rect, size: tuple[int, int], rotation: Rotation) -> Rect:
    """Where a part of a picture of this size lies on the glass when it is turned clockwise."""
    width, height = size
    if rotation == 90:
        return Rect(height - rect.y - rect.h, rect.x, rect.h, rect.w)
    if rotation == 180:
        return Rect(width - rect.x - rect.w, height - rect.y - rect.h, rect.w, rect.h)
    if rotation == 270:
        return Rect(rect.y, width - rect.x - rect.w, rect.h, rect.w)
    return rect


def moved(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    """This place by a matrix."""
    a, b, c, d, e, f = matrix
    return a * x + b * y + c, d * x + e * y + f


def size_of_glass(pixels: tuple[int, int], claimed: tuple[int, int]) -> tuple[int, int]:
    """Millimetres, as claimed if such a panel with square pixels can be, else of a 10.1 inch panel."""
    if all(SMALLEST_MM <= side <= LARGEST_MM for side in claimed):
        squareness = (claimed[0] / pixels[0]) / (claimed[1] / pixels[1])
        if 1 / LEAST_SQUARE <= squareness <= LEAST_SQUARE:
            return claimed
    share = ASSUMED_DIAGONAL_MM / math.hypot(*pixels)
    return round(pixels[0] * share), round(pixels[1] * share)

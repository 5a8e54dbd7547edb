"""Pixels as a framebuffer wants them: parts of the canvas copied, turned and converted.

The canvas is XRGB8888 without padding. Where the screen is the same, rows are copied; else every byte of a
pixel is made of the colours that have bits in it, by look-up tables, for a strip of rows at once. The target
is never read: it may be memory without a cache.
"""

from collections.abc import Callable, Iterator
from functools import lru_cache

from PIL import Image, ImageChops

from drivers.display.geometry import XRGB8888, Format, Geometry, Rotation, on_glass, turned
from hal.contracts import Rect

TURN = {90: Image.Transpose.ROTATE_270, 180: Image.Transpose.ROTATE_180, 270: Image.Transpose.ROTATE_90}
"""Pillow turns the other way round."""
BANDS = {1: "L", 2: "LA", 3: "RGB", 4: "RGBX"}
IDENTITY = tuple(range(256))

AT_ONCE = 65536
"""Pixels that are converted in one go: what fits into a processor's cache is several times as quick."""

Table = tuple[int, ...]
Share = tuple[int, Table]
"""A colour of the canvas (0 blue, 1 green, 2 red) and what it adds to one byte of the pixel."""


def copy(
    canvas: bytearray, target: memoryview, geometry: Geometry, rect: Rect, rotation: Rotation = 0
) -> None:
    """Brings this part of the canvas to the target. rect: as the citizen sees it."""
    if geometry.format == XRGB8888 and rotation == 0:
        _copy_rows(memoryview(canvas), geometry.width * 4, rect, target, geometry, rect)
        return
    size = turned((geometry.width, geometry.height), rotation)
    whole = Image.frombuffer("RGBX", size, canvas, "raw", "RGBX", size[0] * 4, 1)
    for strip in strips(rect, upright=rotation in (90, 270)):
        _copy_strip(whole, size, target, geometry, strip, rotation)


def strips(rect: Rect, upright: bool) -> Iterator[Rect]:
    """This part in strips of about AT_ONCE pixels, which are rows on the glass."""
    if upright:
        wide = max(1, AT_ONCE // rect.h)
        for x in range(rect.x, rect.x + rect.w, wide):
            yield Rect(x, rect.y, min(wide, rect.x + rect.w - x), rect.h)
    else:
        high = max(1, AT_ONCE // rect.w)
        for y in range(rect.y, rect.y + rect.h, high):
            yield Rect(rect.x, y, rect.w, min(high, rect.y + rect.h - y))


def _copy_strip(
    whole: Image.Image,
    size: tuple[int, int],
    target: memoryview,
    geometry: Geometry,
    rect: Rect,
    rotation: Rotation,
) -> None:
    part = whole.crop((rect.x, rect.y, rect.x + rect.w, rect.y + rect.h))
    if rotation:
        part = part.transpose(TURN[rotation])
    place = on_glass(rect, size, rotation)
    pixels = memoryview(converted(part, geometry.format))
    _copy_rows(pixels, place.w * geometry.format.bytes, Rect(0, 0, place.w, place.h), target, geometry, place)


def _copy_rows(
    source: memoryview, stride: int, part: Rect, target: memoryview, geometry: Geometry, place: Rect
) -> None:
    """Rows of pixels that are as the target's. stride: bytes from one row of the source to the next."""
    wide = geometry.format.bytes
    length = place.w * wide
    begin = geometry.start + place.y * geometry.line + place.x * wide
    first = part.y * stride + part.x * wide
    if length == stride == geometry.line:
        target[begin : begin + length * place.h] = source[first : first + length * place.h]
        return
    for row in range(place.h):
        at, there = first + row * stride, begin + row * geometry.line
        target[there : there + length] = source[at : at + length]


def converted(part: Image.Image, pixel: Format) -> bytes:
    """The bytes of this part of the canvas (blue, green, red in its first bands) in another format."""
    if pixel == XRGB8888:
        return part.tobytes()
    colours = part.split()[:3]
    bands = [_byte(colours, shares) for shares in _shares(pixel)]
    return Image.merge(BANDS[len(bands)], bands).tobytes()


def _byte(colours: tuple[Image.Image, ...], shares: tuple[Share, ...]) -> Image.Image:
    """One byte of every pixel. Colours have bits of their own, so that adding is putting together."""
    if not shares:
        return Image.new("L", colours[0].size)
    parts = [colours[at] if table == IDENTITY else colours[at].point(table) for at, table in shares]
    byte = parts[0]
    for other in parts[1:]:
        byte = ImageChops.add(byte, other)
    return byte


@lru_cache(maxsize=4)
def _shares(pixel: Format) -> tuple[tuple[Share, ...], ...]:
    """Of each byte of a pixel, lowest first: which colours have a share in it. Alpha is always full."""
    channels = (pixel.blue, pixel.green, pixel.red)
    return tuple(
        tuple(
            (at, table)
            for at, channel in enumerate(channels)
            if any(table := _table(channel.of, byte, pixel.alpha.mask if at == 0 else 0))
        )
        for byte in range(pixel.bytes)
    )


def _table(of: Callable[[int], int], byte: int, always: int) -> Table:
    return tuple((of(value) | always) >> 8 * byte & 0xFF for value in range(256))

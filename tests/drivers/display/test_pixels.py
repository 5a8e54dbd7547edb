"""Pixels reach the glass exactly, whatever its depth, its colours' places, its padding, origin and turn."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.display import pixels
from drivers.display.geometry import (
    RGB565,
    XRGB8888,
    Channel,
    Format,
    Geometry,
    Rotation,
    on_glass,
    turned,
)
from drivers.display.pixels import copy
from hal.contracts import Rect

SIZE = WIDTH, HEIGHT = 23, 9
FORMATS = {
    "XRGB8888": XRGB8888,
    "XBGR8888": Format(32, Channel(0, 8), Channel(8, 8), Channel(16, 8)),
    "ARGB8888": Format(32, Channel(16, 8), Channel(8, 8), Channel(0, 8), Channel(24, 8)),
    "RGBA8888": Format(32, Channel(24, 8), Channel(16, 8), Channel(8, 8), Channel(0, 8)),
    "XRGB2101010": Format(32, Channel(20, 10), Channel(10, 10), Channel(0, 10)),
    "RGB888": Format(24, Channel(16, 8), Channel(8, 8), Channel(0, 8)),
    "RGB565": RGB565,
    "BGR565": Format(16, Channel(0, 5), Channel(5, 6), Channel(11, 5)),
    "ARGB1555": Format(16, Channel(10, 5), Channel(5, 5), Channel(0, 5), Channel(15, 1)),
    "XRGB4444": Format(16, Channel(8, 4), Channel(4, 4), Channel(0, 4)),
}

rects = st.builds(
    lambda x, y, w, h: Rect(x, y, 1 + w % (WIDTH - x), 1 + h % (HEIGHT - y)),
    st.integers(0, WIDTH - 1),
    st.integers(0, HEIGHT - 1),
    st.integers(0, 100),
    st.integers(0, 100),
)


def canvas_of(seed: int) -> bytearray:
    """Every pixel different: blue, green, red and the unused byte."""
    return bytearray((seed + 7 * at + at // 4 * 13) % 256 for at in range(WIDTH * HEIGHT * 4))


def word(pixel: Format, blue: int, green: int, red: int, unused: int) -> bytes:
    """The pixel, made of one colour after the other."""
    if pixel == XRGB8888:
        return bytes((blue, green, red, unused))
    value = (1 << pixel.alpha.length) - 1 << pixel.alpha.offset
    for channel, level in ((pixel.blue, blue), (pixel.green, green), (pixel.red, red)):
        value |= level * (1 << channel.length) // 256 << channel.offset
    return value.to_bytes(pixel.bytes, "little")


@given(
    name=st.sampled_from(sorted(FORMATS)),
    rotation=st.sampled_from((0, 90, 180, 270)),
    rect=rects,
    padding=st.sampled_from([0, 4, 40]),
    start=st.sampled_from([0, 16]),
    seed=st.integers(0, 255),
)
def test_a_part_of_the_canvas_arrives_alone_and_exactly(
    name: str, rotation: Rotation, rect: Rect, padding: int, start: int, seed: int
) -> None:
    pixel, (width, height) = FORMATS[name], turned(SIZE, rotation)
    line = width * pixel.bytes + padding
    geometry = Geometry(width, height, pixel, line, start, start + line * height)
    canvas, target = canvas_of(seed), bytearray(geometry.length)
    copy(canvas, memoryview(target), geometry, rect, rotation)
    expected = bytearray(geometry.length)
    for y in range(rect.y, rect.y + rect.h):
        for x in range(rect.x, rect.x + rect.w):
            place = on_glass(Rect(x, y, 1, 1), SIZE, rotation)
            at = start + place.y * line + place.x * pixel.bytes
            expected[at : at + pixel.bytes] = word(
                pixel, *canvas[(y * WIDTH + x) * 4 : (y * WIDTH + x) * 4 + 4]
            )
    assert target == expected


def test_white_is_white_and_black_is_black_in_every_format() -> None:
    for pixel in FORMATS.values():
        geometry = Geometry(WIDTH, HEIGHT, pixel, WIDTH * pixel.bytes, 0, WIDTH * HEIGHT * pixel.bytes)
        for level in (0, 255):
            target = bytearray(geometry.length)
            copy(bytearray([level] * WIDTH * HEIGHT * 4), memoryview(target), geometry, Rect(0, 0, *SIZE))
            value = int.from_bytes(target[: pixel.bytes], "little")
            for channel in (pixel.red, pixel.green, pixel.blue):
                brightest = value & channel.mask == channel.mask
                assert brightest if level and channel.length <= 8 else level or not value & channel.mask


@pytest.mark.parametrize("rotation", [0, 90, 180, 270])
@pytest.mark.parametrize("at_once", [1, 30, 100])
def test_a_part_in_strips_is_the_same_part(
    rotation: Rotation, at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    width, height = turned(SIZE, rotation)
    geometry = Geometry(width, height, RGB565, width * 2, 0, width * height * 2)
    part, written = Rect(2, 1, 20, 7), []
    for pixels_at_once in (65536, at_once):
        monkeypatch.setattr(pixels, "AT_ONCE", pixels_at_once)
        written.append(bytearray(geometry.length))
        copy(canvas_of(3), memoryview(written[-1]), geometry, part, rotation)
    assert written[0] == written[1]

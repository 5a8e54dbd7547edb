"""Pixels reach the glass exactly, whatever its depth, padding and origin."""

import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.display.pixels import FIX_SIZE, Geometry, UnknownFormat, copy, geometry_of, plain
from hal.contracts import Rect

WIDTH, HEIGHT = 23, 9


def canvas_of(seed: int) -> bytearray:
    """Every pixel different: blue, green, red and the unused byte."""
    return bytearray((seed + 7 * at + at // 4 * 13) % 256 for at in range(WIDTH * HEIGHT * 4))


def var(width: int, height: int, bpp: int, offsets: tuple[int, int, int], x: int = 0, y: int = 0) -> bytes:
    words = [0] * 40
    words[0:7] = [width, height, width, height * 2, x, y, bpp]
    words[8], words[11], words[14] = offsets
    return struct.pack("40I", *words)


def fix(line: int, length: int) -> bytes:
    values = (b"test", 0, length, 0, 0, 2, 0, 0, 0, line, 0, 0, 0, 0)
    return struct.pack("16sLIIIIHHHILIIH", *values).ljust(FIX_SIZE, b"\0")


rects = st.builds(
    lambda x, y, w, h: Rect(x, y, 1 + w % (WIDTH - x), 1 + h % (HEIGHT - y)),
    st.integers(0, WIDTH - 1),
    st.integers(0, HEIGHT - 1),
    st.integers(0, 100),
    st.integers(0, 100),
)


@given(
    rect=rects, padding=st.sampled_from([0, 4, 40]), start=st.sampled_from([0, 16]), seed=st.integers(0, 255)
)
def test_a_part_of_the_canvas_arrives_alone_and_unchanged_on_32_bits(
    rect: Rect, padding: int, start: int, seed: int
) -> None:
    line = WIDTH * 4 + padding
    geometry = Geometry(WIDTH, HEIGHT, 32, line, start, start + line * HEIGHT)
    canvas, target = canvas_of(seed), bytearray(geometry.length)
    copy(canvas, memoryview(target), geometry, rect)
    expected = bytearray(geometry.length)
    for y in range(rect.y, rect.y + rect.h):
        for x in range(rect.x, rect.x + rect.w):
            pixel = canvas[(y * WIDTH + x) * 4 : (y * WIDTH + x) * 4 + 4]
            expected[start + y * line + x * 4 : start + y * line + x * 4 + 4] = pixel
    assert target == expected


@given(rect=rects, padding=st.sampled_from([0, 2, 18]), seed=st.integers(0, 255))
def test_rgb565_is_exact_truncation(rect: Rect, padding: int, seed: int) -> None:
    line = WIDTH * 2 + padding
    geometry = Geometry(WIDTH, HEIGHT, 16, line, 0, line * HEIGHT)
    canvas, target = canvas_of(seed), bytearray(geometry.length)
    copy(canvas, memoryview(target), geometry, rect)
    expected = bytearray(geometry.length)
    for y in range(rect.y, rect.y + rect.h):
        for x in range(rect.x, rect.x + rect.w):
            blue, green, red = canvas[(y * WIDTH + x) * 4 : (y * WIDTH + x) * 4 + 3]
            word = (red >> 3) << 11 | (green >> 2) << 5 | blue >> 3
            struct.pack_into("<H", expected, y * line + x * 2, word)
    assert target == expected


def test_the_geometry_is_what_the_kernel_says_with_padding_and_panning() -> None:
    geometry = geometry_of(var(800, 480, 16, (11, 5, 0), y=480), fix(1664, 1664 * 960))
    assert geometry == Geometry(800, 480, 16, 1664, 480 * 1664, 1664 * 960)
    assert geometry.needed <= geometry.length


def test_32_bits_with_blue_first_are_known() -> None:
    assert geometry_of(var(1280, 800, 32, (16, 8, 0)), fix(5120, 4096000)) == plain(1280, 800, 32)


@pytest.mark.parametrize(
    ("bpp", "offsets"), [(32, (0, 8, 16)), (24, (16, 8, 0)), (16, (10, 5, 0)), (8, (0, 0, 0))]
)
def test_an_unknown_pixel_format_is_refused_never_guessed(bpp: int, offsets: tuple[int, int, int]) -> None:
    with pytest.raises(UnknownFormat, match=f"{bpp} bits"):
        geometry_of(var(800, 480, bpp, offsets), fix(1600, 1600 * 480))

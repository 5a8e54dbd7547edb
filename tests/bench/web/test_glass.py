"""What travels of the screen: what changed and nothing else, and not a pixel differs at the other end."""

import io

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from daemon.bench.web.glass import HEADER, Glass

SIZE = (160, 120)
BLACK = bytes(160 * 120 * 4)


def drawn(frame: bytes, x: int, y: int, w: int, h: int, pixel: bytes) -> bytes:
    """The frame with a rectangle in it. pixel: B, G, R, X."""
    rows = bytearray(frame)
    for row in range(y, y + h):
        start = (row * SIZE[0] + x) * 4
        rows[start : start + w * 4] = pixel * w
    return bytes(rows)


class Watcher:
    """The other end: draws what arrives."""

    def __init__(self) -> None:
        self.picture = Image.new("RGB", SIZE)
        self.pixels = 0

    def take(self, packets: list[bytes]) -> None:
        for packet in packets:
            x, y, w, h = HEADER.unpack(packet[: HEADER.size])
            tile = Image.open(io.BytesIO(packet[HEADER.size :]))
            assert tile.size == (w, h)
            self.picture.paste(tile, (x, y))
            self.pixels += w * h


def test_who_comes_first_sees_everything() -> None:
    watcher = Watcher()
    watcher.take(Glass(SIZE).changes(BLACK))
    assert watcher.pixels == 160 * 120


def test_nothing_travels_while_nothing_changes() -> None:
    glass = Glass(SIZE)
    glass.changes(BLACK)
    assert glass.changes(BLACK) == []


def test_only_the_smallest_box_around_a_change_travels() -> None:
    glass, watcher = Glass(SIZE), Watcher()
    glass.changes(BLACK)
    watcher.take(glass.changes(drawn(BLACK, 10, 20, 7, 5, b"\x01\x02\x03\x00")))
    assert watcher.pixels == 35
    assert watcher.picture.getpixel((10, 20)) == (3, 2, 1)


def test_what_the_eye_cannot_see_does_not_travel() -> None:
    glass = Glass(SIZE)
    glass.changes(BLACK)
    assert glass.changes(drawn(BLACK, 0, 0, 160, 120, b"\x00\x00\x00\xff")) == []


boxes = st.tuples(st.integers(0, 159), st.integers(0, 119), st.integers(1, 160), st.integers(1, 120))


@given(st.lists(st.tuples(boxes, st.binary(min_size=4, max_size=4)), max_size=6))
def test_after_any_changes_the_watcher_has_the_very_picture(
    steps: list[tuple[tuple[int, ...], bytes]],
) -> None:
    glass, watcher, frame = Glass(SIZE), Watcher(), BLACK
    watcher.take(glass.changes(frame))
    for (x, y, w, h), pixel in steps:
        frame = drawn(frame, x, y, min(w, SIZE[0] - x), min(h, SIZE[1] - y), pixel)
        watcher.take(glass.changes(frame))
    assert watcher.picture == Image.frombytes("RGB", SIZE, frame, "raw", "BGRX")

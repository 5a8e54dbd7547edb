"""Pixels of another process's screen: our framebuffer, and the XWD that an X server keeps."""

import struct
from pathlib import Path

import pytest
from PIL import Image

from daemon.bench.benchmark.glass import Frame, Glass, xwd_frame

WORDS = {0: 160, 1: 7, 4: 4, 5: 3, 11: 32, 12: 20, 19: 2}
RED, BLUE = (200, 10, 20), (1, 2, 250)


def header(**changed: int) -> bytes:
    words = WORDS | {int(key.removeprefix("word")): value for key, value in changed.items()}
    return struct.pack(">25I", *(words.get(at, 0) for at in range(25)))


def test_the_pixels_of_an_xwd_begin_behind_header_and_colours() -> None:
    assert xwd_frame(header() + bytes(60)) == Frame(width=4, height=3, offset=160 + 2 * 12, stride=20)


@pytest.mark.parametrize("changed", [{"word1": 6}, {"word11": 16}])
def test_another_kind_of_xwd_is_refused(changed: dict[str, int]) -> None:
    with pytest.raises(ValueError, match="XWD version"):
        xwd_frame(header(**changed))


def screen(folder: Path) -> tuple[Path, Frame]:
    """4 × 3 pixels behind 8 bytes, one pixel of each row beyond the picture; row 1 has a red dot at x = 2."""
    frame = Frame(4, 3, 8, 20)
    pixels = bytearray(8 + 3 * 20)
    for y in range(3):
        for x in range(5):
            colour = RED if (x, y) == (2, 1) else BLUE
            at = 8 + y * 20 + 4 * x
            pixels[at : at + 4] = bytes((*reversed(colour), 0))
    path = folder / "screen"
    path.write_bytes(pixels)
    return path, frame


def test_a_pixel_is_read_where_it_stands(tmp_path: Path) -> None:
    with Glass(*screen(tmp_path)) as glass:
        assert glass.colour(2, 1) == RED
        assert glass.colour(3, 1) == BLUE
        picture = glass.picture()
    expected = Image.new("RGB", (4, 3), BLUE)
    expected.putpixel((2, 1), RED)
    assert picture.tobytes() == expected.tobytes()


def test_a_screen_is_complete_with_all_its_marks_and_words_in_its_title(tmp_path: Path) -> None:
    marks = ((0, 0, BLUE), (2, 1, RED))
    with Glass(*screen(tmp_path)) as glass:
        assert glass.shows(marks, (0, 0, 4, 3), BLUE)
        assert not glass.shows((*marks, (3, 2, RED)), (0, 0, 4, 3), BLUE), "a mark is missing"
        assert not glass.shows(marks, (0, 2, 4, 1), BLUE), "nothing is written there"

"""The picture of a receipt, and that the printer's dots are the picture's dots."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageChops

from drivers.receipt.escpos import NOTO
from drivers.receipt.paper import Paper, command_length, obey
from drivers.receipt.raster import MARGIN, SIZES, encode, render, wrap
from drivers.receipt.status import LONGEST_RASTER
from hal.contracts import Line

RECEIPT = [
    Line("領収書", size="large"),
    Line("2026-11-23 22:58", "K-0001"),
    Line("住民票の写し"),
    Line("  300円 × 2通", "600円"),
    Line("合計", "600円", size="large"),
]


def printed(data: bytes) -> Paper:
    paper = Paper()
    while data:
        size = command_length(data)
        assert size is not None
        obey(paper, data[:size])
        data = data[size:]
    return paper


def ink(picture: Image.Image) -> tuple[int, int, int, int]:
    box = ImageChops.invert(picture.convert("L")).getbbox()
    assert box is not None
    return box


def test_what_the_printer_puts_on_paper_is_the_picture_dot_by_dot() -> None:
    picture = render(RECEIPT, 576, NOTO)
    paper = printed(b"".join(encode(picture)))
    assert paper.unknown == b""
    assert [(receipt.size, receipt.tobytes()) for receipt in paper.cut_off] == [
        (picture.size, picture.tobytes())
    ]


@settings(max_examples=25)
@given(st.sampled_from((8, 384, 576)), st.integers(1, 300), st.randoms(use_true_random=False))
def test_any_picture_arrives_dot_by_dot(width: int, height: int, random: "st.random.Random") -> None:  # type: ignore[name-defined]
    picture = Image.frombytes("1", (width, height), random.randbytes(width // 8 * height))
    (receipt,) = printed(b"".join(encode(picture))).cut_off
    assert receipt.tobytes() == picture.tobytes()


def test_no_raster_command_is_longer_than_what_clearing_completes() -> None:
    assert all(len(piece) <= LONGEST_RASTER + 8 for piece in encode(render(RECEIPT * 10, 576, NOTO)))


def test_the_right_column_ends_at_the_paper_s_edge() -> None:
    for line in (Line("合計", "600円"), Line("", "1円", "large"), Line("長" * 60, "600円")):
        _, _, right, _ = ink(render([line], 576, NOTO))
        assert 570 <= right <= 576


def test_a_long_left_text_wraps_and_keeps_clear_of_the_right() -> None:
    one, many = render([Line("長", "600円")], 576, NOTO), render([Line("長" * 60, "600円")], 576, NOTO)
    row = one.height - 2 * MARGIN
    assert (many.height - 2 * MARGIN) % row == 0
    assert (many.height - 2 * MARGIN) // row >= 3


def test_a_right_text_that_needs_the_room_stands_on_its_own_row() -> None:
    one, two = render([Line("左", "右")], 576, NOTO), render([Line("左", "右" * 22)], 576, NOTO)
    assert two.height - 2 * MARGIN == 2 * (one.height - 2 * MARGIN)


def test_large_is_larger() -> None:
    heights = [ink(render([Line("領", size=size)], 576, NOTO)) for size in ("normal", "large")]
    assert (heights[1][3] - heights[1][1]) > 1.5 * (heights[0][3] - heights[0][1])


def test_wrapping_never_parts_a_character_from_its_variation_selector() -> None:
    from PIL import ImageFont

    font = ImageFont.truetype(NOTO, SIZES["normal"])
    text = "葛\U000e0100辻\U000e0101" * 10
    for width in range(24, 200, 7):
        rows = wrap(text, width, font)
        assert "".join(rows) == text
        assert not any(row[0] in "\U000e0100\U000e0101" for row in rows)


def test_an_empty_receipt_and_an_empty_line_can_be_drawn() -> None:
    assert render([], 576, NOTO).size == (576, 2 * MARGIN)
    assert render([Line("")], 576, NOTO).height > 2 * MARGIN


@pytest.mark.parametrize("data", [b"\x1dv0\x00\x48\x00\x01\x00" + b"x" * 71, b"\x1dV", b"\x1b", b"\x1dv0"])
def test_an_incomplete_command_waits_for_its_rest(data: bytes) -> None:
    assert command_length(data) is None

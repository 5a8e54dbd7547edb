"""What the kernel says of a screen is what is written to: nothing is assumed."""

from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.display.geometry import (
    FROM_GLASS,
    RGB565,
    TO_GLASS,
    Geometry,
    Rotation,
    UnknownFormat,
    geometry_of,
    moved,
    on_glass,
    plain,
    size_of_glass,
    turned,
)
from drivers.ports.kernel import named_framebuffer
from hal.contracts import Rect
from tests.drivers.machine import XRGB, Colour, Screen

R565 = {"red": (11, 5), "green": (5, 6), "blue": (0, 5)}
ROTATIONS: tuple[Rotation, ...] = (0, 90, 180, 270)
rotations = st.sampled_from(ROTATIONS)


def of(screen: Screen) -> Geometry:
    return geometry_of(screen.ask(0x4600, b""), screen.ask(0x4602, b""))


def test_padding_origin_and_size_are_as_the_kernel_says() -> None:
    geometry = of(Screen(800, 480, 16, R565, padding=64, y=480, mm=(154, 86)))
    assert geometry == Geometry(800, 480, RGB565, 1664, 480 * 1664, 1664 * 960, (154, 86))
    assert geometry.needed <= geometry.length


@pytest.mark.parametrize("size", [(800, 480), (1024, 600), (1280, 800), (1920, 1080)])
def test_32_bits_with_blue_first_are_the_canvas(size: tuple[int, int]) -> None:
    assert of(Screen(*size)) == plain(*size, 32)


@pytest.mark.parametrize(
    ("bpp", "colours"),
    [
        (8, XRGB),
        (32, {"red": (16, 8), "green": (12, 8), "blue": (0, 8)}),
        (16, {"red": (16, 5), "green": (5, 6), "blue": (0, 5)}),
        (32, {"red": (0, 0), "green": (8, 8), "blue": (0, 8)}),
        (24, {**XRGB, "alpha": (24, 8)}),
    ],
    ids=["palette", "overlapping", "outside", "no red", "alpha outside"],
)
def test_a_pixel_that_cannot_be_is_refused_never_guessed(bpp: int, colours: Mapping[str, Colour]) -> None:
    with pytest.raises(UnknownFormat, match=f"{bpp} bits"):
        of(Screen(80, 48, bpp, colours))


# ---------------------------------------------------------------- a turned picture


@given(rotation=rotations, width=st.integers(1, 40), height=st.integers(1, 40), data=st.data())
def test_a_turned_part_covers_the_pixels_it_covered(
    rotation: Rotation, width: int, height: int, data: st.DataObject
) -> None:
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    w, h = data.draw(st.integers(1, width - x)), data.draw(st.integers(1, height - y))
    part = on_glass(Rect(x, y, w, h), (width, height), rotation)
    glass = turned((width, height), rotation)
    assert 0 <= part.x <= part.x + part.w <= glass[0]
    assert 0 <= part.y <= part.y + part.h <= glass[1]
    covered = {
        on_glass(Rect(i, j, 1, 1), (width, height), rotation)
        for i in range(x, x + w)
        for j in range(y, y + h)
    }
    assert covered == {
        Rect(i, j, 1, 1) for i in range(part.x, part.x + part.w) for j in range(part.y, part.y + part.h)
    }


@given(rotation=rotations, width=st.integers(2, 40), height=st.integers(2, 40), data=st.data())
def test_a_finger_on_a_turned_picture_meets_the_pixel_it_sees(
    rotation: Rotation, width: int, height: int, data: st.DataObject
) -> None:
    x, y = data.draw(st.integers(0, width - 1)), data.draw(st.integers(0, height - 1))
    pixel = on_glass(Rect(x, y, 1, 1), (width, height), rotation)
    across, down = turned((width, height), rotation)
    u, v = moved(FROM_GLASS[rotation], pixel.x / (across - 1), pixel.y / (down - 1))
    assert (round(u * (width - 1)), round(v * (height - 1))) == (x, y)


@given(rotation=rotations, x=st.floats(0, 1), y=st.floats(0, 1))
def test_to_the_glass_and_back_is_the_same_place(rotation: Rotation, x: float, y: float) -> None:
    there = moved(FROM_GLASS[rotation], *moved(TO_GLASS[rotation], x, y))
    assert there == pytest.approx((x, y), abs=1e-12)


# ---------------------------------------------------------------- millimetres


def test_what_the_kernel_claims_is_believed_if_pixels_would_be_square() -> None:
    assert size_of_glass((1280, 800), (217, 136)) == (217, 136)


@pytest.mark.parametrize("claimed", [(0, 0), (4294967295, 4294967295), (160, 90), (1600, 1000), (16, 10)])
def test_a_size_that_cannot_be_is_taken_for_10_inch(claimed: tuple[int, int]) -> None:
    assert size_of_glass((1280, 800), claimed) == (218, 136)


# ---------------------------------------------------------------- by name


def test_a_screen_is_found_by_its_name_whatever_its_number(tmp_path: Path) -> None:
    for number, name in enumerate(["simpledrmdrmfb", "vc4drmfb"]):
        (tmp_path / f"fb{number}").mkdir()
        (tmp_path / f"fb{number}" / "name").write_text(f"{name}\n")
    assert named_framebuffer("vc4drmfb", tmp_path) == "/dev/fb1"
    with pytest.raises(FileNotFoundError, match="fb0 is simpledrmdrmfb, fb1 is vc4drmfb"):
        named_framebuffer("udldrmfb", tmp_path)


def test_no_screen_at_all_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="there is none at all"):
        named_framebuffer("vc4drmfb", tmp_path)

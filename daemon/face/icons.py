"""The icons of the header, drawn for this kiosk: text size, colours, voice and its loudness, time.

Each draws its coverage on a square of any side; the painter gives it its colour.
"""

from collections.abc import Callable, Mapping

from PIL import ImageDraw

Draw = ImageDraw.ImageDraw


def _letter(draw: Draw, x: float, right: float, top: float, bottom: float, stroke: float) -> None:
    """A capital A."""
    middle, bar = (x + right) / 2, top + (bottom - top) * 0.64
    draw.line([(x, bottom), (middle, top), (right, bottom)], 255, round(stroke), joint="curve")
    inset = (right - x) * 0.18
    draw.line([(x + inset, bar), (right - inset, bar)], 255, round(stroke))


def _large(draw: Draw, side: int) -> None:
    """A small A beside a large one."""
    s = side / 100
    _letter(draw, 4 * s, 34 * s, 50 * s, 90 * s, 8 * s)
    _letter(draw, 36 * s, 96 * s, 12 * s, 90 * s, 12 * s)


def _contrast(draw: Draw, side: int) -> None:
    """A disc, half of it dark."""
    s = side / 100
    draw.ellipse((10 * s, 10 * s, 90 * s, 90 * s), 0, 255, round(8 * s))
    draw.pieslice((10 * s, 10 * s, 90 * s, 90 * s), 270, 90, 255)


def _speaker(draw: Draw, side: int) -> None:
    s = side / 100
    points = [(4, 38), (20, 38), (42, 18), (42, 82), (20, 62), (4, 62)]
    draw.polygon([(x * s, y * s) for x, y in points], 255)


def _voice(waves: int) -> Callable[[Draw, int], None]:
    """A loudspeaker with as many waves as it is loud; none: crossed out."""

    def drawn(draw: Draw, side: int) -> None:
        s = side / 100
        _speaker(draw, side)
        for wave in range(waves):
            r = (16 + 15 * wave) * s
            draw.arc((46 * s - r, 50 * s - r, 46 * s + r, 50 * s + r), 310, 50, 255, round(8 * s))
        if not waves:
            draw.line([(58 * s, 36 * s), (88 * s, 66 * s)], 255, round(9 * s))
            draw.line([(88 * s, 36 * s), (58 * s, 66 * s)], 255, round(9 * s))

    return drawn


def _time(draw: Draw, side: int) -> None:
    """A clock."""
    s = side / 100
    draw.ellipse((12 * s, 12 * s, 88 * s, 88 * s), 0, 255, round(9 * s))
    draw.line([(50 * s, 28 * s), (50 * s, 52 * s), (66 * s, 62 * s)], 255, round(9 * s), joint="curve")


ICONS: Mapping[str, Callable[[Draw, int], None]] = {
    "large": _large,
    "contrast": _contrast,
    "voice0": _voice(0),
    "voice1": _voice(1),
    "voice2": _voice(2),
    "voice3": _voice(3),
    "time": _time,
}

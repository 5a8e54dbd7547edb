"""The drawings: where card, coins and paper are. Plain shapes on the colour of the page, no text in them.

Each is drawn on a square of 100 × 100 units, larger than it appears, and kept at the size it is shown in.
Orange is always the movement that is asked of the citizen, and always an arrow as well.
"""

from collections.abc import Callable, Sequence

from PIL import Image, ImageDraw

from daemon.face.ink import Ink, ink

FINE = 3
KEPT = 4
WHITE = ink("#ffffff")
PAGE = ink("#f3f6fa")
NAVY = ink("#163d6b")
ALERT = ink("#8b1616")
PALE = ink("#d5e3f4")
STEEL = ink("#7f9cc0")
ORANGE = ink("#d9690c")
GOLD = ink("#e3b04b")
SILVER = ink("#dfe4ea")
DARK = ink("#0f2a4a")
TEAL = ink("#2b8a83")
SEAL = ink("#c03a2b")
LED = ink("#36b37e")
WELL = ink("#24507f")
STROKE = 1.7

Point = tuple[float, float]


class Pen:
    """Draws in units. Outlines are navy unless said otherwise."""

    def __init__(self, draw: ImageDraw.ImageDraw, unit: float) -> None:
        self._draw = draw
        self._unit = unit

    def box(
        self,
        x: float,
        y: float,
        right: float,
        bottom: float,
        fill: Ink,
        radius: float = 2,
        edge: Ink | None = NAVY,
    ) -> None:
        u = self._unit
        stroke = round(STROKE * u) if edge else 0
        self._draw.rounded_rectangle((x * u, y * u, right * u, bottom * u), radius * u, fill, edge, stroke)

    def disc(self, x: float, y: float, radius: float, fill: Ink, edge: Ink | None = NAVY) -> None:
        u = self._unit
        stroke = round(STROKE * u) if edge else 0
        place = ((x - radius) * u, (y - radius) * u, (x + radius) * u, (y + radius) * u)
        self._draw.ellipse(place, fill, edge, stroke)

    def line(self, points: Sequence[Point], colour: Ink = NAVY, width: float = STROKE) -> None:
        u, w = self._unit, width * self._unit
        self._draw.line([(x * u, y * u) for x, y in points], colour, round(w), joint="curve")
        for x, y in (points[0], points[-1]):
            place = (x * u - w / 2, y * u - w / 2, x * u + w / 2, y * u + w / 2)
            self._draw.ellipse(place, colour)

    def shape(self, points: Sequence[Point], fill: Ink, edge: Ink | None = NAVY) -> None:
        u = self._unit
        self._draw.polygon([(x * u, y * u) for x, y in points], fill)
        if edge:
            self.line([*points, points[0]], edge)

    def arc(self, x: float, y: float, radius: float, start: float, end: float, colour: Ink) -> None:
        u = self._unit
        place = ((x - radius) * u, (y - radius) * u, (x + radius) * u, (y + radius) * u)
        self._draw.arc(place, start, end, colour, round(STROKE * 1.3 * u))

    def arrow(self, x: float, tail: float, head: float) -> None:
        """A broad vertical arrow from y = tail to y = head."""
        way = 1 if head > tail else -1
        neck = head - way * 8
        self.shape(
            [
                (x - 3.5, tail),
                (x + 3.5, tail),
                (x + 3.5, neck),
                (x + 9, neck),
                (x, head),
                (x - 9, neck),
                (x - 3.5, neck),
            ],
            ORANGE,
            None,
        )


class Pictures:
    """Makes a drawing once for each size and keeps the last few."""

    def __init__(self) -> None:
        self._kept: dict[tuple[str, int], Image.Image] = {}

    def get(self, name: str, side: int) -> Image.Image:
        """The drawing, side × side pixels, red and blue exchanged."""
        key = (name, side)
        image = self._kept.pop(key, None) or _draw(name, side)
        self._kept[key] = image
        if len(self._kept) > KEPT:
            del self._kept[next(iter(self._kept))]
        return image


def _draw(name: str, side: int) -> Image.Image:
    image = Image.new("RGB", (side * FINE, side * FINE), PAGE)
    DRAWINGS[name](Pen(ImageDraw.Draw(image), side * FINE / 100))
    return image.reduce(FINE)


# ---------------------------------------------------------------- what is drawn


def _card(pen: Pen, y: float) -> None:
    pen.box(22, y, 78, y + 35, WHITE, 4)
    pen.box(22, y, 78, y + 9, TEAL, 4)
    pen.box(23.7, y + 6, 76.3, y + 9, TEAL, 0, None)
    pen.box(28, y + 14, 41, y + 29, PALE, 1.5)
    pen.disc(34.5, y + 19.5, 3, STEEL, None)
    pen.box(30, y + 23.5, 39, y + 27.8, STEEL, 2, None)
    for at, right in ((15, 71), (20, 66), (25, 69)):
        pen.box(46, y + at, right, y + at + 2.4, STEEL, 1, None)


def _reader(pen: Pen) -> None:
    pen.box(8, 60, 92, 96, DARK, 6)
    pen.box(12, 63.5, 88, 92.5, WELL, 4, None)
    for radius in (5, 10, 15):
        pen.arc(50, 90, radius, 215, 325, PALE)
    pen.disc(50, 89, 1.7, PALE, None)
    pen.disc(82, 68.5, 1.8, LED, None)


def _card_place(pen: Pen) -> None:
    _card(pen, 3)
    _reader(pen)
    pen.arrow(50, 42, 66)


def _card_take(pen: Pen) -> None:
    _reader(pen)
    _card(pen, 3)
    pen.arrow(50, 66, 42)


def _coin(pen: Pen, x: float, y: float, radius: float, metal: Ink, hole: bool) -> None:
    pen.disc(x, y, radius, metal)
    pen.disc(x, y, radius * 0.78, metal, STEEL)
    if hole:
        pen.disc(x, y, radius * 0.28, PAGE)
        return
    r = radius * 0.45
    pen.line([(x - r * 0.8, y - r), (x, y), (x + r * 0.8, y - r)])
    pen.line([(x, y), (x, y + r)])
    for below in (0.15, 0.55):
        pen.line([(x - r * 0.7, y + r * below), (x + r * 0.7, y + r * below)], width=1.2)


def _coins(pen: Pen) -> None:
    _coin(pen, 26, 20, 15, SILVER, False)
    _coin(pen, 77, 23, 13, GOLD, True)
    _coin(pen, 52, 16, 12, SILVER, True)
    pen.box(10, 62, 90, 96, DARK, 6)
    pen.box(14, 66, 86, 92, WELL, 4, None)
    pen.box(34, 75, 66, 83, WHITE, 4, None)
    pen.box(37, 77.8, 63, 80.2, DARK, 1, None)
    pen.arrow(50, 38, 64)


def _coins_take(pen: Pen) -> None:
    """The return tray: an open mouth with coins in it."""
    pen.box(8, 40, 92, 96, DARK, 6)
    pen.box(12, 43.5, 88, 92.5, WELL, 4, None)
    pen.box(19, 52, 81, 86, DARK, 8)
    _coin(pen, 37, 72, 12, SILVER, True)
    _coin(pen, 61, 73, 11.5, GOLD, True)
    pen.box(16, 82, 84, 90, PALE, 4)
    pen.arrow(50, 56, 12)


def _wait(pen: Pen) -> None:
    """A sandglass."""
    pen.shape([(24, 16), (76, 16), (54, 50), (76, 84), (24, 84), (46, 50)], WHITE)
    pen.shape([(35, 30), (65, 30), (51, 50), (49, 50)], GOLD, None)
    pen.line([(50, 50), (50, 74)], GOLD)
    pen.shape([(32, 80), (68, 80), (58, 69), (50, 65), (42, 69)], GOLD, None)
    pen.box(18, 8, 82, 17, NAVY, 3)
    pen.box(18, 83, 82, 92, NAVY, 3)


def _sheet(pen: Pen, x: float, y: float, right: float, bottom: float) -> None:
    pen.box(x, y, right, bottom, WHITE, 1.5)
    width = right - x
    pen.box(x + width * 0.22, y + 6, right - width * 0.22, y + 9.2, NAVY, 1, None)
    at = y + 15
    while at < bottom - 9:
        pen.box(x + 6, at, right - 6, at + 1.9, STEEL, 1, None)
        at += 6


def _printing(pen: Pen) -> None:
    pen.box(28, 8, 72, 46, WHITE, 1.5)
    pen.box(8, 30, 92, 70, PALE, 6)
    pen.box(8, 30, 92, 42, STEEL, 6)
    pen.box(9.7, 38, 90.3, 42, STEEL, 0, None)
    pen.disc(82, 50, 2.6, LED)
    pen.box(20, 58, 80, 64, DARK, 2)
    _sheet(pen, 26, 61, 74, 97)
    pen.box(20, 58, 80, 62, DARK, 2)


def _paper_take(pen: Pen) -> None:
    pen.box(8, 66, 92, 96, DARK, 6)
    pen.box(12, 70, 88, 92, WELL, 4, None)
    _sheet(pen, 16, 5, 62, 76)
    pen.box(47, 61, 56, 70, SEAL, 1.5, None)
    pen.box(49, 63, 54, 68, WHITE, 1, None)
    pen.box(8, 73, 92, 96, DARK, 4)
    pen.box(12, 77, 88, 92.5, WELL, 3, None)
    pen.arrow(79, 62, 24)


def _receipt(pen: Pen) -> None:
    pen.box(10, 4, 90, 26, DARK, 6)
    pen.box(14, 7.5, 86, 22.5, WELL, 4, None)
    teeth = [(26 + 4 * at, 90.0 if at % 2 else 85.0) for at in range(9)]
    pen.shape([(26, 16), (58, 16), *reversed(teeth)], WHITE)
    pen.box(20, 13, 64, 17, WHITE, 2, None)
    pen.box(22, 14, 62, 16.4, DARK, 1, None)
    for at, right in ((25, 52), (32, 48), (39, 52), (46, 44)):
        pen.box(31, at, right, at + 2.2, STEEL, 1, None)
    pen.line([(31, 56), (53, 56)], STEEL, 1)
    pen.box(31, 62, 40, 66, NAVY, 1, None)
    pen.box(43, 62, 53, 66, NAVY, 1, None)
    pen.arrow(76, 38, 74)


def _error(pen: Pen) -> None:
    points = [(50, 14), (91, 84), (9, 84)]
    pen.shape(points, ALERT, None)
    pen.line([*points, points[0]], ALERT, 9)
    pen.shape([(45.5, 34), (54.5, 34), (52.5, 61), (47.5, 61)], WHITE, None)
    pen.disc(50, 71, 4.6, WHITE, None)


def _closed(pen: Pen) -> None:
    pen.line([(22, 38), (50, 9), (78, 38)], NAVY, 2)
    pen.disc(50, 9, 3.4, STEEL)
    pen.box(8, 36, 92, 90, WHITE, 6)
    pen.box(13, 41, 87, 85, WHITE, 4, STEEL)
    pen.disc(50, 63, 17, ALERT, None)
    pen.box(39, 59.5, 61, 66.5, WHITE, 1.5, None)


DRAWINGS: dict[str, Callable[[Pen], None]] = {
    "card-place": _card_place,
    "card-take": _card_take,
    "coins": _coins,
    "coins-take": _coins_take,
    "printing": _printing,
    "paper-take": _paper_take,
    "receipt": _receipt,
    "wait": _wait,
    "error": _error,
    "closed": _closed,
}

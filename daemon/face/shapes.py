"""Small shapes with smooth edges: Pillow draws ragged ones, so each is made large once, reduced, and kept."""

from collections.abc import Callable

from PIL import Image, ImageDraw

from daemon.face import icons
from daemon.face.ink import Ink
from hal.contracts import Rect

FINE = 4
"""How much larger a shape is drawn than it appears."""

TICK = ((0.26, 0.52), (0.44, 0.70), (0.76, 0.33))
TRIANGLE = ((0.5, 0.10), (0.96, 0.90), (0.04, 0.90))


class Shapes:
    """Keeps coverage masks by kind and size."""

    def __init__(self) -> None:
        self._masks: dict[tuple[str, int], Image.Image] = {}

    def round(self, draw: ImageDraw.ImageDraw, rect: Rect, radius: int, fill: Ink) -> None:
        """A filled rectangle with round corners."""
        r = min(radius, rect.w // 2, rect.h // 2)
        right, bottom = rect.x + rect.w, rect.y + rect.h
        _fill(draw, rect.x + r, rect.y, right - r, bottom, fill)
        _fill(draw, rect.x, rect.y + r, right, bottom - r, fill)
        if r > 0:
            disc = self._mask("disc", 2 * r, lambda d, s: d.ellipse((0, 0, s - 1, s - 1), 255))
            for x, left in ((rect.x, 0), (right - r, r)):
                for y, top in ((rect.y, 0), (bottom - r, r)):
                    draw.bitmap((x, y), disc.crop((left, top, left + r, top + r)), fill)

    def framed(
        self, draw: ImageDraw.ImageDraw, rect: Rect, radius: int, fill: Ink, edge: Ink, border: int
    ) -> None:
        """The same with a border inside the rectangle."""
        self.round(draw, rect, radius, edge)
        if border and fill != edge:
            inner = Rect(rect.x + border, rect.y + border, rect.w - 2 * border, rect.h - 2 * border)
            self.round(draw, inner, max(0, radius - border), fill)

    def tick(self, draw: ImageDraw.ImageDraw, place: Rect, disc: Ink, tick: Ink) -> None:
        """A check mark on a disc."""
        side = place.w
        round_mask = self._mask("disc", side, lambda d, s: d.ellipse((0, 0, s - 1, s - 1), 255))
        tick_mask = self._mask("tick", side, _draw_tick)
        draw.bitmap((place.x, place.y), round_mask, disc)
        draw.bitmap((place.x, place.y), tick_mask, tick)

    def warning(self, draw: ImageDraw.ImageDraw, place: Rect, triangle: Ink, mark: Ink) -> None:
        """A triangle with an exclamation mark."""
        draw.bitmap((place.x, place.y), self._mask("triangle", place.w, _draw_triangle), triangle)
        draw.bitmap((place.x, place.y), self._mask("exclamation", place.w, _draw_exclamation), mark)

    def icon(self, draw: ImageDraw.ImageDraw, place: Rect, name: str, colour: Ink) -> None:
        """A drawing of the header (`icons`)."""
        draw.bitmap((place.x, place.y), self._mask(f"icon.{name}", place.w, icons.ICONS[name]), colour)

    def _mask(self, kind: str, side: int, draw: Callable[[ImageDraw.ImageDraw, int], None]) -> Image.Image:
        if (kind, side) not in self._masks:
            large = Image.new("L", (side * FINE, side * FINE), 0)
            draw(ImageDraw.Draw(large), side * FINE)
            self._masks[kind, side] = large.reduce(FINE)
        return self._masks[kind, side]


def _fill(draw: ImageDraw.ImageDraw, x: int, y: int, right: int, bottom: int, fill: Ink) -> None:
    if right > x and bottom > y:
        draw.rectangle((x, y, right - 1, bottom - 1), fill)


def _draw_tick(draw: ImageDraw.ImageDraw, side: int) -> None:
    points = [(x * side, y * side) for x, y in TICK]
    width = round(side * 0.12)
    draw.line(points, 255, width, joint="curve")
    for x, y in (points[0], points[-1]):
        draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), 255)


def _draw_triangle(draw: ImageDraw.ImageDraw, side: int) -> None:
    points = [(x * side, y * side) for x, y in TRIANGLE]
    width = round(side * 0.10)
    draw.polygon(points, 255)
    draw.line([*points, points[0], points[1]], 255, width, joint="curve")


def _draw_exclamation(draw: ImageDraw.ImageDraw, side: int) -> None:
    middle, half = side * 0.5, side * 0.05
    draw.rounded_rectangle((middle - half, side * 0.36, middle + half, side * 0.66), half, 255)
    draw.ellipse((middle - half * 1.15, side * 0.72, middle + half * 1.15, side * 0.72 + half * 2.3), 255)

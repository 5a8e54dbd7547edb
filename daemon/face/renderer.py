"""Brings screens to the glass: lays out, draws into the display's own canvas, presents what has changed.

The canvas is drawn on in place (no frame is ever copied or converted here); a part that changed is drawn
aside, with everything that reaches into it, and stamped. A pressed button alone takes a fraction of a
millisecond.
"""

import gc
from collections.abc import Iterable

from PIL import Image

from daemon.face.boxes import Box
from daemon.face.design import Panel, palette, ten_inch
from daemon.face.fonts import TYPEFACE, Fonts
from daemon.face.layout import PLAIN, Layout, arrange
from daemon.face.painter import Painter, extent
from daemon.session.widgets import Screen, View
from hal.contracts import Display, Rect

FEW = 6
"""Changes drawn one by one; more are drawn as a whole."""


class Renderer:
    """The kiosk's face. typeface: path of Noto Sans CJK with ``{weight}`` for Regular and Bold."""

    def __init__(self, display: Display, typeface: str = TYPEFACE) -> None:
        self._display = display
        self._fonts = Fonts(typeface)
        self._screen: Screen | None = None
        self._view = PLAIN
        self._measure()

    def fit(self) -> None:
        """Draws the screen again if the display has another size now, in pixels or in millimetres."""
        if (self._display.size, self._display.size_mm) == (self._size, self._size_mm):
            return
        self._measure()
        if self._screen is not None:
            self.show(self._screen, self._view)

    def _measure(self) -> None:
        """Everything that hangs on the display's size."""
        self._size, self._size_mm = self._display.size, self._display.size_mm
        self._panel = Panel(self._size, self._size_mm, self._display.distance_mm)
        self._painter = Painter(self._fonts, self._panel.unit)
        self._painter.colours = palette(self._view.strong)
        self._canvas = _image_of(self._display)
        self._layout = Layout(self._size, (), ())
        self._pressed: str | None = None

    def show(self, screen: Screen, view: View = PLAIN) -> None:
        """Draws a screen; only what differs from the one before goes to the glass."""
        self._screen = screen
        before, held = self._layout, self._pressed
        self._layout, self._pressed = arrange(screen, self._panel, self._fonts, view), None
        self._fonts.turn()
        changed = set(before.boxes) ^ set(self._layout.boxes)
        if held is not None and (box := before.button(held)):
            changed.add(box)
        other_colours = view.strong != self._view.strong
        self._view, self._painter.colours = view, palette(view.strong)
        if not before.boxes or other_colours or len(changed) > FEW:
            self._draw_all()
        elif changed:
            self._draw_parts(changed)

    @property
    def order(self) -> tuple[str, ...]:
        """The enabled buttons on the glass, as they are read."""
        return self._layout.order

    @property
    def pages(self) -> int:
        """How many the screen on the glass has."""
        return self._layout.pages

    def repaint(self) -> None:
        """Draws everything again (something else may have painted on the glass)."""
        self._draw_all()

    def hit(self, x: int, y: int) -> str | None:
        """The enabled button at this point."""
        return self._layout.hit(x, y)

    def press(self, id: str) -> None:
        """Shows that this button is held down."""
        self._pressed = id
        self._draw_button(id)

    def release(self) -> None:
        """Shows the held button as it was."""
        if self._pressed is not None:
            held, self._pressed = self._pressed, None
            self._draw_button(held)

    def forget(self) -> None:
        """Drops what is kept of texts that were shown; what is on the glass stays."""
        self._fonts.forget()
        gc.collect()  # what refers to itself would keep a name until some later session

    def targets(self, screen: Screen) -> dict[str, Rect]:
        """Button id → where it stands on this screen, for the status feed and the bench."""
        return arrange(screen, self._panel, self._fonts, self._view).targets

    # ------------------------------------------------------------ inside

    def _draw_all(self) -> None:
        self._painter.paint(self._canvas, self._layout.boxes, 0, 0, self._pressed)
        self._display.present(None)

    def _draw_button(self, id: str) -> None:
        box = self._layout.button(id)
        if box is not None:
            self._draw_parts([box])

    def _draw_parts(self, boxes: Iterable[Box]) -> None:
        regions = _merged([_clipped(extent(box), self._size) for box in boxes])
        for region in regions:
            self._draw_region(region)
        self._display.present(regions)

    def _draw_region(self, region: Rect) -> None:
        part = Image.new("RGBX", (region.w, region.h))
        boxes = [box for box in self._layout.boxes if _overlap(extent(box), region)]
        self._painter.paint(part, boxes, region.x, region.y, self._pressed)
        self._canvas.paste(part, (region.x, region.y))


def overflows(screen: Screen, size: tuple[int, int], typeface: str = TYPEFACE) -> list[str]:
    """What does not fit on this screen, in words; empty: everything stands where it can be read."""
    return list(arrange(screen, ten_inch(size), Fonts(typeface)).tight)


def _image_of(display: Display) -> Image.Image:
    """An image whose pixels are the display's canvas itself."""
    width, _ = display.size
    image = Image.frombuffer("RGBX", display.size, display.canvas, "raw", "RGBX", width * 4, 1)
    image.readonly = 0
    return image


def _clipped(rect: Rect, size: tuple[int, int]) -> Rect:
    x, y = max(0, rect.x), max(0, rect.y)
    return Rect(x, y, min(size[0], rect.x + rect.w) - x, min(size[1], rect.y + rect.h) - y)


def _overlap(one: Rect, other: Rect) -> bool:
    across = one.x < other.x + other.w and other.x < one.x + one.w
    return across and one.y < other.y + other.h and other.y < one.y + one.h


def _merged(rects: list[Rect]) -> list[Rect]:
    """The same area; rectangles that overlap become one around both."""
    merged: list[Rect] = []
    for rect in rects:
        one = rect
        while touching := [other for other in merged if _overlap(one, other)]:
            merged = [other for other in merged if other not in touching]
            for other in touching:
                one = _around(one, other)
        merged.append(one)
    return merged


def _around(one: Rect, other: Rect) -> Rect:
    x, y = min(one.x, other.x), min(one.y, other.y)
    right, bottom = max(one.x + one.w, other.x + other.w), max(one.y + one.h, other.y + other.h)
    return Rect(x, y, right - x, bottom - y)

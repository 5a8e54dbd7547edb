"""Draws boxes into an image, with smooth edges. Red and blue are exchanged (see `ink`).

Nothing here decides where things stand or what they say.
"""

from collections.abc import Iterable
from functools import singledispatchmethod

from PIL import Image, ImageDraw

from daemon.face import ink
from daemon.face.boxes import BarBox, Box, ButtonBox, PanelBox, PictureBox, TextBox
from daemon.face.fonts import Font, Fonts
from daemon.face.ink import Ink
from daemon.face.pictures import Pictures
from daemon.face.setting import LINE, MARK, NARROW
from daemon.face.shapes import Shapes
from daemon.session.widgets import Button
from hal.contracts import Rect

INKS = {"text": ink.TEXT, "soft": ink.SOFT, "white": ink.WHITE, "alert": ink.ALERT}
MIDDLE = 0.375
"""The middle of a line of text above its baseline, in parts of the size: of kanji and of capitals alike."""
SHADOW = 4
PARTS = 20
"""More sheets than this are shown as one bar."""


def extent(box: Box) -> Rect:
    """What drawing this box touches: a button casts a shadow, letters may stand out of their line."""
    rect, edge = box.rect, 8 if isinstance(box, TextBox) else SHADOW + 2 if isinstance(box, ButtonBox) else 0
    return Rect(rect.x - edge, rect.y - edge, rect.w + 2 * edge, rect.h + 2 * edge)


class _Canvas:
    """An image that shows a part of the screen."""

    def __init__(
        self, image: Image.Image, draw: ImageDraw.ImageDraw, x: int, y: int, pressed: str | None
    ) -> None:
        self.image = image
        self.draw = draw
        self.pressed = pressed
        self._x = x
        self._y = y

    def at(self, rect: Rect) -> Rect:
        return Rect(rect.x - self._x, rect.y - self._y, rect.w, rect.h)

    def fill(self, rect: Rect, colour: Ink) -> None:
        self.draw.rectangle((rect.x, rect.y, rect.x + rect.w - 1, rect.y + rect.h - 1), colour)


class Painter:
    """One for the life of the renderer; keeps what can be used again. unit: pixels of a design unit."""

    def __init__(self, fonts: Fonts, unit: float) -> None:
        self._fonts = fonts
        self._unit = unit
        self._shapes = Shapes()
        self._pictures = Pictures()

    def paint(self, image: Image.Image, boxes: Iterable[Box], x: int, y: int, pressed: str | None) -> None:
        """Draws the boxes on a blank page. x, y: the point of the screen that is the image's corner."""
        image.paste(ink.PAGE, (0, 0, *image.size))
        canvas = _Canvas(image, ImageDraw.Draw(image), x, y, pressed)
        for box in boxes:
            self._paint(box, canvas)

    @singledispatchmethod
    def _paint(self, box: object, canvas: _Canvas) -> None:
        raise TypeError(f"cannot paint {type(box).__name__}")

    @_paint.register
    def _text(self, box: TextBox, canvas: _Canvas) -> None:
        self._write(canvas, canvas.at(box.rect), box.lines, box.font, INKS[box.ink], box.align)

    @_paint.register
    def _picture(self, box: PictureBox, canvas: _Canvas) -> None:
        rect = canvas.at(box.rect)
        canvas.image.paste(self._pictures.get(box.name, rect.w), (rect.x, rect.y))

    @_paint.register
    def _panel(self, box: PanelBox, canvas: _Canvas) -> None:
        rect = canvas.at(box.rect)
        if box.style in FLAT:
            canvas.fill(rect, FLAT[box.style])
        else:
            fill, edge, border, radius = ROUND[box.style]
            self._shapes.framed(canvas.draw, rect, self._px(radius), fill, edge, self._px(border))
        if box.style == "foot":
            canvas.fill(Rect(rect.x, rect.y, rect.w, max(1, self._px(2))), ink.LINE)
        if box.style == "alert":
            self._sign(canvas, rect)

    @_paint.register
    def _bar(self, box: BarBox, canvas: _Canvas) -> None:
        rect, n = canvas.at(box.rect), max(1, box.n)
        parts, filled = (n, box.k) if n <= PARTS else (1, 0)
        gap = self._px(6)
        for part in range(parts):
            left, right = (rect.x + at * (rect.w + gap) // parts for at in (part, part + 1))
            fill = ink.NAVY if part < filled else ink.WHITE
            place = Rect(left, rect.y, right - gap - left, rect.h)
            self._shapes.framed(canvas.draw, place, self._px(8), fill, ink.NAVY, self._px(3))
        if n > PARTS:
            done = Rect(rect.x, rect.y, rect.w * min(box.k, n) // n, rect.h)
            self._shapes.round(canvas.draw, done, self._px(8), ink.NAVY)

    @_paint.register
    def _button(self, box: ButtonBox, canvas: _Canvas) -> None:
        rect = canvas.at(box.rect)
        fill, edge, words = _dress(box.button, box.button.id == canvas.pressed)
        if box.button.enabled:
            shadow = Rect(rect.x, rect.y + self._px(SHADOW), rect.w, rect.h)
            self._shapes.round(canvas.draw, shadow, self._px(14), ink.SHADE)
        self._shapes.framed(canvas.draw, rect, self._px(14), fill, edge, self._px(3))
        label = Rect(rect.x + box.inset[0], rect.y, rect.w - sum(box.inset), rect.h)
        self._write(canvas, label, box.lines, box.font, words, "centre")
        if box.button.chosen:
            self._mark(canvas, rect, fill, words)

    # ------------------------------------------------------------ pieces

    def _write(
        self, canvas: _Canvas, rect: Rect, lines: tuple[str, ...], font: Font, colour: Ink, align: str
    ) -> None:
        height = round(font.size * LINE)
        top = rect.y + (rect.h - height * len(lines)) / 2
        for at, line in enumerate(lines):
            mask = self._fonts.mask(line, font)
            spare = rect.w - self._fonts.width(line, font)
            x = rect.x + {"left": 0.0, "centre": spare / 2, "right": spare}[align]
            baseline = top + (at + 0.5) * height + MIDDLE * font.size
            canvas.draw.bitmap((round(x) - mask.left, round(baseline) - mask.baseline), mask.image, colour)

    def _mark(self, canvas: _Canvas, rect: Rect, ground: Ink, colour: Ink) -> None:
        """A tick in a disc: chosen, told by shape and not by colour alone."""
        wide = rect.w > self._px(NARROW)
        side = self._px(36 if wide else 28)
        x = rect.x + self._px(MARK / 2 + 4 if wide else 26) - side // 2
        place = Rect(x, rect.y + (rect.h - side) // 2, side, side)
        self._shapes.tick(canvas.draw, place, colour, ground)

    def _sign(self, canvas: _Canvas, rect: Rect) -> None:
        side = self._px(52)
        place = Rect(rect.x + self._px(16), rect.y + (rect.h - side) // 2, side, side)
        self._shapes.warning(canvas.draw, place, ink.ALERT, ink.WHITE)

    def _px(self, length: float) -> int:
        return round(length * self._unit)


FLAT = {"bar": ink.NAVY, "column": ink.COLUMN, "foot": ink.CELL, "rule": ink.LINE}
ROUND = {
    "card": (ink.WHITE, ink.LINE, 2, 14),
    "cell": (ink.CELL, ink.LINE, 2, 12),
    "field": (ink.WHITE, ink.NAVY, 4, 12),
    "alert": (ink.ALERT_GROUND, ink.ALERT, 4, 14),
    "error": (ink.ALERT_GROUND, ink.ALERT, 4, 14),
}
"""Style → fill, edge, thickness of the edge, radius."""


def _dress(button: Button, pressed: bool) -> tuple[Ink, Ink, Ink]:
    """Fill, edge and text of a button."""
    if not button.enabled:
        return ink.OFF, ink.OFF, ink.OFF_TEXT
    if pressed:
        return ink.PRESSED, ink.TEXT, ink.TEXT
    if button.role == "primary":
        return ink.GREEN, ink.GREEN, ink.WHITE
    if button.role == "choice":
        return (ink.NAVY, ink.NAVY, ink.WHITE) if button.chosen else (ink.WHITE, ink.NAVY, ink.NAVY)
    return ink.WHITE, ink.EDGE, ink.TEXT

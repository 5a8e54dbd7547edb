"""Draws boxes into an image, with smooth edges. Red and blue are exchanged (see `ink`).

Nothing here decides where things stand or what they say.
"""

import math
from collections.abc import Iterable
from functools import singledispatchmethod

from PIL import Image, ImageDraw

from daemon.face.boxes import BarBox, Box, ButtonBox, PanelBox, PictureBox, TextBox
from daemon.face.design import CALM, Palette
from daemon.face.fonts import Font, Fonts
from daemon.face.ink import Ink
from daemon.face.pictures import Pictures
from daemon.face.setting import LINE, MARK, NARROW
from daemon.face.shapes import Shapes
from hal.contracts import Rect

MIDDLE = 0.375
"""The middle of a line of text above its baseline, in parts of the size: of kanji and of capitals alike."""
SHADOW = 4
RING = 8
"""Units around a button: the outer frame of the focus, 1.4 mm with the inner one."""
PARTS = 20
"""More sheets than this are shown as one bar."""


def extent(box: Box) -> Rect:
    """What drawing this box touches: a button has shadow and focus, letters may stand out of their line."""
    rect, edge = box.rect, 0
    if isinstance(box, TextBox):
        edge = 8
    elif isinstance(box, ButtonBox):
        edge = 16 if box.focused else SHADOW + 2
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
        self.colours: Palette = CALM
        self._fonts = fonts
        self._unit = unit
        self._shapes = Shapes()
        self._pictures = Pictures()

    def paint(self, image: Image.Image, boxes: Iterable[Box], x: int, y: int, pressed: str | None) -> None:
        """Draws the boxes on a blank page. x, y: the point of the screen that is the image's corner."""
        image.paste(self.colours.surfaces["page"][0], (0, 0, *image.size))
        canvas = _Canvas(image, ImageDraw.Draw(image), x, y, pressed)
        for box in boxes:
            self._paint(box, canvas)

    @singledispatchmethod
    def _paint(self, box: object, canvas: _Canvas) -> None:
        raise TypeError(f"cannot paint {type(box).__name__}")

    @_paint.register
    def _text(self, box: TextBox, canvas: _Canvas) -> None:
        self._write(canvas, canvas.at(box.rect), box.lines, box.font, self.words(box.ink), box.align)

    @_paint.register
    def _picture(self, box: PictureBox, canvas: _Canvas) -> None:
        rect = canvas.at(box.rect)
        canvas.image.paste(self._pictures.get(box.name, rect.w), (rect.x, rect.y))

    @_paint.register
    def _panel(self, box: PanelBox, canvas: _Canvas) -> None:
        rect = canvas.at(box.rect)
        fill, edge = self.colours.surfaces[box.style]
        if box.style in ROUND:
            border, radius = ROUND[box.style]
            self._shapes.framed(canvas.draw, rect, self._px(radius), fill, edge, self._px(border))
        else:
            canvas.fill(rect, fill)
        if box.style == "foot":
            self._rule(canvas, rect, edge)
        if box.style == "alert":
            self._sign(canvas, rect)

    def _rule(self, canvas: _Canvas, rect: Rect, colour: Ink) -> None:
        """Where the ground of the buttons begins."""
        thick = max(1, self._px(2))
        along = (rect.w, thick) if rect.w > rect.h else (thick, rect.h)
        canvas.fill(Rect(rect.x, rect.y, *along), colour)

    @_paint.register
    def _bar(self, box: BarBox, canvas: _Canvas) -> None:
        rect, n = canvas.at(box.rect), max(1, box.n)
        full, ground = self.colours.chosen[0], self.colours.choice[0]
        edge = self.colours.choice[1]
        parts, filled = (n, box.k) if n <= PARTS else (1, 0)
        gap = self._px(6)
        for part in range(parts):
            left, right = (rect.x + at * (rect.w + gap) // parts for at in (part, part + 1))
            fill = full if part < filled else ground
            place = Rect(left, rect.y, right - gap - left, rect.h)
            self._shapes.framed(canvas.draw, place, self._px(8), fill, edge, self._px(3))
        if n > PARTS:
            done = Rect(rect.x, rect.y, rect.w * min(box.k, n) // n, rect.h)
            self._shapes.round(canvas.draw, done, self._px(8), full)

    @_paint.register
    def _button(self, box: ButtonBox, canvas: _Canvas) -> None:
        rect, button = canvas.at(box.rect), box.button
        pressed = button.id == canvas.pressed
        fill, edge, words = self.dress(box, pressed)
        if box.focused:
            self._focus(canvas, rect)
        elif button.enabled and not box.icon:
            shadow = Rect(rect.x, rect.y + self._px(SHADOW), rect.w, rect.h)
            self._shapes.round(canvas.draw, shadow, self._px(14), self.colours.shade)
        thick = self._px(8 if pressed else 3)
        self._shapes.framed(canvas.draw, rect, self._px(14), fill, edge, thick)
        if not button.enabled:
            self._dashes(canvas, rect, fill)
        if box.icon:
            self._icon(box, canvas, rect, fill, words)
            return
        label = Rect(rect.x + box.inset[0], rect.y, rect.w - sum(box.inset), rect.h)
        self._write(canvas, label, box.lines, box.font, words, "centre")
        if button.chosen:
            self._mark(canvas, rect, fill, words)

    # ------------------------------------------------------------ colours

    def words(self, style: str) -> Ink:
        """What the words of a text are written in."""
        inks = {"text": self.colours.text, "soft": self.colours.soft, "white": self.colours.on_dark}
        return inks.get(style, self.colours.alert)

    def dress(self, box: ButtonBox, pressed: bool) -> tuple[Ink, Ink, Ink]:
        """Fill, edge and words of a button."""
        colours, button = self.colours, box.button
        if not button.enabled:
            return colours.off
        if pressed:
            return colours.pressed
        if box.icon:
            return colours.icon_on if button.chosen else colours.icon
        if button.role == "primary":
            return colours.primary
        if button.role == "choice":
            return colours.chosen if button.chosen else colours.choice
        return colours.normal

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
            # not round(): it sends a half to the even side, which moves with the corner of the part drawn
            place = (math.floor(x + 0.5) - mask.left, math.floor(baseline + 0.5) - mask.baseline)
            canvas.draw.bitmap(place, mask.image, colour)

    def _focus(self, canvas: _Canvas, rect: Rect) -> None:
        """A double frame around the button: dark and bright, so that one of them is seen."""
        for around, colour in zip((RING, RING / 2), self.colours.ring, strict=True):
            edge = self._px(around)
            place = Rect(rect.x - edge, rect.y - edge, rect.w + 2 * edge, rect.h + 2 * edge)
            self._shapes.round(canvas.draw, place, self._px(14 + around), colour)

    def _dashes(self, canvas: _Canvas, rect: Rect, fill: Ink) -> None:
        """Cuts the edge of a button that cannot be pressed into dashes."""
        thick, dash, start = self._px(3), self._px(12), self._px(20)
        for x in range(rect.x + start, rect.x + rect.w - start, 2 * dash):
            wide = min(dash, rect.x + rect.w - start - x)
            canvas.fill(Rect(x, rect.y, wide, thick), fill)
            canvas.fill(Rect(x, rect.y + rect.h - thick, wide, thick), fill)
        for y in range(rect.y + start, rect.y + rect.h - start, 2 * dash):
            high = min(dash, rect.y + rect.h - start - y)
            canvas.fill(Rect(rect.x, y, thick, high), fill)
            canvas.fill(Rect(rect.x + rect.w - thick, y, thick, high), fill)

    def _icon(self, box: ButtonBox, canvas: _Canvas, rect: Rect, fill: Ink, words: Ink) -> None:
        """The drawing above its one word; a tick beside it while it is on."""
        line = round(box.font.size * LINE)
        side = rect.h - line - self._px(16)
        place = Rect(rect.x + (rect.w - side) // 2, rect.y + self._px(8), side, side)
        self._shapes.icon(canvas.draw, place, box.icon, words)
        label = Rect(rect.x, rect.y + rect.h - line - self._px(4), rect.w, line)
        self._write(canvas, label, box.lines, box.font, words, "centre")
        if box.button.chosen:
            tick = self._px(26)
            corner = Rect(rect.x + rect.w - tick - self._px(5), rect.y + self._px(5), tick, tick)
            self._shapes.tick(canvas.draw, corner, words, fill)

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
        self._shapes.warning(canvas.draw, place, *reversed(self.colours.surfaces["alert"]))

    def _px(self, length: float) -> int:
        return round(length * self._unit)


ROUND = {"card": (2, 14), "cell": (2, 12), "field": (4, 12), "alert": (4, 14), "error": (4, 14)}
"""Surfaces with a frame: its thickness and radius."""

"""The kiosk's start screen as a static page for a browser: same texts, places, colours and drawing.

Texts come from the screen, places from the kiosk's feed, colours and drawing from its very pixels, so that it
follows whatever the design becomes. It has no script and loads nothing: the least a browser can be given.
"""

from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from html import escape
from io import BytesIO

from PIL import Image

from daemon.bench.benchmark.glass import Box, Colour
from daemon.session.widgets import Button, Screen

TYPEFACE = "Noto Sans CJK JP"
PROMPT = 90
"""Pixels under the bar: the line of words above the drawing."""
EDGE = 6
"""Pixels from a button's upper edge: inside its border, above its words."""


@dataclass(frozen=True)
class Page:
    """marks: (x, y, colour) of header and buttons. title: where words must stand on the ground's colour."""

    html: str
    marks: tuple[tuple[int, int, Colour], ...]
    title: Box
    ground: Colour


def start_page(screen: Screen, targets: Mapping[str, Box], picture: Image.Image) -> Page:
    """picture: of the screen as the kiosk shows it. targets: button → where it stands there.

    Buttons of the frame, which are no part of the screen, are drawn with the column they stand in.
    """
    bar, (width, height) = _colour_at(picture, 2, 2), picture.size
    top = next(y for y in range(height) if _colour_at(picture, width - 3, y) != bar)
    column = next(x for x in range(width) if _colour_at(picture, x, height - 3) != bar)
    ground = _main_colour(picture, (column, top, width, height))
    parts, marks = [_box("h1", (0, 0, width, top), bar, screen.title, 42)], [(2, 2, bar)]
    placed = [(targets[button.id], button.text) for button in _buttons(screen) if button.id in targets]
    for place, text in placed:
        x, y, w, h = place
        colour = _main_colour(picture, (x, y, x + w, y + h))
        parts.append(_box("button", place, colour, text, 48))
        marks.append((x + w // 2, y + EDGE, colour))
    left = min((x for (x, *_), _ in placed), default=width)
    parts.append(_drawing(picture, (0, top, column, height)))
    parts.append(_drawing(picture, (column, top + PROMPT, left, height)))
    parts.append(f'<p style="left:{column + 32}px;top:{top + 24}px">{escape(screen.prompt)}</p>')
    return Page(_document(parts, ground), tuple(marks), (0, 0, width, top), bar)


def _document(parts: Sequence[str], ground: Colour) -> str:
    style = (
        f"body{{margin:0;overflow:hidden;background:{_css(ground)};font-family:'{TYPEFACE}'}}"
        "h1,button,img,p{position:absolute;margin:0;border:0}h1,button{display:flex;align-items:center}"
        "h1{padding-left:32px}button{justify-content:center;border-radius:14px;font:inherit;font-weight:bold}"
        "p{font-size:35px;font-weight:bold}"
    )
    head = '<!doctype html><html lang="ja" translate="no"><meta charset="utf-8"><title>start</title>'
    return f"{head}<style>{style}</style>{''.join(parts)}"


def _box(tag: str, place: Box, colour: Colour, text: str, size: int) -> str:
    x, y, width, height = place
    ink = "#fff" if sum(colour) < 3 * 128 else "#17202c"
    style = f"left:{x}px;top:{y}px;width:{width}px;height:{height}px;box-sizing:border-box"
    style += f";background:{_css(colour)};color:{ink};font-size:{size}px"
    return f'<{tag} style="{style}">{escape(text)}</{tag}>'


def _drawing(picture: Image.Image, corners: Box) -> str:
    """What stands between these corners, as an image in the page itself; nothing if that is nothing."""
    if corners[0] >= corners[2]:
        return ""
    file = BytesIO()
    picture.crop(corners).save(file, "PNG")
    data = b64encode(file.getvalue()).decode()
    return f'<img alt="" src="data:image/png;base64,{data}" style="left:{corners[0]}px;top:{corners[1]}px">'


def _buttons(value: object) -> Iterator[Button]:
    """Wherever they are in a screen."""
    if isinstance(value, Button):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _buttons(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from _buttons(getattr(value, field.name))


def _main_colour(picture: Image.Image, corners: Box) -> Colour:
    """The one that most pixels between these corners have."""
    counted = picture.crop(corners).getcolors(1 << 24) or []
    _, colour = max(counted, key=lambda one: one[0])
    return _rgb(colour)


def _colour_at(picture: Image.Image, x: int, y: int) -> Colour:
    return _rgb(picture.getpixel((x, y)))


def _rgb(value: object) -> Colour:
    assert isinstance(value, tuple)
    red, green, blue = value
    return red, green, blue


def _css(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)

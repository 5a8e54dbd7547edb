"""Where everything on a screen stands: a `Screen`, a `View` of it and the glass in, placed boxes out. Pure.

The frame never moves (`design.frame`). Between its parts the body is set at its full size; if it does not
fit, choices move into columns, then text shrinks to its floor, at last the body is cut into pages
(`paging`). What still does not fit is named in ``Layout.tight``; nothing is ever clipped.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from daemon.face.blocks import block
from daemon.face.boxes import Block, Box, ButtonBox, PanelBox
from daemon.face.design import FLOOR, ICONS, Frame, Panel, Slot, frame
from daemon.face.fonts import Font
from daemon.face.paging import language_grid, on_pages, with_keypad
from daemon.face.setting import Measurer, Setting, beside, centred, stack
from daemon.session.widgets import (
    Button,
    Choices,
    Keypad,
    Picture,
    Progress,
    Screen,
    Table,
    Text,
    View,
    Widget,
)
from hal.contracts import Rect

SLOTS: dict[str, Slot] = {"quit": "left", "back": "middle"}
"""Buttons with a place of their own; a primary one has the right one, any other what is free."""
GROWING = ((1.2, 1), (1.1, 1))
SIZES = (
    *((1.0, 1), (1.0, 2), (0.94, 2), (0.88, 2), (1.0, 3), (0.88, 3)),
    *((0.82, 2), (0.76, 2), (0.76, 3), (0.7, 2), (0.7, 3), (0.7, 4)),
)
"""(scale, columns of choices), tried in this order; the larger ones where there is nothing to press."""
LARGE_SIZES = ((1.0, 1), (0.9, 1), (0.8, 1))
MANY = 4
"""So many choices may stand in columns."""
PICTURE_NEEDS = 400
"""Units that words beside a picture need."""
PLAIN = View()


@dataclass(frozen=True)
class Layout:
    """size: of the glass. boxes: in drawing order. tight: what does not fit; empty on all our screens.

    pages: how many the body needs. page: which of them this is.
    """

    size: tuple[int, int]
    boxes: tuple[Box, ...]
    tight: tuple[str, ...]
    pages: int = 1
    page: int = 0

    @property
    def targets(self) -> dict[str, Rect]:
        """Button id → where it is, enabled or not."""
        return {box.button.id: box.rect for box in self.boxes if isinstance(box, ButtonBox)}

    @property
    def order(self) -> tuple[str, ...]:
        """The ids of the enabled buttons as they are read: the body, languages, the row, the header."""
        enabled = [box.button.id for box in self.boxes if isinstance(box, ButtonBox) and box.button.enabled]
        return tuple(sorted(enabled, key=lambda button: button in ICONS))

    def button(self, id: str) -> ButtonBox | None:
        return next((box for box in self.boxes if isinstance(box, ButtonBox) and box.button.id == id), None)

    def hit(self, x: int, y: int) -> str | None:
        """The enabled button at this point."""
        for box in self.boxes:
            if isinstance(box, ButtonBox) and box.button.enabled and box.rect.contains(x, y):
                return box.button.id
        return None


def arrange(screen: Screen, panel: Panel, measurer: Measurer, view: View = PLAIN) -> Layout:
    """Lays out any screen."""
    setting = Setting(measurer, screen.language, panel, large=view.large)
    parts = frame(panel)
    middle, pages, page = _middle(screen, view, setting, parts)
    blocks = [_header(screen, view, setting, parts), middle, _row(screen, setting, parts)]
    boxes = tuple(_focused(box, view.focus) for placed in blocks for box in placed.boxes)
    return Layout(panel.size, boxes, tuple(fault for one in blocks for fault in one.tight), pages, page)


def _focused(box: Box, focus: str) -> Box:
    return replace(box, focused=True) if isinstance(box, ButtonBox) and box.button.id == focus else box


# ---------------------------------------------------------------- the frame


def _header(screen: Screen, view: View, setting: Setting, parts: Frame) -> Block:
    """The title, and the icons that every screen has."""
    margin = setting.px(28)
    height = parts.title.h
    words = _shrunk(screen.title, setting, parts.title.w - 2 * margin, height)
    boxes: tuple[Box, ...] = (PanelBox(parts.title, "bar"), PanelBox(parts.header, "bar"))
    boxes += words.at(margin, (height - words.height) // 2)
    for button, place in zip(view.header, parts.icons, strict=False):
        boxes += (_icon(button, place, setting),)
    return Block(*setting.panel.size, boxes, words.tight)


def _shrunk(title: str, setting: Setting, width: int, height: int) -> Block:
    for size in (49, 42, 38, 34, 30, 26, FLOOR) if setting.large else (42, 38, 34, 30, 26, FLOOR):
        font = Font(setting.px(size), True, setting.language)
        text = setting.paragraph(title, width, font, "white", "left")
        if text.height <= height:
            return text
    return replace(text, tight=("title is too long",))


def _icon(button: Button, place: Rect, setting: Setting) -> ButtonBox:
    font = Font(setting.px(FLOOR), True, setting.language)
    return ButtonBox(place, button, (0, 0), (button.text,), font, icon=button.icon)


def _row(screen: Screen, setting: Setting, parts: Frame) -> Block:
    """The seed's buttons; each always in its own place."""
    if not screen.buttons:
        return Block(0, 0)
    boxes: tuple[Box, ...] = (PanelBox(parts.row, "foot"),)
    tight: tuple[str, ...] = ()
    for slot, button in _slots(screen.buttons).items():
        place = parts.slots[slot]
        placed = setting.button(button, place.w, place.h, "choice")
        boxes += placed.at(place.x, place.y)
        tight += placed.tight
    return Block(*setting.panel.size, boxes, tight)


def _slots(buttons: tuple[Button, ...]) -> dict[Slot, Button]:
    """The main action right, the others from the left. Raises ValueError: more than the row holds."""
    primary = [button for button in buttons if button.role == "primary"]
    others = [button for button in buttons if button.role != "primary"]
    if len(primary) > 1 or len(others) > 2:
        raise ValueError(f"the row holds two buttons and a primary one, not {len(buttons)}")
    free: list[Slot] = ["middle", "left"]
    placed: dict[Slot, Button] = {}
    for button in sorted(others, key=lambda button: button.id not in SLOTS):
        slot = SLOTS.get(button.id) or free[0]
        free.remove(slot)
        placed[slot] = button
    order: tuple[Slot, ...] = ("left", "middle")
    found = {slot: placed[slot] for slot in order if slot in placed}
    return found | ({"right": primary[0]} if primary else {})


# ---------------------------------------------------------------- prompt and body


def _middle(screen: Screen, view: View, setting: Setting, parts: Frame) -> tuple[Block, int, int]:
    """Between the parts of the frame: the largest setting that fits on one page, else pages."""
    area = parts.body if screen.buttons else parts.full
    inner = Rect(0, 0, area.w, area.h)
    keypad = next((widget for widget in screen.body if isinstance(widget, Keypad)), None)
    if keypad is not None:
        placed, pages, page = with_keypad(screen, keypad, setting, view, inner)
    else:
        placed, pages, page = _without_keypad(screen, setting, view, inner)
    return Block(*setting.panel.size, placed.at(area.x, area.y), placed.tight), pages, page


def _without_keypad(screen: Screen, setting: Setting, view: View, inner: Rect) -> tuple[Block, int, int]:
    grows = all(isinstance(widget, Text | Table | Picture | Progress) for widget in screen.body)
    floor = setting.panel.large_floor if setting.large else FLOOR
    sizes: Sequence[tuple[float, int]] = (
        LARGE_SIZES if setting.large else (*GROWING, *SIZES) if grows else SIZES
    )
    if not any(isinstance(widget, Choices) and len(widget.buttons) >= MANY for widget in screen.body):
        sizes = [(scale, 1) for scale in sorted({scale for scale, _ in sizes}, reverse=True)]
    for scale, columns in sizes:
        tried = replace(setting, scale=scale, columns=columns, floor=floor)
        placed = _content(screen, tried, inner)
        if not placed.tight:
            return placed, 1, 0
    return on_pages(screen, replace(setting, scale=0.8, floor=floor), view, inner)


def _content(screen: Screen, setting: Setting, inner: Rect) -> Block:
    """Prompt above, body in the middle of what is left, languages at the right edge."""
    languages = language_grid(screen.languages, setting, 2)
    width = inner.w - (languages.width + setting.px(28) if screen.languages else 0)
    if screen.languages and width < setting.px(PICTURE_NEEDS):
        return Block(inner.w, inner.h, (), ("there is no room beside the languages",))
    prompt = _prompt(screen, setting, width)
    body = _body(screen.body, setting, width)
    room = inner.h - prompt.height - setting.px(16)
    y = prompt.height + max(0, room - body.height) // 2
    tight: tuple[str, ...] = (
        () if body.height <= room else (f"body is {body.height} high, there is room for {room}",)
    )
    boxes = prompt.boxes + body.at(0, y)
    if screen.languages:
        boxes += languages.at(inner.w - languages.width, (inner.h - languages.height) // 2)
        tight += languages.tight if languages.height <= inner.h else ("too many languages",)
    return Block(inner.w, inner.h, boxes, prompt.tight + body.tight + tight)


def _prompt(screen: Screen, setting: Setting, width: int) -> Block:
    above = setting.px(24 if not setting.panel.small else 10)
    if not screen.prompt:
        return Block(width, above)
    font = replace(setting, scale=min(1.0, setting.scale)).font("prompt", bold=True)
    text = setting.paragraph(screen.prompt, width, font)
    return Block(width, above + text.height + setting.gap(16), text.at(0, above), text.tight)


def _body(widgets: tuple[Widget, ...], setting: Setting, width: int) -> Block:
    """A picture stands left of everything else; words alone stand in the middle."""
    gap = max(setting.gap(24), setting.px(18))
    if not widgets or not isinstance(widgets[0], Picture):
        only_words = all(isinstance(widget, Text | Progress) for widget in widgets)
        setting = replace(setting, align="centre") if only_words else setting
        return stack([block(widget, setting, width) for widget in widgets], gap)
    if widgets[0].name == "error":
        setting = replace(setting, signs=False)
    picture = block(widgets[0], setting, width)
    if len(widgets) == 1:
        return centred(picture, width)
    space = setting.px(48 if not setting.panel.small else 24)
    rest = width - picture.width - space
    if rest < setting.px(PICTURE_NEEDS if setting.large else PICTURE_NEEDS / 2):
        words = stack([block(widget, setting, width) for widget in widgets[1:]], gap)
        return stack([centred(picture, width), words], gap)
    words = stack([block(widget, setting, rest) for widget in widgets[1:]], gap)
    return beside(picture, words, space)

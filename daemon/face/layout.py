"""Where everything on a screen stands: a `Screen` and the size of the glass in, placed boxes out. Pure.

The frame never moves: title above, 終了する left, 前画面へ in the middle, 確定する right, languages as a
column at the right edge. Between them the body is set at its full size; if it does not fit, choices move
into two columns, then text and targets shrink together to their floors, at last into three columns (a large
household's names). What still does not fit is named in ``Layout.tight``; nothing is ever clipped.
"""

from dataclasses import dataclass, replace

from daemon.face.blocks import KEY_WIDTH, block
from daemon.face.boxes import Block, Box, ButtonBox, PanelBox
from daemon.face.setting import DESIGN, GAP, TOUCH, TOUCH_FLOOR, Measurer, Setting, beside, centred, stack
from daemon.session.widgets import Button, Keypad, Picture, Progress, Screen, Table, Text, Widget
from hal.contracts import Rect

TITLE = 84
MARGIN = 32
FOOT = 158
ROW_TOP = 22
LANGUAGES = 264
LEFT, MIDDLE, RIGHT = 0, 1, 2
SLOTS = {LEFT: (32, 300), MIDDLE: (356, 360), RIGHT: (740, 508)}
"""Design units: x and width in the row at the bottom. RIGHT ends where the content ends."""
GROWING = ((1.2, 1), (1.1, 1))
SIZES = ((1.0, 1), (1.0, 2), (0.94, 2), (0.88, 2), (0.82, 2), (0.76, 2), (0.7, 2), (0.7, 3))
"""(scale, columns of choices), tried in this order; the larger ones where there is nothing to press."""


@dataclass(frozen=True)
class Layout:
    """size: of the glass. boxes: in drawing order. tight: what does not fit; empty on all our screens."""

    size: tuple[int, int]
    boxes: tuple[Box, ...]
    tight: tuple[str, ...]

    @property
    def targets(self) -> dict[str, Rect]:
        """Button id → where it is, enabled or not."""
        return {box.button.id: box.rect for box in self.boxes if isinstance(box, ButtonBox)}

    def button(self, id: str) -> ButtonBox | None:
        return next((box for box in self.boxes if isinstance(box, ButtonBox) and box.button.id == id), None)

    def hit(self, x: int, y: int) -> str | None:
        """The enabled button at this point."""
        for box in self.boxes:
            if isinstance(box, ButtonBox) and box.button.enabled and box.rect.contains(x, y):
                return box.button.id
        return None


def arrange(screen: Screen, size: tuple[int, int], measurer: Measurer) -> Layout:
    """Lays out any screen."""
    unit = min(size[0] / DESIGN[0], size[1] / DESIGN[1])
    setting = Setting(measurer, screen.language, unit)
    width = size[0] - (setting.px(LANGUAGES) if screen.languages else 0)
    parts = [
        _title(screen, setting, width),
        _foot(screen, setting, width, size[1]),
        _languages(screen, setting, size),
        _middle(screen, setting, width, size[1]),
    ]
    boxes = tuple(box for part in parts for box in part.boxes)
    return Layout(size, boxes, tuple(fault for part in parts for fault in part.tight))


# ---------------------------------------------------------------- the frame


def _title(screen: Screen, setting: Setting, width: int) -> Block:
    height = setting.px(TITLE)
    inner = width - 2 * setting.px(MARGIN)
    text = _shrunk(screen.title, setting, inner, height)
    bar = PanelBox(Rect(0, 0, width, height), "bar")
    return Block(width, height, (bar, *text.at(setting.px(MARGIN), (height - text.height) // 2)), text.tight)


def _shrunk(title: str, setting: Setting, width: int, height: int) -> Block:
    for size in (42, 38, 34, 30, 26):
        text = setting.paragraph(title, width, setting.font(size, bold=True), "white", "left")
        if text.height <= height:
            return text
    return replace(text, tight=("title is too long",))


def _foot(screen: Screen, setting: Setting, width: int, height: int) -> Block:
    """The row of buttons at the bottom; each always in its own place."""
    if not screen.buttons:
        return Block(0, 0)
    top = height - setting.px(FOOT)
    boxes: tuple[Box, ...] = (PanelBox(Rect(0, top, width, setting.px(FOOT)), "foot"),)
    tight: tuple[str, ...] = ()
    for slot, button in _slots(screen.buttons).items():
        x, w = (setting.px(length) for length in SLOTS[slot])
        w = width - setting.px(MARGIN) - x if slot == RIGHT else w
        placed = setting.button(button, w, setting.px(TOUCH), 36)
        boxes += placed.at(x, top + setting.px(ROW_TOP))
        tight += placed.tight
    return Block(width, height, boxes, tight)


def _slots(buttons: tuple[Button, ...]) -> dict[int, Button]:
    """The main action right, the others from the left. Raises ValueError: more than the row holds."""
    primary = [button for button in buttons if button.role == "primary"]
    others = [button for button in buttons if button.role != "primary"]
    if len(primary) > 1 or len(others) > 2:
        raise ValueError(f"the row holds two buttons and a primary one, not {len(buttons)}")
    return dict(zip((LEFT, MIDDLE), others, strict=False)) | ({RIGHT: primary[0]} if primary else {})


def _languages(screen: Screen, setting: Setting, size: tuple[int, int]) -> Block:
    """The seed's list of languages: a column over the whole height, so that each is tall enough."""
    if not screen.languages:
        return Block(0, 0)
    width, inset = setting.px(LANGUAGES), setting.px(18)
    column = stack(
        [
            setting.button(button, width - 2 * inset, setting.px(TOUCH_FLOOR), 26)
            for button in screen.languages
        ],
        setting.px(GAP),
    )
    x = size[0] - width
    panel = PanelBox(Rect(x, 0, width, size[1]), "column")
    tight = () if column.height <= size[1] else ("too many languages",)
    boxes = (panel, *column.at(x + inset, (size[1] - column.height) // 2))
    return Block(width, size[1], boxes, column.tight + tight)


# ---------------------------------------------------------------- prompt and body


def _middle(screen: Screen, setting: Setting, width: int, height: int) -> Block:
    """Between title and buttons: the largest setting that fits, else the smallest, marked as tight."""
    margin = setting.px(MARGIN)
    top, bottom = setting.px(TITLE), setting.px(FOOT) if screen.buttons else margin
    inner = Rect(margin, top, width - 2 * margin, height - top - bottom)
    grows = all(isinstance(widget, Text | Table | Picture | Progress) for widget in screen.body)
    for scale, columns in (*GROWING, *SIZES) if grows else SIZES:
        placed = _content(screen, replace(setting, scale=scale, columns=columns), inner)
        if not placed.tight:
            break
    return Block(width, height, placed.at(inner.x, inner.y), placed.tight)


def _content(screen: Screen, setting: Setting, inner: Rect) -> Block:
    keypad = next((widget for widget in screen.body if isinstance(widget, Keypad)), None)
    if keypad is not None:
        return _with_keypad(screen, keypad, setting, inner)
    prompt = _prompt(screen, setting, inner.w, setting.px(24))
    body = _body(screen.body, setting, inner.w)
    room = inner.h - prompt.height - setting.px(16)
    y = prompt.height + max(0, room - body.height) // 2
    tight = () if body.height <= room else (f"body is {body.height} high, there is room for {room}",)
    return Block(inner.w, inner.h, prompt.boxes + body.at(0, y), prompt.tight + body.tight + tight)


def _prompt(screen: Screen, setting: Setting, width: int, above: int) -> Block:
    if not screen.prompt:
        return Block(width, above)
    font = replace(setting, scale=min(1.0, setting.scale)).font(35, bold=True)
    text = setting.paragraph(screen.prompt, width, font)
    return Block(width, above + text.height + setting.px(16), text.at(0, above), text.tight)


def _with_keypad(screen: Screen, keypad: Keypad, setting: Setting, inner: Rect) -> Block:
    """Prompt and field at the left, keys at the right over the whole height."""
    keys = block(keypad, setting, 3 * setting.px(KEY_WIDTH))
    gap = setting.px(56)
    width = inner.w - keys.width - gap
    prompt = _prompt(screen, setting, width, 0)
    others = [block(widget, setting, width) for widget in screen.body if widget is not keypad]
    left = stack([prompt, *others], setting.px(14))
    both = beside(left, keys, gap)
    room = inner.h - setting.px(12)
    tight = () if both.height <= room else (f"keypad and field are {both.height} high, of {room}",)
    return Block(inner.w, inner.h, both.at(0, max(0, inner.h - both.height) // 2), both.tight + tight)


def _body(widgets: tuple[Widget, ...], setting: Setting, width: int) -> Block:
    """A picture stands left of everything else; words alone stand in the middle."""
    gap = setting.gap(24)
    if not widgets or not isinstance(widgets[0], Picture):
        only_words = all(isinstance(widget, Text | Progress) for widget in widgets)
        setting = replace(setting, align="centre") if only_words else setting
        return stack([block(widget, setting, width) for widget in widgets], gap)
    if widgets[0].name == "error":
        setting = replace(setting, signs=False)
    picture = block(widgets[0], setting, width)
    if len(widgets) == 1:
        return centred(picture, width)
    space = setting.px(48)
    rest = width - picture.width - space
    words = stack([block(widget, setting, rest) for widget in widgets[1:]], gap)
    return beside(picture, words, space)

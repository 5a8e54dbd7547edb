"""Each widget of a screen as a block of boxes of a given width. Pure: a `Setting` in, a `Block` out."""

from collections.abc import Callable
from functools import singledispatch

from daemon.face.boxes import BarBox, Block, PanelBox, PanelStyle, PictureBox
from daemon.face.setting import GAP, MARK, TOUCH, Setting, beside, centred, stack
from daemon.session.widgets import (
    Button,
    Choices,
    Described,
    Field,
    Keypad,
    Picture,
    Progress,
    Rows,
    Table,
    Text,
    Widget,
    YesNo,
)
from hal.contracts import Rect

CHOICES_WIDTH = 900
DESCRIBED_BUTTON = 404
KEY_WIDTH, KEY_FLOOR = 150, 100
PICTURE = 380
PADDING = 24
CENTRED_ASTERISK = "\uff0a"
KEYS = "123456789"
BETWEEN_NAMES = "\u3000\u3000"


def block(widget: Widget, setting: Setting, width: int) -> Block:
    """The widget, this wide."""
    return _block(widget, setting, width)


@singledispatch
def _block(widget: object, setting: Setting, width: int) -> Block:
    raise TypeError(f"no layout for {type(widget).__name__}")


@_block.register
def _text(widget: Text, setting: Setting, width: int) -> Block:
    if widget.style == "alert":
        return alert(widget.text, setting, width)
    if widget.style == "lead":
        return setting.paragraph(widget.text, width, setting.font(42, bold=True))
    if widget.style == "note":
        return setting.paragraph(widget.text, width, setting.font(25), "soft")
    return setting.paragraph(widget.text, width, setting.font(31))


def alert(text: str, setting: Setting, width: int, size: float = 35) -> Block:
    """Something that must be noticed: framed, with a sign."""
    padding = setting.px(PADDING)
    left = setting.px(MARK + 14) if setting.signs else padding
    font = setting.font(size, bold=True)
    words = setting.paragraph(text, width - left - padding, font, "alert", align="left")
    return _framed(words, "alert" if setting.signs else "error", width, left, setting.gap(18))


def _framed(inner: Block, style: PanelStyle, width: int, left: int, above: int) -> Block:
    height = inner.height + 2 * above
    panel = PanelBox(Rect(0, 0, width, height), style)
    return Block(width, height, (panel, *inner.at(left, above)), inner.tight)


# ---------------------------------------------------------------- choices


@_block.register
def _choices(widget: Choices, setting: Setting, width: int) -> Block:
    if len(widget.buttons) == 1:
        buttons = _single(widget.buttons[0], setting, width)
    elif setting.columns == 1 or len(widget.buttons) < 4:
        each = min(width, setting.px(CHOICES_WIDTH))
        buttons = _column(widget.buttons, setting, each)
    else:
        buttons = _columns(widget.buttons, setting, width)
    buttons = centred(buttons, width) if buttons.width < width else buttons
    if not widget.note:
        return buttons
    note = setting.paragraph(widget.note, buttons.boxes[0].rect.w, setting.font(26), "soft")
    return stack([buttons, centred(note, width)], setting.px(GAP))


def _single(button: Button, setting: Setting, width: int) -> Block:
    return setting.button(button, min(width, setting.px(CHOICES_WIDTH)), setting.px(190), 50)


def _column(buttons: tuple[Button, ...], setting: Setting, width: int) -> Block:
    blocks = [setting.button(button, width, setting.touch(), 36) for button in buttons]
    return stack(blocks, setting.px(GAP))


def _columns(buttons: tuple[Button, ...], setting: Setting, width: int) -> Block:
    """Read down the left column first, as in one long list."""
    gap = setting.px(GAP)
    each = (width - gap * (setting.columns - 1)) // setting.columns
    long = -(-len(buttons) // setting.columns)
    columns = [_column(buttons[at : at + long], setting, each) for at in range(0, len(buttons), long)]
    placed = columns[0]
    for column in columns[1:]:
        level = Block(column.width, placed.height, column.boxes, column.tight)
        placed = beside(placed, level, gap)
    return placed


@_block.register
def _described(widget: Described, setting: Setting, width: int) -> Block:
    padding, each = setting.px(PADDING), setting.px(DESCRIBED_BUTTON)
    left = padding + each + setting.px(28)
    inner = width - left - padding
    texts = [setting.paragraph(widget.description, inner, setting.font(29))]
    texts += [setting.paragraph(note, inner, setting.font(25), "soft") for note in widget.notes]
    words = stack(texts, setting.px(8))
    around = 2 * setting.gap(16)
    height = max(words.height, setting.px(TOUCH)) + around
    button_height = min(height - around, setting.px(150))
    button = setting.button(widget.button, each, button_height)
    boxes = (
        PanelBox(Rect(0, 0, width, height), "card"),
        *button.at(padding, (height - button.height) // 2),
        *words.at(left, (height - words.height) // 2),
    )
    return Block(width, height, boxes, button.tight + words.tight)


@_block.register
def _rows(widget: Rows, setting: Setting, width: int) -> Block:
    return stack([_yes_no(row, setting, width) for row in widget.rows], setting.px(GAP))


def _yes_no(row: YesNo, setting: Setting, width: int) -> Block:
    each, height, gap = setting.px(196), setting.touch(), setting.px(GAP)
    label = setting.paragraph(
        row.label, width - 2 * each - 2 * gap - 2 * setting.px(PADDING), setting.font(34, bold=True)
    )
    yes, no = (setting.button(button, each, height, 38) for button in (row.yes, row.no))
    pair = beside(yes, no, gap)
    framed = PanelBox(Rect(0, 0, width - pair.width - gap, height), "card")
    boxes = (
        framed,
        *label.at(setting.px(PADDING), (height - label.height) // 2),
        *pair.at(width - pair.width, 0),
    )
    tall = () if label.height <= height else (f"row {row.yes.id}: label is too high",)
    return Block(width, height, boxes, label.tight + pair.tight + tall)


# ---------------------------------------------------------------- field and keypad


@_block.register
def _field(widget: Field, setting: Setting, width: int) -> Block:
    blocks = [alert(widget.alert, setting, width, 29)] if widget.alert else []
    blocks.append(setting.paragraph(widget.label, width, setting.font(31, bold=True), align="left"))
    shown = widget.value.replace("*", CENTRED_ASTERISK)
    value = setting.paragraph(shown, width, setting.font(68, bold=True), align="centre")
    blocks.append(_framed(value, "field", width, 0, setting.px(6)))
    if widget.hint:
        blocks.append(setting.paragraph(widget.hint, width, setting.font(28), "soft", align="left"))
    return stack(blocks, setting.px(10))


@_block.register
def _keypad(widget: Keypad, setting: Setting, width: int) -> Block:
    each, height = setting.px(KEY_WIDTH), setting.touch(KEY_FLOOR)
    gap = setting.px(GAP)
    places = [(Button(f"key.{key}", key), at % 3, at // 3) for at, key in enumerate(KEYS)]
    places += [(Button("key.clear", widget.clear), 0, 3), (Button("key.0", "0"), 1, 3)]
    keys = [
        (setting.button(button, each, height, 50 if len(button.text) == 1 else 36), x, y)
        for button, x, y in places
    ]
    boxes = [box for key, x, y in keys for box in key.at(x * (each + gap), y * (height + gap))]
    tight = tuple(fault for key, _, _ in keys for fault in key.tight)
    return Block(3 * each + 2 * gap, 4 * height + 3 * gap, tuple(boxes), tight)


# ---------------------------------------------------------------- table, picture, progress


@_block.register
def _table(widget: Table, setting: Setting, width: int) -> Block:
    blocks = [_across(widget.across, setting, width)] if widget.across else []
    if widget.rows:
        blocks.append(_lines(widget.rows, setting, width))
    return stack(blocks, setting.px(14))


def _across(cells: tuple[tuple[str, str], ...], setting: Setting, width: int) -> Block:
    gap = setting.px(14)
    each = (width - gap * (len(cells) - 1)) // len(cells)
    inner = each - 2 * setting.px(12)
    blocks = [
        stack(
            [
                setting.paragraph(label, inner, setting.font(26), "soft", "centre"),
                setting.paragraph(value, inner, setting.font(34, bold=True), "text", "centre"),
            ],
            0,
        )
        for label, value in cells
    ]
    height = max(cell.height for cell in blocks) + 2 * setting.px(8)
    boxes = [
        box
        for at, cell in enumerate(blocks)
        for box in (
            PanelBox(Rect(at * (each + gap), 0, each, height), "cell"),
            *cell.at(at * (each + gap) + setting.px(12), (height - cell.height) // 2),
        )
    ]
    return Block(width, height, tuple(boxes), tuple(fault for cell in blocks for fault in cell.tight))


def _lines(rows: tuple[tuple[str, str], ...], setting: Setting, width: int) -> Block:
    lines = [_line(label, value, setting, width) for label, value in rows]
    rule = max(1, setting.px(2))
    rules = [
        PanelBox(Rect(setting.px(PADDING), at, width - 2 * setting.px(PADDING), rule), "rule")
        for at in _cuts(lines)
    ]
    body = stack(lines, 0)
    boxes = (PanelBox(Rect(0, 0, width, body.height), "card"), *rules, *body.boxes)
    return Block(width, body.height, boxes, body.tight)


def _cuts(lines: list[Block]) -> list[int]:
    """Where one line ends and the next begins."""
    return [sum(line.height for line in lines[:at]) for at in range(1, len(lines))]


def _line(label: str, value: str, setting: Setting, width: int) -> Block:
    padding, above = setting.px(PADDING), round(setting.px(11) * setting.scale)
    left = round(width * 0.36)
    name = setting.paragraph(label, left - padding, setting.font(29), "soft", "left")
    given = _value(value, setting, width - left - 2 * padding)
    height = max(name.height, given.height) + 2 * above
    boxes = name.at(padding, (height - name.height) // 2) + given.at(
        left + padding, (height - given.height) // 2
    )
    return Block(width, height, boxes, name.tight + given.tight)


def _value(value: str, setting: Setting, width: int) -> Block:
    font = setting.font(33, bold=True)
    flowed = _flowed(value.split("\n"), lambda text: setting.measurer.width(text, font) <= width)
    return setting.paragraph(flowed, width, font, align="left")


def _flowed(names: list[str], fits: Callable[[str], bool]) -> str:
    """Several names (one a line) beside each other while they fit; a name is never broken."""
    lines = [names[0]]
    for name in names[1:]:
        longer = lines[-1] + BETWEEN_NAMES + name
        if fits(longer):
            lines[-1] = longer
        else:
            lines.append(name)
    return "\n".join(lines)


@_block.register
def _picture(widget: Picture, setting: Setting, width: int) -> Block:
    size = PICTURE * min(1.0, setting.scale) ** 2
    side = min(width, setting.px(size * (0.6 if widget.name == "error" else 1)))
    return Block(side, side, (PictureBox(Rect(0, 0, side, side), widget.name),))


@_block.register
def _progress(widget: Progress, setting: Setting, width: int) -> Block:
    words = setting.paragraph(widget.text, width, setting.font(42, bold=True), align="centre")
    bar = Block(width, setting.px(36), (BarBox(Rect(0, 0, width, setting.px(36)), widget.k, widget.n),))
    return stack([words, bar], setting.px(GAP))

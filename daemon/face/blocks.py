"""Each widget of a screen as blocks of boxes of a given width. Pure: a `Setting` in, a `Block` out.

``block`` is the widget as a whole; ``pieces`` is the same in the parts that a page may end between.
"""

from collections.abc import Callable
from dataclasses import replace
from functools import singledispatch

from daemon.face.boxes import BarBox, Block, Ink, PanelBox, PictureBox, TextBox
from daemon.face.design import GAP, Surface, TextStyle
from daemon.face.setting import MARK, NARROW, Setting, beside, centred, line_height, stack
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
SIDE_BY_SIDE = 640
"""Units: a description, a label and its value need this much to stand beside what they belong to."""
KEY_WIDTH = 150
KEY_WIDTH_SMALL = 90
PICTURE = 380
PADDING = 24
CENTRED_ASTERISK = "\uff0a"
KEYS = "123456789"
FEW_NAMES = 3
BETWEEN_NAMES = "\u3000\u3000"
STYLES: dict[str, tuple[TextStyle, bool]] = {
    "lead": ("lead", True),
    "note": ("note", False),
    "body": ("body", False),
}


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
    style, bold = STYLES[widget.style]
    ink: Ink = "soft" if widget.style == "note" else "text"
    return setting.paragraph(widget.text, width, setting.font(style, bold), ink)


def alert(text: str, setting: Setting, width: int, style: TextStyle = "alert") -> Block:
    """Something that must be noticed: framed, with a sign."""
    narrow = width < setting.px(NARROW)
    setting = replace(setting, signs=setting.signs and not narrow)
    padding = setting.px(10 if narrow else PADDING)
    left = setting.px(MARK + 14) if setting.signs else padding
    font = setting.font(style, bold=True)
    words = setting.paragraph(text, width - left - padding, font, "alert", align="left")
    return _framed(words, "alert" if setting.signs else "error", width, left, setting.gap(18))


def _framed(inner: Block, style: Surface, width: int, left: int, above: int) -> Block:
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
    note = setting.paragraph(widget.note, buttons.boxes[0].rect.w, setting.font("note"), "soft")
    return stack([buttons, centred(note, width)], setting.px(GAP))


def _single(button: Button, setting: Setting, width: int) -> Block:
    each, height = min(width, setting.px(CHOICES_WIDTH)), max(setting.touch, setting.px(190))
    return setting.button(button, each, height, "single", grows=True)


def _choice(button: Button, setting: Setting, width: int) -> Block:
    return setting.button(button, width, setting.touch, "choice", grows=True)


def _column(buttons: tuple[Button, ...], setting: Setting, width: int) -> Block:
    return stack([_choice(button, setting, width) for button in buttons], setting.px(GAP))


def _columns(buttons: tuple[Button, ...], setting: Setting, width: int) -> Block:
    """Read down the left column first, as in one long list."""
    gap = setting.px(GAP)
    each = (width - gap * (setting.columns - 1)) // setting.columns
    long = -(-len(buttons) // setting.columns)
    columns = [_column(buttons[at : at + long], setting, each) for at in range(0, len(buttons), long)]
    placed = columns[0]
    for column in columns[1:]:
        level = Block(column.width, max(placed.height, column.height), column.boxes, column.tight)
        placed = beside(Block(placed.width, level.height, placed.boxes, placed.tight), level, gap)
    return placed


@_block.register
def _described(widget: Described, setting: Setting, width: int) -> Block:
    if width < setting.px(SIDE_BY_SIDE) or setting.large:
        return stack(pieces(widget, setting, width), setting.px(GAP))
    padding, each = setting.px(PADDING), setting.px(DESCRIBED_BUTTON)
    left = padding + each + setting.px(28)
    inner = width - left - padding
    texts = [setting.paragraph(widget.description, inner, setting.font("detail"))]
    texts += [setting.paragraph(note, inner, setting.font("note"), "soft") for note in widget.notes]
    words = stack(texts, setting.px(8))
    around = 2 * setting.gap(16)
    height = max(words.height, setting.touch) + around
    button = setting.button(widget.button, each, min(height - around, setting.px(150)), grows=True)
    boxes = (
        PanelBox(Rect(0, 0, width, height), "card"),
        *button.at(padding, (height - button.height) // 2),
        *words.at(left, (height - words.height) // 2),
    )
    high = () if button.height <= height else (f"button {widget.button.id} is too high",)
    return Block(width, height, boxes, button.tight + words.tight + high)


@_block.register
def _rows(widget: Rows, setting: Setting, width: int) -> Block:
    return stack([_yes_no(row, setting, width) for row in widget.rows], setting.px(GAP))


def _yes_no(row: YesNo, setting: Setting, width: int) -> Block:
    if width < setting.px(SIDE_BY_SIDE) or setting.large:
        return _yes_no_below(row, setting, width)
    each, height, gap = setting.px(196), setting.touch, setting.px(GAP)
    label = _row_label(row, setting, width - 2 * each - 2 * gap - 2 * setting.px(PADDING))
    yes, no = (setting.button(button, each, height, "choice") for button in (row.yes, row.no))
    pair = beside(yes, no, gap)
    framed = PanelBox(Rect(0, 0, width - pair.width - gap, height), "card")
    boxes = (
        framed,
        *label.at(setting.px(PADDING), (height - label.height) // 2),
        *pair.at(width - pair.width, 0),
    )
    tall = () if label.height <= height else (f"row {row.yes.id}: label is too high",)
    return Block(width, height, boxes, label.tight + pair.tight + tall)


def _row_label(row: YesNo, setting: Setting, width: int) -> Block:
    return setting.paragraph(row.label, width, setting.font("label", bold=True), align="left")


def _yes_no_below(row: YesNo, setting: Setting, width: int) -> Block:
    """Where the glass is narrow or the text large: the two buttons below their label."""
    gap = setting.px(GAP)
    each = (width - gap) // 2
    yes, no = (
        setting.button(button, each, setting.touch, "choice", grows=True) for button in (row.yes, row.no)
    )
    return stack([_row_label(row, setting, width), beside(yes, no, gap)], setting.px(8))


# ---------------------------------------------------------------- field and keypad


@_block.register
def _field(widget: Field, setting: Setting, width: int) -> Block:
    blocks = [field_alert(widget, setting, width), field_value(widget, setting, width)]
    return stack([*filter(None, blocks), *field_hint(widget, setting, width)], setting.gap(10))


def field_alert(widget: Field, setting: Setting, width: int) -> Block | None:
    """What is wrong with what was typed."""
    return alert(widget.alert, setting, width, "detail") if widget.alert else None


def field_value(widget: Field, setting: Setting, width: int) -> Block:
    """The label, and what was typed."""
    label = [setting.paragraph(widget.label, width, setting.font("body", bold=True), align="left")]
    shown = widget.value.replace("*", CENTRED_ASTERISK)
    font = replace(setting, large=False).font("label" if setting.panel.small else "value", bold=True)
    value = setting.paragraph(shown, width, font, align="centre")
    return stack(
        [*(label if widget.label else []), _framed(value, "field", width, 0, setting.px(6))], setting.gap(10)
    )


def field_hint(widget: Field, setting: Setting, width: int) -> list[Block]:
    if not widget.hint:
        return []
    return [setting.paragraph(widget.hint, width, setting.font("detail"), "soft", align="left")]


@_block.register
def _keypad(widget: Keypad, setting: Setting, width: int) -> Block:
    each = setting.px(KEY_WIDTH_SMALL if setting.panel.small else KEY_WIDTH)
    height, gap = setting.touch, setting.px(GAP)
    places = [(Button(f"key.{key}", key), at % 3, at // 3) for at, key in enumerate(KEYS)]
    places += [(Button("key.clear", widget.clear), 0, 3), (Button("key.0", "0"), 1, 3)]
    keys = [
        (setting.button(button, each, height, "key" if len(button.text) == 1 else "label"), x, y)
        for button, x, y in places
    ]
    boxes = [box for key, x, y in keys for box in key.at(x * (each + gap), y * (height + gap))]
    tight = tuple(fault for key, _, _ in keys for fault in key.tight)
    return Block(3 * each + 2 * gap, 4 * height + 3 * gap, tuple(boxes), tight)


# ---------------------------------------------------------------- table, picture, progress


@_block.register
def _table(widget: Table, setting: Setting, width: int) -> Block:
    setting = replace(setting, japanese=widget.japanese)
    if setting.large or width < setting.px(SIDE_BY_SIDE):
        return stack(pieces(widget, setting, width), setting.gap(14))
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
                setting.paragraph(label, inner, setting.font("note"), "soft", "centre"),
                setting.paragraph(value, inner, setting.font("label", bold=True), "text", "centre"),
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
    name = _label(label, setting, left - padding, "detail")
    given = _value(value, setting.of(value), width - left - 2 * padding)
    height = max(name.height, given.height) + 2 * above
    boxes = name.at(padding, (height - name.height) // 2) + given.at(
        left + padding, (height - given.height) // 2
    )
    return Block(width, height, boxes, name.tight + given.tight)


def _label(label: str, setting: Setting, width: int, style: TextStyle) -> Block:
    setting = setting.of(label)
    return setting.paragraph(label, width, setting.font(style), "soft", "left")


def _value(value: str, setting: Setting, width: int) -> Block:
    font = setting.font("label", bold=True)
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
    size = PICTURE * min(1.0, setting.scale) ** 2 * (0.8 if setting.large else 1.0)
    side = min(width, setting.px(size * (0.6 if widget.name == "error" else 1)))
    return Block(side, side, (PictureBox(Rect(0, 0, side, side), widget.name),))


@_block.register
def _progress(widget: Progress, setting: Setting, width: int) -> Block:
    words = setting.paragraph(widget.text, width, setting.font("lead", bold=True), align="centre")
    bar = Block(width, setting.px(36), (BarBox(Rect(0, 0, width, setting.px(36)), widget.k, widget.n),))
    return stack([words, bar], setting.px(GAP))


# ---------------------------------------------------------------- in pieces


def pieces(widget: Widget, setting: Setting, width: int) -> list[Block]:
    """The widget in parts, in reading order, each below the one before."""
    match widget:
        case Choices(buttons, note):
            each = min(width, setting.px(CHOICES_WIDTH))
            found = [centred(_choice(button, setting, each), width) for button in buttons]
            return found + ([setting.paragraph(note, width, setting.font("note"), "soft")] if note else [])
        case Described(button, description, notes):
            below = [setting.paragraph(note, width, setting.font("note"), "soft") for note in notes]
            told = setting.paragraph(description, width, setting.font("detail"))
            return [_choice(button, setting, width), told, *below]
        case Rows(rows):
            return [_yes_no(row, setting, width) for row in rows]
        case Table(rows, across, japanese):
            setting = replace(setting, japanese=japanese)
            return [
                _below(*part, setting, width)
                for row in (*across, *rows)
                for part in _parts_of(row, 1 if setting.panel.small else FEW_NAMES)
            ]
        case Text(text, "alert"):
            return [alert(text, setting, width)]
    return [block(widget, setting, width)]


def _parts_of(row: tuple[str, str], most: int) -> list[tuple[str, str]]:
    """A line of a table; with many names, several lines with a few each."""
    label, names = row[0], row[1].split("\n")
    return [(label, "\n".join(names[at : at + most])) for at in range(0, len(names), most)]


def _below(label: str, value: str, setting: Setting, width: int) -> Block:
    """A line of a table where there may be no room beside its label."""
    line = _line(label, value, setting, width)
    if line.height < 2 * line_height(setting.font("label")) and not line.tight:
        return Block(width, line.height, (PanelBox(Rect(0, 0, width, line.height), "card"), *line.boxes))
    padding = setting.px(PADDING)
    name = _label(label, setting, width - 2 * padding, "note")
    words = stack([name, _value(value, setting.of(value), width - 2 * padding)], 0)
    height = words.height + 2 * setting.px(8)
    boxes = (PanelBox(Rect(0, 0, width, height), "card"), *words.at(padding, setting.px(8)))
    return Block(width, height, boxes, words.tight)


def cut_to(piece: Block, room: int) -> list[Block]:
    """A paragraph or an alert that is higher than the page, in parts that are not."""
    words = [box for box in piece.boxes if isinstance(box, TextBox)]
    if piece.height <= room or len(words) != 1 or len(piece.boxes) > 2:
        return [piece]
    around = piece.height - words[0].rect.h
    each = (room - around) // line_height(words[0].font)
    if each < 1:
        return [piece]
    lines = words[0].lines
    return [_with_lines(piece, lines[at : at + each]) for at in range(0, len(lines), each)]


def _with_lines(piece: Block, lines: tuple[str, ...]) -> Block:
    """The same paragraph with these lines only."""
    (words,) = (box for box in piece.boxes if isinstance(box, TextBox))
    lost = words.rect.h - line_height(words.font) * len(lines)
    boxes = []
    for box in piece.boxes:
        rect = Rect(box.rect.x, box.rect.y, box.rect.w, box.rect.h - lost)
        boxes.append(replace(box, rect=rect, lines=lines) if box is words else replace(box, rect=rect))
    return Block(piece.width, piece.height - lost, tuple(boxes), piece.tight)

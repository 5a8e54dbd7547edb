"""What does not fit on one page: the parts of a body in reading order, page after page, and the buttons that
turn them over. A keypad and its field stay on every page. Pure.
"""

from dataclasses import replace

from daemon.face.blocks import block, cut_to, field_alert, field_hint, field_value, pieces
from daemon.face.boxes import Block
from daemon.face.design import FLOOR, GAP
from daemon.face.setting import Setting, beside, centred, stack
from daemon.session.widgets import Button, Field, Keypad, Picture, Screen, Table, Text, View, Widget
from hal.contracts import Rect

LANGUAGE = 186
LANGUAGES = "Language"
"""In the one language that somebody who reads none of the others may know."""
KEYPAD_SIZES = (1.0, 0.94, 0.88, 0.82, 0.76, 0.7)
PAGER = (Button("page.previous", "◀"), Button("page.next", "▶"))
"""What turns the pages where nobody has said it in the citizen's language."""
SPARED = frozenset(("coins", "error"))
"""Pictures that tell nothing that the words do not: they need no room of their own."""
Placed = tuple[Block, int, int]
"""What stands on the page, the number of pages, which of them."""
Free = tuple[Rect, Rect] | None


def language_grid(buttons: tuple[Button, ...], setting: Setting, columns: int, width: int = 0) -> Block:
    """The seed's list of languages, read down the columns. width: that there is; 0: enough."""
    if not buttons:
        return Block(0, 0)
    gap, each = setting.px(GAP), setting.px(LANGUAGE)
    each = min(each, (width + gap) // columns - gap) if width else each
    frame = replace(setting, large=False)
    long = -(-len(buttons) // columns)
    alike = frame.alike(buttons, each, setting.touch, "note")
    placed = [(one, at // long, at % long) for at, one in enumerate(alike)]
    boxes = [box for one, x, y in placed for box in one.at(x * (each + gap), y * (setting.touch + gap))]
    height = long * (setting.touch + gap) - gap
    tight = tuple(fault for one, _, _ in placed for fault in one.tight)
    return Block(columns * (each + gap) - gap, height, tuple(boxes), tight)


def on_pages(screen: Screen, setting: Setting, view: View, inner: Rect, free: Free) -> Placed:
    """The body page by page; on glass too small for large text it is as large as it can be.

    free: where the row of buttons has room for what turns the pages; None: it stands below the body.
    """
    for tried in (setting, *smaller(setting)):
        placed = _on_pages(screen, tried, view, inner, free)
        if not placed[0].tight:
            break
    return placed


def smaller(setting: Setting) -> list[Setting]:
    """Where not even pages help: large text less large, at last as everybody's."""
    normal = replace(setting, scale=0.7, floor=FLOOR, large=False)
    shrunk = [replace(setting, scale=0.5, signs=False), replace(setting, scale=0.55, floor=26)]
    last = replace(normal, scale=0.62, signs=False)
    return [*shrunk, normal, last] if setting.large else [normal, last]


def _on_pages(screen: Screen, setting: Setting, view: View, inner: Rect, free: Free) -> Placed:
    """What must be seen opens the first page. A picture stays where it is while there is room for both."""
    picture = next((widget for widget in screen.body if isinstance(widget, Picture)), None)
    gap, top, bottom = setting.px(GAP), setting.px(12), setting.px(10)
    room = inner.h - top - bottom - (0 if free else setting.touch + gap)
    aside = block(picture, replace(setting, scale=0.7), inner.w) if picture else Block(0, 0)
    width = inner.w - aside.width - (gap if picture else 0)
    first = _first(screen, setting, width)
    if width < setting.px(520) or first.height > room:
        aside, width = Block(0, 0), inner.w
        first = _first(screen, setting, width)
    elif picture is not None and picture.name == "error":
        setting = replace(setting, signs=False)
        first = _first(screen, setting, width)
    pictured = bool(aside.boxes) or (picture is not None and picture.name in SPARED)
    flow = [*([first] if first.boxes else []), *_flow(screen, setting, width, pictured)]
    pages = _packed(flow, room, gap) + _languages(screen, setting, width, room)
    view = _with_languages(view, len(pages) - 1) if screen.languages else view
    page = min(view.page, len(pages) - 1)
    words = pages[page]
    boxes = words.at(inner.w - width, top + (room - words.height) // 2)
    boxes += aside.at(0, top + (room - aside.height) // 2)
    pager = _turners(view, setting, inner, free, page, len(pages)) if len(pages) > 1 else Block(0, 0)
    high = [f"a part is {one.height} high, there is room for {room}" for one in pages if one.height > room]
    high += ["what must be seen does not fit on the first page"] if first.height > room else []
    cut = tuple(fault for one in pages for fault in one.tight)
    return Block(inner.w, inner.h, boxes + pager.boxes, cut + pager.tight + tuple(high)), len(pages), page


def _turners(view: View, setting: Setting, inner: Rect, free: Free, page: int, pages: int) -> Block:
    """The buttons that turn the pages: in the row where it has room, else below the body."""
    if free is None:
        pager = _pager(view, setting, inner.w, page, pages)
        return replace(pager, boxes=pager.at(0, inner.h - pager.height - setting.px(10)))
    placed = Block(0, 0)
    for button, place in zip(_turning(view, page, pages, told=True), free, strict=True):
        one = setting.button(button, place.w, place.h, "choice")
        placed = replace(
            placed, boxes=placed.boxes + one.at(place.x, place.y), tight=placed.tight + one.tight
        )
    return placed


def _turning(view: View, page: int, pages: int, told: bool) -> list[Button]:
    """Back and on. told: the latter says which page this is."""
    back, on = view.pager or PAGER
    text = f"{on.text} {page + 1}/{pages}" if told else on.text
    enabled = page > 0 or back.text == LANGUAGES
    return [replace(back, enabled=enabled), replace(on, text=text, enabled=page < pages - 1)]


def _is_alert(widget: Widget) -> bool:
    return isinstance(widget, Text) and widget.style == "alert"


def _first(screen: Screen, setting: Setting, width: int) -> Block:
    """What nobody may miss: the alerts, and the line of a table that matters most."""
    told = [block(widget, setting, width) for widget in screen.body if _is_alert(widget)]
    tables = [widget for widget in screen.body if isinstance(widget, Table)]
    main = [row for table in tables for row in table.rows if row[0] == table.main]
    lines = [part for row in main for part in pieces(Table((row,)), setting, width)]
    return stack([*told, *lines], setting.px(10))


def _flow(screen: Screen, setting: Setting, width: int, pictured: bool) -> list[Block]:
    """Everything else that the body says, in reading order, in parts that stay whole."""
    found: list[Block] = []
    if screen.prompt:
        found.append(setting.paragraph(screen.prompt, width, setting.font("prompt", bold=True)))
    for widget in screen.body:
        if isinstance(widget, Table):
            rest = tuple(row for row in widget.rows if row[0] != widget.main)
            found += pieces(replace(widget, rows=rest), setting, width)
        elif isinstance(widget, Picture):
            small = block(widget, replace(setting, scale=0.7), width)
            found += [] if pictured else [centred(small, width)]
        elif not _is_alert(widget):
            found += pieces(widget, setting, width)
    return found


def _languages(screen: Screen, setting: Setting, width: int, room: int) -> list[Block]:
    """All languages on a page of their own, in as many columns as that needs: the last page."""
    if not screen.languages:
        return []
    down = max(1, (room + setting.px(GAP)) // (setting.touch + setting.px(GAP)))
    columns = -(-len(screen.languages) // down)
    return [centred(language_grid(screen.languages, setting, columns, width), width)]


def _with_languages(view: View, page: int) -> View:
    """On the first page there is no way back: the way to the languages has its place."""
    if view.page > 0:
        return view
    _, on = view.pager or PAGER
    return replace(view, pager=(Button(f"page.{page}", LANGUAGES), on))


def _packed(flow: list[Block], room: int, gap: int) -> list[Block]:
    """The parts on as few pages as they need."""
    pages: list[list[Block]] = [[]]
    for piece in (part for whole in flow for part in cut_to(whole, room)):
        if pages[-1] and stack([*pages[-1], piece], gap).height > room:
            pages.append([])
        pages[-1].append(piece)
    return [stack(page, gap) for page in pages]


def _pager(view: View, setting: Setting, width: int, page: int, pages: int) -> Block:
    """Back, which page of how many, on."""
    gap = setting.px(GAP)
    each = max(setting.touch, min((width - 2 * gap) * 2 // 5, setting.px(340)))
    middle = width - 2 * (each + gap)
    if middle < setting.px(110):
        each, middle = (width - gap) // 2, 0
    turning = _turning(view, page, pages, told=not middle)
    if each < setting.px(150):
        signs = ("◀", f"▶\n{page + 1}/{pages}")
        turning = [replace(button, text=sign) for button, sign in zip(turning, signs, strict=True)]
    left, right = (setting.button(button, each, setting.touch, "choice") for button in turning)
    if not middle:
        return beside(left, right, gap)
    words = setting.paragraph(
        f"{page + 1} / {pages}", middle, setting.font("body", bold=True), align="centre"
    )
    return beside(beside(left, words, gap), right, gap)


# ---------------------------------------------------------------- keypads


def with_keypad(screen: Screen, keypad: Keypad, setting: Setting, view: View, inner: Rect) -> Placed:
    """Prompt and field at the left, keys at the right; on a tall glass above and below."""
    keys = block(keypad, setting, inner.w)
    tall = setting.panel.tall
    gap = setting.px(12 if tall and setting.panel.small else GAP if tall or setting.panel.small else 48)
    width = inner.w if tall else inner.w - keys.width - gap
    room = inner.h - 2 * setting.px(7 if setting.panel.small else 12) - (keys.height + gap if tall else 0)
    left, pages, page = _beside_keys(screen, setting, view, width, room)
    both = stack([centred(left, inner.w), centred(keys, inner.w)], gap) if tall else beside(left, keys, gap)
    tight = () if both.height <= inner.h else (f"keypad and field are {both.height} high, of {inner.h}",)
    y = max(0, inner.h - both.height) // 2
    return Block(inner.w, inner.h, both.at(0, y), both.tight + tight), pages, page


def _beside_keys(screen: Screen, setting: Setting, view: View, width: int, room: int) -> Placed:
    """At its full size, else smaller, else page by page with the field on each; large text last shrinks."""
    for tried in _settings(setting):
        for scale in KEYPAD_SIZES:
            sized = replace(tried, scale=scale)
            whole = stack(_parts(screen, sized, width), sized.gap(14))
            if whole.height <= room and not whole.tight:
                return whole, 1, 0
        turned = _turned(screen, replace(tried, scale=0.7), view, width, room)
        if turned is not None:
            return turned
    return stack(_parts(_short(screen), sized, width), sized.gap(14)), 1, 0


def _settings(setting: Setting) -> list[Setting]:
    if not setting.large:
        return [setting]
    large = replace(setting, floor=setting.panel.large_floor)
    return [large, replace(setting, floor=FLOOR), replace(setting, large=False)]


def _short(screen: Screen) -> Screen:
    """For glass of a few inches: without what the label of the field says as well."""
    fields = [replace(widget, hint="") for widget in screen.body if isinstance(widget, Field)]
    return replace(screen, prompt="", body=tuple(fields))


def _parts(screen: Screen, setting: Setting, width: int) -> list[Block]:
    prompt = setting.paragraph(screen.prompt, width, setting.font("prompt", bold=True))
    others = [block(widget, setting, width) for widget in screen.body if not isinstance(widget, Keypad)]
    return [*([prompt] if screen.prompt else []), *others]


def _turned(screen: Screen, setting: Setting, view: View, width: int, room: int) -> Placed | None:
    """The texts page by page above the field; None: there is no room for that either."""
    fields = [widget for widget in screen.body if isinstance(widget, Field)]
    below = stack([field_value(field, setting, width) for field in fields], setting.px(GAP))
    gap = setting.px(10)
    left = room - below.height - setting.touch - 2 * gap
    told: list[Block | None] = [field_alert(field, setting, width) for field in fields]
    if screen.prompt:
        told.append(setting.paragraph(screen.prompt, width, setting.font("prompt", bold=True)))
    told += [hint for field in fields for hint in field_hint(field, setting, width)]
    told += [block(widget, setting, width) for widget in screen.body if isinstance(widget, Text)]
    pages = _packed([part for part in told if part is not None], left, gap)
    page = min(view.page, len(pages) - 1)
    if any(one.height > left or one.tight for one in pages):
        return None
    words = Block(width, left, pages[page].boxes)
    pager = _pager(view, setting, width, page, len(pages))
    return stack([words, below, pager], gap), len(pages), page

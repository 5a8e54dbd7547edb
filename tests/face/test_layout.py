"""Where things stand: everything fits in every language, on every glass and in both sizes of text, and a
finger finds what it is looking for.
"""

from collections import defaultdict
from collections.abc import Iterator
from itertools import combinations

import pytest

from daemon.face.boxes import ButtonBox, TextBox
from daemon.face.design import CAPITAL, FLOOR, ICONS, Panel, frame
from daemon.face.fonts import Fonts
from daemon.face.layout import Layout, arrange
from daemon.face.renderer import overflows
from daemon.face.setting import line_height
from daemon.face.texts import LANGUAGES
from daemon.session.access import Access
from daemon.session.widgets import Button, Choices, Described, Screen, Text, View
from hal.contracts import Rect
from tests.face.example_screens import TEXTS, all_screens
from tests.face.panels import PANELS, TEN

SIZE = TEN.size
FONTS = Fonts()
EXAMPLES = {
    (language, name): screen for language in LANGUAGES for name, screen in all_screens(language).items()
}
FRAME = ("quit", "back", "confirm")


def view(language: str, large: bool = False, page: int = 0) -> View:
    return Access(large=large).view(TEXTS(language), "", page)


def pages(screen: Screen, panel: Panel, large: bool) -> list[Layout]:
    """The screen, page by page."""
    first = arrange(screen, panel, FONTS, view(screen.language, large))
    rest = (view(screen.language, large, page) for page in range(1, first.pages))
    return [first, *(arrange(screen, panel, FONTS, one) for one in rest)]


def each(name: str) -> list[Layout]:
    found = (screen for (_, example), screen in EXAMPLES.items() if example == name)
    return [arrange(screen, TEN, FONTS, view(screen.language)) for screen in found]


def apart(one: Rect, other: Rect) -> int:
    """The gap between two rectangles, in pixels; negative: they overlap."""
    across = max(one.x, other.x) - min(one.x + one.w, other.x + other.w)
    down = max(one.y, other.y) - min(one.y + one.h, other.y + other.h)
    return max(across, down)


# ---------------------------------------------------------------- everything on everything


def complaints(layout: Layout, panel: Panel, large: bool) -> Iterator[str]:
    """Everything that is wrong with where things stand.

    Beside a keypad on low glass, and under 10.1 inches, large text is as large as the words allow.
    """
    yield from layout.tight
    words = [box for box in layout.boxes if isinstance(box, TextBox | ButtonBox)]
    for box in layout.boxes:
        if not _inside(box.rect, panel.size):
            yield f"outside the glass: {box}"
    for one, other in combinations(words, 2):
        if apart(one.rect, other.rect) < 0:
            yield f"{one} stands on {other}"
    for box in words:
        yield from _clipped(box)
        crowded = panel.small or (panel.mm[1] < 130 and "key.0" in layout.targets)
        yield from _too_small(box, panel, large and not crowded)
    targets = layout.targets
    for (key, place), (other_key, other_place) in combinations(targets.items(), 2):
        if apart(place, other_place) < _floor_px(panel, 3):
            yield f"{key} and {other_key} are {apart(place, other_place)} pixels apart"
    for key, rect in targets.items():
        if min(rect.w, rect.h) < _floor_px(panel, 15 if panel.small else 20):
            yield f"{key} is {rect.w}×{rect.h} pixels"


def _floor_px(panel: Panel, mm: int) -> int:
    """Millimetres in whole pixels; a rectangle may lose one at each side."""
    return int(mm * panel.per_mm) - 1


def _inside(rect: Rect, size: tuple[int, int]) -> bool:
    return rect.x >= 0 and rect.y >= 0 and rect.x + rect.w <= size[0] and rect.y + rect.h <= size[1]


def _clipped(box: TextBox | ButtonBox) -> Iterator[str]:
    width = box.rect.w - (sum(box.inset) if isinstance(box, ButtonBox) else 0)
    for line in box.lines:
        if FONTS.width(line, box.font) > width + 2:
            yield f"{line!r} is wider than its place"
    if len(box.lines) * line_height(box.font) > box.rect.h + 1:
        yield f"{box.lines} are higher than their place"


def _too_small(box: TextBox | ButtonBox, panel: Panel, large: bool) -> Iterator[str]:
    """Large text is for reading; the words of the frame may be smaller."""
    if box.font.size < round(FLOOR * panel.unit) - 1:
        yield f"{box.lines} in letters of {box.font.size} pixels"
    if large and isinstance(box, TextBox) and box.ink != "white":
        degrees = box.font.size * CAPITAL / panel.per_mm / panel.distance_mm * 57.2958
        if degrees < 0.69:
            yield f"{box.lines} under {degrees:.2f}°"


@pytest.mark.parametrize("large", [False, True], ids=["normal", "large"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("glass", PANELS)
def test_every_screen_fits_on_every_glass(glass: str, language: str, large: bool) -> None:
    """Nothing clipped, cut, overlapping, outside; targets of 20 mm (15 under 10.1 inches), 3 mm apart."""
    panel = PANELS[glass]
    wrong = {
        (name, at): found
        for name, screen in all_screens(language).items()
        for at, layout in enumerate(pages(screen, panel, large))
        if (found := list(complaints(layout, panel, large)))
    }
    assert wrong == {}


@pytest.mark.parametrize("glass", PANELS)
def test_a_button_of_the_frame_has_one_place_on_every_screen(glass: str) -> None:
    """終了する, 前画面へ, 確定する (or what is the main action) and the icons."""
    panel = PANELS[glass]
    places: dict[str, set[Rect]] = defaultdict(set)
    for large in (False, True):
        for screen in all_screens("ja").values():
            layout = arrange(screen, panel, FONTS, view("ja", large))
            for key in {*FRAME, *ICONS} & layout.targets.keys():
                places[key].add(layout.targets[key])
            main = [button.id for button in screen.buttons if button.role == "primary"]
            places["confirm"] |= {layout.targets[key] for key in main}
    assert {key: len(found) for key, found in places.items()} == dict.fromkeys((*FRAME, *ICONS), 1)


@pytest.mark.parametrize("glass", PANELS)
def test_what_is_pressed_in_the_frame_is_read_from_finish_to_confirm(glass: str) -> None:
    slots = frame(PANELS[glass]).slots
    order = [(slots[name].x, slots[name].y) for name in ("left", "middle", "right")]
    assert order == sorted(order)


def test_there_is_at_most_one_main_button() -> None:
    for key, screen in EXAMPLES.items():
        assert sum(button.role == "primary" for button in screen.buttons) <= 1, key


def test_every_screen_has_the_four_icons() -> None:
    for screen in all_screens("ja").values():
        assert set(ICONS) <= arrange(screen, TEN, FONTS, view("ja")).targets.keys()


# ---------------------------------------------------------------- pages


def test_every_choice_stands_on_one_of_the_pages() -> None:
    """Large text on a small glass: what does not fit is turned over, not left out."""
    panel = PANELS["7-inch"]
    for name in ("07-certificate-six", "08-persons-many", "04-municipality", "09-items"):
        screen = EXAMPLES["ja", name]
        whole = set(arrange(screen, TEN, FONTS).targets)
        turned = {key for layout in pages(screen, panel, large=True) for key in layout.targets}
        assert whole <= turned, name


def test_every_word_stands_on_one_of_the_pages() -> None:
    screen = EXAMPLES["ja", "02-services"]
    lines = [
        line
        for layout in pages(screen, TEN, large=True)
        for box in layout.boxes
        if isinstance(box, TextBox)
        for line in box.lines
    ]
    described = [widget for widget in screen.body if isinstance(widget, Described)]
    told = [screen.prompt, *(text for one in described for text in (one.description, *one.notes))]
    assert all(text[-10:] in "".join(lines) for text in told)


def test_the_first_page_has_nothing_before_it_and_the_last_nothing_after() -> None:
    first, *_, last = pages(EXAMPLES["es", "02-services"], TEN, large=True)
    assert ("page.previous" in first.order, "page.next" in first.order) == (False, True)
    assert ("page.previous" in last.order, "page.next" in last.order) == (True, False)


def test_normal_text_needs_no_pages_at_ten_inches() -> None:
    for key, screen in EXAMPLES.items():
        assert arrange(screen, TEN, FONTS, view(screen.language)).pages == 1, key


# ---------------------------------------------------------------- as the seed has it


def test_languages_stand_below_each_other_at_the_right_edge() -> None:
    for name in ("04-municipality", "06-removal"):
        for layout in each(name):
            rects = [layout.targets[f"language.{language}"] for language in LANGUAGES]
            assert rects == sorted(rects, key=lambda rect: (rect.x, rect.y))
            others = [
                rect
                for key, rect in layout.targets.items()
                if not key.startswith("language.") and key not in FRAME
            ]
            assert all(rect.x + rect.w < rects[0].x for rect in others)


def test_the_keypad_has_the_order_of_the_seed() -> None:
    for layout in (*each("05-pin"), *each("10-copies")):
        rows = (("1", "2", "3"), ("4", "5", "6"), ("7", "8", "9"), ("clear", "0"))
        keys = [[layout.targets[f"key.{key}"] for key in row] for row in rows]
        assert all(len({rect.y for rect in row}) == 1 for row in keys)
        assert all(row == sorted(row, key=lambda rect: rect.x) for row in keys)
        assert [row[0].y for row in keys] == sorted({row[0].y for row in keys})


def test_the_button_stands_left_of_its_description() -> None:
    for layout in each("02-services"):
        issue, register = layout.targets["issue"], layout.targets["register"]
        assert issue.y < register.y
        texts = [box.rect for box in layout.boxes if isinstance(box, TextBox) and box.rect.y > issue.y]
        assert texts
        assert all(rect.x > issue.x + issue.w for rect in texts)


def test_no_word_on_a_button_is_cut() -> None:
    for language in ("en", "es", "pt", "ko"):
        for name, screen in all_screens(language).items():
            layout = arrange(screen, TEN, FONTS, view(language))
            for box in (box for box in layout.boxes if isinstance(box, ButtonBox)):
                words = box.button.text.replace("(", " (").split()
                assert " ".join(box.lines).replace("(", " (").split() == words, (language, name, box.lines)


def test_names_are_shown_whole() -> None:
    for layout in each("11-confirm-family"):
        lines = [line for box in layout.boxes if isinstance(box, TextBox) for line in box.lines]
        assert any("マリア クララ ロドリゲス" in line for line in lines)


def test_what_does_not_fit_is_named() -> None:
    button = Button("x", "word " * 400, "choice")
    found = overflows(Screen("x", "en", "title", (Choices((button,)),)), SIZE)
    assert found[0].startswith("a part is")


def test_a_disabled_button_is_no_target_for_a_finger() -> None:
    off, on = Button("off", "Off", enabled=False), Button("on", "On", "choice")
    layout = arrange(Screen("x", "en", "t", (Choices((on,)),), buttons=(off,)), TEN, FONTS)
    for key, expected in (("off", None), ("on", "on")):
        rect = layout.targets[key]
        assert layout.hit(rect.x, rect.y) == expected
        assert layout.hit(rect.x + rect.w - 1, rect.y + rect.h - 1) == expected
        assert layout.hit(rect.x + rect.w, rect.y) is None


def test_a_row_that_cannot_hold_its_buttons_is_refused() -> None:
    buttons = tuple(Button(str(at), "x") for at in range(3))
    with pytest.raises(ValueError, match="the row holds two buttons"):
        arrange(Screen("x", "en", "t", (Text("x"),), buttons=buttons), TEN, FONTS)

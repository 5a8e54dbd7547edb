"""Where things stand: everything fits in every language, and a finger finds what it is looking for."""

from itertools import combinations

import pytest

from daemon.face.boxes import ButtonBox, TextBox
from daemon.face.fonts import Fonts
from daemon.face.layout import Layout, arrange
from daemon.face.renderer import overflows
from daemon.face.setting import TOUCH, TOUCH_FLOOR
from daemon.face.texts import LANGUAGES
from daemon.session.widgets import Button, Choices, Screen, Table, Text
from hal.contracts import Rect
from tests.face.example_screens import all_screens

SIZE = (1280, 800)
FONTS = Fonts()
EXAMPLES = {
    (language, name): screen for language in LANGUAGES for name, screen in all_screens(language).items()
}
LAYOUTS = {key: arrange(screen, SIZE, FONTS) for key, screen in EXAMPLES.items()}
GAP = 17
"""3 mm, rounded."""


def each(name: str) -> list[Layout]:
    return [layout for (_, example), layout in LAYOUTS.items() if example == name]


def apart(one: Rect, other: Rect) -> int:
    """The gap between two rectangles, in pixels; negative: they overlap."""
    across = max(one.x, other.x) - min(one.x + one.w, other.x + other.w)
    down = max(one.y, other.y) - min(one.y + one.h, other.y + other.h)
    return max(across, down)


def test_every_example_fits_in_every_language() -> None:
    assert {key: layout.tight for key, layout in LAYOUTS.items() if layout.tight} == {}


def test_nothing_stands_outside_the_glass() -> None:
    for key, layout in LAYOUTS.items():
        for box in layout.boxes:
            rect = box.rect
            assert rect.x >= 0 and rect.y >= 0, (key, box)
            assert rect.x + rect.w <= SIZE[0] and rect.y + rect.h <= SIZE[1], (key, box)


def test_no_words_stand_on_other_words_or_buttons() -> None:
    for key, layout in LAYOUTS.items():
        boxes = [box for box in layout.boxes if isinstance(box, TextBox | ButtonBox)]
        for one, other in combinations(boxes, 2):
            assert apart(one.rect, other.rect) >= 0, (key, one, other)


def test_targets_are_three_millimetres_apart() -> None:
    for key, layout in LAYOUTS.items():
        for one, other in combinations(layout.targets.values(), 2):
            assert apart(one, other) >= GAP, key


def test_targets_are_large_enough_for_a_finger() -> None:
    for (language, name), layout in LAYOUTS.items():
        for key, rect in layout.targets.items():
            crowded = key.startswith(("language.", "kind.")) or (
                name == "08-persons-many" and key.startswith("person.")
            )
            assert min(rect.w, rect.h) >= (TOUCH_FLOOR if crowded else TOUCH - 8), (language, name, key, rect)


def test_the_row_of_buttons_is_always_in_the_same_place() -> None:
    places: dict[str, set[tuple[int, int, int]]] = {}
    for layout in LAYOUTS.values():
        for key in ("quit", "back", "confirm"):
            if key in layout.targets:
                rect = layout.targets[key]
                places.setdefault(key, set()).add((rect.x, rect.y, rect.h))
    assert {key: len(found) for key, found in places.items()} == {"quit": 1, "back": 1, "confirm": 1}
    (left,), (middle,), (right,) = places["quit"], places["back"], places["confirm"]
    assert left[0] < middle[0] < right[0]


def test_languages_stand_below_each_other_at_the_right_edge() -> None:
    for name in ("04-municipality", "06-removal"):
        for layout in each(name):
            rects = [layout.targets[f"language.{language}"] for language in LANGUAGES]
            assert len({rect.x for rect in rects}) == 1
            assert rects == sorted(rects, key=lambda rect: rect.y)
            others = [rect for key, rect in layout.targets.items() if not key.startswith("language.")]
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
    for (language, name), layout in LAYOUTS.items():
        if language in ("en", "es", "pt", "ko"):
            for box in (box for box in layout.boxes if isinstance(box, ButtonBox)):
                words = box.button.text.replace("(", " (").split()
                assert " ".join(box.lines).replace("(", " (").split() == words, (language, name, box.lines)


def test_names_are_shown_whole() -> None:
    for layout in each("11-confirm-family"):
        lines = [line for box in layout.boxes if isinstance(box, TextBox) for line in box.lines]
        assert any("マリア クララ ロドリゲス" in line for line in lines)


@pytest.mark.parametrize("size", [(800, 480), (1024, 600), (1366, 768), (1920, 1080)])
def test_japanese_and_english_fit_on_other_glasses(size: tuple[int, int]) -> None:
    for language in ("ja", "en"):
        tight = {
            name: found
            for name, screen in all_screens(language).items()
            if (found := arrange(screen, size, FONTS).tight)
        }
        assert tight == {}, language


def test_what_does_not_fit_is_named() -> None:
    body = (Table(tuple((f"label {at}", "value") for at in range(40))),)
    assert overflows(Screen("x", "en", "title", body), SIZE)[0].startswith("body is")


def test_a_disabled_button_is_no_target_for_a_finger() -> None:
    off, on = Button("off", "Off", enabled=False), Button("on", "On", "choice")
    layout = arrange(Screen("x", "en", "t", (Choices((on,)),), buttons=(off,)), SIZE, FONTS)
    for key, expected in (("off", None), ("on", "on")):
        rect = layout.targets[key]
        assert layout.hit(rect.x, rect.y) == expected
        assert layout.hit(rect.x + rect.w - 1, rect.y + rect.h - 1) == expected
        assert layout.hit(rect.x + rect.w, rect.y) is None


def test_a_row_that_cannot_hold_its_buttons_is_refused() -> None:
    buttons = tuple(Button(str(at), "x") for at in range(3))
    with pytest.raises(ValueError, match="the row holds two buttons"):
        arrange(Screen("x", "en", "t", (Text("x"),), buttons=buttons), SIZE, FONTS)

"""The design system: measures in millimetres, contrast of every text on its ground, shapes beside colours."""

from itertools import product

import pytest
from PIL import Image, ImageChops

from daemon.face.boxes import ButtonBox, PanelBox, TextBox
from daemon.face.design import CALM, STRONG, Palette, Panel, frame, ten_inch
from daemon.face.fonts import Fonts
from daemon.face.ink import Ink, contrast
from daemon.face.layout import arrange
from daemon.face.painter import Painter
from daemon.face.renderer import Renderer
from daemon.session.access import Access
from daemon.session.widgets import Button, Screen, View
from hal.contracts import Rect
from tests.face.example_screens import TEXTS, all_screens
from tests.face.panels import PANELS, TEN
from tests.face.test_renderer import Glass

FONTS = Fonts()
PALETTES = {"calm": CALM, "strong": STRONG}


def luminance(picture: Image.Image) -> Image.Image:
    """As somebody sees it who sees no colours."""
    return picture.convert("L")


def drawn(screen: Screen, view: View, pressed: str = "") -> Image.Image:
    glass = Glass()
    renderer = Renderer(glass)
    renderer.show(screen, view)
    if pressed:
        renderer.press(pressed)
    return glass.drawn()


# ---------------------------------------------------------------- measures


@pytest.mark.parametrize("glass", PANELS)
def test_a_unit_is_at_least_as_large_as_on_the_glass_it_was_drawn_for(glass: str) -> None:
    panel = PANELS[glass]
    assert panel.unit >= panel.per_mm / 5.9 - 1e-9
    assert panel.touch * panel.unit / panel.per_mm >= (15 if panel.small else 20) - 0.1


def test_only_glass_under_ten_inches_is_small() -> None:
    assert [name for name, panel in PANELS.items() if panel.small] == ["7-inch", "7-inch-tall"]


def test_glass_of_unknown_size_is_taken_for_ten_inches() -> None:
    assert ten_inch((1280, 800)) == Panel((1280, 800), (217, 136))
    assert not ten_inch((800, 480)).small


def test_whoever_stands_further_away_gets_larger_large_text() -> None:
    near, far = Panel((1280, 800), (217, 136), 500), Panel((1280, 800), (217, 136), 600)
    assert far.large_floor * 5 == pytest.approx(near.large_floor * 6, abs=6)


@pytest.mark.parametrize("glass", PANELS)
def test_the_parts_of_the_frame_do_not_overlap(glass: str) -> None:
    parts = frame(PANELS[glass])
    pieces = [parts.title, parts.row, parts.body]
    for at, one in enumerate(pieces):
        for other in pieces[at + 1 :]:
            assert _apart(one, other)
    assert all(_apart(icon, parts.row) and _apart(icon, parts.body) for icon in parts.icons)


def _apart(one: Rect, other: Rect) -> bool:
    across = one.x >= other.x + other.w or other.x >= one.x + one.w
    return across or one.y >= other.y + other.h or other.y >= one.y + one.h


# ---------------------------------------------------------------- colours


@pytest.mark.parametrize("name", PALETTES)
def test_every_text_has_a_contrast_of_seven_to_one_on_its_ground(name: str) -> None:
    """Every pair that occurs on any screen, and buttons while they are pressed."""
    palette, low = PALETTES[name], set()
    painter = Painter(FONTS, 1.0)
    painter.colours = palette
    for screen in all_screens("ja").values():
        for access in (Access(), Access(large=True, strong=True, voice=1, doubled=True)):
            boxes = arrange(screen, TEN, FONTS, access.view(TEXTS("ja"), "", 0)).boxes
            for at, box in enumerate(boxes):
                low |= {pair for pair in _pairs(painter, palette, boxes[:at], box) if contrast(*pair) < 7}
    assert low == set()


def _pairs(
    painter: Painter, palette: Palette, under: tuple[object, ...], box: object
) -> set[tuple[Ink, Ink]]:
    """Words and what they stand on."""
    if isinstance(box, ButtonBox):
        return {(fill, words) for fill, _, words in (painter.dress(box, held) for held in (False, True))}
    if not isinstance(box, TextBox):
        return set()
    grounds = [one.style for one in under if isinstance(one, PanelBox) and not _apart(one.rect, box.rect)]
    ground = palette.surfaces[grounds[-1] if grounds else "page"][0]
    return {(ground, painter.words(box.ink))}


@pytest.mark.parametrize("name", PALETTES)
def test_edges_of_buttons_and_the_focus_are_seen_on_any_ground(name: str) -> None:
    """3:1 for what is no text; of the double frame one of the two."""
    palette = PALETTES[name]
    grounds = [palette.surfaces[style][0] for style in ("page", "foot", "card", "bar")]
    assert all(max(contrast(ring, ground) for ring in palette.ring) >= 3 for ground in grounds)
    for dress, ground in product((palette.normal, palette.choice, palette.off), grounds[:3]):
        assert contrast(dress[1], ground) >= 3


# ---------------------------------------------------------------- not by colour alone


def one_choice(**changes: bool) -> Screen:
    button = Button("one", "一つ", "choice", **changes)  # type: ignore[arg-type]
    return Screen("x", "ja", "題", (), buttons=(button,))


@pytest.mark.parametrize("strong", [False, True])
def test_chosen_disabled_focused_and_pressed_are_shapes(strong: bool) -> None:
    """Each differs from the plain button by more than its fill: in the outline or by a mark of its own."""
    view = View(strong=strong)
    plain = drawn(one_choice(), view)
    others = {
        "chosen": drawn(one_choice(chosen=True), view),
        "disabled": drawn(one_choice(enabled=False), view),
        "focused": drawn(one_choice(), View(strong=strong, focus="one")),
        "pressed": drawn(one_choice(), view, pressed="one"),
    }
    for name, picture in others.items():
        assert _shape(picture) != _shape(plain), name
    shapes = [_shape(picture) for picture in others.values()]
    assert len(set(shapes)) == len(shapes)


def _shape(picture: Image.Image) -> bytes:
    """Only where one tone meets another, not which tones they are."""
    grey = luminance(picture)
    right = ImageChops.difference(grey, ImageChops.offset(grey, 1, 0))
    down = ImageChops.difference(grey, ImageChops.offset(grey, 0, 1))
    return ImageChops.lighter(right, down).point(lambda step: 255 if step > 24 else 0).tobytes()


def test_the_focus_is_at_least_as_thick_as_it_has_to_be() -> None:
    """1 mm and more around the button, on every side."""
    plain, focused = (drawn(one_choice(), View(focus=focus)) for focus in ("", "one"))
    changed = ImageChops.difference(plain, focused).getbbox()
    rect = arrange(one_choice(), TEN, FONTS).targets["one"]
    assert changed is not None
    thick = (
        rect.x - changed[0],
        rect.y - changed[1],
        changed[2] - rect.x - rect.w,
        changed[3] - rect.y - rect.h,
    )
    assert min(thick) >= TEN.per_mm


def test_an_error_has_a_sign() -> None:
    screens = all_screens("ja")
    for name in ("e3", "12-payment-part"):
        boxes = arrange(screens[name], TEN, FONTS).boxes
        signs = [box for box in boxes if isinstance(box, PanelBox) and box.style == "alert"]
        assert signs or any(getattr(box, "name", "") == "error" for box in boxes)


@pytest.mark.parametrize("glass", ["7-inch", "10-inch-tall", "21-inch"])
def test_other_colours_and_sizes_are_drawn_on_any_glass(glass: str) -> None:
    """Real pixels, also after a change of colours on the same glass."""
    panel = PANELS[glass]
    shown = Glass(panel.size)
    shown.panel_mm = panel.mm
    renderer = Renderer(shown)
    screen = all_screens("ja")["07-certificate"]
    pictures = []
    for access in (
        Access(),
        Access(large=True),
        Access(strong=True),
        Access(large=True, strong=True),
        Access(),
    ):
        renderer.show(screen, access.view(TEXTS("ja"), "", 0))
        assert ImageChops.difference(shown.seen, shown.drawn()).getbbox() is None
        pictures.append(shown.drawn().tobytes())
    assert pictures[0] == pictures[4]
    assert len(set(pictures)) == 4

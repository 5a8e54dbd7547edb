"""The pixels: what is drawn, what is presented, and that it is cheap."""

from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import pytest
from PIL import Image, ImageChops

from daemon.face import ink
from daemon.face.design import ten_inch
from daemon.face.fonts import Font, Fonts, shown
from daemon.face.pictures import DRAWINGS, Pictures
from daemon.face.renderer import Renderer
from daemon.face.texts import LANGUAGES
from daemon.session.widgets import Field, Keypad, Picture, Screen, Text
from drivers.display.framebuffer import Framebuffer, FramebufferSettings
from drivers.display.virtual import create_framebuffer, snapshot
from hal.contracts import Rect
from tests.drivers import machine as memory
from tests.face.example_screens import TEXTS, all_screens

SIZE = (1280, 800)
ONE_TEXT = Screen("x", "ja", "題", (Text("文"),))


class Glass:
    """A display that keeps apart what is drawn and what has been presented."""

    virtual = True
    distance_mm = 500

    def __init__(self, size: tuple[int, int] = SIZE) -> None:
        self.size = size
        self.panel_mm = (0, 0)
        self.canvas = bytearray(size[0] * size[1] * 4)
        self.seen = Image.new("RGB", size)
        self.presented: list[Sequence[Rect] | None] = []

    @property
    def size_mm(self) -> tuple[int, int]:
        """Of ten inches, unless a test says otherwise."""
        return self.panel_mm if any(self.panel_mm) else ten_inch(self.size).mm

    @property
    def rotation(self) -> Literal[0, 90, 180, 270]:
        return 0

    async def run(self, emit: object) -> None:
        raise NotImplementedError

    def blank(self, on: bool) -> None:
        raise NotImplementedError

    def present(self, rects: Sequence[Rect] | None = None) -> None:
        self.presented.append(rects)
        drawn = self.drawn()
        for rect in [Rect(0, 0, *self.size)] if rects is None else rects:
            box = (rect.x, rect.y, rect.x + rect.w, rect.y + rect.h)
            self.seen.paste(drawn.crop(box), box)

    def drawn(self) -> Image.Image:
        return Image.frombytes("RGB", self.size, bytes(self.canvas), "raw", "BGRX")


def same(one: Image.Image, other: Image.Image) -> bool:
    return ImageChops.difference(one, other).getbbox() is None


def fresh(screen: Screen) -> Image.Image:
    """The screen, drawn by a renderer that has shown nothing else."""
    glass = Glass()
    Renderer(glass).show(screen)
    return glass.drawn()


def area(rects: Sequence[Rect] | None) -> int:
    return SIZE[0] * SIZE[1] if rects is None else sum(rect.w * rect.h for rect in rects)


def pin(digits: int) -> Screen:
    return Screen("pin", "ja", "題", (Field("暗証番号", "*" * digits), Keypad("訂正")), prompt="入力")


def test_colours_arrive_as_they_were_meant() -> None:
    picture = fresh(ONE_TEXT)
    assert picture.getpixel((2, 2)) == (0x16, 0x3D, 0x6B)
    assert picture.getpixel((1270, 790)) == (0xF3, 0xF6, 0xFA)


def test_the_first_screen_is_presented_whole() -> None:
    glass = Glass()
    Renderer(glass).show(ONE_TEXT)
    assert glass.presented == [None]


def test_one_more_digit_presents_only_the_field() -> None:
    glass = Glass()
    renderer = Renderer(glass)
    renderer.show(pin(1))
    renderer.show(pin(2))
    assert area(glass.presented[-1]) < area(None) // 8
    assert same(glass.seen, fresh(pin(2)))


def test_the_same_screen_again_presents_nothing() -> None:
    glass = Glass()
    renderer = Renderer(glass)
    renderer.show(pin(1))
    renderer.show(pin(1))
    assert len(glass.presented) == 1


def test_whatever_came_before_the_glass_shows_exactly_the_screen() -> None:
    glass = Glass()
    renderer = Renderer(glass)
    for screen in all_screens("ja").values():
        renderer.show(screen)
        assert same(glass.seen, glass.drawn()), screen.name
    renderer.show(pin(3))
    assert same(glass.seen, fresh(pin(3)))


def test_a_held_button_looks_different_and_then_as_before() -> None:
    glass = Glass()
    renderer = Renderer(glass)
    renderer.show(pin(0))
    before = glass.seen.copy()
    renderer.press("key.5")
    box = ImageChops.difference(glass.seen, before).getbbox()
    key = renderer.targets(pin(0))["key.5"]
    assert box is not None
    assert key.x - 1 <= box[0] and key.y - 1 <= box[1] and box[2] <= key.x + key.w + 1
    assert area(glass.presented[-1]) < 2 * key.w * key.h
    renderer.release()
    assert same(glass.seen, before)


def test_a_new_screen_under_the_finger_shows_no_held_button() -> None:
    glass = Glass()
    renderer = Renderer(glass)
    renderer.show(pin(0))
    renderer.press("key.5")
    renderer.show(pin(1))
    assert same(glass.seen, fresh(pin(1)))
    renderer.release()
    assert same(glass.seen, fresh(pin(1)))


def test_pressing_what_is_not_there_does_nothing() -> None:
    glass = Glass()
    renderer = Renderer(glass)
    renderer.show(ONE_TEXT)
    renderer.press("nothing")
    renderer.release()
    assert glass.presented == [None]


def middle(rect: Rect) -> tuple[int, int]:
    return rect.x + rect.w // 2, rect.y + rect.h // 2


def test_a_finger_hits_what_the_targets_say() -> None:
    renderer = Renderer(Glass())
    renderer.show(pin(0))
    for key, rect in renderer.targets(pin(0)).items():
        assert renderer.hit(rect.x + rect.w // 2, rect.y + rect.h // 2) == key
    assert renderer.hit(-1, -1) is None


def test_repaint_brings_everything_back() -> None:
    glass = Glass()
    renderer = Renderer(glass)
    renderer.show(pin(2))
    glass.seen.paste((0, 0, 0), (0, 0, *SIZE))
    renderer.repaint()
    assert same(glass.seen, fresh(pin(2)))


def test_a_display_that_changed_its_size_shows_the_screen_in_its_new_one() -> None:
    glass = Glass((800, 480))
    renderer = Renderer(glass)
    renderer.show(pin(2))
    presented = len(glass.presented)
    renderer.fit()
    assert len(glass.presented) == presented, "nothing has changed"
    glass.size, glass.canvas = SIZE, bytearray(SIZE[0] * SIZE[1] * 4)
    glass.seen = Image.new("RGB", SIZE)
    renderer.fit()
    assert same(glass.seen, fresh(pin(2)))
    assert renderer.hit(*middle(renderer.targets(pin(2))["key.5"])) == "key.5"


def test_a_display_that_tells_its_millimetres_late_is_drawn_for_them() -> None:
    """A screen that is plugged in after the start has the pixels of the configuration already."""
    glass = Glass()
    renderer = Renderer(glass)
    renderer.show(pin(2))
    glass.panel_mm = (150, 94)
    told_at_once = Renderer(glass).targets(pin(2))
    assert renderer.targets(pin(2)) != told_at_once
    renderer.fit()
    assert renderer.targets(pin(2)) == told_at_once
    assert renderer.hit(*middle(told_at_once["key.5"])) == "key.5"


def test_a_key_that_is_pressed_writes_its_own_pixels_and_no_others() -> None:
    """On a real writer: bytes that were written are no longer what somebody else put there."""
    screen, machine = memory.Screen(1280, 800), memory.Machine()
    machine.plug("/dev/fb0", screen)
    renderer = Renderer(Framebuffer(FramebufferSettings("/dev/fb0"), machine))
    renderer.show(pin(2))
    key = renderer.targets(pin(2))["key.5"]
    for pressed in (True, False):
        screen.fill(0x5A)
        renderer.press("key.5") if pressed else renderer.release()
        written = sum(one != 0x5A for one in screen.memory[3::4]) * 4
        assert key.w * key.h * 4 <= written <= (key.w + 12) * (key.h + 12) * 4
        assert written < screen.length / 20


@pytest.mark.parametrize("bpp", [32, 16])
def test_the_framebuffer_file_shows_the_screen(tmp_path: Path, bpp: int) -> None:
    path = tmp_path / "fb"
    create_framebuffer(path, *SIZE, bpp)
    Renderer(Framebuffer(FramebufferSettings(str(path), *SIZE, 16 if bpp == 16 else 32))).show(pin(2))
    difference = ImageChops.difference(snapshot(path, *SIZE, bpp), fresh(pin(2)))
    assert max(difference.tobytes()) <= (0 if bpp == 32 else 7)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_of_every_screen_has_a_glyph(language: str) -> None:
    fonts = Fonts()
    chars = {char for screen in all_screens(language).values() for char in repr(screen)}
    assert not [char for char in sorted(chars) if not fonts.has(char, Font(32, True, language))]


def test_a_missing_glyph_is_noticed() -> None:
    assert not Fonts().has("🔊", Font(32))


def test_variation_selectors_are_not_drawn_as_boxes() -> None:
    fonts, font = Fonts(), Font(40)
    assert shown("葛\U000e0102城") == "葛城"
    assert fonts.width("葛\U000e0102城", font) == fonts.width("葛城", font)
    assert same(fonts.mask("葛\U000e0102城", font).image, fonts.mask("葛城", font).image)


def test_a_name_leaves_the_memory_with_its_screen() -> None:
    fonts, font = Fonts(), Font(40)
    name = fonts.mask("山田 太郎", font)
    assert fonts.mask("山田 太郎", font) is name
    fonts.turn()
    fonts.turn()
    assert fonts.mask("山田 太郎", font) is not name


def test_at_the_end_of_a_session_nothing_that_is_kept_tells_a_name() -> None:
    fonts, font = Fonts(), Font(40)
    name = fonts.mask("渡邉 誠", font)
    fonts.forget()
    assert not {char for char in "渡邉誠" if char in repr(vars(fonts))}
    assert same(fonts.mask("渡邉 誠", font).image, name.image)


def test_forgetting_leaves_the_glass_as_it_is() -> None:
    glass = Glass()
    renderer = Renderer(glass)
    renderer.show(pin(2))
    renderer.forget()
    assert same(glass.seen, fresh(pin(2)))
    renderer.show(pin(3))
    assert same(glass.seen, fresh(pin(3)))


@pytest.mark.parametrize("name", DRAWINGS)
def test_every_picture_draws_something(name: str) -> None:
    colours = Pictures().get(name, 200).getcolors(200 * 200)
    assert colours is not None
    assert len(colours) > 3


def test_every_picture_a_screen_may_name_is_drawn() -> None:
    named = {
        widget.name
        for screen in all_screens("ja").values()
        for widget in screen.body
        if isinstance(widget, Picture)
    }
    assert named <= set(DRAWINGS)


def test_contrast_is_that_of_wcag() -> None:
    assert ink.contrast(ink.ink("#ffffff"), ink.ink("#000000")) == pytest.approx(21)
    assert ink.contrast(ink.ink("#777777"), ink.ink("#ffffff")) == pytest.approx(4.48, abs=0.01)


def test_texts_and_examples_speak_the_same_languages() -> None:
    assert [TEXTS(language).language for language in LANGUAGES] == list(LANGUAGES)

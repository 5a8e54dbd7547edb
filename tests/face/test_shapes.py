"""Japanese names and addresses have Japan's shapes on screens of every language, everything else its own."""

import pytest

from daemon.face.boxes import ButtonBox, TextBox
from daemon.face.fonts import Font, Fonts, shapes
from daemon.face.layout import arrange
from daemon.face.texts import LANGUAGES
from daemon.session.access import Access
from tests.face.example_screens import TEXTS, all_screens
from tests.face.panels import TEN

FONTS = Fonts()


def faces(language: str, name: str) -> dict[str, str]:
    """Each line of this screen's text, and whose shapes it has."""
    screen = all_screens(language)[name]
    boxes = arrange(screen, TEN, FONTS, Access().view(TEXTS(language), "", 0)).boxes
    return {
        line: box.font.language for box in boxes if isinstance(box, TextBox | ButtonBox) for line in box.lines
    }


def of(found: dict[str, str], part: str) -> set[str]:
    return {face for line, face in found.items() if part in line}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_to_choose_from_are_in_japan_s_shapes(language: str) -> None:
    assert of(faces(language, "08-persons"), "山田") == {"ja"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_names_on_screen_11_are_in_japan_s_shapes_and_their_label_is_not(language: str) -> None:
    found = faces(language, "11-confirm")
    assert of(found, "山田") == {"ja"}
    assert of(found, TEXTS(language)("confirm.fee")) == {language}


@pytest.mark.parametrize("language", LANGUAGES)
def test_offices_are_in_japan_s_shapes(language: str) -> None:
    found = faces(language, "e3")
    assert of(found, "高岡市役所") | of(found, "広小路") == {"ja"}


def test_a_japanese_name_in_a_korean_sentence_has_japan_s_shapes() -> None:
    assert shapes("富山県 高岡市은(는) 점검 중입니다.", "ko") == "ja"
    assert shapes("점검 중입니다.", "ko") == "ko"
    assert shapes("富山县", "zh-Hans") == "zh-Hans"


def test_the_same_character_is_drawn_in_its_language_s_shape() -> None:
    """直 differs in Japan, Korea (as the old form) and China; 骨 between the mainland and Taiwan."""
    drawn = {
        language: bytes(FONTS.mask("直", Font(64, False, language)).image.tobytes()) for language in LANGUAGES
    }
    assert drawn["ja"] == drawn["en"] == drawn["es"] == drawn["pt"]
    assert drawn["ja"] != drawn["zh-Hans"]
    bones = {
        language: bytes(FONTS.mask("骨", Font(64, False, language)).image.tobytes()) for language in LANGUAGES
    }
    assert len({bones["ja"], bones["zh-Hans"], bones["zh-Hant"]}) == 3

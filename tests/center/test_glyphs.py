"""The font's own tables, against what was measured of IPAmj Mincho 005.01 and what Pillow draws of Noto."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.center.documents.press import FONT
from daemon.center.glyphs import FontError, Repertoire, is_selector

REPERTOIRE = Repertoire(FONT)
NOTO = Path("/usr/share/fonts/opentype/noto/NotoSerifCJK-Bold.ttc")


def variants(base: str, first: int, last: int) -> list[str]:
    return [base + chr(code) for code in range(first, last + 1)]


@pytest.mark.parametrize(
    "name",
    [
        "山田 太郎",
        "渡邉",
        "髙橋",
        "﨑",
        "𠮷野",
        *variants("葛", 0xE0102, 0xE0108),
        *variants("辻", 0xE0102, 0xE0103),
        *variants("邉", 0xE010F, 0xE011D),
        "邉\U000e011f",
    ],
)
def test_the_font_draws_these(name: str) -> None:
    assert REPERTOIRE.can_draw(name)


@pytest.mark.parametrize(
    "name",
    [
        "葛\U000e0100",
        "葛\U000e0101",
        "邉\U000e0102",
        "邉\U000e011e",
        "辻\U000e0100",
        "A\U000e0102",
        "😀",
        "\n",
    ],
)
def test_the_font_lacks_these(name: str) -> None:
    assert not REPERTOIRE.can_draw(name)


def test_a_selector_without_a_kanji_is_not_drawn() -> None:
    assert not REPERTOIRE.can_draw("\U000e0102")
    assert not REPERTOIRE.can_draw("葛\U000e0102\U000e0102")


@given(
    st.text(st.sampled_from("山田太郎葛\U000e0100\U000e0102A😀"), max_size=6),
    st.text("山田太郎A", max_size=6),
)
def test_a_text_can_be_drawn_iff_its_parts_can(one: str, other: str) -> None:
    assert REPERTOIRE.can_draw(other + one) == REPERTOIRE.can_draw(one) or is_selector(one[:1])
    assert REPERTOIRE.can_draw(one + other) == REPERTOIRE.can_draw(one)


def test_a_font_collection_can_be_read_too() -> None:
    assert Repertoire(NOTO).can_draw("山田 太郎")


def test_a_file_that_is_no_font_is_refused(tmp_path: Path) -> None:
    (tmp_path / "font.ttf").write_bytes(b"not a font at all")
    with pytest.raises(FontError):
        Repertoire(tmp_path / "font.ttf")

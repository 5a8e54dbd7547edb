"""Words on a page: exactly those, by themselves, where they belong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.issuance.pages import UnreadablePdf, page_texts, stands_below, stands_in

LINES = (
    "見本",
    "氏名",
    "やまだ はなこ",
    "山田 花子",
    "世帯主 山田 太郎",
    "筆頭者",
    "山田 太郎",
    "証明書固有番号 1-7 1/1",
)
PAGE = "\r\n".join(LINES).replace("_", " ")
NAMES = st.text("山田太郎花子邉\U000e010f", min_size=1, max_size=4)


def test_space_is_free() -> None:
    for name in ("山田 花子", "山田\u3000花子", "山田花子"):
        assert stands_below("氏名", name, PAGE)
        assert stands_below("氏名", "山田 花子", f"氏\xa0名\nやまだ はなこ\n{name}\n")


def test_a_part_of_a_name_is_not_the_name() -> None:
    for part in ("山田 花", "田 花子", "花子", "山田", "やまだ"):
        assert not stands_below("氏名", part, PAGE)


def test_the_name_of_somebody_else_on_the_page_is_not_the_subjects() -> None:
    assert not stands_below("氏名", "山田 太郎", PAGE)
    assert stands_in("山田 太郎", PAGE)


def test_a_name_without_a_reading_is_found() -> None:
    assert stands_below("氏名", "JOHN SMITH", "氏名\nJOHN SMITH\n生年月日")


def test_a_variant_of_a_kanji_is_another_name() -> None:
    page = "氏名\nわたなべ\n渡邉\U000e010f 誠\n"
    assert stands_below("氏名", "渡邉\U000e010f 誠", page)
    assert not stands_below("氏名", "渡邉 誠", page)
    assert not stands_below("氏名", "渡邉\U000e0110 誠", page)


@given(NAMES, NAMES)
def test_a_name_is_found_iff_it_is_the_very_same(wanted: str, there: str) -> None:
    assert stands_below("氏名", wanted, f"氏名\nかな\n{there}\n生年月日") == (wanted == there)
    assert stands_in(wanted, f"番号 {there} 1/1") == (wanted == there)


def test_nothing_stands_nowhere() -> None:
    assert not stands_in("", PAGE)
    assert not stands_below("氏名", " ", PAGE)


def test_a_number_inside_a_longer_one_is_not_found() -> None:
    assert stands_in("1/1", PAGE)
    assert not stands_in("1/1", "証明書固有番号 1-7 1/10")
    assert not stands_in("1/1", "証明書固有番号 1-7 11/1")


@pytest.mark.parametrize("pdf", [b"", b"%PDF-1.7\n", bytes(1000)])
def test_what_is_no_pdf_cannot_be_read(pdf: bytes) -> None:
    with pytest.raises(UnreadablePdf):
        page_texts(pdf)

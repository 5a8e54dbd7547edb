"""The back of a sheet says what it has to, and not a letter more (P6)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.issuance.backs import ABOUT, NUMBER_LABEL, SAMPLE_MARK, TITLE, is_back

NUMBER = "162027-20260401-T01-000001-8"
WORDS = (TITLE, *ABOUT, NUMBER_LABEL, NUMBER, "1/2")
TEXT = "\r\n".join(WORDS)


def test_the_fixed_words_with_number_and_place_are_a_back() -> None:
    assert is_back(TEXT, NUMBER, 1, 2, sample=False)
    assert is_back(f"{SAMPLE_MARK}\n{SAMPLE_MARK}\n{TEXT}", NUMBER, 1, 2, sample=True)


def test_a_sample_is_marked_and_nothing_else_is() -> None:
    assert not is_back(TEXT, NUMBER, 1, 2, sample=True)
    assert not is_back(f"{SAMPLE_MARK}{SAMPLE_MARK}{TEXT}", NUMBER, 1, 2, sample=False)
    assert not is_back(f"{SAMPLE_MARK}{TEXT}", NUMBER, 1, 2, sample=True)


def test_the_place_and_the_number_are_its_own() -> None:
    assert not is_back(TEXT, NUMBER, 2, 2, sample=False)
    assert not is_back(TEXT, NUMBER, 1, 3, sample=False)
    assert not is_back(TEXT, NUMBER.replace("000001", "000002"), 1, 2, sample=False)


@pytest.mark.parametrize("missing", range(len(WORDS)))
def test_no_word_may_be_missing(missing: int) -> None:
    assert not is_back("".join(WORDS[:missing] + WORDS[missing + 1 :]), NUMBER, 1, 2, sample=False)


@given(st.integers(0, len(TEXT)), st.sampled_from(["山田 太郎", "太", "1", ".", NUMBER, "偽造"]))
def test_no_letter_may_be_added_anywhere(at: int, words: str) -> None:
    assert not is_back(TEXT[:at] + words + TEXT[at:], NUMBER, 1, 2, sample=False)


@given(st.permutations(WORDS), st.sampled_from(["", " ", "\r\n", "\u3000"]))
def test_the_order_in_which_a_reader_finds_the_words_is_free(words: list[str], between: str) -> None:
    assert is_back(between.join(words), NUMBER, 1, 2, sample=False)

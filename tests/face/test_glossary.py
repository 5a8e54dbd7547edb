"""One term a concept and language (docs/glossary.md), and each language written with its own marks."""

import re
import tomllib
from collections.abc import Iterator

import pytest

from daemon.face.texts import LANGUAGES, placeholders
from tests.face.test_texts import TEXTS
from tests.layout import ROOT

SHORTER = {
    ("menu.register.desc", "交付サービス"),  # the screen's only service
    ("menu.register.note1", "戸籍証明書"),  # the button beside it names them
    ("err.reg_needed", "戸籍証明書"),
}
"""Where the other languages leave a term out, because what it names stands beside it."""
QUOTES = {
    "ja": ("「", "」"),
    "en": ("“", "”"),
    "ko": ("‘", "’"),
    "zh-Hans": ("“", "”"),
    "zh-Hant": ("「", "」"),
    "es": ("«", "»"),
    "pt": ("“", "”"),
}
EVERY_QUOTE = frozenset("\"'『』").union(*QUOTES.values())
WITHOUT_BUTTON_BRACKETS = ("ja", "zh-Hans", "zh-Hant")
CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff]")
HANGUL = re.compile("[\uac00-\ud7a3]")


def texts(language: str) -> dict[str, str]:
    """Everything but the languages' own names."""
    return {key: TEXTS(language)._texts[key] for key in TEXTS.keys if key != "lang.names"}


def citizens(language: str) -> dict[str, str]:
    """What the fault catalogue tells the citizen."""
    catalogue = tomllib.loads((ROOT / "assets" / "faults.toml").read_text("utf-8"))
    return {code: fault["citizen"][language] for code, fault in catalogue.items()}


def terms() -> list[dict[str, list[str]]]:
    """Of each row: language → the term's forms."""
    lines = (ROOT / "docs" / "glossary.md").read_text("utf-8").splitlines()
    start = next(at for at, line in enumerate(lines) if line.startswith("| 日本語"))
    rows = []
    for line in lines[start + 2 :]:
        if not line.startswith("|"):
            break
        cells = [cell.strip().split(" / ") for cell in line.strip("|").split("|")]
        rows.append(dict(zip(LANGUAGES, cells, strict=True)))
    return rows


TERMS = terms()


def missing(language: str) -> Iterator[str]:
    """Longer terms come first in the table: 住民票記載事項証明書 is not 住民票."""
    translated = texts(language)
    for key, japanese in texts("ja").items():
        rest = japanese
        for term in TERMS:
            (wanted,) = term["ja"]
            if wanted not in rest:
                continue
            rest = rest.replace(wanted, "")
            has = any(form.lower() in translated[key].lower() for form in term[language])
            if not has and (key, wanted) not in SHORTER:
                yield f"{key}: {wanted} is not {' / '.join(term[language])}: {translated[key]}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_text_uses_the_term_of_the_glossary(language: str) -> None:
    assert not list(missing(language))


def test_every_term_of_the_glossary_is_used() -> None:
    everything = "\n".join([*texts("ja").values(), *citizens("ja").values()])
    assert not [term["ja"] for term in TERMS if term["ja"][0] not in everything]


@pytest.mark.parametrize("language", LANGUAGES)
def test_quotation_marks_are_the_language_s_own_and_come_in_pairs(language: str) -> None:
    opening, closing = QUOTES[language]
    for key, text in (texts(language) | citizens(language)).items():
        plain = re.sub(r"(?<=\w)'(?=s\b)", "", text)  # your card's
        assert not set(plain) & EVERY_QUOTE - {opening, closing}, (key, text)
        marks = "".join(char for char in text if char in (opening, closing))
        assert marks == (opening + closing) * (len(marks) // 2), (key, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_button_is_called_what_is_written_on_it(language: str) -> None:
    """In a prompt the button's own word stands in the marks of this language."""
    left, right = QUOTES[language] if language in WITHOUT_BUTTON_BRACKETS else ("[", "]")
    say = TEXTS(language)
    for key, button in (
        ("confirm.prompt", "btn.confirm"),
        ("confirm.prompt", "btn.back"),
        ("copies.prompt", "btn.confirm"),
        ("muni.prompt", "btn.confirm"),
        ("refund.offer", "btn.refund"),
    ):
        assert f"{left}{say(button)}{right}" in say(key)
    for key in ("err.reg_same", "err.reg_done", "reg.ready"):
        choice = say("muni.own" if key == "err.reg_same" else "muni.other")
        quoted = QUOTES[language][0] + re.split(r"\s*[(（]", choice)[0] + QUOTES[language][1]
        assert quoted in say._texts[key]


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_chinese_has_full_width_marks(language: str) -> None:
    for key, text in (texts(language) | citizens(language)).items():
        assert not re.search(r"[(),;:?!~]|\.(?!\d)", text), (key, text)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_ends_as_in_its_language(language: str) -> None:
    """Where the Japanese is a sentence, the others are; where it is a label, they are too."""
    full = "。" if language in WITHOUT_BUTTON_BRACKETS else "."
    for key, japanese in texts("ja").items():
        text = texts(language)[key]
        if japanese.endswith("。"):
            assert text.endswith(full), (key, text)
        elif japanese[-1].isalnum() and not key.startswith("err."):
            assert not text.endswith(("。", ".")), (key, text)


def test_spanish_opens_its_questions_and_exclamations() -> None:
    for key, text in (texts("es") | citizens("es")).items():
        assert (text.count("¿"), text.count("¡")) == (text.count("?"), text.count("!")), (key, text)


@pytest.mark.parametrize("language", ["en", "es", "pt"])
def test_nothing_of_another_script_is_left_in_latin_languages(language: str) -> None:
    for key, text in (texts(language) | citizens(language)).items():
        assert not (CJK.search(text) or HANGUL.search(text)), (key, text)


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "ja"])
def test_no_hangul_and_no_kana_where_they_do_not_belong(language: str) -> None:
    for key, text in (texts(language) | citizens(language)).items():
        assert not HANGUL.search(text), (key, text)
        assert language == "ja" or key == "say.language" or not re.search("[\u3040-\u30fa]", text), (
            key,
            text,
        )


def test_the_fault_catalogue_s_citizen_texts_have_no_placeholders() -> None:
    """They stand on the screen as they are."""
    for language in LANGUAGES:
        assert not [code for code, text in citizens(language).items() if placeholders(text)]

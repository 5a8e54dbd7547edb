"""The texts: complete in seven languages, the seeds' Japanese to the letter."""

import json
from collections.abc import Mapping
from pathlib import Path

import pytest

from daemon.face.fonts import Font, Fonts
from daemon.face.texts import LANGUAGES, Texts, TextsError, placeholders

ROOT = Path(__file__).parents[2]
TEXTS = Texts.load(ROOT / "assets" / "texts")
GIVEN = json.loads((ROOT / "tests" / "data" / "texts.json").read_text("utf-8"))["strings"]
VERBATIM = [key for key, entry in GIVEN.items() if "verbatim" in entry["_src"]]


def tables(**changes: Mapping[str, str | None]) -> dict[str, dict[str, str]]:
    """Seven small files, one of them changed (None: the key is left out)."""
    full = {language: {"a": f"{language} {{n}}", "b": "x"} for language in LANGUAGES}
    for language, change in changes.items():
        for key, text in change.items():
            full[language].pop(key, None)
            if text is not None:
                full[language][key] = text
    return full


@pytest.mark.parametrize("key", VERBATIM)
def test_japanese_from_the_seeds_is_verbatim(key: str) -> None:
    assert TEXTS("ja")._texts[key] == GIVEN[key]["ja"]


def test_the_five_errors_are_verbatim() -> None:
    say = TEXTS("ja")
    assert say("err.card") == "ご利用いただけないカードです。市区町村にお問合せください。"
    assert say("err.underage") == "※15歳未満の方はコンビニ交付サービスを利用できません。"
    assert say("err.pin_wrong") == "暗証番号が間違っております。"
    assert (
        say("err.pin_locked") == "暗証番号ロック中のため、ご利用いただけません。市区町村へお問合せください。"
    )
    assert say("err.maintenance", pref="富山県", city="高岡市", month=4, day=1, hour=5) == (
        "富山県高岡市は4月1日5時までメンテナンス中のため、サービスをご利用いただけません。"
        "市区町村にお問合せください。"
    )
    assert say("err.timeout") == "無操作タイムアウトにより処理を終了します。"


@pytest.mark.parametrize(
    ("language", "part"),
    [
        ("en", "September 28,"),
        ("es", "28 de septiembre"),
        ("pt", "28 de setembro"),
        ("ko", "9월 28일"),
        ("zh-Hans", "9月28日"),
    ],
)
def test_months_are_written_as_the_language_writes_them(language: str, part: str) -> None:
    text = TEXTS.text("err.maintenance", language, pref="P", city="C", month=9, day=28, hour=12)
    assert part in text
    assert "{" not in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_character_has_a_glyph(language: str) -> None:
    fonts, missing = Fonts(), set()
    for key in TEXTS.keys:
        for char in TEXTS(language)._texts[key]:
            missing |= {
                (key, char) for bold in (True, False) if not fonts.has(char, Font(32, bold, language))
            }
    assert not missing


def test_before_payment_nobody_is_promised_money_back() -> None:
    for key in ("err.integrity_free", "err.center", "err.printer"):
        assert "料金はいただいておりません。" in TEXTS("ja")(key)


def test_a_speech_knows_its_language() -> None:
    assert [TEXTS(language).language for language in LANGUAGES] == list(LANGUAGES)
    assert Texts(tables()).text("a", "pt", n=3) == "pt 3"


def test_a_forgotten_value_is_an_error_not_a_brace_on_the_screen() -> None:
    with pytest.raises(KeyError):
        Texts(tables()).text("a", "ja")


@pytest.mark.parametrize(
    ("language", "change", "message"),
    [
        ("ko", {"b": None}, r"ko\.toml: b is missing \(ja: x\)"),
        ("es", {"c": "more"}, r"es\.toml: c is not in ja\.toml"),
        ("pt", {"a": "no number"}, r"pt\.toml: a: has the placeholders \[\], ja\.toml has \['n'\]"),
        ("en", {"a": "{n} of {k}"}, r"en\.toml: a: has the placeholders \['k', 'n'\]"),
        ("ko", {"b": " "}, r"ko\.toml: b is empty"),
        ("en", {"b": "a { alone"}, r"en\.toml: b: .*a brace itself is written twice"),
    ],
)
def test_languages_that_differ_are_refused(
    language: str, change: Mapping[str, str | None], message: str
) -> None:
    with pytest.raises(TextsError, match=message):
        Texts(tables(**{language: change}))


def test_a_missing_language_is_named() -> None:
    with pytest.raises(TextsError, match="no texts at all in ko"):
        Texts({language: table for language, table in tables().items() if language != "ko"})


@pytest.mark.parametrize(
    ("content", "message"),
    [("a = ", "ja.toml: not TOML"), ('[menu]\ntitle = "x"', 'a key is written flat, "menu.')],
)
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, content: str, message: str) -> None:
    (tmp_path / "ja.toml").write_text(content, "utf-8")
    with pytest.raises(TextsError) as caught:
        Texts.load(tmp_path)
    assert message in str(caught.value)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(TextsError, match=r"ja\.toml: No such file"):
        Texts.load(tmp_path)


def test_placeholders_are_the_names_in_braces() -> None:
    assert placeholders("{n} of {k}, {{x}}") == {"n", "k"}

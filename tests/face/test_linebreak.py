"""Lines end where a reader would take a breath, and no text is ever lost."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.face.linebreak import NEVER_FIRST, NEVER_LAST, pieces_of, widest, wrap
from daemon.face.texts import LANGUAGES, Texts
from daemon.face.words import SIMPLIFIED, TRADITIONAL
from tests.layout import ROOT

LOOSE = 6
"""Characters in a row that are in no word of the list."""
PROMPT = "必要な証明書を選択して「確定する」ボタンを押してください。"


def measure(text: str) -> float:
    return sum(1 if char < "\u0250" else 2 for char in text)


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        (PROMPT, "必要な|証明書を|選択して|「確定する」ボタンを|押してください。"),
        ("係員へお申し出ください。", "係員へ|お申し出ください。"),
        ("ご利用いただけないカードです。", "ご利用いただけない|カードです。"),
        ("あなたのお住まいの市区町村", "あなたの|お住まいの|市区町村"),
        ("メンテナンス中のため", "メンテナンス中のため"),
        ("最初からやり直してください。", "最初からやり直してください。"),
        ("つり銭が不足しています。", "つり銭が|不足しています。"),
        ("お支払いになったお金をお返しします。", "お支払いになった|お金を|お返しします。"),
        ("お預かりの番号をお伝えください。", "お預かりの|番号を|お伝えください。"),
    ],
)
def test_japanese_breaks_where_a_phrase_begins(text: str, pieces: str) -> None:
    assert "|".join(pieces_of(text, "ja", whole=True)) == pieces


def test_korean_and_latin_break_at_spaces_only() -> None:
    assert pieces_of("카드를 꺼내면", "ko") == ["카드를 ", "꺼내면"]
    assert pieces_of("pulse [Confirmar].", "es") == ["pulse ", "[Confirmar]."]


def test_chinese_breaks_between_words_and_keeps_numbers_whole() -> None:
    assert pieces_of("请输入10份。", "zh-Hans") == ["请", "输入", "10份。"]
    assert pieces_of("然後按「確定」按鈕。", "zh-Hant") == ["然後", "按", "「確", "定」", "按鈕。"]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("请输入所需份数，然后按“确定”按钮。", 26, ("请输入所需份数，", "然后按“确定”按钮。")),
        ("您忘记取走个人编号卡。请取走卡片。", 24, ("您忘记取走个人编号卡。", "请取走卡片。")),
        ("所得及課稅證明書", 10, ("所得及課稅", "證明書")),
        ("其他市区町村的证明书（现居住地以外）", 30, ("其他市区町村的证明书", "（现居住地以外）")),
    ],
)
def test_a_chinese_line_ends_after_a_clause_or_at_least_a_word(
    text: str, width: int, lines: tuple[str, ...]
) -> None:
    assert wrap(text, width, measure, "zh-Hant" if "證" in text else "zh-Hans") == lines


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant"])
def test_our_chinese_texts_are_made_of_words_that_are_known(language: str) -> None:
    """Of a new text the words belong into the list; single characters (的, 请, 您) need none."""
    texts = Texts.load(ROOT / "assets" / "texts")
    known = set(SIMPLIFIED.split() if language == "zh-Hans" else TRADITIONAL.split())
    for key in texts.keys:
        if key in ("lang.names", "demo") or key.startswith(("digit.", "month.", "access.", "say.")):
            continue
        text = re.sub(r"\{\w+\}", "", texts(language)._texts[key])
        runs = re.findall(
            "[\u4e00-\u9fff]+", re.sub("|".join(sorted(known, key=len, reverse=True)), "，", text)
        )
        assert not [run for run in runs if len(run) > LOOSE], (key, runs)


@pytest.mark.parametrize(
    ("text", "language", "pieces"),
    [
        ("menores de 15 años no", "es", "menores |de |15 años |no"),
        ("until 5:00 on April 1", "en", "until |5:00 on |April |1"),
        ("숫자 4 자리 비밀번호", "ko", "숫자 |4 자리 |비밀번호"),
        ("※ 戸籍証明書", "ja", "※ 戸籍証明書"),
        ("* The application", "en", "* The |application"),
        ("富山県高岡市は4月1日5時まで", "ja", "富山県高岡市は|4月1日5時まで"),
        ("至9月28日12时为止", "zh-Hans", "至|9月28日12时|为止"),
        ("高岡市은(는) 9월 28일 12시까지", "ko", "高岡市은(는) |9월 28일 12시까지"),
        ("広小路7-50 伏木湊町", "es", "広小路7-50 |伏木湊町"),
    ],
)
def test_a_number_keeps_its_unit_and_a_note_its_mark(text: str, language: str, pieces: str) -> None:
    assert "|".join(pieces_of(text, language)) == pieces


@pytest.mark.parametrize("language", ["en", "ko", "es", "pt"])
def test_a_list_of_japanese_names_breaks_between_them(language: str) -> None:
    names = "Tarjetas: たかおか市民カード、住民基本台帳カード"
    assert pieces_of(names, language) == ["Tarjetas: ", "たかおか市民カード、", "住民基本台帳カード"]


@pytest.mark.parametrize(
    ("text", "width", "lines"),
    [
        ("¿Verdad?", 4, ("¿Ver", "dad?")),
        ("abc¿Verdad?", 4, ("abc", "¿Ver", "dad?")),
        ("abcd, efgh", 4, ("abc", "d,", "efgh")),
    ],
)
def test_a_cut_word_leaves_no_mark_alone(text: str, width: int, lines: tuple[str, ...]) -> None:
    assert wrap(text, width, measure, "es") == lines


def test_lines_are_about_equally_long() -> None:
    assert wrap(PROMPT, 50, measure, "ja") == (
        "必要な証明書を選択して",
        "「確定する」ボタンを押してください。",
    )


def test_a_sentence_begins_a_line_where_that_costs_none() -> None:
    text = "つり銭が不足しています。ちょうどの金額でお支払いください。"
    assert wrap(text, 44, measure, "ja") == ("つり銭が不足しています。", "ちょうどの金額でお支払いください。")


def test_a_remark_in_brackets_begins_a_line_where_that_costs_none() -> None:
    text = "他市区町村の証明書(お住まいの市区町村以外の証明書)"
    assert wrap(text, 44, measure, "ja") == ("他市区町村の証明書", "(お住まいの市区町村以外の証明書)")


def test_a_list_begins_a_line_where_that_costs_none() -> None:
    text = "これらのカードではご利用できません：たかおか市民カード、通知カード"
    assert wrap(text, 44, measure, "ja") == (
        "これらのカードではご利用できません：",
        "たかおか市民カード、通知カード",
    )


def test_a_newline_ends_a_line_also_an_empty_one() -> None:
    assert wrap("a\n\nb", 10, measure, "en") == ("a", "", "b")
    assert wrap("", 10, measure, "en") == ("",)


def test_a_word_too_long_for_the_line_is_cut_not_lost() -> None:
    assert wrap("Servicios", 4, measure, "es") == ("Serv", "icio", "s")
    assert widest("Servicios de", measure, "es") == 9


texts = st.text(st.sampled_from("お支払いカード中証明書、。「」(){}ab1 é\n한국어～ー%¿»…※*"), max_size=60)


@given(text=texts, width=st.integers(6, 60), language=st.sampled_from(LANGUAGES))
def test_nothing_is_lost_and_nothing_is_too_wide(text: str, width: int, language: str) -> None:
    lines = wrap(text, width, measure, language)
    assert "".join("".join(lines).split()) == "".join(text.split())
    assert all(measure(line) <= width for line in lines)


@given(text=texts, language=st.sampled_from(("ja", "zh-Hans")))
def test_no_piece_begins_with_a_closing_mark_or_ends_with_an_opening_one(text: str, language: str) -> None:
    pieces = pieces_of(text.replace("\n", ""), language)
    assert all(piece[0] not in NEVER_FIRST for piece in pieces[1:])
    assert all(piece[-1] not in NEVER_LAST for piece in pieces[:-1])

"""The screens against REQUIREMENTS §1: the button rows of 2 and 4-11 are the seed's, to the letter."""

from collections.abc import Iterable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.face.texts import Texts
from daemon.issuance.messages import Offer, Person
from daemon.session import screens
from daemon.session.screens import Say, Wish
from daemon.session.widgets import Choices, Field, Keypad, Rows, Screen, Table, Text, buttons
from tests.session.stage import ASSETS, StubSay

TAROU = Person("h1", "山田 太郎")
JUMINHYO = Offer(
    "juminhyo",
    fee=200,
    max_copies=10,
    scopes=("self", "all", "part"),
    items=("head", "honseki", "mynumber"),
    persons=(TAROU, Person("h2", "山田 花子")),
)
INKAN = Offer("inkan", fee=200, max_copies=10, persons=(TAROU,))
WISH = Wish(JUMINHYO, "self", frozenset({"mynumber"}), "3")
JAPANESE = Texts.load(ASSETS / "texts")("ja")
STUB = StubSay()


def exact(say: Say) -> dict[int, Screen]:
    """The screens of the seed's manual, as they are when something is chosen."""
    return {
        2: screens.services(say),
        4: screens.municipality(say, "residence"),
        5: screens.pin(say, 0, 3, wrong=False),
        6: screens.removal(say),
        7: screens.certificate(say, [JUMINHYO, INKAN], "juminhyo"),
        8: screens.scope(say, JUMINHYO, "self"),
        9: screens.items(say, JUMINHYO, frozenset()),
        10: screens.copies(say, "1", 10, over=False),
        11: screens.confirm(say, JUMINHYO, WISH, [TAROU]),
    }


ROWS = {
    2: ["終了"],
    4: ["終了する", "確定する"],
    5: ["終了する", "前画面へ"],
    6: ["中止する"],
    7: ["終了する", "確定する"],
    8: ["終了する", "前画面へ", "確定する"],
    9: ["終了する", "前画面へ", "確定する"],
    10: ["終了する", "前画面へ", "確定する"],
    11: ["終了する", "前画面へ", "確定する"],
}
PROMPTS = {
    2: "メニューを選択してください。",
    4: "必要な証明書を選択して「確定する」ボタンを押してください。",
    5: "暗証番号を入力してください。",
    6: "カードを取り外すと、次の画面に進みます。",
    7: "必要な証明書を選択して「確定する」ボタンを押してください。",
    8: "交付種別を選択して「確定する」ボタンを押してください。",
    9: "証明書の記載項目を選択して「確定する」ボタンを押してください。",
    10: "必要な部数を入力し、「確定する」ボタンを押してください。",
    11: "発行内容を確認して「確定する」ボタンを押してください。"
    "訂正を行う場合は「前画面へ」ボタンを押してください。",
}


@pytest.mark.parametrize("number", ROWS)
def test_the_button_row_is_exactly_the_seeds(number: int) -> None:
    assert [button.text for button in exact(JAPANESE)[number].buttons] == ROWS[number]


@pytest.mark.parametrize("number", PROMPTS)
def test_the_prompt_is_the_seeds(number: int) -> None:
    assert exact(JAPANESE)[number].prompt.replace("\n", "") == PROMPTS[number]


@pytest.mark.parametrize("number", ROWS)
def test_screens_from_4_on_have_the_services_title(number: int) -> None:
    assert exact(JAPANESE)[number].title == ("行政サービス" if number == 2 else "証明書交付サービス")


@pytest.mark.parametrize("number", ROWS)
def test_seven_languages_stand_on_4_and_6_and_nowhere_else(number: int) -> None:
    names = [button.text for button in exact(JAPANESE)[number].languages]
    seven = ["日本語", "English", "한국어", "中文(简体字)", "中文(繁體字)", "Español", "Português"]
    assert names == (seven if number in (4, 6) else [])


@pytest.mark.parametrize("language", screens.LANGUAGES)
def test_the_language_spoken_is_the_one_that_is_marked(language: str) -> None:
    screen = screens.municipality(StubSay(language), None)
    assert [button.id for button in screen.languages if button.chosen] == [f"language.{language}"]
    assert screen.language == language


@pytest.mark.parametrize("number", ROWS)
def test_no_button_stands_twice_on_a_screen(number: int) -> None:
    ids = [button.id for button in buttons(exact(STUB)[number])]
    assert len(ids) == len(set(ids))


@pytest.mark.parametrize("number", ROWS)
def test_no_id_of_a_button_names_a_person(number: int) -> None:
    assert not [button.id for button in buttons(exact(STUB)[number]) if "山田" in button.id]


# ---------------------------------------------------------------- 4, 7, 8: choose, then confirm


@pytest.mark.parametrize(
    "screen",
    [
        screens.municipality(STUB, None),
        screens.certificate(STUB, [JUMINHYO], None),
        screens.scope(STUB, JUMINHYO, None),
        screens.persons(STUB, JUMINHYO, frozenset()),
        screens.copies(STUB, "", 10, over=False),
    ],
    ids=lambda screen: screen.name,
)
def test_nothing_chosen_nothing_to_confirm(screen: Screen) -> None:
    assert [button.id for button in screen.buttons if not button.enabled] == ["confirm"]


@pytest.mark.parametrize("number", ROWS)
def test_once_something_is_chosen_every_button_works(number: int) -> None:
    assert all(button.enabled for button in buttons(exact(STUB)[number]))


def options(screen: Screen) -> dict[str, bool]:
    return {b.id: b.chosen for widget in screen.body if isinstance(widget, Choices) for b in widget.buttons}


def test_the_choice_is_marked_and_nothing_else() -> None:
    every = exact(STUB)
    assert options(every[4]) == {"own": True, "other": False}
    assert options(every[7]) == {"kind.juminhyo": True, "kind.inkan": False}
    assert options(every[8]) == {"scope.self": True, "scope.all": False, "scope.part": False}


def test_7_lists_only_what_is_offered_in_the_order_of_the_offers() -> None:
    assert list(options(screens.certificate(STUB, [INKAN, JUMINHYO], None))) == [
        "kind.inkan",
        "kind.juminhyo",
    ]


def test_a_notice_that_several_kinds_have_stands_once_on_7() -> None:
    both = [Offer(kind, 200, 10, notices=("note.moved",)) for kind in ("koseki", "fuhyo")]
    screen = screens.certificate(STUB, both, None)
    assert screen.body[1:] == (Text("note.moved", "note"),)


# ---------------------------------------------------------------- 8: the names of 世帯の一部


def test_the_names_have_the_buttons_and_the_title_of_8() -> None:
    screen = screens.persons(JAPANESE, JUMINHYO, {"h1"})
    assert [button.text for button in screen.buttons] == ROWS[8]
    assert screen.title == "証明書交付サービス"
    assert screen.prompt.replace("\n", "") == "必要な方を選択して「確定する」ボタンを押してください。"
    assert screen.languages == ()


def test_any_of_the_names_may_be_chosen_and_no_id_says_one() -> None:
    assert options(screens.persons(STUB, JUMINHYO, frozenset())) == {"person.0": False, "person.1": False}
    assert options(screens.persons(STUB, JUMINHYO, {"h2"})) == {"person.0": False, "person.1": True}
    both = screens.persons(STUB, JUMINHYO, {"h1", "h2"})
    assert options(both) == {"person.0": True, "person.1": True}
    assert all(button.enabled for button in buttons(both))
    assert [b.text for w in both.body if isinstance(w, Choices) for b in w.buttons] == [
        "山田 太郎",
        "山田 花子",
    ]


# ---------------------------------------------------------------- 5: the PIN


def pin_field(screen: Screen) -> Field:
    (field,) = [widget for widget in screen.body if isinstance(widget, Field)]
    return field


@pytest.mark.parametrize(("digits", "shown"), [(0, ""), (1, "*"), (3, "***")])
def test_the_pin_is_shown_as_asterisks(digits: int, shown: str) -> None:
    assert pin_field(screens.pin(STUB, digits, 3, wrong=False)).value == shown


@pytest.mark.parametrize(
    ("tries", "wrong", "alert"),
    [
        (3, False, ""),
        (None, False, ""),
        (2, True, "err.pin_wrong\npin.left n=2"),
        (1, True, "err.pin_wrong\npin.last"),
        (None, True, "err.pin_wrong"),
        (1, False, "pin.last"),
    ],
)
def test_e2_and_the_tries_that_are_left_stand_on_5(tries: int | None, wrong: bool, alert: str) -> None:
    assert pin_field(screens.pin(STUB, 0, tries, wrong)).alert == alert


@pytest.mark.parametrize("number", [5, 10])
def test_pin_and_copies_have_the_keypad_with_correction(number: int) -> None:
    assert Keypad("訂正") in exact(JAPANESE)[number].body


# ---------------------------------------------------------------- 9: items


def rows(screen: Screen) -> dict[str, str]:
    """Label → the answer that is marked."""
    (table,) = [widget for widget in screen.body if isinstance(widget, Rows)]
    marked = {}
    for row in table.rows:
        (answer,) = [button.text for button in (row.yes, row.no) if button.chosen]
        marked[row.label] = answer
    return marked


def test_9_asks_for_three_items_and_each_is_no_by_default() -> None:
    assert rows(screens.items(JAPANESE, JUMINHYO, frozenset())) == {
        "世帯主・続柄の記載": "無",
        "本籍地・筆頭者の記載": "無",
        "個人番号の記載": "無",
    }


def test_9_marks_what_was_chosen() -> None:
    assert rows(screens.items(STUB, JUMINHYO, frozenset({"honseki"}))) == {
        "items.head": "items.no",
        "items.honseki": "items.yes",
        "items.mynumber": "items.no",
    }


# ---------------------------------------------------------------- 10: copies


def type_keys(keys: Iterable[str], maximum: int = 10) -> tuple[str, bool]:
    """What stands in the field that started at 1, and whether the hint does."""
    value, fresh, hint = "1", True, False
    for key in keys:
        value, hint = screens.typed(value, key, maximum, fresh)
        fresh = fresh and hint
    return value, hint


def test_copies_start_at_one() -> None:
    assert Wish().copies == "1"
    assert Wish().number == 1


@pytest.mark.parametrize(
    ("keys", "value", "hint"),
    [
        ("3", "3", False),
        ("1", "1", False),
        ("10", "10", False),
        ("0", "1", True),
        ("03", "3", False),
        ("11", "1", True),
        ("110", "10", False),
        ("100", "10", True),
        ("25", "2", True),
        ("9", "9", False),
    ],
)
def test_the_first_digit_replaces_the_one_and_what_does_not_fit_is_ignored(
    keys: str, value: str, hint: bool
) -> None:
    assert type_keys(keys) == (value, hint)


def test_a_smaller_maximum_holds_for_the_first_digit_too() -> None:
    assert type_keys("7", maximum=5) == ("1", True)


@given(st.text("0123456789", max_size=6), st.integers(1, 10))
def test_whatever_is_typed_the_number_of_copies_is_allowed(keys: str, maximum: int) -> None:
    value, _ = type_keys(keys, maximum)
    assert 1 <= int(value) <= maximum
    assert not value.startswith("0")


def test_the_maximum_always_stands_under_the_field_and_the_hint_only_when_it_was_exceeded() -> None:
    plain, over = (pin_field(screens.copies(STUB, "1", 10, hint)) for hint in (False, True))
    assert (plain.hint, plain.alert) == ("copies.max n=10", "")
    assert (over.hint, over.alert) == ("copies.max n=10", "copies.over n=10")


# ---------------------------------------------------------------- 11: everything once more


def table(screen: Screen) -> Table:
    (found,) = [widget for widget in screen.body if isinstance(widget, Table)]
    return found


def test_11_shows_the_seeds_example() -> None:
    shown = table(screens.confirm(JAPANESE, JUMINHYO, WISH, [TAROU]))
    assert shown.rows == (
        ("証明書種別", "住民票の写し"),
        ("必要部数", "3部"),
        ("手数料", "600円"),
        ("証明書の必要な方", "山田 太郎"),
    )
    assert [answer for _, answer in shown.across] == ["無", "無", "有"]


def test_11_names_everybody_the_certificate_is_for() -> None:
    screen = screens.confirm(STUB, JUMINHYO, WISH, JUMINHYO.persons)
    assert table(screen).rows[-1][1] == "山田 太郎\n山田 花子"


def test_11_has_no_items_where_there_were_none_to_choose() -> None:
    assert table(screens.confirm(STUB, INKAN, Wish(INKAN), [TAROU])).across == ()

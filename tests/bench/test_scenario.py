"""A story as a script: what it may say, and what is refused with its step, its key and what is possible."""

from dataclasses import replace
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.bench.scenario import (
    ACTS,
    TOLD,
    WAITS,
    Expectation,
    Kiosk,
    Scenario,
    ScenarioError,
    Step,
    load_scenario,
)
from daemon.bench.setup import DEFAULT, Given, Setup, parse_moment
from tests.layout import ROOT

SCRIPTS = sorted((ROOT / "scenarios").glob("*.toml"))
STORY = """\
title = "a story"
[setup]
at = "2028-02-29 10:00"
idle = 3
hoppers = { 100 = 1 }
[expect]
ended = "complete"
delivered = 1
kept = 200
events = ["pin.wrong"]
[[step]]
see = "start"
press = ["services", "issue"]
[[step]]
see = "pin"
pin = "right"
within = 5
[[step]]
tap = true
[[step]]
see = "payment"
insert = [100, 1000]
late = 0.5
"""
ANY_ACT = (
    "one of press, place, pin, insert, take, lever, door, key, fault, mend, jam, paper, power, resolve, "
    "publish"
)


def script(folder: Path, text: str) -> Path:
    path = folder / "story.toml"
    path.write_text(text, "utf-8")
    return path


def refusal(folder: Path, old: str, new: str) -> str:
    """What is said of the story with this change, without the file's name, which it must begin with."""
    assert old in STORY
    path = script(folder, STORY.replace(old, new, 1))
    with pytest.raises(ScenarioError) as refused:
        load_scenario(path)
    assert str(refused.value).startswith(f"{path}: ")
    return str(refused.value).removeprefix(f"{path}: ")


@pytest.mark.parametrize("path", SCRIPTS, ids=lambda path: path.stem)
def test_a_script_of_the_repository_can_be_played_and_says_what_it_proves(path: Path) -> None:
    assert load_scenario(path).title
    assert path.read_text("utf-8").startswith("# ")


def test_a_script_is_read_as_it_is_written(tmp_path: Path) -> None:
    assert load_scenario(script(tmp_path, STORY)) == Scenario(
        "a story",
        Expectation("complete", 1, 200, events=("pin.wrong",)),
        (
            Step(see="start", press=("services", "issue")),
            Step(see="pin", pin="right", within=5),
            Step(tap=True),
            Step(see="payment", insert=(100, 1000), late=0.5),
        ),
        Kiosk(at="2028-02-29 10:00", idle=3, hoppers={"100": 1}),
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "a story"', "", "needs title"),
        ("ended", "finished", "[expect] there is no finished, only: ended, delivered, kept, claims"),
        ("kept = 200", 'kept = "200"', "[expect] kept: Expected `int`"),
        ("pin.wrong", "pin.false", "[expect] events: there is no 'pin.false', only: boot.started, "),
        ('"pin.wrong"]', ']\ncases = ["doubt"]', "[expect] cases: there is no 'doubt', only: in-doubt, "),
        ('at = "2028-02-29 10:00"', 'at = "tomorrow"', "[setup] 'tomorrow': a moment like 2028-02-29 10:00"),
        ("100 = 1", "20 = 1", "[setup] hoppers: there is none for '20', only: 10, 50, 100, 500"),
        ("idle = 3", 'municipality = "131016"', "[setup] municipality: there is no '131016', only: 162027"),
        ("idle = 3", "idel = 3", "[setup] there is no idel, only: municipality, at, idle, attendant"),
        ('pin = "right"', 'pim = "right"', "[step 2] there is no pim, only: see, hear, event, until, wait"),
        ('"issue"', "1", "[step 1] press 2: Expected `str`"),
        ('pin = "right"', 'take = "everything"', "[step 2] take: Invalid enum value 'everything'"),
        ('pin = "right"', 'place = "nobody"', "[step 2] place: there is no 'nobody', only: taro, hanako"),
        ('pin = "right"', 'fault = "jam"', "[step 2] fault: there is no 'jam', only: card.reader-absent"),
        ('pin = "right"', 'mend = "jam"', "[step 2] mend: there is no 'jam', only: card.reader-absent"),
        ('pin = "right"', 'resolve = "all"', "[step 2] resolve: there is no 'all', only: in-doubt"),
        ('pin = "right"', 'resolve = "in-doubt"', '[step 2] tray: belongs to resolve = "in-doubt"'),
        ('pin = "right"', 'resolve = "crash"\ntray = "missing"', "[step 2] tray: belongs to resolve"),
        ('pin = "right"', 'tray = "missing"', "[step 2] tray: belongs to resolve"),
        ('pin = "right"', "late = 1", "[step 2] late: says how late what is inserted drops"),
        ('pin = "right"', "insert = [20]", "[step 2] insert: there is no 20, only: 10, 50, 100, 500, 1000"),
        ('see = "pin"', 'see = "pim"', "[step 2] see: there is no 'pim', only: start, services, card"),
        ('see = "pin"', 'hear = "hello"', "[step 2] hear: there is no 'hello', only: "),
        ('see = "pin"', 'event = "money"', "[step 2] event: there is no 'money', only: boot.started"),
        ('see = "pin"', 'until = "soon"', "[step 2] 'soon': a time like 23:00 is meant"),
        ('"services"', '"issue"', "[step 1] press: there is no 'issue', only: services"),
        ('"issue"', '"isue"', "[step 1] press: there is no 'isue', only: "),
        ("within = 5", "within = 0", "[step 2] within = 0.0: seconds"),
        ("within = 5", "within = nan", "[step 2] within = nan: seconds"),
        ("late = 0.5", "late = -1", "[step 4] late = -1.0: seconds"),
        ("within = 5", "wait = inf", "[step 2] wait = inf: seconds"),
        ('pin = "right"', "jam = -1", "[step 2] jam = -1: a number of sheets is meant"),
        ('pin = "right"', "paper = -1", "[step 2] paper = -1: a number of sheets is meant"),
        ("tap = true", "", f"[step 3] {ANY_ACT}, or only see, hear, event, until, wait or tap"),
        ('pin = "right"', 'pin = "right"\nplace = "taro"', f"[step 2] {ANY_ACT}, or only see"),
        ("[[step]]", "[[step", "not TOML in UTF-8: "),
    ],
)
def test_what_cannot_be_played_is_told_with_its_step_and_key(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert refusal(tmp_path, old, new).startswith(said)


def test_a_script_that_is_not_there_is_told_with_where_they_lie(tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"none\.toml: No such file or directory; scripts lie in scenarios/"
    ):
        load_scenario(tmp_path / "none.toml")


def test_a_story_of_another_municipality_has_the_cards_of_its_residents(tmp_path: Path) -> None:
    there = STORY.replace("idle = 3", 'municipality = "012351"').replace('pin = "right"', 'place = "tome"')
    assert load_scenario(script(tmp_path, there)).step[1].place == "tome"
    path = script(tmp_path, there.replace("tome", "taro"))
    with pytest.raises(ScenarioError, match="place: there is no 'taro', only: daichi, miyuki"):
        load_scenario(path)


# ---------------------------------------------------------------- no PIN


@pytest.mark.parametrize("typed", ["1234", "0000", "１２３４"])
def test_the_digits_of_a_pin_are_no_value_of_pin(tmp_path: Path, typed: str) -> None:
    assert refusal(tmp_path, '"right"', f'"{typed}"').startswith("[step 2] pin: Invalid enum value")


@pytest.mark.parametrize(
    "step", ['press = ["key.1"]', 'press = ["back"]\n[[step]]\npress = ["own", "confirm", "key.1"]']
)
def test_no_key_of_the_pins_screen_is_pressed_by_name(tmp_path: Path, step: str) -> None:
    assert "no digit of a PIN stands in a script" in refusal(tmp_path, 'pin = "right"', step)


def test_the_keys_of_the_other_keypad_are(tmp_path: Path) -> None:
    other = STORY.replace('see = "pin"', 'see = "copies"').replace('pin = "right"', 'press = ["key.3"]')
    assert load_scenario(script(tmp_path, other)).step[1].press == ("key.3",)


# ---------------------------------------------------------------- what kind of kiosk

MOMENT = parse_moment("2028-02-29 10:00")


def test_a_script_says_what_kiosk_it_needs_and_leaves_the_rest(tmp_path: Path) -> None:
    said = load_scenario(script(tmp_path, STORY)).setup.over(DEFAULT)
    assert said == replace(DEFAULT, moment=MOMENT, idle=3, hoppers={100: 1})
    assert Kiosk().over(DEFAULT) == DEFAULT


def test_the_command_line_goes_before_the_script_and_that_before_the_default() -> None:
    story = Kiosk(municipality="012351", at="2028-02-29 10:00").over(DEFAULT)
    assert Given().over(story) == story
    assert Given().over() == DEFAULT
    later = parse_moment("2032-02-29 10:00")
    assert Given("162027", later, 0).over(story) == Setup("162027", later, 0)


# ---------------------------------------------------------------- one line for the log

ACT_OF = {
    "press": ("back", "confirm"),
    "place": "taro",
    "pin": "wrong",
    "insert": (100, 500),
    "take": "card",
    "lever": True,
    "door": "open",
    "key": "on",
    "fault": "document.jam",
    "mend": "document.jam",
    "jam": 4,
    "paper": 2,
    "power": "cut",
    "resolve": "void-sheets",
    "publish": "maintenance",
}


def test_every_word_is_told_in_its_own_words() -> None:
    assert set(ACT_OF) == set(TOLD) == set(ACTS)
    told = {word: msgspec.convert({word: value}, Step, strict=False).told() for word, value in ACT_OF.items()}
    assert all(told.values())
    assert len(set(told.values())) == len(told)


@given(
    st.sampled_from(["", "start"]), st.sampled_from(["", "pin.wrong"]), st.sampled_from(ACTS), st.booleans()
)
def test_what_a_step_does_is_told_on_one_line(see: str, event: str, word: str, tap: bool) -> None:
    step = msgspec.convert({"see": see, "event": event, word: ACT_OF[word], "tap": tap}, Step, strict=False)
    assert step.act == word
    assert len(step.told().split("; ")) == len(step.words) == 1 + bool(see) + bool(event) + tap
    assert "\n" not in step.told()


def test_a_step_is_told_in_the_order_it_happens() -> None:
    assert Step(see="payment", insert=(100, 500), tap=True).told() == "see payment; insert 100, 500 yen; tap"
    assert Step(insert=(50,), late=0.4).told() == "insert 50 yen, 0.4 s late"
    assert Step(place="taro").told() == "place card taro"
    assert Step(see="pin", pin="right").told() == "see pin; type the right PIN"
    assert Step(see="hold", wait=8, mend="document.jam").told() == "see hold; wait 8; mend document.jam"
    assert Step(resolve="in-doubt", tray="missing").told() == "staff resolve in-doubt missing"


def test_waits_and_acts_are_all_the_words_of_a_step_but_for_those_that_belong_to_one() -> None:
    belonging = {"late", "tray", "tap", "within"}
    assert {*WAITS, *ACTS} | belonging == set(Step.__struct_fields__)

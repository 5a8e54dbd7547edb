"""A story as a script: what it may say, what is refused with its step, and that a PIN is never told."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.bench.scenario import Expectation, Scenario, ScenarioError, Step, load_scenario
from tests.layout import ROOT

SCRIPTS = sorted((ROOT / "scenarios").glob("*.toml"))
STORY = """\
title = "a story"
[expect]
ended = "complete"
delivered = 1
kept = 200
[[step]]
see = "start"
press = ["services", "issue"]
[[step]]
see = "pin"
pin = "1234"
within = 5
[[step]]
tap = true
"""


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
def test_a_script_of_the_repository_can_be_played(path: Path) -> None:
    scenario = load_scenario(path)
    assert scenario.title
    assert scenario.step


def test_a_script_is_read_as_it_is_written(tmp_path: Path) -> None:
    assert load_scenario(script(tmp_path, STORY)) == Scenario(
        "a story",
        Expectation("complete", 1, 200),
        (
            Step(see="start", press=("services", "issue")),
            Step(see="pin", pin="1234", within=5),
            Step(tap=True),
        ),
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('title = "a story"', "", "needs title"),
        ("ended", "finished", "[expect] there is no finished, only: ended, delivered, kept"),
        ("kept = 200", 'kept = "200"', "[expect] kept: Expected `int`"),
        ('pin = "1234"', 'pim = "1234"', "[step 2] there is no pim, only: see, press, place, pin"),
        ('pin = "1234"', 'press = ["a", 1]', "[step 2] press 2: Expected `str`"),
        ('pin = "1234"', 'take = "everything"', "[step 2] take: Invalid enum value 'everything'"),
        ('pin = "1234"', 'pin = "123"', "[step 2] pin: four digits are meant"),
        ('pin = "1234"', 'pin = "１２３４"', "[step 2] pin: four digits are meant"),
        ("within = 5", "within = 0", "[step 2] within = 0.0: seconds"),
        ("within = 5", "within = nan", "[step 2] within = nan: seconds"),
        ("tap = true", "", "[step 3] one of press, place, pin, insert, take, or only see"),
        (
            'pin = "1234"',
            'pin = "1234"\nplace = "taro"',
            "[step 2] one of press, place, pin, insert, take, or only see",
        ),
        ("[[step]]", "[[step", "not TOML in UTF-8: "),
    ],
)
def test_what_cannot_be_played_is_told_with_its_step_and_key(
    tmp_path: Path, old: str, new: str, said: str
) -> None:
    assert refusal(tmp_path, old, new).startswith(said)


def test_a_wrong_pin_is_not_told_in_the_refusal(tmp_path: Path) -> None:
    assert "98765" not in refusal(tmp_path, "1234", "98765")


def test_a_script_that_is_not_there_is_told_with_where_they_lie(tmp_path: Path) -> None:
    with pytest.raises(
        ScenarioError, match=r"none\.toml: No such file or directory; scripts lie in scenarios/"
    ):
        load_scenario(tmp_path / "none.toml")


# ---------------------------------------------------------------- one line for the log

ACTS = st.one_of(
    st.fixed_dictionaries({"press": st.lists(st.sampled_from(["a", "b"]), max_size=3).map(tuple)}),
    st.fixed_dictionaries({"place": st.sampled_from(["", "taro"])}),
    st.fixed_dictionaries({"insert": st.lists(st.sampled_from([10, 500]), max_size=3).map(tuple)}),
    st.fixed_dictionaries({"take": st.sampled_from(["", "card", "paper"])}),
)


@given(st.from_regex(r"[0-9]{4}", fullmatch=True), st.sampled_from(["", "pin"]))
def test_a_pin_is_never_told(pin: str, see: str) -> None:
    told = Step(see=see, pin=pin).told()
    assert pin not in told
    assert told.endswith("type the PIN")


@given(st.sampled_from(["", "start"]), ACTS, st.booleans())
def test_what_a_step_does_is_told_on_one_line(see: str, act: dict[str, object], tap: bool) -> None:
    step = Step(see=see, tap=tap, **act)  # type: ignore[arg-type]
    parts = step.told().split("; ") if step.told() else []
    assert len(parts) == step.acts + bool(see) + tap
    assert "\n" not in step.told()


def test_a_step_is_told_in_the_order_it_happens() -> None:
    assert Step(see="payment", insert=(100, 500), tap=True).told() == "see payment; insert 100, 500 yen; tap"
    assert Step(place="taro").told() == "place card taro"
    assert Step(see="take", take="paper").told() == "see take; take paper"

"""What somebody does at the bench becomes a script: every act in its order, as a person would write it, and
never a key of the PIN."""

import tomllib
from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from daemon.bench import vocabulary
from daemon.bench.recorder import Recorder
from daemon.bench.scenario import Expectation, Kiosk, Scenario, Step, load_scenario
from daemon.bench.setup import DEFAULT, Setup, parse_moment
from daemon.bench.verdict import Entry

Told = tuple[str, dict[str, object]]


class Bench:
    """Somebody at the page, with a recorder that runs. seconds: the clock."""

    def __init__(self, setup: Setup = DEFAULT, already: int = 0) -> None:
        self.seconds = 0.0
        self.recorder = Recorder(setup, already, lambda: self.seconds)
        self._entries: list[Entry] = [(number, "", "device.changed", {}) for number in range(1, already + 1)]

    def does(self, shown: str, *steps: Step) -> None:
        for step in steps:
            self.recorder.act(shown, step)

    def presses(self, shown: str, *buttons: str) -> None:
        for button in buttons:
            self.recorder.act(shown, Step(press=(button,)))

    def notes(self, *said: str | Told) -> None:
        """The kiosk writes; the recorder is always given the whole journal."""
        for one in said:
            event, data = (one, {}) if isinstance(one, str) else one
            self._entries.append((len(self._entries) + 1, "s1", event, data))
        self.recorder.journal(self._entries)

    def text(self) -> str:
        return self.recorder.script("a title")


def read(text: str, folder: Path) -> Scenario:
    path = folder / "recorded.toml"
    path.write_text(text, "utf-8")
    return load_scenario(path)


def lines(text: str) -> list[str]:
    """The steps as they are written."""
    return [line.strip() for line in text.splitlines() if line.startswith("    ")]


def credited(value: int) -> Told:
    return "cash.credited", {"value": value}


# ---------------------------------------------------------------- as a person would write it


def test_a_session_is_a_line_a_screen() -> None:
    bench = Bench()
    bench.presses("start", "services")
    bench.presses("services", "issue")
    bench.notes("session.started")
    bench.does("card", Step(place="taro"))
    bench.presses("municipality", "own", "confirm")
    bench.presses("pin", "key.1", "key.2", "key.3", "key.4")
    bench.notes("holder.authenticated")
    bench.does("removal", Step(take="card"))
    bench.notes("card.removed")
    bench.does("payment", Step(insert=(100,)), Step(insert=(500,)))
    bench.notes(credited(100), credited(500), ("print.done", {"sheets": 1}))
    bench.does("take-money", Step(take="money"), Step(tap=True))
    bench.does("take", Step(take="paper"))
    bench.notes(("payout.outcome", {"value": 100, "paid": 4}), ("session.ended", {"reason": "complete"}))
    assert bench.text() == (
        'title = "a title"\n'
        'expect = { ended = "complete", delivered = 1, kept = 200, returned = 400 }\n'
        "\n"
        "step = [\n"
        '    { see = "start", press = ["services"] },\n'
        '    { see = "services", press = ["issue"] },\n'
        '    { see = "card", place = "taro" },\n'
        '    { see = "municipality", press = ["own", "confirm"] },\n'
        '    { see = "pin", pin = "right" },\n'
        '    { see = "removal", take = "card" },\n'
        '    { see = "payment", insert = [100, 500] },\n'
        '    { see = "take-money", take = "money", tap = true },\n'
        '    { see = "take", take = "paper" },\n'
        '    { event = "session.ended" },\n'
        "]\n"
    )


def test_what_the_kiosk_was_is_said_where_it_is_not_as_ever(tmp_path: Path) -> None:
    setup = Setup("012351", parse_moment("2028-02-29 10:00"), 0, 3, 5, {100: 1})
    bench = Bench(setup)
    bench.presses("start", "services")
    kiosk = Kiosk("012351", "2028-02-29 10:00:00", 3, 5, {"100": 1})
    assert read(bench.text(), tmp_path).setup == kiosk
    assert "setup" not in Bench(Setup(speed=7)).text()


def test_what_happened_before_the_recording_is_no_part_of_it() -> None:
    bench = Bench(already=3)
    bench.notes()
    bench.presses("start", "services")
    assert lines(bench.text()) == ['{ see = "start", press = ["services"] },']


def test_an_act_on_the_screen_of_the_one_before_waits_for_what_that_brought_about() -> None:
    bench = Bench()
    bench.does("payment", Step(insert=(100,)))
    bench.notes(credited(100), "cash.marked")
    bench.does("payment", Step(power="cut"))
    bench.does("", Step(power="restore"))
    assert lines(bench.text()) == [
        '{ see = "payment", insert = [100] },',
        '{ event = "cash.credited", power = "cut" },',
        '{ power = "restore" },',
    ]


@pytest.mark.parametrize("shown", sorted(vocabulary.PASSING))
def test_a_screen_that_passes_by_itself_is_not_waited_for_but_what_led_to_it(shown: str) -> None:
    bench = Bench()
    bench.does("payment", Step(insert=(500,)))
    bench.notes(credited(500), "print.started")
    bench.does(shown, Step(power="cut"))
    assert lines(bench.text())[1] == '{ event = "print.started", power = "cut" },'


def test_what_still_happened_after_the_last_act_is_waited_for() -> None:
    bench = Bench()
    bench.presses("out", "quit")
    bench.notes("order.closed", "cash.marked")
    assert lines(bench.text())[-1] == '{ event = "order.closed" },'


def test_a_touch_beside_the_buttons_of_a_screen_is_nothing() -> None:
    bench = Bench()
    bench.does("services", Step(tap=True))
    bench.does("thanks", Step(tap=True))
    assert lines(bench.text()) == ['{ see = "thanks", tap = true },']


def test_money_that_was_never_credited_is_not_inserted() -> None:
    bench = Bench()
    bench.does("payment", Step(insert=(100,)), Step(insert=(2000,)))
    bench.does("payment", Step(insert=(50,), late=0.5))
    bench.notes(credited(100))
    assert lines(bench.text()) == ['{ see = "payment", insert = [100] },', '{ event = "cash.credited" },']


def test_what_took_long_may_take_long() -> None:
    bench = Bench()
    bench.presses("start", "services")
    bench.seconds = 300
    bench.presses("error.E5", "quit")
    bench.seconds += 9
    bench.presses("start", "services")
    assert lines(bench.text())[1:] == [
        '{ see = "error.E5", press = ["quit"], within = 600.0 },',
        '{ see = "start", press = ["services"] },',
    ]


def test_sheets_that_were_not_taken_are_expected_in_the_tray(tmp_path: Path) -> None:
    bench = Bench()
    bench.notes(("print.done", {"sheets": 4}), ("print.done", {"sheets": 4}))
    assert read(bench.text(), tmp_path).expect == Expectation("", 2, returned=0, sheets=8)
    bench.does("take", Step(take="paper"))
    assert read(bench.text(), tmp_path).expect.sheets == 0


# ---------------------------------------------------------------- never the PIN


def pins(bench: Bench) -> list[str]:
    """pin = … of every step that has one."""
    return [step["pin"] for step in tomllib.loads(bench.text())["step"] if "pin" in step]


def test_three_wrong_pins_are_told_by_the_journal() -> None:
    bench = Bench()
    for _ in range(3):
        bench.presses("pin", "key.9", "key.9", "key.9", "key.9")
        bench.notes(("pin.wrong", {"tries": 1}))
    bench.notes("pin.locked")
    assert pins(bench) == ["wrong", "wrong", "wrong"]


def test_a_lock_that_no_wrong_pin_went_before_is_one() -> None:
    bench = Bench()
    bench.presses("pin", "key.9", "key.9", "key.9", "key.9")
    bench.notes("pin.locked")
    assert pins(bench) == ["wrong"]


def test_keys_that_came_to_nothing_leave_nothing() -> None:
    bench = Bench()
    bench.presses("pin", "key.1", "key.2", "key.clear", "key.3", "back")
    assert lines(bench.text()) == ['{ see = "pin", press = ["back"] },']


def test_a_pin_that_the_card_was_never_asked_for_is_taken_as_right() -> None:
    bench = Bench()
    bench.presses("pin", "key.1", "key.2", "key.3", "key.4")
    bench.presses("error.center", "quit")
    assert lines(bench.text()) == [
        '{ see = "pin", pin = "right" },',
        '{ see = "error.center", press = ["quit"] },',
    ]


# ---------------------------------------------------------------- any acts

SCREENS = st.sampled_from(sorted(name for name in vocabulary.SCREENS if name != "pin"))
PRESSES = SCREENS.filter(lambda name: bool(vocabulary.SCREENS[name])).flatmap(
    lambda name: st.tuples(
        st.just(name), st.sampled_from(vocabulary.SCREENS[name]).map(lambda button: Step(press=(button,)))
    )
)
OTHERS = st.tuples(
    SCREENS,
    st.one_of(
        st.sampled_from(["taro", "hanako"]).map(lambda card: Step(place=card)),
        st.sampled_from(["card", "paper", "money", "receipt"]).map(lambda what: Step(take=what)),  # type: ignore[arg-type]
        st.sampled_from(sorted(vocabulary.faults())).map(lambda code: Step(fault=code)),
        st.sampled_from(sorted(vocabulary.faults())).map(lambda code: Step(mend=code)),
        st.integers(1, 99).map(lambda sheet: Step(jam=sheet)),
        st.sampled_from(
            [
                Step(lever=True),
                Step(door="open"),
                Step(key="off"),
                Step(power="cut"),
                Step(resolve="in-doubt", tray="missing"),
                Step(resolve="crash"),
            ]
        ),
    ),
)
KEYS = st.tuples(st.just("pin"), st.integers(0, 9).map(lambda digit: Step(press=(f"key.{digit}",))))
EVENTS = st.sampled_from(sorted(vocabulary.events() - {"cash.credited", "print.done"})).map(
    lambda event: (event, {"case": "c", "kind": "crash", "reason": "quit", "yen": 10, "value": 10, "paid": 1})
)
ACTS = st.lists(st.one_of(PRESSES, OTHERS, KEYS, EVENTS), max_size=30)


def apart(steps: Sequence[Step]) -> list[object]:
    """The acts in their order, one by one; of the PIN nothing."""
    return [
        act
        for step in steps
        if not step.pin
        for act in (step.press or [(word, getattr(step, word)) for word in sorted(step.words & {*WORDS})])
    ]


WORDS = ("place", "take", "fault", "mend", "jam", "lever", "door", "key", "power", "resolve")


@given(st.text(), ACTS)
@example('"\\\x7f\n窓口', [])
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
def test_any_recording_can_be_played_and_has_every_act_in_its_order(
    tmp_path: Path, title: str, done: list[tuple[str, object]]
) -> None:
    bench, acts = Bench(), list[Step]()
    for shown, what in done:
        if isinstance(what, Step):
            bench.does(shown, what)
            acts += [what] if shown != "pin" else []
        else:
            bench.notes((shown, what))  # type: ignore[arg-type]
    text = bench.recorder.script(title)
    scenario = read(text, tmp_path)
    assert scenario.title == title
    assert apart(scenario.step) == apart(acts)
    for number, step in enumerate(scenario.step):
        on_pin = step.see == "pin" or (not step.see and number and scenario.step[number - 1].see == "pin")
        assert not (on_pin and any(vocabulary.is_digit(button) for button in step.press))

"""A hopper pays at most once, and the book says exactly what it paid, whatever the wire loses."""

from collections.abc import Generator
from typing import Literal, TypeVar

from hypothesis import example, given
from hypothesis import strategies as st

from drivers.cash import cctalk
from drivers.cash.cctalk import Frame
from drivers.cash.payloads import TIMEOUT
from drivers.cash.payout import PATIENCE, Ask, Intend, Refused, Settle, Wait, dispense, read_out
from drivers.cash.virtual_hopper import VirtualHopper
from drivers.cash.virtual_money import VirtualMoney

R = TypeVar("R")
Step = Ask | Wait | Intend | Settle
Script = Generator[Step, Frame | None, R]
Line = Literal["ok", "drop request", "drop reply", "nak", "power cut"]

KEY = bytes(8)
bad_lines = st.dictionaries(
    st.integers(0, 30), st.sampled_from(["drop request", "drop reply", "nak"]), max_size=12
)
power_cuts = st.dictionaries(st.integers(0, 30), st.just("power cut"), max_size=2)


class Crash(Exception):
    """The kiosk is gone."""


class Bench:
    """One hopper with a clock of its own. line: what happens to the n-th question; crash_at: n-th step."""

    def __init__(self, coins: int, speed: float, line: dict[int, str], crash_at: int | None = None) -> None:
        self.now = 0.0
        self.hopper = VirtualHopper(3, 10, coins, VirtualMoney(), speed, lambda: self.now)
        self.line = line
        self.crash_at = crash_at
        self.questions = 0
        self.steps = 0
        self.turned = 0
        self.intent: Intend | None = None
        self.settled: list[Settle] = []

    def play(self, script: Script[R]) -> R:
        answer: Frame | None = None
        while True:
            try:
                step = script.send(answer)
            except StopIteration as end:
                result: R = end.value
                return result
            if self.steps == self.crash_at:
                raise Crash
            self.steps += 1
            answer = self.do(step)

    def do(self, step: Step) -> Frame | None:
        if isinstance(step, Ask):
            return self.ask(step)
        if isinstance(step, Wait):
            self.now += step.seconds
        elif isinstance(step, Intend):
            self.intent = step
        else:
            self.settled.append(step)
        return None

    def ask(self, step: Ask) -> Frame | None:
        happens = self.line.get(self.questions, "ok")
        self.questions += 1
        self.now += 0.03
        if step.header == cctalk.DISPENSE:
            assert step.once
            self.turned += 1
        if happens == "drop request":
            return None
        if happens == "nak":
            return Frame(1, 3, cctalk.NAK)
        if happens == "power cut":
            self.hopper.power_cycle()
        reply = self.hopper.answer(Frame(3, 1, step.header, step.data))
        return None if happens == "drop reply" else reply

    def after_crash(self, coins: int) -> Settle:
        """What the next boot makes of the intent, over a good line."""
        assert self.intent is not None
        self.line, self.crash_at = {}, None
        return self.play(read_out(coins, self.intent.count, self.intent.events))


counts = st.integers(1, 20)
contents = st.integers(0, 25)
speeds = st.sampled_from([0.0, 0.7, 4.0, 30.0])


@given(counts, contents, speeds, bad_lines)
def test_whatever_single_answers_are_lost_the_outcome_is_what_was_paid(
    coins: int, content: int, speed: float, line: dict[int, str]
) -> None:
    bench = Bench(content, speed, line)
    end = bench.play(dispense(coins, KEY, True))
    assert bench.turned <= 1
    if isinstance(end, Refused):
        assert bench.intent is None
        assert bench.hopper.dispensed == 0
    else:
        assert bench.settled == [end]
        assert end.certain or len(line) > 2
        if end.certain:
            assert end.paid == bench.hopper.dispensed


@given(counts, contents, speeds, bad_lines, st.integers(0, 60))
@example(5, 25, 0.0, {}, 7)
def test_a_crash_at_any_step_is_settled_to_the_coin(
    coins: int, content: int, speed: float, line: dict[int, str], crash_at: int
) -> None:
    bench = Bench(content, speed, line, crash_at)
    try:
        bench.play(dispense(coins, KEY, True))
    except Crash:
        if bench.intent is None:
            assert bench.hopper.dispensed == 0
        elif not bench.settled:
            end = bench.after_crash(coins)
            assert end.certain
            assert end.paid == bench.hopper.dispensed
    assert bench.turned <= 1


@given(counts, contents, speeds, power_cuts, st.integers(0, 60))
def test_a_power_cut_of_the_hopper_never_makes_a_wrong_certainty(
    coins: int, content: int, speed: float, line: dict[int, str], crash_at: int
) -> None:
    bench = Bench(content, speed, line, crash_at)
    try:
        end = bench.play(dispense(coins, KEY, True))
    except Crash:
        end = bench.after_crash(coins) if bench.intent and not bench.settled else Settle(0, False)
    if isinstance(end, Settle) and end.certain:
        assert end.paid == bench.hopper.dispensed


def test_power_lost_after_three_of_ten() -> None:
    """The example of TSP157: paid 3, unpaid 7, and the total has grown by 3."""
    bench = Bench(50, 4.0, {}, crash_at=7)  # right after 167
    with_crash(bench, 10)
    bench.now += 0.8
    assert bench.hopper.dispensed == 3
    bench.hopper.power_cycle()
    end = bench.after_crash(10)
    assert (end.paid, end.certain) == (3, True)


def with_crash(bench: Bench, coins: int) -> None:
    try:
        bench.play(dispense(coins, KEY, True))
    except Crash:
        return
    raise AssertionError("it did not crash")


def test_a_lost_answer_to_dispense_is_not_asked_again() -> None:
    bench = Bench(50, 0.0, {5: "drop reply"})
    end = bench.play(dispense(4, KEY, True))
    assert isinstance(end, Settle)
    assert (end.paid, end.certain, bench.turned) == (4, True, 1)


def test_a_lost_dispense_pays_nothing_and_says_so() -> None:
    bench = Bench(50, 0.0, {5: "drop request"})
    end = bench.play(dispense(4, KEY, True))
    assert isinstance(end, Settle)
    assert (end.paid, end.certain, bench.turned) == (0, True, 1)


def test_a_hopper_that_runs_dry_paid_what_it_had() -> None:
    bench = Bench(3, 0.0, {})
    end = bench.play(dispense(10, KEY, True))
    assert isinstance(end, Settle)
    assert (end.paid, end.certain) == (3, True)
    again = bench.play(dispense(1, KEY, True))
    assert isinstance(again, Refused)
    assert again.test is not None
    assert again.test.flags & TIMEOUT


def test_a_hopper_that_falls_silent_for_ever_is_uncertain() -> None:
    bench = Bench(50, 4.0, dict.fromkeys(range(6, 6 + 4 * PATIENCE), "drop reply"))
    end = bench.play(dispense(10, KEY, True))
    assert isinstance(end, Settle)
    assert not end.certain


def test_a_hopper_that_hangs_is_stopped_and_read_out() -> None:
    bench = Bench(50, 0.001, {})
    end = bench.play(dispense(10, KEY, True))
    assert isinstance(end, Settle)
    assert (end.paid, end.certain) == (0, True)
    assert bench.hopper.coins == 50

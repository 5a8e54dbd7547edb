"""How often is too often."""

from datetime import timedelta

from daemon.center.allowance import Allowance
from tests.center.world import Clock

MINUTE = timedelta(minutes=1)


def test_so_many_times_in_a_period_and_no_more() -> None:
    allowance = Allowance(3, MINUTE, Clock())
    assert [allowance.take("T01") for _ in range(5)] == [True, True, True, False, False]


def test_each_terminal_has_its_own() -> None:
    allowance = Allowance(1, MINUTE, Clock())
    assert [allowance.take(name) for name in ("T01", "T02", "T01")] == [True, True, False]


def test_each_time_counts_for_one_period_and_a_refused_one_not_at_all() -> None:
    clock = Clock()
    allowance = Allowance(2, MINUTE, clock)
    taken = []
    for _ in range(7):  # every twenty seconds
        taken.append(allowance.take("T01"))
        clock.now += MINUTE / 3
    assert taken == [True, True, False, True, True, False, True]


def test_a_clock_that_is_put_back_shuts_nobody_out() -> None:
    clock = Clock()
    allowance = Allowance(1, MINUTE, clock)
    assert allowance.take("T01")
    clock.now -= timedelta(hours=1)
    assert allowance.take("T01")

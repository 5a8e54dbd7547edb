"""The one clock: Tokyo's, shifted only if asked, and a plain yes or no on whether it can be believed."""

import ctypes
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from daemon.clock import TOKYO, clock, synchronised

SECOND = timedelta(seconds=1)


def test_it_shows_the_time_of_tokyo() -> None:
    now = clock()()
    assert now.utcoffset() == timedelta(hours=9)
    assert abs(now - datetime.now(TOKYO)) < SECOND


@pytest.mark.parametrize("offset", [3600.0, -86400.0, 0.5])
def test_it_can_be_shifted(offset: float) -> None:
    assert abs(clock(offset)() - datetime.now(TOKYO) - timedelta(seconds=offset)) < SECOND


def test_it_goes_on() -> None:
    now = clock(1e6)
    first = now()
    assert now() >= first


def test_whether_it_is_synchronised_is_known_without_an_error() -> None:
    assert synchronised() in (True, False)


@pytest.mark.parametrize(("state", "believed"), [(0, True), (1, True), (4, True), (5, False), (-1, False)])
def test_the_kernels_time_error_and_a_refused_question_are_a_no(
    state: int, believed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Kernel:
        def __init__(self, _: None) -> None:
            self.adjtimex: Callable[[object], int] = lambda buffer: state

    monkeypatch.setattr(ctypes, "CDLL", Kernel)
    assert synchronised() is believed

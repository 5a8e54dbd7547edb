"""R10, R12 to R14 day by day, with the worked examples of tests/data/dates.json."""

import json
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.center.facts import Card
from daemon.center.rules import card_refusal, has_lapsed
from daemon.issuance.messages import Reason

DATES = json.loads((Path(__file__).parents[2] / "data" / "dates.json").read_text("utf-8"))
PLANNED, MOVED, FILED = (
    (date.fromisoformat(case["base"]), date.fromisoformat(case["lapsed_from"])) for case in DATES["lapse"]
)
DAY = timedelta(days=1)
CARD = Card("5a", 1, date(2020, 1, 1))


def test_without_a_filing_a_card_lapses_30_days_after_the_planned_move() -> None:
    """R12."""
    base, lapsed = PLANNED
    assert not has_lapsed(replace(CARD, leaving=base), lapsed - DAY)
    assert has_lapsed(replace(CARD, leaving=base), lapsed)


def test_a_filing_in_time_saves_the_card_and_one_too_late_does_not() -> None:
    base, lapsed = PLANNED
    later = lapsed + timedelta(days=10)
    in_time = replace(CARD, leaving=base, filed=lapsed - DAY, continued=lapsed - DAY)
    assert not has_lapsed(in_time, later)
    assert has_lapsed(replace(in_time, filed=lapsed, continued=lapsed), later)


def test_filed_later_than_14_days_after_the_real_move_the_card_has_lapsed() -> None:
    """R13."""
    base, lapsed = MOVED
    moved = replace(CARD, moved=base, continued=lapsed)
    assert not has_lapsed(replace(moved, filed=lapsed - DAY), lapsed)
    assert has_lapsed(replace(moved, filed=lapsed), lapsed)


def test_without_its_continuation_a_card_lapses_90_days_after_the_filing() -> None:
    """R14."""
    base, lapsed = FILED
    assert not has_lapsed(replace(CARD, filed=base), lapsed - DAY)
    assert has_lapsed(replace(CARD, filed=base), lapsed)
    assert not has_lapsed(replace(CARD, filed=base, continued=lapsed - DAY), lapsed)


def test_a_card_that_never_moved_never_lapses() -> None:
    assert not has_lapsed(CARD, date(2100, 1, 1))


@given(
    leaving=st.none() | st.dates(date(2025, 1, 1), date(2026, 1, 1)),
    filed=st.none() | st.dates(date(2025, 1, 1), date(2026, 1, 1)),
    moved=st.none() | st.dates(date(2025, 1, 1), date(2026, 1, 1)),
    day=st.dates(date(2026, 1, 1), date(2026, 12, 31)),
)
def test_a_lapsed_card_stays_lapsed(
    leaving: date | None, filed: date | None, moved: date | None, day: date
) -> None:
    card = replace(CARD, leaving=leaving, filed=filed, moved=moved)
    assert not has_lapsed(card, day) or has_lapsed(card, day + DAY)


@pytest.mark.parametrize(
    ("card", "reason"),
    [
        (None, Reason.UNKNOWN_CERTIFICATE),
        (replace(CARD, revoked=True), Reason.REVOKED),
        (replace(CARD, active_from=date(2026, 4, 2)), Reason.NOT_READY),
        (replace(CARD, active_from=date(2026, 4, 1)), None),
    ],
)
def test_a_card_by_its_record(card: Card | None, reason: Reason | None) -> None:
    """R10."""
    assert card_refusal(card, date(2026, 4, 1)) is reason

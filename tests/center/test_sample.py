"""The invented people: enough of each kind for the bench, and nobody who could be real."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from daemon.center import tables
from daemon.center.registry import Registry, open_engine
from daemon.center.rules import card_refusal, holder_refusal
from daemon.center.sample import SAMPLE_HOLDERS, card_dates, sample_registry
from daemon.issuance.calendar import has_reached
from daemon.issuance.messages import Reason
from daemon.issuance.profile import load_profile
from tests.center.world import PROFILE, World

REASONS = {
    "kenta": Reason.UNDERAGE,
    "misaki": Reason.LAPSED,
    "revoked": Reason.REVOKED,
    "unknown": Reason.UNKNOWN_CERTIFICATE,
}


def test_there_are_two_households_and_two_koseki(world: World) -> None:
    with world.engine.connect() as connection:
        for table in (tables.households, tables.koseki):
            assert connection.execute(select(func.count()).select_from(table)).scalar_one() == 2


def test_the_individual_numbers_are_none(world: World) -> None:
    with world.engine.connect() as connection:
        for number in connection.execute(select(tables.residents.c.mynumber)).scalars():
            assert len(number) == 12
            assert int(number[-1]) != mynumber_check_digit(number[:11])


def mynumber_check_digit(eleven: str) -> int:
    """As the ministerial order on the 個人番号 (平成26年総務省令第85号) computes it."""
    total = sum(int(p) * (n + 1 if n <= 6 else n - 5) for n, p in enumerate(reversed(eleven), start=1))
    return 0 if total % 11 <= 1 else 11 - total % 11


@pytest.mark.parametrize(
    "today", [date(2026, 1, 1), date(2026, 4, 1), date(2026, 12, 31), date(2028, 2, 29), date(2040, 3, 1)]
)
def test_each_card_shows_what_it_is_for_on_any_day(today: date) -> None:
    engine = open_engine(None)
    sample_registry(engine, today)
    registry, profile = Registry(engine), load_profile(PROFILE)
    for key, holder in SAMPLE_HOLDERS.items():
        card = registry.card(f"{holder.serial:x}")
        reason = card_refusal(card, today)
        if card is not None and reason is None:
            reason = holder_refusal(registry.resident(card.resident), profile, today)
        assert reason is REASONS.get(key), key
    engine.dispose()


def test_the_daughter_is_a_minor_old_enough_to_be_served(world: World) -> None:
    born = world.registry.resident(SAMPLE_HOLDERS["sakura"].resident).born
    assert has_reached(15, born, date(2026, 4, 1))
    assert not has_reached(18, born, date(2026, 4, 1))


@given(st.sampled_from(sorted(SAMPLE_HOLDERS)), st.dates(date(2025, 1, 1), date(2060, 1, 1)))
def test_every_sample_card_is_in_date_today(key: str, today: date) -> None:
    issued, good_through = card_dates(key, today)
    assert issued < today < good_through
    assert good_through - issued <= timedelta(days=5 * 366)

"""Whether an order fits what is on offer now, and what has changed since the list was shown (P12, R32)."""

from dataclasses import replace
from datetime import datetime

import pytest

from daemon.center.rules import Entry, order_refusal
from daemon.issuance.messages import Reason, TaxYear
from tests.center.rules.town import NOON, A, B, C, entry, known, wish

JUMINHYO = entry(known(A), "juminhyo")
KOSEKI = entry(known(A), "koseki")
MOST = 10


def refused(found: Entry, subjects: tuple[int, ...], now: Entry | None = None, **changes: object) -> str:
    """The reason's value; "" if it fits."""
    request = wish(found, subjects, **changes)
    refusal = order_refusal(request, found, now or found, A, set(subjects), MOST)
    return refusal.reason.value if refusal else ""


@pytest.mark.parametrize(
    ("scope", "subjects"),
    [("self", (A,)), ("all", (A, B, C)), ("part", (B,)), ("part", (A, B, C))],
)
def test_an_order_of_the_household_fits(scope: str, subjects: tuple[int, ...]) -> None:
    assert refused(JUMINHYO, subjects, scope=scope) == ""


@pytest.mark.parametrize(("scope", "subjects"), [("koseki_all", (A, B, C)), ("koseki_one", (C,))])
def test_r19_an_order_of_all_or_of_one_fits(scope: str, subjects: tuple[int, ...]) -> None:
    assert refused(KOSEKI, subjects, scope=scope) == ""


@pytest.mark.parametrize(
    ("scope", "subjects"),
    [
        ("koseki_all", (A, B)),
        ("koseki_one", (A, B)),
        ("koseki_one", ()),
        ("koseki_one", (99,)),
        ("self", (A,)),
        ("part", (A,)),
    ],
)
def test_r19_other_people_or_another_scope_do_not(scope: str, subjects: tuple[int, ...]) -> None:
    assert refused(KOSEKI, subjects, scope=scope) == "bad-request"


@pytest.mark.parametrize("copies", [0, 11, -1])
def test_r32_one_to_ten_copies(copies: int) -> None:
    assert refused(JUMINHYO, (A,), copies=copies) == "bad-request"


def test_r25_the_year_is_one_of_those_on_offer() -> None:
    found = replace(JUMINHYO, kind="shotoku_kazei", scopes=(), years=(TaxYear(2026, "令和8年度"),))
    assert refused(found, (A,)) == ""
    assert refused(found, (A,), year=2025) == "bad-request"
    assert refused(found, (A,), year=0) == "bad-request"
    assert refused(JUMINHYO, (A,), year=2026) == "bad-request"


def test_a_fee_that_was_raised_meanwhile_is_not_charged_at_the_old_price_nor_at_the_new() -> None:
    assert refused(JUMINHYO, (A,), replace(JUMINHYO, fee=300)) == "changed"
    assert refused(JUMINHYO, (A,), fee=10) == "bad-request"


def test_p12_somebody_who_left_the_household_meanwhile_is_a_change() -> None:
    now = replace(JUMINHYO, persons=JUMINHYO.persons[:2])
    assert refused(JUMINHYO, (A, B, C), now, scope="all") == "changed"
    assert refused(JUMINHYO, (C,), now, scope="part") == "changed"
    assert refused(JUMINHYO, (A,), now) == ""


def test_p12_what_the_center_says_now_comes_first() -> None:
    pending = replace(KOSEKI, refusal=entry(known(A), "koseki").refusal)
    assert pending.refusal is None
    closed = entry(known(A), "koseki", now=_late())
    assert closed.refusal is not None
    assert closed.refusal.reason is Reason.HOURS
    assert refused(KOSEKI, (A, B, C), closed) == "hours"


def _late() -> datetime:
    return NOON.replace(hour=23)

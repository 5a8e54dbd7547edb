"""Money as arithmetic: coins against brute force, and what may be taken so that it can be given back."""

import functools
from collections.abc import Mapping
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.session.till import (
    Balance,
    acceptable,
    balance,
    bill_fate,
    can_complete,
    coins_for,
    most_of,
    same_first,
)
from tests.session.stage import entries

YEN = (10, 50, 100, 500, 1000)
LEVELS = st.fixed_dictionaries({}, optional={value: st.integers(0, 4) for value in YEN})
AMOUNTS = st.integers(0, 400).map(lambda tens: tens * 10)


def total(coins: Mapping[int, int]) -> int:
    return sum(value * number for value, number in coins.items())


def reachable(levels: Mapping[int, int]) -> set[int]:
    """Every amount these coins can make, by trying all of them."""
    ranges = [range(number + 1) for number in levels.values()]
    return {total(dict(zip(levels, numbers, strict=True))) for numbers in product(*ranges)}


def within(coins: Mapping[int, int], levels: Mapping[int, int]) -> bool:
    return all(0 < number <= levels.get(value, 0) for value, number in coins.items())


# ---------------------------------------------------------------- paying


@given(AMOUNTS, LEVELS)
def test_coins_are_found_exactly_when_there_are_any(amount: int, levels: dict[int, int]) -> None:
    coins = coins_for(amount, levels)
    assert (coins is not None) == (amount in reachable(levels))
    assert coins is None or (total(coins) == amount and within(coins, levels))


@given(AMOUNTS, LEVELS)
def test_the_most_that_can_be_paid_is_paid(amount: int, levels: dict[int, int]) -> None:
    coins, rest = most_of(amount, levels)
    assert within(coins, levels)
    assert amount - rest == total(coins) == max(t for t in reachable(levels) if t <= amount)


@given(AMOUNTS, st.lists(st.sampled_from(YEN), max_size=8), LEVELS)
def test_a_refund_is_exact_whenever_any_coins_are(
    amount: int, inserted: list[int], levels: dict[int, int]
) -> None:
    coins = same_first(amount, inserted, levels)
    assert (coins is None) == (coins_for(amount, levels) is None)
    assert coins is None or (total(coins) == amount and within(coins, levels))


def test_a_refund_gives_the_very_coins_back_where_it_can() -> None:
    levels = {10: 50, 50: 20, 100: 20, 500: 5}
    assert same_first(300, [100, 100, 50, 50], levels) == {100: 2, 50: 2}
    assert same_first(500, [100] * 5, levels) == {100: 5}
    assert same_first(500, [500], {100: 20, 500: 0}) == {100: 5}


def test_change_is_the_fewest_coins_when_none_of_its_own_came_in() -> None:
    assert same_first(300, [500], {50: 20, 100: 20, 500: 5}) == {100: 3}


# ---------------------------------------------------------------- taking


HELD = st.fixed_dictionaries(
    {10: st.integers(0, 60), 50: st.integers(0, 20), 100: st.integers(0, 30), 500: st.integers(0, 8)}
)
DUES = st.integers(1, 80).map(lambda tens: tens * 50)


def payable(paid: int, due: int, levels: Mapping[int, int]) -> bool:
    """Whether both ways out are open: a full refund, and the change."""
    return coins_for(paid, levels) is not None and coins_for(max(0, paid - due), levels) is not None


@given(DUES, HELD, st.data())
def test_whatever_is_inserted_change_and_a_full_refund_stay_payable(
    due: int, levels: dict[int, int], data: st.DataObject
) -> None:
    """The mask is set anew after each coin; before that, one more coin may drop through the old one."""
    paid = 0
    while enabled := acceptable(due, paid, levels, levels):
        coin = st.sampled_from(sorted(enabled))
        paid += data.draw(coin, label="coin")
        assert payable(paid, due, levels)
        if paid < due and data.draw(st.booleans(), label="one more in flight"):
            paid += data.draw(coin, label="in flight")
            assert payable(paid, due, levels)


@given(DUES, HELD)
def test_with_plenty_of_every_coin_all_are_taken_until_the_fee_is_complete(
    due: int, levels: dict[int, int]
) -> None:
    plenty = {value: number + 200 for value, number in levels.items()}
    assert acceptable(due, due - 10, plenty, plenty) == frozenset(plenty)
    assert acceptable(due, due, plenty, plenty) == frozenset()


def test_nothing_is_taken_that_could_not_be_given_back() -> None:
    assert acceptable(200, 0, [10, 50, 100, 500], {10: 0, 50: 0, 100: 0, 500: 0}) == frozenset()


@pytest.mark.parametrize(
    ("due", "paid", "fate"),
    [
        (200, 0, "stack"),  # completes the fee
        (1000, 0, "stack"),
        (1350, 0, "hold"),  # 350 yen in coins are missing: a cancel gives this very bill back
        (1350, 300, "hold"),
        (1350, 350, "stack"),
        (3000, 0, "stack"),  # another bill must follow, and the escrow holds one
        (2000, 1000, "stack"),
        (200, 200, "return"),  # the fee is complete
    ],
)
def test_a_bill_waits_in_escrow_while_only_coins_are_missing(due: int, paid: int, fate: str) -> None:
    assert bill_fate(1000, due, paid, {10: 50, 50: 20, 100: 40, 500: 10}) == fate


def test_a_bill_that_the_hoppers_could_not_refund_goes_back() -> None:
    assert bill_fate(1000, 1000, 0, {100: 9}) == "return"
    assert bill_fate(1000, 200, 0, {500: 2}) == "return"


def test_a_payment_that_would_end_in_the_middle_is_not_begun() -> None:
    """A first coin could be taken and given back, but the fee could never be completed."""
    levels = {100: 5}
    assert acceptable(600, 0, levels, levels) == {100}
    assert not can_complete(600, frozenset(levels), levels)
    assert can_complete(500, frozenset(levels), levels)


def test_coins_that_do_not_go_together_do_not_keep_all_others_out() -> None:
    levels = {10: 4, 50: 4, 100: 12, 500: 0}
    assert acceptable(1000, 0, levels, levels)
    assert can_complete(1000, frozenset(levels), levels)


@given(DUES, HELD)
def test_a_payment_can_be_completed_exactly_where_some_coins_can_be_inserted_one_by_one(
    due: int, levels: dict[int, int]
) -> None:
    @functools.cache
    def ends(paid: int) -> bool:
        return paid >= due or any(ends(paid + coin) for coin in acceptable(due, paid, levels, levels))

    assert can_complete(due, frozenset(levels), levels) == ends(0)


def test_without_change_only_coins_that_cannot_overpay_are_taken() -> None:
    """A 500 yen coin can be refunded as itself, but 300 yen of change are not there."""
    assert acceptable(200, 0, [100, 500], {100: 2, 500: 5}) == {100}


# ---------------------------------------------------------------- balances


def test_nothing_happened_nothing_is_owed() -> None:
    assert balance([]) == Balance()


def test_a_balance_is_folded_from_a_whole_payment() -> None:
    told = entries(
        ("payment.opened", {"due": 600, "unit": 200, "copies": 3}),
        ("cash.credited", {"device": "a", "epoch": 0, "number": 1, "value": 500}),
        ("cash.credited", {"device": "a", "epoch": 0, "number": 2, "value": 500}),
        ("print.started", {"order": "o", "number": "n1"}),
        ("print.done", {"number": "n1", "sheets": 1}),
        ("print.started", {"order": "o", "number": "n2"}),
        ("print.failed", {"number": "n2", "reason": "jam"}),
        ("print.started", {"order": "o", "number": "n3"}),
        (
            "payout.outcome",
            {"payout": "p", "hopper": "h", "value": 100, "asked": 4, "paid": 3, "certain": True},
        ),
        ("claim.recorded", {"yen": 300, "reason": "not-paid-out"}),
    )
    now = balance(told)
    assert now == Balance(due=600, unit=200, credited=1000, printed=1, in_doubt=1, paid_out=300, claimed=300)
    assert (now.kept, now.owed, now.funded) == (400, 0, True)


@pytest.mark.parametrize(("last", "kept"), [("print.started", 200), ("print.done", 200), ("print.failed", 0)])
def test_only_a_copy_that_failed_for_certain_is_not_paid_for(last: str, kept: int) -> None:
    told = entries(
        ("payment.opened", {"due": 200, "unit": 200, "copies": 1}),
        ("cash.credited", {"device": "a", "epoch": 0, "number": 1, "value": 500}),
        ("print.started", {"number": "n1"}),
        (last, {"number": "n1"}),
    )
    assert balance(told).kept == kept
    assert balance(told).owed == 500 - kept


def test_a_coin_that_drops_after_the_end_is_owed() -> None:
    told = entries(
        ("payment.cancelled", {}),
        ("session.ended", {"reason": "quit"}),
        ("cash.credited", {"device": "a", "epoch": 0, "number": 1, "value": 100}),
    )
    assert balance(told).owed == 100


@pytest.mark.parametrize(
    ("due", "credited", "funded"), [(200, 190, False), (200, 200, True), (0, 100, False)]
)
def test_a_payment_is_funded_once_the_fee_is_complete(due: int, credited: int, funded: bool) -> None:
    assert Balance(due=due, credited=credited).funded is funded

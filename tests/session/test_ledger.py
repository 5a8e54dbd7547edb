"""Start + in − out = end, for each denomination and over every span, whatever happened in it."""

from hypothesis import given
from hypothesis import strategies as st

from daemon.session.ledger import Ledger, Row
from tests.session.stage import Told, entries

VALUES = {"h10": 10, "h100": 100}


def credited(value: int) -> Told:
    return ("cash.credited", {"value": value})


def loaded(hopper: str, coins: int) -> Told:
    return ("cash.baseline", {"hopper": hopper, "counter": 0, "coins": coins})


def paid(hopper: str, coins: int) -> Told:
    return ("payout.outcome", {"hopper": hopper, "value": VALUES[hopper], "paid": coins})


def filled(hopper: str, coins: int) -> Told:
    return ("cash.filled", {"hopper": hopper, "value": VALUES[hopper], "coins": coins})


def counted(hopper: str, coins: int) -> Told:
    return ("cash.counted", {"hopper": hopper, "value": VALUES[hopper], "coins": coins})


def collected(**coins: int) -> Told:
    return ("cash.collected", {"coins": {value[1:]: str(number) for value, number in coins.items()}})


def ledger(*told: Told) -> Ledger:
    made = Ledger(VALUES)
    made.add(entries(*told))
    return made


def test_coins_come_in_go_out_and_the_rest_is_there() -> None:
    book = ledger(loaded("h100", 40), credited(100), credited(100), credited(1000), paid("h100", 3))
    assert book.rows() == {100: Row(0, taken=2, filled=40, paid=3), 1000: Row(0, taken=1)}
    assert (book.rows()[100].end, book.box, book.hoppers) == (39, {100: 2, 1000: 1}, {"h100": 37})


def test_a_refill_moves_the_starting_point_but_is_counted_once() -> None:
    book = ledger(loaded("h100", 40), filled("h100", 50), loaded("h100", 90))
    assert book.rows() == {100: Row(0, filled=90)}


def test_what_a_count_finds_too_much_or_too_little_has_a_name() -> None:
    book = ledger(loaded("h100", 40), paid("h100", 3), counted("h100", 35))
    assert (book.rows()[100].found, book.rows()[100].end) == (-2, 35)


def test_emptied_boxes_are_empty_and_a_swallowed_coin_is_found() -> None:
    book = ledger(credited(100), credited(500), collected(y100=2, y10=1))
    assert {value: (row.collected, row.found, row.end) for value, row in book.rows().items()} == {
        10: (1, 1, 0),
        100: (2, 1, 0),
        500: (0, -1, 0),
    }
    assert not +book.box


def test_a_new_span_starts_with_what_was_there() -> None:
    book = ledger(loaded("h10", 20), credited(10))
    book.cut()
    book.add(entries(paid("h10", 5)))
    assert book.rows() == {10: Row(21, paid=5)}


def test_a_hopper_that_once_paid_is_known_by_its_payouts() -> None:
    book = Ledger({})
    book.add(entries(("payout.intent", {"hopper": "gone", "value": 50}), loaded("gone", 7)))
    assert book.rows() == {50: Row(0, filled=7)}


HOPPER = st.sampled_from(sorted(VALUES))
FEW = st.integers(0, 9)
ACTS = st.one_of(
    st.builds(credited, st.sampled_from([10, 100, 1000])),
    st.builds(loaded, HOPPER, FEW),
    st.builds(paid, HOPPER, FEW),
    st.builds(filled, HOPPER, FEW),
    st.builds(counted, HOPPER, FEW),
    st.builds(collected, y10=FEW, y100=FEW),
)


@given(st.lists(ACTS, max_size=30), st.integers(0, 30))
def test_the_end_is_what_lies_in_hoppers_and_boxes_over_any_span(acts: list[Told], cut: int) -> None:
    book = ledger(*acts[:cut])
    book.cut()
    book.add(entries(*acts[cut:]))
    there: dict[int, int] = dict(book.box)
    for hopper, coins in book.hoppers.items():
        there[VALUES[hopper]] = there.get(VALUES[hopper], 0) + coins
    ends = {value: row.end for value, row in book.rows().items()}
    assert {v: n for v, n in ends.items() if n} == {v: n for v, n in there.items() if n}

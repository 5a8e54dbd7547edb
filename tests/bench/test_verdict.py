"""How a story ended: by the journal alone, and what of it is not as expected."""

import msgspec
import pytest

from daemon.bench.scenario import Expectation
from daemon.bench.verdict import Entry, differences, ending


def journal(*said: tuple[str, dict[str, object]]) -> list[Entry]:
    return [(number, "s1", event, data) for number, (event, data) in enumerate(said, start=1)]


def credited(value: int) -> tuple[str, dict[str, object]]:
    return "cash.credited", {"value": value}


def paid(value: int, coins: int) -> tuple[str, dict[str, object]]:
    return "payout.outcome", {"value": value, "asked": 9, "paid": coins}


def opened(case: str, kind: str) -> tuple[str, dict[str, object]]:
    return "case.opened", {"case": case, "kind": kind}


WHOLE = journal(
    ("session.started", {}),
    credited(500),
    credited(100),
    ("print.done", {"number": "n", "sheets": 1}),
    paid(100, 3),
    ("claim.recorded", {"yen": 100}),
    opened("a", "void-sheets"),
    opened("b", "in-doubt"),
    ("case.resolved", {"case": "b"}),
    ("session.ended", {"reason": "complete"}),
)


def test_an_ending_is_read_from_the_entries() -> None:
    found = ending(WHOLE)
    assert (found.ended, found.delivered) == ("complete", 1)
    assert (found.kept, found.claims, found.returned) == (200, 100, 300)
    assert found.cases == ("void-sheets",)
    assert "claim.recorded" in found.events


def test_of_several_sessions_the_last_one_says_how_it_ended() -> None:
    two = journal(("session.ended", {"reason": "quit"}), ("session.ended", {"reason": "idle"}))
    assert ending(two).ended == "idle"
    assert ending([]).ended == ""


AS_IT_IS = Expectation(
    "complete",
    delivered=1,
    kept=200,
    claims=100,
    returned=300,
    cases=("void-sheets",),
    sheets=2,
    events=("cash.credited",),
    never=("pin.wrong",),
    printed=("山田太郎",),
)


def test_what_is_as_expected_makes_no_words() -> None:
    assert list(differences(AS_IT_IS, ending(WHOLE), 2, "氏名山田太郎")) == []


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"ended": "quit"}, "ended: expected quit, found complete"),
        ({"delivered": 2}, "delivered: expected 2, found 1"),
        ({"kept": 0}, "kept: expected 0, found 200"),
        ({"claims": 0}, "claims: expected 0, found 100"),
        ({"returned": 0}, "returned: expected 0, found 300"),
        ({"cases": []}, "cases: expected none, found void-sheets"),
        ({"sheets": 0}, "sheets: expected 0, found 2"),
        ({"events": ["pin.wrong"]}, "events: the journal has no pin.wrong"),
        ({"never": ["cash.credited"]}, "never: the journal has cash.credited"),
        ({"printed": ["山田花子"]}, "printed: no sheet says '山田花子'"),
    ],
)
def test_each_difference_is_one_line(change: dict[str, object], said: str) -> None:
    expect = changed(change)
    assert list(differences(expect, ending(WHOLE), 2, "氏名山田太郎")) == [said]


def changed(change: dict[str, object]) -> Expectation:
    return msgspec.convert({**msgspec.to_builtins(AS_IT_IS), **change}, Expectation)


def test_what_came_back_is_not_looked_at_where_the_script_does_not_say() -> None:
    expect = Expectation("complete", 1, 200, claims=100, cases=("void-sheets",))
    assert list(differences(expect, ending(WHOLE), 0, "")) == []

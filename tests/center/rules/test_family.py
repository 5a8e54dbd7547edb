"""戸籍証明書 and 戸籍の附票の写し: who can be on them, and when (R19 to R24, R28)."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta

import msgspec
import pytest

from daemon.center.facts import Resident
from daemon.center.rules import Hidden, Known
from daemon.issuance.calendar import TOKYO
from daemon.issuance.hours import Maintenance
from daemon.issuance.messages import Reason, Refusal
from tests.center.rules.town import (
    COUPLE,
    ISHIKARI,
    NOON,
    TAKAOKA,
    TODAY,
    A,
    B,
    C,
    D,
    E,
    entry,
    hidden,
    ids,
    known,
    koseki,
    screen_7,
    with_holder,
    with_person,
)

FAMILY = ("koseki", "fuhyo")
DAY = timedelta(days=1)


def with_members(facts: Known, removed: Sequence[int]) -> Known:
    """These have left the koseki too."""
    assert facts.koseki is not None
    assert facts.fuhyo is not None
    members = tuple(
        replace(one, removed=one.removed or one.person in removed) for one in facts.koseki.members
    )
    others = tuple(replace(one, removed=one.removed or one.person in removed) for one in facts.fuhyo.members)
    return replace(
        facts,
        koseki=replace(facts.koseki, members=members),
        fuhyo=replace(facts.fuhyo, members=others),
    )


# ---------------------------------------------------------------- who


@pytest.mark.parametrize("kind", FAMILY)
@pytest.mark.parametrize("person", [A, B, C])
def test_r19_r20_r28_a_parent_can_have_the_couple_and_its_unmarried_child_and_never_the_married_one(
    kind: str, person: int
) -> None:
    found = entry(known(person), kind)
    assert ids(found) == (A, B, C)
    assert found.scopes == ("koseki_all", "koseki_one")


@pytest.mark.parametrize("kind", FAMILY)
def test_r28_the_married_daughter_can_have_her_own_koseki_and_never_that_of_her_parents(kind: str) -> None:
    assert ids(entry(known(D), kind)) == (E, D)


@pytest.mark.parametrize("kind", FAMILY)
def test_r28_a_child_that_is_still_taken_for_a_member_by_its_parents_koseki_gets_nothing_of_it(
    kind: str,
) -> None:
    """The registry's own error: a person who points at a koseki in which they are removed."""
    facts = replace(known(A), holder=replace(known(D).holder, koseki=10))
    assert hidden(facts)[kind] is Hidden.NO_LONGER_IN_KOSEKI


@pytest.mark.parametrize("kind", FAMILY)
def test_r19_r26_who_has_died_or_left_is_never_offered(kind: str) -> None:
    assert ids(entry(with_members(known(A), (B,)), kind)) == (A, C)


def test_r20_a_member_whom_only_the_koseki_calls_removed_is_not_on_the_fuhyo_either() -> None:
    facts = known(A)
    left = with_members(facts, (B,)).koseki
    assert ids(entry(replace(facts, koseki=left), "fuhyo")) == (A, C)


@pytest.mark.parametrize("kind", FAMILY)
def test_who_has_no_koseki_does_not_see_the_family(kind: str) -> None:
    facts = replace(known(A), koseki=None, fuhyo=None)
    assert hidden(facts)[kind] is Hidden.NO_KOSEKI


def test_a_koseki_without_its_fuhyo_hides_the_fuhyo_alone() -> None:
    facts = replace(known(A), fuhyo=None)
    assert hidden(facts)["fuhyo"] is Hidden.NO_FUHYO
    assert ids(entry(facts, "koseki")) == (A, B, C)


# ---------------------------------------------------------------- where


@pytest.mark.parametrize("kind", FAMILY)
def test_r21_r22_takaoka_hides_the_family_from_residents_whose_honseki_is_elsewhere(kind: str) -> None:
    elsewhere = known(A, ISHIKARI.code, home=TAKAOKA.code)
    assert hidden(elsewhere)[kind] is Hidden.KOSEKI_ELSEWHERE
    assert "juminhyo" not in hidden(elsewhere)


@pytest.mark.parametrize("profile", [TAKAOKA, ISHIKARI], ids=["T", "I"])
def test_r21_who_lives_where_the_honseki_is_gets_the_family_with_either_rule(profile: object) -> None:
    town = TAKAOKA if profile is TAKAOKA else ISHIKARI
    for kind in FAMILY:
        assert entry(known(A, town.code), kind, town).refusal is None


def test_r21_r41_at_the_municipality_of_the_honseki_nothing_but_the_family_is_offered() -> None:
    facts = known(A, ISHIKARI.code, home=TAKAOKA.code)
    found = screen_7(facts, ISHIKARI, "honseki")
    assert [one.kind for one in found.entries] == ["koseki", "fuhyo"]
    assert [one.fee for one in found.entries] == [450, 350]
    assert {why for _, why in found.hidden} == {Hidden.NOT_OF_THE_KOSEKI_FAMILY}


# ---------------------------------------------------------------- when


@pytest.mark.parametrize("kind", FAMILY)
def test_r23_a_notification_that_is_not_recorded_yet_refuses_the_family(kind: str) -> None:
    facts = known(A)
    pending = replace(facts, koseki=replace(koseki(10), pending=TODAY))
    assert entry(pending, kind).refusal == Refusal(Reason.KOSEKI_PENDING)
    assert entry(facts, kind).refusal is None
    assert entry(pending, "juminhyo").refusal is None


def test_r23_the_notification_is_told_also_outside_the_hours() -> None:
    pending = replace(known(A), koseki=replace(koseki(10), pending=TODAY))
    late = entry(pending, "koseki", now=NOON.replace(hour=23)).refusal
    assert late == Refusal(Reason.KOSEKI_PENDING)


def test_r24_the_fuhyo_is_issued_after_a_move_with_the_notice_that_it_may_not_show_it() -> None:
    moved = with_holder(known(A), lambda one: filed(one, 3))
    found = entry(moved, "fuhyo")
    assert (found.refusal, found.notices) == (None, ("note.fuhyo",))
    assert entry(moved, "koseki").notices == ()


@pytest.mark.parametrize(("days", "told"), [(0, True), (29, True), (30, False), (4000, False)])
def test_r24_the_notice_is_given_for_thirty_days(days: int, told: bool) -> None:
    moved = with_holder(known(A), lambda one: filed(one, days))
    assert bool(entry(moved, "fuhyo").notices) is told


def filed(one: Resident, days_ago: int) -> Resident:
    return replace(one, address=replace(one.address, filed=TODAY - days_ago * DAY))


@pytest.mark.parametrize("kind", FAMILY)
def test_maintenance_of_one_kind_refuses_that_kind_with_its_end(kind: str) -> None:
    stop = Maintenance(datetime(2026, 4, 1, 9, 0), datetime(2026, 4, 1, 13, 0), ("koseki",))
    profile = msgspec.structs.replace(TAKAOKA, maintenance=(stop,))
    end = Refusal(Reason.MAINTENANCE, until=datetime(2026, 4, 1, 13, 0, tzinfo=TOKYO))
    assert entry(known(A), kind, profile).refusal == (end if kind == "koseki" else None)


# ---------------------------------------------------------------- blocks


def test_a_member_under_a_support_measure_is_on_nobody_elses_fuhyo_and_on_the_koseki() -> None:
    facts = with_person(known(A), B, lambda one: replace(one, support_since=TODAY))
    found = entry(facts, "fuhyo")
    assert (ids(found), found.scopes) == ((A, C), ("koseki_one",))
    assert ids(entry(facts, "koseki")) == (A, B, C)


def test_one_who_left_and_is_protected_keeps_the_fuhyo_of_all_from_being_issued() -> None:
    """The certificate of all shows those who left too, with their addresses."""
    facts = known(A)
    relatives = {**facts.relatives, D: replace(known(D).holder, support_since=TODAY)}
    found = entry(replace(facts, relatives=relatives), "fuhyo")
    assert (ids(found), found.scopes) == ((A, B, C), ("koseki_one",))


@pytest.mark.parametrize("kind", FAMILY)
def test_a_member_of_whom_it_is_not_known_what_is_entered_is_as_if_everything_were(kind: str) -> None:
    facts = known(A)
    relatives = {key: one for key, one in facts.relatives.items() if key != B}
    found = entry(replace(facts, relatives=relatives), kind)
    assert (ids(found), found.scopes) == ((A, C), ("koseki_one",))


@pytest.mark.parametrize("block", ["all", "koseki"])
def test_a_blocked_member_is_not_on_the_koseki_and_all_is_not_offered(block: str) -> None:
    facts = with_person(known(A), B, lambda one: replace(one, blocks=frozenset({block})))
    found = entry(facts, "koseki")
    assert (ids(found), found.scopes) == ((A, C), ("koseki_one",))


def test_where_only_all_is_offered_and_one_is_blocked_the_kind_is_refused() -> None:
    certificates = tuple(
        msgspec.structs.replace(one, scopes=("koseki_all",)) if one.kind == "koseki" else one
        for one in TAKAOKA.certificates
    )
    profile = msgspec.structs.replace(TAKAOKA, certificates=certificates)
    facts = with_person(known(A), B, lambda one: replace(one, blocks=frozenset({"all"})))
    assert entry(facts, "koseki", profile).refusal == Refusal(Reason.BLOCKED)


def test_a_move_out_filed_where_one_lives_is_of_no_matter_to_the_municipality_of_the_honseki() -> None:
    facts = with_holder(
        known(A, ISHIKARI.code, home=TAKAOKA.code), lambda one: replace(one, leaving_filed=TODAY)
    )
    assert entry(facts, "koseki", ISHIKARI, "honseki").refusal is None


@pytest.mark.parametrize("kind", FAMILY)
@pytest.mark.parametrize(
    ("whom", "own", "refused"),
    [("person", True, True), ("person", False, False), ("household", False, True), ("nobody", True, False)],
)
def test_a_support_measure_keeps_its_person_from_the_family_at_the_municipality_of_the_honseki_too(
    kind: str, whom: str, own: bool, refused: bool
) -> None:
    profile = msgspec.structs.replace(ISHIKARI, support_blocks=whom)
    facts = with_person(
        known(A, ISHIKARI.code, home=TAKAOKA.code),
        A if own else B,
        lambda one: replace(one, support_since=TODAY - DAY),
    )
    refusal = Refusal(Reason.BLOCKED) if refused else None
    assert entry(facts, kind, profile, "honseki").refusal == refusal


def test_the_koseki_of_the_couple_is_not_that_of_the_parents() -> None:
    assert {one.person for one in koseki(COUPLE).members} == {D, E}

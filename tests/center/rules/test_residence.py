"""Where one lives: whom each certificate names, and what stands in the way (R15, R18, R25, subject rules)."""

from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Literal

import msgspec
import pytest

from daemon.center.facts import Resident
from daemon.center.rules import Hidden
from daemon.issuance.calendar import TOKYO
from daemon.issuance.messages import Reason, Refusal
from daemon.issuance.profile import Offering, Profile
from tests.center.rules.town import (
    ISHIKARI,
    NOON,
    TAKAOKA,
    TODAY,
    A,
    B,
    C,
    entry,
    hidden,
    ids,
    known,
    with_holder,
    with_person,
)

BLOCKED = Refusal(Reason.BLOCKED)
YESTERDAY = TODAY - timedelta(days=1)
Whom = Literal["person", "household"]


def leaving(one: Resident) -> Resident:
    return replace(one, leaving_filed=TODAY)


def protected(one: Resident) -> Resident:
    return replace(one, support_since=TODAY)


def ruled(**changes: object) -> Profile:
    return msgspec.structs.replace(TAKAOKA, **changes)


# ---------------------------------------------------------------- the household


def test_r15_a_juminhyo_names_the_household_and_nobody_else() -> None:
    found = entry(known(A), "juminhyo")
    assert ids(found) == (A, B, C)
    assert found.scopes == ("self", "all", "part")


def test_r26_a_kisaijiko_certificate_is_offered_only_where_the_profile_has_it() -> None:
    assert "kisaijiko" not in {one.kind for one in TAKAOKA.certificates}
    juminhyo = TAKAOKA.certificates[0]
    offering = msgspec.structs.replace(juminhyo, kind="kisaijiko", name="住民票記載事項証明書")
    profile = ruled(certificates=(juminhyo, offering))
    found = entry(known(A), "kisaijiko", profile)
    assert (found.name, ids(found), found.scopes) == (
        "住民票記載事項証明書",
        (A, B, C),
        ("self", "all", "part"),
    )


def test_a_filed_move_out_keeps_the_person_from_every_certificate_of_the_municipality() -> None:
    facts = with_holder(known(A), leaving)
    for kind in ("juminhyo", "koseki", "fuhyo"):
        assert entry(facts, kind).refusal == BLOCKED
    assert entry(facts, "juminhyo").persons


def test_a_filed_move_out_of_another_member_leaves_the_household_incomplete() -> None:
    found = entry(with_person(known(A), B, leaving), "juminhyo")
    assert (ids(found), found.scopes, found.refusal) == ((A, C), ("self", "part"), None)


def test_where_the_profile_says_so_a_filed_move_out_keeps_back_the_whole_household() -> None:
    profile = ruled(move_out_blocks="household")
    assert entry(with_person(known(A), B, leaving), "juminhyo", profile).refusal == BLOCKED


@pytest.mark.parametrize(("whom", "refusal"), [("person", None), ("household", BLOCKED)])
def test_a_support_measure_of_a_member_hides_that_member_or_stops_the_household(
    whom: Whom, refusal: Refusal | None
) -> None:
    found = entry(with_person(known(A), B, protected), "juminhyo", ruled(support_blocks=whom))
    assert (ids(found), found.refusal) == ((A, C), refusal)
    assert "all" not in found.scopes


def test_where_a_support_measure_stops_nobody_all_are_named() -> None:
    found = entry(with_person(known(A), B, protected), "juminhyo", ruled(support_blocks="nobody"))
    assert (ids(found), found.refusal) == ((A, B, C), None)


def test_a_support_measure_keeps_its_own_person_from_certificates() -> None:
    assert entry(with_holder(known(A), protected), "juminhyo").refusal == BLOCKED


@pytest.mark.parametrize("change", [leaving, protected])
def test_what_was_filed_is_in_force_on_the_same_day_or_only_from_the_next(
    change: type[Resident] | object,
) -> None:
    assert callable(change)
    facts = with_holder(known(A), change)
    assert entry(facts, "juminhyo", ruled(blocks_from="same-day")).refusal == BLOCKED
    overnight = ruled(blocks_from="next-day")
    assert entry(facts, "juminhyo", overnight).refusal is None
    assert entry(facts, "juminhyo", overnight, now=NOON + timedelta(days=1)).refusal == BLOCKED


# ---------------------------------------------------------------- the seal


def test_r18_r22_without_a_registered_seal_the_certificate_is_hidden_and_the_log_may_know_why() -> None:
    assert hidden(known(A))["inkan"] is Hidden.NO_SEAL


def test_r18_a_seal_certificate_is_for_oneself_alone() -> None:
    facts = with_person(known(A), B, lambda one: replace(one, seal_registered=YESTERDAY))
    assert hidden(facts)["inkan"] is Hidden.NO_SEAL
    found = entry(with_holder(facts, lambda one: replace(one, seal_registered=YESTERDAY)), "inkan")
    assert (ids(found), found.scopes) == ((A,), ())


# ---------------------------------------------------------------- tax


def summer(year: int = 2026) -> datetime:
    """After the switch to the 年度 of the year."""
    return datetime(year, 8, 1, 12, 0, tzinfo=TOKYO)


def with_years(years: int, kind: str = "shotoku_kazei") -> Profile:
    """Ishikari with so many 年度 on offer."""
    offering = ISHIKARI.offering("shotoku_kazei")
    assert offering is not None
    assert offering.tax is not None
    more = msgspec.structs.replace(
        offering, kind=kind, tax=msgspec.structs.replace(offering.tax, years=years)
    )
    return msgspec.structs.replace(ISHIKARI, certificates=(more,))


def test_r25_a_tax_certificate_is_for_oneself_and_of_the_latest_year() -> None:
    found = entry(known(A, ISHIKARI.code), "shotoku_kazei", ISHIKARI, now=summer())
    assert ids(found) == (A,)
    assert [(year.year, year.label) for year in found.years] == [(2026, "令和8年度")]


def test_r26_older_years_are_offered_only_where_the_profile_has_them() -> None:
    found = entry(known(A, ISHIKARI.code), "shotoku_kazei", with_years(3), now=summer())
    assert [year.year for year in found.years] == [2026, 2025, 2024]


@pytest.mark.parametrize("kind", ["shotoku", "kazei", "nozei"])
def test_tax_certificates_can_be_split_and_keep_the_rule(kind: str) -> None:
    found = entry(known(A, ISHIKARI.code), kind, with_years(1, kind), now=summer())
    assert [year.year for year in found.years] == [2026]


def test_r25_a_year_on_whose_first_of_january_one_lived_elsewhere_is_not_offered() -> None:
    facts = known(A, ISHIKARI.code)
    taxes = {**facts.taxes, 2025: replace(facts.taxes[2025], municipality=TAKAOKA.code)}
    found = entry(replace(facts, taxes=taxes), "shotoku_kazei", with_years(3), now=summer())
    assert [year.year for year in found.years] == [2026, 2024]


def test_r25_r22_who_was_taxed_here_in_no_year_on_offer_does_not_see_the_certificate() -> None:
    facts = replace(known(A, ISHIKARI.code), taxes={})
    assert hidden(facts, ISHIKARI, now=summer())["shotoku_kazei"] is Hidden.NOT_TAXED_HERE


def test_r25_who_was_taxed_here_and_has_moved_away_is_not_served_here() -> None:
    """Resident on 1 January and now: the municipality that has the year no longer has the person."""
    facts = known(A, TAKAOKA.code)
    taxes = {2026: replace(facts.taxes[2026], municipality=ISHIKARI.code)}
    profile = msgspec.structs.replace(TAKAOKA, certificates=(_tax_offering(),))
    assert hidden(replace(facts, taxes=taxes), profile, now=summer()) == {
        "shotoku_kazei": Hidden.NOT_TAXED_HERE
    }


def _tax_offering() -> Offering:
    found = ISHIKARI.offering("shotoku_kazei")
    assert found is not None
    return found


# ---------------------------------------------------------------- fees and hours


def test_r27_r29_r30_everybody_pays_the_fee_of_the_profile() -> None:
    assert entry(known(A), "juminhyo").fee == 200
    assert entry(known(A), "koseki").fee == 350
    assert entry(known(A, ISHIKARI.code), "juminhyo", ISHIKARI).fee == 350
    assert entry(known(A, ISHIKARI.code), "koseki", ISHIKARI).fee == 450


def test_r22_a_kind_without_a_fee_today_is_hidden() -> None:
    before = datetime(2020, 1, 1, 12, 0, tzinfo=TOKYO)
    assert set(hidden(known(A), now=before).values()) == {Hidden.NO_FEE_TODAY}


def test_r34_outside_the_hours_a_kind_is_listed_and_refused() -> None:
    refusal = entry(known(A), "juminhyo", now=NOON.replace(hour=23)).refusal
    assert refusal is not None
    assert refusal.reason is Reason.HOURS
    assert entry(known(A), "juminhyo", now=NOON.replace(hour=22, minute=59)).refusal is None


def test_r16_who_was_born_today_is_of_the_household_like_anybody() -> None:
    found = entry(with_person(known(A), C, lambda one: replace(one, born=date(2026, 4, 1))), "juminhyo")
    assert ids(found) == (A, B, C)

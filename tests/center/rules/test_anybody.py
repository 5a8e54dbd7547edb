"""Whatever the registry says: who may not be is never offered; what is offered can be ordered (R15–R28)."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.center.facts import Koseki, Member, Resident
from daemon.center.rules import Entry, Known, Listing, listing, order_refusal
from daemon.issuance.calendar import TOKYO
from daemon.issuance.messages import Purpose, Reason
from daemon.issuance.profile import Profile
from tests.center.rules.town import ISHIKARI, TAKAOKA, TODAY, A, fuhyo_of, resident, tax, wish

PEOPLE = range(1, 9)
KINDS_OF_FAMILY = ("koseki", "fuhyo")
days = st.none() | st.integers(-40, 1).map(lambda n: TODAY + timedelta(days=n))
codes = st.sampled_from([TAKAOKA.code, ISHIKARI.code])
towns = st.sampled_from([TAKAOKA, ISHIKARI])
moments = st.datetimes(datetime(2026, 4, 1), datetime(2026, 4, 2)).map(lambda at: at.replace(tzinfo=TOKYO))
blocks = st.frozensets(st.sampled_from(["all", "juminhyo", "inkan", "koseki", "fuhyo"]), max_size=1)


@st.composite
def profiles(draw: st.DrawFn) -> Profile:
    return msgspec.structs.replace(
        draw(towns),
        move_out_blocks=draw(st.sampled_from(["person", "household"])),
        support_blocks=draw(st.sampled_from(["person", "household", "nobody"])),
        blocks_from=draw(st.sampled_from(["same-day", "next-day"])),
    )


@st.composite
def residents(draw: st.DrawFn, person: int, municipality: str, honseki: str) -> Resident:
    nobody = _plain(person, municipality, honseki)
    return replace(
        nobody,
        relation=draw(st.sampled_from(["世帯主", "妻", "子", "母"])),
        blocks=draw(blocks),
        leaving_filed=draw(days),
        support_since=draw(days),
        seal_registered=draw(st.none() | st.just(date(2020, 1, 1))),
        address=replace(nobody.address, filed=draw(st.dates(date(2026, 1, 1), TODAY))),
    )


@st.composite
def registers(draw: st.DrawFn) -> Known:
    """Person 1 holds the card. The household is some of the people, the koseki are others."""
    home, honseki = draw(codes), draw(codes)
    household = {1} | draw(st.sets(st.sampled_from(PEOPLE), max_size=4))
    recorded = draw(st.permutations(sorted({1} | draw(st.sets(st.sampled_from(PEOPLE), max_size=4)))))
    people = {one: draw(residents(one, home, honseki)) for one in sorted(household | set(recorded))}
    members = tuple(_member(one, draw(st.booleans())) for one in recorded)
    family = Koseki(1, honseki, "", "", (), members, draw(days))
    years = draw(st.sets(st.integers(2024, 2026)))
    return Known(
        holder=people[1],
        household=tuple(people[one] for one in sorted(household)),
        koseki=draw(st.just(family) | st.none()),
        fuhyo=draw(st.just(fuhyo_of(family)) | st.none()),
        relatives={one: people[one] for one in recorded if draw(st.booleans())},
        taxes={year: tax(1, year, draw(codes)) for year in years},
    )


@st.composite
def lists(draw: st.DrawFn) -> tuple[Known, Profile, Listing, datetime]:
    facts, profile, now = draw(registers()), draw(profiles()), draw(moments)
    purpose: Purpose = draw(st.sampled_from(["residence", "honseki"]))
    return facts, profile, listing(profile, facts, purpose, now), now


def _plain(person: int, municipality: str, honseki: str) -> Resident:
    return replace(
        resident(A, municipality), id=person, name=f"人 {person}", koseki=1, koseki_municipality=honseki
    )


def _member(person: int, removed: bool) -> Member:
    return Member(person, str(person), f"人 {person}", date(1990, 1, 1), "", "", "", "", removed)


def able(found: Entry) -> bool:
    return found.refusal is None


@settings(max_examples=100, deadline=None)
@given(lists())
def test_r15_nobody_outside_of_the_household_is_ever_on_its_certificates(
    case: tuple[Known, Profile, Listing, datetime],
) -> None:
    facts, _, listed, _ = case
    household = {one.id for one in facts.household}
    for found in listed.entries:
        if found.kind not in KINDS_OF_FAMILY:
            assert {one.id for one in found.persons} <= household


@settings(max_examples=100, deadline=None)
@given(lists())
def test_r19_r20_r26_nobody_outside_of_the_koseki_nor_removed_from_it_is_ever_on_its_certificates(
    case: tuple[Known, Profile, Listing, datetime],
) -> None:
    facts, profile, listed, _ = case
    members = facts.koseki.members if facts.koseki else ()
    active = {one.person for one in members if not one.removed}
    for found in listed.entries:
        if found.kind in KINDS_OF_FAMILY:
            assert {one.id for one in found.persons} <= active
            assert facts.holder.id in active
            assert facts.koseki is not None
            assert facts.koseki.municipality == profile.code


@settings(max_examples=100, deadline=None)
@given(lists())
def test_who_is_blocked_or_protected_is_on_nobody_elses_certificate(
    case: tuple[Known, Profile, Listing, datetime],
) -> None:
    facts, profile, listed, now = case
    blocked = {one.id: one.blocks for one in facts.household if one.id != facts.holder.id}
    overnight = profile.blocks_from == "next-day"
    protected = {
        one.id
        for one in facts.household
        if one.support_since is not None
        and one.support_since <= now.date() - timedelta(days=overnight)
        and profile.support_blocks != "nobody"
    } - {facts.holder.id}
    for found in listed.entries:
        for one in found.persons:
            if found.kind == "juminhyo":
                assert not blocked.get(one.id, frozenset()) & {"all", "juminhyo"}
                assert one.id not in protected


@settings(max_examples=100, deadline=None)
@given(lists())
def test_r18_r22_each_kind_of_the_profile_is_either_listed_or_hidden_in_its_order(
    case: tuple[Known, Profile, Listing, datetime],
) -> None:
    facts, profile, listed, _ = case
    kinds = [one.kind for one in profile.certificates]
    there = [one.kind for one in listed.entries]
    hidden = [kind for kind, _ in listed.hidden]
    assert sorted(there + hidden) == sorted(kinds)
    assert there == [kind for kind in kinds if kind in there]
    assert "inkan" not in there or facts.holder.seal_registered is not None


@settings(max_examples=100, deadline=None)
@given(lists())
def test_r23_r34_outside_the_hours_or_while_a_notification_is_pending_nothing_can_be_ordered(
    case: tuple[Known, Profile, Listing, datetime],
) -> None:
    facts, profile, listed, now = case
    pending = facts.koseki.pending if facts.koseki else None
    for found in listed.entries:
        if not profile.hours.includes(now.time()):
            assert not able(found)
        if found.kind in KINDS_OF_FAMILY and pending is not None and pending <= now.date():
            assert not able(found)


@settings(max_examples=100, deadline=None)
@given(lists())
def test_what_is_offered_can_be_ordered_by_everybody_named_and_by_nobody_else(
    case: tuple[Known, Profile, Listing, datetime],
) -> None:
    facts, _, listed, _ = case
    for found in filter(able, listed.entries):
        everybody = tuple(one.id for one in found.persons)
        for scope in found.scopes or ("self",):
            holder = facts.holder.id
            people = everybody if scope in ("all", "koseki_all", "part") else (holder,)
            if scope == "koseki_one":
                people = everybody[:1]
            request = wish(found, people, scope=scope)
            assert order_refusal(request, found, found, holder, set(people), 10) is None
            refusal = order_refusal(request, found, found, holder, {99}, 10)
            assert refusal is not None
            assert refusal.reason is Reason.BAD_REQUEST

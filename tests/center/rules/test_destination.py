"""Which municipality serves a holder, and the 利用登録 that some need (R21, R41, R42)."""

from datetime import datetime, timedelta

import msgspec
import pytest

from daemon.center.facts import Registered
from daemon.center.rules import destination_refusal, municipality_of
from daemon.issuance.calendar import TOKYO
from daemon.issuance.hours import Maintenance
from daemon.issuance.messages import Purpose, Reason, Refusal
from daemon.issuance.profile import Profile
from tests.center.rules.town import ISHIKARI, NOON, TAKAOKA, TODAY, A, known, registered

DAY = timedelta(days=1)
HOME, HONSEKI = TAKAOKA.code, ISHIKARI.code


def reason(
    purpose: Purpose,
    honseki: str = HONSEKI,
    profile: Profile | None = ISHIKARI,
    done: Registered | None = None,
    now: datetime = NOON,
) -> Reason | None:
    """Of somebody who lives in Takaoka."""
    found = told(purpose, honseki, profile, done, now)
    return found.reason if found else None


def told(
    purpose: Purpose,
    honseki: str = HONSEKI,
    profile: Profile | None = ISHIKARI,
    done: Registered | None = None,
    now: datetime = NOON,
) -> Refusal | None:
    return destination_refusal(purpose, known(A, honseki, home=HOME).holder, profile, done, now)


def test_r21_the_municipality_is_that_of_the_residence_or_that_of_the_honseki() -> None:
    holder = known(A, HONSEKI, home=HOME).holder
    assert municipality_of("residence", holder) == HOME
    assert municipality_of("honseki", holder) == HONSEKI
    assert municipality_of("register", holder) == HONSEKI


@pytest.mark.parametrize("purpose", ["honseki", "register"])
def test_r41_who_lives_where_the_honseki_is_needs_neither(purpose: Purpose) -> None:
    assert reason(purpose, honseki=HOME, profile=TAKAOKA) is Reason.SAME_MUNICIPALITY


@pytest.mark.parametrize("purpose", ["residence", "honseki", "register"])
def test_r41_a_municipality_that_is_not_served_here_offers_nothing(purpose: Purpose) -> None:
    assert reason(purpose, profile=None) is Reason.NOT_OFFERED


@pytest.mark.parametrize("purpose", ["honseki", "register"])
def test_r41_takaoka_takes_no_registration_and_issues_to_nobody_who_lives_elsewhere(
    purpose: Purpose,
) -> None:
    holder = known(A, TAKAOKA.code, home=ISHIKARI.code).holder
    found = destination_refusal(purpose, holder, TAKAOKA, None, NOON)
    assert found == Refusal(Reason.NOT_OFFERED)


def test_r42_before_the_registration_nothing_is_issued_and_it_can_be_filed() -> None:
    assert reason("honseki") is Reason.REGISTRATION_NEEDED
    assert reason("register") is None


@pytest.mark.parametrize("purpose", ["honseki", "register"])
def test_r42_until_it_is_completed_the_day_is_told_from_which_it_works(purpose: Purpose) -> None:
    ready = TODAY + 5 * DAY
    found = told(purpose, done=registered(ready), now=NOON + 4 * DAY)
    first_moment = datetime(ready.year, ready.month, ready.day, tzinfo=TOKYO)
    assert found == Refusal(Reason.REGISTRATION_PENDING, until=first_moment)


def test_r41_from_that_day_on_certificates_can_be_had_and_once_is_enough() -> None:
    done = registered(TODAY + 5 * DAY)
    later = NOON + 5 * DAY
    assert reason("honseki", done=done, now=later) is None
    assert reason("register", done=done, now=later) is Reason.ALREADY_REGISTERED
    first_moment = datetime(2026, 4, 6, tzinfo=TOKYO)
    assert reason("honseki", done=done, now=first_moment) is Reason.HOURS


def test_r34_the_hours_are_those_of_the_municipality_that_is_asked() -> None:
    new_year = datetime(2026, 12, 30, 12, 0, tzinfo=TOKYO)
    done = registered(TODAY)
    assert reason("honseki", done=done, now=new_year) is Reason.CLOSED_DAY
    assert reason("residence", profile=TAKAOKA, now=new_year) is None


def test_the_registration_has_maintenance_of_its_own() -> None:
    stop = Maintenance(datetime(2026, 4, 1, 9, 0), datetime(2026, 4, 1, 13, 0), ("register",))
    profile = msgspec.structs.replace(ISHIKARI, maintenance=(stop,))
    assert reason("register", profile=profile) is Reason.MAINTENANCE
    assert reason("honseki", profile=profile, done=registered(TODAY)) is None

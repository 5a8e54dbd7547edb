"""A center of several municipalities, and the 利用登録 of those whose 本籍 is elsewhere (R21, R41, R42)."""

from collections.abc import Iterator
from datetime import datetime, timedelta

import msgspec
import pytest
from sqlalchemy import update

from daemon.center import tables
from daemon.center.offices import Office, Offices
from daemon.issuance.calendar import TOKYO
from daemon.issuance.messages import (
    Entitlement,
    Precheck,
    Purpose,
    Reason,
    Refusal,
    Refused,
    Registration,
    RegistrationRequest,
)
from daemon.issuance.numbers import parse
from daemon.issuance.order import check
from daemon.issuance.profile import load_profile
from tests.center.world import (
    ISHIKARI,
    NOON,
    PROFILE,
    SESSION,
    TERMINAL,
    World,
    manifest_of,
    request_for,
)

DAY = timedelta(days=1)
OTHER_SESSION = "77" * 16
ID = "0a" * 16


@pytest.fixture
def both() -> Iterator[World]:
    """Takaoka's center, which serves Ishikari too."""
    world = World(also=[load_profile(ISHIKARI)])
    yield world
    world.close()


def refusal(world: World, holder: str, purpose: Purpose = "residence") -> Refusal:
    with pytest.raises(Refused) as refused:
        world.enter(holder, purpose=purpose)
    return refused.value.refusal


def kinds(entitlement: Entitlement) -> list[str]:
    return [offer.kind for offer in entitlement.offers]


def register(world: World, id: str = ID, session: str = SESSION) -> Registration:
    return world.service.register(RegistrationRequest(id, TERMINAL, session))


# ---------------------------------------------------------------- by residence


def test_a_resident_of_the_other_municipality_gets_its_certificates_at_its_fees(both: World) -> None:
    entitlement = both.enter("daichi")
    assert entitlement.municipality.code == "012351"
    assert kinds(entitlement) == ["juminhyo", "inkan", "koseki", "fuhyo", "shotoku_kazei"]
    assert [offer.fee for offer in entitlement.offers] == [350, 350, 450, 350, 350]


def test_its_name_mayor_and_number_are_on_the_paper(both: World) -> None:
    entitlement = both.enter("daichi")
    request = request_for(entitlement)
    sealed = both.service.order(request)
    manifest = check(sealed, both.expected(request, entitlement, "daichi"), both.keyring, NOON)
    assert manifest.municipality == "012351"
    assert parse(manifest.copies[0].number).municipality == "012351"


def test_r34_the_hours_are_those_of_the_municipality_that_is_asked(both: World) -> None:
    both.clock.now = datetime(2026, 12, 30, 12, 0, tzinfo=TOKYO)
    told = refusal(both, "daichi")
    assert (told.reason, told.municipality) == (
        Reason.CLOSED_DAY,
        load_profile(ISHIKARI).municipality(),
    )
    assert both.enter("taro").municipality.code == "162027"


def test_whose_municipality_is_not_served_is_told_so_and_not_before_the_pin(world: World) -> None:
    world.service.precheck(Precheck(TERMINAL, f"{world.serial('daichi'):x}"))
    assert refusal(world, "daichi") == Refusal(Reason.NOT_OFFERED)


def test_r3_by_serial_alone_the_age_is_that_of_the_municipality_of_residence(both: World) -> None:
    ishikari = msgspec.structs.replace(load_profile(ISHIKARI), min_age=18)
    both.offices.update(Office(ishikari, "", sample=True))
    with pytest.raises(Refused) as refused:
        both.service.precheck(Precheck(TERMINAL, f"{both.serial('hina'):x}"))
    assert refused.value.refusal == Refusal(Reason.UNDERAGE)
    both.service.precheck(Precheck(TERMINAL, f"{both.serial('sakura'):x}"))


def test_a_profile_that_was_read_anew_counts_from_the_next_operation_on(both: World) -> None:
    closed = msgspec.structs.replace(both.profile, certificates=both.profile.certificates[:1])
    entitlement = both.enter("taro")
    both.offices.update(Office(closed, "new", sample=True))
    with pytest.raises(Refused) as refused:
        both.service.order(request_for(entitlement, "inkan"))
    assert refused.value.refusal.reason is Reason.NOT_ENTITLED
    assert kinds(both.enter("taro")) == ["juminhyo"]
    assert both.service.status().profile == "new"


def test_offices_are_of_one_kind_and_each_there_once() -> None:
    takaoka, ishikari = (Office(load_profile(file), "", sample=True) for file in (PROFILE, ISHIKARI))
    with pytest.raises(ValueError, match="each municipality once"):
        Offices(takaoka, takaoka)
    with pytest.raises(ValueError, match="real people or invented ones"):
        Offices(takaoka, Office(ishikari.profile, "", sample=False))
    with pytest.raises(KeyError):
        Offices(takaoka).update(ishikari)


# ---------------------------------------------------------------- by 本籍


def test_r21_r41_who_has_registered_gets_the_koseki_family_of_the_honseki(both: World) -> None:
    entitlement = both.enter("noboru", purpose="honseki")
    assert entitlement.municipality.code == "012351"
    assert kinds(entitlement) == ["koseki", "fuhyo"]
    everybody = tuple(one.name for one in entitlement.offers[0].persons)
    request = request_for(entitlement, "koseki", scope="koseki_all", names=everybody)
    sealed = both.service.order(request)
    manifest = check(sealed, both.expected(request, entitlement, "noboru"), both.keyring, NOON)
    assert manifest.municipality == "012351"


@pytest.mark.parametrize(
    ("holder", "reason"),
    [
        ("taro", Reason.SAME_MUNICIPALITY),
        ("daichi", Reason.SAME_MUNICIPALITY),
        ("megumi", Reason.REGISTRATION_NEEDED),
        ("hayato", Reason.REGISTRATION_NEEDED),
        ("ryoko", Reason.NOT_OFFERED),
        ("lan", Reason.NOT_OFFERED),
    ],
)
def test_r41_who_gets_nothing_of_the_honseki_is_told_why(both: World, holder: str, reason: Reason) -> None:
    assert refusal(both, holder, "honseki").reason is reason


def test_r42_while_it_is_pending_the_day_is_told(both: World) -> None:
    told = refusal(both, "akane", "honseki")
    assert told.reason is Reason.REGISTRATION_PENDING
    assert told.until == datetime(2026, 4, 4, tzinfo=TOKYO)
    both.clock.now = NOON + 3 * DAY
    assert both.enter("akane", purpose="honseki").municipality.code == "012351"


def test_r41_a_municipality_that_offers_no_registration_issues_to_nobody_from_elsewhere() -> None:
    world = World(load_profile(ISHIKARI), also=[load_profile(PROFILE)])
    with world.engine.begin() as connection:
        homes = tables.households
        connection.execute(update(homes).where(homes.c.id == 1).values(municipality="012351"))
    assert refusal(world, "taro", "honseki").reason is Reason.NOT_OFFERED
    world.close()


def test_r22_t_hides_the_koseki_family_from_residents_whose_honseki_is_elsewhere(both: World) -> None:
    assert not {"koseki", "fuhyo"} & set(kinds(both.enter("megumi")))


# ---------------------------------------------------------------- 利用登録


def test_r41_the_whole_way_of_a_registration(both: World) -> None:
    entitlement = both.enter("megumi", purpose="register")
    assert (entitlement.municipality.code, entitlement.offers) == ("012351", ())
    assert entitlement.registration_days == 5
    done = register(both)
    assert (done.registration, done.municipality.code, done.days) == (ID, "012351", 5)
    assert done.ready == "2026-04-06"
    both.clock.now = NOON + 4 * DAY
    assert refusal(both, "megumi", "honseki").reason is Reason.REGISTRATION_PENDING
    both.clock.now = NOON + 5 * DAY
    assert kinds(both.enter("megumi", purpose="honseki")) == ["koseki", "fuhyo"]


def test_r41_who_lives_where_nobody_is_served_can_register_with_the_honseki(both: World) -> None:
    both.enter("hayato", purpose="register")
    assert register(both).municipality.code == "012351"


def test_p4_a_repeated_registration_is_answered_alike(both: World) -> None:
    both.enter("megumi", purpose="register")
    first = register(both)
    both.clock.now += timedelta(minutes=1)
    assert register(both) == first


def test_r41_once_is_enough(both: World) -> None:
    both.enter("megumi", purpose="register")
    register(both)
    with pytest.raises(Refused) as refused:
        register(both, "0b" * 16)
    assert refused.value.refusal.reason is Reason.REGISTRATION_PENDING
    assert refusal(both, "megumi", "register").reason is Reason.REGISTRATION_PENDING
    assert refusal(both, "noboru", "register").reason is Reason.ALREADY_REGISTERED


def test_the_id_of_a_registration_is_of_its_own_session(both: World) -> None:
    both.enter("megumi", purpose="register")
    register(both)
    both.enter("hayato", OTHER_SESSION, "register")
    other = register(both, ID, OTHER_SESSION)
    assert other.ready == "2026-04-06"
    with pytest.raises(Refused) as refused:
        register(both, ID, "99" * 16)
    assert refused.value.refusal.reason is Reason.NOT_ENTITLED


@pytest.mark.parametrize(
    ("holder", "reason"),
    [("taro", Reason.SAME_MUNICIPALITY), ("ryoko", Reason.NOT_OFFERED), ("lan", Reason.NOT_OFFERED)],
)
def test_r41_who_needs_none_or_can_have_none_is_told_why(both: World, holder: str, reason: Reason) -> None:
    assert refusal(both, holder, "register") == Refusal(reason)


def test_r42_a_phone_files_no_registration_whatever_the_kiosk_says(both: World) -> None:
    """megumi can, until her certificate is one on a phone."""
    both.enter("megumi", purpose="register")
    with both.engine.begin() as connection:
        mine = tables.certificates.c.serial == f"{both.serial('megumi'):x}"
        connection.execute(update(tables.certificates).where(mine).values(phone=True))
    assert refusal(both, "megumi", "register") == Refusal(Reason.NOT_ENTITLED)
    assert both.enter("megumi").offers
    assert both.registry.registration(14, "012351") is None


def test_nobody_registers_who_came_for_certificates(both: World) -> None:
    both.enter("megumi")
    with pytest.raises(Refused) as refused:
        register(both)
    assert refused.value.refusal.reason is Reason.NOT_ENTITLED
    assert both.registry.registration(14, "012351") is None


def test_nothing_is_issued_to_who_came_to_register(both: World) -> None:
    entitlement = both.enter("megumi", purpose="register")
    with pytest.raises(Refused) as refused:
        both.service.order(request_for(entitlement))
    assert refused.value.refusal.reason is Reason.NOT_ENTITLED


def test_p12_what_ended_meanwhile_is_refused_when_the_registration_is_filed(both: World) -> None:
    both.enter("megumi", purpose="register")
    with both.engine.begin() as connection:
        connection.execute(update(tables.certificates).values(revoked=True))
    with pytest.raises(Refused) as refused:
        register(both)
    assert refused.value.refusal.reason is Reason.REVOKED


def test_who_moved_to_the_honseki_meanwhile_is_served_anew_and_not_by_what_was_shown(both: World) -> None:
    entitlement = both.enter("noboru")
    with both.engine.begin() as connection:
        homes = tables.households
        connection.execute(update(homes).where(homes.c.id == 6).values(municipality="012351"))
    with pytest.raises(Refused) as refused:
        both.service.order(request_for(entitlement))
    assert refused.value.refusal == Refusal(Reason.CHANGED)


def test_the_number_of_an_order_for_the_other_municipality_is_closed_like_any(both: World) -> None:
    request = request_for(both.enter("daichi"))
    number = manifest_of(both.service.order(request)).copies[0].number
    record = both.registry.order(request.order)
    assert record is not None
    assert record.numbers == {number: None}


def test_the_log_says_why_a_kind_is_hidden_and_of_nobody(
    both: World, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    both.enter("megumi")
    assert "koseki koseki-elsewhere" in caplog.text
    assert "高橋" not in caplog.text

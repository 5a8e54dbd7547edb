"""The center's operations, as a kiosk meets them: R1 to R34 in the scope of this issue, P3, P4, P10, P12."""

import logging
from datetime import date, datetime, timedelta

import msgspec
import pytest
from sqlalchemy import delete, insert, select, update

from daemon.center import tables
from daemon.center.sample import SAMPLE_HOLDERS
from daemon.issuance.calendar import TOKYO
from daemon.issuance.hours import Maintenance
from daemon.issuance.messages import (
    ChallengeRequest,
    CopyOutcome,
    Entitlement,
    Manifest,
    Offer,
    OrderCancel,
    OrderClose,
    OrderRequest,
    Precheck,
    Reason,
    Refused,
    SealedOrder,
)
from daemon.issuance.numbers import parse
from daemon.issuance.order import check
from daemon.issuance.profile import Fee, load_profile, profile_hash
from tests.center.world import (
    NOON,
    ORDER,
    PROFILE,
    SESSION,
    TERMINAL,
    World,
    make_card,
    manifest_of,
    request_for,
    sign,
)

OTHER_SESSION = "77" * 16


def reason_of(refused: pytest.ExceptionInfo[Refused]) -> Reason:
    return refused.value.refusal.reason


def offer_of(entitlement: Entitlement, kind: str) -> Offer:
    return next(offer for offer in entitlement.offers if offer.kind == kind)


def states(world: World) -> dict[str, str | None]:
    with world.engine.connect() as connection:
        table = tables.numbers
        rows = connection.execute(select(table.c.number, table.c.outcome)).all()
    return {row.number: row.outcome for row in rows}


# ---------------------------------------------------------------- before the PIN


@pytest.mark.parametrize(
    ("holder", "reason"),
    [
        ("kenta", Reason.UNDERAGE),
        ("misaki", Reason.LAPSED),
        ("revoked", Reason.REVOKED),
        ("unknown", Reason.UNKNOWN_CERTIFICATE),
    ],
)
def test_by_serial_alone_a_card_is_refused_with_its_cause(world: World, holder: str, reason: Reason) -> None:
    with pytest.raises(Refused) as refused:
        world.service.precheck(Precheck(TERMINAL, f"{SAMPLE_HOLDERS[holder].serial:x}"))
    assert reason_of(refused) is reason


@pytest.mark.parametrize("holder", ["taro", "hanako", "sakura", "makoto", "ryoko"])
def test_by_serial_alone_a_good_card_is_accepted(world: World, holder: str) -> None:
    world.service.precheck(Precheck(TERMINAL, f"{SAMPLE_HOLDERS[holder].serial:x}"))


def test_by_serial_alone_nothing_else_is_told_of_a_person(world: World) -> None:
    """R3: whoever has a serial learns of the age, never that somebody is protected, has moved out or died."""
    serials = [f"{SAMPLE_HOLDERS[one].serial:x}" for one in ("taro", "hanako", "makoto", "ryoko")]
    people, homes = tables.residents, tables.addresses
    with world.engine.begin() as connection:
        connection.execute(insert(tables.blocks).values(resident=1, kind="all"))
        connection.execute(update(people).where(people.c.id == 2).values(state="moved-out"))
        connection.execute(update(homes).where(homes.c.resident == 2).values(until=date(2026, 3, 15)))
        connection.execute(update(people).where(people.c.id == 5).values(state="dead"))
        values = {"resident": 7, "kind": "all", "cause": "support", "entered": date(2026, 3, 1)}
        connection.execute(insert(tables.blocks).values(values))
    for serial in serials:
        world.service.precheck(Precheck(TERMINAL, serial))
    told = {"taro": Reason.BLOCKED, "hanako": Reason.NOT_ENTITLED, "makoto": Reason.NOT_ENTITLED}
    for holder, reason in told.items():
        with pytest.raises(Refused) as refused:
            world.enter(holder)
        assert reason_of(refused) is reason


def test_a_terminal_may_pre_check_thirty_times_a_minute_and_the_log_says_when_it_does_more(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    serial = f"{SAMPLE_HOLDERS['taro'].serial:x}"
    for _ in range(30):
        world.service.precheck(Precheck(TERMINAL, serial))
    with pytest.raises(Refused) as refused:
        world.service.precheck(Precheck(TERMINAL, serial))
    assert reason_of(refused) is Reason.TOO_MANY
    (record,) = caplog.records
    assert (record.levelname, TERMINAL in record.getMessage()) == ("WARNING", True)
    assert serial not in record.getMessage()
    world.service.precheck(Precheck("T02", serial))
    world.clock.now += timedelta(minutes=1)
    world.service.precheck(Precheck(TERMINAL, serial))


def test_unknown_serials_count_too_so_that_none_can_be_guessed(world: World) -> None:
    reasons = []
    for serial in range(40):
        with pytest.raises(Refused) as refused:
            world.service.precheck(Precheck(TERMINAL, f"{serial:x}"))
        reasons.append(reason_of(refused))
    assert reasons == [Reason.UNKNOWN_CERTIFICATE] * 30 + [Reason.TOO_MANY] * 10


@pytest.mark.parametrize(
    ("terminal", "serial"), [("", "5a0001"), ("T 1", "5a0001"), ("T01", ""), ("T01", "5A"), ("T01", "5" * 41)]
)
def test_what_is_no_terminal_or_no_serial_is_not_looked_up(world: World, terminal: str, serial: str) -> None:
    with pytest.raises(Refused) as refused:
        world.service.precheck(Precheck(terminal, serial))
    assert reason_of(refused) is Reason.BAD_REQUEST


def test_the_refusals_by_serial_hold_after_the_pin_too(world: World) -> None:
    with pytest.raises(Refused) as refused:
        world.enter("kenta")
    assert reason_of(refused) is Reason.UNDERAGE


# ---------------------------------------------------------------- authentication


def test_a_holder_is_told_what_can_be_had_in_the_profiles_order(world: World) -> None:
    entitlement = world.enter("taro")
    assert entitlement.holder.name == "山田 太郎"
    assert [offer.kind for offer in entitlement.offers] == ["juminhyo", "inkan", "koseki", "fuhyo"]
    assert [offer.fee for offer in entitlement.offers] == [200, 200, 350, 200]
    assert [offer.name for offer in entitlement.offers][2:] == ["戸籍証明書", "戸籍の附票の写し"]
    assert offer_of(entitlement, "juminhyo").scopes == ("self", "all", "part")
    assert offer_of(entitlement, "juminhyo").items == ("head", "honseki", "mynumber")
    assert offer_of(entitlement, "inkan").scopes == ()
    assert offer_of(entitlement, "inkan").persons == (entitlement.holder,)
    assert all(offer.refusal is None for offer in entitlement.offers)


def test_without_a_registered_seal_the_inkan_certificate_is_hidden(world: World) -> None:
    assert "inkan" not in [offer.kind for offer in world.enter("hanako").offers]


def test_a_kind_without_a_fee_today_is_hidden(world: World) -> None:
    later = Fee(300, date(2026, 4, 2))
    juminhyo, *others = world.profile.certificates
    certificates = (msgspec.structs.replace(juminhyo, fees=(later,)), *others)
    changed = World(msgspec.structs.replace(world.profile, certificates=certificates))
    assert [offer.kind for offer in changed.enter("taro").offers] == ["inkan", "koseki", "fuhyo"]
    changed.close()


def test_handles_are_of_one_session_only(world: World) -> None:
    first = world.enter("taro")
    second = world.enter("makoto", OTHER_SESSION)
    assert first.holder.handle != second.holder.handle
    stolen = msgspec.structs.replace(
        request_for(second, session=OTHER_SESSION), subjects=(first.holder.handle,)
    )
    with pytest.raises(Refused) as refused:
        world.service.order(stolen)
    assert reason_of(refused) is Reason.BAD_REQUEST


def test_a_challenge_is_good_for_one_attempt(world: World) -> None:
    request = world.signed(world.challenge(), make_card(SAMPLE_HOLDERS["taro"].serial))
    world.service.authenticate(request)
    with pytest.raises(Refused) as refused:
        world.service.authenticate(request)
    assert reason_of(refused) is Reason.CHALLENGE


def test_a_challenge_is_good_for_60_seconds(world: World) -> None:
    request = world.signed(world.challenge(), make_card(SAMPLE_HOLDERS["taro"].serial))
    world.clock.now += timedelta(seconds=60)
    with pytest.raises(Refused) as refused:
        world.service.authenticate(request)
    assert reason_of(refused) is Reason.CHALLENGE


def test_a_challenge_is_of_the_session_that_asked_for_it(world: World) -> None:
    challenge = world.challenge(OTHER_SESSION)
    request = world.signed(challenge, make_card(SAMPLE_HOLDERS["taro"].serial), SESSION)
    with pytest.raises(Refused) as refused:
        world.service.authenticate(request)
    assert reason_of(refused) is Reason.CHALLENGE


def test_a_signature_of_something_else_is_refused(world: World) -> None:
    request = world.signed(world.challenge(), make_card(SAMPLE_HOLDERS["taro"].serial))
    with pytest.raises(Refused) as refused:
        world.service.authenticate(msgspec.structs.replace(request, signature=sign(bytes(32))))
    assert reason_of(refused) is Reason.SIGNATURE


def test_an_expired_certificate_is_refused(world: World) -> None:
    card = make_card(SAMPLE_HOLDERS["taro"].serial, until=NOON - timedelta(seconds=1))
    with pytest.raises(Refused) as refused:
        world.service.authenticate(world.signed(world.challenge(), card))
    assert reason_of(refused) is Reason.EXPIRED


def test_of_a_household_under_protection_nothing_is_served(world: World) -> None:
    with world.engine.begin() as connection:
        connection.execute(insert(tables.blocks).values(resident=1, kind="all"))
    with pytest.raises(Refused) as refused:
        world.enter("taro")
    assert reason_of(refused) is Reason.BLOCKED


@pytest.mark.parametrize("state", ["moved-out", "dead"])
def test_who_is_no_longer_resident_gets_nothing(world: World, state: str) -> None:
    with world.engine.begin() as connection:
        connection.execute(update(tables.residents).values(state=state))
    with pytest.raises(Refused) as refused:
        world.enter("taro")
    assert reason_of(refused) is Reason.NOT_ENTITLED


@pytest.mark.parametrize("known", ["the last address", "no household"])
def test_who_moved_to_where_the_registry_does_not_reach_gets_nothing_and_is_told_so(
    world: World, known: str
) -> None:
    """E1, as anybody who is not resident; no error of the center."""
    people, homes = tables.residents, tables.addresses
    with world.engine.begin() as connection:
        connection.execute(update(people).where(people.c.id == 1).values(state="moved-out"))
        connection.execute(update(homes).where(homes.c.resident == 1).values(until=date(2026, 3, 15)))
        if known == "no household":
            connection.execute(update(people).where(people.c.id == 1).values(household=None))
    with pytest.raises(Refused) as refused:
        world.enter("taro")
    assert reason_of(refused) is Reason.NOT_ENTITLED


# ---------------------------------------------------------------- an order


@pytest.mark.parametrize("kind", ["juminhyo", "inkan"])
def test_an_order_passes_every_check_of_the_kiosk(world: World, kind: str) -> None:
    entitlement = world.enter("taro")
    request = request_for(entitlement, offer_of(entitlement, kind).kind, copies=3)
    sealed = world.service.order(request)
    manifest = check(sealed, world.expected(request, entitlement), world.keyring, NOON)
    assert [parse(copy.number).serial for copy in manifest.copies] == [1, 2, 3]


def test_a_retry_gets_the_very_same_answer_and_no_new_numbers(world: World) -> None:
    request = request_for(world.enter())
    first = world.service.order(request)
    assert world.service.order(request) == first
    assert len(states(world)) == 1


def test_another_request_under_a_used_order_id_is_refused(world: World) -> None:
    entitlement = world.enter()
    world.service.order(request_for(entitlement))
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement, copies=2))
    assert reason_of(refused) is Reason.DUPLICATE


def test_a_cancelled_order_voids_its_numbers_and_never_returns(world: World) -> None:
    request = request_for(world.enter(), copies=2)
    world.service.order(request)
    world.service.cancel(OrderCancel(ORDER, TERMINAL))
    assert set(states(world).values()) == {"void"}
    with pytest.raises(Refused) as refused:
        world.service.order(request)
    assert reason_of(refused) is Reason.CANCELLED


def test_an_order_that_comes_after_its_cancel_is_refused(world: World) -> None:
    entitlement = world.enter()
    world.service.cancel(OrderCancel(ORDER, TERMINAL))
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement))
    assert reason_of(refused) is Reason.CANCELLED
    assert not states(world)


def test_a_voided_number_is_never_given_again(world: World) -> None:
    entitlement = world.enter()
    first = manifest_of(world.service.order(request_for(entitlement)))
    world.service.cancel(OrderCancel(ORDER, TERMINAL))
    second = manifest_of(world.service.order(request_for(entitlement, order="ab" * 16)))
    assert first.copies[0].number != second.copies[0].number


def test_a_closed_order_is_not_answered_again(world: World) -> None:
    request = request_for(world.enter())
    number = manifest_of(world.service.order(request)).copies[0].number
    world.service.close(OrderClose(ORDER, TERMINAL, {number: CopyOutcome.DELIVERED}))
    with pytest.raises(Refused) as refused:
        world.service.order(request)
    assert reason_of(refused) is Reason.DUPLICATE


def test_closing_writes_down_how_each_copy_ended_and_can_be_repeated(world: World) -> None:
    request = request_for(world.enter(), copies=2)
    one, other = (copy.number for copy in manifest_of(world.service.order(request)).copies)
    outcomes = {one: CopyOutcome.DELIVERED, other: CopyOutcome.IN_DOUBT}
    for _ in range(2):
        world.service.close(OrderClose(ORDER, TERMINAL, outcomes))
    assert states(world) == {one: "delivered", other: "in-doubt"}


def test_a_close_for_an_order_that_never_came_keeps_it_from_coming(world: World) -> None:
    entitlement = world.enter()
    world.service.close(OrderClose(ORDER, TERMINAL, {}))
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement))
    assert reason_of(refused) is Reason.CANCELLED


def test_another_terminal_can_neither_cancel_nor_close_an_order(world: World) -> None:
    world.service.order(request_for(world.enter()))
    with pytest.raises(Refused):
        world.service.cancel(OrderCancel(ORDER, "T02"))
    with pytest.raises(Refused):
        world.service.close(OrderClose(ORDER, "T02", {}))
    assert set(states(world).values()) == {None}


def test_entitlement_is_read_again_when_the_order_is_made(world: World) -> None:
    entitlement = world.enter("taro")
    with world.engine.begin() as connection:
        connection.execute(delete(tables.seals))
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement, "inkan"))
    assert reason_of(refused) is Reason.NOT_ENTITLED


def test_a_certificate_revoked_during_the_session_gets_nothing_more(world: World) -> None:
    entitlement = world.enter("taro")
    with world.engine.begin() as connection:
        connection.execute(update(tables.certificates).values(revoked=True))
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement))
    assert reason_of(refused) is Reason.REVOKED


def test_the_page_shows_the_register_of_the_moment_of_issue(world: World) -> None:
    entitlement = world.enter("taro")
    before = world.service.order(request_for(entitlement))
    with world.engine.begin() as connection:
        connection.execute(update(tables.addresses).values(text="富山県高岡市中田9999番地"))
    after = world.service.order(request_for(entitlement, order="ab" * 16))
    assert before.pdfs != after.pdfs


def test_hours_are_checked_again_at_the_order(world: World) -> None:
    world.clock.now = NOON.replace(hour=22, minute=59)
    entitlement = world.enter()
    world.clock.now = NOON.replace(hour=23)
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement))
    assert (refused.value.refusal.reason, refused.value.refusal.close) == (Reason.HOURS, "23:00")


def test_a_kind_under_maintenance_is_listed_with_its_end_and_refused() -> None:
    stop = Maintenance(datetime(2026, 4, 1, 10, 0), datetime(2026, 4, 1, 23, 30), ("inkan",))
    world = World(msgspec.structs.replace(load_profile(PROFILE), maintenance=(stop,)))
    entitlement = world.enter()
    refusal = offer_of(entitlement, "inkan").refusal
    assert refusal is not None
    assert (refusal.reason, refusal.until) == (Reason.MAINTENANCE, datetime(2026, 4, 2, tzinfo=TOKYO))
    assert offer_of(entitlement, "juminhyo").refusal is None
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement, "inkan"))
    assert refused.value.refusal == refusal
    world.close()


def test_a_blocked_kind_is_listed_with_its_reason(world: World) -> None:
    with world.engine.begin() as connection:
        connection.execute(insert(tables.blocks).values(resident=1, kind="inkan"))
    refusal = offer_of(world.enter(), "inkan").refusal
    assert refusal is not None
    assert refusal.reason is Reason.BLOCKED


def test_a_name_the_font_cannot_draw_is_refused_before_any_number_is_given(world: World) -> None:
    entitlement = world.enter("ryoko")
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement))
    assert reason_of(refused) is Reason.CHARACTER
    assert not states(world)


def test_an_order_that_cannot_be_laid_out_is_cancelled_and_its_numbers_are_void(world: World) -> None:
    """P3: it never comes back, and no number of it does."""
    entitlement = world.enter()
    with world.engine.begin() as connection:
        connection.execute(update(tables.addresses).values(text="富山県高岡市 " * 600))
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement))
    assert reason_of(refused) is Reason.OUT_OF_SERVICE
    (number,) = states(world)
    assert states(world) == {number: "void"}
    with world.engine.begin() as connection:
        connection.execute(update(tables.addresses).values(text="富山県高岡市"))
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement))
    assert reason_of(refused) is Reason.CANCELLED
    sealed = world.service.order(request_for(entitlement, order="ab" * 16))
    assert manifest_of(sealed).copies[0].number != number


def refused_form(entitlement: Entitlement) -> list[OrderRequest]:
    good = request_for(entitlement)
    replace = msgspec.structs.replace
    return [
        replace(good, order="not-128-bits"),
        replace(good, copies=0),
        replace(good, copies=11),
        replace(good, scope="all"),
        replace(good, items=("mynumber", "head")),
        replace(good, items=("head", "head")),
        replace(good, subjects=()),
        replace(good, subjects=good.subjects * 2),
        replace(good, kind="inkan", items=("head",)),
        replace(good, terminal="T-01"),
    ]


@pytest.mark.parametrize("which", range(10))
def test_an_order_of_another_form_is_refused(world: World, which: int) -> None:
    request = refused_form(world.enter())[which]
    with pytest.raises(Refused) as refused:
        world.service.order(request)
    assert reason_of(refused) is Reason.BAD_REQUEST
    assert not states(world)


@pytest.mark.parametrize("kind", ["kisaijiko", "shotoku_kazei"])
def test_r26_kinds_that_the_profile_does_not_offer_are_refused(world: World, kind: str) -> None:
    request = msgspec.json.encode(request_for(world.enter())).replace(b"juminhyo", kind.encode())
    with pytest.raises(Refused) as refused:
        world.service.order(msgspec.json.decode(request, type=OrderRequest))
    assert reason_of(refused) is Reason.NOT_ENTITLED


def test_a_sample_registry_serves_no_real_kiosk(world: World) -> None:
    entitlement = world.enter()
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement, sample=False))
    assert reason_of(refused) is Reason.SAMPLE_MIXED


# ---------------------------------------------------------------- sessions


def test_a_certificate_has_one_live_session(world: World) -> None:
    earlier = world.enter("taro")
    world.enter("taro", OTHER_SESSION)
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(earlier))
    assert reason_of(refused) is Reason.NOT_ENTITLED


def test_a_session_ends_after_30_minutes_with_its_documents(world: World) -> None:
    request = request_for(world.enter())
    world.service.order(request)
    world.clock.now += timedelta(minutes=30)
    world.service.sweep()
    with pytest.raises(Refused) as refused:
        world.service.order(request)
    assert reason_of(refused) is Reason.DUPLICATE


def test_nobody_orders_without_having_been_authenticated(world: World) -> None:
    entitlement = world.enter()
    with pytest.raises(Refused) as refused:
        world.service.order(request_for(entitlement, session=OTHER_SESSION))
    assert reason_of(refused) is Reason.NOT_ENTITLED


def test_the_manifest_names_what_was_ordered_and_no_resident(world: World) -> None:
    entitlement = world.enter("taro")
    sealed: SealedOrder = world.service.order(request_for(entitlement, items=("head", "mynumber"), copies=2))
    manifest: Manifest = manifest_of(sealed)
    assert manifest.items == ("head", "mynumber")
    assert manifest.municipality == "162027"
    assert manifest.issued == "2026-04-01"
    assert manifest.expires > NOON
    assert "山田".encode() not in sealed.manifest
    assert f"{SAMPLE_HOLDERS['taro'].serial:x}".encode() not in sealed.manifest


@pytest.mark.parametrize(("order", "terminal"), [("x", TERMINAL), (ORDER, "T-01"), (ORDER + "\n", TERMINAL)])
def test_ids_of_another_form_are_refused_everywhere(world: World, order: str, terminal: str) -> None:
    for ask in (
        lambda: world.service.challenge(ChallengeRequest(terminal, order)),
        lambda: world.service.cancel(OrderCancel(order, terminal)),
        lambda: world.service.close(OrderClose(order, terminal, {})),
    ):
        with pytest.raises(Refused) as refused:
            ask()
        assert reason_of(refused) is Reason.BAD_REQUEST


def test_the_log_tells_what_happened_and_of_nobody(world: World, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    world.service.order(request_for(world.enter("taro"), items=("head", "honseki", "mynumber")))
    with pytest.raises(Refused):
        world.service.order(
            request_for(world.enter("ryoko", OTHER_SESSION), session=OTHER_SESSION, order="ab" * 16)
        )
    world.service.cancel(OrderCancel(ORDER, TERMINAL))
    person = world.registry.resident(1)
    personal = (person.name, "山田", "太郎", person.address.text, person.mynumber, "5a0001", "5a0008")
    assert ORDER in caplog.text
    assert not [word for word in personal if word in caplog.text]


def test_the_status_says_whose_center_it_is(world: World) -> None:
    status = world.service.status()
    assert (status.center, status.sample, status.key) == ("center-162027", True, world.sealer.key)
    assert status.profile == profile_hash(PROFILE)
    assert [office.name for office in status.municipality.offices][:1] == ["高岡市役所本庁舎"]

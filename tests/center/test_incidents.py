"""What has gone wrong in deployed systems (REQUIREMENTS §5), at the center: none of it can happen here.

The kiosk's half of each is in tests/flow/test_center_lies.py.
"""

from datetime import timedelta

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import update

from daemon.center import tables
from daemon.issuance.messages import (
    Authentication,
    ChallengeRequest,
    CopyOutcome,
    Entitlement,
    OrderCancel,
    OrderClose,
    OrderRequest,
    Reason,
    Refused,
    ReissueRequest,
    SealedOrder,
)
from daemon.issuance.order import check
from daemon.issuance.pages import page_texts, stands_below
from daemon.issuance.seal import challenge_message
from tests.center.world import (
    NOON,
    ORDER,
    SESSION,
    TERMINAL,
    World,
    make_card,
    manifest_of,
    request_for,
    sign,
)

OTHER_SESSION, OTHER_ORDER = "77" * 16, "ab" * 16
NAMES = {"taro": "山田 太郎", "makoto": "渡邉\U000e010f 誠"}
TERMINALS = {"taro": "T01", "makoto": "T02"}
SESSIONS = {"taro": SESSION, "makoto": OTHER_SESSION}


def enter_at(world: World, holder: str) -> Entitlement:
    """At a kiosk of this holder's own."""
    terminal, session = TERMINALS[holder], SESSIONS[holder]
    challenge = world.service.challenge(ChallengeRequest(terminal, session))
    message = challenge_message(challenge.center, terminal, session, challenge.nonce, challenge.expires)
    card = make_card(world.serial(holder))
    request = Authentication(terminal, session, challenge.nonce, card.certificate, sign(message))
    return world.service.authenticate(request)


def wish(entitlement: Entitlement, holder: str, order: str, copies: int = 1) -> OrderRequest:
    request = request_for(entitlement, order=order, session=SESSIONS[holder], copies=copies)
    return msgspec.structs.replace(request, terminal=TERMINALS[holder])


def names_on(sealed: SealedOrder) -> set[str]:
    """Of all pages."""
    fronts = [text for pdf in sealed.pdfs for text in page_texts(pdf)[::2]]
    return {name for name in NAMES.values() for text in fronts if stands_below("氏名", name, text)}


def reason(refused: pytest.ExceptionInfo[Refused]) -> Reason:
    return refused.value.refusal.reason


def test_two_kiosks_in_the_same_second_get_each_their_own_pages_and_numbers(world: World) -> None:
    """P1, P2: nothing is named by the time; the clock does not move in this test."""
    one, other = enter_at(world, "taro"), enter_at(world, "makoto")
    first = world.service.order(wish(one, "taro", ORDER, 2))
    second = world.service.order(wish(other, "makoto", OTHER_ORDER, 2))
    assert (first.order, second.order) == (ORDER, OTHER_ORDER)
    assert names_on(first) == {NAMES["taro"]}
    assert names_on(second) == {NAMES["makoto"]}
    numbers = [copy.number for sealed in (first, second) for copy in manifest_of(sealed).copies]
    assert len(set(numbers)) == 4


def test_an_order_that_was_given_up_has_no_late_reply(world: World) -> None:
    """P3: the kiosk's time ran out; whatever comes later, nothing is issued under that id."""
    request = wish(enter_at(world, "taro"), "taro", ORDER)
    world.service.cancel(OrderCancel(ORDER, TERMINAL))
    with pytest.raises(Refused) as refused:
        world.service.order(request)
    assert reason(refused) is Reason.CANCELLED
    next_one = world.service.order(wish(enter_at(world, "makoto"), "makoto", OTHER_ORDER))
    assert names_on(next_one) == {NAMES["makoto"]}


def test_a_retry_after_a_lost_answer_is_one_issue(world: World) -> None:
    """P4: the same bytes, the same numbers, however often it is asked."""
    request = wish(enter_at(world, "taro"), "taro", ORDER, 3)
    first = world.service.order(request)
    assert [world.service.order(request) for _ in range(3)] == [first] * 3
    record = world.registry.order(ORDER)
    assert record is not None
    assert len(record.numbers) == 3


def test_the_same_order_id_for_another_wish_is_refused(world: World) -> None:
    """P4: a duplicate that is none."""
    request = wish(enter_at(world, "taro"), "taro", ORDER)
    world.service.order(request)
    with pytest.raises(Refused) as refused:
        world.service.order(msgspec.structs.replace(request, copies=2))
    assert reason(refused) is Reason.DUPLICATE


def test_a_seal_abolished_between_listing_and_issue_is_not_certified(world: World) -> None:
    """P12, R18."""
    entitlement = enter_at(world, "taro")
    assert "inkan" in [offer.kind for offer in entitlement.offers]
    with world.engine.begin() as connection:
        connection.execute(update(tables.seals).values(abolished=NOON.date()))
    request = request_for(entitlement, "inkan")
    with pytest.raises(Refused) as refused:
        world.service.order(request)
    assert reason(refused) is Reason.NOT_ENTITLED
    assert world.registry.order(ORDER) is None


def test_a_seal_abolished_between_issue_and_re_issue_is_not_certified_again(world: World) -> None:
    """P12, P13."""
    sealed = world.service.order(request_for(enter_at(world, "taro"), "inkan"))
    number = manifest_of(sealed).copies[0].number
    with world.engine.begin() as connection:
        connection.execute(update(tables.seals).values(abolished=NOON.date()))
    with pytest.raises(Refused) as refused:
        world.service.reissue(ReissueRequest(ORDER, TERMINAL, SESSION, number))
    assert reason(refused) is Reason.NOT_ENTITLED


def test_one_certificate_at_two_kiosks_has_one_live_session(world: World) -> None:
    """P10: the later one ends the earlier; a stale order of it finds nobody."""
    stale = wish(enter_at(world, "taro"), "taro", ORDER)
    world.enter("taro", "99" * 16)
    with pytest.raises(Refused) as refused:
        world.service.order(stale)
    assert reason(refused) is Reason.NOT_ENTITLED


@pytest.mark.parametrize("outcome", list(CopyOutcome))
def test_each_copy_is_closed_at_the_center_with_its_own_end(world: World, outcome: CopyOutcome) -> None:
    sealed = world.service.order(wish(enter_at(world, "taro"), "taro", ORDER, 2))
    one, other = (copy.number for copy in manifest_of(sealed).copies)
    outcomes = {one: CopyOutcome.DELIVERED, other: outcome}
    world.service.close(OrderClose(ORDER, TERMINAL, outcomes))
    record = world.registry.order(ORDER)
    assert record is not None
    assert record.numbers == outcomes


# ---------------------------------------------------------------- two kiosks, in any order

STEPS = st.lists(
    st.tuples(
        st.sampled_from(["taro", "makoto"]),
        st.sampled_from(["enter", "order", "retry", "cancel", "close", "wait"]),
    ),
    min_size=4,
    max_size=14,
)


@settings(max_examples=40, deadline=None)
@given(STEPS)
def test_whatever_two_kiosks_do_each_gets_only_its_own_and_no_number_twice(
    steps: list[tuple[str, str]],
) -> None:
    """P1, P2, P4, P6, P10."""
    world = World()
    entered: dict[str, Entitlement] = {}
    wishes: dict[str, OrderRequest] = {}
    given: dict[str, SealedOrder] = {}
    numbers: list[str] = []
    for place, (holder, step) in enumerate(steps):
        if step == "wait":
            world.clock.now += timedelta(minutes=7)
            continue
        if step == "enter" or holder not in entered:
            entered[holder] = enter_at(world, holder)
            continue
        if step == "order":
            wishes[holder] = wish(entered[holder], holder, f"{place:032x}", 2)
        request = wishes.get(holder)
        if request is None:
            continue
        if step == "cancel":
            world.service.cancel(OrderCancel(request.order, TERMINALS[holder]))
        elif step == "close":
            world.service.close(OrderClose(request.order, TERMINALS[holder], {}))
        else:
            sealed = order_or_nothing(world, request)
            if sealed is None:
                continue
            assert given.setdefault(request.order, sealed) == sealed
            expected = world.expected(request, entered[holder], holder)
            manifest = check(sealed, expected, world.keyring, world.clock.now)
            assert names_on(sealed) == {NAMES[holder]}
            if step == "order":
                numbers += [copy.number for copy in manifest.copies]
    world.close()
    assert len(numbers) == len(set(numbers))


def order_or_nothing(world: World, request: OrderRequest) -> SealedOrder | None:
    """None: the session is over, or the order was ended."""
    try:
        return world.service.order(request)
    except Refused as refused:
        allowed = (Reason.NOT_ENTITLED, Reason.DUPLICATE, Reason.CANCELLED)
        assert refused.refusal.reason in allowed
        return None

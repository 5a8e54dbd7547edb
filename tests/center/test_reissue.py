"""A 通 that jammed is issued once more by the center: one number for another, everything read again (P13)."""

from datetime import timedelta

import pytest
from sqlalchemy import delete, insert, update

from daemon.center import tables
from daemon.issuance.messages import (
    CopyOutcome,
    Entitlement,
    OrderCancel,
    OrderClose,
    Reason,
    Refused,
    ReissueRequest,
    SealedOrder,
)
from daemon.issuance.order import check
from tests.center.test_service import reason_of, states
from tests.center.world import NOON, ORDER, SESSION, TERMINAL, World, manifest_of, request_for

OTHER = "77" * 16


def ordered(world: World, copies: int = 3) -> tuple[Entitlement, list[str]]:
    """An order of 太郎's on hand: its numbers."""
    entitlement = world.enter()
    sealed = world.service.order(request_for(entitlement, copies=copies))
    return entitlement, numbers_of(sealed)


def numbers_of(sealed: SealedOrder) -> list[str]:
    return [copy.number for copy in manifest_of(sealed).copies]


def asked(
    number: str, order: str = ORDER, terminal: str = TERMINAL, session: str = SESSION
) -> ReissueRequest:
    return ReissueRequest(order, terminal, session, number)


def refused(world: World, request: ReissueRequest) -> Reason:
    with pytest.raises(Refused) as error:
        world.service.reissue(request)
    return reason_of(error)


def test_a_reissue_is_one_copy_under_a_new_number_that_passes_every_check(world: World) -> None:
    """P1, P5, P6, P7 once more; the old number is void from the question on."""
    entitlement, numbers = ordered(world)
    sealed = world.service.reissue(asked(numbers[1]))
    assert sealed.order == ORDER
    one = request_for(entitlement, copies=1)
    manifest = check(sealed, world.expected(one, entitlement), world.keyring, NOON)
    (new,) = manifest.copies
    assert new.number not in numbers
    assert states(world) == {numbers[0]: None, numbers[1]: "void", numbers[2]: None, new.number: None}


def test_the_same_question_gets_the_same_answer_and_no_second_number(world: World) -> None:
    """P4."""
    _, numbers = ordered(world)
    first = world.service.reissue(asked(numbers[0]))
    assert world.service.reissue(asked(numbers[0])) == first
    assert len(states(world)) == 4


def test_a_reissued_copy_is_not_issued_a_third_time(world: World) -> None:
    _, numbers = ordered(world)
    (again,) = numbers_of(world.service.reissue(asked(numbers[0])))
    assert refused(world, asked(again)) is Reason.DUPLICATE
    assert len(states(world)) == 4


def test_each_copy_of_an_order_may_be_reissued_by_itself(world: World) -> None:
    _, numbers = ordered(world)
    new = [numbers_of(world.service.reissue(asked(number)))[0] for number in numbers]
    assert len({*numbers, *new}) == 6


def test_a_number_that_is_not_of_this_order_is_not_reissued(world: World) -> None:
    ordered(world)
    assert refused(world, asked("162027-20260401-T01-000099-0")) is Reason.DUPLICATE


@pytest.mark.parametrize(
    "changed",
    [{"terminal": "T02"}, {"session": OTHER}, {"order": OTHER}],
    ids=["terminal", "session", "order"],
)
def test_nobody_else_gets_a_reissue(world: World, changed: dict[str, str]) -> None:
    _, numbers = ordered(world)
    assert refused(world, asked(numbers[0], **changed)) is Reason.NOT_ENTITLED
    assert set(states(world).values()) == {None}


@pytest.mark.parametrize("outcome", list(CopyOutcome))
def test_after_the_end_of_an_order_nothing_of_it_is_reissued(world: World, outcome: CopyOutcome) -> None:
    _, numbers = ordered(world, copies=1)
    world.service.close(OrderClose(ORDER, TERMINAL, {numbers[0]: outcome}))
    assert refused(world, asked(numbers[0])) is Reason.NOT_ENTITLED


def test_a_cancelled_order_is_not_reissued(world: World) -> None:
    _, numbers = ordered(world, copies=1)
    world.service.reissue(asked(numbers[0]))
    world.service.cancel(OrderCancel(ORDER, TERMINAL))
    assert refused(world, asked(numbers[0])) is Reason.NOT_ENTITLED
    assert set(states(world).values()) == {"void"}


def test_eligibility_is_read_again(world: World) -> None:
    """P12: revoked, blocked, or out of hours since the order; P13: the jammed 通 is void all the same."""
    _, numbers = ordered(world)
    with world.engine.begin() as connection:
        connection.execute(update(tables.certificates).values(revoked=True))
    assert refused(world, asked(numbers[0])) is Reason.REVOKED
    with world.engine.begin() as connection:
        connection.execute(update(tables.certificates).values(revoked=False))
        connection.execute(insert(tables.blocks).values(resident=1, kind="all"))
    assert refused(world, asked(numbers[0])) is Reason.BLOCKED
    with world.engine.begin() as connection:
        connection.execute(delete(tables.blocks))
    assert states(world) == {numbers[0]: "void", numbers[1]: None, numbers[2]: None}
    assert numbers_of(world.service.reissue(asked(numbers[0])))


def test_a_copy_that_cannot_be_laid_out_again_leaves_two_void_numbers(world: World) -> None:
    """P13: the old one from the question on, the new one when the order ends; nothing is asked twice."""
    _, numbers = ordered(world)
    with world.engine.begin() as connection:
        connection.execute(update(tables.addresses).values(text="富山県高岡市 " * 600))
    assert refused(world, asked(numbers[0])) is Reason.OUT_OF_SERVICE
    assert refused(world, asked(numbers[0])) is Reason.DUPLICATE
    world.service.close(OrderClose(ORDER, TERMINAL, dict.fromkeys(numbers[1:], CopyOutcome.DELIVERED)))
    (new,) = states(world).keys() - set(numbers)
    assert (states(world)[numbers[0]], states(world)[new]) == ("void", "void")


def test_a_session_that_is_over_gets_nothing_more(world: World) -> None:
    _, numbers = ordered(world)
    world.clock.now += timedelta(minutes=31)
    assert refused(world, asked(numbers[0])) is Reason.NOT_ENTITLED


def test_a_number_whose_answer_was_lost_is_void_when_the_kiosk_closes_without_it(world: World) -> None:
    _, numbers = ordered(world, copies=1)
    (lost,) = numbers_of(world.service.reissue(asked(numbers[0])))
    world.service.close(OrderClose(ORDER, TERMINAL, {numbers[0]: CopyOutcome.VOID}))
    assert states(world) == {numbers[0]: "void", lost: "void"}


# ---------------------------------------------------------------- a void number stays void (P13)


def closes(world: World, *ends: tuple[str, CopyOutcome]) -> None:
    """Taken, whatever it says: a kiosk that is refused would ask for ever."""
    world.service.close(OrderClose(ORDER, TERMINAL, dict(ends)))


def test_p13_a_number_that_was_replaced_is_never_delivered_besides_the_new_one(
    world: World, caplog: pytest.LogCaptureFixture
) -> None:
    _, (old,) = ordered(world, copies=1)
    (new,) = numbers_of(world.service.reissue(asked(old)))
    closes(world, (old, CopyOutcome.DELIVERED), (new, CopyOutcome.DELIVERED))
    assert states(world) == {old: "void", new: "delivered"}
    assert f"{old} is not delivered any more" in caplog.text


def test_p13_a_number_whose_re_issue_was_refused_is_never_delivered(world: World) -> None:
    _, (old,) = ordered(world, copies=1)
    with world.engine.begin() as connection:
        connection.execute(update(tables.certificates).values(revoked=True))
    assert refused(world, asked(old)) is Reason.REVOKED
    closes(world, (old, CopyOutcome.DELIVERED))
    assert states(world) == {old: "void"}


def test_p13_a_cancelled_number_is_never_delivered(world: World) -> None:
    _, (number,) = ordered(world, copies=1)
    world.service.cancel(OrderCancel(ORDER, TERMINAL))
    closes(world, (number, CopyOutcome.DELIVERED))
    assert states(world) == {number: "void"}


@pytest.mark.parametrize("first", list(CopyOutcome))
@pytest.mark.parametrize("then", list(CopyOutcome))
def test_p13_what_is_known_of_a_number_stays_and_only_a_doubt_can_be_settled_later(
    world: World, first: CopyOutcome, then: CopyOutcome
) -> None:
    _, (number,) = ordered(world, copies=1)
    closes(world, (number, first))
    closes(world, (number, then))
    last = then if first is CopyOutcome.IN_DOUBT else first
    assert states(world) == {number: last.value}

"""R31 to R33 at a whole kiosk: unit × 通, 1 to 10 of them, and nothing comes back after a mistake."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.issuance.messages import Offer, Person
from daemon.session import screens
from daemon.session.screens import Wish
from tests.flow.citizen import Wants, citizen, yen
from tests.session.stage import StubSay, virtual_time

EVERY_ITEM = ("head", "honseki", "mynumber")


@pytest.mark.parametrize(
    ("wants", "due"),
    [
        (Wants(), 200),
        (Wants(scope="all"), 200),
        (Wants(scope="all", copies=10), 2000),
        (Wants(scope="part", names=(2, 3), copies=3, items=EVERY_ITEM), 600),
        (Wants(kind="koseki", scope="koseki_all"), 350),
        (Wants(kind="fuhyo", scope="koseki_all", copies=2), 400),
    ],
    ids=["one", "household", "household, 10", "two children, 3", "koseki", "fuhyo, 2"],
)
@virtual_time
async def test_r31_the_fee_is_per_certificate_and_never_per_page_or_person(wants: Wants, due: int) -> None:
    async with citizen(wants=wants) as one:
        await one.to("confirm")
        assert one.table["confirm.fee"] == f"unit.yen n={due}"
        await one.to("payment")
        assert yen(one.table["pay.due"]) == due


@settings(max_examples=50)
@given(
    fee=st.integers(1, 80).map(lambda tens: 10 * tens),
    copies=st.integers(1, 10),
    people=st.integers(1, 8),
)
def test_r31_screen_11_multiplies_the_unit_by_the_copies_alone(fee: int, copies: int, people: int) -> None:
    persons = tuple(Person(f"{at:02}", f"{at}") for at in range(people))
    offer = Offer("juminhyo", fee, 10, ("all",), (), persons)
    screen = screens.confirm(StubSay("ja"), offer, Wish(offer, "all", copies=str(copies)), persons)
    assert f"unit.yen n={fee * copies}" in repr(screen)


@virtual_time
async def test_r32_an_eleventh_copy_cannot_be_typed() -> None:
    async with citizen() as one:
        await one.to("copies")
        await one.type("11")
        await one.press("confirm")
        assert one.table["confirm.copies"] == "unit.copies n=1"


@virtual_time
async def test_r33_a_mistaken_issue_is_neither_exchanged_nor_refunded_and_that_is_said_before_paying() -> (
    None
):
    async with citizen(wants=Wants(coins=(100, 100))) as one:
        await one.to("payment")
        assert "pay.norefund" in one.texts
        await one.to("take")
        await one.press_lever()
        assert "quit" not in one.ids
        await one.to_the_end()
        assert one.parts.bus.money.given_back == 0
        assert await one.outcomes() == ["delivered"]

"""Money acts of staff: in the journal with who and why, and the difference never hidden."""

import pytest

from daemon.session.treasurer import ActRefused, Treasurer
from hal.faults import CASH_LINK_LOST, DeviceError, Fault
from tests.session.stage import PLENTY, Counter, counter

SIGNED = {"who": "17", "why": "round"}


def treasurer(at: Counter) -> Treasurer:
    return Treasurer(at.vendor, at.journal)


async def test_a_refilled_hopper_has_more_coins_and_the_journal_says_who_and_why() -> None:
    async with counter(PLENTY) as at:
        assert await treasurer(at).perform("refill", {100: 20}, "17", "round") == {
            "hopper 100 yen": "50 coins"
        }
        (entry,) = await at.journal.events("cash.filled")
        assert entry.data == {"hopper": "hopper-100", "value": 100, "coins": 20, "before": 30, **SIGNED}


async def test_a_counted_hopper_has_what_was_counted_whatever_its_counter_says() -> None:
    async with counter(PLENTY) as at:
        office = treasurer(at)
        await office.perform("refill", {100: 20}, "17", "round")
        assert await office.perform("count", {100: 48, 10: 50}, "17", "round") == {
            "hopper 10 yen": "50 coins",
            "hopper 100 yen": "48 coins",
        }
        ledger = await office.ledger()
        assert (ledger.hoppers["hopper-100"], ledger.rows()[100].found) == (48, -2)


async def test_what_is_collected_stands_beside_what_the_journal_expects() -> None:
    async with counter(PLENTY) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(100, 100, 500)
        assert await treasurer(at).perform("collect", {100: 3}, "17", "round") == {
            "100 yen": "3 of 2 expected",
            "500 yen": "0 of 1 expected",
        }
        (entry,) = await at.journal.events("cash.collected")
        expected = {"100": "2", "500": "1"}
        assert entry.data == {"coins": {"100": "3"}, "expected": expected, "yen": 300, **SIGNED}
        assert await treasurer(at).perform("collect", {}, "17", "again") == {}


async def test_payouts_after_a_refill_count_down_from_it() -> None:
    async with counter(PLENTY) as at:
        office = treasurer(at)
        await office.perform("refill", {500: 5}, "17", "round")
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(500)
        await at.cashier.give_back()
        ledger = await office.ledger()
        assert ledger.hoppers["hopper-500"] == 14
        assert {stock.value: stock.coins for stock in await at.vendor.stock()}[500] == 14


@pytest.mark.parametrize(
    ("coins", "why", "text"),
    [
        ({}, "round", "say which coins"),
        ({100: 5}, " ", "why is needed"),
        ({100: -5}, "round", "are meant"),
        ({100: 50000}, "round", "are meant"),
        ({5: 10}, "round", "0 hoppers of 5 yen answer; of these values do: 10, 50, 100, 500"),
    ],
)
async def test_an_act_that_cannot_be_is_refused_and_leaves_no_entry(
    coins: dict[int, int], why: str, text: str
) -> None:
    async with counter(PLENTY) as at:
        with pytest.raises(ActRefused, match=text):
            await treasurer(at).perform("refill", coins, "17", why)
        assert await at.journal.events("cash.filled") == []


async def test_nothing_is_refilled_while_the_vendor_is_away() -> None:
    async with counter(PLENTY) as at:
        at.vendor.broken = Fault(CASH_LINK_LOST, "cash", "unplugged")
        with pytest.raises(DeviceError):
            await treasurer(at).perform("refill", {100: 5}, "17", "round")
        assert await at.journal.events("cash.filled") == []

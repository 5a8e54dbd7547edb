"""The cashier: whatever the hoppers do, a payment ends with nothing owed that is not on a claim."""

import asyncio
from datetime import timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.session.book import JournalBook
from daemon.session.cases import claim_number
from daemon.session.cashier import Cashier, Returned
from daemon.session.journal import Journal
from hal.faults import CASH_LINK_LOST, DeviceError, Fault
from tests.session.fake_vendor import FakeVendor
from tests.session.stage import FIELDS, NOON, Counter, Inline, counter

PLENTY = {10: 50, 50: 20, 100: 30, 500: 10}
LOST = Fault(CASH_LINK_LOST, "cash", "unplugged")


async def events(at: Counter, session: str = "s1") -> list[str]:
    return [entry.event for entry in await at.journal.session(session)]


async def test_money_is_invited_until_the_fee_is_complete() -> None:
    async with counter(PLENTY) as at:
        await at.cashier.open("s1", unit=200, copies=2)
        now, exact = await at.cashier.invite()
        assert (now.due, now.credited, exact) == (400, 0, False)
        assert at.vendor.enabled == frozenset(PLENTY)
        await at.vendor.insert(500)
        now, exact = await at.cashier.invite()
        assert (now.funded, exact, at.vendor.enabled) == (True, False, frozenset())


async def test_without_change_exact_money_is_asked_for() -> None:
    async with counter({100: 2, 500: 5}) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        _, exact = await at.cashier.invite()
        assert exact
        assert at.vendor.enabled == {100}


async def test_a_payment_that_could_not_be_given_back_is_not_begun() -> None:
    async with counter({100: 0, 500: 0}) as at:
        assert not at.cashier.can_take(200)
    async with counter(PLENTY) as at:
        assert at.cashier.can_take(200)


async def test_a_coin_that_drops_after_cancel_is_paid_back() -> None:
    async with counter(PLENTY) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(100)
        assert (await at.cashier.fix()).credited == 100
        await at.vendor.insert(50)
        assert await at.cashier.give_back() == Returned(150)
        assert (await at.cashier.balance()).owed == 0


async def test_change_is_what_was_paid_too_much() -> None:
    async with counter(PLENTY) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(500)
        await at.journal.write("print.done", "s1", number="n1", sheets=1)
        assert await at.cashier.give_back() == Returned(300)
        assert at.vendor.payouts == [{100: 3}]


async def test_nothing_owed_nothing_paid() -> None:
    async with counter(PLENTY) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        assert await at.cashier.give_back() == Returned(0)
        assert at.vendor.payouts == []


async def test_what_the_hoppers_cannot_pay_is_a_claim() -> None:
    async with counter({100: 3, 500: 0}) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(500)
        back = await at.cashier.give_back()
        assert (back.paid, back.claimed) == (300, 200)
        (claim,) = await at.journal.events("claim.recorded")
        assert (claim_number(claim), claim.number("yen")) == (back.claim, 200)
        assert (await at.cashier.balance()).owed == 0


async def test_a_hopper_that_holds_less_than_its_counter_says_is_made_up_for_by_the_others() -> None:
    async with counter({100: 30, 500: 1}) as at:
        at.vendor.believed = {500: 3}
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(500, 500, 500)
        assert await at.cashier.give_back() == Returned(1500)
        assert at.vendor.payouts == [{500: 3}, {100: 10}]


async def test_a_hopper_that_turns_out_empty_is_made_up_for_by_the_others() -> None:
    async with counter({100: 30, 500: 0}) as at:
        at.vendor.believed = {500: 1}
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(500)
        assert await at.cashier.give_back() == Returned(500)
        assert at.vendor.payouts == [{500: 1}, {100: 5}]


async def test_a_payout_nobody_can_vouch_for_is_a_case_and_its_rest_a_claim() -> None:
    async with counter({100: 2}) as at:
        at.vendor.believed = {100: 30}
        at.vendor.unsure = {100}
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(500)
        back = await at.cashier.give_back()
        assert back.claimed == 300
        (case,) = await at.journal.events("case.opened")
        assert (case.text("kind"), len(at.vendor.payouts)) == ("payout-unsure", 1)


async def test_a_vendor_that_is_away_leaves_a_claim_of_everything() -> None:
    async with counter(PLENTY) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(100, 50)
        at.vendor.broken = LOST
        assert (await at.cashier.fix()).credited == 150
        back = await at.cashier.give_back()
        assert (back.paid, back.claimed) == (0, 150)


async def test_a_vendor_that_is_away_cannot_invite() -> None:
    async with counter(PLENTY) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        at.vendor.broken = LOST
        with pytest.raises(DeviceError):
            await at.cashier.invite()


async def test_the_next_payment_knows_nothing_of_the_one_before() -> None:
    async with counter(PLENTY) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(100)
        await at.cashier.give_back()
        await at.cashier.open("s2", unit=300, copies=1)
        assert (await at.cashier.balance()).owed == 0
        assert at.cashier.payment == "s2"


async def test_a_late_coin_of_one_citizen_is_no_credit_of_the_next() -> None:
    async with counter(PLENTY) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        await at.cashier.fix()
        await at.cashier.give_back()
        await at.vendor.insert(100)
        await at.cashier.open("s2", unit=200, copies=1)
        assert (await at.cashier.balance()).credited == 0
        (claim,) = await at.journal.events("claim.recorded")
        assert (claim.session, claim.number("yen"), claim.text("reason")) == ("s1", 100, "late-coin")


async def test_claims_that_are_made_at_once_have_numbers_of_their_own(tmp_path: Path) -> None:
    """With the journal's real thread: inline, nothing could come in between."""
    kept = Journal(tmp_path / "j", FIELDS, lambda: NOON, "boot-1")
    await kept.open()
    try:
        book = JournalBook(kept, "s1")
        cashier = Cashier(FakeVendor(book, {}, frozenset()), book, kept)
        numbers = await asyncio.gather(*(cashier.claim(100, "not-paid-out") for _ in range(5)))
        assert len(set(numbers)) == 5
    finally:
        await kept.close()


@pytest.mark.parametrize(("bill", "taken"), [(1000, True), (5000, False)])
async def test_a_bill_is_stacked_only_if_it_can_be_given_back(bill: int, taken: bool) -> None:
    async with counter({100: 30, 500: 10, 1000: 3}) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.hold(bill)
        await at.cashier.settle_escrow()
        assert at.vendor.escrow == 0
        assert (await at.cashier.balance()).credited == (bill if taken else 0)


KNOWN = frozenset({*PLENTY, 1000, 2000, 10000})
RICH = {10: 50, 50: 20, 100: 40, 500: 60}


async def test_bills_above_1000_yen_are_not_invited_and_their_absence_is_no_lack_of_change() -> None:
    async with counter(RICH, KNOWN) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        _, exact = await at.cashier.invite()
        assert at.vendor.enabled == {10, 50, 100, 500, 1000}
        assert not exact


async def test_a_bill_waits_in_escrow_for_the_coins_that_are_missing() -> None:
    async with counter(RICH, KNOWN) as at:
        await at.cashier.open("s1", unit=450, copies=3)
        await at.vendor.hold(1000)
        assert await at.cashier.settle_escrow() == 1000
        assert (at.vendor.escrow, (await at.cashier.balance()).credited) == (1000, 0)
        await at.vendor.insert(100, 100, 100, 50)
        await at.cashier.invite()
        assert at.vendor.enabled == frozenset()
        assert await at.cashier.settle_escrow() == 0
        assert (await at.cashier.balance()).funded


async def test_what_waits_in_escrow_counts_when_coins_are_invited() -> None:
    async with counter({10: 0, 50: 0, 100: 14, 500: 0}, KNOWN) as at:
        await at.cashier.open("s1", unit=450, copies=3)
        await at.vendor.hold(1000)
        await at.cashier.invite()
        assert at.vendor.enabled == {100}


async def test_cancel_gives_back_the_very_bill_and_the_coins() -> None:
    async with counter(RICH, KNOWN) as at:
        await at.cashier.open("s1", unit=450, copies=3)
        await at.vendor.insert(100)
        await at.vendor.hold(1000)
        await at.cashier.settle_escrow()
        await at.cashier.cancel(by_citizen=True)
        assert at.vendor.escrow == 0
        assert await at.cashier.give_back() == Returned(100)
        assert at.vendor.payouts == [{100: 1}]


async def test_a_bill_that_comes_when_the_fee_is_complete_goes_back() -> None:
    async with counter(RICH, KNOWN) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(500)
        await at.vendor.hold(1000)
        assert (await at.cashier.fix()).credited == 500
        assert at.vendor.escrow == 0


async def test_a_bill_that_does_not_come_back_is_a_case_and_nobodys_credit() -> None:
    async with counter(RICH, KNOWN) as at:
        await at.cashier.open("s1", unit=450, copies=3)
        await at.vendor.hold(1000)
        at.vendor.broken = LOST
        await at.cashier.cancel(by_citizen=True)
        (case,) = await at.journal.events("case.opened")
        assert (case.text("kind"), (await at.cashier.balance()).credited) == ("bill-unsure", 0)
        assert not at.cashier.can_take(200)
        at.vendor.broken = None
        await at.cashier.return_bill()
        assert at.cashier.can_take(200)


# ---------------------------------------------------------------- coin washing


async def cancelled(at: Counter, session: str, *coins: int, by_citizen: bool = True) -> None:
    await at.cashier.open(session, unit=200, copies=3)
    await at.vendor.insert(*coins)
    await at.cashier.cancel(by_citizen)
    await at.cashier.give_back()


async def alarms(at: Counter) -> list[str]:
    return [case.text("kind") for case in await at.journal.events("case.opened")]


async def test_three_cancels_with_money_in_within_ten_minutes_close_the_kiosk() -> None:
    async with counter(PLENTY) as at:
        for session in ("s1", "s2"):
            await cancelled(at, session, 500)
        assert await alarms(at) == []
        await cancelled(at, "s3", 500)
        assert await alarms(at) == ["coin-washing"]


async def test_after_an_alarm_three_more_are_counted() -> None:
    async with counter(PLENTY) as at:
        for session in ("s1", "s2", "s3", "s4", "s5"):
            await cancelled(at, session, 100)
        assert await alarms(at) == ["coin-washing"]
        await cancelled(at, "s6", 100)
        assert await alarms(at) == ["coin-washing"] * 2


async def test_a_cancel_without_money_or_by_the_kiosk_itself_is_no_washing() -> None:
    async with counter(PLENTY) as at:
        for number in range(5):
            await cancelled(at, f"empty{number}")
            await cancelled(at, f"fault{number}", 100, by_citizen=False)
        assert await alarms(at) == []


async def test_cancels_of_more_than_ten_minutes_ago_are_forgotten() -> None:
    clock = [NOON]
    kept = Journal(":memory:", FIELDS, lambda: clock[0], "boot-1", Inline())
    await kept.open()
    try:
        book = JournalBook(kept, "nobody")
        vendor = FakeVendor(book, PLENTY, frozenset(PLENTY))
        at = Counter(kept, book, vendor, Cashier(vendor, book, kept))
        for minutes in (0, 6, 12, 18):
            clock[0] = NOON + timedelta(minutes=minutes)
            await cancelled(at, f"s{minutes}", 100)
        assert await alarms(at) == []
        clock[0] += timedelta(minutes=1)
        await cancelled(at, "s19", 100)
        assert await alarms(at) == ["coin-washing"]
    finally:
        await kept.close()


async def test_every_payout_has_its_intent_before_and_its_outcome_after() -> None:
    async with counter(PLENTY) as at:
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(500)
        await at.cashier.fix()
        await at.cashier.give_back()
        assert await events(at) == [
            "payment.opened",
            "cash.credited",
            "cash.marked",
            "payment.fixed",
            "payout.intent",
            "payout.outcome",
            "payout.done",
        ]


@given(
    inserted=st.lists(st.sampled_from(sorted(PLENTY)), max_size=6),
    held=st.fixed_dictionaries({value: st.integers(0, 4) for value in PLENTY}),
    believed=st.fixed_dictionaries({}, optional={value: st.integers(0, 9) for value in PLENTY}),
    unsure=st.sets(st.sampled_from(sorted(PLENTY))),
    away=st.booleans(),
)
async def test_money_is_conserved_whatever_the_hoppers_do(
    inserted: list[int], held: dict[int, int], believed: dict[int, int], unsure: set[int], away: bool
) -> None:
    async with counter(held) as at:
        at.vendor.believed, at.vendor.unsure = believed, unsure
        await at.cashier.open("s1", unit=200, copies=1)
        await at.vendor.insert(*inserted)
        at.vendor.broken = LOST if away else None
        back = await at.cashier.give_back()
        now = await at.cashier.balance()
        assert (now.owed, now.credited) == (0, sum(inserted))
        assert now.paid_out + now.claimed == sum(inserted)
        assert back.claimed == now.claimed

"""Whatever the coin vendor does: what was put in is kept for printed paper, given back, or a claim."""

from dataclasses import replace

import pytest

from drivers.cash import cctalk
from drivers.cash.virtual_validator import VirtualValidator
from tests.flow.citizen import Citizen, Wants, citizen
from tests.flow.whole import HOPPERS, SetUp
from tests.session.stage import virtual_time

TENS, FIFTIES, HUNDREDS, FIVE_HUNDREDS = 3, 4, 5, 6
OVERPAID = Wants(coins=(500,))


def filled(**coins: int) -> SetUp:
    """Hoppers with so many coins: ``filled(y100=2)``; those that are not named are empty."""
    return SetUp(hoppers={k: (value, coins.get(f"y{value}", 0)) for k, (value, _) in HOPPERS.items()})


def all_out_of_order(one: Citizen) -> None:
    for hopper in one.parts.bus.hoppers.values():
        hopper.jam(stays=True)


def unplug(one: Citizen, on: bool = True) -> None:
    """The vendor's cable."""
    for address in (2, *HOPPERS):
        one.parts.bus.silence(address, on)


async def shown_claim(one: Citizen, yen: int) -> None:
    """The number that staff will ask for is on the screen, in the journal and on a slip."""
    await one.until("claim")
    (entry,) = await one.parts.journal.events("claim.recorded")
    assert entry.number("yen") == yen
    assert f"claim.number number={entry.seq:06d} yen={yen}" in one.texts
    await one.rest(2)
    (slip,) = await one.parts.journal.events("claim.slip")
    assert slip.data == {"number": f"{entry.seq:06d}", "code": ""}
    assert len(one.parts.receipts.receipts) == 1


# ---------------------------------------------------------------- change


@virtual_time
async def test_a_hopper_that_jams_during_change_is_helped_out_by_other_coins() -> None:
    async with citizen(wants=OVERPAID) as one:
        await one.to("payment")
        one.parts.bus.hoppers[HUNDREDS].jam(after=1, stays=True)
        await one.to("take")
        assert sorted(one.parts.bus.take_tray()) == [50] * 4 + [100]
        assert await one.claims() == []


@virtual_time
async def test_a_hopper_that_jams_once_is_reset_and_goes_on() -> None:
    async with citizen(wants=OVERPAID) as one:
        await one.to("payment")
        one.parts.bus.hoppers[HUNDREDS].jam(after=1)
        await one.to("take")
        assert one.parts.bus.take_tray() == [100] * 3


@virtual_time
async def test_a_hopper_that_holds_less_than_believed_is_helped_out_by_other_coins() -> None:
    async with citizen(wants=OVERPAID) as one:
        await one.to("payment")
        one.parts.bus.hoppers[HUNDREDS].empty()
        await one.to("take")
        assert one.parts.bus.take_tray() == [50] * 6


@virtual_time
async def test_change_that_nothing_can_pay_is_a_claim_whose_number_is_shown() -> None:
    async with citizen(wants=OVERPAID) as one:
        await one.to("payment")
        all_out_of_order(one)
        await one.to("claim")
        await shown_claim(one, 300)
        await one.to("take")
        assert await one.outcomes() == [""]
        assert len(one.printed) == 1


@virtual_time
async def test_what_was_paid_out_before_the_last_hopper_failed_is_not_claimed_again() -> None:
    async with citizen(filled(y100=10, y50=6, y10=60), OVERPAID) as one:
        await one.to("payment")
        all_out_of_order(one)
        one.parts.bus.hoppers[HUNDREDS].jam(after=2, stays=True)
        await one.to("claim")
        assert one.parts.bus.take_tray() == [100, 100]
        await shown_claim(one, 100)


@virtual_time
async def test_a_refund_that_nothing_can_pay_is_a_claim_too() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100, 10)
        all_out_of_order(one)
        await one.press("quit")
        await shown_claim(one, 110)
        await one.press("quit")
        await one.until("start", "out")
        assert await one.outcomes() == ["void"] * 3


@pytest.mark.parametrize("times", [1, 2, 5])
@virtual_time
async def test_a_lost_reply_to_a_payout_never_pays_twice(times: int) -> None:
    async with citizen(wants=OVERPAID) as one:
        await one.to("payment")
        one.parts.bus.drop_replies(times, cctalk.DISPENSE)
        await one.to("take")
        assert sum(one.parts.bus.take_tray()) == 300
        assert await one.claims() == []


@virtual_time
async def test_a_payout_that_was_never_heard_is_paid_in_the_end() -> None:
    async with citizen(wants=OVERPAID) as one:
        await one.to("payment")
        one.parts.bus.drop_requests(1, cctalk.DISPENSE)
        await one.to("take")
        assert sum(one.parts.bus.take_tray()) == 300


@virtual_time
async def test_a_bad_line_during_change_costs_nobody_a_yen() -> None:
    async with citizen(wants=OVERPAID) as one:
        await one.to("payment")
        await one.insert(500)
        one.parts.bus.corrupt_replies(7)
        one.parts.bus.drop_replies(4)
        await one.to("take")
        assert sum(one.parts.bus.take_tray()) == 300


# ---------------------------------------------------------------- つり銭切れ


@virtual_time
async def test_without_coins_for_change_only_exact_money_is_taken_and_the_screen_says_so() -> None:
    async with citizen(filled(y100=2)) as one:
        await one.to("payment")
        assert "err.nochange" in one.texts
        assert one.parts.bus.insert(500) == "inhibited"
        await one.insert(100, 100)
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"]


@virtual_time
async def test_with_plenty_of_coins_every_coin_is_taken() -> None:
    async with citizen() as one:
        await one.to("payment")
        assert "err.nochange" not in one.texts
        assert one.parts.bus.acceptor.accepting == {10, 50, 100, 500}


@virtual_time
async def test_with_no_coin_that_could_be_returned_cash_is_closed_before_the_order() -> None:
    async with citizen(filled()) as one:
        await one.to("error.cash")
        assert "err.cashclosed" in one.texts
        assert "order.requested" not in await one.told()


@virtual_time
async def test_a_coin_that_came_back_is_told_on_the_screen() -> None:
    async with citizen(filled(y100=2)) as one:
        await one.to("payment")
        one.parts.bus.insert(500)
        await one.rest(1)
        assert "pay.rejected" in one.texts
        assert one.table["pay.paid"] == "unit.yen n=0"


# ---------------------------------------------------------------- bills


BILLS = SetUp(validator=True, hoppers={3: (10, 40), 4: (50, 40), 5: (100, 60), 6: (500, 20)})


def validator_of(one: Citizen) -> VirtualValidator:
    assert one.parts.bus.validator is not None
    return one.parts.bus.validator


@virtual_time
async def test_a_bill_that_completes_the_fee_is_stacked_and_its_change_paid() -> None:
    async with citizen(BILLS) as one:
        await one.to("payment")
        assert "err.nochange" not in one.texts
        assert one.parts.bus.insert_bill(1000) == "held"
        await one.until("take")
        assert (validator_of(one).held, sum(one.parts.bus.take_tray())) == (0, 800)
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"]


@virtual_time
async def test_a_bill_waits_in_escrow_while_coins_are_missing_and_cancel_gives_back_this_very_bill() -> None:
    async with citizen(BILLS, Wants(copies=7)) as one:
        await one.to("payment")
        one.parts.bus.insert_bill(1000)
        await one.rest(1)
        assert (one.table["pay.paid"], one.table["pay.rest"]) == ("unit.yen n=1000", "unit.yen n=400")
        assert validator_of(one).held == 1000
        await one.insert(100)
        assert one.table["pay.rest"] == "unit.yen n=300"
        await one.press("quit")
        await one.until("start")
        assert sorted(one.parts.bus.take_tray()) == [100, 1000]
        assert "bill.held" not in await one.told()


@virtual_time
async def test_a_bill_in_escrow_is_stacked_when_the_last_coin_comes() -> None:
    async with citizen(BILLS, Wants(copies=7)) as one:
        await one.to("payment")
        one.parts.bus.insert_bill(1000)
        await one.rest(1)
        await one.insert(100, 100, 100)
        assert one.parts.bus.insert(100) == "accepted"
        await one.until("take")
        assert (validator_of(one).held, one.parts.bus.take_tray()) == (0, [])
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"] * 7


@virtual_time
async def test_a_bill_without_change_for_it_does_not_even_get_in() -> None:
    async with citizen(replace(filled(y100=9), validator=True)) as one:
        await one.to("payment")
        assert "err.nochange" in one.texts
        assert one.parts.bus.insert_bill(1000) == "inhibited"
        await one.insert(100, 100)
        await one.to_the_end()


@virtual_time
async def test_a_bill_still_in_escrow_when_the_line_is_lost_is_a_case_and_goes_back_with_the_line() -> None:
    async with citizen(BILLS, Wants(copies=7)) as one:
        await one.to("payment")
        one.parts.bus.insert_bill(1000)
        await one.rest(1)
        unplug(one)
        one.parts.bus.silence(40)
        await one.press("quit")
        await one.until("out")
        assert one.cases == ["bill-unsure"]
        unplug(one, on=False)
        one.parts.bus.silence(40, on=False)
        await one.rest(60)
        assert one.parts.bus.take_tray() == [1000]
        await one.resolve()
        await one.until("start")


# ---------------------------------------------------------------- coin washing


@virtual_time
async def test_who_changes_coins_by_cancelling_three_times_finds_the_kiosk_closed() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        for _ in range(3):
            await one.to("payment")
            await one.insert(500)
            await one.press("quit")
            await one.until("start", "out")
        assert one.parts.bus.take_tray() == [500] * 3
        assert (one.sees.name, one.cases) == ("out", ["coin-washing"])
        await one.resolve()
        await one.until("start")


# ---------------------------------------------------------------- the acceptor


@virtual_time
async def test_a_reset_of_the_acceptor_in_mid_payment_loses_and_doubles_nothing() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100, 50)
        one.parts.bus.power_cycle(2)
        await one.rest(1)
        assert one.table["pay.paid"] == "unit.yen n=150"
        await one.insert(100, 100, 100, 100, 50)
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"] * 3


@virtual_time
async def test_a_coin_that_was_inside_at_a_reset_is_noted_for_the_technician() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100)
        one.parts.bus.insert(100, delay=0.5)
        one.parts.bus.power_cycle(2)
        await one.rest(2)
        assert one.table["pay.paid"] == "unit.yen n=100"
        assert "cash.noted" in await one.told()


@virtual_time
async def test_lost_replies_to_polls_credit_every_coin_once() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        one.parts.bus.drop_replies(2, cctalk.READ_CREDITS)
        await one.insert(100)
        one.parts.bus.corrupt_replies(2, cctalk.READ_CREDITS)
        await one.insert(500)
        assert one.table["pay.rest"] == "unit.yen n=0"
        await one.to_the_end()
        assert one.parts.bus.take_tray() == []
        assert await one.outcomes() == ["delivered"] * 3


# ---------------------------------------------------------------- the line


@virtual_time
async def test_a_line_lost_during_payment_and_back_again_goes_on() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100)
        unplug(one)
        await one.rest(15)
        unplug(one, on=False)
        await one.rest(15)
        assert one.table["pay.paid"] == "unit.yen n=100"
        await one.insert(500)
        await one.to_the_end()
        assert await one.outcomes() == ["delivered"] * 3


@virtual_time
async def test_a_line_lost_during_payment_for_good_makes_the_money_a_claim() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100)
        unplug(one)
        await one.press("quit")
        await shown_claim(one, 100)
        await one.until("out")


@virtual_time
async def test_a_line_lost_while_nobody_presses_anything_ends_by_e5_with_a_claim() -> None:
    async with citizen(wants=Wants(copies=3)) as one:
        await one.to("payment")
        await one.insert(100)
        unplug(one)
        await one.rest(300)
        await shown_claim(one, 100)
        await one.until("error.E5")


@virtual_time
async def test_a_line_lost_after_the_fee_is_complete_still_prints_and_the_change_is_a_claim() -> None:
    async with citizen(wants=OVERPAID) as one:
        await one.to("payment")
        await one.insert(500)
        unplug(one)
        await one.to("claim")
        await shown_claim(one, 300)
        await one.to("take")
        assert len(one.printed) == 1


@virtual_time
async def test_a_vendor_that_is_away_before_payment_takes_no_order() -> None:
    async with citizen() as one:
        await one.to("confirm")
        unplug(one)
        await one.rest(15)
        await one.press("confirm")
        await one.until("error.cash")
        assert "payment.opened" not in await one.told()

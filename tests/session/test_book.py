"""The cash driver's book in the journal: each coin once for ever, each payout with its end."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.session.book import JournalBook
from daemon.session.till import balance
from hal.contracts import Credit, CreditMark, PayoutIntent, PayoutOutcome
from hal.faults import CASH_COIN_SWALLOWED, CASH_EVENTS_LOST, Fault
from tests.session.stage import journal

INTENT = PayoutIntent("s1.7", "hopper-100", 100, coins=3, counter=40, events=12)
OUTCOME = PayoutOutcome("s1.7", "hopper-100", 100, asked=3, paid=2, certain=True)


def coin(seq: int, value: int = 100, epoch: int = 0) -> Credit:
    return Credit("acceptor", epoch, seq, value)


def mark(seq: int, epoch: int = 0) -> CreditMark:
    return CreditMark("acceptor", epoch, seq % 256, seq)


async def test_a_device_that_was_never_seen_has_no_mark() -> None:
    async with journal() as kept:
        assert await JournalBook(kept, "s1").mark("acceptor") is None


async def test_the_mark_survives_a_restart_and_belongs_to_its_device(tmp_path: Path) -> None:
    async with journal(tmp_path / "j") as kept:
        book = JournalBook(kept, "s1")
        await book.credit(mark(3), [coin(3)])
        await book.credit(CreditMark("validator", 2, 9, 9), [])
    async with journal(tmp_path / "j", boot="boot-2") as kept:
        assert await JournalBook(kept, "s2").mark("acceptor") == mark(3)


async def test_credits_and_mark_are_one_transaction() -> None:
    async with journal() as kept:
        heads: list[str] = []
        kept.observe(lambda _: heads.append(kept.head))
        await JournalBook(kept, "s1").credit(mark(2), [coin(1), coin(2, 500)])
        assert heads == [kept.head] * 3


async def test_a_replayed_coin_is_credited_to_nobody() -> None:
    async with journal() as kept:
        book = JournalBook(kept, "s1")
        assert await book.credit(mark(1), [coin(1)]) == [coin(1)]
        book.payment = "s2"
        assert await book.credit(mark(2), [coin(1), coin(2)]) == [coin(2)]
        assert balance(await kept.session("s1")).credited == 100
        assert balance(await kept.session("s2")).credited == 100


async def test_the_same_number_after_a_reset_of_the_device_is_another_coin() -> None:
    async with journal() as kept:
        book = JournalBook(kept, "s1")
        await book.credit(mark(1), [coin(1)])
        assert await book.credit(mark(1, epoch=1), [coin(1, epoch=1)]) == [coin(1, epoch=1)]


@given(st.lists(st.lists(st.integers(1, 12), min_size=1, max_size=5, unique=True), max_size=8))
async def test_whatever_is_replayed_each_coin_counts_once(reads: list[list[int]]) -> None:
    async with journal() as kept:
        book = JournalBook(kept, "s1")
        new = [c for seqs in reads for c in await book.credit(mark(max(seqs)), [coin(s) for s in seqs])]
        different = {seq for seqs in reads for seq in seqs}
        assert sorted(credit.seq for credit in new) == sorted(different)
        assert balance(await kept.session("s1")).credited == 100 * len(different)


async def test_a_coin_belongs_to_the_payment_it_dropped_in() -> None:
    async with journal() as kept:
        book = JournalBook(kept, "s1")
        await book.credit(mark(1), [coin(1)])
        await kept.write("session.ended", "s1", reason="quit")
        await book.credit(mark(2), [coin(2, 500)])
        assert balance(await kept.session("s1")).owed == 600


async def test_after_a_start_money_still_belongs_to_the_newest_payment(tmp_path: Path) -> None:
    async with journal(tmp_path / "j") as kept:
        for session in ("s1", "s2"):
            await kept.write("payment.opened", session, due=200, unit=200, copies=1)
    async with journal(tmp_path / "j", boot="boot-2") as kept:
        book = JournalBook(kept, "stray-boot-2")
        await book.resume()
        assert book.payment == "s2"


async def test_before_the_first_payment_there_was_money_is_a_stray() -> None:
    async with journal() as kept:
        book = JournalBook(kept, "stray-boot-1")
        await book.resume()
        assert book.payment == "stray-boot-1"


async def test_an_intent_without_outcome_is_unsettled_also_after_a_restart(tmp_path: Path) -> None:
    async with journal(tmp_path / "j") as kept:
        book = JournalBook(kept, "s1")
        await book.intend(INTENT)
        await book.intend(PayoutIntent("s1.7", "hopper-10", 10, 1, 0, 0))
        await book.settle(OUTCOME)
    async with journal(tmp_path / "j", boot="boot-2") as kept:
        (left,) = await JournalBook(kept, "nobody").unsettled()
        assert (left.payout, left.hopper, left.coins) == ("s1.7", "hopper-10", 1)


async def test_the_outcome_goes_to_the_payment_of_its_intent() -> None:
    async with journal() as kept:
        book = JournalBook(kept, "s1")
        await book.intend(INTENT)
        book.payment = "s2"
        await book.settle(OUTCOME)
        assert balance(await kept.session("s1")).paid_out == 200
        assert await kept.session("s2") == []
        assert await book.unsettled() == []


async def test_the_first_baseline_of_a_hopper_stays() -> None:
    async with journal() as kept:
        book = JournalBook(kept, "s1")
        assert await book.baseline("hopper-10", counter=100, loaded=200) == (100, 200)
        assert await book.baseline("hopper-10", counter=130, loaded=500) == (100, 200)
        assert await book.baseline("hopper-50", counter=5, loaded=80) == (5, 80)


async def test_lost_events_make_the_payment_a_case_once_and_other_evidence_none() -> None:
    async with journal() as kept:
        book = JournalBook(kept, "s1")
        for code in (CASH_EVENTS_LOST, CASH_COIN_SWALLOWED, CASH_EVENTS_LOST):
            await book.note(Fault(code, "cash", "3 events"))
        (case,) = await kept.events("case.opened")
        assert case.data == {"case": "s1/money-doubt", "kind": "money-doubt", "code": CASH_EVENTS_LOST}
        assert len(await kept.events("cash.noted")) == 3


@pytest.mark.parametrize("event", ["cash.noted", "bill.held"])
async def test_evidence_is_written_down_but_is_no_money(event: str) -> None:
    async with journal() as kept:
        book = JournalBook(kept, "s1")
        await book.note(Fault(CASH_COIN_SWALLOWED, "cash", "event 36 at 17"))
        await book.bill_held("validator", 1000)
        assert event in {entry.event for entry in await kept.session("s1")}
        assert balance(await kept.session("s1")).owed == 0

"""What a boot finds: one test for each row of the design's table (DESIGN.md, decision 4)."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from daemon.session.book import JournalBook
from daemon.session.cases import case_id, case_record
from daemon.session.entries import Value
from daemon.session.journal import Journal
from daemon.session.settlement import Finding, findings, finish, record, unfinished
from hal.contracts import Credit, CreditMark, PayoutIntent, PayoutOutcome
from hal.faults import CASE_OPEN, CASH_SUSPECT
from tests.session.stage import NAMED, Told, entries, journal

OPENED: list[Told] = [
    ("session.started", {}),
    ("order.requested", {"order": "o1", "kind": "juminhyo", "copies": 2, **NAMED}),
    ("order.checked", {"order": "o1", "numbers": ["n1", "n2"]}),
    ("payment.opened", {"due": 400, "unit": 200, "copies": 2}),
]
COIN: Told = ("cash.credited", {"device": "a", "epoch": 0, "number": 1, "value": 500})
FUNDED: list[Told] = [*OPENED, COIN, ("payment.funded", {"paid": 500}), ("payment.fixed", {"paid": 500})]


def started(number: str) -> Told:
    return ("print.started", {"order": "o1", "number": number})


def done(number: str) -> Told:
    return ("print.done", {"number": number, "sheets": 1})


def failed(number: str) -> Told:
    return ("print.failed", {"number": number, "reason": "jam"})


def paid_out(yen: int) -> Told:
    data: dict[str, Value] = {
        "payout": "p",
        "hopper": "h",
        "value": 10,
        "asked": yen // 10,
        "paid": yen // 10,
        "certain": True,
    }
    return ("payout.outcome", data)


PRINTED = [*FUNDED, started("n1"), done("n1"), started("n2"), done("n2")]
CHANGED = [*PRINTED, paid_out(100), ("paper.presented", {"sheets": 2})]
TAKEN: list[Told] = [*CHANGED, ("paper.taken", {})]
RECEIPT: Told = ("receipt.printed", {"number": "0000004"})


def found(told: Sequence[Told]) -> Finding:
    return findings("s1", entries(*told))


# ---------------------------------------------------------------- the table


def test_before_any_order_there_is_nothing_to_settle() -> None:
    assert found(OPENED[:1]) == Finding("s1", "boot-1")


def test_an_order_without_money_is_to_be_cancelled() -> None:
    assert found(OPENED) == Finding("s1", "boot-1", order="o1", outcomes={"n1": "refunded", "n2": "refunded"})


def test_money_in_and_nothing_printed_is_owed_whole() -> None:
    assert found([*OPENED, COIN]).owed == 500
    assert found(FUNDED).owed == 500


def test_a_copy_that_was_begun_is_in_doubt_and_the_rest_is_owed_for_certain() -> None:
    finding = found([*FUNDED, started("n1")])
    assert finding.in_doubt == ("n1",)
    assert finding.owed == 300
    assert finding.outcomes == {"n1": "in-doubt", "n2": "refunded"}
    assert not finding.paper_unconfirmed


def test_a_complete_copy_before_the_one_in_doubt_stays_delivered() -> None:
    finding = found([*FUNDED, started("n1"), done("n1"), started("n2")])
    assert (finding.in_doubt, finding.owed, finding.paper_unconfirmed) == (("n2",), 100, True)
    assert finding.outcomes == {"n1": "delivered", "n2": "in-doubt"}


def test_a_copy_that_failed_for_certain_is_owed_and_in_no_doubt() -> None:
    finding = found([*FUNDED, started("n1"), failed("n1")])
    assert (finding.in_doubt, finding.owed) == ((), 500)
    assert finding.outcomes == {"n1": "void", "n2": "refunded"}


REISSUED: Told = ("reissue.checked", {"order": "o1", "number": "n1", "by": "n3"})


def test_a_reissued_copy_is_settled_like_any_other_and_nothing_of_it_is_charged_twice() -> None:
    """P13 and a power cut: before its print it is refunded, in it in doubt; the void one stays void."""
    jammed = [*FUNDED, started("n1"), failed("n1"), REISSUED]
    assert found(jammed).outcomes == {"n1": "void", "n2": "refunded", "n3": "refunded"}
    assert found(jammed).owed == 500
    begun = found([*jammed, started("n3")])
    assert (begun.in_doubt, begun.owed) == (("n3",), 300)
    assert begun.outcomes == {"n1": "void", "n2": "refunded", "n3": "in-doubt"}
    whole = found([*jammed, started("n3"), done("n3"), started("n2"), done("n2")])
    assert (whole.in_doubt, whole.owed) == ((), 100)


def test_printed_and_the_change_not_paid_is_owed() -> None:
    finding = found(PRINTED)
    assert (finding.owed, finding.in_doubt, finding.paper_unconfirmed) == (100, (), True)


def test_a_payout_without_outcome_is_owed_until_the_hopper_has_been_read() -> None:
    intent: Told = (
        "payout.intent",
        {"payout": "p", "hopper": "h", "value": 10, "coins": 10, "counter": 7, "events": 3},
    )
    assert found([*PRINTED, intent]).owed == 100
    assert found([*PRINTED, intent, paid_out(100)]).owed == 0


@pytest.mark.parametrize("credited", [False, True])
def test_a_bill_in_escrow_is_money_only_once_the_validator_has_credited_it(credited: bool) -> None:
    held: Told = ("bill.held", {"device": "v", "value": 1000})
    bill: Told = ("cash.credited", {"device": "v", "epoch": 0, "number": 1, "value": 1000})
    assert found([*OPENED, held, *([bill] if credited else [])]).owed == (1000 if credited else 0)


def test_change_paid_and_the_paper_not_confirmed_is_a_case() -> None:
    finding = found(CHANGED)
    assert (finding.owed, finding.paper_unconfirmed, finding.receipt_missing) == (0, True, False)


def test_paper_taken_without_receipt_misses_the_receipt() -> None:
    finding = found(TAKEN)
    assert (finding.paper_unconfirmed, finding.receipt_missing) == (False, True)


@pytest.mark.parametrize("end", ["receipt.printed", "receipt.failed"])
def test_a_receipt_that_has_had_its_end_is_not_missed(end: str) -> None:
    assert not found([*TAKEN, (end, {"number": "0000004"})]).receipt_missing


def test_an_order_whose_end_is_written_down_has_no_other_end() -> None:
    ended: Told = ("order.finished", {"order": "o1", "outcomes": {"n1": "delivered", "n2": "delivered"}})
    assert found([*TAKEN, ended]).order == ""
    assert found([*OPENED, ("order.cancelled", {"order": "o1"})]).order == ""


def test_what_was_claimed_is_not_owed_again() -> None:
    claim: Told = ("claim.recorded", {"yen": 500, "reason": "power-loss"})
    assert found([*FUNDED, claim]).owed == 0


# ---------------------------------------------------------------- which sessions


async def play(kept: Journal, session: str, told: Sequence[Told]) -> None:
    for event, data in told:
        await kept.write(event, session, **data)


async def test_only_sessions_of_an_earlier_boot_that_did_not_end_are_found(tmp_path: Path) -> None:
    async with journal(tmp_path / "j") as kept:
        for session in ("s1", "s2"):
            await play(kept, session, OPENED)
        await kept.write("session.ended", "s1", reason="complete")
    async with journal(tmp_path / "j", boot="boot-2") as kept:
        await play(kept, "s3", OPENED)
        assert [finding.session for finding in await unfinished(kept, "boot-2")] == ["s2"]


async def test_a_finished_settlement_is_not_found_by_the_next_boot(tmp_path: Path) -> None:
    async with journal(tmp_path / "j") as kept:
        await play(kept, "s1", FUNDED)
    async with journal(tmp_path / "j", boot="boot-2") as kept:
        (finding,) = await unfinished(kept, "boot-2")
        await kept.write("claim.recorded", "s1", yen=500, reason="power-loss")
        await finish(kept, finding)
        assert await unfinished(kept, "boot-2") == []
        settled, ended = (await kept.session("s1"))[-2:]
        assert (settled.event, settled.number("owed")) == ("boot.settled", 500)
        assert ended.text("reason") == "power-loss"


async def test_a_session_that_ended_while_money_was_owed_is_found_until_it_is_not(tmp_path: Path) -> None:
    async with journal(tmp_path / "j") as kept:
        await play(kept, "s1", [*FUNDED, ("session.ended", {"reason": "quit"})])
    async with journal(tmp_path / "j", boot="boot-2") as kept:
        (finding,) = await unfinished(kept, "boot-2")
        assert (finding.owed, finding.ended) == (500, True)
        await finish(kept, finding)
        assert len(await unfinished(kept, "boot-2")) == 1
        await kept.write("claim.recorded", "s1", yen=500, reason="power-loss")
        assert await unfinished(kept, "boot-2") == []


# ---------------------------------------------------------------- what is written down


async def recorded(told: Sequence[Told]) -> list[Told]:
    """What ``record`` adds to a session, when it is repeated after another power cut each time."""
    async with journal() as kept:
        await play(kept, "s1", told)
        before = len(await kept.session("s1"))
        for _ in range(3):
            await record(kept, findings("s1", await kept.session("s1")))
        return [(entry.event, entry.data) for entry in (await kept.session("s1"))[before:]]


async def test_a_copy_in_doubt_is_a_case_and_ends_the_order() -> None:
    assert await recorded([*FUNDED, started("n1")]) == [
        ("case.opened", {"case": "n1", "kind": "in-doubt", "code": CASE_OPEN}),
        ("order.finished", {"order": "o1", "outcomes": {"n1": "in-doubt", "n2": "refunded"}}),
    ]


async def test_paper_that_nobody_saw_taken_is_a_case() -> None:
    (case, order) = await recorded(CHANGED)
    told = {"case": "s1/paper-unconfirmed", "kind": "paper-unconfirmed", "code": CASE_OPEN}
    assert case == ("case.opened", told)
    assert order[0] == "order.finished"


@pytest.mark.parametrize(
    ("told", "other", "found_too"),
    [
        ([*FUNDED, started("n1")], ("void-sheets", "n1"), "n1"),
        (CHANGED, ("crash", "s1"), "s1/paper-unconfirmed"),
    ],
)
async def test_a_case_that_the_session_had_opened_hides_none_of_the_boot(
    told: list[Told], other: tuple[str, str], found_too: str
) -> None:
    async with journal() as kept:
        await play(kept, "s1", told)
        await kept.write_all([case_record(*other, "s1")])
        await record(kept, findings("s1", await kept.session("s1")))
        opened = [entry.text("case") for entry in await kept.events("case.opened")]
        assert opened == [case_id(*other), found_too]


async def test_a_payout_that_nobody_can_vouch_for_is_a_case() -> None:
    kind, data = paid_out(100)
    case, _ = await recorded([*PRINTED, (kind, {**data, "certain": False}), ("paper.taken", {}), RECEIPT])
    told = {"case": "p/payout-unsure", "kind": "payout-unsure", "code": CASH_SUSPECT}
    assert case == ("case.opened", told)


async def test_an_order_of_which_nothing_was_printed_is_cancelled() -> None:
    assert await recorded(FUNDED) == [("order.cancelled", {"order": "o1"})]


async def test_a_missing_receipt_can_be_printed_on_request() -> None:
    (receipt, order) = await recorded(TAKEN)
    assert (receipt[0], receipt[1]["code"], order[0]) == ("receipt.failed", "interrupted", "order.finished")


@pytest.mark.parametrize("length", range(1, len(TAKEN) + 1))
async def test_wherever_the_power_goes_recording_twice_is_recording_once(length: int) -> None:
    once = await recorded(TAKEN[:length])
    assert len(once) == len({str(entry) for entry in once})
    ends = [data["order"] for event, data in once if event in ("order.finished", "order.cancelled")]
    assert len(ends) <= 1


# ---------------------------------------------------------------- with the book


async def test_a_payout_the_power_cut_short_is_settled_by_what_the_hopper_says(tmp_path: Path) -> None:
    async with journal(tmp_path / "j") as kept:
        await play(kept, "s1", PRINTED)
        await JournalBook(kept, "s1").intend(PayoutIntent("p", "h", 10, 10, 7, 3))
    async with journal(tmp_path / "j", boot="boot-2") as kept:
        book = JournalBook(kept, "nobody")
        (intent,) = await book.unsettled()
        await book.settle(PayoutOutcome(intent.payout, intent.hopper, 10, 10, paid=4, certain=True))
        (finding,) = await unfinished(kept, "boot-2")
        assert finding.owed == 60


async def test_a_coin_the_device_reports_after_the_restart_is_owed_to_its_citizen(tmp_path: Path) -> None:
    async with journal(tmp_path / "j") as kept:
        await play(kept, "s1", OPENED)
    async with journal(tmp_path / "j", boot="boot-2") as kept:
        book = JournalBook(kept, "s1")
        await book.credit(CreditMark("a", 0, 1, 1), [Credit("a", 0, 1, 500)])
        (finding,) = await unfinished(kept, "boot-2")
        assert finding.owed == 500

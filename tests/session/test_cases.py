"""Open cases: opened minus resolved; what staff say of the tray decides about the money."""

import asyncio
from pathlib import Path

import pytest

from daemon.session.cases import Case, CaseError, Cases, case_id, case_record
from daemon.session.journal import Journal
from daemon.session.till import balance
from hal.faults import CASE_OPEN
from tests.session.stage import FIELDS, NOON, journal

IN_DOUBT = Case("n1", "in-doubt", "s1")


async def doubtful(kept: Journal) -> Cases:
    """A 通 of 200 yen is in doubt; its change has been paid."""
    cases = Cases(kept)
    await kept.write("payment.opened", "s1", due=200, unit=200, copies=1)
    await kept.write("cash.credited", "s1", device="a", epoch=0, number=1, value=200)
    await kept.write("print.started", "s1", order="o1", number="n1")
    await kept.write("case.opened", "s1", case="n1", kind="in-doubt")
    return cases


async def test_a_case_is_open_from_its_entry_on() -> None:
    async with journal() as kept:
        cases = await doubtful(kept)
        assert cases.open == (IN_DOUBT,)


async def test_open_cases_are_known_after_a_restart(tmp_path: Path) -> None:
    async with journal(tmp_path / "j") as kept:
        await doubtful(kept)
        await kept.write("case.opened", "s2", case="s2.9", kind="payout-unsure")
        await kept.write("case.resolved", "s2", case="s2.9", who="staff 3", why="counted")
    async with journal(tmp_path / "j", boot="boot-2") as kept:
        cases = Cases(kept)
        await cases.load()
        assert cases.open == (IN_DOUBT,)


async def test_a_copy_that_was_delivered_after_all_is_paid_for() -> None:
    async with journal() as kept:
        cases = await doubtful(kept)
        assert await cases.resolve("n1", True, "staff 3", "lay in the tray") == 0
        assert cases.open == ()
        now = balance(await kept.session("s1"))
        assert (now.printed, now.in_doubt, now.owed) == (1, 0, 0)


async def test_a_copy_that_is_missing_is_owed_on_a_claim() -> None:
    async with journal() as kept:
        cases = await doubtful(kept)
        assert await cases.resolve("n1", False, "staff 3", "tray empty, jam cleared") == 200
        assert cases.open == ()
        (claim,) = await kept.events("claim.recorded")
        assert (claim.session, claim.number("yen"), claim.text("reason")) == ("s1", 200, "not-printed")
        assert balance(await kept.session("s1")).owed == 0


async def test_who_and_why_stand_in_the_journal() -> None:
    async with journal() as kept:
        cases = await doubtful(kept)
        await cases.resolve("n1", True, "staff 3", "lay in the tray")
        (entry,) = await kept.events("case.resolved")
        assert entry.data == {"case": "n1", "who": "staff 3", "why": "lay in the tray"}


@pytest.mark.parametrize("kind", ["paper-unconfirmed", "void-sheets", "payout-unsure", "mismatch", "crash"])
async def test_any_other_case_only_needs_somebody_who_looked(kind: str) -> None:
    async with journal() as kept:
        cases = Cases(kept)
        await kept.write("case.opened", "s1", case="c1", kind=kind)
        assert await cases.resolve("c1", None, "staff 3", "looked") == 0
        assert cases.open == ()
        assert await kept.events("claim.recorded") == []


@pytest.mark.parametrize(
    ("case", "delivered", "who", "why", "says"),
    [
        ("n9", True, "staff 3", "seen", "open: n1"),
        ("n1", None, "staff 3", "seen", "delivered or missing"),
        ("n1", True, "", "seen", "who and why"),
        ("n1", False, "staff 3", "  ", "who and why"),
    ],
)
async def test_a_resolution_that_cannot_be_taken_says_what_to_give(
    case: str, delivered: bool | None, who: str, why: str, says: str
) -> None:
    async with journal() as kept:
        cases = await doubtful(kept)
        head = kept.head
        with pytest.raises(CaseError, match=says):
            await cases.resolve(case, delivered, who, why)
        assert (cases.open, kept.head) == ((IN_DOUBT,), head)


async def test_a_case_is_resolved_once() -> None:
    async with journal() as kept:
        cases = await doubtful(kept)
        await cases.resolve("n1", False, "staff 3", "tray empty")
        with pytest.raises(CaseError, match="open: none"):
            await cases.resolve("n1", False, "staff 3", "tray empty")
        assert len(await kept.events("claim.recorded")) == 1


async def test_of_two_resolutions_at_the_same_time_one_counts(tmp_path: Path) -> None:
    """With the journal's real thread: inline, nothing could come in between."""
    kept = Journal(tmp_path / "j", FIELDS, lambda: NOON, "boot-1")
    await kept.open()
    try:
        cases = await doubtful(kept)
        twice = [cases.resolve("n1", False, "staff 3", "tray empty") for _ in range(2)]
        answers = await asyncio.gather(*twice, return_exceptions=True)
        assert [type(answer) for answer in answers] == [int, CaseError]
        assert len(await kept.events("claim.recorded")) == 1
    finally:
        await kept.close()


async def test_two_kinds_of_case_about_the_same_thing_do_not_hide_each_other() -> None:
    async with journal() as kept:
        cases = await doubtful(kept)
        await kept.write_all([case_record("void-sheets", "n1", "s1"), case_record("mismatch", "o1", "s1")])
        await cases.resolve(case_id("void-sheets", "n1"), None, "staff 3", "shredded")
        assert {case.kind for case in cases.open} == {"in-doubt", "mismatch"}
        assert balance(await kept.session("s1")).in_doubt == 1


async def test_a_case_says_which_fault_of_the_catalogue_it_is_and_an_older_one_is_that_of_any_case() -> None:
    async with journal() as kept:
        cases = Cases(kept)
        await kept.write("case.opened", "s1", case="n1", kind="in-doubt")
        await kept.write_all(
            [case_record("crash", "s1", "s1"), case_record("mismatch", "o1", "s1", "a.code")]
        )
        assert [case.code for case in cases.open] == [CASE_OPEN, CASE_OPEN, "a.code"]


async def test_the_same_case_is_opened_once_for_ever() -> None:
    async with journal() as kept:
        record = case_record("crash", "s1", "s1")
        assert len(await kept.write_all([record, record])) == 1
        assert await kept.write_all([record]) == []

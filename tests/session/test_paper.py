"""The kiosk's own count of sheets: from the journal alone, and only for a printer that does not count."""

import pytest

from daemon.session.journal import Journal
from daemon.session.paper import LOW, MOST, PaperCount
from hal.faults import PRINTER_PAPER_LOW, PRINTER_PAPER_OUT
from tests.session.fakes import FakePrinter
from tests.session.stage import journal


def counting(kept: Journal, counts: bool | None = False) -> PaperCount:
    """The count of a printer that tells, or does not."""
    printer = FakePrinter()
    printer.counts_sheets = counts
    return PaperCount(kept, printer)


async def printed(kept: Journal, sheets: int, number: str = "n1") -> None:
    await kept.write("print.job", "s1", number=number, printer="p", job=1, uptime=1, sheets=sheets)


async def test_what_was_loaded_less_every_job_since_is_left() -> None:
    async with journal() as kept:
        count = counting(kept)
        await count.loaded(500, "17", "tray filled")
        await printed(kept, 3)
        await printed(kept, 2)
        assert count.left == 495
        assert (count.lacks(495), count.lacks(496)) == (False, True)


async def test_loading_again_is_a_new_start_and_says_what_the_count_was() -> None:
    async with journal() as kept:
        count = counting(kept)
        await count.loaded(10, "17", "first")
        await printed(kept, 4)
        await count.loaded(250, "17", "counted anew")
        assert count.left == 250
        assert [e.data["before"] for e in await kept.events("paper.loaded")] == [None, 6]


async def test_a_start_of_the_daemon_counts_the_same() -> None:
    async with journal() as kept:
        await counting(kept).loaded(100, "17", "tray filled")
        await printed(kept, 30)
        again = counting(kept)
        await again.load()
        assert again.left == 70


async def test_where_nobody_said_anything_nothing_is_known_and_nothing_is_lacking() -> None:
    async with journal() as kept:
        count = counting(kept)
        await printed(kept, 10)
        assert (count.left, count.fault, count.lacks(100)) == (None, None, False)


@pytest.mark.parametrize("counts", [True, None], ids=["it counts itself", "not heard from yet"])
async def test_a_printer_that_may_count_is_not_counted_for(counts: bool | None) -> None:
    async with journal() as kept:
        count = counting(kept, counts)
        await count.loaded(1, "17", "tray filled")
        assert (count.left, count.fault, count.lacks(100)) == (None, None, False)


@pytest.mark.parametrize(
    ("left", "code"),
    [(LOW + 1, ""), (LOW, PRINTER_PAPER_LOW), (1, PRINTER_PAPER_LOW), (0, PRINTER_PAPER_OUT)],
)
async def test_staff_are_told_before_it_is_empty(left: int, code: str) -> None:
    async with journal() as kept:
        count = counting(kept)
        await count.loaded(left, "17", "tray filled")
        assert (count.fault.code if count.fault else "") == code


@pytest.mark.parametrize(
    ("sheets", "who", "why"), [(-1, "17", "x"), (MOST + 1, "17", "x"), (5, " ", "x"), (5, "17", "")]
)
async def test_what_cannot_be_meant_is_refused_and_not_written(sheets: int, who: str, why: str) -> None:
    async with journal() as kept:
        with pytest.raises(ValueError, match=r"sheets|who and why"):
            await counting(kept).loaded(sheets, who, why)
        assert await kept.events("paper.loaded") == []

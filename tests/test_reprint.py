"""A receipt again, because staff ask: marked, noted, and only where there was one."""

from collections.abc import AsyncIterator

import pytest

from daemon.issuance.messages import Municipality
from daemon.reprint import NoReceipt, reprint
from daemon.session.journal import Journal
from hal.contracts import Line
from hal.faults import DeviceError
from tests.session.fakes import FakeReceipt
from tests.session.stage import NAMED, journal

TAKAOKA = Municipality("162027", "富山県", "高岡市")


@pytest.fixture
async def kept() -> AsyncIterator[Journal]:
    """The journal of one sale of 200 yen, session s1, and of s2, which ended before it paid."""
    async with journal() as kept:
        await kept.write("order.requested", "s1", order="o1", kind="juminhyo", copies=1, **NAMED)
        await kept.write("payment.opened", "s1", due=200, unit=200, copies=1)
        await kept.write("cash.credited", "s1", device="a", epoch=0, number=1, value=200)
        await kept.write("print.done", "s1", number="n1", sheets=1)
        await kept.write("session.started", "s2")
        yield kept


async def test_it_is_printed_marked_and_noted_in_the_journal(kept: Journal) -> None:
    printer = FakeReceipt()
    head = kept.head
    number = await reprint(kept, printer, "T01", "s1")
    (lines,) = printer.printed
    assert lines[0] == Line("領収書(再発行)", size="large")
    assert Line("領収書番号", number) in lines
    assert Line("記録", head[:16]) in lines
    (entry,) = await kept.events("receipt.printed")
    assert (entry.session, entry.text("number")) == ("s1", number)


@pytest.mark.parametrize("session", ["s2", "never", ""])
async def test_a_session_without_a_payment_has_no_receipt(kept: Journal, session: str) -> None:
    printer = FakeReceipt()
    with pytest.raises(NoReceipt, match=f"session '{session}' opened no payment"):
        await reprint(kept, printer, "T01", session)
    assert printer.printed == []
    assert await kept.events("receipt.printed") == []


async def test_a_receipt_that_was_not_printed_is_not_noted(kept: Journal) -> None:
    printer = FakeReceipt()
    printer.empty = True
    with pytest.raises(DeviceError):
        await reprint(kept, printer, "T01", "s1")
    assert await kept.events("receipt.printed") == []

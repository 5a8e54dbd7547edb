"""kill -9 at each journal entry of a paid session, over the real wires: what follows is what the design says.

One rig, many kills: the daemon that settles the last power cut is killed one entry further on in the next
session, until one comes through. What must follow is read by ``oracle`` from the entries present at the cut.
"""

from itertools import count

import pytest

from daemon.session.journal import Journal
from tests.power.oracle import Fate
from tests.power.site import Cut, Site, site
from tests.session.stage import FIELDS, NOON
from tests.wires.stories import residence_certificate

BEFORE_PRINTING = (
    "session.started",
    "card.read",
    "holder.authenticated",
    "card.alert",
    "card.removed",
    "order.requested",
    "order.checked",
    "payment.opened",
    "cash.marked",
    "payment.funded",
    "payment.fixed",
)
"""The last entry of each transaction: the same for one copy and for two."""
FROM_PRINTING_ON = (
    "print.started",
    "print.job",
    "print.done",
    "payout.intent",
    "payout.outcome",
    "payout.done",
    "paper.presented",
    "paper.taken",
    "receipt.printed",
    "order.finished",
    "session.ended",
    "order.closed",
)
PRINTING = ("print.started", "print.job", "print.done")


@pytest.mark.timeout(900)
@pytest.mark.parametrize(
    ("copies", "skipped", "moments"),
    [
        (1, 0, [*BEFORE_PRINTING, *FROM_PRINTING_ON]),
        (2, len(BEFORE_PRINTING), [*PRINTING, *FROM_PRINTING_ON]),
    ],
)
async def test_a_session_killed_at_any_entry_is_settled_by_the_table(
    copies: int, skipped: int, moments: list[str]
) -> None:
    story, killed_at = residence_certificate(copies=copies), list[str]()
    async with site() as at:
        await at.restart(f"session {skipped + 1}")
        for number in count(skipped + 2):
            lived, cut = await at.play(story)
            if lived:
                break
            killed_at.append(cut.fate.last)
            await at.restart(f"session {number}")
            await is_settled(at, cut)
        await at.rig.daemon.stop()
        await the_chain_holds(at)
        assert at.rig.bus.conserved
    assert killed_at == moments


async def is_settled(at: Site, cut: Cut) -> None:
    """The restarted daemon does what the table says, the citizen and staff do theirs, and it sells again."""
    await takes_what_is_owed(at, cut)
    await at.until_written(cut.fate.session, "session.ended")
    await has_its_cases(at, cut.fate)
    at.rig.take_paper()
    await at.rig.wallet.lift()
    await at.rig.see("start")
    status = await at.staff.status()
    assert (status["can_sell"], status["cases"]) == (True, [])
    agrees_with_the_journal(at, cut)
    await gets_its_receipt(at, cut.fate)


async def takes_what_is_owed(at: Site, cut: Cut) -> None:
    """A refund or the change is offered, and paid when 返却する is pressed."""
    if cut.owed:
        await at.rig.see("refund-offer")
        await at.rig.press("refund")
        await at.rig.see("take-money")
        at.rig.tap_anywhere()
    assert at.given_back == cut.given_back + cut.owed


async def has_its_cases(at: Site, fate: Fate) -> None:
    """While a 通 is in doubt or its paper was not seen taken, the kiosk is locked."""
    assert await at.staff.open_cases() == fate.cases
    if fate.cases:
        await at.rig.see("take" if at.rig.printer.tray and not fate.in_doubt else "out")
    for number in fate.in_doubt:
        assert number not in {sheet.name for sheet in at.rig.printer.tray}
        await at.staff.resolve(number, "missing")


def agrees_with_the_journal(at: Site, cut: Cut) -> None:
    """Every yen is the fee of a printed 通, back with the citizen, or on a claim; and no page is printed."""
    fate, events = cut.fate, at.events(cut.fate.session)
    claimed = at.claimed(fate.session)
    assert claimed == fate.unit * len(fate.in_doubt)
    assert cut.inserted == fate.unit * len(fate.printed) + at.given_back - cut.given_before + claimed
    assert at.sheets == cut.sheets
    assert events.count("print.started") == len(fate.printed | fate.in_doubt)
    assert events.count("session.ended") == 1
    assert ("order.cancelled" in events) == fate.order_cancelled
    if fate.order_cancelled or fate.order_finished:
        assert "order.closed" in events


async def gets_its_receipt(at: Site, fate: Fate) -> None:
    """A receipt that never came can be printed on request."""
    at.rig.receipts.take()
    if fate.receipt_missing:
        assert "receipt.failed" in at.events(fate.session)
        assert (await at.staff.run("reprint", fate.session))[0] == 0
        assert len(at.rig.receipts.take()) == 1


async def the_chain_holds(at: Site) -> None:
    """Reads it once more, entry by entry. Raises JournalBroken."""
    journal = Journal(at.rig.root / "journal.db", FIELDS, lambda: NOON, "after")
    await journal.open()
    await journal.close()

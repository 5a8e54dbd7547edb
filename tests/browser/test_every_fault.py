"""Every fault of the catalogue is injected and cleared by its button on the page: the running daemon, which
knows of no bench, notices by itself, writes that very code down, and shows the citizen what the catalogue
promises.
"""

from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import pytest
import pytest_asyncio

from daemon.bench.faults import INJECTIONS, clear, inject
from daemon.session import screens
from daemon.session.screens import Amounts
from hal import faults as codes
from tests.browser.onlooker import FAULTS, SAY, Onlooker, until
from tests.browser.visitor import Visitor, visitor

pytestmark = pytest.mark.asyncio(loop_scope="module")

NOTED = {
    codes.CASH_ACCEPTOR_RESET: "cash.noted",
    codes.CASH_BILLS_OFF: "cash.noted",
    codes.CASH_EVENTS_LOST: "cash.noted",
    codes.CASH_FRAUD: "cash.noted",
    codes.CASH_COIN_SWALLOWED: "cash.noted",
    codes.CASH_SUSPECT: "cash.noted",
    codes.PRINTER_UNKNOWN: "case.opened",
    codes.CENTER_MISMATCH: "case.opened",
    codes.CASE_OPEN: "case.opened",
    codes.CARD_LEFT: "card.left",
    codes.PAPER_LEFT: "paper.left",
}
"""The event that tells of a fault first, where it is no state of a device."""

OTHER_SCREENS = {codes.CARD_LEFT: "card-left", codes.PAPER_LEFT: "take"}
"""States with a screen of their own."""


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def at() -> AsyncIterator[Visitor]:
    async with visitor() as somebody:
        for summary in await somebody.page.locator("#faults summary").all():
            await summary.click()
        yield somebody


@pytest_asyncio.fixture(loop_scope="module")
async def onlooker(at: Visitor, tmp_path: Path) -> AsyncIterator[Onlooker]:
    """Before a kiosk that shows its start menu."""
    await at.rig.see("start")
    yield Onlooker(at, tmp_path)
    for code in list(at.rig.injected):
        await clear(at.rig, code)


async def test_every_code_of_the_catalogue_can_be_injected_and_is_explained() -> None:
    assert set(INJECTIONS) == set(FAULTS)
    assert all(injection.note.endswith(".") for injection in INJECTIONS.values())


# ---------------------------------------------------------------- at once

AT_ONCE = [code for code, injection in INJECTIONS.items() if injection.at_once]
SEEN = [code for code in AT_ONCE if not FAULTS[code].sell and code not in OTHER_SCREENS]
UNSEEN = [code for code in AT_ONCE if FAULTS[code].sell]


@pytest.mark.parametrize("code", SEEN)
async def test_a_fault_that_stops_sales_is_told_to_the_citizen_until_it_is_cleared(
    onlooker: Onlooker, code: str
) -> None:
    before = onlooker.head()
    await onlooker.inject(code)
    assert await onlooker.reported(code, before) == NOTED.get(code, "device.changed")
    await onlooker.rig.see("out")
    if code != codes.DISPLAY_LOST:  # nobody sees anything then
        await onlooker.is_told(code)
    await onlooker.clear(code)
    await onlooker.is_well()


@pytest.mark.parametrize("code", UNSEEN)
async def test_a_fault_that_does_not_stop_sales_is_written_down_and_the_kiosk_goes_on_selling(
    onlooker: Onlooker, code: str
) -> None:
    before = onlooker.head()
    await onlooker.inject(code)
    assert await onlooker.reported(code, before) == NOTED.get(code, "device.changed")
    await onlooker.to_card()
    await onlooker.clear(code)
    await onlooker.is_well()


@pytest.mark.parametrize("code", OTHER_SCREENS)
async def test_what_somebody_left_behind_is_told_until_it_is_gone(onlooker: Onlooker, code: str) -> None:
    before = onlooker.head()
    await onlooker.inject(code)
    assert await onlooker.reported(code, before) == NOTED[code]
    await onlooker.rig.see(OTHER_SCREENS[code])
    await onlooker.clear(code)
    await onlooker.is_well()


@pytest.mark.parametrize("code", [codes.CASH_COIN_SWALLOWED, codes.CASH_FRAUD])
async def test_a_citizen_who_pays_is_told_that_a_coin_may_not_be_counted(
    onlooker: Onlooker, code: str
) -> None:
    await onlooker.pay()
    await onlooker.inject(code)
    asked = screens.payment(SAY, Amounts(200, 0, doubt=FAULTS[code].citizen["ja"]))
    await until(lambda: onlooker.shows(asked), "the catalogue's text on the payment screen")
    await onlooker.clear(code)
    await onlooker.is_well()


# ---------------------------------------------------------------- at its moment

Moment = Callable[[Onlooker], Awaitable[None]]


async def card_is_placed(onlooker: Onlooker) -> None:
    await onlooker.place()
    await onlooker.rig.see("error.reader")


async def change_is_given(onlooker: Onlooker) -> None:
    await onlooker.pay(500)
    await onlooker.rig.see("take-money")


async def sheet_is_fed(onlooker: Onlooker) -> None:
    await onlooker.pay(100, 100)
    await onlooker.rig.see("hold")
    await until(lambda: onlooker.rig.printer.jobs[-1].canceling, "a jammed job that is cancelled")


async def printing_ends_unknown(onlooker: Onlooker) -> None:
    await onlooker.pay(100, 100)
    await onlooker.rig.see("receipt")
    onlooker.rig.tap_anywhere()
    await onlooker.rig.see("error.in-doubt")


async def power_fails(onlooker: Onlooker) -> None:
    await onlooker.pay(100, 100)
    await until(lambda: onlooker.rig.feed.shown.name == "out", "a kiosk that is out of service")


async def document_is_checked(onlooker: Onlooker) -> None:
    await onlooker.order()
    await onlooker.rig.see("error.mismatch")


async def voice_speaks(onlooker: Onlooker) -> None:
    onlooker.rig.panel.set_tray(True)
    await onlooker.rig.see("take")


async def drop_stays(onlooker: Onlooker) -> None:
    """It lies there already."""


MOMENTS: dict[str, Moment] = {
    codes.TOUCH_DIRTY: drop_stays,
    codes.READER_HUNG: card_is_placed,
    codes.READER_BUSY: card_is_placed,
    codes.CASH_HOPPER_EMPTY: change_is_given,
    codes.CASH_HOPPER_JAM: change_is_given,
    codes.CASH_SUSPECT: change_is_given,
    codes.PRINTER_JAM: sheet_is_fed,
    codes.PRINTER_UNKNOWN: printing_ends_unknown,
    codes.CASE_OPEN: power_fails,
    codes.CENTER_MISMATCH: document_is_checked,
    codes.VOICE_SILENT: voice_speaks,
}
TOLD_AFTERWARDS = [
    codes.CASH_HOPPER_JAM,
    codes.CASH_SUSPECT,
    codes.PRINTER_UNKNOWN,
    codes.CASE_OPEN,
    codes.CENTER_MISMATCH,
]
"""What keeps the kiosk shut when the citizen of that moment has gone."""


@pytest.mark.parametrize("code", MOMENTS)
async def test_a_fault_that_waits_for_its_moment_shows_then(onlooker: Onlooker, code: str) -> None:
    before = onlooker.head()
    await onlooker.inject(code)
    await MOMENTS[code](onlooker)
    assert await onlooker.reported(code, before) == NOTED.get(code, "device.changed")
    if code in TOLD_AFTERWARDS:
        await onlooker.leave()
        await onlooker.is_told(code)
    await onlooker.clear(code)
    if code == codes.PRINTER_JAM:
        await onlooker.staff_look()
    await onlooker.is_well()


async def test_a_jam_that_is_cleared_lets_the_citizen_have_the_paper(onlooker: Onlooker) -> None:
    await onlooker.inject(codes.PRINTER_JAM)
    await sheet_is_fed(onlooker)
    await onlooker.clear(codes.PRINTER_JAM)
    await onlooker.rig.see("take")
    assert len(onlooker.rig.printer.tray) == 1
    await onlooker.staff_look()
    await onlooker.is_well()


async def test_a_journal_that_cannot_be_written_ends_the_daemon_with_a_last_screen_that_invites_nobody(
    onlooker: Onlooker,
) -> None:
    rig = onlooker.rig
    await onlooker.inject(codes.JOURNAL_BROKEN)
    rig.tap("services")
    assert await rig.daemon.wait() == 1
    await onlooker.is_told(codes.JOURNAL_BROKEN, alive=False)
    told = rig.daemon.log.read_text("utf-8")
    assert f"CRITICAL madoguchi.journal: {codes.JOURNAL_BROKEN}: " in told
    await rig.start_daemon()
    assert await rig.daemon.wait() == 1
    await onlooker.clear(codes.JOURNAL_BROKEN)
    await onlooker.is_well()


async def test_every_fault_has_its_test() -> None:
    tested = {*SEEN, *UNSEEN, *OTHER_SCREENS, *MOMENTS, codes.JOURNAL_BROKEN}
    assert tested == set(FAULTS)


# ---------------------------------------------------------------- twice, and what there is not


async def test_what_is_injected_twice_is_cleared_at_once_and_clearing_what_is_not_there_does_nothing(
    onlooker: Onlooker,
) -> None:
    for _ in range(2):
        await inject(onlooker.rig, codes.DOOR_OPEN)
    await onlooker.rig.see("out")
    for _ in range(2):
        await clear(onlooker.rig, codes.DOOR_OPEN)
    await onlooker.is_well()


async def test_two_faults_of_the_center_do_not_undo_each_other(onlooker: Onlooker) -> None:
    rig = onlooker.rig
    for code in (codes.CENTER_REFUSES, codes.CLOCK_WRONG):
        await onlooker.inject(code)
    await onlooker.clear(codes.CLOCK_WRONG)
    await onlooker.is_told(codes.CENTER_REFUSES)
    await onlooker.inject(codes.CENTER_UNREACHABLE)
    await onlooker.clear(codes.CENTER_REFUSES)
    await onlooker.is_told(codes.CENTER_UNREACHABLE)
    await onlooker.clear(codes.CENTER_UNREACHABLE)
    assert not rig.injected
    await onlooker.is_well()


async def test_a_fault_that_no_running_kiosk_can_hear_of_does_not_stop_the_page(onlooker: Onlooker) -> None:
    await onlooker.rig.power_cut()
    await onlooker.inject(codes.CASH_ACCEPTOR_RESET)
    await onlooker.clear(codes.CASH_ACCEPTOR_RESET)
    await onlooker.rig.start_daemon()
    await onlooker.is_well()


async def test_a_code_that_is_not_in_the_catalogue_is_refused(onlooker: Onlooker) -> None:
    with pytest.raises(KeyError):
        await inject(onlooker.rig, "card.eaten")

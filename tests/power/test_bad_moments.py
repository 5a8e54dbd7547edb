"""Power cuts between two entries, while the devices go on by themselves; outages; cuts in the settlement."""

import asyncio
import os
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import count

import msgspec
import pytest

from daemon.bench.scenario import Scenario, Step
from tests.power.killed_at import OFFER_SECONDS, UNSYNCHRONISED
from tests.power.site import Cut, Site, site, until
from tests.wires.stories import residence_certificate

STORY = residence_certificate()
UNTIL_MONEY = next(number for number, step in enumerate(STORY.step) if step.see == "payment")
OUTAGE = 11 * 60


def stopping_before_money() -> Scenario:
    """The same story, until the kiosk asks for money."""
    return msgspec.structs.replace(STORY, step=(*STORY.step[:UNTIL_MONEY], Step(see="payment")))


async def cut_at(at: Site, order: str) -> Cut:
    """A session that is killed there; the power is still off."""
    await at.restart(order)
    lived, cut = await at.play(STORY)
    assert not lived
    return cut


async def opens_again(at: Site) -> None:
    """Staff take what lies there; the kiosk sells again."""
    at.rig.take_paper()
    await at.rig.see("start")
    assert (await at.staff.status())["can_sell"]
    assert at.rig.bus.conserved


# ---------------------------------------------------------------- nobody there, or nobody knows since when


@contextmanager
def configured(at: Site, old: str, new: str) -> Iterator[None]:
    """The kiosk's file says something else meanwhile."""
    path = at.rig.root / "kiosk.toml"
    before = path.read_text("utf-8")
    assert old in before
    path.write_text(before.replace(old, new), "utf-8")
    yield
    path.write_text(before, "utf-8")


async def test_what_nobody_takes_becomes_a_claim_and_nothing_is_paid_into_an_empty_shop() -> None:
    async with site() as at:
        cut = await cut_at(at, "session payment.fixed")
        await at.restart(**{OFFER_SECONDS: "1"})
        await at.rig.see("refund-offer")
        await is_claimed(at, cut)
        await opens_again(at)

        cut = await cut_at(at, "session payment.fixed")
        (offset,) = [line for line in kiosk_toml(at).splitlines() if line.startswith("clock_offset = ")]
        later = f"clock_offset = {float(offset.split()[-1]) + OUTAGE}"
        with configured(at, offset, later):
            await at.restart()
            await is_claimed(at, cut)

        await at.restart()
        await opens_again(at)
        cut = await cut_at(at, "session payment.fixed")
        with configured(at, "true_clock = false", "true_clock = true"):
            await at.restart(**{UNSYNCHRONISED: "1"})
            await is_claimed(at, cut)


def kiosk_toml(at: Site) -> str:
    return (at.rig.root / "kiosk.toml").read_text("utf-8")


async def is_claimed(at: Site, cut: Cut) -> None:
    """Not offered (that would be waited for three minutes): on a claim whose number is shown."""
    await at.rig.see("claim")
    await at.rig.press("quit")
    await at.until_written(cut.fate.session, "session.ended")
    assert at.claimed(cut.fate.session) == cut.owed == 500
    assert at.given_back == cut.given_back


# ---------------------------------------------------------------- devices that go on


async def test_a_coin_that_dropped_as_the_power_went_is_offered_to_its_citizen() -> None:
    async with site() as at:
        await at.play(stopping_before_money())
        await until(lambda: 500 in at.rig.bus.acceptor.accepting, "the slot to open")
        os.kill(at.rig.daemon.pid, signal.SIGSTOP)
        assert at.rig.bus.insert(500) == "accepted"
        session = at.newest_fate().session
        assert "cash.credited" not in at.events(session)
        await at.restart()
        await at.rig.see("refund-offer")
        await at.rig.press("refund")
        await at.until_written(session, "session.ended")
        assert at.given_back == 500
        assert at.events(session).count("cash.credited") == 1
        await opens_again(at)


async def test_coins_that_go_on_falling_after_the_cut_are_counted_by_the_hopper() -> None:
    async with site(speed=1) as at:
        playing = asyncio.ensure_future(at.play(STORY))
        await until(lambda: bool(at.rig.bus.tray), "the first coin of the change", every=0.01)
        await at.rig.power_cut()
        _, cut = await playing
        assert (cut.fate.last, cut.given_back) == ("payout.intent", 100)
        await at.restart()
        await at.until_written(cut.fate.session, "session.ended")
        assert at.events(cut.fate.session).count("payout.outcome") == 1
        assert at.given_back == 300
        assert at.claimed(cut.fate.session) == 0
        await opens_again(at)


async def test_a_page_that_came_out_as_the_power_went_is_in_doubt_until_staff_have_seen_it() -> None:
    async with site() as at:
        on_sheet(at, lambda: os.kill(at.rig.daemon.pid, signal.SIGKILL))
        lived, cut = await at.play(STORY)
        (number,) = cut.fate.in_doubt
        assert (lived, cut.fate.last, cut.sheets) == (False, "print.job", 1)
        await at.restart()
        await at.rig.see("refund-offer")
        await at.rig.press("refund")
        await at.until_written(cut.fate.session, "session.ended")
        assert at.given_back == 300
        assert await at.staff.open_cases() == {number}
        at.rig.take_paper()
        await at.rig.see("out")
        await at.staff.resolve(number, "delivered")
        assert at.claimed(cut.fate.session) == 0
        await opens_again(at)
        assert at.sheets == 1


def on_sheet(at: Site, act: Callable[[], None]) -> None:
    """Acts as the next sheet drops."""
    told = at.rig.printer.on_sheet

    def dropped(sheet: object) -> None:
        at.rig.printer.on_sheet = told
        assert told is not None
        told(sheet)  # type: ignore[arg-type]
        act()

    at.rig.printer.on_sheet = dropped


async def test_a_job_that_waits_in_the_printer_at_the_cut_never_comes_out() -> None:
    async with site() as at:
        at.rig.printer.jam()
        playing = asyncio.ensure_future(at.play(STORY))
        await at.rig.see("hold", within=60)
        await at.rig.power_cut()
        _, cut = await playing
        (number,) = cut.fate.in_doubt
        await at.restart()
        await at.rig.see("refund-offer")
        at.rig.printer.clear_jam()
        await at.rig.press("refund")
        await at.until_written(cut.fate.session, "session.ended")
        await at.staff.resolve(number, "missing")
        assert at.claimed(cut.fate.session) == 200
        await opens_again(at)
        assert at.sheets == 0


# ---------------------------------------------------------------- the power goes again


@pytest.mark.timeout(600)
async def test_a_second_cut_at_any_entry_of_the_settlement_changes_nothing_of_it() -> None:
    """Killed after the page is printed: change is owed, its paper is a case, the order is to be closed."""
    async with site() as at:
        killed_at = list[str]()
        for number in count(1):
            cut = await cut_at(at, "session print.done")
            await at.restart(f"settlement {number}")
            await presses_refund_until_it_dies(at, cut)
            if at.rig.daemon.running:
                break
            killed_at.append(at.newest_fate().last)
            await at.restart()
            await presses_refund_until_it_dies(at, cut)
            await is_settled_once(at, cut)
        await is_settled_once(at, cut)
    assert killed_at == [
        "order.finished",
        "payout.intent",
        "payout.outcome",
        "payout.done",
        "boot.settled",
        "session.ended",
        "order.closed",
        "case.resolved",
    ]


async def presses_refund_until_it_dies(at: Site, cut: Cut) -> None:
    """Takes the money and the paper, as far as the daemon lives; returns when it sells again, or is dead."""
    while at.rig.daemon.running and at.rig.feed.shown.name != "start":
        match at.rig.feed.shown.name:
            case "refund-offer":
                at.rig.tap("refund")
            case "take-money":
                at.rig.tap_anywhere()
            case "take":
                at.rig.take_paper()
        await asyncio.sleep(0.1)


async def is_settled_once(at: Site, cut: Cut) -> None:
    events = at.events(cut.fate.session)
    assert at.given_back == cut.given_back + cut.owed == cut.given_back + 300
    assert at.claimed(cut.fate.session) == 0
    assert at.sheets == cut.sheets
    once = ("case.opened", "case.resolved", "order.finished", "order.closed", "session.ended", "print.done")
    assert {event: events.count(event) for event in once} == dict.fromkeys(once, 1)
    await opens_again(at)

"""The rest of the page: power, time, keyboard, and a line that comes back by itself."""

from datetime import datetime

from daemon.bench.setup import Setup
from tests.browser.visitor import Visitor, visitor

JOURNAL = "[...document.querySelectorAll('#journal li')].map(line => line.dataset.event)"


async def until_journaled(at: Visitor, event: str) -> None:
    """The timeline shows this event."""
    await at.until(f"{JOURNAL}.includes('{event}')")


async def test_the_daemon_is_killed_and_started_by_a_button() -> None:
    async with visitor() as at:
        await at.touch("services")
        await at.click("#kill")
        await at.until("document.querySelector('#power').className === 'off'")
        assert await at.page.is_disabled("#kill")
        assert "does not run" in await at.page.inner_text("#veil")
        await at.click("#start")
        await at.sees("start")
        await until_journaled(at, "boot.settled")


async def test_everything_can_be_done_with_the_keyboard() -> None:
    async with visitor() as at:
        await at.touch("services", "issue")
        await at.keys("Shift+Digit2")
        await at.sees("municipality")
        await at.touch("own")
        await at.keys("Enter")
        await at.sees("pin")
        await at.keys("1", "2")
        await at.keys("Backspace", "1", "2", "3", "4")
        await at.sees("removal")
        await at.keys("l")
        await at.sees("certificate")
        await at.keys("Escape")
        await at.sees("start")
        await at.keys("d")
        await at.until("document.querySelector('#door').textContent === 'Door open'")
        await at.keys("r")
        await at.until("document.querySelector('#coins .tray').textContent === '500'")
        await at.keys("t")
        await at.until("document.querySelector('.purse').textContent.includes('500 yen back')")
        await at.keys("?")
        assert "return lever" in await at.page.inner_text("#shortcuts")


async def test_another_time_is_another_kiosk() -> None:
    async with visitor() as at:
        before = at.rig
        await at.page.select_option("[name=moment]", label="leap day")
        await at.until("document.querySelector('#clock').textContent.includes('-02-29 10:0')")
        assert at.rig is not before
        await at.sees("start")
        await at.page.select_option("[name=moment]", label="before opening")
        await at.sees("closed")


async def test_a_moment_of_ones_own_choice() -> None:
    async with visitor(Setup(speed=0, moment=None)) as at:
        await at.page.select_option("[name=moment]", label="another moment …")
        await at.page.fill("[name=at]", "2031-05-01T23:30")
        await at.until("document.querySelector('#clock').textContent.startsWith('2031-05-01 23:3')")
        await at.sees("closed")
        assert at.stand.setup.moment is not None
        assert at.stand.setup.moment.replace(tzinfo=None) == datetime(2031, 5, 1, 23, 30)


async def test_the_line_comes_back_by_itself() -> None:
    async with visitor() as at:
        await at.server.hang_up()
        await at.until("!document.querySelector('#veil').hidden")
        await at.until("document.querySelector('#veil').hidden")
        await at.touch("services")
        await at.sees("services")


async def test_what_the_kiosk_says_is_shown_and_played_until_its_cause_is_gone() -> None:
    async with visitor() as at:
        await at.click(".cards [data-card=taro]")
        await at.touch("issue", "quit")
        await at.sees("card-left")
        await at.until("document.querySelector('.said').textContent.includes('お取り忘れ')")
        await at.until("document.querySelector('#speaker').classList.contains('speaking')")
        await at.click("#reader .well.full")
        await at.sees("start")


async def test_money_that_is_not_taken_falls_through_and_the_page_says_so() -> None:
    async with visitor() as at:
        await at.click("[data-yen='100']")
        await at.until("document.querySelector('#notices').textContent.includes('return tray')")
        await at.until("document.querySelector('#coins .tray').textContent === '100'")

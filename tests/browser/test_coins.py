"""The coin vendor on the page: what lies where, and what can go wrong with one click."""

from tests.browser.onlooker import until
from tests.browser.visitor import Visitor, visitor

HUNDREDS = '.tube[data-hopper="5"]'


async def is_told(at: Visitor, code: str) -> None:
    """The kiosk reports this fault."""
    await at.until(f"document.querySelector('#told').textContent.includes('{code}')")


async def is_well(at: Visitor) -> None:
    await at.until("document.querySelector('#told').textContent === ''")


async def test_what_can_go_wrong_with_the_coin_vendor() -> None:
    async with visitor() as at:
        bus = at.rig.bus
        await at.until(f"document.querySelector('{HUNDREDS}').textContent.includes('100')")
        assert await at.page.inner_text(".stacker") == "stacker: 0"
        assert await at.page.inner_text(".box") == "cash box: 0 yen"

        await at.click(HUNDREDS)
        await at.until(f"document.querySelector('{HUNDREDS}').textContent.includes('jammed')")
        assert [hopper.value for hopper in bus.hoppers.values() if hopper.jammed] == [100]
        await at.click(HUNDREDS)
        await at.until(f"document.querySelector('{HUNDREDS}').textContent.includes('100')")
        assert [hopper.value for hopper in bus.hoppers.values() if hopper.jammed] == []

        await at.click("#cut")
        await is_told(at, "cash.link-lost")
        await at.click("#cut")
        await is_well(at)

        await at.click("#swap")
        await is_told(at, "cash.identity-changed")
        await at.click("#swap")
        await is_well(at)

        await at.click("[data-disturb='coin on a string']")
        await is_told(at, "cash.fraud-suspected")
        await is_well(at)

        await at.click("[data-disturb='reply dropped']")
        await until(lambda: bus.disturbed, "the click to arrive")
        await until(lambda: not bus.disturbed, "a reply to be lost")
        await is_well(at)
        assert bus.conserved


async def test_money_is_seen_where_it_lies() -> None:
    async with visitor() as at:
        bus = at.rig.bus
        await at.click("[data-yen='100']")
        await at.until("document.querySelector('#coins .tray').textContent === '100'")
        bus.acceptor.swallow(500)
        await at.until("document.querySelector('.box').textContent === 'cash box: 500 yen'")
        bus.hoppers[3].empty()
        await at.until("document.querySelector('.tube').textContent === '10 yen0'")

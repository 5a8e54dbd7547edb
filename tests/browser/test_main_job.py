"""The proof of the bench: a newcomer opens the page, issues a 住民票の写し and looks at it."""

from PIL import ImageChops

from tests.browser.visitor import Visitor, visitor
from tests.center.poppler import poppler
from tests.wires.test_printed_page import check_sheet, household


async def until_in_hand(at: Visitor, what: str, number: int) -> None:
    await at.until(f"document.querySelectorAll('#hand [data-{what}] img').length === {number}")
    await at.until(
        f"[...document.querySelectorAll('#hand [data-{what}] img')].every(i => i.naturalWidth > 0)"
    )


async def test_from_the_start_menu_to_the_printed_paper_by_mouse() -> None:
    async with visitor() as at:
        await at.touch("services", "issue")
        await at.sees("card")
        await at.click(".cards [data-card=taro]")
        await at.sees("municipality")
        await at.touch("own", "confirm")
        await at.touch("key.1", "key.2", "key.3", "key.4")
        await at.sees("removal")
        await at.click("#reader .well")
        await at.sees("certificate")
        await at.touch("kind.juminhyo", "confirm")
        await at.sees("scope")
        await at.touch("scope.self", "confirm", "item.head.yes", "confirm", "confirm")
        await at.sees("confirm")
        await at.touch("confirm")
        await at.sees("payment")
        await at.click("[data-yen='500'].taken")
        await at.sees("take-money")
        await at.click("#coins .tray.full")
        await at.click("#screen")
        await at.sees("take")
        await at.click("#paper .well.full")
        await at.sees("receipt", "thanks", "start")
        await at.click("#receipt .well.full")
        await until_in_hand(at, "sheet", 1)
        await until_in_hand(at, "receipt", 1)
        assert "300 yen back" in await at.page.inner_text(".purse")
        (sheet,) = at.stand.hand.sheets
        today = at.rig.now().date()
        with household("taro", today) as people:
            check_sheet(poppler(sheet.document), people["山田 太郎"], ("head",), today)
        await at.click("#hand [data-sheet]")
        await at.until("document.querySelector('#viewer img').naturalWidth > 1000")
        await at.click("#viewer .turn")
        await at.until("document.querySelector('#viewer strong').textContent.endsWith('back')")


async def test_the_page_shows_the_very_pixels_of_the_kiosk() -> None:
    async with visitor() as at:
        for button in ("services", "issue", "quit"):
            await at.touch(button)
            await until_the_same(at)


async def until_the_same(at: Visitor) -> None:
    """The canvas catches up with the framebuffer, and then no pixel differs."""
    for _ in range(50):
        if ImageChops.difference(await at.picture(), at.rig.picture()).getbbox() is None:
            return
    raise AssertionError("the page never showed the kiosk's picture")

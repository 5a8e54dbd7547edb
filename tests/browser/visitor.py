"""Somebody at the bench's page in headless Chromium: Debian's browser, driven by Playwright."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from io import BytesIO

from PIL import Image
from playwright.async_api import Page, async_playwright

from daemon.bench.rig import SIZE, Rig
from daemon.bench.setup import Setup
from daemon.bench.web.server import BenchServer
from daemon.bench.web.stand import Stand

CHROMIUM = "/usr/bin/chromium"
QUIET = (
    "--no-sandbox",  # tests may run as root
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
CANVAS = """async (canvas) => {
    const blob = await new Promise((done) => canvas.toBlob(done, "image/png"));
    return Array.from(new Uint8Array(await blob.arrayBuffer()));
}"""
PATIENCE = 60.0


class Visitor:
    """Works the page as a person does: clicks, keys, eyes. complaints: what the browser's console said."""

    def __init__(self, page: Page, stand: Stand, server: BenchServer) -> None:
        self.page = page
        self.stand = stand
        self.server = server
        self.complaints: list[str] = []
        page.set_default_timeout(PATIENCE * 1000)
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    @property
    def rig(self) -> Rig:
        """The kiosk that stands there now."""
        return self.stand.rig

    async def open(self) -> None:
        """Opens the page and waits until the kiosk invites."""
        await self.page.goto(self.server.url)
        await self.sees("start")

    async def sees(self, *screens: str) -> None:
        """The page says that the kiosk shows one of these screens."""
        shown = "document.querySelector('#power span').textContent.replace('running: ', '')"
        await self.until(f"{list(screens)}.includes({shown})")

    async def touch(self, *buttons: str) -> None:
        """Clicks where these buttons stand on the picture of the screen, one after the other."""
        for button in buttons:
            while button not in self.rig.feed.shown.buttons:
                await self.rig.feed.after(self.rig.feed.shown)
            before = self.rig.feed.shown
            x, y, w, h = before.buttons[button]
            await self._click_pixel(x + w // 2, y + h // 2)
            await self.rig.feed.after(before)

    async def click(self, selector: str) -> None:
        await self.page.click(selector)

    async def keys(self, *keys: str) -> None:
        """Presses keys of the keyboard."""
        for key in keys:
            await self.page.keyboard.press(key)

    async def picture(self) -> Image.Image:
        """What stands on the page's canvas, pixel by pixel."""
        png = await self.page.locator("#screen").evaluate(CANVAS)
        return Image.open(BytesIO(bytes(png))).convert("RGB")

    async def until(self, condition: str) -> None:
        """Looks until this JavaScript expression is true: the page's own policy forbids it to be told."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not await self.page.evaluate(f"() => Boolean({condition})"):  # noqa: ASYNC110
                    await asyncio.sleep(0.03)
        except TimeoutError:
            raise AssertionError(f"never true on the page: {condition}") from None

    async def _click_pixel(self, x: int, y: int) -> None:
        canvas = self.page.locator("#screen")
        await canvas.scroll_into_view_if_needed()
        box = await canvas.bounding_box()
        assert box is not None
        across, down = box["x"] + x / SIZE[0] * box["width"], box["y"] + y / SIZE[1] * box["height"]
        await self.page.mouse.click(across, down)


@asynccontextmanager
async def visitor(setup: Setup | None = None) -> AsyncIterator[Visitor]:
    """A bench with a page, and somebody who has opened it. The browser's console must stay silent."""
    async with Stand(setup or Setup(speed=0)) as stand:
        assert not stand.problem
        server = BenchServer(stand)
        async with server.serve(0), async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=list(QUIET))
            try:
                page = await browser.new_page(viewport={"width": 1440, "height": 1000})
                somebody = Visitor(page, stand, server)
                await somebody.open()
                yield somebody
                assert not somebody.complaints, somebody.complaints
            finally:
                await browser.close()

"""Somebody at the bench's page who makes faults come and go, and watches the kiosk: glass, journal, word."""

import asyncio
from collections.abc import Mapping
from functools import partial
from pathlib import Path

from PIL import Image, ImageChops

from daemon.bench.rig import SIZE
from daemon.bench.status import Status
from daemon.bench.wallet import PIN
from daemon.config import ASSETS
from daemon.face.renderer import Renderer
from daemon.face.texts import Texts
from daemon.session.access import Access
from daemon.session.catalogue import load_faults
from daemon.session.screens import out_of_service
from daemon.session.widgets import Screen
from drivers.display.framebuffer import Framebuffer, FramebufferSettings
from drivers.display.virtual import create_framebuffer, snapshot
from tests.browser.visitor import Visitor
from tests.patience import looked_until

PATIENCE = 40.0
EVERY = 0.05
until = partial(looked_until, within=PATIENCE)
FAULTS = load_faults(ASSETS)
SAY = Texts.load(ASSETS / "texts")("ja")


class Onlooker:
    """folder: for a glass of one's own, on which to see what a screen must look like."""

    def __init__(self, at: Visitor, folder: Path) -> None:
        self.rig = at.rig
        self._at = at
        self._glass = folder / "expected"
        create_framebuffer(self._glass, *SIZE)
        self._renderer = Renderer(Framebuffer(FramebufferSettings(str(self._glass), *SIZE)))

    # ------------------------------------------------------------ faults, by their buttons on the page

    async def inject(self, code: str) -> None:
        await self._press(code, "true")

    async def clear(self, code: str) -> None:
        await self._press(code, "false")

    async def _press(self, code: str, pressed: str) -> None:
        """Clicks, until the page says that it is done."""
        button = f".fault[data-code='{code}']"
        await self._at.click(button)
        await self._at.until(f"""document.querySelector("{button}").ariaPressed === '{pressed}'""")

    # ------------------------------------------------------------ what the journal says

    def head(self) -> int:
        """The newest entry's number."""
        entries = self.rig.entries()
        return entries[-1][0] if entries else 0

    async def reported(self, code: str, since: int) -> str:
        """The event of the first entry with this code after that one."""
        found: list[str] = []

        def look() -> bool:
            found.extend(
                event for seq, _, event, data in self.rig.entries() if seq > since and _told(data) == code
            )
            return bool(found)

        await until(look, f"{code} in the journal")
        return found[0]

    # ------------------------------------------------------------ what the glass shows

    def shows(self, screen: Screen, alive: bool = True) -> bool:
        """Whether these very pixels are on the kiosk's glass. alive: with the icons, which somebody obeys."""
        if alive:
            self._renderer.show(screen, Access().view(SAY, "", 0))
        else:
            self._renderer.show(screen)
        return not ImageChops.difference(self._picture(), snapshot(self._glass, *SIZE)).getbbox()

    def _picture(self) -> Image.Image:
        return snapshot(self.rig.framebuffer, *SIZE)

    async def is_told(self, code: str, alive: bool = True) -> None:
        """The kiosk is out of service and says of it what the catalogue does. alive: its daemon is."""
        screen = out_of_service(SAY, FAULTS[code].citizen["ja"])
        await until(lambda: self.shows(screen, alive), f"the catalogue's text of {code} on the glass")

    # ------------------------------------------------------------ what a citizen does

    async def to_card(self) -> None:
        await self.rig.see("start")
        for button in ("services", "issue"):
            await self.rig.press(button)
        await self.rig.see("card")

    async def place(self) -> None:
        await self.to_card()
        await self.rig.wallet.place("taro")

    async def order(self) -> None:
        """Up to 確定する on screen 11."""
        rig = self.rig
        await self.place()
        await rig.see("municipality")
        await rig.press("own")
        await rig.press("confirm")
        await rig.type_pin(PIN)
        await rig.see("removal")
        await rig.wallet.lift()
        await rig.see("certificate")
        for button in ("kind.juminhyo", "confirm", "scope.self", "confirm", "confirm", "confirm"):
            await rig.press(button)
        await rig.see("confirm")
        rig.tap("confirm")

    async def pay(self, *coins: int) -> None:
        """Orders, and pays once the slot is open."""
        await self.order()
        await self.rig.see("payment")
        for coin in coins:
            await until(lambda value=coin: value in self.rig.bus.acceptor.accepting, "an open slot")  # type: ignore[misc]
            self.rig.bus.insert(coin)

    async def leave(self) -> None:
        """Whoever stands there takes what is theirs and goes, until the kiosk is with nobody any more."""
        async with asyncio.timeout(PATIENCE):
            while (shown := self.rig.feed.shown).name not in ("start", "out"):
                await self._go_on()
                await self.rig.feed.after(shown)

    async def _go_on(self) -> None:
        rig = self.rig
        shown = rig.feed.shown
        match shown.name:
            case "card-left":
                await rig.wallet.lift()
            case "take":
                rig.take_paper()
            case _ if "quit" in shown.buttons:
                rig.tap("quit")
            case "take-money" | "receipt" | "thanks":
                rig.tap_anywhere()

    # ------------------------------------------------------------ what is true afterwards

    async def staff_look(self) -> None:
        """After a jam, once the session is over: staff have looked for void sheets, and say so."""
        await self.leave()
        async with asyncio.timeout(PATIENCE):
            while not (cases := await self.rig.cases()):  # noqa: ASYNC110
                await asyncio.sleep(EVERY)
        for case in cases:
            await self.rig.resolve(case.case)

    async def is_well(self) -> None:
        """The kiosk is where it began: it invites, and its own word is that nothing is wrong."""
        await self.leave()
        await self.rig.see("start", within=PATIENCE)
        async with asyncio.timeout(PATIENCE):
            while not _well(await self.rig.status()):  # noqa: ASYNC110
                await asyncio.sleep(EVERY)
        await self.rig.see("start")


def _well(status: Status | None) -> bool:
    return status == Status(can_sell=True)


def _told(data: Mapping[str, object]) -> str:
    return str(data.get("code", ""))

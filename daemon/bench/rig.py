"""A whole kiosk on simulated devices, each behind its real wire: what the bench and the tests drive.

pcscd with a virtual reader and one process a card, the ccTalk bus on a pseudo-terminal, the A4 printer on
HTTP, the receipt printer on TCP, a framebuffer file and a touch pipe, the center and the daemon as processes
of their own. Everything lies in one folder that is gone afterwards, and no process is left behind.
"""

import asyncio
import json
import shutil
import tempfile
import tomllib
from collections.abc import AsyncGenerator, Coroutine, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import datetime, timedelta
from pathlib import Path
from types import TracebackType

import msgspec
from PIL import Image

from daemon.bench.feed import Feed, Shown
from daemon.bench.journal import read_lines
from daemon.bench.processes import Child, ChildFailed, tail
from daemon.bench.settings import Ports, center_settings, kiosk_settings
from daemon.bench.setup import DEFAULT, Setup
from daemon.bench.status import Case, Status
from daemon.bench.vocabulary import ANYWHERE
from daemon.bench.wallet import Wallet
from daemon.center.sample import holders
from daemon.clock import TOKYO
from daemon.config import ASSETS
from daemon.issuance.seal import Sealer, new_key
from drivers.cabinet.virtual import CabinetPanel
from drivers.card.virtual_reader import PrivatePcscd
from drivers.cash.virtual import VirtualBus
from drivers.display.virtual import TouchSender, create_framebuffer, snapshot
from drivers.document.virtual import Sheet, VirtualPrinter
from drivers.keypad.virtual import KeySender
from drivers.receipt.virtual import VirtualReceiptPrinter

SIZE = (1280, 800)
Json = Mapping[str, object]
HOPPERS = {3: (10, 50), 4: (50, 50), 5: (100, 100), 6: (500, 50)}
COINS_PER_SECOND = 8
SECONDS_PER_SHEET = 0.6
CENTER_SECONDS = 30.0
STATUS_SECONDS = 2.0
SETTLED = 3.0
UNIT = {
    "PYTHONMALLOC": "malloc",
    "GLIBC_TUNABLES": ":".join(
        f"glibc.malloc.{what}"
        for what in (
            *("perturb=90", "tcache_count=0", "arena_max=1"),
            *("mmap_threshold=65536", "trim_threshold=131072"),
        )
    ),
}
"""How systemd/madoguchi.service makes freed memory be overwritten, and given back."""


class Rig:
    """``async with Rig() as rig``: a kiosk that shows its start menu soon.

    launcher: the module that runs the daemon (tests kill it at given moments).
    """

    def __init__(self, setup: Setup = DEFAULT, launcher: str = "daemon") -> None:
        """Raises ValueError, before anything is made: a municipality without sample residents."""
        holders(setup.municipality)
        self.setup = setup
        self._launcher = launcher
        self._offset = setup.offset(datetime.now(TOKYO))
        self._stack = AsyncExitStack()
        self.root = Path(tempfile.mkdtemp(prefix="madoguchi-"))
        self._hoppers = {
            address: (value, setup.hoppers.get(value, coins)) for address, (value, coins) in HOPPERS.items()
        }
        self.bus = VirtualBus(
            hoppers=self._hoppers, validator=True, coins_per_second=COINS_PER_SECOND * setup.speed
        )
        self.printer = VirtualPrinter(seconds_per_sheet=setup.seconds(SECONDS_PER_SHEET))
        self.receipts = VirtualReceiptPrinter()
        self.panel = CabinetPanel(self.root / "cabinet.sock")
        self.feed = Feed(self.root / "kiosk.sock")
        self.pcscd = PrivatePcscd(self.root)
        self.wallet = Wallet(self.root, self.pcscd, setup.municipality)
        self.center = Child("center", self.root / "center.log")
        self.daemon = Child("daemon", self.root / "daemon.log")
        self.profile = self.root / "municipality.toml"
        self.framebuffer = self.root / "fb"
        self.touch = TouchSender(self.root / "touch.pipe")
        self.keypad = KeySender(self.root / "keypad.pipe")
        self._center_changes: dict[str, object] = {}
        self._center_away = False
        self.injected: dict[str, AsyncGenerator[None, None]] = {}
        """Faults that stand, by their code (daemon/bench/faults): each an act that waits to be ended."""
        self.injecting = asyncio.Lock()

    # ------------------------------------------------------------ start and stop

    async def __aenter__(self) -> "Rig":
        try:
            await self._start()
        except BaseException:
            await self._stack.aclose()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def _start(self) -> None:
        self._stack.callback(shutil.rmtree, self.root, ignore_errors=True)
        self.pcscd.start()
        self._stack.callback(self.pcscd.stop)
        self.wallet.make(self._offset)
        create_framebuffer(self.framebuffer, *SIZE)
        vendor = self.root / "vendor"
        await self._stack.enter_async_context(self.bus.serve_pty(vendor))
        printer = await self._stack.enter_async_context(self.printer.serve())
        receipt = await self._stack.enter_async_context(self.receipts.serve_tcp("127.0.0.1", 0))
        self._background(self.panel.serve())
        self.printer.on_sheet = lambda _: self.panel.set_tray(True)
        seal_key = new_key()
        self.publish(self.published)
        (self.root / "seal.key.pem").write_bytes(seal_key)
        (self.root / "seal.pub.pem").write_bytes(Sealer.from_pem(seal_key).public_pem())
        center = center_settings(self.root, self.wallet, self.setup, self._offset)
        self._write("center.toml", center)
        ports = Ports(str(vendor), printer, receipt)
        kiosk = kiosk_settings(self.root, self.pcscd, ports, self._hoppers, self.setup, self._offset)
        self._write("kiosk.toml", kiosk)
        self._stack.push_async_callback(self.center.stop)
        await self._start_center()
        self._stack.push_async_callback(self.wallet.close)
        self._stack.push_async_callback(self._stop_daemon)
        await self.start_daemon()
        self._background(self.feed.follow())
        self._stack.push_async_callback(self._forget_faults)

    async def stop_center(self) -> None:
        """It is away until ``return_center``, whatever is changed meanwhile."""
        self._center_away = True
        await self.center.kill()

    async def return_center(self) -> None:
        self._center_away = False
        await self._restart_center()

    async def change_center(self, **changes: object) -> None:
        """The center starts again with other settings, besides those that are changed already."""
        self._center_changes |= changes
        await self._restart_center()

    async def restore_center(self, *keys: str) -> None:
        """The center starts again with these settings as they were."""
        for key in keys:
            self._center_changes.pop(key, None)
        await self._restart_center()

    async def _restart_center(self) -> None:
        if self._center_away:
            return
        await self.center.kill()
        settings = tomllib.loads((self.root / "center.toml").read_text("utf-8")) | self._center_changes
        lines = [f"{key} = {json.dumps(value)}\n" for key, value in settings.items()]
        self._write("center-changed.toml", "".join(lines))
        await self._start_center("center-changed.toml")

    async def _forget_faults(self) -> None:
        """What they hold is let go; nothing is mended any more."""
        for act in self.injected.values():
            await act.aclose()

    async def _start_center(self, config: str = "center.toml") -> None:
        (self.root / "center.sock").unlink(missing_ok=True)
        await self.center.start("daemon", "center", "--config", str(self.root / config))
        async with asyncio.timeout(CENTER_SECONDS):
            while not (self.root / "center.sock").exists():
                self._check(self.center)
                await asyncio.sleep(0.02)

    async def start_daemon(self, **environment: str) -> None:
        """Starts the daemon, again after ``power_cut``. environment: for the launcher."""
        self.daemon = Child("daemon", self.root / "daemon.log")
        config = str(self.root / "kiosk.toml")
        arguments = (self._launcher, "run", "--config", config)
        await self.daemon.start(*arguments, environment=UNIT | environment)

    @property
    def published(self) -> str:
        """The municipality's profile as it came with the program."""
        return (ASSETS / "municipalities" / f"{self.setup.municipality}.toml").read_text("utf-8")

    def publish(self, text: str) -> None:
        """The municipality publishes another profile: kiosk and center take it up while they run."""
        new = self.profile.with_name("municipality.new.toml")
        new.write_text(text, "utf-8")
        new.replace(self.profile)

    async def power_cut(self) -> None:
        """SIGKILL to the daemon alone; the devices keep what they have."""
        await self.daemon.kill()

    async def _stop_daemon(self) -> None:
        """The one that runs now. It would finish its session first, which nobody waits for any more."""
        await self.daemon.kill()

    def _background(self, work: object) -> None:
        task = asyncio.ensure_future(work)  # type: ignore[call-overload]

        async def end() -> None:
            task.cancel()
            with suppress(asyncio.CancelledError):
                await task

        self._stack.push_async_callback(end)

    async def _or_death(self, waiting: Coroutine[object, object, Shown]) -> Shown:
        """The screen waited for; raises ChildFailed at once if the daemon dies instead."""
        seen = asyncio.ensure_future(waiting)
        death = asyncio.ensure_future(self.daemon.wait())
        try:
            await asyncio.wait([seen, death], return_when=asyncio.FIRST_COMPLETED)
            if not seen.done():
                self._check(self.daemon)
            return await seen
        finally:
            seen.cancel()
            death.cancel()

    def _write(self, name: str, text: str) -> None:
        (self.root / name).write_text(text, "utf-8")

    def _check(self, child: Child) -> None:
        if not child.running:
            log = "\n  ".join(tail(child.log))
            raise ChildFailed(f"the {child.name} has ended; its log says:\n  {log}")

    # ------------------------------------------------------------ what a citizen does

    async def see(self, *screens: str, within: float = 20.0) -> Shown:
        """Waits for one of these screens. Raises ChildFailed (it says what is shown instead)."""
        try:
            async with asyncio.timeout(within):
                return await self._or_death(self.feed.until(*screens))
        except TimeoutError:
            raise ChildFailed(
                f"expected screen {' or '.join(screens)}, but the kiosk shows {self.feed.shown.name!r}"
            ) from None

    async def press(self, button: str, within: float = 10.0) -> None:
        """Touches a button in its middle, and waits until the kiosk shows something new.

        A choice that was made already shows nothing new; that is no failure.
        """
        try:
            async with asyncio.timeout(within):
                before = await self._or_death(self._until_there(button))
        except TimeoutError:
            others = [name for name in self.feed.shown.buttons if name not in ANYWHERE]
            raise ChildFailed(
                f"there is no button {button!r} on screen {self.feed.shown.name!r}, "
                f"only: {', '.join(others) or 'nothing'}"
            ) from None
        self._tap_middle(before.buttons[button])
        with suppress(TimeoutError):
            async with asyncio.timeout(SETTLED):
                await self._or_death(self.feed.after(before))

    async def _until_there(self, button: str) -> Shown:
        while button not in self.feed.shown.buttons:
            await self.feed.after(self.feed.shown)
        return self.feed.shown

    def tap(self, button: str) -> None:
        """Touches a button of the screen that is shown, and waits for nothing."""
        self._tap_middle(self.feed.shown.buttons[button])

    def _tap_middle(self, rect: tuple[int, int, int, int]) -> None:
        x, y, w, h = rect
        self.touch.tap(x + w // 2, y + h // 2)

    def tap_anywhere(self) -> None:
        """Touches the middle of the glass."""
        self.touch.tap(SIZE[0] // 2, SIZE[1] // 2)

    async def type_pin(self, pin: str, within: float = 10.0) -> None:
        """Types digits on the screen's keypad, and waits for what the kiosk says to them."""
        for digit in pin:
            typed = self.feed.shown.number + 1
            await self.press(f"key.{digit}", within)
        try:
            async with asyncio.timeout(within):
                while self.feed.shown.number <= typed:
                    await self._or_death(self.feed.after(self.feed.shown))
        except TimeoutError:
            raise ChildFailed("nothing came of the PIN") from None

    def picture(self) -> Image.Image:
        """The very pixels of the framebuffer."""
        return snapshot(self.framebuffer, *SIZE)

    def take_paper(self) -> tuple[Sheet, ...]:
        """Takes every sheet out of the tray, which its sensor sees."""
        sheets = self.printer.take_paper()
        self.panel.set_tray(False)
        return sheets

    def now(self) -> datetime:
        """What the kiosk's clock says."""
        return datetime.now(TOKYO) + timedelta(seconds=self._offset)

    # ------------------------------------------------------------ what the kiosk itself says

    async def status(self) -> Status | None:
        """As ``madoguchi status`` has it; None: it does not answer now."""
        try:
            async with asyncio.timeout(STATUS_SECONDS):
                return msgspec.convert(await self._ask({"do": "status"}), Status)
        except OSError:  # TimeoutError is one
            return None

    async def cases(self) -> tuple[Case, ...]:
        """Those that are open; none while it does not answer."""
        status = await self.status()
        return status.cases if status else ()

    async def resolve(self, case: str, tray: str = "") -> None:
        """Staff settle a case. tray: "delivered" or "missing", for one in doubt.

        Raises ChildFailed (the kiosk says no), OSError (it says nothing).
        """
        answer = await self._ask(
            {"do": "resolve", "case": case, "tray": tray, "who": "bench", "why": "settled on the bench"}
        )
        if "error" in answer:
            raise ChildFailed(f"the kiosk says: {answer['error']}")

    async def _ask(self, request: Mapping[str, str]) -> Json:
        reader, writer = await asyncio.open_unix_connection(str(self.root / "kiosk.sock"))
        try:
            writer.write(json.dumps(request).encode() + b"\n")
            line = await reader.readline()
        finally:
            writer.close()
        if not line.endswith(b"\n"):
            raise ConnectionResetError("the kiosk hung up")
        answer: Json = json.loads(line)
        return answer

    def entries(self) -> list[tuple[int, str, str, Mapping[str, object]]]:
        """(seq, session, event, data) of the journal, read beside the running daemon."""
        lines = read_lines(self.root / "journal.db")
        return [(line.seq, line.session, line.event, line.data) for line in lines]

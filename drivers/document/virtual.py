"""A printer without paper: answers IPP like a real one and keeps in memory what it printed.

Rule: whoever works it by hand (a test, the bench) uses the same handles a person has: paper, covers,
jams, toner, the plug. Faults also go in and out by their code in the catalogue.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from ssl import SSLContext
from uuid import UUID, uuid4

from aiohttp import web

from drivers.document.attributes import IppError, message
from drivers.document.codes import BAD_REQUEST, PDF, SEND_DOCUMENT
from drivers.document.engine import LOW_PAPER, TRAY_CAPACITY, Engine, Job, Sheet
from drivers.document.frontend import FrontEnd
from drivers.document.ipp import decode, encode
from hal import faults

__all__ = ["Job", "Sheet", "VirtualPrinter"]

LARGEST_REQUEST = 64 << 20
REMEMBERED = 1000


class VirtualPrinter:
    """paper: sheets in its tray. seconds_per_sheet 0: a sheet is out at once.

    on_sheet: told of each sheet that drops into the output tray (for a tray sensor); may be set later.
    heard: the operations it was last asked for.
    """

    def __init__(
        self,
        paper: int = TRAY_CAPACITY,
        seconds_per_sheet: float = 0.0,
        on_sheet: Callable[[Sheet], None] | None = None,
        uuid: UUID | None = None,
    ) -> None:
        self.on_sheet = on_sheet
        self.reachable = True
        self._engine = Engine(paper, seconds_per_sheet, self._dropped)
        self._front = FrontEnd(self._engine, f"urn:uuid:{uuid or uuid4()}")
        self._lost_answers: list[int] = []
        self.heard: deque[int] = deque(maxlen=REMEMBERED)
        self._dies_at_document = False

    # ------------------------------------------------------------ the wire

    def handle(self, body: bytes) -> bytes:
        """Answers a request, by the clock of the running loop. Raises ConnectionError: no answer comes."""
        if not self.reachable:
            raise ConnectionRefusedError("the virtual printer is unplugged")
        try:
            request = decode(body)
        except IppError:
            return encode(message(BAD_REQUEST, int.from_bytes(body[4:8], "big")))
        self.heard.append(request.code)
        answer = encode(self._front.answer(request))
        if request.code == SEND_DOCUMENT and self._dies_at_document:
            self._dies_at_document = False
            self.reboot()
            raise ConnectionResetError("the virtual printer has lost power")
        if request.code in self._lost_answers:
            self._lost_answers.remove(request.code)
            raise ConnectionResetError("the virtual printer's answer is lost")
        return answer

    async def exchange(self, body: bytes) -> bytes:
        """``handle`` as the in-memory transport of ``IppPrinter``."""
        await asyncio.sleep(0)
        return self.handle(body)

    @asynccontextmanager
    async def serve(
        self, host: str = "127.0.0.1", port: int = 0, tls: SSLContext | None = None
    ) -> AsyncIterator[int]:
        """Serves IPP over HTTP while the context lasts; gives the bound port. Any path is the printer."""
        application = web.Application(client_max_size=LARGEST_REQUEST)
        application.router.add_post("/{path:.*}", self._post)
        runner = web.AppRunner(application, access_log=None)
        await runner.setup()
        try:
            await web.TCPSite(runner, host, port, ssl_context=tls).start()
            yield runner.addresses[0][1]
        finally:
            await runner.cleanup()

    async def _post(self, request: web.Request) -> web.Response:
        body = await request.read()
        try:
            return web.Response(body=self.handle(body), content_type="application/ipp")
        except ConnectionError:
            if request.transport is not None:
                request.transport.abort()
            raise

    # ------------------------------------------------------------ what came out

    @property
    def tray(self) -> tuple[Sheet, ...]:
        """Sheets in the output tray."""
        return tuple(self._engine.tray)

    @property
    def came_out(self) -> tuple[Sheet, ...]:
        """The newest sheets that ever dropped into it, whoever took them; oldest first."""
        return tuple(self._engine.came_out)

    @property
    def jobs(self) -> tuple[Job, ...]:
        """The newest jobs whose document has come, with it; oldest first."""
        return tuple(self._engine.printed)

    @property
    def ruined(self) -> tuple[Sheet, ...]:
        """Sheets that were jammed."""
        return tuple(self._engine.ruined)

    @property
    def paper(self) -> int:
        """Sheets left to print on."""
        return self._engine.paper

    @property
    def wishes(self) -> list[tuple[str, object]]:
        """What the newest job was to be like: its attributes, in their order."""
        return [(item.name, item.values[0].data) for item in self._front.wishes]

    def take_paper(self) -> tuple[Sheet, ...]:
        """Empties the output tray."""
        taken = self.tray
        self._engine.tray.clear()
        return taken

    # ------------------------------------------------------------ hands

    def load_paper(self, sheets: int = TRAY_CAPACITY) -> None:
        """Now this many lie in; a waiting job goes on. ``load_paper(2)``: runs out after two sheets."""
        self._engine.paper = sheets
        self._engine.go()

    def jam(self, at_sheet: int = 1) -> None:
        """That many sheets from now one gets stuck (1: the next one fed)."""
        self._engine.jam(at_sheet)

    def clear_jam(self) -> None:
        """Takes the stuck sheet out; a waiting job prints it again and goes on."""
        self._engine.clear_jam()

    def set_cover(self, open: bool) -> None:
        """While open nothing is fed."""
        self._trouble("cover-open", open)

    def set_toner(self, empty: bool = False, low: bool = False) -> None:
        """Empty stops it, low only warns."""
        self._trouble("toner-low", low)
        self._trouble("toner-empty", empty)

    def set_paused(self, paused: bool) -> None:
        """Somebody pressed pause at its panel: printer-state becomes stopped."""
        self._trouble("paused", paused)

    def set_accepting(self, accepting: bool) -> None:
        """Whether it takes jobs."""
        self._front.accepting = accepting

    def set_counting(self, counting: bool) -> None:
        """Whether it tells how many sheets lie in its tray; many printers only say that it is empty."""
        self._front.counting = counting

    def refuse_two_sides(self) -> None:
        """It lists both sides, and refuses a job that wants them: its duplexer is switched off."""
        self._front.one_sided = True

    def fall_asleep(self) -> None:
        """Until the next job, or question for one, it reports nothing of its state, as some printers do."""
        self._front.asleep = True

    def set_seconds_per_sheet(self, seconds: float) -> None:
        """Its speed, from the next sheet on."""
        self._engine.seconds_per_sheet = seconds

    def lose_answer(self, operation: int = SEND_DOCUMENT) -> None:
        """The next request of this kind is carried out, but its answer never arrives."""
        self._lost_answers.append(operation)

    def die_at_document(self, on: bool = True) -> None:
        """It loses power when it has taken the next document: how far that was printed nobody knows."""
        self._dies_at_document = on

    def reboot(self) -> None:
        """Power off and on: jobs are forgotten, also the one being printed; paper stays where it is."""
        self._engine.power_off()
        self._front.restart()

    # ------------------------------------------------------------ by name

    def inject(self, code: str) -> None:
        """Makes a fault of the catalogue true. Raises KeyError: not one this device can have."""
        self._switches()[code](True)

    def repair(self, code: str) -> None:
        """Ends an injected fault. Raises KeyError as above."""
        self._switches()[code](False)

    def _switches(self) -> dict[str, Callable[[bool], None]]:
        return {
            faults.PRINTER_UNREACHABLE: lambda on: setattr(self, "reachable", not on),
            faults.PRINTER_REFUSES: lambda on: self.set_accepting(not on),
            faults.PRINTER_UNSUITABLE: lambda on: setattr(
                self._front, "formats", ("image/pwg-raster",) if on else (PDF,)
            ),
            faults.PRINTER_PAPER_OUT: lambda on: self.load_paper(0 if on else TRAY_CAPACITY),
            faults.PRINTER_PAPER_LOW: lambda on: self.load_paper(LOW_PAPER if on else TRAY_CAPACITY),
            faults.PRINTER_JAM: lambda on: self.jam() if on else self.clear_jam(),
            faults.PRINTER_COVER: self.set_cover,
            faults.PRINTER_TONER_OUT: lambda on: self.set_toner(empty=on),
            faults.PRINTER_TONER_LOW: lambda on: self.set_toner(low=on),
            faults.PRINTER_STOPPED: self.set_paused,
            faults.PRINTER_UNKNOWN: self.die_at_document,
        }

    def _trouble(self, keyword: str, on: bool) -> None:
        (self._engine.troubles.add if on else self._engine.troubles.discard)(keyword)
        self._engine.go()

    def _dropped(self, sheet: Sheet) -> None:
        if self.on_sheet is not None:
            self.on_sheet(sheet)

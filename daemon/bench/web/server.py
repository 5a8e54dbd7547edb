"""The bench's page over HTTP, for the user of this machine only.

It listens on 127.0.0.1; every address begins with a token that is made anew at each start; a request must
name this very host, and one that a page of another origin makes is refused. Nothing is loaded from elsewhere.
"""

import asyncio
import hmac
import io
import logging
import secrets
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec
from aiohttp import WSCloseCode, WSMsgType, web
from PIL import Image

from daemon.bench.pictures import side_of
from daemon.bench.rig import SIZE
from daemon.bench.web.acts import Impossible, do
from daemon.bench.web.catalogue import unchanging
from daemon.bench.web.glass import Glass
from daemon.bench.web.papers import NoAnswer, check
from daemon.bench.web.stand import NotStanding, Stand
from daemon.bench.web.view import clip, receipt_id, sections, sheet_id
from daemon.center.paper.scan import LARGEST_FILE

log = logging.getLogger(__name__)

PORT = 8642
HOST = "127.0.0.1"
LOOK_SECONDS = 0.04
VIEW_EVERY = 4
"""Every so many looks at the screen, one at the devices."""

PAGE = Path(__file__).parent / "page"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob:; media-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cache-Control": "no-store",
}
LOST = "This is the madoguchi bench, but not its address: open the URL that `make bench` has printed.\n"

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


class BenchServer:
    """Serves a stand. ``url`` is known once it listens."""

    def __init__(self, stand: Stand) -> None:
        self._stand = stand
        self._token = secrets.token_urlsafe(18)
        self._port = 0
        self._watchers: set[web.WebSocketResponse] = set()

    @property
    def url(self) -> str:
        """With the token: whoever has it works the bench."""
        return f"http://{HOST}:{self._port}/{self._token}/"

    @asynccontextmanager
    async def serve(self, port: int = PORT) -> AsyncIterator[None]:
        """Listens while the context lasts: on this port, or a free one if it is taken."""
        application = web.Application(middlewares=[self._guard], client_max_size=LARGEST_FILE)
        application.router.add_routes(self._routes())
        # an access log would hold the token; an act that is under way must not hold up the end
        runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await runner.setup()
        try:
            try:
                await web.TCPSite(runner, HOST, port).start()
            except OSError:
                await web.TCPSite(runner, HOST, 0).start()
            self._port = runner.addresses[0][1]
            yield
        finally:
            await self.hang_up()
            await runner.cleanup()

    async def hang_up(self) -> None:
        """Ends every line; a page that is still there comes back."""
        for watcher in set(self._watchers):
            await watcher.close(code=WSCloseCode.GOING_AWAY)

    # ------------------------------------------------------------ who may

    @web.middleware
    async def _guard(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        own = {f"{name}:{self._port}" for name in (HOST, "localhost")}
        origin = request.headers.get("Origin")
        if request.host not in own or (origin is not None and origin.removeprefix("http://") not in own):
            raise web.HTTPForbidden(text="The bench answers to this machine's own browser only.\n")
        token = request.match_info.get("token", "")
        if not hmac.compare_digest(token.encode(), self._token.encode()):
            raise web.HTTPNotFound(text=LOST)
        response = await handler(request)
        if not response.prepared:
            response.headers.update(HEADERS)
        return response

    def _routes(self) -> list[web.RouteDef]:
        return [
            web.get("/{token}/", self._page),
            web.get("/{token}/live", self._live),
            web.get("/{token}/unchanging.json", self._unchanging),
            web.get("/{token}/sheet/{id}/{side}.png", self._sheet),
            web.get("/{token}/receipt/{id}.png", self._receipt),
            web.post("/{token}/paper", self._paper),
            web.get("/{token}/voice/{language}/{key}.ogg", self._voice),
            web.get("/{token}/{file}", self._file),
        ]

    # ------------------------------------------------------------ what lies still

    async def _page(self, _: web.Request) -> web.StreamResponse:
        return web.FileResponse(PAGE / "index.html")

    async def _file(self, request: web.Request) -> web.StreamResponse:
        files = {path.name: path for path in PAGE.iterdir()}
        return _found(files.get(request.match_info["file"]))

    async def _voice(self, request: web.Request) -> web.StreamResponse:
        path = clip(request.match_info["language"], request.match_info["key"])
        return _found(path if path.resolve().is_relative_to(clip("", "").parent.resolve()) else None)

    async def _unchanging(self, _: web.Request) -> web.StreamResponse:
        return web.json_response(body=msgspec.json.encode(unchanging()))

    async def _sheet(self, request: web.Request) -> web.StreamResponse:
        wanted, side = request.match_info["id"], request.match_info["side"]
        rig = self._stand.standing
        for sheet in rig.printer.came_out if rig else ():
            if sheet_id(sheet) == wanted:
                return _png(side_of(sheet, "back" if side == "back" else "front"))
        raise web.HTTPNotFound

    async def _receipt(self, request: web.Request) -> web.StreamResponse:
        stand = self._stand
        out = stand.standing.receipts.receipts if stand.standing else ()
        for receipt in (*out, *stand.hand.receipts):
            if receipt_id(receipt) == request.match_info["id"]:
                return _png(receipt)
        raise web.HTTPNotFound

    async def _paper(self, request: web.Request) -> web.StreamResponse:
        """A scan, to be checked against key and registry of the center that stands here."""
        if "Origin" not in request.headers:  # every browser sends it with a POST
            raise web.HTTPForbidden
        file = await request.read()
        try:
            root = self._stand.rig.root
            told = await check(file, root / "seal.pub.pem", root / "center.toml")
        except (NoAnswer, NotStanding) as error:
            return web.json_response({"problem": str(error)})
        return web.json_response(body=told)

    # ------------------------------------------------------------ what changes

    async def _live(self, request: web.Request) -> web.StreamResponse:
        """The screen and the devices to the page, the page's acts to the kiosk."""
        if "Origin" not in request.headers:  # every browser sends it with a WebSocket
            raise web.HTTPForbidden
        socket = web.WebSocketResponse(heartbeat=15)
        await socket.prepare(request)
        self._watchers.add(socket)
        showing = asyncio.create_task(self._show_until_gone(socket))
        try:
            async for message in socket:
                if message.type is WSMsgType.TEXT:
                    await self._obey(socket, message.data)
        finally:
            self._watchers.discard(socket)
            showing.cancel()
            with suppress(asyncio.CancelledError):
                await showing
        return socket

    async def _obey(self, socket: web.WebSocketResponse, line: str) -> None:
        try:
            await do(self._stand, line)
        except Impossible as error:
            await socket.send_json({"notice": str(error)})

    async def _show_until_gone(self, socket: web.WebSocketResponse) -> None:
        """A defect of ours ends the line: the page says so and comes back, instead of standing still."""
        try:
            await self._show(socket)
        except ConnectionError:
            pass
        except Exception:
            log.exception("the page's line has ended")
            await socket.close(code=WSCloseCode.INTERNAL_ERROR)

    async def _show(self, socket: web.WebSocketResponse) -> None:
        """Each watcher gets what differs from what it got last, as fast as it takes it."""
        known: dict[str, bytes] = {}
        rig, glass = None, Glass(SIZE)
        look = 0
        while True:
            if self._stand.standing is not rig:
                rig, glass = self._stand.standing, Glass(SIZE)
            if rig is not None:
                with suppress(OSError, ValueError):  # a screen that is lost, or not yet there
                    for packet in glass.changes(rig.framebuffer.read_bytes()):
                        await socket.send_bytes(packet)
            if look % VIEW_EVERY == 0:
                await self._tell(socket, known)
            look += 1
            await asyncio.sleep(LOOK_SECONDS)

    async def _tell(self, socket: web.WebSocketResponse, known: dict[str, bytes]) -> None:
        now = {name: msgspec.json.encode(part) for name, part in (await sections(self._stand)).items()}
        news = {name: msgspec.Raw(part) for name, part in now.items() if known.get(name) != part}
        known.update(now)
        if news:
            await socket.send_str(msgspec.json.encode(news).decode())


def _found(path: Path | None) -> web.FileResponse:
    if path is None or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(path)


def _png(picture: Image.Image) -> web.Response:
    out = io.BytesIO()
    picture.save(out, "png", compress_level=1)
    return web.Response(body=out.getvalue(), content_type="image/png")

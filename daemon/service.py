"""The kiosk's own socket: what it shows, how it is, and the acts of staff. JSON, one line a message.

Requests: {"do": "status"}, {"do": "follow"} (a line at every new screen), {"do": "resolve", "case", "who",
"why", "tray"}, {"do": "reprint", "session"}, {"do": "loaded", "sheets", "who", "why"}, {"do": "cash", "act",
"coins", "why", "pin"}, {"do": "report", "day", "print"}. Answers never hold personal data: a screen is told
by its name and by where its buttons are, never by its texts. The socket is for root and the kiosk's own user.
"""

import asyncio
import json
import logging
import socket
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import msgspec

from daemon.session.journal import JournalBroken
from daemon.session.treasurer import Act
from daemon.session.widgets import Screen
from hal.contracts import Rect
from hal.faults import DeviceError

log = logging.getLogger(__name__)

Json = Mapping[str, object]
LONGEST_REQUEST = 4096
USAGE = (
    "do: status, follow, resolve (case, who, why, tray), reprint (session), loaded (sheets, who, why), "
    "cash (act, coins, why, pin) or report (day, print)"
)
TRAY = {"delivered": True, "missing": False, "": None}


class _Request(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do"):
    """One line of a client."""


class _Status(_Request, frozen=True, tag="status"):
    """How is it?"""


class _Follow(_Request, frozen=True, tag="follow"):
    """What does it show, from now on?"""


class _Resolve(_Request, frozen=True, tag="resolve"):
    """Staff settle a case. tray: for a certificate in doubt, whether its sheets were printed."""

    case: str
    who: str
    why: str
    tray: Literal["delivered", "missing", ""] = ""


class _Reprint(_Request, frozen=True, tag="reprint"):
    """Staff want a session's receipt again."""

    session: str


class _Loaded(_Request, frozen=True, tag="loaded"):
    """Staff say how many sheets lie in the certificate printer now."""

    sheets: int
    who: str
    why: str


class _Cash(_Request, frozen=True, tag="cash"):
    """Staff, by their card on the reader, have done something with money. coins: value → number."""

    act: Act
    why: str
    pin: str
    coins: dict[int, int] = {}

    def __repr__(self) -> str:
        return "_Cash"  # never the PIN


class _Report(_Request, frozen=True, tag="report"):
    """Staff want a day's report. day: "": today."""

    day: str = ""
    print: bool = False


_Any = _Status | _Follow | _Resolve | _Reprint | _Loaded | _Cash | _Report


@dataclass(frozen=True)
class Acts:
    """What the socket may ask of the kiosk. status: its state. targets: button ids → where they are.

    resolve: (case, delivered, who, why) → yen owed. reprint: session → receipt number. loaded: (sheets, who,
    why) → sheets. cash: (act, coins, why, PIN) → what it changed. report: (day, printed) → its lines. What
    they raise as ValueError, DeviceError or JournalBroken is told to the client.
    """

    status: Callable[[], Json]
    targets: Callable[[Screen], Mapping[str, Rect]]
    resolve: Callable[[str, bool | None, str, str], Awaitable[int]]
    reprint: Callable[[str], Awaitable[str]]
    loaded: Callable[[int, str, str], Awaitable[int]]
    cash: Callable[[Act, Mapping[int, int], str, bytearray], Awaitable[Mapping[str, str]]]
    report: Callable[[str, bool], Awaitable[Sequence[str]]]


class Service:
    """Serves one unix socket. ``show`` observes the desk."""

    def __init__(self, path: Path, acts: Acts) -> None:
        self._path = path
        self._acts = acts
        self._screen: Screen | None = None
        self._number = 0
        self._changed = asyncio.Event()
        self._clients: set[asyncio.Task[None]] = set()

    def show(self, screen: Screen) -> None:
        """A new screen is on the glass."""
        self._screen = screen
        self._number += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def serve(self) -> None:
        """Until cancelled; then everybody is hung up on and the socket is gone."""
        try:
            server = await asyncio.start_unix_server(self._client, sock=self._bound(), limit=LONGEST_REQUEST)
        except OSError as error:
            log.error("%s: %s; nobody can ask for status, resolve or reprint", self._path, error)
            return
        try:
            await asyncio.Event().wait()
        finally:
            server.close()
            for client in self._clients:
                client.cancel()
            await asyncio.gather(*self._clients)
            self._path.unlink(missing_ok=True)

    def _bound(self) -> socket.socket:
        """Nobody can connect before it listens, and then it is private already."""
        self._path.unlink(missing_ok=True)
        bound = socket.socket(socket.AF_UNIX)
        try:
            bound.bind(str(self._path))
            self._path.chmod(0o600)
        except OSError:
            bound.close()
            raise
        return bound

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.current_task()
        assert task is not None
        self._clients.add(task)
        try:
            await self._converse(reader, writer)
        except asyncio.CancelledError:
            writer.transport.abort()  # also one who does not read what he is sent
        finally:
            writer.close()
            self._clients.discard(task)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            try:
                while line := await reader.readline():
                    await self._answer(line, writer)
            except ValueError:  # of readline: what follows cannot be told from the rest of this line
                await self._send(writer, {"error": f"a request has at most {LONGEST_REQUEST} bytes"})

    async def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        try:
            request = msgspec.json.decode(line, type=_Any)
            if isinstance(request, _Follow):
                return await self._follow(writer)
            answer = await self._act(request)
        except msgspec.MsgspecError as error:
            answer = {"error": f"{error}; {USAGE}"}
        except (ValueError, DeviceError, JournalBroken) as error:
            answer = {"error": str(error)}
        return await self._send(writer, answer)

    async def _act(self, request: _Status | _Resolve | _Reprint | _Loaded | _Cash | _Report) -> Json:
        match request:
            case _Status():
                return {**self._acts.status(), **self._shown()}
            case _Resolve(case, who, why, tray):
                return {"resolved": case, "owed": await self._acts.resolve(case, TRAY[tray], who, why)}
            case _Reprint(session):
                return {"reprinted": await self._acts.reprint(session)}
            case _Loaded(sheets, who, why):
                return {"loaded": await self._acts.loaded(sheets, who, why)}
            case _Cash():
                pin = bytearray(request.pin.encode())
                return {"done": await self._acts.cash(request.act, request.coins, request.why, pin)}
            case _Report(day, printed):
                return {"report": await self._acts.report(day, printed)}

    async def _follow(self, writer: asyncio.StreamWriter) -> None:
        while True:
            changed = self._changed
            await self._send(writer, self._shown())
            await changed.wait()

    def _shown(self) -> Json:
        if self._screen is None:
            return {"screen": "", "number": 0, "buttons": {}}
        targets = self._acts.targets(self._screen)
        buttons = {key: [rect.x, rect.y, rect.w, rect.h] for key, rect in targets.items()}
        return {"screen": self._screen.name, "number": self._number, "buttons": buttons}

    async def _send(self, writer: asyncio.StreamWriter, message: Json) -> None:
        writer.write(json.dumps(message, ensure_ascii=False).encode() + b"\n")
        await writer.drain()

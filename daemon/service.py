"""The kiosk's own socket: what it shows, how it is, and the acts of staff. JSON, one line a message.

Requests: {"do": "status"}, {"do": "follow"} (a line at every new screen), {"do": "resolve", "case", "who",
"why", "delivered"}, {"do": "reprint", "session"}. Answers never hold personal data: a screen is told by its
name and by where its buttons are, never by its texts. The socket is for root and the kiosk's own user.
"""

import asyncio
import json
import logging
import os
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from daemon.session.cases import CaseError
from daemon.session.widgets import Screen
from hal.contracts import Rect
from hal.faults import DeviceError

log = logging.getLogger(__name__)

Json = Mapping[str, object]
LONGEST_REQUEST = 4096


@dataclass(frozen=True)
class Acts:
    """What the socket may ask of the kiosk. status: its state. targets: button ids → where they are.

    resolve: (case, delivered, who, why) → yen owed. reprint: session → receipt number.
    """

    status: Callable[[], Json]
    targets: Callable[[Screen], Mapping[str, Rect]]
    resolve: Callable[[str, bool | None, str, str], Awaitable[int]]
    reprint: Callable[[str], Awaitable[str]]


class Service:
    """Serves one unix socket. ``show`` observes the desk."""

    def __init__(self, path: Path, acts: Acts) -> None:
        self._path = path
        self._acts = acts
        self._screen: Screen | None = None
        self._number = 0
        self._changed = asyncio.Event()

    def show(self, screen: Screen) -> None:
        """A new screen is on the glass."""
        self._screen = screen
        self._number += 1
        self._changed.set()
        self._changed = asyncio.Event()

    async def serve(self) -> None:
        """Until cancelled; the socket is removed at the end."""
        self._path.unlink(missing_ok=True)
        previous = os.umask(0o177)
        try:
            server = await asyncio.start_unix_server(self._client, str(self._path))
        finally:
            os.umask(previous)
        try:
            async with server:
                await server.serve_forever()
        finally:
            self._path.unlink(missing_ok=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while line := await reader.readline():
                await self._answer(line[:LONGEST_REQUEST], writer)
        except (ConnectionError, asyncio.CancelledError):
            pass
        finally:
            writer.close()

    async def _answer(self, line: bytes, writer: asyncio.StreamWriter) -> None:
        try:
            request = json.loads(line)
            if request.get("do") == "follow":
                return await self._follow(writer)
            answer: Json = await self._act(request)
        except (ValueError, KeyError, AttributeError, DeviceError) as error:
            answer = {"error": str(error)}
        return await self._send(writer, answer)

    async def _act(self, request: Mapping[str, str]) -> Json:
        match request.get("do"):
            case "status":
                return {**self._acts.status(), **self._shown()}
            case "resolve":
                delivered = {"delivered": True, "missing": False}.get(request.get("tray", ""))
                owed = await self._acts.resolve(request["case"], delivered, request["who"], request["why"])
                return {"resolved": request["case"], "owed": owed}
            case "reprint":
                return {"reprinted": await self._acts.reprint(request["session"])}
        raise CaseError(f"unknown request {request.get('do')!r}: status, follow, resolve or reprint")

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

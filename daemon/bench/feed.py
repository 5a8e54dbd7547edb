"""What the kiosk shows, as its own socket tells it: the screen's name and where its buttons are."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import msgspec

RETRY = 0.02


@dataclass(frozen=True)
class Shown:
    """number: grows with every screen of one daemon. buttons: id → (x, y, w, h)."""

    name: str
    number: int
    buttons: Mapping[str, tuple[int, int, int, int]]

    def at(self, x: int, y: int) -> str:
        """The button at this pixel, or ""."""
        for key, (left, top, w, h) in self.buttons.items():
            if left <= x < left + w and top <= y < top + h:
                return key
        return ""


NOTHING = Shown("", 0, {})


class _Line(msgspec.Struct, frozen=True):
    """A line of the socket (daemon/service.py)."""

    screen: str
    number: int
    buttons: dict[str, tuple[int, int, int, int]]


class Feed:
    """Follows the socket, over restarts of the daemon too."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._news = asyncio.Condition()
        self.shown = NOTHING

    async def follow(self) -> None:
        """Until cancelled."""
        while True:
            with suppress(OSError, ValueError):  # what is no line ends the connection
                await self._one_connection()
            await self._set(NOTHING)
            await asyncio.sleep(RETRY)

    async def until(self, *names: str) -> Shown:
        """The next moment one of these screens is shown (now, if it is)."""
        async with self._news:
            await self._news.wait_for(lambda: self.shown.name in names)
            return self.shown

    async def after(self, shown: Shown) -> Shown:
        """The next screen after this one."""
        async with self._news:
            await self._news.wait_for(lambda: self.shown != shown)
            return self.shown

    async def _one_connection(self) -> None:
        reader, writer = await asyncio.open_unix_connection(str(self._path))
        try:
            writer.write(b'{"do": "follow"}\n')
            while line := await reader.readline():
                told = msgspec.json.decode(line, type=_Line)
                await self._set(Shown(told.screen, told.number, told.buttons))
        finally:
            writer.close()

    async def _set(self, shown: Shown) -> None:
        async with self._news:
            self.shown = shown
            self._news.notify_all()

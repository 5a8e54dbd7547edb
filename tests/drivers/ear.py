"""Hears what a driver reports, and waits for it without sleeping."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

from hal.contracts import Emit
from hal.events import Event


class Ear:
    """An ``Emit`` that remembers. heard: everything, in order."""

    def __init__(self) -> None:
        self.heard: list[Event] = []
        self._read = 0
        self._news = asyncio.Event()

    def __call__(self, event: Event) -> None:
        self.heard.append(event)
        self._news.set()

    async def next(self) -> Event:
        """The next event that was not asked for yet."""
        while self._read == len(self.heard):
            self._news.clear()
            async with asyncio.timeout(10):
                await self._news.wait()
        self._read += 1
        return self.heard[self._read - 1]

    async def skip_to(self, event: Event) -> None:
        """Goes on to this event."""
        while await self.next() != event:
            pass


@asynccontextmanager
async def running(run: Callable[[Emit], Awaitable[None]]) -> AsyncIterator[Ear]:
    """A driver's pump at work; cancelled at the end, as the supervisor does."""
    ear = Ear()
    task = asyncio.ensure_future(run(ear))
    try:
        yield ear
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task

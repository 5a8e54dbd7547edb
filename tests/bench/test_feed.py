"""What the kiosk shows, followed over its socket and over its restarts."""

import asyncio
import json
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from daemon.bench.feed import NOTHING, Feed, Shown

PATIENCE = 10.0


class Kiosk:
    """The socket of a kiosk that can be killed and started."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.asked: list[bytes] = []
        self._server: asyncio.Server | None = None
        self._writer: asyncio.StreamWriter | None = None
        self._connected = asyncio.Event()

    async def start(self) -> None:
        self._connected.clear()
        self._server = await asyncio.start_unix_server(self._client, str(self.path))

    async def kill(self) -> None:
        """Its connections break and nobody listens any more."""
        if self._writer is not None:
            self._writer.transport.abort()
        if self._server is not None:
            self._server.close()
        self.path.unlink(missing_ok=True)

    async def _client(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.asked.append(await reader.readline())
        self._writer = writer
        self._connected.set()

    async def show(self, name: str, number: int, **buttons: list[int]) -> None:
        message = {"screen": name, "number": number, "buttons": buttons}
        await self.say(json.dumps(message, ensure_ascii=False).encode() + b"\n")

    async def say(self, raw: bytes) -> None:
        async with asyncio.timeout(PATIENCE):
            await self._connected.wait()
        assert self._writer is not None
        self._writer.write(raw)
        await self._writer.drain()


@pytest.fixture
async def kiosk(tmp_path: Path) -> AsyncIterator[Kiosk]:
    kiosk = Kiosk(tmp_path / "kiosk.sock")
    yield kiosk
    await kiosk.kill()
    await asyncio.sleep(0)


@pytest.fixture
async def feed(kiosk: Kiosk) -> AsyncIterator[Feed]:
    feed = Feed(kiosk.path)
    task = asyncio.create_task(feed.follow())
    yield feed
    task.cancel()
    await asyncio.wait([task])


async def until(feed: Feed, *names: str) -> Shown:
    async with asyncio.timeout(PATIENCE):
        return await feed.until(*names)


async def test_it_waits_for_a_kiosk_that_is_not_there_yet(kiosk: Kiosk, feed: Feed) -> None:
    assert feed.shown == NOTHING
    waiting = asyncio.create_task(until(feed, "start"))
    await kiosk.start()
    await kiosk.show("start", 1, services=[10, 20, 30, 40])
    assert await waiting == Shown("start", 1, {"services": (10, 20, 30, 40)})
    assert kiosk.asked == [b'{"do": "follow"}\n']


async def test_a_screen_that_is_shown_already_is_not_waited_for(kiosk: Kiosk, feed: Feed) -> None:
    await kiosk.start()
    await kiosk.show("start", 1)
    await until(feed, "start")
    assert (await until(feed, "card", "start")).name == "start"


async def test_after_a_screen_comes_the_next_also_of_the_same_name(kiosk: Kiosk, feed: Feed) -> None:
    await kiosk.start()
    await kiosk.show("pin", 5)
    first = await until(feed, "pin")
    waiting = asyncio.create_task(feed.after(first))
    await kiosk.show("pin", 6)
    async with asyncio.timeout(PATIENCE):
        assert await waiting == Shown("pin", 6, {})


async def test_two_can_wait_for_different_screens(kiosk: Kiosk, feed: Feed) -> None:
    await kiosk.start()
    waiting = [asyncio.create_task(until(feed, name)) for name in ("removal", "card")]
    await kiosk.show("card", 1)
    assert (await waiting[1]).number == 1
    assert not waiting[0].done()
    await kiosk.show("removal", 2)
    assert (await waiting[0]).number == 2


async def test_a_kiosk_that_is_gone_shows_nothing(kiosk: Kiosk, feed: Feed) -> None:
    await kiosk.start()
    await kiosk.show("start", 1)
    await until(feed, "start")
    await kiosk.kill()
    assert await until(feed, "") == NOTHING


async def test_a_kiosk_that_comes_back_is_followed_again(kiosk: Kiosk, feed: Feed) -> None:
    await kiosk.start()
    await kiosk.show("payment", 9)
    await until(feed, "payment")
    await kiosk.kill()
    await until(feed, "")
    await kiosk.start()
    await kiosk.show("start", 1)
    assert await until(feed, "start") == Shown("start", 1, {})
    assert len(kiosk.asked) == 2


@pytest.mark.parametrize(
    "cut", [b'{"screen": "sta', b"\n", b'{"error": "no"}\n', b"[]\n", b"\xff\n", b"x" * 70_000]
)
async def test_a_line_that_is_no_screen_starts_over(kiosk: Kiosk, feed: Feed, cut: bytes) -> None:
    await kiosk.start()
    await kiosk.say(cut)
    await kiosk.kill()
    await until(feed, "")
    await kiosk.start()
    await kiosk.show("start", 1)
    assert (await until(feed, "start")).number == 1

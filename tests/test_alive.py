"""What systemd is told, over a real datagram socket, and when the watchdog starves."""

import asyncio
import socket
from collections.abc import Coroutine, Iterator
from pathlib import Path

import pytest

from daemon import alive
from daemon.session.journal import JournalBroken
from tests.virtual_time import run_virtual

PERIOD = 30.0
HOUR = 3600.0


class Systemd:
    """The other end of NOTIFY_SOCKET."""

    def __init__(self, path: Path) -> None:
        self._socket = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
        self._socket.bind(str(path))
        self._socket.setblocking(False)

    def heard(self) -> list[str]:
        """Everything since the last call."""
        lines = []
        while True:
            try:
                lines.append(self._socket.recv(4096).decode())
            except BlockingIOError:
                return lines

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Systemd]:
    systemd = Systemd(tmp_path / "notify")
    monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
    monkeypatch.setenv("WATCHDOG_USEC", str(int(PERIOD * 1e6)))
    yield systemd
    systemd.close()


class Part:
    """A part of the daemon. answer: what it says when asked; hung: it says nothing any more."""

    def __init__(self) -> None:
        self.answer = True
        self.hung = False
        self.broken = False
        self.seconds = 0.0

    async def __call__(self) -> bool:
        await asyncio.sleep(self.seconds)
        if self.hung:
            await asyncio.Event().wait()
        if self.broken:
            raise JournalBroken("disk full")
        return self.answer


class Fed:
    """The watchdog of three parts, under virtual time."""

    def __init__(self, systemd: Systemd) -> None:
        self.parts = {name: Part() for name in ("session", "cash", "journal")}
        self._systemd = systemd
        self._task: asyncio.Task[None] | None = None

    async def after(self, seconds: float) -> list[str]:
        """What systemd heard in these seconds."""
        if self._task is None:
            self._task = asyncio.create_task(alive.feed_watchdog(self.parts))
        await asyncio.sleep(seconds)
        return self._systemd.heard()

    async def stop(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait([self._task])


def run(fed: Fed, story: Coroutine[None, None, None]) -> None:
    async def main() -> None:
        try:
            await story
        finally:
            await fed.stop()

    run_virtual(main())


@pytest.fixture
def fed(systemd: Systemd) -> Fed:
    return Fed(systemd)


# ---------------------------------------------------------------- ready, status


def test_ready_is_told_once_when_it_is_said(systemd: Systemd) -> None:
    alive.ready()
    assert systemd.heard() == ["READY=1"]


def test_the_state_is_told_in_words(systemd: Systemd) -> None:
    alive.status("document.jam; center.unreachable")
    assert systemd.heard() == ["STATUS=document.jam; center.unreachable"]


def test_without_systemd_nothing_is_told(systemd: Systemd, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NOTIFY_SOCKET")
    alive.ready()
    alive.status("x")
    assert systemd.heard() == []


# ---------------------------------------------------------------- the watchdog


def test_while_all_parts_live_the_watchdog_is_fed_twice_a_period(fed: Fed) -> None:
    async def story() -> None:
        assert await fed.after(1) == ["WATCHDOG=1"]
        for _ in range(120):
            assert await fed.after(PERIOD) == ["WATCHDOG=1"] * 2

    run(fed, story())


@pytest.mark.parametrize("name", ["session", "cash", "journal"])
@pytest.mark.parametrize("how", ["answer", "hung", "broken"])
def test_one_part_without_life_starves_the_watchdog_and_is_named(
    fed: Fed, name: str, how: str, caplog: pytest.LogCaptureFixture
) -> None:
    async def story() -> None:
        assert await fed.after(PERIOD)
        setattr(fed.parts[name], how, how != "answer")
        await fed.after(PERIOD)
        assert await fed.after(HOUR) == []

    run(fed, story())
    assert f"not feeding the watchdog: no life in {name}" in caplog.text


def test_a_part_that_comes_back_to_life_in_time_saves_the_daemon(fed: Fed) -> None:
    async def story() -> None:
        fed.parts["journal"].answer = False
        assert await fed.after(1) == []
        fed.parts["journal"].answer = True
        assert await fed.after(PERIOD / 2) == ["WATCHDOG=1"]

    run(fed, story())


def test_parts_that_answer_slowly_but_in_time_do_not_starve_it(fed: Fed) -> None:
    async def story() -> None:
        for part in fed.parts.values():
            part.seconds = alive.ANSWER_SECONDS - 0.1
        for _ in range(20):
            assert "WATCHDOG=1" in await fed.after(PERIOD)

    run(fed, story())


def test_one_part_that_hangs_is_found_before_systemd_does(fed: Fed, caplog: pytest.LogCaptureFixture) -> None:
    async def story() -> None:
        for part in fed.parts.values():
            part.hung = True
        await fed.after(PERIOD)

    run(fed, story())
    assert "no life in session, cash, journal" in caplog.text


@pytest.mark.parametrize("usec", [None, "0"])
def test_without_a_watchdog_nothing_is_asked_or_fed(
    fed: Fed, usec: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    if usec is None:
        monkeypatch.delenv("WATCHDOG_USEC")
    else:
        monkeypatch.setenv("WATCHDOG_USEC", usec)

    async def story() -> None:
        await alive.feed_watchdog({"session": _never_asked})
        assert await fed.after(HOUR) == []

    run(fed, story())


async def _never_asked() -> bool:
    raise AssertionError("asked")

"""The kiosk's own socket, over a real one: what it tells, to whom, and what it never tells."""

import asyncio
import json
import stat
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from daemon.face.renderer import Renderer
from daemon.service import LONGEST_REQUEST, Acts, Json, Service
from daemon.session import screens
from daemon.session.cases import CaseError
from daemon.session.journal import JournalBroken
from daemon.session.widgets import Button, Screen, Text
from hal.contracts import Rect
from hal.faults import RECEIPT_PAPER_OUT, DeviceError, Fault
from tests.face.example_screens import TEXTS
from tests.face.test_renderer import Glass

CANARY = "山田 太郎"
STATUS = {
    "terminal": "T01",
    "can_sell": True,
    "faults": [{"code": "cash.jam", "device": "cash", "detail": "詰"}],
}
PATIENCE = 10.0


@dataclass
class Kiosk:
    """What the service asks of the kiosk. wrong: what its acts raise."""

    resolved: list[tuple[str, bool | None, str, str]] = field(default_factory=list)
    counted: list[tuple[str, dict[int, int], str, bytes]] = field(default_factory=list)
    wrong: Exception | None = None
    owed: int = 0

    def acts(self) -> Acts:
        staff = (self._resolve, self._reprint, self._loaded, self._cash, self._report)
        return Acts(lambda: STATUS, self._targets, *staff)

    def _targets(self, screen: Screen) -> Mapping[str, Rect]:
        return {button.id: Rect(10, 20, 30, 40) for button in screen.buttons}

    async def _resolve(self, case: str, delivered: bool | None, who: str, why: str) -> int:
        if self.wrong:
            raise self.wrong
        self.resolved.append((case, delivered, who, why))
        return self.owed

    async def _loaded(self, sheets: int, who: str, why: str) -> int:
        if self.wrong:
            raise self.wrong
        assert (who, why) == ("17", "tray filled")
        return sheets

    async def _cash(self, act: str, coins: Mapping[int, int], why: str, pin: bytearray) -> dict[str, str]:
        if self.wrong:
            raise self.wrong
        self.counted.append((act, dict(coins), why, bytes(pin)))
        return {"hopper 100 yen": "50 coins"}

    async def _report(self, day: str, printed: bool) -> list[str]:
        return [f"report of {day}", str(printed)]

    async def _reprint(self, session: str) -> str:
        if self.wrong:
            raise self.wrong
        return f"number of {session}"


class Client:
    """One connection."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader = reader
        self._writer = writer

    def send(self, request: bytes | Json) -> None:
        raw = request if isinstance(request, bytes) else json.dumps(request).encode()
        self._writer.write(raw + b"\n")

    async def line(self) -> bytes:
        """The next line, b"" at the end."""
        async with asyncio.timeout(PATIENCE):
            return await self._reader.readline()

    async def hear(self) -> Any:
        return json.loads(await self.line())

    async def ask(self, request: bytes | Json) -> Any:
        self.send(request)
        return await self.hear()

    async def close(self) -> None:
        self._writer.close()
        await asyncio.wait([asyncio.ensure_future(self._writer.wait_closed())])


class Running:
    """A service on a socket."""

    def __init__(self, folder: Path, acts: Acts) -> None:
        self.path = folder / "kiosk.sock"
        self.service = Service(self.path, acts)
        self._clients: list[Client] = []
        self._task = asyncio.create_task(self.service.serve())

    async def client(self) -> Client:
        while not self._task.done():
            try:
                client = Client(*await asyncio.open_unix_connection(str(self.path)))
            except OSError:
                await asyncio.sleep(0)  # it does not listen yet
                continue
            self._clients.append(client)
            return client
        raise AssertionError("the service has ended")

    async def stop(self) -> None:
        self._task.cancel()
        async with asyncio.timeout(PATIENCE):
            await asyncio.wait([self._task])
        for client in self._clients:
            await client.close()


@asynccontextmanager
async def serving(folder: Path, acts: Acts) -> AsyncIterator[Running]:
    running = Running(folder, acts)
    try:
        yield running
    finally:
        await running.stop()


@pytest.fixture
def kiosk() -> Kiosk:
    return Kiosk()


@pytest.fixture
async def running(tmp_path: Path, kiosk: Kiosk) -> AsyncIterator[Running]:
    async with serving(tmp_path, kiosk.acts()) as running:
        yield running


def screen(name: str, *buttons: str) -> Screen:
    return Screen(
        name, "ja", CANARY, (Text(CANARY),), CANARY, tuple(Button(each, CANARY) for each in buttons)
    )


# ---------------------------------------------------------------- status


async def test_status_is_what_the_kiosk_says_and_what_it_shows(running: Running) -> None:
    running.service.show(screen("start", "services"))
    client = await running.client()
    assert await client.ask({"do": "status"}) == {
        **STATUS,
        "screen": "start",
        "number": 1,
        "buttons": {"services": [10, 20, 30, 40]},
    }


async def test_before_the_first_screen_nothing_is_shown(running: Running) -> None:
    answer = await (await running.client()).ask({"do": "status"})
    assert (answer["screen"], answer["number"], answer["buttons"]) == ("", 0, {})


# ---------------------------------------------------------------- follow


async def test_a_follower_gets_a_line_at_once_and_one_at_every_new_screen(running: Running) -> None:
    running.service.show(screen("start", "services"))
    client = await running.client()
    client.send({"do": "follow"})
    seen = [await client.hear()]
    for name in ("services", "card", "card"):
        running.service.show(screen(name))
        seen.append(await client.hear())
    assert [(line["screen"], line["number"]) for line in seen] == [
        ("start", 1),
        ("services", 2),
        ("card", 3),
        ("card", 4),
    ]


async def test_two_clients_are_served_side_by_side(running: Running) -> None:
    running.service.show(screen("start"))
    follower, other = await running.client(), await running.client()
    follower.send({"do": "follow"})
    assert (await follower.hear())["screen"] == "start"
    assert (await other.ask({"do": "status"}))["screen"] == "start"
    running.service.show(screen("card"))
    assert (await follower.hear())["screen"] == "card"
    assert (await other.ask({"do": "status"}))["screen"] == "card"


async def test_a_follower_that_goes_away_disturbs_nobody(running: Running) -> None:
    follower, other = await running.client(), await running.client()
    follower.send({"do": "follow"})
    await follower.hear()
    await follower.close()
    for number in range(5):
        running.service.show(screen(f"screen-{number}"))
        assert (await other.ask({"do": "status"}))["screen"] == f"screen-{number}"


async def test_a_follower_that_does_not_read_holds_up_nobody_and_not_the_end(tmp_path: Path) -> None:
    kiosk = Kiosk()
    async with serving(tmp_path, kiosk.acts()) as running:
        follower, other = await running.client(), await running.client()
        follower.send({"do": "follow"})
        for _ in range(300):
            running.service.show(screen("big", *(f"button-{number}" for number in range(200))))
            await other.ask({"do": "reprint", "session": "s"})
        assert (await other.ask({"do": "status"}))["number"] == 300
    assert not running.path.exists()


# ---------------------------------------------------------------- what staff do


@pytest.mark.parametrize(
    ("tray", "delivered"),
    [({}, None), ({"tray": ""}, None), ({"tray": "delivered"}, True), ({"tray": "missing"}, False)],
)
async def test_staff_settle_a_case_and_hear_what_is_owed(
    running: Running, kiosk: Kiosk, tray: Json, delivered: bool | None
) -> None:
    kiosk.owed = 200
    request = {"do": "resolve", "case": "n1", "who": "17", "why": "looked", **tray}
    assert await (await running.client()).ask(request) == {"resolved": "n1", "owed": 200}
    assert kiosk.resolved == [("n1", delivered, "17", "looked")]


async def test_staff_say_how_much_paper_there_is(running: Running) -> None:
    request = {"do": "loaded", "sheets": 500, "who": "17", "why": "tray filled"}
    assert await (await running.client()).ask(request) == {"loaded": 500}


async def test_staff_have_a_receipt_printed_again(running: Running) -> None:
    answer = await (await running.client()).ask({"do": "reprint", "session": "5e"})
    assert answer == {"reprinted": "number of 5e"}


@pytest.mark.parametrize(
    "wrong",
    [
        CaseError("no open case 'n1'; open: none"),
        JournalBroken("/var/journal.db: disk full; nothing was written, check the disk"),
        DeviceError(Fault(RECEIPT_PAPER_OUT, "receipt", "put in a new roll")),
    ],
    ids=lambda wrong: type(wrong).__name__,
)
@pytest.mark.parametrize(
    "request_", [{"do": "resolve", "case": "n1", "who": "1", "why": "x"}, {"do": "reprint", "session": "s"}]
)
async def test_why_it_cannot_be_done_is_told_and_the_next_question_is_answered(
    running: Running, kiosk: Kiosk, wrong: Exception, request_: Json
) -> None:
    kiosk.wrong = wrong
    client = await running.client()
    assert await client.ask(request_) == {"error": str(wrong)}
    assert (await client.ask({"do": "status"}))["terminal"] == "T01"


# ---------------------------------------------------------------- what is not a request

MALFORMED = [
    b"",
    b"nonsense",
    b"\xff\xfe",
    b"[1]",
    b"null",
    b'"status"',
    b"{}",
    b'{"do": "sell"}',
    b'{"do": ["status"]}',
    b'{"do": "status", "pin": "1234"}',
    b'{"do": "resolve"}',
    b'{"do": "resolve", "case": ["n1"], "who": "1", "why": "x"}',
    b'{"do": "resolve", "case": "n1", "who": 17, "why": "x"}',
    b'{"do": "resolve", "case": "n1", "who": "17", "why": "x", "tray": "perhaps"}',
    b'{"do": "reprint"}',
    b"[" * 4000,
    b'{"a":' * 800,
]


@pytest.mark.parametrize("request_", MALFORMED, ids=lambda line: line[:40].decode("ascii", "replace"))
async def test_what_is_no_request_is_answered_with_those_there_are(
    running: Running, kiosk: Kiosk, request_: bytes
) -> None:
    client = await running.client()
    answer = await client.ask(request_)
    assert set(answer) == {"error"}
    assert "do: status, follow, resolve (case, who, why, tray), reprint (session), loaded" in answer["error"]
    assert kiosk.resolved == []
    assert (await client.ask({"do": "status"}))["terminal"] == "T01"


async def test_a_request_that_is_too_long_is_refused_and_the_line_closed(running: Running) -> None:
    client = await running.client()
    answer = await client.ask({"do": "reprint", "session": "5" * 2 * LONGEST_REQUEST})
    assert answer == {"error": f"a request has at most {LONGEST_REQUEST} bytes"}
    assert await client.line() == b""
    assert (await (await running.client()).ask({"do": "status"}))["terminal"] == "T01"


@settings(max_examples=50, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.binary(max_size=200).filter(lambda line: b"\n" not in line))
def test_no_line_whatsoever_ends_the_service(tmp_path: Path, line: bytes) -> None:
    async def main() -> None:
        async with serving(tmp_path, Kiosk().acts()) as running:
            client = await running.client()
            client.send(line)
            assert set(await client.hear()) == {"error"}
            assert (await client.ask({"do": "status"}))["terminal"] == "T01"

    asyncio.run(main())


# ---------------------------------------------------------------- the socket itself


async def test_the_socket_is_for_its_owner_alone(running: Running) -> None:
    await running.client()
    assert stat.S_IMODE(running.path.stat().st_mode) == 0o600


async def test_the_socket_is_gone_at_the_end_and_every_client_hung_up_on(tmp_path: Path) -> None:
    async with serving(tmp_path, Kiosk().acts()) as running:
        idle, follower = await running.client(), await running.client()
        follower.send({"do": "follow"})
        await follower.hear()
        assert (await idle.ask({"do": "status"}))["terminal"] == "T01"
        await running.stop()
        assert [await idle.line(), await follower.line()] == [b"", b""]
    assert not running.path.exists()


async def test_a_socket_that_a_crash_left_behind_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "kiosk.sock").write_text("left behind", "utf-8")
    async with serving(tmp_path, Kiosk().acts()) as running:
        assert (await (await running.client()).ask({"do": "status"}))["terminal"] == "T01"


async def test_without_a_place_for_its_socket_the_kiosk_runs_on_and_says_so(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    await Service(tmp_path / "none" / "kiosk.sock", Kiosk().acts()).serve()
    assert "none/kiosk.sock: " in caplog.text
    assert "nobody can ask for status, resolve or reprint" in caplog.text


# ---------------------------------------------------------------- what is never told


async def test_no_text_of_a_screen_is_told(running: Running) -> None:
    client = await running.client()
    running.service.show(screen("confirm", "person.0", "confirm"))
    client.send({"do": "follow"})
    told = await client.line()
    other = await running.client()
    other.send({"do": "status"})
    told += await other.line()
    assert json.loads(told.splitlines()[0])["buttons"].keys() == {"person.0", "confirm"}
    assert CANARY not in told.decode()
    assert json.dumps(CANARY)[1:-1] not in told.decode()


async def test_how_many_digits_of_a_pin_are_typed_is_not_told(tmp_path: Path) -> None:
    acts = Kiosk().acts()
    real = replace(acts, targets=Renderer(Glass()).targets)
    async with serving(tmp_path, real) as running:
        client = await running.client()
        told = []
        for digits in range(5):
            running.service.show(screens.pin(TEXTS("ja"), digits, 3, wrong=False))
            answer = await client.ask({"do": "status"})
            told.append({key: value for key, value in answer.items() if key != "number"})
    assert told[0]["screen"] == "pin"
    assert all(answer == told[0] for answer in told)


# ---------------------------------------------------------------- money acts, reports


REFILL = {"do": "cash", "act": "refill", "coins": {"100": 50}, "why": "weekly round", "pin": "1234"}


async def test_a_money_act_is_handed_on_with_its_pin_and_told_in_words(tmp_path: Path) -> None:
    kiosk = Kiosk()
    async with serving(tmp_path, kiosk.acts()) as running:
        client = await running.client()
        assert await client.ask(REFILL) == {"done": {"hopper 100 yen": "50 coins"}}
    assert kiosk.counted == [("refill", {100: 50}, "weekly round", b"1234")]


async def test_a_pin_never_comes_back_and_never_reaches_the_log(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("DEBUG")
    kiosk = Kiosk(wrong=CaseError("no"))
    async with serving(tmp_path, kiosk.acts()) as running:
        client = await running.client()
        for request in (
            REFILL,
            {**REFILL, "act": "steal"},
            {**REFILL, "coins": "all"},
            {**REFILL, "more": 1},
        ):
            assert "1234" not in json.dumps(await client.ask(request))
    assert "1234" not in caplog.text


async def test_a_report_is_told_line_by_line(tmp_path: Path) -> None:
    async with serving(tmp_path, Kiosk().acts()) as running:
        client = await running.client()
        answer = await client.ask({"do": "report", "day": "2026-04-01", "print": True})
        assert answer == {"report": ["report of 2026-04-01", "True"]}

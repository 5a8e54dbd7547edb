"""The kiosk's end of the line, with a center that misbehaves: what is not our answer is nobody's (P1, P3)."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path

import msgspec
import pytest
from aiohttp import web

from daemon.issuance import client as client_module
from daemon.issuance.client import EXCHANGE, CenterClient
from daemon.issuance.messages import (
    CenterDown,
    Message,
    Municipality,
    OrderRequest,
    Reason,
    Refusal,
    Refused,
    Registration,
    RegistrationRequest,
    ReissueRequest,
    SealedOrder,
)

ORDER = "0d" * 16
REQUEST = OrderRequest(ORDER, "T01", "5e" * 16, "juminhyo", "self", ("aa",), (), 1, True)
AGAIN = ReissueRequest(ORDER, "T01", "5e" * 16, "number")
APPLICATION = RegistrationRequest("0e" * 16, "T01", "5e" * 16)
REGISTERED = Registration("0e" * 16, Municipality("012351", "北海道", "石狩市"), 5, "2026-04-06")
SEALED = SealedOrder(ORDER, b"{}", b"seal", "key", ())

Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


def answer(message: Message, status: int = 200, exchange: str | None = None) -> Answer:
    async def reply(request: web.Request) -> web.Response:
        header = request.headers[EXCHANGE] if exchange is None else exchange
        return web.Response(body=msgspec.json.encode(message), status=status, headers={EXCHANGE: header})

    return reply


async def silence(request: web.Request) -> web.Response:
    await asyncio.Event().wait()
    return web.Response()


async def hang_up(request: web.Request) -> web.Response:
    assert request.transport is not None
    request.transport.abort()
    return web.Response()


class Center:
    """Answers each request with the next of ``answers``; heard: the exchange ids."""

    def __init__(self, path: Path) -> None:
        self.answers: list[Answer] = []
        self.heard: list[str] = []
        self.client = CenterClient(f"unix:{path}", "T01")

    async def handle(self, request: web.Request) -> web.StreamResponse:
        self.heard.append(request.headers[EXCHANGE])
        return await self.answers.pop(0)(request)


@pytest.fixture
async def center(tmp_path: Path) -> AsyncIterator[Center]:
    center = Center(tmp_path / "center.sock")
    app = web.Application()
    app.router.add_post("/v1/{operation}", center.handle)
    runner = web.AppRunner(app, shutdown_timeout=0.01)
    await runner.setup()
    await web.UnixSite(runner, str(tmp_path / "center.sock")).start()
    yield center
    await center.client.close_connection()
    await runner.cleanup()


async def test_an_order_carries_its_own_id_as_the_exchange(center: Center) -> None:
    center.answers = [answer(SEALED)]
    assert await center.client.order(REQUEST) == SEALED
    assert center.heard == [ORDER]


async def test_an_answer_to_another_order_is_dropped_and_logged(
    center: Center, caplog: pytest.LogCaptureFixture
) -> None:
    center.answers = [answer(msgspec.structs.replace(SEALED, order="ff" * 16))]
    with pytest.raises(CenterDown, match="another order"):
        await center.client.order(REQUEST)
    assert "another order" in caplog.text


async def test_an_answer_to_another_exchange_is_dropped_and_logged(
    center: Center, caplog: pytest.LogCaptureFixture
) -> None:
    center.answers = [answer(SEALED, exchange="ff" * 16)]
    with pytest.raises(CenterDown, match="another exchange"):
        await center.client.order(REQUEST)
    assert "another exchange" in caplog.text


async def test_when_the_line_breaks_the_order_is_sent_once_more_with_the_same_id(center: Center) -> None:
    center.answers = [hang_up, answer(SEALED)]
    assert await center.client.order(REQUEST) == SEALED
    assert center.heard == [ORDER, ORDER]


async def test_a_registration_is_sent_once_more_with_the_same_id_when_the_line_breaks(center: Center) -> None:
    """P4."""
    center.answers = [hang_up, answer(REGISTERED)]
    assert await center.client.register(APPLICATION) == REGISTERED
    assert center.heard == [APPLICATION.registration] * 2


async def test_an_answer_to_another_registration_is_dropped_and_logged(
    center: Center, caplog: pytest.LogCaptureFixture
) -> None:
    """P1."""
    center.answers = [answer(msgspec.structs.replace(REGISTERED, registration="ff" * 16))]
    with pytest.raises(CenterDown, match="another registration"):
        await center.client.register(APPLICATION)
    assert "dropped" in caplog.text


async def test_a_reissue_carries_the_same_order_id_and_is_asked_for_once_more_when_the_line_breaks(
    center: Center,
) -> None:
    """P1, P4, P13."""
    center.answers = [hang_up, answer(SEALED)]
    assert await center.client.reissue(AGAIN) == SEALED
    assert center.heard == [ORDER, ORDER]


async def test_a_reissue_of_another_order_is_dropped(center: Center) -> None:
    center.answers = [answer(msgspec.structs.replace(SEALED, order="ff" * 16))]
    with pytest.raises(CenterDown, match="another order"):
        await center.client.reissue(AGAIN)


async def test_when_the_line_breaks_again_the_kiosk_gives_up(center: Center) -> None:
    center.answers = [hang_up, hang_up]
    with pytest.raises(CenterDown):
        await center.client.order(REQUEST)
    assert len(center.heard) == 2


async def test_an_order_without_an_answer_in_time_is_not_sent_again(
    center: Center, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(client_module, "THOROUGH", 0.05)
    center.answers = [silence]
    with pytest.raises(CenterDown, match="no answer"):
        await center.client.order(REQUEST)
    assert len(center.heard) == 1


async def test_other_calls_are_never_sent_again(center: Center) -> None:
    center.answers = [hang_up]
    with pytest.raises(CenterDown):
        await center.client.precheck("5a")
    assert len(center.heard) == 1


async def test_a_refusal_is_raised_with_all_it_says(center: Center) -> None:
    refusal = Refusal(Reason.HOURS, "06:30", "23:00")
    center.answers = [answer(refusal, 409)]
    with pytest.raises(Refused) as refused:
        await center.client.precheck("5a")
    assert refused.value.refusal == refusal


@pytest.mark.parametrize("status", [200, 302, 409, 500])
async def test_what_cannot_be_understood_says_nothing_about_the_center(center: Center, status: int) -> None:
    center.answers = [answer(SEALED, status)]
    with pytest.raises(CenterDown):
        await center.client.challenge("5e" * 16)


async def test_without_a_center_the_line_is_down(tmp_path: Path) -> None:
    client = CenterClient(f"unix:{tmp_path}/none.sock", "T01")
    with pytest.raises(CenterDown):
        await client.status()
    with pytest.raises(CenterDown):
        await client.order(REQUEST)
    await client.close_connection()


@pytest.mark.parametrize("address", ["", "unix:", "http://center:80", "/run/center.sock"])
def test_an_address_of_another_kind_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match="unix:/path or https"):
        CenterClient(address, "T01")


def test_https_needs_the_files_of_mutual_tls() -> None:
    with pytest.raises(ValueError, match="mutual TLS"):
        CenterClient("https://center:8443", "T01")

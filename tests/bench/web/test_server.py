"""The page is for this machine's own user: its address is a secret, and no other page can use it."""

import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
import pytest_asyncio

from daemon.bench.setup import Setup
from daemon.bench.web.server import BenchServer
from daemon.bench.web.stand import Stand


@pytest_asyncio.fixture
async def server() -> AsyncIterator[BenchServer]:
    """Without a kiosk: who may come in does not depend on one."""
    served = BenchServer(Stand(Setup()))
    async with served.serve(0):
        yield served


@pytest_asyncio.fixture
async def client() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


def origin(server: BenchServer) -> str:
    return "/".join(server.url.split("/")[:3])


async def status(client: aiohttp.ClientSession, url: str, **headers: str) -> int:
    async with client.get(url, headers=headers) as response:
        return response.status


async def test_the_page_and_its_parts_are_there(server: BenchServer, client: aiohttp.ClientSession) -> None:
    for part in ("", "bench.js", "bench.css", "icon.svg", "unchanging.json"):
        assert await status(client, server.url + part) == 200, part


async def test_it_listens_on_the_loopback_address_only(server: BenchServer) -> None:
    assert server.url.startswith("http://127.0.0.1:")


async def test_two_benches_have_two_secrets() -> None:
    one, other = BenchServer(Stand(Setup())), BenchServer(Stand(Setup()))
    async with one.serve(0), other.serve(0):
        assert one.url.split("/")[3] != other.url.split("/")[3]
        assert len(one.url.split("/")[3]) >= 22


async def test_a_port_that_is_taken_is_not_in_the_way(server: BenchServer) -> None:
    taken = int(server.url.split(":")[2].split("/")[0])
    other = BenchServer(Stand(Setup()))
    async with other.serve(taken):
        assert f":{taken}/" not in other.url


@pytest.mark.parametrize(
    "path", ["", "x/", "x/live", "x/unchanging.json", "x/bench.js", "x/sheet/1/front.png"]
)
async def test_without_the_token_there_is_nothing(
    server: BenchServer, client: aiohttp.ClientSession, path: str
) -> None:
    assert await status(client, f"{origin(server)}/{path}") == 404


@pytest.mark.parametrize(
    "host", ["example.com", "127.0.0.1.example.com:{port}", "127.0.0.1", "192.168.0.9:{port}"]
)
async def test_another_host_name_is_refused(
    server: BenchServer, client: aiohttp.ClientSession, host: str
) -> None:
    port = server.url.split(":")[2].split("/")[0]
    assert await status(client, server.url, Host=host.format(port=port)) == 403


@pytest.mark.parametrize("other", ["http://example.com", "null", "https://127.0.0.1", "http://127.0.0.1:1"])
async def test_a_page_of_another_origin_is_refused(
    server: BenchServer, client: aiohttp.ClientSession, other: str
) -> None:
    assert await status(client, server.url, Origin=other) == 403
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await client.ws_connect(server.url + "live", origin=other)


async def test_a_line_without_an_origin_is_refused(
    server: BenchServer, client: aiohttp.ClientSession
) -> None:
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await client.ws_connect(server.url + "live")


@pytest.mark.parametrize(
    "path",
    [
        "..%2Fserver.py",
        "%2e%2e%2fserver.py",
        "voice/..%2F..%2Ftexts/ja.toml.ogg",
        "voice/ja/..%2F..%2Ffaults.ogg",
        "sheet/x/front.png",
        "receipt/x.png",
    ],
)
async def test_nothing_but_the_page_s_own_files_can_be_read(
    server: BenchServer, client: aiohttp.ClientSession, path: str
) -> None:
    assert await status(client, server.url + path) == 404


async def test_the_page_loads_nothing_from_elsewhere_and_tells_nobody_its_address(
    server: BenchServer, client: aiohttp.ClientSession
) -> None:
    async with client.get(server.url) as response:
        policy = response.headers["Content-Security-Policy"]
        assert "default-src 'none'" in policy and "http" not in policy and "unsafe" not in policy
        assert response.headers["Referrer-Policy"] == "no-referrer"
        assert "http" not in (await response.text()).replace("http-equiv", "")


async def test_while_no_kiosk_stands_there_the_page_says_so(
    server: BenchServer, client: aiohttp.ClientSession
) -> None:
    async with client.ws_connect(server.url + "live", origin=origin(server)) as line:
        told = json.loads(await line.receive_str())
        assert told["kiosk"]["stands"] is False
        await line.send_str('{"do": "lift"}')
        assert "being built" in json.loads(await line.receive_str())["notice"]


FAR_AWAY = '{"do": "touch", "x": 1000000000000, "y": 0, "down": true}'


@pytest.mark.parametrize(
    "act", ["", "{}", '{"do": "nothing"}', '{"do": "place"}', '{"do": "lift", "x": 1}', "[]", FAR_AWAY]
)
async def test_what_is_no_act_is_told_and_harms_nothing(
    server: BenchServer, client: aiohttp.ClientSession, act: str
) -> None:
    async with client.ws_connect(server.url + "live", origin=origin(server)) as line:
        await line.receive_str()
        await line.send_str(act)
        assert "notice" in json.loads(await line.receive_str())

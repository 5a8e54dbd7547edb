"""A scan goes to the bench and its answer comes back, for this page only; nothing of it stays."""

from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import msgspec
import pytest
import pytest_asyncio
from PIL import Image

from daemon.bench.setup import Setup
from daemon.bench.web.papers import NoAnswer, check
from daemon.bench.web.server import BenchServer
from daemon.bench.web.stand import Stand
from daemon.center.paper.told import Told
from tests.center.paper.printed import some_key
from tests.center.paper.scanner import file_of, scanned
from tests.center.paper.test_verify import NUMBER, paper, registry


@pytest_asyncio.fixture
async def server() -> AsyncIterator[BenchServer]:
    served = BenchServer(Stand(Setup()))
    async with served.serve(0):
        yield served


def origin(server: BenchServer) -> str:
    return "/".join(server.url.split("/")[:3])


@pytest.fixture
def key(tmp_path: Path) -> Path:
    (tmp_path / "key.pem").write_bytes(some_key().public.pem())
    return tmp_path / "key.pem"


def center(folder: Path, outcome: str = "delivered") -> Path:
    """Settings of one on a bench, at which the number of the paper stands so."""
    file = registry(folder / "registry.db", outcome).registry
    text = f'registry = "sample"\nsample_file = "{file}"\nprofile = "x"\nseal_key = "x"\ntrust = []\n'
    (folder / "center.toml").write_text(f'listen = "unix:/x"\n{text}')
    return folder / "center.toml"


def files(folder: Path) -> set[Path]:
    return set(folder.iterdir())


async def told_of(scan: Image.Image, key: Path, at: Path) -> Told:
    return msgspec.json.decode(await check(file_of(scan), key, at), type=Told)


async def test_the_answer_is_that_of_the_command(key: Path, tmp_path: Path) -> None:
    told = await told_of(scanned(paper(), 2, 200), key, center(tmp_path))
    (one,) = told.findings
    assert (one.verdict, one.good) == ("genuine", True)
    assert ("証明書固有番号", NUMBER) in one.rows
    assert ("氏名", "山田 太郎") in one.rows
    assert len(told.missing) == 1


async def test_p13_a_number_that_is_void_at_the_center_of_the_bench_is_invalid(
    key: Path, tmp_path: Path
) -> None:
    (one,) = (await told_of(scanned(paper(), 2, 200), key, center(tmp_path, "void"))).findings
    assert (one.verdict, one.good) == ("invalid", False)
    assert "VOID" in one.said


async def test_a_page_without_a_code_is_an_answer_too(key: Path, tmp_path: Path) -> None:
    told = await told_of(Image.new("L", (300, 300), 255), key, center(tmp_path))
    assert [one.verdict for one in told.findings] == ["nothing"]


async def test_what_is_no_scan_gets_the_reason_and_leaves_nothing_behind(key: Path, tmp_path: Path) -> None:
    at, before = center(tmp_path), files(tmp_path)
    with pytest.raises(NoAnswer, match="standard input: not a picture"):
        await check(b"GIF89a", key, at)
    assert files(tmp_path) == before


async def test_while_no_kiosk_stands_there_the_page_is_told_so(server: BenchServer) -> None:
    headers = {"Origin": origin(server)}
    async with aiohttp.ClientSession() as client, client.post(server.url + "paper", headers=headers) as said:
        assert "being built" in (await said.json())["problem"]


@pytest.mark.parametrize("headers", [{}, {"Origin": "http://example.com"}, {"Origin": "null"}])
async def test_another_page_cannot_have_a_scan_read(server: BenchServer, headers: dict[str, str]) -> None:
    async with aiohttp.ClientSession() as client:
        async with client.post(server.url + "paper", data=b"x", headers=headers) as said:
            assert said.status == 403
        own = {"Origin": origin(server)}
        async with client.post(f"{origin(server)}/x/paper", data=b"x", headers=own) as said:
            assert said.status == 404

"""Every kind of port: bytes go both ways, a lost line says so, a port that is closed wakes its reader."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from drivers.cash.virtual import open_pty
from drivers.ports import Port, PortLost, memory_pair, open_port


@asynccontextmanager
async def memory() -> AsyncIterator[tuple[Port, Port]]:
    yield memory_pair()


@asynccontextmanager
async def pty() -> AsyncIterator[tuple[Port, Port]]:
    device, path = open_pty()
    yield await open_port(f"pty:{path}"), device


@asynccontextmanager
async def serial() -> AsyncIterator[tuple[Port, Port]]:
    device, path = open_pty()
    yield await open_port(f"serial:{path}?baud=19200"), device


@asynccontextmanager
async def character_device() -> AsyncIterator[tuple[Port, Port]]:
    device, path = open_pty()
    yield await open_port(f"file:{path}"), device


class Streams:
    """The other end of a TCP port."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer

    async def read(self) -> bytes:
        return await self.reader.read(4096)

    async def write(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()

    def discard_input(self) -> bytes:
        raise NotImplementedError

    async def close(self) -> None:
        self.writer.close()
        await self.writer.wait_closed()


@asynccontextmanager
async def tcp() -> AsyncIterator[tuple[Port, Port]]:
    accepted: asyncio.Queue[Streams] = asyncio.Queue()
    server = await asyncio.start_server(lambda r, w: accepted.put_nowait(Streams(r, w)), "127.0.0.1", 0)
    port = await open_port("tcp:127.0.0.1:{}".format(server.sockets[0].getsockname()[1]))
    try:
        yield port, await accepted.get()
    finally:
        server.close()
        await server.wait_closed()


every_kind = pytest.mark.parametrize("connect", [memory, pty, serial, character_device, tcp])
Connect = Callable[[], AbstractAsyncContextManager[tuple[Port, Port]]]


async def exactly(port: Port, size: int) -> bytes:
    data = b""
    while len(data) < size:
        data += await port.read()
    return data


@every_kind
async def test_bytes_go_both_ways_unchanged(connect: Connect) -> None:
    every_byte = bytes(range(256))
    async with connect() as (host, device):
        await host.write(every_byte)
        assert await exactly(device, 256) == every_byte
        await device.write(every_byte)
        assert await exactly(host, 256) == every_byte
        await host.close()
        await device.close()


@every_kind
async def test_a_read_that_is_given_up_loses_nothing(connect: Connect) -> None:
    async with connect() as (host, device):
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.01):
                await host.read()
        await device.write(b"later")
        assert await exactly(host, 5) == b"later"
        await host.close()
        await device.close()


@every_kind
async def test_what_has_come_can_be_thrown_away(connect: Connect) -> None:
    async with connect() as (host, device):
        await device.write(b"old")
        found = b""
        while len(found) < 3:
            found += host.discard_input()
            await asyncio.sleep(0)
        assert found == b"old"
        assert host.discard_input() == b""
        await device.write(b"new")
        assert await exactly(host, 3) == b"new"
        await host.close()
        await device.close()


@every_kind
async def test_closing_wakes_the_reader(connect: Connect) -> None:
    async with connect() as (host, device):
        reader = asyncio.create_task(host.read())
        await asyncio.sleep(0)
        await host.close()
        await host.close()
        with pytest.raises(PortLost):
            await reader
        with pytest.raises(PortLost):
            await host.write(b"x")
        with pytest.raises(PortLost):
            await host.read()
        await device.close()


@pytest.mark.parametrize("connect", [memory, pty, serial, tcp])
async def test_a_line_that_is_gone_stays_gone(connect: Connect) -> None:
    async with connect() as (host, device):
        reader = asyncio.create_task(host.read())
        await asyncio.sleep(0)
        await device.close()
        with pytest.raises(PortLost, match="check"):
            await reader
        with pytest.raises(PortLost):
            await host.read()
        await host.close()


async def test_more_than_the_line_holds_is_written_in_the_end() -> None:
    much = os.urandom(1 << 20)
    async with tcp() as (host, device):
        writing = asyncio.create_task(host.write(much))
        assert await exactly(device, len(much)) == much
        await writing
        writing = asyncio.create_task(device.write(much))
        assert await exactly(host, len(much)) == much
        await writing
        await host.close()
        await device.close()


async def test_one_line_has_one_owner() -> None:
    device, path = open_pty()
    first = await open_port(f"pty:{path}")
    with pytest.raises(PortLost, match="cannot be opened"):
        await open_port(f"pty:{path}")
    await first.close()
    again = await open_port(f"pty:{path}")
    await again.close()
    await device.close()


async def test_a_device_that_is_not_there_is_lost_not_a_crash(tmp_path: Path) -> None:
    plain = tmp_path / "plain"
    plain.touch()
    for address in (
        f"serial:{tmp_path}/none",
        f"pty:{tmp_path}/none",
        f"file:{tmp_path}/none",
        f"file:{plain}",
        "tcp:127.0.0.1:1",
    ):
        with pytest.raises(PortLost, match="check"):
            await open_port(address)


@pytest.mark.parametrize(
    "address", ["", "nonsense", "usb:1", "pty:", "tcp:host", "tcp:host:http", "serial:/dev/x?parity=E"]
)
async def test_a_malformed_address_is_refused(address: str) -> None:
    with pytest.raises(ValueError, match=r"no port|none of|write tcp|only option"):
        await open_port(address)

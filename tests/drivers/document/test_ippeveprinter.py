"""IppPrinter against CUPS' own printer: a peer that shares no line of code with us.

ippeveprinter 2.4.2 wants a D-Bus system bus even with ``-r off``: it gets a private one.
"""

import asyncio
import contextlib
import os
import socket
import stat
from asyncio.subprocess import DEVNULL, Process
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from drivers.document.printer import IppPrinter, IppSettings
from hal.contracts import JobState
from hal.faults import DeviceError
from tests.drivers.document.papers import pdf, sealed

ENGINE = """#!/bin/sh
# Keeps what arrived, tells of its pages, and goes when the test says so.
while [ -e {folder}/hold ] && kill -0 $PPID; do sleep 0.05; done
cp "$1" {folder}/received.pdf
echo "ATTR: job-impressions-completed=$(cat {folder}/pages)" >&2
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextlib.asynccontextmanager
async def running(*command: str, **environment: str) -> AsyncIterator[Process]:
    """A process that is gone when the context ends."""
    process = await asyncio.create_subprocess_exec(
        *command, stdin=DEVNULL, stdout=DEVNULL, stderr=DEVNULL, env={**os.environ, **environment}
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        await process.wait()


async def until_up(printer: IppPrinter) -> None:
    async with asyncio.timeout(20):
        while True:
            with contextlib.suppress(DeviceError):
                await printer.cancel_all()
                return


@contextlib.asynccontextmanager
async def ippeveprinter(folder: Path) -> AsyncIterator[IppPrinter]:
    engine = folder / "engine"
    engine.write_text(ENGINE.format(folder=folder), encoding="utf-8")
    engine.chmod(engine.stat().st_mode | stat.S_IXUSR)
    (folder / "pages").write_text("1", encoding="utf-8")
    address, port = f"unix:path={folder}/bus", free_port()
    bus = running("dbus-daemon", "--session", "--nofork", "--nopidfile", f"--address={address}")
    options = ("-r", "off", "-n", "localhost", "-p", str(port), "-d", str(folder), "-c", str(engine))
    # Legacy attributes: it prints letter by default, but A4 and both sides are among what it supports.
    command = ("ippeveprinter", *options, "-2", "-f", "application/pdf", "kiosk")
    async with bus:
        async with asyncio.timeout(10):
            while not (folder / "bus").exists():  # noqa: ASYNC110 (another process makes it)
                await asyncio.sleep(0.01)
        async with running(*command, DBUS_SYSTEM_BUS_ADDRESS=address):
            printer = IppPrinter(IppSettings(f"ipp://localhost:{port}/ipp/print", poll_seconds=0.05))
            await until_up(printer)
            yield printer


@pytest.fixture
async def printer(tmp_path: Path) -> AsyncIterator[IppPrinter]:
    async with ippeveprinter(tmp_path) as found:
        yield found


async def test_a_certificate_arrives_byte_for_byte_and_is_completed(
    printer: IppPrinter, tmp_path: Path
) -> None:
    job = await printer.create("number")
    await printer.send(job, *sealed(pdf(1)))
    final = [status async for status in printer.follow(job)][-1]
    assert (final.state, final.sheets) == (JobState.COMPLETED, 1)
    assert (tmp_path / "received.pdf").read_bytes() == pdf(1)
    assert not printer.virtual


async def test_a_second_job_is_refused_as_busy_until_the_first_has_ended(
    printer: IppPrinter, tmp_path: Path
) -> None:
    (tmp_path / "hold").touch()
    first = await printer.create("first")
    await printer.send(first, *sealed(pdf(1)))
    second = asyncio.create_task(printer.create("second"))
    following = printer.follow(first)
    assert (await anext(following)).state is JobState.PRINTING
    assert not second.done()
    (tmp_path / "hold").unlink()
    assert [status async for status in following][-1].state is JobState.COMPLETED
    assert (await second).job > first.job


async def test_a_cancelled_job_is_over_only_when_the_engine_is(printer: IppPrinter, tmp_path: Path) -> None:
    (tmp_path / "hold").touch()
    job = await printer.create("number")
    await printer.send(job, *sealed(pdf(1)))
    cancelling = asyncio.create_task(printer.cancel(job))
    following = printer.follow(job)
    assert (await anext(following)).state is JobState.PRINTING
    assert not cancelling.done()
    (tmp_path / "hold").unlink()
    assert (await cancelling).state is JobState.CANCELED
    assert [status async for status in following][-1].state is JobState.CANCELED


async def test_a_tray_of_letter_paper_is_found_before_payment(printer: IppPrinter) -> None:
    assert "A4" in (await printer.check(1))[0].detail

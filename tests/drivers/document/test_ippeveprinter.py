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

import aiohttp
import pytest

from drivers.document.codes import CREATE_JOB
from drivers.document.printer import IppPrinter, IppSettings
from drivers.document.transport import ExchangeFailed, HttpExchange
from hal.contracts import JobState
from hal.faults import PRINTER_JAM, PRINTER_PAPER_OUT, DeviceError
from tests.drivers.document.papers import pdf, sealed

ENGINE = """#!/bin/sh
# Keeps what arrived, tells of its pages, jams and goes when the test says so.
if [ -e {folder}/jam ]; then
  echo "STATE: +media-jam" >&2
  while [ -e {folder}/jam ] && kill -0 $PPID; do sleep 0.05; done
  echo "STATE: -media-jam" >&2
fi
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


async def fill(printer: IppPrinter, sheets: int) -> None:
    """By its web form: this many sheets of A4 in every tray."""
    tray = "size{k}=iso_a4_210x297mm&type{k}=stationery&level{k}={sheets}"
    form = "&".join(tray.format(k=k, sheets=sheets) for k in range(6))
    site = printer._settings.uri.replace("ipp://", "http://").removesuffix("/ipp/print")
    async with aiohttp.ClientSession() as session, session.get(f"{site}/media?{form}") as page:
        assert page.status == 200


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


async def test_a_jam_waits_and_its_job_ends_only_when_the_sheet_is_out(
    printer: IppPrinter, tmp_path: Path
) -> None:
    """P13: cancelled while it is stuck, by id; processing-to-stop-point is not its end."""
    (tmp_path / "jam").touch()
    job = await printer.create("number")
    await printer.send(job, *sealed(pdf(1)))
    jammed = await anext(s async for s in printer.follow(job) if s.state is JobState.WAITING)
    assert [fault.code for fault in jammed.faults] == [PRINTER_JAM]
    cancelling = asyncio.create_task(printer.cancel(job))
    await asyncio.sleep(0)
    assert (await anext(printer.follow(job))).state is JobState.WAITING
    assert not cancelling.done()
    (tmp_path / "jam").unlink()
    assert (await cancelling).state is JobState.CANCELED


async def test_a_job_without_its_document_is_untouched_when_it_is_cancelled(printer: IppPrinter) -> None:
    ended = await printer.cancel(await printer.create("number"))
    assert (ended.state, ended.untouched) == (JobState.CANCELED, True)


async def test_a_job_whose_making_was_not_answered_is_found_by_its_name(
    printer: IppPrinter, tmp_path: Path
) -> None:
    uri = printer._settings.uri
    http, lost = HttpExchange(uri), [CREATE_JOB]

    async def exchange(body: bytes) -> bytes:
        answer = await http(body)
        if int.from_bytes(body[2:4], "big") in lost:
            lost.clear()
            raise ExchangeFailed("the answer is lost")
        return answer

    unlucky = IppPrinter(IppSettings(uri, poll_seconds=0.05), exchange)
    job = await unlucky.create("162027-20260401-T01-000001-5")
    await unlucky.send(job, *sealed(pdf(1)))
    assert [status async for status in unlucky.follow(job)][-1].state is JobState.COMPLETED
    assert (tmp_path / "received.pdf").read_bytes() == pdf(1)


async def test_a_job_without_paper_is_held_and_goes_on_when_it_is_loaded(printer: IppPrinter) -> None:
    await fill(printer, 0)
    assert {fault.code for fault in await printer.check(1)} == {PRINTER_PAPER_OUT}
    job = await printer.create("number")
    await printer.send(job, *sealed(pdf(1)))
    states = []
    async for status in printer.follow(job):
        states.append(status.state)
        if status.state is JobState.WAITING:
            assert {fault.code for fault in status.faults} == {PRINTER_PAPER_OUT}
            await fill(printer, 5)
    assert (states[0], states[-1]) == (JobState.WAITING, JobState.COMPLETED)
    assert await printer.check(5) == ()


async def test_a_tray_of_letter_paper_is_found_before_payment(printer: IppPrinter) -> None:
    assert "A4" in (await printer.check(1))[0].detail

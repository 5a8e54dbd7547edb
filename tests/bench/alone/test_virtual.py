"""``madoguchi virtual`` and ``madoguchi probe``: two programs on one wire; and hosts of other makers."""

import argparse
import asyncio
import contextlib
import json
import os
import shlex
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from daemon.__main__ import _parser
from daemon.bench.alone import card as card_alone
from daemon.bench.alone.console import Console
from drivers.card.sample import sample_authority, to_pem
from drivers.card.virtual_reader import PrivatePcscd, private_pcscd
from tests.drivers.document.papers import pdf

PATIENCE = 30.0


@contextlib.asynccontextmanager
async def running(*arguments: str, **environment: str) -> AsyncIterator[Process]:
    """``madoguchi`` with these arguments; killed at the end if it is still there."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "daemon", *arguments),
        stdin=PIPE,
        stdout=PIPE,
        stderr=PIPE,
        env={**os.environ, **environment},
    )
    try:
        yield process
    finally:
        with contextlib.suppress(ProcessLookupError):
            process.kill()
        await process.communicate()


class Alone:
    """One running ``madoguchi virtual``. at: where it says it listens; example: of how a host would talk."""

    def __init__(self, process: Process, introduction: list[str]) -> None:
        self.process = process
        self.what = introduction[0]
        self.at, self.example, _ = (line[11:] for line in introduction[1:])

    async def say(self, line: str) -> str:
        """A line to its console; the answer."""
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{line}\n".encode())
        async with asyncio.timeout(PATIENCE):
            return (await self.process.stdout.readline()).decode().rstrip("\n")

    async def end(self) -> int:
        async with asyncio.timeout(PATIENCE):
            return await self.process.wait()


@contextlib.asynccontextmanager
async def alone(device: str, at: str, *options: str) -> AsyncIterator[Alone]:
    async with running("virtual", device, "--at", at, *options) as process:
        assert process.stderr is not None
        async with asyncio.timeout(PATIENCE):
            introduction = [(await process.stderr.readline()).decode().rstrip("\n") for _ in range(4)]
        yield Alone(process, introduction)


async def output_of(*command: str, **environment: str) -> tuple[int, str]:
    """(exit status, standard output) of any program."""
    process = await asyncio.create_subprocess_exec(
        *command, stdout=PIPE, stderr=asyncio.subprocess.STDOUT, env={**os.environ, **environment}
    )
    async with asyncio.timeout(PATIENCE):
        said, _ = await process.communicate()
    assert process.returncode is not None
    return process.returncode, said.decode()


async def probed(device: str, at: str, *options: str) -> tuple[int, dict[str, dict[str, Any]]]:
    """(exit status, what was found by name) of ``madoguchi probe --once --json``."""
    command = (sys.executable, "-m", "daemon", "probe", device, "--at", at, "--once", "--json", *options)
    status, said = await output_of(*command)
    return status, by_name(said)


def by_name(line: str | bytes) -> dict[str, dict[str, Any]]:
    return {found["name"]: found for found in json.loads(line)["found"]}


@contextlib.asynccontextmanager
async def following(*arguments: str) -> AsyncIterator[AsyncIterator[dict[str, dict[str, Any]]]]:
    """A probe that follows: what it found, line by line; it ends by Ctrl-C, without a word."""

    async def lines(process: Process) -> AsyncIterator[dict[str, dict[str, Any]]]:
        assert process.stdout is not None
        while True:
            async with asyncio.timeout(PATIENCE):
                line = await process.stdout.readline()
            yield by_name(line)

    async with running("probe", *arguments, "--json") as process:
        async with contextlib.aclosing(lines(process)) as found:  # type: ignore[type-var]
            yield found
        process.send_signal(signal.SIGINT)
        _, complaint = await process.communicate()
        assert (process.returncode, complaint) == (130, b"")


def parsed(command: str) -> argparse.Namespace:
    """What the command line makes of this."""
    program, *arguments = shlex.split(command)
    assert program == "madoguchi"
    return _parser().parse_args(arguments)


# ---------------------------------------------------------------- coin vendor


async def test_a_coin_vendor_on_a_pseudo_terminal_is_probed_and_its_events_followed(tmp_path: Path) -> None:
    at = f"pty:{tmp_path}/vendor"
    async with alone("cash", at, "--bills", "--fast") as vendor:
        assert (vendor.what, vendor.at) == ("virtual coin vendor (ccTalk)", at)
        assert parsed(vendor.example).at == at
        async with following("cash", "--at", at) as looks:
            first = await anext(looks)
            assert len(first) == 7
            assert first["coin acceptor at 2"]["facts"]["takes money"] == "no"
            assert await vendor.say("insert 100 500") == "ok 100 inhibited, 500 inhibited"
            assert await vendor.say("lever") == "ok"
            news: list[str] = []
            while len(news) < 3:
                news += (await anext(looks))["coin acceptor at 2"]["news"]
            assert news == [
                "a coin was refused: inhibited (event 2)",
                "a coin was refused: inhibited (event 2)",
                "the return lever was pressed (event 254)",
            ]
            assert await vendor.say("silence 5") == "ok"
            lost = (await anext(looks))["hopper at 5"]["faults"]
            assert [fault["code"] for fault in lost] == ["cash.link-lost"]
        assert await vendor.say("take") == "ok 600 yen: 100 500"
        assert await vendor.say("state") == "ok takes nothing; holds 57000 yen; nothing is missing"
        assert await vendor.say("quit") == "ok"
        assert await vendor.end() == 0
    assert not (tmp_path / "vendor").is_symlink()


async def test_a_coin_vendor_on_tcp_with_echo_and_crc() -> None:
    async with alone("cash", "tcp:127.0.0.1:0", "--echo", "--crc") as vendor:
        status, found = await probed("cash", vendor.at, "--crc")
        assert (status, len(found)) == (0, 6)
        assert found["line"]["facts"]["echo"] == "yes"
        assert "--crc" in vendor.example
        status, found = await probed("cash", vendor.at)
        assert (status, list(found)) == (1, ["line"])


async def test_the_hands_of_a_coin_vendor() -> None:
    async with alone("cash", "tcp:127.0.0.1:0") as vendor:
        conversation = {
            "levels": "ok 3: 10 yen x 200, 4: 50 yen x 100, 5: 100 yen x 200, 6: 500 yen x 60",
            "fill 3 20": "ok",
            "empty 6": "ok",
            "late 4": "ok",
            "tray": "ok 50 yen: 50",
            "levels ": "ok 3: 10 yen x 220, 4: 50 yen x 99, 5: 100 yen x 200, 6: 500 yen x 0",
            "jam 9": "error the hoppers are at 3, 4, 5, 6; jam ADDRESS [COINS]",
            "jam 5": "ok",
            "unjam 5": "ok",
            "late 6": "error the hopper is empty",
            "swallow 100": "ok",
            "event 254": "ok",
            "event 256": "error 1 to 255 are meant; event CODE",
            "noise 2": "ok",
            "fault line cut": "ok",
            "mend": "ok",
            "power": "ok",
            "wake 3": "ok",
            "bill 1000": "error this vendor has no bill validator: start it with --bills",
            "insert": "error a number is meant; insert YEN…",
        }
        for line, answer in conversation.items():
            assert await vendor.say(line) == answer
        assert "these are known: request dropped, " in await vendor.say("fault gremlins")


# ---------------------------------------------------------------- printers


async def test_a_document_printer_takes_jobs_of_any_host(tmp_path: Path) -> None:
    (tmp_path / "paper.pdf").write_bytes(pdf(3))
    async with alone("document", "127.0.0.1:0", "--seconds", "0") as printer:
        status, said = await output_of(*printer.example.split())
        assert (status, "[PASS]" in said) == (0, True), said
        job = ("ipptool", "-f", str(tmp_path / "paper.pdf"), printer.at, "create-job.test")
        status, said = await output_of(*job)
        assert status == 0, said
        assert await printer.say("state") == "ok 247 sheets to print on, 3 in the output tray, 0 ruined"
        assert await printer.say(f"take {tmp_path}/out") == f"ok 3 sheet(s) {tmp_path}/out/job-1.pdf"
        assert (tmp_path / "out" / "job-1.pdf").read_bytes() == pdf(3)


BUSY = """{
    NAME "A second job while the first one prints"
    OPERATION Create-Job
    GROUP operation-attributes-tag
    ATTR charset attributes-charset utf-8
    ATTR naturalLanguage attributes-natural-language en
    ATTR uri printer-uri $uri
    ATTR name requesting-user-name $user
    STATUS server-error-busy
}
"""


async def test_ipptool_has_a_job_validated_printed_listed_refused_as_busy_and_cancelled(
    tmp_path: Path,
) -> None:
    (tmp_path / "paper.pdf").write_bytes(pdf(8))
    (tmp_path / "busy.test").write_text(BUSY, "utf-8")
    tests = ("validate-job", "create-job", "get-jobs", str(tmp_path / "busy"), "cancel-current-job")
    async with alone("document", "127.0.0.1:0", "--seconds", "3") as printer:
        for test in tests:
            job = ("ipptool", "-t", "-f", str(tmp_path / "paper.pdf"), printer.at, f"{test}.test")
            status, said = await output_of(*job)
            assert (status, "[FAIL]" in said) == (0, False), said
        assert "0 ruined" in await printer.say("state")


async def test_a_document_printer_is_followed_while_it_is_worked_by_hand() -> None:
    async with (
        alone("document", "ipp://127.0.0.1:0/ipp/print", "--paper", "5") as printer,
        following("document", "--at", printer.at) as looks,
    ):
        first = (await anext(looks))["printer"]
        assert (first["facts"]["sheets"], first["facts"]["for the kiosk"]) == ("5", "yes")
        for line, code in (
            ("cover open", "document.cover-open"),
            ("paper 0", "document.paper-out"),
            ("toner empty", "document.toner-out"),
            ("pause on", "document.stopped"),
            ("fault document.jam", ""),
        ):
            assert await printer.say(line) == "ok"
            while code and code not in [fault["code"] for fault in first["faults"]]:
                first = (await anext(looks))["printer"]
        assert await printer.say("take") == "ok 0 sheet(s)"


async def test_a_receipt_printer_keeps_what_any_host_prints(tmp_path: Path) -> None:
    band = b"\x1b@\x1dv0\x00" + (2).to_bytes(2, "little") + (3).to_bytes(2, "little") + b"\xf0\x0f" * 3
    async with alone("receipt", "tcp:127.0.0.1:0") as printer:
        assert parsed(printer.example).at == printer.at
        host, port = printer.at.removeprefix("tcp:").split(":")
        reader, writer = await asyncio.open_connection(host, int(port))
        writer.write(2 * (band + b"\x1dV\x42\x00") + b"\x1dr\x01")
        assert await reader.readexactly(1) == b"\0"
        writer.close()
        await writer.wait_closed()
        assert await printer.say("state") == "ok 2 receipt(s) in the slot, 0 dots not cut off"
        first, second = tmp_path / "out.png", tmp_path / "out-2.png"
        assert await printer.say(f"take {first}") == f"ok 2 receipt(s) {first} {second}"
        for path in (first, second):
            with Image.open(path) as picture:
                assert picture.size == (16, 3)
                assert picture.convert("1").tobytes() == b"\x0f\xf0" * 3
        assert await printer.say("take") == "ok 0 receipt(s)"


async def test_a_receipt_printer_is_followed_while_it_is_worked_by_hand() -> None:
    async with (
        alone("receipt", "tcp:127.0.0.1:0", "--old") as printer,
        following("receipt", "--at", printer.at) as looks,
    ):
        facts = (await anext(looks))["receipt printer"]["facts"]
        assert facts == {"port": printer.at, "state": "ready"} | dict.fromkeys(
            ("maker", "model", "serial", "firmware"), "not told"
        )
        for line, codes in (
            ("paper low", ["receipt.paper-low"]),
            ("paper out", ["receipt.paper-out", "receipt.paper-low"]),
            ("paper new", []),
            ("cover open", ["receipt.cover-open"]),
            ("cover closed", []),
            ("fault receipt.cutter", ["receipt.cutter"]),
            ("mend receipt.cutter", []),
        ):
            assert await printer.say(line) == "ok"
            found = (await anext(looks))["receipt printer"]["faults"]
            assert [fault["code"] for fault in found] == codes


# ---------------------------------------------------------------- card


@pytest.fixture(scope="module")
def pcscd(tmp_path_factory: pytest.TempPathFactory) -> Iterator[PrivatePcscd]:
    with private_pcscd(tmp_path_factory.mktemp("pcscd")) as running:
        yield running


async def test_a_card_is_read_by_opensc_and_followed_by_the_probe(pcscd: PrivatePcscd) -> None:
    async with (
        alone("card", f"{pcscd.host}:{pcscd.port}", "--tries", "2", "--6f00-first") as card,
        following("card", "--at", "Kiosk", "--socket", str(pcscd.socket)) as looks,
    ):
        while (found := await anext(looks))["reader"]["facts"].get("card") != "none":
            pass
        assert found["reader"]["facts"]["simulator"] == "yes"
        assert await card.say("insert") == "ok"
        facts = (await anext(looks))["card"]["facts"]
        assert (facts["kind"], facts["tries of the PIN"]) == ("my-number-card", "2")
        assert (await card.say("insert")).startswith("error there is a card")
        status, said = await output_of(*card.example.split(), PCSCLITE_CSOCK_NAME=str(pcscd.socket))
        assert (status, said.splitlines()[-1]) == (0, "jpki"), said
        assert await card.say("state") == "ok on the reader, 2 tries left"
        assert await card.say("lock") == "ok"
        assert await card.say("remove") == "ok"
        assert await card.say("insert") == "ok"
        while (found := await anext(looks)).get("card", {"facts": {}})["facts"].get("tries of the PIN") != (
            "0: locked; the municipality's counter can unlock it"
        ):
            pass
        assert await card.say("tries 3") == "ok"
        assert await card.say("tries 4") == "error at most 3; tries N"


async def test_a_card_is_made_of_a_file_and_of_the_kind_that_is_wanted(
    pcscd: PrivatePcscd, tmp_path: Path
) -> None:
    authority = sample_authority()
    (tmp_path / "card.pem").write_bytes(to_pem(authority.issue_for(17, key=authority.key), authority))
    options = ("--pem", str(tmp_path / "card.pem"), "--kind", "android", "--pin", "2468")
    async with alone("card", f"{pcscd.host}:{pcscd.port}", *options) as card:
        assert await card.say("insert") == "ok"
        async with following("card", "--socket", str(pcscd.socket)) as looks:
            while "card" not in (found := await anext(looks)):
                pass
            assert found["card"]["facts"]["kind"] == "android"


async def test_a_file_that_is_no_card_is_refused_and_named(tmp_path: Path) -> None:
    file = tmp_path / "card.pem"
    file.write_text("not a key", "utf-8")
    with pytest.raises(ValueError, match=rf"{file}: .*; a key, its certificate and CA in PEM are meant"):
        async with card_alone.card(parsed(f"madoguchi virtual card --at 127.0.0.1:1 --pem {file}")):
            pass


async def test_a_card_for_which_no_reader_listens_says_what_is_missing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(card_alone, "READER_SECONDS", 0.1)
    async with card_alone.card(parsed("madoguchi virtual card --at 127.0.0.1:1")) as part:
        console = Console(part.hands)
        for _ in range(2):
            said = await console.obey(["insert"])
            assert said == "error no vpcd listens there: is pcscd running, with vsmartcard-vpcd?"
        assert await console.obey(["state"]) == "ok not on the reader, 3 tries left"


# ---------------------------------------------------------------- its end


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
async def test_a_signal_ends_it_with_nothing_left_behind(number: signal.Signals, tmp_path: Path) -> None:
    link = tmp_path / "vendor"
    async with alone("cash", f"pty:{link}") as vendor:
        assert link.is_symlink()
        vendor.process.send_signal(number)
        assert await vendor.end() == 0
        assert vendor.process.stderr is not None
        assert await vendor.process.stderr.read() == b""
    assert not link.is_symlink()


async def test_the_end_of_its_input_ends_it() -> None:
    async with alone("receipt", "tcp:127.0.0.1:0") as printer:
        assert printer.process.stdin is not None
        printer.process.stdin.close()
        assert await printer.end() == 0

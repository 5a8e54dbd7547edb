"""What staff ask from the command line, through the real socket, and what they are told when it cannot be."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping
from io import StringIO
from pathlib import Path
from typing import TextIO

import pytest

from daemon.staff import KioskSaysNo, ask, cash, loaded, report, reprint, resolve, status
from tests.settings import write_settings

WELL = {
    "terminal": "T01",
    "can_sell": True,
    "waiting_for": [],
    "faults": [],
    "cases": [],
    "sheets": None,
    "levels": {"10": 47, "100": 3},
    "sample": False,
    "screen": "start",
}
ILL = {
    **WELL,
    "can_sell": False,
    "waiting_for": ["card"],
    "faults": [{"code": "document.jam", "device": "document", "detail": "open the rear door"}],
    "cases": [{"case": "n1", "kind": "in-doubt", "code": "kiosk.case-open", "session": "5e"}],
    "sample": True,
}


class Kiosk:
    """Hears lines on the socket of the configuration in this folder. answer: what it says to each."""

    def __init__(self, folder: Path) -> None:
        self.config = write_settings(folder)
        self.socket = folder / "kiosk.sock"
        self.heard: list[Mapping[str, str]] = []
        self.answer: object = {}

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.heard.append(json.loads(await reader.readline()))
        if isinstance(self.answer, bytes):
            writer.write(self.answer)
        else:
            writer.write(json.dumps(self.answer, ensure_ascii=False).encode() + b"\n")
        writer.close()
        await writer.wait_closed()

    async def told(self, command: Callable[[TextIO], int]) -> tuple[int, str]:
        """(exit status, what the command printed)."""
        out = StringIO()
        return await asyncio.to_thread(command, out), out.getvalue()


@pytest.fixture
async def kiosk(tmp_path: Path) -> AsyncIterator[Kiosk]:
    kiosk = Kiosk(tmp_path)
    async with await asyncio.start_unix_server(kiosk.serve, str(kiosk.socket)):
        yield kiosk


# ---------------------------------------------------------------- status


async def test_a_kiosk_that_sells_is_status_0(kiosk: Kiosk) -> None:
    kiosk.answer = WELL
    exit_status, said = await kiosk.told(lambda out: status(kiosk.config, False, out))
    assert exit_status == 0
    assert said.splitlines() == [
        "T01: ready to sell",
        "  screen: start",
        "  hopper 10 yen: 47 coins",
        "  hopper 100 yen: 3 coins",
    ]
    assert kiosk.heard == [{"do": "status"}]


async def test_a_kiosk_that_cannot_sell_is_status_1_and_says_why_and_what_to_type(kiosk: Kiosk) -> None:
    kiosk.answer = ILL
    exit_status, said = await kiosk.told(lambda out: status(kiosk.config, False, out))
    assert exit_status == 1
    assert "T01: NOT selling" in said
    assert "waiting for: card" in said
    assert "fault: document.jam (document) open the rear door" in said
    assert "open case: n1 in-doubt (kiosk.case-open); madoguchi resolve n1" in said
    assert "SAMPLE" in said


async def test_for_machines_it_is_one_line_of_json(kiosk: Kiosk) -> None:
    kiosk.answer = ILL
    exit_status, said = await kiosk.told(lambda out: status(kiosk.config, True, out))
    assert (exit_status, said.count("\n")) == (1, 1)
    assert json.loads(said) == ILL


# ---------------------------------------------------------------- resolve, reprint


@pytest.mark.parametrize(("owed", "lines"), [(0, 1), (200, 2)])
async def test_a_resolved_case_says_what_is_owed(kiosk: Kiosk, owed: int, lines: int) -> None:
    kiosk.answer = {"resolved": "n1", "owed": owed}
    exit_status, said = await kiosk.told(
        lambda out: resolve(kiosk.config, "n1", "missing", "17", "nothing in the tray", out)
    )
    assert (exit_status, len(said.splitlines())) == (0, lines)
    assert said.startswith("resolved n1\n")
    assert ("200 yen, on a claim" in said) == bool(owed)
    assert kiosk.heard == [
        {"do": "resolve", "case": "n1", "tray": "missing", "who": "17", "why": "nothing in the tray"}
    ]


async def test_loaded_paper_says_from_what_it_counts(kiosk: Kiosk) -> None:
    kiosk.answer = {"loaded": 500}
    exit_status, said = await kiosk.told(lambda out: loaded(kiosk.config, 500, "17", "tray filled", out))
    assert (exit_status, said) == (0, "500 sheets: in the journal; the kiosk counts from here\n")
    assert kiosk.heard == [{"do": "loaded", "sheets": 500, "who": "17", "why": "tray filled"}]


async def test_the_kiosks_own_count_of_sheets_is_told_where_it_has_one(kiosk: Kiosk) -> None:
    kiosk.answer = {**WELL, "sheets": 120}
    _, said = await kiosk.told(lambda out: status(kiosk.config, False, out))
    assert "  certificate printer: 120 sheets by the kiosk's own count" in said.splitlines()


async def test_a_reprint_says_which_receipt(kiosk: Kiosk) -> None:
    kiosk.answer = {"reprinted": "0000004"}
    said = await kiosk.told(lambda out: reprint(kiosk.config, "5e", out))
    assert said == (0, "receipt 0000004 printed again, marked 再発行\n")
    assert kiosk.heard == [{"do": "reprint", "session": "5e"}]


async def test_what_the_kiosk_refuses_is_told_in_its_own_words(kiosk: Kiosk) -> None:
    kiosk.answer = {"error": "no open case 'n9'; open: n1"}
    with pytest.raises(KioskSaysNo, match="no open case 'n9'; open: n1") as refused:
        await kiosk.told(lambda out: resolve(kiosk.config, "n9", "", "17", "looked", out))
    assert refused.value.exit_status == 1


# ---------------------------------------------------------------- cash, report


async def test_a_money_act_says_what_it_changed_and_never_the_pin(kiosk: Kiosk) -> None:
    kiosk.answer = {"done": {"hopper 100 yen": "150 coins"}}
    exit_status, said = await kiosk.told(
        lambda out: cash(kiosk.config, "refill", {100: 50}, "weekly round", "1234", out)
    )
    assert (exit_status, said) == (
        0,
        "hopper 100 yen: 150 coins\nrefill: in the journal; take your card\n",
    )
    assert kiosk.heard == [
        {"do": "cash", "act": "refill", "coins": {"100": 50}, "why": "weekly round", "pin": "1234"}
    ]


async def test_a_report_is_shown_as_it_would_be_printed(kiosk: Kiosk) -> None:
    kiosk.answer = {"report": ["日報", "手数料合計  400円"]}
    said = await kiosk.told(lambda out: report(kiosk.config, "2026-04-01", True, out))
    assert said == (0, "日報\n手数料合計  400円\n")
    assert kiosk.heard == [{"do": "report", "day": "2026-04-01", "print": True}]


# ---------------------------------------------------------------- nobody there


async def test_a_kiosk_that_hangs_up_points_to_its_log(kiosk: Kiosk) -> None:
    kiosk.answer = b""
    with pytest.raises(ValueError, match=r"kiosk\.sock: no answer; journalctl -u madoguchi"):
        await kiosk.told(lambda out: status(kiosk.config, False, out))


async def test_a_kiosk_that_does_not_answer_in_time_is_told_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("daemon.staff.ANSWER_SECONDS", 0.05)
    hung_up = asyncio.Event()

    async def silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await hung_up.wait()
        writer.close()

    path = str(tmp_path / "s")
    async with await asyncio.start_unix_server(silent, path):
        with pytest.raises(ValueError, match="timed out; does the kiosk run, and are you root"):
            await asyncio.to_thread(ask, path, {"do": "status"})
        hung_up.set()


def test_a_kiosk_that_does_not_run_is_told_so(tmp_path: Path) -> None:
    with pytest.raises(
        ValueError, match="No such file or directory; does the kiosk run, and are you root"
    ) as told:
        status(write_settings(tmp_path), False, StringIO())
    assert str(tmp_path / "kiosk.sock") in str(told.value)


def test_a_path_that_no_socket_can_have_is_told_so() -> None:
    with pytest.raises(ValueError, match="AF_UNIX path too long"):
        ask("/" + "x" * 200, {"do": "status"})


def test_without_a_socket_in_the_configuration_there_is_nobody_to_ask(tmp_path: Path) -> None:
    config = write_settings(tmp_path, (f'socket = "{tmp_path}/kiosk.sock"\n', ""))
    with pytest.raises(ValueError, match=r"\[kiosk\] socket is not set"):
        status(config, False, StringIO())

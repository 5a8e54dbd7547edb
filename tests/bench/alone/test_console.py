"""The console of a device alone: a line in, a line out; mistakes are told with what was meant."""

import io
import os
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from daemon.bench.alone.console import Console, Hand, Mistake, lines_of, number, one_of, switches
from daemon.bench.alone.part import host_and_port
from hal import faults


async def spoken(*lines: str) -> AsyncIterator[str]:
    for line in lines:
        yield line


async def say(console: Console, *lines: str) -> list[str]:
    """Its answers."""
    out = io.StringIO()
    await console.serve(spoken(*lines), out)
    return out.getvalue().splitlines()


@pytest.fixture
def console() -> Console:
    done: list[str] = []

    def note(words: Sequence[str]) -> None:
        done.append(" ".join(words))

    async def later(_: Sequence[str]) -> str:
        return "done later"

    def fail(_: Sequence[str]) -> None:
        raise OSError("no room on the disk")

    return Console(
        [
            Hand("note", "WORDS…", "remembers", note),
            Hand("notes", "", "what it remembers", lambda _: "; ".join(done)),
            Hand("later", "", "takes a while", later),
            Hand("count", "N", "a number", lambda words: str(number(words) + 1)),
            Hand("choose", "a|b", "one of two", lambda words: one_of(words, "a", "b")),
            Hand("fail", "", "cannot be done", fail),
        ]
    )


async def test_each_line_has_one_answer(console: Console) -> None:
    said = await say(console, "note one two", "", "  note   three ", "notes", "later", "count 41", "choose b")
    assert said == ["ok", "ok", "ok one two; three", "ok done later", "ok 42", "ok b"]


async def test_a_mistake_is_an_error_that_says_what_was_meant(console: Console) -> None:
    assert await say(console, "count x", "count", "count 1 2", "choose c", "choose") == [
        *["error a number is meant; count N"] * 3,
        *["error one of a, b is meant; choose a|b"] * 2,
    ]


async def test_what_cannot_be_done_is_an_error_and_the_next_line_is_heard(console: Console) -> None:
    assert await say(console, "fail", "dance", "count 1") == [
        "error no room on the disk",
        "error unknown command 'dance'; help lists them",
        "ok 2",
    ]


async def test_help_lists_every_word_with_what_it_takes_and_does(console: Console) -> None:
    said = await say(console, "help")
    assert said[0].split() == ["note", "WORDS…", "remembers"]
    assert [line.split()[0] for line in said] == ["note", "notes", "later", "count", "choose", "fail", "quit"]


@pytest.mark.parametrize("word", ["quit", "exit"])
async def test_quit_is_answered_and_ends_it(console: Console, word: str) -> None:
    assert await say(console, word, "count 1") == ["ok"]


async def test_faults_go_in_and_out_by_their_code() -> None:
    standing: set[str] = set()

    def inject(code: str) -> None:
        if code == faults.RECEIPT_ERROR:
            raise KeyError(code)
        standing.add(code)

    console = Console(switches("receipt", inject, standing.discard))
    assert await say(console, "fault receipt.paper-out") == ["ok"]
    assert standing == {faults.RECEIPT_PAPER_OUT}
    assert await say(console, "mend receipt.paper-out") == ["ok"]
    assert not standing
    (unknown,) = await say(console, "fault paper-out")
    assert "receipt.unreachable, receipt.paper-out" in unknown
    assert "document" not in unknown
    (cannot,) = await say(console, "fault receipt.error")
    assert cannot == "error this device cannot have receipt.error; fault CODE"


def test_a_number_may_have_a_default() -> None:
    assert (number([], 1), number(["5"], 1)) == (1, 5)
    with pytest.raises(Mistake):
        number(["-1"])


# ---------------------------------------------------------------- standard input of every kind


async def test_lines_come_from_a_pipe_as_they_are_written() -> None:
    reading, writing = os.pipe()
    lines = lines_of(reading)
    os.write(writing, b"one\ntw")
    assert await anext(lines) == "one"
    os.write(writing, b"o\nthree")
    assert await anext(lines) == "two"
    os.close(writing)
    assert [line async for line in lines] == ["three"]
    os.close(reading)


async def test_lines_come_from_a_file_and_from_nowhere(tmp_path: Path) -> None:
    script = tmp_path / "script"
    script.write_text("insert\nremove\n", "utf-8")
    for path, expected in ((script, ["insert", "remove"]), (Path("/dev/null"), [])):
        with path.open("rb") as file:
            assert [line async for line in lines_of(file.fileno())] == expected


# ---------------------------------------------------------------- addresses


@pytest.mark.parametrize(
    ("address", "host", "port"),
    [
        ("127.0.0.1:8631", "127.0.0.1", 8631),
        ("tcp:localhost:9100", "localhost", 9100),
        ("ipp://printer:631/ipp/print", "printer", 631),
        ("tcp:[::1]:0", "::1", 0),
    ],
)
def test_an_address_is_a_host_and_a_port(address: str, host: str, port: int) -> None:
    assert host_and_port(address, "") == (host, port)


@pytest.mark.parametrize(
    "address", ["", "9100", "host:", ":9100", "host:http", "host:65536", "ipp://host/ipp"]
)
def test_anything_else_is_refused_with_the_form_that_is_meant(address: str) -> None:
    with pytest.raises(ValueError, match="write HOST:PORT"):
        host_and_port(address, "HOST:PORT")

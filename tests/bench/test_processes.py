"""Children of the bench: started with a log, spoken to by lines, and never left behind."""

import asyncio
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from daemon.bench import processes
from daemon.bench.processes import Child, ChildFailed, tail
from tests.layout import ROOT

PATIENCE = 10.0
PROGRAM = """\
import os, signal, sys
arguments = sys.argv[1:]
print(*arguments, os.environ.get("TMPDIR"), os.environ.get("EXTRA"), file=sys.stderr, flush=True)
if "deaf" in arguments:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
print("ok", flush=True)
for line in sys.stdin:
    match line.split():
        case ["end", status]:
            sys.exit(int(status))
        case ["refuse"]:
            print("no card here", flush=True)
        case _:
            print("ok", flush=True)
signal.pause()
"""


class Made:
    """Makes children in a folder."""

    def __init__(self, folder: Path) -> None:
        (folder / "child_program.py").write_text(PROGRAM, "utf-8")
        self.environment = {"PYTHONPATH": str(folder), "EXTRA": "more"}
        self.child = Child("little one", folder / "child.log")

    async def start(self, *arguments: str) -> Child:
        """Returns when it lives and handles its signals."""
        await self.child.start("child_program", *arguments, environment=self.environment)
        await self.child.tell("are you there")
        return self.child


@pytest.fixture
async def made(tmp_path: Path) -> AsyncIterator[Made]:
    made = Made(tmp_path)
    yield made
    await made.child.kill()


def lives(pid: int) -> bool:
    """Whether it is there and not merely waiting to be reaped."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def await_end(pid: int) -> None:
    """Returns when this process, which need not be ours, has ended; fails if it does not."""
    try:
        process = os.pidfd_open(pid)
    except ProcessLookupError:
        return
    readable, _, _ = select.select([process], [], [], PATIENCE)
    os.close(process)
    assert readable


async def test_a_child_gets_its_arguments_and_leaves_its_temporary_files_beside_its_log(
    made: Made, tmp_path: Path
) -> None:
    child = await made.start("--config", "x y")
    assert child.running
    assert lives(child.pid)
    assert tail(child.log) == [f"--config x y {tmp_path} more"]


async def test_what_a_child_answers_with_ok_is_done(made: Made) -> None:
    child = await made.start()
    assert await child.tell("insert") == "ok"
    assert await child.tell("remove") == "ok"


async def test_any_other_answer_is_told_with_the_childs_name_and_log(made: Made) -> None:
    child = await made.start()
    await child.tell("x")
    with pytest.raises(ChildFailed, match=r"little one: 'refuse' answered 'no card here'; see .*child\.log"):
        for _ in range(3):
            await child.tell("refuse")


async def test_a_child_that_has_ended_answers_nothing(made: Made) -> None:
    child = await made.start()
    with pytest.raises(ChildFailed, match="little one: 'end 3' answered ''"):
        for _ in range(3):
            await child.tell("end 3")
    assert await child.wait() == 3
    assert not child.running


async def test_a_child_that_is_stopped_is_gone(made: Made) -> None:
    child = await made.start()
    pid = child.pid
    await child.stop()
    assert not child.running
    assert not lives(pid)
    assert await child.wait() == -signal.SIGTERM


async def test_a_child_that_does_not_hear_is_killed(made: Made, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(processes, "STOP_SECONDS", 0.1)
    child = await made.start("deaf")
    await child.stop()
    assert await child.wait() == -signal.SIGKILL


async def test_a_child_is_gone_also_when_nobody_waits_for_its_end(made: Made) -> None:
    child = await made.start("deaf")
    stopping = asyncio.create_task(child.stop())
    await asyncio.sleep(0)
    stopping.cancel()
    await asyncio.wait([stopping])
    assert await child.wait() == -signal.SIGKILL


async def test_a_power_cut_gives_a_child_no_time(made: Made) -> None:
    child = await made.start()
    await child.kill()
    assert await child.wait() == -signal.SIGKILL


async def test_a_child_can_be_stopped_twice_or_before_it_was_started(made: Made) -> None:
    await made.child.stop()
    assert not made.child.running
    child = await made.start()
    await child.stop()
    await child.stop()
    await child.kill()


async def test_a_child_that_is_started_again_goes_on_in_the_same_log(made: Made) -> None:
    child = await made.start("first")
    await child.stop()
    await made.start("second")
    assert [line.split()[0] for line in tail(child.log)] == ["first", "second"]


def test_a_child_ends_with_the_bench_even_when_that_is_killed(tmp_path: Path) -> None:
    made = Made(tmp_path)
    program = (
        "import asyncio, os, pathlib, signal, sys; from daemon.bench.processes import Child\n"
        "async def main():\n"
        f"    child = Child('little one', pathlib.Path({str(made.child.log)!r}))\n"
        f"    await child.start('child_program', environment={made.environment!r})\n"
        "    await child.tell('x')\n"
        "    print(child.pid, flush=True)\n"
        "    os.kill(os.getpid(), signal.SIGKILL)\n"
        "asyncio.run(main())\n"
    )
    bench = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
    assert bench.returncode == -signal.SIGKILL, bench.stderr
    await_end(int(bench.stdout))


# ---------------------------------------------------------------- its log


def test_the_tail_of_a_log_is_its_last_lines_whatever_they_hold(tmp_path: Path) -> None:
    log = tmp_path / "child.log"
    log.write_bytes(b"".join(b"line %d \xff\n" % number for number in range(20)))
    assert tail(log, 2) == ["line 18 \ufffd", "line 19 \ufffd"]


def test_a_log_that_is_not_there_has_no_lines(tmp_path: Path) -> None:
    assert tail(tmp_path / "none.log") == []

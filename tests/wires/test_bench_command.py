"""``madoguchi bench`` from outside: plays every script, says by its status how it ended, leaves nothing."""

import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from daemon.bench.scenario import load_scenario

ROOT = Path(__file__).parents[2]
SCRIPTS = sorted((ROOT / "scenarios").glob("*.toml"))
MAIN_JOB = ROOT / "scenarios" / "takaoka-juminhyo.toml"
PATIENCE = 60.0
SHORT_STORY = """
title = "somebody looks, and goes away"
expect = {{ ended = "{ended}", kept = {kept}{more} }}
step = [
  {{ see = "start", press = ["services"] }},
  {{ see = "services", {act} }},
  {{ {last} }},
]
"""
AS_EXPECTED = {"ended": "quit", "kept": "0", "more": "", "act": 'press = ["quit"]', "last": 'see = "start"'}


class Bench:
    """One run of the command, in a process group and with a folder for temporary files of its own."""

    def __init__(self, temporary: Path, *arguments: str) -> None:
        self.temporary = temporary
        self._process = subprocess.Popen(
            [sys.executable, "-m", "daemon", "bench", "--speed", "0", *arguments],
            cwd=ROOT,
            env={**os.environ, "TMPDIR": str(temporary)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )

    def interrupt(self, number: int) -> None:
        """What a terminal does at Ctrl-C: the signal goes to the whole process group."""
        os.killpg(self._process.pid, number)

    def end(self) -> tuple[int, str]:
        """(exit status, what it printed)."""
        try:
            told, _ = self._process.communicate(timeout=PATIENCE)
        except subprocess.TimeoutExpired:
            self._process.kill()
            raise
        return self._process.returncode, told

    def until_made(self, name: str) -> None:
        """Returns when a file of this name lies in its temporary folder."""
        until(lambda: any(self.temporary.glob(f"madoguchi-*/{name}")))

    def until_told(self, words: str) -> None:
        """Returns when it has printed a line with these words."""
        assert self._process.stdout is not None
        assert any(words in line for line in self._process.stdout)

    @property
    def family(self) -> list[Path]:
        """Every living process that works in its temporary folder."""
        mark = f"TMPDIR={self.temporary}".encode()
        return [process for process in Path("/proc").glob("[0-9]*") if mark in environment(process)]


def environment(process: Path) -> bytes:
    try:
        return (process / "environ").read_bytes()
    except OSError:  # it has ended meanwhile
        return b""


def until(condition: Callable[[], bool]) -> None:
    """Looks until it is so: files and processes have no events."""
    end = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < end, "it did not come to that"
        time.sleep(0.01)


@pytest.fixture
def temporary() -> Iterator[Path]:
    """Short of path: unix sockets will lie in it."""
    folder = Path(tempfile.mkdtemp(prefix="wires-"))
    yield folder
    shutil.rmtree(folder, ignore_errors=True)


# ---------------------------------------------------------------- stories


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda script: script.stem)
def test_a_script_plays_as_it_expects_and_leaves_only_its_pictures(
    script: Path, temporary: Path, tmp_path: Path
) -> None:
    status, told = Bench(temporary, "--script", str(script), "--out", str(tmp_path)).end()
    assert (status, told.splitlines()[-1]) == (0, "as expected"), told
    expected = load_scenario(script)
    shown = [re.sub(r"^\d+-", "", path.stem) for path in sorted(tmp_path.glob("[0-9]*.png"))]
    assert shown == [step.see for step in expected.step if step.see]
    assert len(list(tmp_path.glob("page-*.png"))) == sum(map(int, re.findall(r"sheets taken: (\d+)", told)))
    taken = [step.take for step in expected.step]
    slips = "claim.slip" in expected.expect.events
    assert len(list(tmp_path.glob("receipt-*.png"))) == taken.count("receipt") + slips
    assert [path.name for path in tmp_path.iterdir() if is_blank(path)] == []
    assert list(temporary.iterdir()) == []


def is_blank(path: Path) -> bool:
    with Image.open(path) as picture:
        low, high = picture.convert("L").getextrema()
    return low == high


def tell(folder: Path, temporary: Path, story: dict[str, str]) -> tuple[int, str]:
    """Plays the short story, changed like this: (exit status, what was printed)."""
    script = folder / "story.toml"
    script.write_text(SHORT_STORY.format(**{**AS_EXPECTED, **story}), "utf-8")
    return Bench(temporary, "--script", str(script), "--out", str(folder)).end()


@pytest.mark.parametrize(
    ("story", "complaint"),
    [
        ({"ended": "complete"}, "ended: expected complete, found quit"),
        ({"kept": "200"}, "kept: expected 200, found 0"),
        (
            {"last": 'see = "payment", within = 0.5'},
            "step 3 (see payment): expected screen payment, but the kiosk shows 'start'",
        ),
        (
            {"act": "insert = [100], within = 0.5"},
            "step 2 (see services; insert 100 yen): the slot does not open for a coin of 100 yen",
        ),
        (
            {"act": "insert = [1000], within = 0.5"},
            "step 2 (see services; insert 1000 yen): the slot does not open for a bill of 1000 yen",
        ),
        (
            {"last": 'press = ["own"], within = 0.5'},
            "step 3 (press own): there is no button 'own' on screen 'start', only: services",
        ),
        (
            {"last": 'hear = "card.forgotten", within = 0.5'},
            "step 3 (hear card.forgotten): the speaker did not say card.forgotten",
        ),
        (
            {"last": 'event = "card.read", within = 0.5'},
            "step 3 (event card.read): the journal has no new card.read",
        ),
        (
            {"last": 'resolve = "crash", within = 0.5'},
            "step 3 (staff resolve crash): no case of kind crash is open",
        ),
        ({"more": ", sheets = 1"}, "sheets: expected 1, found 0"),
        ({"more": ', events = ["pin.wrong"]'}, "events: the journal has no pin.wrong"),
    ],
)
def test_a_story_that_ends_otherwise_is_said_in_one_line_and_by_the_status(
    story: dict[str, str], complaint: str, temporary: Path, tmp_path: Path
) -> None:
    status, told = tell(tmp_path, temporary, story)
    assert status == 1, told
    (line,) = [line for line in told.splitlines() if line.startswith("NOT AS EXPECTED: ")]
    assert line == f"NOT AS EXPECTED: {complaint}"
    assert "Traceback" not in told
    assert list(temporary.iterdir()) == []


def test_a_card_that_is_not_in_the_wallet_is_refused_with_those_that_are(
    temporary: Path, tmp_path: Path
) -> None:
    status, told = tell(tmp_path, temporary, {"act": 'place = "nobody"'})
    assert status == 2
    assert "[step 2] place: there is no 'nobody', only: taro, hanako" in told.splitlines()[-1]
    assert list(temporary.iterdir()) == []


def test_no_key_of_a_pin_is_pressed_also_where_the_script_does_not_say_that_it_is_one(
    temporary: Path, tmp_path: Path
) -> None:
    card = 'press = ["issue"] }, { see = "card", place = "taro" }'
    way = f'{card}, {{ see = "municipality", press = ["own", "confirm"]'
    status, told = tell(tmp_path, temporary, {"act": way, "last": 'press = ["key.1"]'})
    assert status == 1
    assert "NOT AS EXPECTED: step 5 (press key.1): no digit of a PIN stands in a script" in told


def test_the_command_line_goes_before_the_script(temporary: Path, tmp_path: Path) -> None:
    """In Ishikari, of which this story knows nothing, there is no card of Takaoka's."""
    script = tmp_path / "story.toml"
    script.write_text(SHORT_STORY.format(**{**AS_EXPECTED, "act": 'place = "taro"'}), "utf-8")
    status, told = Bench(temporary, "--script", str(script), "--municipality", "012351").end()
    assert status == 1
    assert "NOT AS EXPECTED: step 2 (see services; place card taro): no card 'taro' in the wallet" in told


# ---------------------------------------------------------------- several


def test_the_stories_of_a_folder_are_played_one_after_the_other_with_a_table_at_the_end(
    temporary: Path, tmp_path: Path
) -> None:
    stories, pictures = tmp_path / "stories", tmp_path / "pictures"
    stories.mkdir()
    (stories / "b-wrong.toml").write_text(SHORT_STORY.format(**{**AS_EXPECTED, "ended": "idle"}), "utf-8")
    (stories / "a-right.toml").write_text(SHORT_STORY.format(**AS_EXPECTED), "utf-8")
    status, told = Bench(temporary, "--script", str(stories), "--out", str(pictures)).end()
    assert status == 1
    right, wrong, last = told.splitlines()[-3:]
    assert re.fullmatch(r"  as expected +\d+\.\d s  a-right: somebody looks, and goes away", right)
    assert re.fullmatch(r"  NOT AS EXPECTED +\d+\.\d s  b-wrong: somebody looks, and goes away", wrong)
    assert last == "1 of 2 not as expected"
    assert {folder.name for folder in pictures.iterdir()} == {"a-right", "b-wrong"}
    assert all(list(folder.glob("*-start.png")) for folder in pictures.iterdir())
    assert list(temporary.iterdir()) == []


# ---------------------------------------------------------------- Ctrl-C

STARTING = ("pcscd.comm", "center.toml", "daemon.log", "journal.db")
PLAYING = ("see card; place card taro", "see payment")


@pytest.mark.parametrize(
    ("moment", "number"),
    [
        *((moment, signal.SIGINT) for moment in (*STARTING, *PLAYING)),
        ("center.toml", signal.SIGTERM),
        ("see payment", signal.SIGTERM),
        ("see removal", signal.SIGHUP),
    ],
)
def test_interrupted_at_any_moment_it_leaves_no_process_and_no_file(
    moment: str, number: signal.Signals, temporary: Path
) -> None:
    bench = Bench(temporary, "--script", str(MAIN_JOB))
    if moment.startswith("see"):
        bench.until_told(moment)
    else:
        bench.until_made(moment)
    bench.interrupt(number)
    status, told = bench.end()
    assert status == 128 + number, told
    assert "Traceback" not in told
    assert list(temporary.iterdir()) == []
    until(lambda: not bench.family)


def test_a_second_ctrl_c_does_not_disturb_the_cleaning_up(temporary: Path) -> None:
    bench = Bench(temporary, "--script", str(MAIN_JOB))
    bench.until_told("see confirm")
    bench.interrupt(signal.SIGINT)
    bench.interrupt(signal.SIGINT)
    status, told = bench.end()
    assert (status, "Traceback" in told) == (130, False), told
    assert list(temporary.iterdir()) == []
    until(lambda: not bench.family)

"""The command line: every help has an example, every error a way out, the exit status a meaning."""

import argparse
import json
import logging
import os
import re
import shlex
import socket
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from daemon import papers, parts
from daemon.__main__ import EXAMPLES, _parser, main
from daemon.issuance import numbers
from daemon.issuance.seal import Sealer, new_key
from daemon.profile import options as profile_acts
from tests.layout import ROOT
from tests.settings import EXAMPLE, write_settings

STAFF = ("status", "resolve", "reprint", "cash", "report")
COMMANDS = (
    "run",
    "check",
    *STAFF,
    "calibrate",
    "console",
    "center",
    "paper",
    "profile",
    "registry",
    "bench",
    "virtual",
    "probe",
)
PARTS = ("card", "cash", "document", "receipt")
MORE_EXAMPLES = {
    "virtual": parts.VIRTUAL_EXAMPLES,
    "probe": parts.PROBE_EXAMPLES,
    "paper": papers.ACT_EXAMPLES,
}
Said = tuple[int, str, str]
ANSWERS = {
    "status": {
        "terminal": "T01",
        "can_sell": False,
        "waiting_for": [],
        "faults": [],
        "cases": [],
        "levels": {},
        "sample": False,
        "screen": "closed",
    },
    "reprint": {"reprinted": "0000004"},
    "resolve": {"error": "no open case 'n1'; open: none"},
    "cash": {"done": {"hopper 100 yen": "50 coins"}},
    "report": {"report": ["日報"]},
}


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator["Saying"]:
    level = logging.getLogger().level
    yield Saying(capsys)
    logging.getLogger().setLevel(level)  # the bench sets it, for a process of its own


class Saying:
    """Runs the command line in this process."""

    def __init__(self, capsys: pytest.CaptureFixture[str]) -> None:
        self._capsys = capsys

    def by(self, *arguments: str) -> Said:
        """(exit status, standard output, standard error)."""
        try:
            status = main(list(arguments))
        except SystemExit as ended:  # argparse
            status = int(ended.code or 0)
        out, err = self._capsys.readouterr()
        return status, out, err


@pytest.fixture
def kiosk(tmp_path: Path) -> Iterator[Path]:
    """The configuration of a kiosk that answers as ANSWERS say."""
    listening = socket.socket(socket.AF_UNIX)
    listening.bind(str(tmp_path / "kiosk.sock"))
    listening.listen()

    def answer() -> None:
        with listening.accept()[0] as line, line.makefile("rw", encoding="utf-8") as text:
            text.write(json.dumps(ANSWERS[json.loads(text.readline())["do"]]) + "\n")

    thread = threading.Thread(target=answer)
    thread.start()
    yield write_settings(tmp_path)
    thread.join(10)
    listening.close()


# ---------------------------------------------------------------- help


def test_the_help_names_every_command_and_shows_examples(said: Saying) -> None:
    status, out, _ = said.by("--help")
    assert status == 0
    assert all(re.search(rf"^    {command} ", out, re.MULTILINE) for command in COMMANDS)
    assert "examples:\n  madoguchi check --config" in out


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_of_a_command_ends_with_an_example(command: str, said: Saying) -> None:
    status, out, _ = said.by(command, "--help")
    assert status == 0
    assert f"example:\n  madoguchi {command if command != 'resolve' else 'status'} " in out
    assert f"madoguchi {command} " in out.partition("example:")[2]


@pytest.mark.parametrize("command", COMMANDS)
def test_an_example_is_one_that_the_command_takes(command: str, monkeypatch: pytest.MonkeyPatch) -> None:
    taken: list[str] = []

    def took(name: str) -> Callable[[argparse.Namespace], int]:
        def take(_: argparse.Namespace) -> int:
            taken.append(name)
            return 0

        return take

    for name in COMMANDS:
        monkeypatch.setattr(f"daemon.__main__._{name}", took(name))
    text = EXAMPLES[command] + "\n".join(MORE_EXAMPLES.get(command, {}).values())
    lines = text.replace("\\\n", " ").splitlines()
    for line in lines:
        program, *arguments = shlex.split(re.split(" {5,}(?![ -])", line)[0])
        assert (program, main(arguments)) == ("madoguchi", 0)
    assert command in taken


@pytest.mark.parametrize("act", profile_acts.EXAMPLES)
def test_the_help_of_an_act_on_profiles_ends_with_an_example_that_it_takes(act: str, said: Saying) -> None:
    example = profile_acts.EXAMPLES[act]
    status, out, _ = said.by("profile", act, "--help")
    assert status == 0
    assert out.endswith(f"example:\n  {example}\n")
    _parser().parse_args(shlex.split(example.partition(" >")[0])[1:])


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize(
    ("command", "examples", "promise"),
    [
        ("virtual", parts.VIRTUAL_EXAMPLES, "Lines on standard input work it by hand"),
        ("probe", parts.PROBE_EXAMPLES, "Read-only: it verifies no PIN, pays nothing out"),
    ],
)
def test_the_help_of_a_device_alone_says_what_it_does_and_ends_with_an_example(
    command: str, part: str, examples: dict[str, str], promise: str, said: Saying
) -> None:
    status, out, _ = said.by(command, part, "--help")
    assert (status, promise in out) == (0, True)
    assert out.endswith(f"example:\n  {examples[part]}\n")
    assert examples[part].startswith(f"madoguchi {command} {part}")


def test_what_the_page_of_the_devices_alone_shows_is_taken() -> None:
    page = (ROOT / "docs" / "parts.md").read_text("utf-8")
    commands = re.findall(r"^madoguchi (.+)$", page, re.MULTILINE)
    assert {tuple(command.split()[:2]) for command in commands} == {
        (command, part) for command in ("virtual", "probe") for part in PARTS
    }
    for command in commands:
        _parser().parse_args(shlex.split(command))


def test_the_case_of_the_example_is_a_certificate_number() -> None:
    (case,) = re.findall(r"\b\d{6}-\d{8}-\S+", EXAMPLES["resolve"])
    assert str(numbers.parse(case)) == case


def test_the_scripts_of_the_examples_are_there() -> None:
    scripts = re.findall(r"--script (\S+)", EXAMPLES["bench"])
    assert scripts
    assert all((ROOT / script).exists() for script in scripts)


# ---------------------------------------------------------------- wrong arguments: 2


@pytest.mark.parametrize(
    "arguments",
    [
        (),
        ("sell",),
        ("run",),
        ("check",),
        ("bench", "--script"),
        ("status", "--config"),
        ("resolve", "n1", "--config", "x"),
        ("virtual",),
        ("virtual", "toaster", "--at", "127.0.0.1:1"),
        ("virtual", "cash"),
        ("virtual", "card", "--at", "127.0.0.1:1", "--tries", "9"),
        ("registry",),
        ("registry", "migrate"),
        ("registry", "generate", "--people", "5", "out.db"),
        ("probe",),
        ("probe", "cash"),
        ("probe", "document", "--once"),
        ("resolve", "n1", "--config", "x", "--who", "1", "--why", "x", "--tray", "perhaps"),
    ],
    ids=" ".join,
)
def test_wrong_arguments_are_status_2_with_the_usage(arguments: tuple[str, ...], said: Saying) -> None:
    status, out, err = said.by(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("usage: madoguchi")
    assert "error: " in err


@pytest.mark.parametrize("command", ["run", "check", "status", "reprint"])
def test_a_configuration_that_is_not_there_is_status_2_with_file_and_next_step(
    command: str, said: Saying, tmp_path: Path
) -> None:
    more = ["5e"] if command == "reprint" else []
    status, out, err = said.by(command, "--config", str(tmp_path / "none.toml"), *more)
    assert (status, out) == (2, "")
    assert err == (
        f"madoguchi: {tmp_path}/none.toml: No such file or directory; "
        "systemd/kiosk.example.toml shows every table\n"
    )


def test_a_center_without_its_configuration_says_which_file(
    said: Saying, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    status, _, _ = said.by("center", "--config", str(tmp_path / "none.toml"))
    assert status != 0
    assert f"{tmp_path}/none.toml: No such file or directory" in caplog.text


@pytest.mark.parametrize(
    ("arguments", "option"),
    [
        (("registry", "migrate", "--config", "none"), "--config "),
        (("paper", "verify", "x.png", "--key", "none"), "--key "),
        (("paper", "verify", "x.png", "--key", "center.pem", "--center", "none"), "--center "),
        (("paper", "verify", "none", "--key", "center.pem"), ""),
    ],
)
def test_a_file_that_is_not_there_is_named_with_its_option(
    arguments: tuple[str, ...], option: str, said: Saying, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "center.pem").write_bytes(Sealer.from_pem(new_key()).public_pem())
    status, _, err = said.by(*arguments)
    assert (status, err) == (2, f"madoguchi: {option}none: No such file or directory\n")


def test_a_script_that_is_not_there_is_status_2_with_where_scripts_lie(said: Saying, tmp_path: Path) -> None:
    status, _, err = said.by("bench", "--script", str(tmp_path / "none.toml"))
    assert status == 2
    assert err == f"madoguchi: {tmp_path}/none.toml: No such file or directory; scripts lie in scenarios/\n"


def test_a_folder_without_scripts_is_status_2_with_where_scripts_lie(said: Saying, tmp_path: Path) -> None:
    for option in ("--script", "--list"):
        status, _, err = said.by("bench", option, str(tmp_path))
        assert status == 2
        assert err == f"madoguchi: {tmp_path}: there is no *.toml in it; scripts lie in scenarios/\n"


def test_the_scripts_of_a_folder_are_listed_with_their_titles(said: Saying, tmp_path: Path) -> None:
    for name in ("b", "a"):
        story = f'title = "窓口 {name}"\nexpect = {{ ended = "" }}\nstep = [{{ see = "start" }}]\n'
        (tmp_path / f"{name}.toml").write_text(story, "utf-8")
    assert said.by("bench", "--list", str(tmp_path)) == (
        0,
        f"{tmp_path}/a.toml  窓口 a\n{tmp_path}/b.toml  窓口 b\n",
        "",
    )


def test_a_kiosk_that_does_not_run_is_status_2_with_what_to_look_at(said: Saying, tmp_path: Path) -> None:
    status, out, err = said.by("status", "--config", str(write_settings(tmp_path)))
    assert (status, out) == (2, "")
    assert err.startswith(f"madoguchi: {tmp_path}/kiosk.sock: ")
    assert "does the kiosk run, and are you root?" in err


@pytest.mark.parametrize(
    ("arguments", "way_out"),
    [
        (("probe", "cash", "--at", "com1"), "write serial:/dev/…, pty:/path, file:/dev/… or tcp:host:port"),
        (("probe", "receipt", "--at", "usb:1"), "'usb' is none of serial, pty, file, tcp"),
        (("probe", "document", "--at", "http://x"), "write ipp://host:631/ipp/print or ipps://…"),
        (("probe", "document", "--at", "ipps://x", "--fingerprint", "ab"), "64 hexadecimal digits"),
        (("virtual", "cash", "--at", "serial:/dev/x"), "write pty:/path or tcp:HOST:PORT"),
        (("virtual", "receipt", "--at", "9100"), "write tcp:HOST:PORT"),
        (("virtual", "document", "--at", "localhost"), "write HOST:PORT or ipp://HOST:PORT/ipp/print"),
        (("virtual", "card", "--at", "vpcd"), "write HOST:PORT"),
        (("virtual", "card", "--at", "127.0.0.1:1", "--pem", "/none.pem"), "/none.pem"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_an_address_that_cannot_be_one_is_status_2_with_how_to_write_it(
    arguments: tuple[str, ...], way_out: str, said: Saying
) -> None:
    status, out, err = said.by(*arguments)
    assert (status, out) == (2, "")
    assert err.startswith("madoguchi: ")
    assert way_out in err
    assert "Traceback" not in err


def test_an_address_that_is_taken_is_status_2_and_named(said: Saying) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        at = "tcp:127.0.0.1:{}".format(other.getsockname()[1])
        status, _, err = said.by("virtual", "receipt", "--at", at)
    assert status == 2
    assert err.startswith(f"madoguchi: {at}: ")
    assert err.endswith("choose another address\n")


# ---------------------------------------------------------------- what the command says: 0 and 1


@pytest.mark.parametrize(
    ("device", "address", "code"),
    [
        ("receipt", "tcp:127.0.0.1:1", "receipt.unreachable"),
        ("cash", "pty:/none", "cash.link-lost"),
        ("document", "ipp://127.0.0.1:1/ipp/print", "document.unreachable"),
    ],
)
def test_a_device_that_is_not_there_is_status_1_with_its_address_and_what_to_check(
    device: str, address: str, code: str, said: Saying
) -> None:
    status, out, _ = said.by("probe", device, "--at", address, "--once")
    assert status == 1
    assert out.startswith(f"{device} at {address}\n")
    (fault,) = [line for line in out.splitlines() if "FAULT" in line]
    assert fault.startswith(f"  FAULT {code}: ")
    assert "check" in fault


def test_a_good_configuration_is_status_0(said: Saying, tmp_path: Path) -> None:
    status, out, _ = said.by("check", "--config", str(write_settings(tmp_path)))
    assert (status, out.splitlines()[-1]) == (0, "this configuration can run")


def test_a_configuration_with_problems_is_status_1(said: Saying) -> None:
    status, out, _ = said.by("check", "--config", str(EXAMPLE))
    assert (status, "PROBLEM: " in out) == (1, True)


def test_a_kiosk_that_cannot_sell_is_status_1(said: Saying, kiosk: Path) -> None:
    status, out, _ = said.by("status", "--config", str(kiosk))
    assert (status, out.splitlines()[0]) == (1, "T01: NOT selling")


def test_a_done_act_is_status_0(said: Saying, kiosk: Path) -> None:
    status, out, _ = said.by("reprint", "--config", str(kiosk), "5e")
    assert (status, out) == (0, "receipt 0000004 printed again, marked 再発行\n")


def test_a_money_act_asks_for_the_pin_and_never_takes_it_as_an_argument(
    said: Saying, kiosk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("getpass.getpass", lambda prompt: "1234")
    act = ("cash", "refill", "--config", str(kiosk), "--coins", "100x50", "--why", "round")
    status, out, _ = said.by(*act)
    assert (status, "hopper 100 yen: 50 coins" in out, "1234" in out) == (0, True, False)
    assert said.by(*act, "--pin", "1234")[0] == 2


@pytest.mark.parametrize("coins", ["100", "100x", "x5", "100x-5", "1.5x2"])
def test_coins_that_are_none_are_status_2_with_how_to_write_them(said: Saying, coins: str) -> None:
    status, _, error = said.by("cash", "count", "--config", "k", "--coins", coins, "--why", "round")
    assert status == 2
    assert "like 100x50" in error


def test_a_report_is_status_0(said: Saying, kiosk: Path) -> None:
    assert said.by("report", "--config", str(kiosk)) == (0, "日報\n", "")


def test_an_act_that_the_kiosk_refuses_is_status_1(said: Saying, kiosk: Path) -> None:
    status, out, err = said.by("resolve", "--config", str(kiosk), "n1", "--who", "17", "--why", "looked")
    assert (status, out, err) == (1, "", "madoguchi: no open case 'n1'; open: none\n")


# ---------------------------------------------------------------- the program itself


def test_it_is_a_module_and_a_program_of_that_name() -> None:
    module = subprocess.run(
        [sys.executable, "-m", "daemon", "--help"], capture_output=True, text=True, check=True
    )
    assert module.stdout.startswith("usage: madoguchi")


def test_help_costs_no_heavy_import() -> None:
    program = (
        "import sys; import daemon.__main__ as m; m._parser(); "
        "print([name for name in ('aiohttp', 'PIL', 'sqlalchemy', 'sqlite3') if name in sys.modules])"
    )
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    said = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True, env=environment
    )
    assert said.stdout == "[]\n"

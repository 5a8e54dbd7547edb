"""What the units start is a command line that there is (the rest of the units: test_packaging)."""

import argparse
import re
import shlex
from pathlib import Path

import pytest

from daemon import __main__
from daemon.__main__ import main
from tests.layout import ROOT

STARTED = {
    "madoguchi.service": ("_run", Path("/etc/madoguchi/kiosk.toml")),
    "madoguchi-center.service": ("_center", Path("/etc/madoguchi-center/center.toml")),
}


@pytest.mark.parametrize("unit", STARTED)
def test_a_unit_starts_its_command_with_its_configuration(unit: str, monkeypatch: pytest.MonkeyPatch) -> None:
    function, config = STARTED[unit]
    started: list[Path] = []

    def start(arguments: argparse.Namespace) -> int:
        started.append(arguments.config)
        return 0

    monkeypatch.setattr(__main__, function, start)
    text = (ROOT / "systemd" / unit).read_text("utf-8")
    (line,) = re.findall(r"^ExecStart=(.*)$", text, re.MULTILINE)
    program, *arguments = shlex.split(line)
    assert program.endswith("/bin/madoguchi")
    assert main(arguments) == 0
    assert started == [config]


def test_however_the_kiosk_ends_its_unit_gives_the_console_back(monkeypatch: pytest.MonkeyPatch) -> None:
    given_back: list[Path] = []

    def give_back(arguments: argparse.Namespace) -> int:
        given_back.append(arguments.config)
        return 0

    monkeypatch.setattr(__main__, "_console", give_back)
    text = (ROOT / "systemd" / "madoguchi.service").read_text("utf-8")
    (line,) = re.findall(r"^ExecStopPost=-(.*)$", text, re.MULTILINE)
    assert main(shlex.split(line)[1:]) == 0
    assert given_back == [Path("/etc/madoguchi/kiosk.toml")]


def test_every_unit_is_looked_at() -> None:
    assert {path.name for path in (ROOT / "systemd").glob("*.service")} == set(STARTED)

"""What is installed is what is locked, it installs beside everything else, and the field files are valid."""

import re
import shutil
import subprocess
import sys
import tomllib
from importlib.metadata import packages_distributions, version
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from daemon.bench.rig import UNIT
from daemon.config import DEVICES, load_config
from tests.layout import OURS, ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
LOCK = (ROOT / "requirements.lock").read_text("utf-8")
PIN = re.compile(
    r"^(?P<name>[A-Za-z0-9._-]+)==(?P<version>[^ ;\\]+)(?: ; (?P<marker>.+?))? \\$", re.MULTILINE
)
MACHINES = [
    {"python_version": python, "python_full_version": f"{python}.0", "platform_machine": machine}
    for python in ("3.11", "3.12", "3.13")
    for machine in ("x86_64", "aarch64")
]
UNITS = sorted((ROOT / "systemd").glob("*.service"))
PROGRAM = "/opt/madoguchi/.venv/bin/madoguchi"


def pins(machine: dict[str, str]) -> dict[str, str]:
    """Canonical name → version, of what the lock installs on such a machine."""
    return {
        canonicalize_name(pin["name"]): pin["version"]
        for pin in PIN.finditer(LOCK)
        if not pin["marker"] or Marker(pin["marker"]).evaluate(machine)
    }


def requirements() -> list[Requirement]:
    extras = PROJECT["project"]["optional-dependencies"].values()
    every = [*PROJECT["project"]["dependencies"], *(text for extra in extras for text in extra)]
    return [Requirement(text) for text in every]


# ---------------------------------------------------------------- the lock file


@pytest.mark.parametrize("machine", MACHINES, ids=lambda m: f"{m['python_version']}-{m['platform_machine']}")
def test_every_dependency_is_locked_at_a_version_that_fits(machine: dict[str, str]) -> None:
    locked = pins(machine)
    for wanted in requirements():
        if wanted.marker and not wanted.marker.evaluate(machine):
            continue
        name = canonicalize_name(wanted.name)
        assert name in locked, f"{name} is not in requirements.lock: make lock"
        assert wanted.specifier.contains(locked[name]), f"{name} {locked[name]}: make lock"


def test_every_locked_version_has_hashes() -> None:
    blocks = re.split(r"\n(?=[A-Za-z0-9])", LOCK.split("\n", 1)[1])
    assert all(block.count("--hash=sha256:") for block in blocks)


def test_the_lock_names_no_registry() -> None:
    assert not re.search(r"https?:|file:|--(extra-)?index-url|--find-links| @ ", LOCK)


def test_this_environment_is_the_locked_one() -> None:
    machine = {"python_version": f"{sys.version_info.major}.{sys.version_info.minor}"}
    for name, locked in pins(machine).items():
        assert version(name) == locked, f"{name}: make distclean test"


def test_no_dependency_brings_a_package_of_our_names() -> None:
    installed = packages_distributions()
    for package in (*OURS, "assets"):
        others = set(installed.get(package, [])) - {"madoguchi"}
        assert not others, f"{others} would hide our package {package}"


# ---------------------------------------------------------------- Debian packages


@pytest.mark.parametrize("path", sorted((ROOT / "packages").glob("*.txt")), ids=lambda path: path.name)
def test_each_debian_package_says_why_it_is_needed(path: Path) -> None:
    lines = [line for line in path.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert lines
    assert all(re.fullmatch(r"[a-z0-9.+-]+ +# .+", line) for line in lines)


# ---------------------------------------------------------------- systemd and the field


@pytest.mark.parametrize("unit", UNITS, ids=lambda path: path.name)
def test_systemd_finds_nothing_wrong_with_a_unit(unit: Path, tmp_path: Path) -> None:
    text = unit.read_text("utf-8")
    assert PROGRAM in text
    (tmp_path / unit.name).write_text(text.replace(PROGRAM, sys.executable), "utf-8")
    command = ["systemd-analyze", "verify", str(tmp_path / unit.name)]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert said.returncode == 0, said.stderr
    assert unit.name not in said.stderr


def test_the_kiosk_unit_is_watched_and_keeps_personal_data_in_memory() -> None:
    lines = (ROOT / "systemd" / "madoguchi.service").read_text("utf-8").splitlines()
    promised = {"Type=notify", "NotifyAccess=main", "WatchdogSec=30", "Restart=always", "LimitCORE=0"}
    assert promised <= set(lines)
    assert {"Conflicts=getty@tty1.service", "TTYPath=/dev/tty1", "PrivateTmp=yes"} <= set(lines)


def test_the_kiosk_unit_has_freed_memory_overwritten_and_the_bench_does_as_it_does() -> None:
    lines = (ROOT / "systemd" / "madoguchi.service").read_text("utf-8").splitlines()
    assert {f"Environment={name}={value}" for name, value in UNIT.items()} <= set(lines)


def test_the_kiosk_unit_lets_the_daemon_ask_whether_the_clock_is_synchronised() -> None:
    lines = (ROOT / "systemd" / "madoguchi.service").read_text("utf-8").splitlines()
    assert "ProtectClock=yes" not in lines
    assert any(line.startswith("SystemCallFilter=") and "clock_adjtime" in line for line in lines)


def test_journalctl_takes_the_message_catalogue(tmp_path: Path) -> None:
    (tmp_path / "usr/lib/systemd/catalog").mkdir(parents=True)
    (tmp_path / "var/lib/systemd/catalog").mkdir(parents=True)
    shutil.copy(ROOT / "systemd" / "madoguchi.catalog", tmp_path / "usr/lib/systemd/catalog")
    command = ["journalctl", f"--root={tmp_path}", "--update-catalog"]
    said = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (said.returncode, said.stderr) == (0, "")


@pytest.mark.parametrize("device", DEVICES)
def test_the_field_example_configures_every_device(device: str) -> None:
    config = load_config(ROOT / "systemd" / "kiosk.example.toml")
    driver, settings = config.settings(device)
    assert isinstance(settings, driver.Settings)


# ---------------------------------------------------------------- the licence


def test_the_licence_is_apache_2() -> None:
    text = (ROOT / "LICENSE").read_text("utf-8")
    assert "Apache License\n                           Version 2.0, January 2004" in text
    assert "END OF TERMS AND CONDITIONS" in text

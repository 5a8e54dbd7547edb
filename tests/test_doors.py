"""What `madoguchi check` points out of the machine: whatever lets somebody in past the screen."""

from io import StringIO
from pathlib import Path

import pytest

from daemon.check import check
from daemon.config import Config, load_config
from daemon.doors import notes, open_doors
from tests.layout import ROOT
from tests.settings import write_settings

PORT = "/dev/input/by-path/platform-usb-0:1.1:1.0-event"
GLASS = 'path = "name:vc4drmfb"\ntty = "/dev/tty1"\nwidth_mm = 217\nheight_mm = 136'


def kiosk(folder: Path, glass: str = GLASS, touch: str = PORT, keypad: str = "") -> Config:
    """A configuration with a real screen."""
    table = f'[keypad]\ndriver = "evdev"\npath = "{keypad}"\n\n[voice]' if keypad else "[voice]"
    changes = ((f'path = "{folder}/fb"', glass), (f'path = "{folder}/touch"', f'path = "{touch}"'))
    return load_config(write_settings(folder, *changes, ("[voice]", table)))


def machine(folder: Path, sysrq: str = "0", *programs: str) -> Path:
    """A /proc with these settings and command lines."""
    kernel = folder / "proc/sys/kernel"
    kernel.mkdir(parents=True)
    (kernel / "sysrq").write_text(f"{sysrq}\n", "utf-8")
    for number, words in enumerate(programs, start=100):
        (folder / f"proc/{number}").mkdir()
        (folder / f"proc/{number}/cmdline").write_text(words.replace(" ", "\0") + "\0", "utf-8")
    return folder


def only(config: Config, root: Path) -> str:
    (found,) = open_doors(config, root)
    return found


def test_a_machine_set_up_as_the_guide_says_has_no_open_door(tmp_path: Path) -> None:
    root = machine(tmp_path, "0", "/sbin/agetty --noclear tty2 linux", "/usr/bin/python run tty1")
    assert list(open_doors(kiosk(tmp_path, keypad=f"{PORT}-kbd"), root)) == []
    assert list(notes(kiosk(tmp_path))) == []


@pytest.mark.parametrize("sysrq", ["1", "438", "176"])
def test_sysrq_that_is_on_is_told(tmp_path: Path, sysrq: str) -> None:
    said = only(kiosk(tmp_path), machine(tmp_path, sysrq))
    assert said.startswith(f"SysRq is on (kernel.sysrq = {sysrq})")
    assert "systemd/sysctl.conf" in said


@pytest.mark.parametrize("path", ["/dev/input/event3", "/dev/input/by-id/usb-X-event", "/dev/input/touch"])
def test_a_panel_that_is_not_named_by_its_port_is_told(tmp_path: Path, path: str) -> None:
    assert f"[touch] path = {path!r} is not named" in only(kiosk(tmp_path, touch=path), machine(tmp_path))


def test_a_keypad_that_is_not_named_by_its_port_is_told(tmp_path: Path) -> None:
    said = only(kiosk(tmp_path, keypad="/dev/input/event4"), machine(tmp_path))
    assert said.startswith("[keypad] path = '/dev/input/event4'")


@pytest.mark.parametrize("words", ["/sbin/agetty --noclear tty1 linux", "agetty -o -- /dev/tty1"])
def test_a_login_on_our_console_is_told(tmp_path: Path, words: str) -> None:
    said = only(kiosk(tmp_path), machine(tmp_path, "0", words))
    assert said == "a getty runs on /dev/tty1, the kiosk's console: systemctl disable --now getty@tty1"


def test_a_screen_without_its_console_is_told(tmp_path: Path) -> None:
    said = only(kiosk(tmp_path, GLASS.replace('tty = "/dev/tty1"\n', "")), machine(tmp_path))
    assert said.startswith("[display] tty is not set")


@pytest.mark.parametrize(
    ("sides", "told"), [((154, 86), "the screen has 6.9 inch"), ((217, 130), "the screen has 10.0 inch")]
)
def test_a_small_screen_is_told_with_what_it_means(tmp_path: Path, sides: tuple[int, int], told: str) -> None:
    glass = GLASS.replace("217", str(sides[0])).replace("136", str(sides[1]))
    (note,) = notes(kiosk(tmp_path, glass))
    assert note.startswith(told)
    assert note.endswith("buttons are at least 15 mm there instead of 20")


def test_a_screen_that_nobody_measured_is_told(tmp_path: Path) -> None:
    (note,) = notes(kiosk(tmp_path, 'path = "/dev/fb0"\ntty = "/dev/tty1"'))
    assert "measure the glass" in note


def test_check_says_all_of_it_and_a_note_is_no_problem(tmp_path: Path) -> None:
    out = StringIO()
    kiosk(tmp_path, GLASS.replace("217", "154").replace("136", "86"), "/dev/input/event3")
    assert check(tmp_path / "kiosk.toml", out) == 1
    lines = out.getvalue().splitlines()
    assert any(line.startswith("note: the screen has 6.9 inch") for line in lines)
    assert any(line.startswith("PROBLEM: [touch] path = '/dev/input/event3'") for line in lines)


def test_the_bench_is_nobodys_door(tmp_path: Path) -> None:
    config = load_config(write_settings(tmp_path))
    assert list(open_doors(config, machine(tmp_path, "1", "agetty tty1"))) == []
    assert list(notes(config)) == []


def test_the_fields_example_and_files_close_every_door(tmp_path: Path) -> None:
    config = load_config(ROOT / "systemd" / "kiosk.example.toml")
    assert list(open_doors(config, machine(tmp_path))) == []
    assert list(notes(config)) == []
    assert "kernel.sysrq = 0" in (ROOT / "systemd" / "sysctl.conf").read_text("utf-8").splitlines()
    unit = (ROOT / "systemd" / "madoguchi.service").read_text("utf-8").splitlines()
    assert f"TTYPath={config.devices['display'].keys['tty']}" in unit
    assert {"CapabilityBoundingSet=CAP_SYS_TTY_CONFIG", "AmbientCapabilities=CAP_SYS_TTY_CONFIG"} <= set(unit)

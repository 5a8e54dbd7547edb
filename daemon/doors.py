"""What on this machine lets somebody in past the screen, or makes the screen hard to use; for ``check``.

Only a kiosk with a real screen is looked at: the bench's files and FIFOs are nobody's door. Nothing is
changed. The folders of the kernel come from outside, so that any machine can be described.
"""

import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from daemon.config import Config

BY_PATH = "/dev/input/by-path/"
SMALL_INCH = 10.1
MM_PER_INCH = 25.4


def open_doors(config: Config, root: Path = Path("/")) -> Iterator[str]:
    """Each with what to do. root: where /proc is found."""
    display = config.devices["display"].keys
    if not _is_real(display):
        return
    yield from _strangers(config)
    tty = str(display.get("tty", ""))
    if not tty:
        yield '[display] tty is not set: the console draws into the picture and hears keyboards; "/dev/tty1"'
    elif any(_logs_in_at(tty, cmdline) for cmdline in _programs(root)):
        name = tty.removeprefix("/dev/")
        yield f"a getty runs on {tty}, the kiosk's console: systemctl disable --now getty@{name}"
    if (sysrq := _read(root / "proc/sys/kernel/sysrq")) not in ("0", ""):
        advice = "install systemd/sysctl.conf, then sysctl --system"
        yield f"SysRq is on (kernel.sysrq = {sysrq}): any keyboard can reboot the machine; {advice}"


def notes(config: Config) -> Iterator[str]:
    """What is no problem, but good to know."""
    display = config.devices["display"].keys
    if not _is_real(display):
        return
    sides = (display.get("width_mm", 0), display.get("height_mm", 0))
    if not all(sides):
        yield "[display] width_mm and height_mm are not set: measure the glass, or buttons may be too small"
    elif (inch := round(math.hypot(*sides) / MM_PER_INCH, 1)) < SMALL_INCH:
        yield (
            f"the screen has {inch} inch, less than {SMALL_INCH}: "
            "buttons are at least 15 mm there instead of 20"
        )


def _is_real(display: Mapping[str, Any]) -> bool:
    return str(display.get("path", "")).startswith(("/dev/", "name:"))


def _strangers(config: Config) -> Iterator[str]:
    """Input that is not named by its port: whatever is plugged in may become it."""
    for device in ("touch", "keypad"):
        table = config.devices.get(device)
        path = str(table.keys.get("path", "")) if table else BY_PATH
        if not path.startswith(BY_PATH):
            yield f"[{device}] path = {path!r} is not named by its port: take the one in {BY_PATH}"


def _programs(root: Path) -> Iterator[list[str]]:
    """The command line of every process."""
    for file in root.glob("proc/[0-9]*/cmdline"):
        if words := _read(file).split("\0"):
            yield words


def _logs_in_at(tty: str, cmdline: list[str]) -> bool:
    name = tty.removeprefix("/dev/")
    return cmdline[0].endswith("getty") and bool({tty, name} & set(cmdline[1:]))


def _read(path: Path) -> str:
    """ "" of what is not there, or not any more."""
    try:
        return path.read_text(errors="replace").strip()
    except OSError:
        return ""

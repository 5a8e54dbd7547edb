"""What processes need, as /proc tells it: memory by its proportional share (PSS), CPU time, children."""

import os
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path

PROC = Path("/proc")
TICKS = os.sysconf("SC_CLK_TCK")


def pss(processes: Iterable[int]) -> float:
    """MB of these together. One that has ended meanwhile counts nothing."""
    total = 0
    for process in processes:
        with suppress(OSError):
            total += parse_pss((PROC / str(process) / "smaps_rollup").read_text())
    return total / 1024


def parse_pss(rollup: str) -> int:
    """kB, out of smaps_rollup. Raises ValueError: it says nothing of it."""
    for line in rollup.splitlines():
        if line.startswith("Pss:"):
            return int(line.split()[1])
    raise ValueError("no Pss in it")


def cpu_seconds(process: int) -> float:
    """User and system time that it has used."""
    return parse_ticks((PROC / str(process) / "stat").read_text()) / TICKS


def parse_ticks(stat: str) -> int:
    """utime and stime out of /proc/PID/stat, whatever the program's name holds."""
    fields = stat.rpartition(")")[2].split()
    return int(fields[11]) + int(fields[12])


def tree(root: int) -> list[int]:
    """A process and all that come from it, as they are now."""
    parents: dict[int, list[int]] = {}
    for folder in PROC.glob("[0-9]*"):
        with suppress(OSError):
            stat = (folder / "stat").read_text()
            parents.setdefault(int(stat.rpartition(")")[2].split()[1]), []).append(int(folder.name))
    found = [root]
    for process in found:  # grows while it is walked
        found += parents.get(process, [])
    return found

"""What each of the programs is asked and how it answers. Standard library only: the others' venv has no more.

The clock is the machine's monotonic one, so that who started the program can take the time from there.
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

WARM = 20

Fields = Sequence[tuple[str, str]]


class Task:
    """One line of JSON on stdin. pdf: where the last of the pages goes."""

    def __init__(self) -> None:
        asked = json.loads(sys.stdin.readline())
        self.font = str(asked["font"])
        self.pdf = Path(asked["pdf"])
        self.fields: Fields = [(str(label), str(value)) for label, value in asked["fields"]]

    def run(self, draw: Callable[[str], bytes], fields: Fields = ()) -> None:
        """draw: sets a page under a number. fields: told besides. Answers with one line of JSON."""
        pdf = draw(_number(0))
        first_at = time.monotonic()
        warm = []
        for turn in range(1, WARM + 1):
            began = time.monotonic()
            pdf = draw(_number(turn))
            warm.append(time.monotonic() - began)
        self.pdf.write_bytes(pdf)
        rollup = Path("/proc/self/smaps_rollup").read_text()
        told = {"first_at": first_at, "warm": warm, "size": len(pdf), "rollup": rollup, "fields": fields}
        sys.stdout.write(json.dumps(told) + "\n")


def _number(turn: int) -> str:
    return f"162027-20260401-0001-{turn:06}-5"

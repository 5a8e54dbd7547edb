"""The command behind ``make benchmark``: which parts are measured, and how they are told."""

import argparse
import asyncio
import os
import platform
import sys
from collections.abc import Awaitable, Callable, Mapping, Sequence
from datetime import datetime

from daemon.bench.benchmark.center import center
from daemon.bench.benchmark.face import face
from daemon.bench.benchmark.figures import Line, in_markdown, in_terminal
from daemon.bench.benchmark.paper import paper
from daemon.bench.benchmark.session import session
from daemon.bench.processes import ChildFailed

Section = Callable[[Callable[[Line], None]], Awaitable[None]]
SECTIONS: Mapping[str, tuple[Section, str]] = {
    "face": (face, "start, memory, touch, idle CPU, full screens, beside Chromium with the same screen"),
    "session": (session, "where a citizen waits, sessions a minute, card driver, the coin vendor's line"),
    "paper": (paper, "one page beside WeasyPrint and reportlab; seal, submission, first sheet"),
    "center": (center, "offers and orders at towns of 100 and of 100,000 people"),
}
ALL = "all"
EPILOG = """\
Each figure is the median of its runs (with the smallest and largest of them) or the percentile it names.
Where there is a budget it stands beside the figure, with "ok" or "over"; the exit status is 0 all the same.
Measure on a machine that does nothing else: its load is told first. docs/benchmark.md says how it is done.
"""


def main(arguments: Sequence[str]) -> int:
    """Exit status: 0 measured, 1 something that is measured did not work."""
    parser = _parser()
    parsed = parser.parse_args(arguments)
    wanted = chosen(parsed.section)
    form = in_markdown if parsed.markdown else in_terminal

    def tell(line: Line) -> None:
        sys.stdout.write(f"{form(line)}\n")
        sys.stdout.flush()

    sys.stdout.write(f"{_machine()}\n")
    try:
        for name in wanted:
            asyncio.run(_measured(SECTIONS[name][0], tell))
    except (ChildFailed, OSError, RuntimeError) as error:
        sys.stderr.write(f"benchmark: {error}\n")
        return 1
    return 0


def chosen(names: Sequence[str]) -> list[str]:
    """The sections that these names mean, in our order; no name means all."""
    return [name for name in SECTIONS if not names or name in names or ALL in names]


async def _measured(section: Section, tell: Callable[[Line], None]) -> None:
    await section(tell)


def _parser() -> argparse.ArgumentParser:
    told = "\n".join(f"  {name:<9} {text}" for name, (_, text) in SECTIONS.items())
    parser = argparse.ArgumentParser(
        prog='make benchmark ARGS="…"',
        description=f"Measures the kiosk, part by part:\n{told}\n  {ALL:<9} all of these (default)",
        epilog=EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("section", nargs="*", type=_section, metavar="SECTION", help="any of these")
    parser.add_argument("--markdown", action="store_true", help="as tables, for docs/benchmark.md")
    return parser


def _section(text: str) -> str:
    if text not in (*SECTIONS, ALL):
        raise argparse.ArgumentTypeError(f"{text!r}: one of {', '.join(SECTIONS)}, {ALL} is meant")
    return text


def _machine() -> str:
    load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
    return (
        f"{datetime.now():%Y-%m-%d %H:%M}, {platform.machine()} with {os.cpu_count()} cores, "
        f"Python {platform.python_version()}; load {load}"
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

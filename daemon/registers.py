"""The command line of ``madoguchi registry``: only words and options.

What they do is in ``daemon.center.tool``, and is imported when it is called.
"""

import argparse
from pathlib import Path

EXAMPLES = """\
madoguchi registry migrate --config /etc/madoguchi-center/center.toml
  madoguchi registry generate /tmp/registry.db --people 100000 --seed 1 \\
      --municipality assets/municipalities/162027.toml --municipality assets/municipalities/012351.toml
"""
ACTS = {
    "migrate": (
        "bring the center's registry to the schema of this program",
        "madoguchi registry migrate --config /etc/madoguchi-center/center.toml",
    ),
    "generate": (
        "make a registry of invented people, the same from the same seed",
        "madoguchi registry generate r.db --people 100 --municipality assets/municipalities/162027.toml",
    ),
}
MIGRATE = """\
Stop the center and copy the file first; docs/registry.md says how. All of it happens, or nothing. An empty or
missing file gets the tables."""
GENERATE = """\
Nobody in it exists. The registry knows that: a center with it is a sample, which no real kiosk accepts."""


def registry_options(parser: argparse.ArgumentParser) -> None:
    """The act, and what it needs."""
    acts = parser.add_subparsers(required=True, metavar="ACT", dest="act")
    migrate = _act(acts, "migrate", MIGRATE)
    migrate.add_argument("--config", type=Path, required=True, metavar="FILE", help="the center's TOML file")
    generate = _act(acts, "generate", GENERATE)
    generate.add_argument("out", type=Path, metavar="OUT.db", help="a file that is not there yet")
    generate.add_argument("--people", type=int, required=True, help="how many residents")
    generate.add_argument("--seed", type=int, default=1, help="of the chances (default: %(default)s)")
    generate.add_argument(
        "--municipality",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help="a profile; as often as there are municipalities in this registry",
    )
    generate.add_argument("--day", default="", metavar="YYYY-MM-DD", help="its today (default: today)")


def _act(
    acts: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str
) -> argparse.ArgumentParser:
    summary, example = ACTS[name]
    return acts.add_parser(
        name,
        help=summary,
        description=f"{summary}\n\n{text}",
        epilog=f"example:\n  {example}\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

"""The command line of ``madoguchi profile``. Only words and options; ``daemon.profile.command`` does it."""

import argparse
from pathlib import Path

PROFILE = """\
madoguchi profile check assets/municipalities/162027.toml
  madoguchi profile show assets/municipalities/162027.toml --on 2026-12-29
  madoguchi profile publish new.toml /etc/madoguchi/municipality.toml
"""
EXAMPLES = {
    "check": "madoguchi profile check assets/municipalities/162027.toml assets/municipalities/012351.toml",
    "show": "madoguchi profile show assets/municipalities/012351.toml --on 2026-12-29 --at 09:00",
    "schema": "madoguchi profile schema > assets/municipalities/schema.json",
    "publish": "madoguchi profile publish new.toml /etc/madoguchi/municipality.toml",
}
TEXTS = {
    "check": "tell everything that is wrong with these files, with line, key and reason",
    "show": "tell what a citizen can get, when and for how much",
    "schema": "print the JSON schema of a profile, for editors",
    "publish": "check a file and put it, whole, in the place of the one that kiosk or center reads",
}


def profile_options(parser: argparse.ArgumentParser) -> None:
    acts = parser.add_subparsers(required=True, metavar="ACT", dest="act")
    check, show, _, publish = (_act(acts, name) for name in EXAMPLES)
    check.add_argument("files", type=Path, nargs="+", metavar="FILE")
    show.add_argument("file", type=Path, metavar="FILE")
    show.add_argument("--on", default="", metavar="YYYY-MM-DD", help="default: today")
    show.add_argument("--at", default="", metavar="HH:MM", help="default: now, or noon of another day")
    publish.add_argument("new", type=Path, metavar="NEW")
    publish.add_argument("target", type=Path, metavar="TARGET")
    publish.add_argument("--kiosk", action="store_true", help="TARGET is a kiosk's, which needs no 公印")


def _act(acts: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str) -> argparse.ArgumentParser:
    return acts.add_parser(
        name,
        help=TEXTS[name],
        description=TEXTS[name],
        epilog=f"example:\n  {EXAMPLES[name]}\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

"""The command line of ``madoguchi paper``: what a person does with paper in hand, printed or not yet.

Only words and options; what they do is in ``daemon.center.paper.command`` and ``daemon.staff``.
"""

import argparse
from pathlib import Path

EXAMPLES = """\
madoguchi paper verify back.png --key center.pem
  madoguchi paper verify both-sides.pdf --key center.pem --center /etc/madoguchi-center/center.toml
  madoguchi paper loaded 500 --config /etc/madoguchi/kiosk.toml --who 17 --why "tray filled"
  madoguchi paper calibrate chart.pdf      for a printer: docs/paper.md says what to do with it
"""
ACT_EXAMPLES = {
    "verify": "madoguchi paper verify front.jpg back.jpg --key /etc/madoguchi/center.pem",
    "loaded": 'madoguchi paper loaded 500 --config /etc/madoguchi/kiosk.toml --who 17 --why "tray filled"',
    "calibrate": "madoguchi paper calibrate /tmp/chart.pdf",
}
VERIFY = """\
Reads the code on the back of a certificate, checks its signature and says what the sheet has to say.
A copy carries the code too: this proves the contents, not that the sheet is the original.
Exit status 0: all of it is genuine and no sheet is missing; 1: something is not so, or it is a sample."""


def options(parser: argparse.ArgumentParser) -> None:
    """The act and what it needs."""
    acts = parser.add_subparsers(required=True, metavar="ACT", dest="act")
    _verify(acts)
    text = "say how many sheets lie in a printer that does not count them itself (staff)"
    loaded = _act(acts, "loaded", text, text)
    loaded.add_argument("--config", type=Path, required=True, metavar="FILE", help="the TOML file")
    loaded.add_argument("sheets", type=int, help="in all its trays now, not only those you put in")
    loaded.add_argument("--who", required=True, help="your staff number; it stands in the journal")
    loaded.add_argument("--why", required=True, help="what for; it stands in the journal")
    text = "draw a chart to find the dots of the anti-copy pattern for a printer"
    chart = _act(acts, "calibrate", text, text)
    chart.add_argument("out", type=Path, metavar="OUT.pdf", help="where the chart goes")


def _verify(acts: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    verify = _act(acts, "verify", "check what a certificate says by the code on its back", VERIFY)
    verify.add_argument(
        "scan", type=Path, nargs="+", help="scan or photo of the back: PNG, JPEG or PDF; - is standard input"
    )
    verify.add_argument(
        "--key",
        type=Path,
        action="append",
        required=True,
        metavar="FILE",
        help="public key of a center that you believe, PEM; more than once for several",
    )
    verify.add_argument(
        "--center",
        type=Path,
        metavar="FILE",
        help="the center's configuration: its registry knows whether the number is void or refunded",
    )
    verify.add_argument("--samples", action="store_true", help="a sample (見本) counts too, as on the bench")
    verify.add_argument("--json", action="store_true", help="one line of JSON, for machines")


def _act(
    acts: "argparse._SubParsersAction[argparse.ArgumentParser]", name: str, text: str, more: str
) -> argparse.ArgumentParser:
    return acts.add_parser(
        name,
        help=text,
        description=more,
        epilog=f"example:\n  {ACT_EXAMPLES[name]}\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

"""The command lines of ``madoguchi virtual`` and ``madoguchi probe``: each device alone.

Only words and options; what they do is in ``daemon.bench.alone`` and ``daemon.probe``, and is imported when
it is called.
"""

import argparse
from collections.abc import Callable

VIRTUAL = """\
madoguchi virtual receipt --at tcp:127.0.0.1:9100
  madoguchi virtual cash --at pty:/tmp/vendor --bills
  madoguchi virtual document --at 127.0.0.1:8631
  madoguchi virtual card --at 127.0.0.1:35963 --tries 2
"""
PROBE = """\
madoguchi probe receipt --at tcp:127.0.0.1:9100
  madoguchi probe cash --at serial:/dev/serial/by-id/usb-FTDI-if00-port0 --json
  madoguchi probe document --at ipp://127.0.0.1:8631/ipp/print --once
  madoguchi probe card
"""

VIRTUAL_EXAMPLES = {
    "card": "madoguchi virtual card --at 127.0.0.1:35963 --kind android --pin 2468",
    "cash": "madoguchi virtual cash --at pty:/tmp/vendor --bills",
    "document": "madoguchi virtual document --at ipp://127.0.0.1:8631/ipp/print --paper 5",
    "receipt": "madoguchi virtual receipt --at tcp:127.0.0.1:9100",
}
PROBE_EXAMPLES = {
    "card": 'madoguchi probe card --at "ACS ACR1252" --once',
    "cash": "madoguchi probe cash --at pty:/tmp/vendor",
    "document": "madoguchi probe document --at ipp://127.0.0.1:8631/ipp/print",
    "receipt": "madoguchi probe receipt --at tcp:127.0.0.1:9100 --json",
}
TEXTS = {
    "card": "a My Number card, and the reader it lies on",
    "cash": "a coin vendor on ccTalk: acceptor, hoppers, bill validator",
    "document": "an A4 printer on IPP",
    "receipt": "a receipt printer on ESC/POS",
}
BY_HAND = "Lines on standard input work it by hand; `help` lists them. `quit`, Ctrl-C or the end ends it."
READ_ONLY = """\
Read-only: it verifies no PIN, pays nothing out, takes no money and prints nothing; a device that a running
kiosk has is not shared, so stop that first. Ctrl-C ends."""
PORT = "serial:/dev/…, pty:/path or tcp:host:port"

CARDS = (
    "my-number-card",
    "face-card",
    "juki-card",
    "android",
    "iphone",
    "transit-card",
    "driving-licence",
    "bank-card",
    "mute-card",
    "garbage-card",
)
"""Every kind of card that can be simulated."""

Keys = dict[str, object]


# ---------------------------------------------------------------- virtual


def virtual_options(parser: argparse.ArgumentParser) -> None:
    """The device, where it shall be, and what kind of it."""
    devices = parser.add_subparsers(required=True, metavar="DEVICE", dest="device")
    _virtual_card(_device(devices, "card", VIRTUAL_EXAMPLES, BY_HAND))
    _virtual_cash(_device(devices, "cash", VIRTUAL_EXAMPLES, BY_HAND))
    document = _device(devices, "document", VIRTUAL_EXAMPLES, BY_HAND)
    document.add_argument(
        "--at", required=True, metavar="HOST:PORT", help="where it listens; ipp://… will do"
    )
    document.add_argument("--paper", type=int, default=250, help="sheets in its tray (default: %(default)s)")
    document.add_argument("--seconds", type=float, default=0.6, help="a sheet takes (default: %(default)s)")
    receipt = _device(devices, "receipt", VIRTUAL_EXAMPLES, BY_HAND)
    receipt.add_argument("--at", required=True, metavar="tcp:HOST:PORT", help="where it listens")
    receipt.add_argument("--old", action="store_true", help="one that knows neither DLE DC4 8 nor GS I")


def _virtual_card(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--at", required=True, metavar="HOST:PORT", help="where vpcd listens (usually 35963)")
    parser.add_argument("--pem", metavar="FILE", help="its key, certificate and CA (default: made up)")
    parser.add_argument("--pin", default="1234", help="the 4-digit PIN (default: %(default)s)")
    parser.add_argument("--kind", choices=CARDS, default=CARDS[0], help="(default: %(default)s)")
    parser.add_argument("--key", choices=("rsa", "p384"), default="rsa", help="of a made-up card")
    parser.add_argument("--tries", type=int, choices=range(4), default=3, help="tries left of the PIN")
    parser.add_argument("--no-certificate", action="store_true", help="no authentication certificate")
    parser.add_argument("--6f00-first", dest="busy", action="store_true", help="its first answer is 6F00")


def _virtual_cash(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--at", required=True, metavar="ADDRESS", help="pty:/path (a link is made there) or tcp:host:port"
    )
    parser.add_argument("--bills", action="store_true", help="with a bill validator (at 40)")
    parser.add_argument("--echo", action="store_true", help="one wire: the host hears itself")
    parser.add_argument("--crc", action="store_true", help="16-bit checksums")
    parser.add_argument("--fast", action="store_true", help="coins fall at once")


# ---------------------------------------------------------------- probe


def probe_options(parser: argparse.ArgumentParser) -> None:
    """The device, where it is, and how to tell of it. ``keys`` makes the survey's settings of them."""
    devices = parser.add_subparsers(required=True, metavar="DEVICE", dest="device")
    card = _probed(devices, "card", _card_keys)
    card.add_argument("--at", default="", metavar="READER", help="the beginning of its name (default: any)")
    card.add_argument("--socket", default="", metavar="PATH", help="pcscd's (default: the system's)")
    cash = _probed(devices, "cash", _cash_keys)
    cash.add_argument("--at", required=True, metavar="ADDRESS", help=PORT)
    cash.add_argument("--crc", action="store_true", help="the devices use 16-bit checksums")
    document = _probed(devices, "document", lambda found: {"uri": found.at, "fingerprint": found.fingerprint})
    document.add_argument("--at", required=True, metavar="URI", help="ipp://host:631/ipp/print or ipps://…")
    document.add_argument("--fingerprint", default="", help="SHA-256 of its certificate, for ipps")
    receipt = _probed(devices, "receipt", lambda found: {"port": found.at})
    receipt.add_argument("--at", required=True, metavar="ADDRESS", help=f"file:/dev/usb/lp0, {PORT}")


def _card_keys(found: argparse.Namespace) -> Keys:
    return {"reader": found.at, "socket": found.socket}


def _cash_keys(found: argparse.Namespace) -> Keys:
    return {"port": found.at, "checksum": "crc" if found.crc else "simple"}


def _probed(
    devices: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    keys: Callable[[argparse.Namespace], Keys],
) -> argparse.ArgumentParser:
    parser = _device(devices, name, PROBE_EXAMPLES, READ_ONLY)
    parser.add_argument("--once", action="store_true", help="stop after the first answer; status 1: a fault")
    parser.add_argument("--json", action="store_true", help="one JSON object a line, for machines")
    parser.set_defaults(keys=keys)
    return parser


def _device(
    devices: "argparse._SubParsersAction[argparse.ArgumentParser]",
    name: str,
    examples: dict[str, str],
    text: str,
) -> argparse.ArgumentParser:
    return devices.add_parser(
        name,
        help=TEXTS[name],
        description=f"{TEXTS[name]}\n\n{text}",
        epilog=f"example:\n  {examples[name]}\n",
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )

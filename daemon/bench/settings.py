"""The configuration files the bench writes: ordinary ones, for an ordinary daemon and an ordinary center."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from daemon.bench.setup import Setup
from daemon.bench.wallet import Wallet
from daemon.center.sample import TOWNS
from daemon.config import ASSETS
from drivers.card.virtual_reader import PrivatePcscd

Hoppers = Mapping[int, tuple[int, int]]
"""address → (value, coins)"""

TERMINAL = "BENCH01"
LOOKS = ("look_seconds", "poll_seconds")

KIOSK = """\
[kiosk]
terminal = "{terminal}"
municipality = "{municipality}"
profile = "{root}/municipality.toml"
journal = "{root}/journal.db"
socket = "{root}/kiosk.sock"
true_clock = false
clock_offset = {offset}

[center]
address = "unix:{root}/center.sock"
keys = ["{root}/seal.pub.pem"]
look_seconds = 0.5

[card]
driver = "pcsc"
reader = "{reader}"
socket = "{pcscd}"
deadline = 3.0

[cash]
driver = "cctalk"
port = "pty:{cash}"
validator = 40
hoppers = [
{hoppers}]

[document]
driver = "ipp"
uri = "ipp://127.0.0.1:{document}/ipp/print"
poll_seconds = 0.1
look_seconds = 0.5

[receipt]
driver = "escpos"
port = "tcp:127.0.0.1:{receipt}"
virtual = true
look_seconds = 0.5

[display]
driver = "framebuffer"
path = "{root}/fb"
look_seconds = 0.5

[touch]
driver = "evdev"
path = "{root}/touch.pipe"
bounce = 0.0
longest = 10.0

[keypad]
driver = "evdev"
path = "{root}/keypad.pipe"

[voice]
driver = "virtual"
path = "{root}/voice.jsonl"

[cabinet]
driver = "virtual"
path = "{root}/cabinet.sock"

[site]
android_from = 2024-01-22

[limits]
idle = {idle}
attendant = {attendant}
double_tap = 0.0
"""

CENTER = """\
listen = "unix:{root}/center.sock"
registry = "sample"
sample_file = "{root}/registry.db"
profile = "{root}/municipality.toml"
also = [{also}]
seal_key = "{root}/seal.key.pem"
trust = ["{authority}"]
revocations = ["{revocations}"]
clock_offset = {offset}
"""


@dataclass(frozen=True)
class Ports:
    """cash: path of a link to the pseudo-terminal. document, receipt: TCP ports."""

    cash: str
    document: int
    receipt: int


def kiosk_settings(
    root: Path, pcscd: PrivatePcscd, ports: Ports, hoppers: Hoppers, setup: Setup, offset: float
) -> str:
    """kiosk.toml. offset: seconds to add to the clock."""
    tubes = "".join(
        f"  {{ address = {address}, value = {value}, loaded = {coins} }},\n"
        for address, (value, coins) in hoppers.items()
    )
    template = KIOSK if setup.quick_looks else without_looks(KIOSK)
    return template.format(
        root=root,
        terminal=TERMINAL,
        municipality=setup.municipality,
        reader=pcscd.reader,
        pcscd=pcscd.socket,
        hoppers=tubes,
        offset=offset,
        idle=setup.idle,
        attendant=setup.attendant,
        cash=ports.cash,
        document=ports.document,
        receipt=ports.receipt,
    )


def without_looks(settings: str) -> str:
    """The same, but how often each thing is looked after is left to the kiosk, as in the field."""
    lines = settings.splitlines(keepends=True)
    return "".join(line for line in lines if not line.startswith(LOOKS))


def center_settings(root: Path, wallet: Wallet, setup: Setup, offset: float) -> str:
    """center.toml: the sample registry, sealed with a key made for this bench; the other sample towns are
    served too, so that somebody's 本籍 can be there.
    """
    others = (code for code in TOWNS if code != setup.municipality)
    return CENTER.format(
        root=root,
        also=", ".join(f'"{ASSETS}/municipalities/{code}.toml"' for code in others),
        authority=wallet.authority_file,
        revocations=wallet.revocations_file,
        offset=offset,
    )

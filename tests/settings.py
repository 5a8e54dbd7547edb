"""A configuration that loads, and variants of it with one thing wrong: for tests of what reads it."""

from pathlib import Path

from daemon.issuance.seal import Sealer, new_key
from tests.layout import ROOT

EXAMPLE = ROOT / "systemd" / "kiosk.example.toml"
GOOD = """\
[kiosk]
terminal = "T01"
municipality = "162027"
journal = "{folder}/journal.db"
socket = "{folder}/kiosk.sock"

[center]
address = "unix:{folder}/center.sock"
keys = ["{folder}/center.pem"]

[card]
driver = "pcsc"

[cash]
driver = "cctalk"
port = "pty:{folder}/cash"
hoppers = [{{ address = 3, value = 10, loaded = 10 }}]

[document]
driver = "ipp"
uri = "ipp://127.0.0.1:1/ipp/print"

[receipt]
driver = "escpos"
port = "tcp:127.0.0.1:1"

[display]
driver = "framebuffer"
path = "{folder}/fb"

[touch]
driver = "evdev"
path = "{folder}/touch"

[voice]
driver = "silent"

[cabinet]
driver = "gpio"
"""


def write_settings(folder: Path, *changes: tuple[str, str]) -> Path:
    """kiosk.toml in this folder, the center's public key beside it. changes: (what is there, instead)."""
    text = GOOD.format(folder=folder)
    for old, new in changes:
        assert old in text, f"{old!r} is not in the good configuration"
        text = text.replace(old, new, 1)
    (folder / "center.pem").write_bytes(Sealer.from_pem(new_key()).public_pem())
    path = folder / "kiosk.toml"
    path.write_text(text, "utf-8")
    return path

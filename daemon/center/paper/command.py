"""``madoguchi paper verify | calibrate``: what a person does with printed paper in hand."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

import msgspec

from daemon.center.documents.press import FONT, Press
from daemon.center.paper.calibrate import chart
from daemon.center.paper.scan import LARGEST_FILE, NotAScan, Seen, read
from daemon.center.paper.standing import lookup
from daemon.center.paper.told import Told, lines, shown
from daemon.center.paper.verify import missing_sheets, verify
from daemon.center.settings import TEMPLATES, load_settings
from daemon.issuance.seal import Keyring


def verify_scans(
    scans: Sequence[Path],
    keys: Sequence[Path],
    center: Path | None,
    as_json: bool,
    out: TextIO,
    samples: bool = False,
) -> int:
    """0: every 通 is genuine and whole; 1: one is not, or nothing was found. samples: as of ``verify``.

    Raises NotAScan, SealError, SettingsError, NoRegistry, OSError.
    """
    keyring = Keyring.load(keys)
    look_up = lookup(load_settings(center)) if center else None
    findings = verify([_read(path) for path in scans], keyring, look_up, samples)
    missing = missing_sheets(findings)
    if as_json:
        out.write(msgspec.json.encode(Told(tuple(map(shown, findings)), missing)).decode() + "\n")
    else:
        told = [line for finding in findings for line in lines(finding)]
        out.writelines(f"{line}\n" for line in (*told, *missing))
    return 0 if all(finding.good for finding in findings) and not missing else 1


def calibrate(out: Path, said: TextIO) -> int:
    """Raises FontError, OSError."""
    out.write_bytes(chart(Press(TEMPLATES), FONT))
    said.write(
        f"{out}: print it on the printer of the certificates at 600 dpi, A4, in its real size (100 %, not "
        "fitted to the page), then copy it. What to look for stands on it.\n"
    )
    return 0


def _read(path: Path) -> Seen:
    standard_input = str(path) == "-"
    try:
        return read(sys.stdin.buffer.read(LARGEST_FILE + 1) if standard_input else path.read_bytes())
    except NotAScan as error:
        raise NotAScan(f"{'standard input' if standard_input else path}: {error}") from None

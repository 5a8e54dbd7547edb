"""``madoguchi paper verify | calibrate``: what a person does with printed paper in hand."""

from collections.abc import Sequence
from pathlib import Path
from typing import TextIO

from daemon.center.documents import FONT, Press
from daemon.center.paper.calibrate import chart
from daemon.center.paper.scan import NotAScan, Seen, read
from daemon.center.paper.standing import lookup
from daemon.center.paper.told import lines
from daemon.center.paper.verify import missing_sheets, verify
from daemon.center.settings import TEMPLATES, load_settings
from daemon.issuance.seal import Keyring


def verify_scans(scans: Sequence[Path], keys: Sequence[Path], center: Path | None, out: TextIO) -> int:
    """0: everything that was found is genuine; 1: it is not, or nothing was found.

    Raises NotAScan, SealError, SettingsError, NoRegistry, OSError.
    """
    keyring = Keyring.load(keys)
    look_up = lookup(load_settings(center)) if center else None
    findings = verify([_read(path) for path in scans], keyring, look_up)
    for finding in findings:
        out.write("\n".join(lines(finding)) + "\n")
    for line in missing_sheets(findings):
        out.write(line + "\n")
    return 0 if all(finding.good for finding in findings) else 1


def calibrate(out: Path, said: TextIO) -> int:
    """Raises FontError, OSError."""
    out.write_bytes(chart(Press(TEMPLATES), FONT))
    said.write(
        f"{out}: print it on the printer of the certificates at 600 dpi, A4, in its real size (100 %, not "
        "fitted to the page), then copy it. What to look for stands on it.\n"
    )
    return 0


def _read(path: Path) -> Seen:
    try:
        return read(path.read_bytes())
    except NotAScan as error:
        raise NotAScan(f"{path}: {error}") from None

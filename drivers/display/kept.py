"""The calibration of a touch panel on the disk: one small file of JSON, replaced whole or not at all.

It belongs to one panel: another one in its place is not calibrated by it.
"""

import os
from pathlib import Path

import msgspec

from drivers.display.geometry import Matrix


class Kept(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """matrix: in the order of LIBINPUT_CALIBRATION_MATRIX, from the panel to the glass (not turned).

    panel: what it calls itself. residual_mm: the farthest a touch lay from its cross.
    """

    matrix: Matrix
    panel: str
    residual_mm: float


def load(path: Path) -> Kept | None:
    """None: nothing was kept. Raises OSError, ValueError (it cannot be read)."""
    try:
        return msgspec.json.decode(path.read_bytes(), type=Kept)
    except FileNotFoundError:
        return None


def store(path: Path, kept: Kept) -> None:
    """Whoever reads the file, even after a power cut, finds the old one or this one. Raises OSError."""
    beside = path.with_name(f".{path.name}.new")
    with beside.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(kept)) + b"\n")
        file.flush()
        os.fchmod(file.fileno(), 0o644)
        os.fsync(file.fileno())
    beside.replace(path)
    folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)

"""A private pcscd whose virtual reader behaves like a USB one: it notices cards at once and can be unplugged.

vpcd's own reader is looked at every 400 ms and never goes away; ``usb_reader.c`` is vpcd's driver with both
mended. It is compiled when the tests begin.
"""

import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from drivers.card.virtual_reader import DRIVER, PrivatePcscd

SOURCE = Path(__file__).with_suffix(".c")
VPCD = "libifdvpcd.so.0"  # the name by which it is linked with


class UsbReader(PrivatePcscd):
    """directory: as for ``PrivatePcscd``."""

    def __init__(self, directory: Path) -> None:
        super().__init__(directory, _build(directory))
        self._unplugged = directory / "libifdvpcd.so.unplugged"
        self._mute = directory / "libifdvpcd.so.mute"

    @contextmanager
    def unplugged(self) -> Iterator[None]:
        """Meanwhile the reader is not there."""
        self._unplugged.touch()
        try:
            yield
        finally:
            self._unplugged.unlink()

    @contextmanager
    def cards_mute(self) -> Iterator[None]:
        """Meanwhile no card answers its reset."""
        self._mute.touch()
        try:
            yield
        finally:
            self._mute.unlink()


def _build(directory: Path) -> Path:
    shutil.copyfile(DRIVER, directory / VPCD)
    made = directory / "usb_reader.so"
    options = ["-shared", "-fPIC", "-Wall", "-Werror", "-I/usr/include/PCSC", "-o", str(made)]
    linked = ["-Wl,--no-as-needed", str(directory / VPCD), "-Wl,-rpath,$ORIGIN"]
    subprocess.run(["gcc", *options, str(SOURCE), *linked], check=True)
    return made

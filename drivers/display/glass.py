"""One opened screen: a frame buffer of the kernel, or on the bench a file of the same format.

It is mapped once and only ever written to. Whether it is still the same screen in the same mode is asked
of the kernel; it never answers for another one.
"""

import mmap
import os
from collections.abc import Sequence
from contextlib import suppress

from drivers.display.geometry import (
    FIX_SIZE,
    VAR_SIZE,
    Geometry,
    Rotation,
    UnknownFormat,
    geometry_of,
    plain,
)
from drivers.display.pixels import copy
from drivers.ports.kernel import Kernel, identity
from hal.contracts import Rect
from hal.faults import DISPLAY_LOST, DeviceError, Fault

FBIOGET_VSCREENINFO, FBIOGET_FSCREENINFO, FBIOBLANK = 0x4600, 0x4602, 0x4611
LIT, POWERED_DOWN = 0, 4
BY_NAME = "name:"
ADVICE = "is the screen connected? With KMS there is no framebuffer without one (video=HDMI-A-1:1280x800@60D)"


class Glass:
    """path: of the screen, or ``name:`` and what the frame buffer calls itself. file: the mode of a file."""

    def __init__(self, path: str, file: tuple[int, int, int], kernel: Kernel) -> None:
        """Raises DeviceError(DISPLAY_LOST)."""
        self._path, self._kernel = path, kernel
        try:
            self._fd = kernel.open(self._place(), os.O_RDWR)
        except OSError as error:
            raise lost(f"{path}: {error.strerror}; {ADVICE}") from None
        try:
            self.is_file = not kernel.is_device(self._fd)
            self.geometry = plain(*file) if self.is_file else self._mode()
            self._check()
            self._map = mmap.mmap(self._fd, self.geometry.length)
        except (OSError, ValueError) as error:
            os.close(self._fd)
            raise lost(f"{path}: {error}") from None

    def present(self, canvas: bytearray, rects: Sequence[Rect], rotation: Rotation) -> None:
        """Brings these parts of the canvas to the screen."""
        with memoryview(self._map) as target:
            for rect in rects:
                copy(canvas, target, self.geometry, rect, rotation)

    def darken(self, on: bool) -> None:
        """Black, and without light where the screen can do that."""
        if on:
            self._map.seek(self.geometry.start)
            self._map.write(bytes(self.geometry.needed - self.geometry.start))
        if not self.is_file:
            with suppress(OSError):  # a screen that cannot is black
                self._kernel.tell(self._fd, FBIOBLANK, POWERED_DOWN if on else LIT)

    def is_there(self) -> bool:
        """Whether its path still names this screen, in the mode it was opened in."""
        try:
            same = self._kernel.identity(self._place()) == identity(os.fstat(self._fd))
            return same and (self.is_file or self._mode() == self.geometry)
        except (OSError, ValueError):
            return False

    def close(self) -> None:
        self._map.close()
        os.close(self._fd)

    # ------------------------------------------------------------ inside

    def _place(self) -> str:
        if self._path.startswith(BY_NAME):
            return self._kernel.framebuffer(self._path.removeprefix(BY_NAME))
        return self._path

    def _mode(self) -> Geometry:
        var = self._kernel.ask(self._fd, FBIOGET_VSCREENINFO, bytes(VAR_SIZE))
        fix = self._kernel.ask(self._fd, FBIOGET_FSCREENINFO, bytes(FIX_SIZE))
        try:
            return geometry_of(var, fix)
        except UnknownFormat as error:
            advice = "set the depth with video=…-32@60 on the kernel command line"
            raise ValueError(f"{error}; {advice}") from None

    def _check(self) -> None:
        length = os.fstat(self._fd).st_size if self.is_file else self.geometry.length
        needed = self.geometry.needed
        if length < needed:
            raise ValueError(f"is {length} bytes long, {needed} are needed")


def lost(detail: str) -> DeviceError:
    """The screen is not there."""
    return DeviceError(Fault(DISPLAY_LOST, "display", detail))

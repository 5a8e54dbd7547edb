"""The screen: a Linux framebuffer, or on the bench a memory-mapped file of the same format.

The canvas lives as long as the driver; a screen that goes away is reported, and painted anew when it comes
back with the same size. With ``tty`` set the console is kept from drawing into the picture (KD_GRAPHICS);
the text mode is restored when the driver stops in good order, so that after a crash the last page stays.
"""

import asyncio
import fcntl
import logging
import mmap
import os
import stat
from collections.abc import Sequence
from pathlib import Path
from typing import Literal

import msgspec

from drivers.display.pixels import (
    FIX_SIZE,
    VAR_SIZE,
    Geometry,
    UnknownFormat,
    copy,
    geometry_of,
    plain,
    size_of_glass,
)
from hal.contracts import Emit, Rect
from hal.events import DeviceChanged
from hal.faults import DISPLAY_LOST, DeviceError, Fault

log = logging.getLogger(__name__)

FBIOGET_VSCREENINFO, FBIOGET_FSCREENINFO = 0x4600, 0x4602
KDSETMODE, KD_TEXT, KD_GRAPHICS = 0x4B3A, 0, 1


class FramebufferSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """path: /dev/fb0 or a file. width, height, bpp: of a file only. tty: the console to silence, or "".

    width_mm, height_mm: of the glass as the citizen sees it; 0: what the kernel says, if that can be.
    distance_mm: from the citizen's eyes. look_seconds: between two looks whether it is there.
    """

    path: str
    width: int = 1280
    height: int = 800
    bpp: Literal[16, 32] = 32
    width_mm: int = 0
    height_mm: int = 0
    distance_mm: int = 600
    tty: str = ""
    look_seconds: float = 5.0


class Framebuffer:
    """hal.contracts.Display."""

    Settings = FramebufferSettings

    def __init__(self, settings: FramebufferSettings) -> None:
        """Opens the screen. Raises DeviceError(DISPLAY_LOST)."""
        self._settings = settings
        self._glass = _Glass(settings)
        geometry = self._glass.geometry
        self._size = (geometry.width, geometry.height)
        self._canvas = bytearray(geometry.width * geometry.height * 4)
        self._console = _Console(settings.tty)

    @property
    def virtual(self) -> bool:
        return self._glass.is_file

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    @property
    def size_mm(self) -> tuple[int, int]:
        settings = self._settings
        if settings.width_mm and settings.height_mm:
            return settings.width_mm, settings.height_mm
        return size_of_glass(self._size, self._glass.geometry.millimetres)

    @property
    def distance_mm(self) -> int:
        return self._settings.distance_mm

    @property
    def rotation(self) -> Literal[0, 90, 180, 270]:
        return 0

    @property
    def canvas(self) -> bytearray:
        return self._canvas

    def present(self, rects: Sequence[Rect] | None = None) -> None:
        """Copies these parts of the canvas (None: all of it) to the screen; nothing while it is lost."""
        self._glass.present(self._canvas, [Rect(0, 0, *self._size)] if rects is None else rects)

    def blank(self, on: bool) -> None:
        """Nothing yet."""

    async def run(self, emit: Emit) -> None:
        """Watches that the screen is there, and opens it again when it comes back."""
        try:
            fault = self._look()
            emit(DeviceChanged("display", fault))
            while True:
                await asyncio.sleep(self._settings.look_seconds)
                before, fault = fault, self._look()
                if fault != before:
                    emit(DeviceChanged("display", fault))
        finally:
            self.close()

    def close(self) -> None:
        """Lets go of the screen and gives the console back. The picture stays."""
        self._console.restore()
        self._glass.close()

    def _look(self) -> Fault | None:
        """Opens the screen again if need be, and paints over what a console may have written."""
        try:
            if not self._glass.is_there():
                self._glass.close()
                self._reopen()
            self._console.silence()
            if not self._glass.is_file:
                self.present(None)
        except DeviceError as error:
            return error.fault
        return None

    def _reopen(self) -> None:
        glass = _Glass(self._settings)
        if (glass.geometry.width, glass.geometry.height) != self._size:
            glass.close()
            raise _lost(f"{self._settings.path} has another size now: restart the kiosk")
        self._glass = glass
        self.present(None)


class _Glass:
    """The mapped screen. Closed, it ignores what is presented."""

    def __init__(self, settings: FramebufferSettings) -> None:
        self._path = Path(settings.path)
        try:
            fd = os.open(self._path, os.O_RDWR | os.O_CLOEXEC)
        except OSError as error:
            raise _lost(f"{self._path}: {error.strerror}; {ADVICE}") from None
        try:
            status = os.fstat(fd)
            self._identity = _identity(status)
            self.is_file = stat.S_ISREG(status.st_mode)
            self.geometry = _file_geometry(settings, status) if self.is_file else _device_geometry(fd)
            self._map = mmap.mmap(fd, self.geometry.length)
        except (OSError, ValueError) as error:
            raise _lost(f"{self._path}: {error}") from None
        finally:
            os.close(fd)

    def present(self, canvas: bytearray, rects: Sequence[Rect]) -> None:
        if self._map.closed:
            return
        with memoryview(self._map) as target:
            for rect in rects:
                copy(canvas, target, self.geometry, rect)

    def is_there(self) -> bool:
        """Whether it is open and its path still names the same screen."""
        try:
            return not self._map.closed and _identity(self._path.stat()) == self._identity
        except OSError:
            return False

    def close(self) -> None:
        self._map.close()


class _Console:
    """The text console on the same screen; its cursor and messages must not bleed into the picture."""

    def __init__(self, tty: str) -> None:
        self._tty = tty
        self._reported = False
        self.silence()

    def silence(self) -> None:
        """Also repeated: a getty that restarts puts the console back to text."""
        self._set(KD_GRAPHICS)

    def restore(self) -> None:
        self._set(KD_TEXT)

    def _set(self, mode: int) -> None:
        if not self._tty:
            return
        try:
            fd = os.open(self._tty, os.O_RDWR | os.O_NOCTTY | os.O_CLOEXEC)
            try:
                fcntl.ioctl(fd, KDSETMODE, mode)
            finally:
                os.close(fd)
        except OSError as error:
            if not self._reported:
                log.warning("console %s may draw into the picture: %s", self._tty, error.strerror)
            self._reported = True


ADVICE = "is the screen connected? With KMS there is no framebuffer without one (video=HDMI-A-1:1280x800@60D)"


def _identity(status: os.stat_result) -> tuple[int, int, int]:
    return status.st_dev, status.st_ino, status.st_rdev


def _file_geometry(settings: FramebufferSettings, status: os.stat_result) -> Geometry:
    geometry = plain(settings.width, settings.height, settings.bpp)
    if status.st_size < geometry.length:
        raise ValueError(f"is {status.st_size} bytes long, {geometry.length} are needed")
    return geometry


def _device_geometry(fd: int) -> Geometry:
    var = fcntl.ioctl(fd, FBIOGET_VSCREENINFO, bytes(VAR_SIZE))
    fix = fcntl.ioctl(fd, FBIOGET_FSCREENINFO, bytes(FIX_SIZE))
    try:
        geometry = geometry_of(var, fix)
    except UnknownFormat as error:
        raise ValueError(f"{error}; set the depth with video=…-32@60 on the kernel command line") from None
    if geometry.length < geometry.needed:
        raise ValueError(f"maps {geometry.length} bytes, its picture has {geometry.needed}")
    return geometry


def _lost(detail: str) -> DeviceError:
    return DeviceError(Fault(DISPLAY_LOST, "display", detail))

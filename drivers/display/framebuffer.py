"""The screen: a Linux framebuffer, or on the bench a memory-mapped file of the same format.

The kiosk runs without it too: a screen that is absent, goes away or changes its mode is reported, opened
again and painted anew, and what is drawn meanwhile is kept in the canvas. Only parts that were presented
are ever written. The console on the same screen is kept out of the picture (``console``).
"""

import asyncio
from collections.abc import Sequence
from typing import Literal

import msgspec

from drivers.display.console import Console
from drivers.display.geometry import Rotation, size_of_glass, turned
from drivers.display.glass import Glass
from drivers.ports.kernel import LINUX, Kernel
from hal.contracts import Emit, Rect
from hal.events import DeviceChanged
from hal.faults import DeviceError, Fault

MM = range(50, 2001)


class FramebufferSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """path: name:NAME as in /sys/class/graphics/fb*/name, /dev/fb0, or a file.

    width, height, bpp: of a file, and of a screen as long as it was never there. rotation: degrees by which
    the picture is turned clockwise. width_mm, height_mm: of the glass as the citizen sees it; 0: what the
    kernel says, if that can be. distance_mm: from the citizen's eyes. tty: the console to take, or "".
    look_seconds: between two looks whether it is there.
    """

    path: str
    width: int = 1280
    height: int = 800
    bpp: Literal[16, 32] = 32
    rotation: Rotation = 0
    width_mm: int = 0
    height_mm: int = 0
    distance_mm: int = 600
    tty: str = ""
    look_seconds: float = 5.0

    def __post_init__(self) -> None:
        if bool(self.width_mm) != bool(self.height_mm):
            raise ValueError("width_mm and height_mm belong together: give both or none")
        for key in ("width_mm", "height_mm", "distance_mm"):
            if (value := getattr(self, key)) not in MM and (value or key == "distance_mm"):
                raise ValueError(f"{key} = {value}: {MM.start} to {MM.stop - 1} mm are meant")


class Framebuffer:
    """hal.contracts.Display."""

    Settings = FramebufferSettings

    def __init__(self, settings: FramebufferSettings, kernel: Kernel = LINUX) -> None:
        self._settings, self._kernel = settings, kernel
        self._console = Console(settings.tty, kernel)
        self._dark = False
        self._size = turned((settings.width, settings.height), settings.rotation)
        self._canvas = bytearray(self._size[0] * self._size[1] * 4)
        self._glass: Glass | None = None
        self._console.take()
        self._look()

    @staticmethod
    def give_back(settings: FramebufferSettings, kernel: Kernel = LINUX) -> None:
        """The console of a kiosk that has ended without giving it back itself."""
        Console(settings.tty, kernel).give_back()

    @property
    def virtual(self) -> bool:
        return self._glass is not None and self._glass.is_file

    @property
    def size(self) -> tuple[int, int]:
        return self._size

    @property
    def size_mm(self) -> tuple[int, int]:
        settings = self._settings
        if settings.width_mm:
            return settings.width_mm, settings.height_mm
        claimed = self._glass.geometry.millimetres if self._glass else (0, 0)
        return size_of_glass(self._size, turned(claimed, settings.rotation))

    @property
    def distance_mm(self) -> int:
        return self._settings.distance_mm

    @property
    def rotation(self) -> Rotation:
        return self._settings.rotation

    @property
    def canvas(self) -> bytearray:
        return self._canvas

    def present(self, rects: Sequence[Rect] | None = None) -> None:
        """Copies these parts of the canvas (None: all of it) to the screen; nothing while it is lost."""
        if self._glass is not None and not self._dark:
            parts = [self._all] if rects is None else [clipped(rect, self._size) for rect in rects]
            seen = [part for part in parts if part.w and part.h]
            self._glass.present(self._canvas, seen, self._settings.rotation)

    def blank(self, on: bool) -> None:
        """Makes the glass dark, or lights it again with what was presented meanwhile."""
        if on == self._dark:
            return
        self._dark = on
        if self._glass is not None:
            self._glass.darken(on)
        self.present(None)

    async def run(self, emit: Emit) -> None:
        """Watches that the screen is there, and opens it again when it comes back."""
        try:
            told = self._look()
            emit(DeviceChanged("display", told))
            while True:
                await asyncio.sleep(self._settings.look_seconds)
                size, fault = self._size, self._look()
                if fault != told or self._size != size:
                    told = fault
                    emit(DeviceChanged("display", told))
        finally:
            self.close()

    def close(self) -> None:
        """Lets go of the screen and gives the console back. The picture of a file stays."""
        self._console.give_back()
        self._let_go()

    # ------------------------------------------------------------ inside

    @property
    def _all(self) -> Rect:
        return Rect(0, 0, *self._size)

    def _look(self) -> Fault | None:
        """Opens the screen again if need be, and paints over what a console may have written."""
        if self._glass is not None and not self._glass.is_there():
            self._let_go()
        try:
            if self._glass is None:
                self._open()
            elif self._console.take() or self._is_anyones:
                self.present(None)
        except DeviceError as error:
            return error.fault
        return None

    @property
    def _is_anyones(self) -> bool:
        """A screen of the kernel without a console of ours: nobody can say who draws on it."""
        return not self.virtual and not self._settings.tty

    def _open(self) -> None:
        settings = self._settings
        self._glass = Glass(settings.path, (settings.width, settings.height, settings.bpp), self._kernel)
        geometry = self._glass.geometry
        size = turned((geometry.width, geometry.height), settings.rotation)
        if size != self._size:
            self._size, self._canvas = size, bytearray(size[0] * size[1] * 4)
        self._console.take()
        if self._dark:
            self._glass.darken(True)
        self.present(None)

    def _let_go(self) -> None:
        if self._glass is not None:
            self._glass.close()
            self._glass = None


def clipped(rect: Rect, size: tuple[int, int]) -> Rect:
    """What of this part lies within a picture of this size (which may be another than it was drawn for)."""
    x, y = min(max(0, rect.x), size[0]), min(max(0, rect.y), size[1])
    right, bottom = max(x, min(size[0], rect.x + rect.w)), max(y, min(size[1], rect.y + rect.h))
    return Rect(x, y, right - x, bottom - y)

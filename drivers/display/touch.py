"""The touch panel: an input device of the kernel, or on the bench a FIFO that carries the same structs.

Touches come out in pixels of the display's picture as it is now, whichever way the panel lies on the glass
and the picture is turned. A contact that bounces is one touch, one that stays is dirt: it is reported, and
does not keep others from touching. An unplugged panel is reported, and opened again when it is back.
"""

import asyncio
import logging
from collections.abc import Callable
from pathlib import Path

import msgspec

from drivers.display.bounce import Bounce
from drivers.display.calibration import CROSSES, Place, fit
from drivers.display.geometry import FROM_GLASS, TO_GLASS, UNCHANGED, Matrix, moved, turned
from drivers.display.kept import Kept, load, store
from drivers.display.packets import Contact
from drivers.display.panel import Panel
from drivers.ports.input import Input, keep_reading
from drivers.ports.kernel import LINUX, Kernel
from hal.contracts import Display, Emit
from hal.events import DeviceChanged, Touched
from hal.faults import TOUCH_DIRTY, TOUCH_LOST, DeviceError, Fault

log = logging.getLogger(__name__)

NOWHERE = -1
"""A cancelled touch ends where no button is."""
LOOK_SECONDS = 5.0
TOUCH_SECONDS = 60.0
"""Within which somebody touches a cross."""


class TouchSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """path: /dev/input/by-path/…-event or a FIFO.

    matrix: how the panel lies on the glass, in the order of LIBINPUT_CALIBRATION_MATRIX (90°: 0 -1 1 1 0 0).
    calibration: the file where `madoguchi calibrate` keeps a better one; "": none. palm_mm: a contact as
    large as this is no finger; 0: of any size. bounce: seconds in which a contact may bounce.
    longest: seconds of a touch; what stays for longer is dirt.
    """

    path: str
    matrix: Matrix = UNCHANGED
    calibration: str = ""
    palm_mm: int = 40
    bounce: float = 0.08
    longest: float = 30.0


class EvdevTouch:
    """hal.contracts.Touch."""

    Settings = TouchSettings

    def __init__(self, settings: TouchSettings, display: Display, kernel: Kernel = LINUX) -> None:
        """display: the one it lies on."""
        self._settings, self._display, self._kernel = settings, display, kernel
        self._told: list[Fault | None] = []
        self._finger: _Finger | None = None

    @property
    def virtual(self) -> bool:
        """A FIFO is not a panel."""
        return Path(self._settings.path).is_fifo()

    async def run(self, emit: Emit) -> None:
        """Reads touches for ever."""
        self._told.clear()

        def attend(device: Input) -> Callable[[bytes], None]:
            finger = _Finger(self._panel(device), self._matrix(device), self._display, self._settings, emit)
            self._finger = finger
            return finger.take

        def report(error: OSError | None) -> None:
            if error is not None:
                self._finger = None
            self._tell(self._lost(error) if error else None, emit)

        looking = asyncio.create_task(self._keep_looking(emit), name="dirt on the panel")
        try:
            await keep_reading(self._settings.path, self._kernel, attend, report)
        finally:
            looking.cancel()

    async def calibrate(self, show: Callable[[float, float], None]) -> float:
        """Has crosses touched that ``show`` draws, keeps how the panel lies; the residual in mm.

        show: gets a place as parts of the picture. Not while it runs. Raises DeviceError, ValueError.
        """
        file = self._settings.calibration
        if not file:
            raise ValueError('[touch] calibration names no file: "/var/lib/madoguchi/touch.json" is meant')
        try:
            device = Input(self._settings.path, self._kernel)
            try:
                touched, name = await self._touched(device, show), device.name
            finally:
                device.close()
        except OSError as error:
            raise DeviceError(self._lost(error)) from None
        rotation = self._display.rotation
        meant = [moved(TO_GLASS[rotation], *place) for place in CROSSES]
        found = fit(touched, meant, turned(self._display.size_mm, rotation))
        store(Path(file), Kept(found.matrix, name, round(found.residual, 2)))
        return found.residual

    # ------------------------------------------------------------ inside

    async def _keep_looking(self, emit: Emit) -> None:
        """For what stays on the glass: it says nothing while it lies there."""
        while True:
            await asyncio.sleep(LOOK_SECONDS)
            if self._finger is not None:
                self._tell(self._dirty() if self._finger.is_dirt() else None, emit)

    def _tell(self, fault: Fault | None, emit: Emit) -> None:
        if self._told != [fault]:
            self._told[:] = [fault]
            emit(DeviceChanged("touch", fault))

    def _panel(self, device: Input) -> Panel:
        """Raises OSError."""
        width_mm, _ = turned(self._display.size_mm, self._display.rotation)
        glass = turned(self._display.size, self._display.rotation)
        return Panel(device, glass, self._settings.palm_mm / width_mm, self._settings.longest)

    async def _touched(self, device: Input, show: Callable[[float, float], None]) -> list[Place]:
        """Where fingers were lifted, one cross after the other. Raises OSError, ValueError."""
        panel, lifted = self._panel(device), asyncio.Queue[Place]()

        def act(contact: Contact) -> None:
            if not contact.down and contact.x is not None and contact.y is not None:
                lifted.put_nowait(panel.part(contact.x, contact.y))

        following = asyncio.create_task(device.follow(lambda data: panel.take(data, act)))
        try:
            places = []
            for cross in CROSSES:
                show(*cross)
                places.append(await _next_touch(lifted, following))
            return places
        finally:
            following.cancel()
            await asyncio.gather(following, return_exceptions=True)

    def _matrix(self, device: Input) -> Matrix:
        """The one that was kept for this panel, else the configured one."""
        file = self._settings.calibration
        try:
            kept = load(Path(file)) if file else None
            if kept is None:
                return self._settings.matrix
            if kept.panel == device.name:
                return kept.matrix
            log.warning("%s is of another panel (%s): madoguchi calibrate", file, kept.panel)
        except (OSError, ValueError) as error:
            log.warning("%s cannot be read (%s): madoguchi calibrate", file, error)
        return self._settings.matrix

    def _dirty(self) -> Fault:
        return Fault(TOUCH_DIRTY, "touch", f"touched for {self._settings.longest:g} s by what is no finger")

    def _lost(self, error: OSError) -> Fault:
        why = error.strerror or error
        return Fault(TOUCH_LOST, "touch", f"{self._settings.path}: {why}; is the panel plugged in?")


class _Finger:
    """Follows the finger on one opened panel."""

    def __init__(
        self, panel: Panel, matrix: Matrix, display: Display, settings: TouchSettings, emit: Emit
    ) -> None:
        self._panel, self._matrix, self._display, self._emit = panel, matrix, display, emit
        self._bounce = Bounce(settings.bounce)

    def take(self, data: bytes) -> None:
        self._panel.take(data, self._act)

    def is_dirt(self) -> bool:
        """Whether something that is no finger lies there. A touch it had begun is cancelled."""
        return self._panel.look(asyncio.get_running_loop().time(), self._act)

    def _act(self, contact: Contact) -> None:
        if contact.x is None or contact.y is None:
            self._emit(Touched(NOWHERE, NOWHERE, contact.down))
            return
        u, v = self._panel.part(contact.x, contact.y)
        now = asyncio.get_running_loop().time()
        if (self._bounce.down if contact.down else self._bounce.up)(u, v, now):
            self._emit(Touched(*self._pixel(u, v), contact.down))

    def _pixel(self, u: float, v: float) -> tuple[int, int]:
        x, y = moved(FROM_GLASS[self._display.rotation], *moved(self._matrix, u, v))
        width, height = self._display.size
        return _within(x, width), _within(y, height)


async def _next_touch(lifted: "asyncio.Queue[Place]", following: "asyncio.Task[OSError]") -> Place:
    """Raises OSError (the panel is gone), ValueError (nobody touches it)."""
    touch = asyncio.create_task(lifted.get())
    try:
        await asyncio.wait([touch, following], timeout=TOUCH_SECONDS, return_when=asyncio.FIRST_COMPLETED)
        if touch.done():
            return touch.result()
        if following.done():
            raise following.result()
        raise ValueError(f"nobody has touched the cross for {TOUCH_SECONDS:.0f} s; nothing was changed")
    finally:
        touch.cancel()


def _within(part: float, pixels: int) -> int:
    return min(pixels - 1, max(0, round(part * (pixels - 1))))

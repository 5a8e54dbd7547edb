"""The virtual terminal the screen belongs to: taken while the kiosk runs, given back when it does not.

Taken means: it is the visible one and cannot be switched away, the text console does not draw (no cursor,
no kernel messages over the picture), and keys of any keyboard that somebody plugs in reach nobody. A getty
or another terminal may undo that, so it is looked at again and again. After a crash systemd gives the
console back through ``give_back`` (ExecStopPost), which needs nothing of the process that has died.
"""

import logging
import os
import re
import struct
from collections.abc import Callable

from drivers.ports.kernel import Kernel

log = logging.getLogger(__name__)

KDGETMODE, KDSETMODE, KD_TEXT, KD_GRAPHICS = 0x4B3B, 0x4B3A, 0, 1
KDSKBMODE, K_UNICODE, K_OFF = 0x4B45, 3, 4
VT_GETSTATE, VT_ACTIVATE, VT_LOCKSWITCH, VT_UNLOCKSWITCH = 0x5603, 0x5606, 0x560B, 0x560C
_MODE = struct.Struct("@i")
_STATE = struct.Struct("@HHH")


class Console:
    """tty: its path, or "" for none (a screen that no console draws on)."""

    def __init__(self, tty: str, kernel: Kernel) -> None:
        self._tty, self._kernel = tty, kernel
        self._number = int(found[0]) if (found := re.findall("[0-9]+$", tty)) else 0
        self._reported: set[str] = set()

    def take(self) -> bool:
        """Makes it ours if it is not. True: somebody may have drawn on the screen."""
        return bool(self._tty) and self._with(self._take)

    def give_back(self) -> None:
        """Text, keyboard and switching as they were."""
        if self._tty:
            self._with(self._give_back)

    # ------------------------------------------------------------ inside

    def _with(self, act: Callable[[int], bool]) -> bool:
        try:
            fd = self._kernel.open(self._tty, os.O_RDWR | os.O_NOCTTY)
        except OSError as error:
            self._report("may draw into the picture, and its keyboard is open", error)
            return True
        try:
            return act(fd)
        finally:
            os.close(fd)

    def _take(self, fd: int) -> bool:
        disturbed = self._is_text(fd) or self._is_hidden(fd)
        if disturbed:
            self._try(fd, "is not the one that is seen", VT_ACTIVATE, self._number)
            self._try(fd, "may draw into the picture", KDSETMODE, KD_GRAPHICS)
        self._try(fd, "hears every keyboard", KDSKBMODE, K_OFF)
        self._try(fd, "can be switched away by a keyboard", VT_LOCKSWITCH, 1)
        return disturbed

    def _give_back(self, fd: int) -> bool:
        self._try(fd, "cannot be switched", VT_UNLOCKSWITCH, 1)
        self._try(fd, "has no keyboard", KDSKBMODE, K_UNICODE)
        self._try(fd, "keeps the last picture", KDSETMODE, KD_TEXT)
        return False

    def _is_text(self, fd: int) -> bool:
        try:
            return bool(_MODE.unpack(self._kernel.ask(fd, KDGETMODE, bytes(_MODE.size)))[0] != KD_GRAPHICS)
        except OSError:
            return True

    def _is_hidden(self, fd: int) -> bool:
        try:
            return bool(
                _STATE.unpack(self._kernel.ask(fd, VT_GETSTATE, bytes(_STATE.size)))[0] != self._number
            )
        except OSError:
            return False

    def _try(self, fd: int, otherwise: str, request: int, number: int) -> None:
        try:
            self._kernel.tell(fd, request, number)
        except OSError as error:
            self._report(otherwise, error)

    def _report(self, what: str, error: OSError) -> None:
        """Once each: it is tried again at every look."""
        if what not in self._reported:
            log.warning("console %s %s: %s", self._tty, what, error.strerror)
        self._reported.add(what)

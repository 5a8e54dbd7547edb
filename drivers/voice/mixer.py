"""The volume of the sound card: one control of ALSA's mixer, set by amixer as a child process.

A child for the reasons of ogg123: a card that hangs holds up nobody. Without a mixer the voice goes on as
loud as it is; the log says so once, and when the mixer is back. One that hung is left alone for a minute: it
would delay every sentence.
"""

import logging
import time
from collections.abc import Callable

from drivers.voice.child import ChildFailed, ChildHung, run

PATIENCE_SECONDS = 3.0
ALONE_SECONDS = 60.0

log = logging.getLogger(__name__)


class Mixer:
    """card: the mixer's name for ``amixer -D``. control: a name that ``amixer -D CARD scontrols`` lists."""

    def __init__(self, card: str, control: str, now: Callable[[], float] = time.monotonic) -> None:
        self._card = card
        self._control = control
        self._percent: int | None = None
        self._missed = False
        self._now = now
        self._alone_until = 0.0

    async def set(self, percent: int) -> None:
        """Percent as alsamixer shows it, so that equal steps sound equal. Nothing happens if it is so."""
        if percent == self._percent or self._now() < self._alone_until:
            return
        self._percent = None
        try:
            await self._sset(percent)
        except ChildFailed as error:
            if isinstance(error, ChildHung):
                self._alone_until = self._now() + ALONE_SECONDS
            self._miss(str(error))
        else:
            self._percent = percent
            self._found()

    def forget(self) -> None:
        """The card may be another one: its volume is set again before the next sound."""
        self._percent = None
        self._alone_until = 0.0

    async def _sset(self, percent: int) -> None:
        command = ("amixer", "-q", "-M", "-D", self._card, "sset", self._control, f"{percent}%", "unmute")
        await run(*command, seconds=PATIENCE_SECONDS, package="alsa-utils")

    def _miss(self, reason: str) -> None:
        if not self._missed:
            log.warning(
                "the volume stays as it is: %s [voice] mixer and control: amixer -D %s scontrols lists them",
                reason,
                self._card,
            )
        self._missed = True

    def _found(self) -> None:
        if self._missed:
            log.warning("the mixer %s can be set again", self._card)
        self._missed = False

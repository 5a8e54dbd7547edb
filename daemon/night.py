"""The screen of a closed kiosk goes dark, and is lit by whoever comes or by the hour at which it opens.

It is dark only while the clock keeps the kiosk closed, nobody stands at it and nothing was left in it: an
alarm, a fault by day or a session that outlasts the hours is always seen. The touch that lights the screen
acts on nothing, since nobody could see what lay under the finger.
"""

import asyncio
from collections.abc import Callable

from hal.contracts import Display
from hal.events import DeviceChanged, Event, KeyPressed, Touched

LOOK_SECONDS = 5.0


class Night:
    """seconds: of a closed kiosk that nobody comes to, until its screen goes dark."""

    def __init__(self, display: Display, seconds: float) -> None:
        self._display = display
        self._seconds = seconds
        self._dark = False
        self._waking = False
        self._quiet_since = 0.0

    def wakes(self, event: Event) -> bool:
        """Lights the screen for whoever caused this. True: it does no more than that."""
        if isinstance(event, DeviceChanged):
            return False
        woke = self._dark
        self._quiet_since = asyncio.get_running_loop().time()
        self._light()
        if isinstance(event, Touched):
            only = woke or self._waking
            self._waking = only and event.down
            return only
        return woke and isinstance(event, KeyPressed)

    async def run(self, resting: Callable[[], bool]) -> None:
        """Looks at the clock until cancelled; then the screen is lit. resting: whether it may be dark now."""
        now = asyncio.get_running_loop().time
        self._quiet_since = now()
        try:
            while True:
                if not resting():
                    self._quiet_since = now()
                    self._light()
                elif now() - self._quiet_since >= self._seconds:
                    self._darken()
                await asyncio.sleep(LOOK_SECONDS)
        finally:
            self._light()

    def _darken(self) -> None:
        if not self._dark:
            self._dark = True
            self._display.blank(True)

    def _light(self) -> None:
        if self._dark:
            self._dark = False
            self._display.blank(False)

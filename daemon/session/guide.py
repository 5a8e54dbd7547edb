"""Voice guidance: reads lines one after the other, and falls silent for whatever comes next.

The voice knows only one sentence at a time and does not tell when it has ended, so each waits for as long as
the clip before it lasts.
"""

import asyncio
from collections.abc import Callable, Sequence

from daemon.session.reading import Line

PAUSE = 0.25


class Guide:
    """say: starts a clip (key, language). seconds: how long it lasts."""

    def __init__(self, say: Callable[[str, str], None], seconds: Callable[[str, str], float]) -> None:
        self._say = say
        self._seconds = seconds
        self._next: asyncio.TimerHandle | None = None
        self._line_ends = 0.0
        self._rest: Sequence[Line] = ()

    @property
    def ends_at(self) -> float:
        """When everything will have been read, or has been."""
        return self._line_ends + sum(PAUSE + self._seconds(line.key, line.language) for line in self._rest)

    def read(self, lines: Sequence[Line]) -> None:
        """From the first on; what was being read is not read any further."""
        self.stop()
        if not lines:
            return
        loop = asyncio.get_running_loop()
        line, *self._rest = lines
        self._say(line.key, line.language)
        self._line_ends = loop.time() + self._seconds(line.key, line.language)
        if self._rest:
            self._next = loop.call_at(self._line_ends + PAUSE, self.read, self._rest)

    def stop(self) -> None:
        """Nothing follows the line that is being said; the voice says that one to its end."""
        self._rest = ()
        if self._next is not None:
            self._next.cancel()
            self._next = None

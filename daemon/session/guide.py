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

    def read(self, lines: Sequence[Line]) -> None:
        """From the first on; what was being read is not read any further."""
        self.stop()
        if not lines:
            return
        line, *rest = lines
        self._say(line.key, line.language)
        if rest:
            after = self._seconds(line.key, line.language) + PAUSE
            self._next = asyncio.get_running_loop().call_later(after, self.read, rest)

    def stop(self) -> None:
        """The line that is being said ends, nothing follows."""
        if self._next is not None:
            self._next.cancel()
            self._next = None

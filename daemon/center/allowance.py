"""How often a terminal may ask something: so that nobody tries serials one after the other."""

from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta


class Allowance:
    """times: within ``period``, for each terminal. clock: aware times."""

    def __init__(self, times: int, period: timedelta, clock: Callable[[], datetime]) -> None:
        self._times = times
        self._period = period
        self._clock = clock
        self._asked: dict[str, deque[datetime]] = {}

    def take(self, terminal: str) -> bool:
        """Whether it may ask now; asking too often does not make the wait longer."""
        now = self._clock()
        self._forget(now)
        asked = self._asked.setdefault(terminal, deque())
        if len(asked) >= self._times:
            return False
        asked.append(now)
        return True

    def _forget(self, now: datetime) -> None:
        """What is out of the period; a clock that was put back takes what is ahead of it along."""
        for terminal, asked in list(self._asked.items()):
            while asked and not timedelta(0) <= now - asked[0] < self._period:
                asked.popleft()
            if not asked:
                del self._asked[terminal]

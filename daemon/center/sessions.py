"""Who is at which kiosk now: the sessions of the center, in memory only.

Handles are random and mean something in their session alone. A certificate has one live session: a new one
ends the one before. Documents are kept only so that a retry gets the same answer, and dropped at the end:
they are immutable bytes, which the center does not overwrite; its memory stays on its own host.
"""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from daemon.center.rules import Listing
from daemon.issuance.messages import Purpose, Reason, Refusal, Refused, Registration, SealedOrder
from daemon.issuance.numbers import is_terminal

LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True)
class Errand:
    """What the holder came for. municipality: 団体コード of who serves it. listing: what was on offer."""

    purpose: Purpose
    municipality: str
    listing: Listing


@dataclass
class Session:
    """handles: of this session → person, for everybody who may be on a certificate of the holder's.

    answers: order id → the sealed order, for a retry. reissues: void number → what replaces it, likewise.
    registration: the 利用登録 that was filed in it, likewise.
    """

    terminal: str
    id: str
    serial: str
    errand: Errand
    expires: datetime
    registration: Registration | None = None
    handles: dict[str, int] = field(default_factory=dict)
    answers: dict[str, SealedOrder] = field(default_factory=dict)
    reissues: dict[str, SealedOrder] = field(default_factory=dict)

    def persons(self, handles: Iterable[str]) -> dict[int, str]:
        """Person → handle, of those handles that this session knows."""
        return {self.handles[handle]: handle for handle in handles if handle in self.handles}


class Sessions:
    """The live sessions. random: n random bytes."""

    def __init__(self, clock: Callable[[], datetime], random: Callable[[int], bytes]) -> None:
        self._clock = clock
        self._random = random
        self._live: dict[tuple[str, str], Session] = {}

    def begin(
        self, terminal: str, id: str, serial: str, errand: Errand, persons: Iterable[int]
    ) -> dict[int, str]:
        """A new session: person → handle, a fresh one for each of them."""
        self._drop(
            lambda session: session.serial == serial or (session.terminal, session.id) == (terminal, id)
        )
        handles = {person: self._random(16).hex() for person in persons}
        session = Session(terminal, id, serial, errand, self._clock() + LIFETIME)
        session.handles = {handle: person for person, handle in handles.items()}
        self._live[terminal, id] = session
        return handles

    def find(self, terminal: str, id: str) -> Session:
        """Raises Refused: no such session, or no longer."""
        self.sweep()
        session = self._live.get((terminal, id))
        if session is None:
            raise Refused(Refusal(Reason.NOT_ENTITLED))
        return session

    def answer(self, order: str) -> SealedOrder | None:
        """What was answered to this order, as long as its session lives."""
        self.sweep()
        return next((s.answers[order] for s in self._live.values() if order in s.answers), None)

    def forget(self, order: str) -> None:
        """Wipes the documents of an order."""
        for session in self._live.values():
            session.answers.pop(order, None)
            session.reissues = {n: it for n, it in session.reissues.items() if it.order != order}

    def sweep(self) -> None:
        """Drops the sessions whose time is over."""
        self._drop(lambda _: False)

    def _drop(self, unwanted: Callable[[Session], bool]) -> None:
        now = self._clock()
        self._live = {
            key: session
            for key, session in self._live.items()
            if session.expires > now and not unwanted(session)
        }


def check_ids(id: str, terminal: str) -> None:
    """128 random bits in hex; a name that fits into a certificate number. Raises Refused."""
    if not re.fullmatch(r"[0-9a-f]{32}", id) or not is_terminal(terminal):
        raise Refused(Refusal(Reason.BAD_REQUEST))

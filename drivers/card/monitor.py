"""The thread that watches pcscd, the reader and whether a card lies on it, and tells what it sees.

It has a context of its own and survives everything: a pcscd that stops or restarts, a reader that is
unplugged. On a failure it starts again from a new context, with back-off, as an old context stays dead for
ever. It only ever looks; it never connects to a card.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass

from drivers.card import scard
from drivers.card.scard import Context, ScardError

log = logging.getLogger(__name__)

LOOK_AGAIN_MS = 1000  # old pcsc-lite tells of new readers only while it is being asked
CANCEL_AGAIN = 0.05  # seconds; a cancellation is lost if the wait has not begun
FIRST_RETRY, LAST_RETRY = 0.05, 1.0  # seconds


@dataclass(frozen=True)
class Sighting:
    """What is there now. reader None: none that matches; present None: not known.

    count: insertions and removals so far as the reader counts them; service False: no pcscd.
    """

    service: bool
    reader: str | None = None
    present: bool | None = None
    count: int = 0
    in_use: bool = False
    detail: str = ""


class Monitor:
    """prefix: of the reader's name, empty: the first. tell: called in the thread that runs ``run``."""

    def __init__(self, prefix: str, tell: Callable[[Sighting], None]) -> None:
        self._prefix = prefix
        self._tell = tell
        self._stopping = threading.Event()
        self._ended = threading.Event()
        self._context: Context | None = None
        self._retry = FIRST_RETRY

    def run(self) -> None:
        """Watches until ``stop``."""
        try:
            while not self._stopping.is_set():
                self._watch_once()
        finally:
            self._ended.set()

    def stop(self) -> None:
        """Makes ``run`` return. From any thread; may block with a pcscd that hangs."""
        self._stopping.set()
        while not self._ended.is_set() and (context := self._context) is not None:
            context.cancel()
            self._ended.wait(CANCEL_AGAIN)

    def _watch_once(self) -> None:
        """From a new context to its failure."""
        try:
            with scard.context() as context:
                self._context = context
                self._watch(context)
        except ScardError as error:
            self._fail(error)
        finally:
            self._context = None

    def _fail(self, error: ScardError) -> None:
        if self._stopping.is_set():
            return
        log.debug("pcscd: %s", error)
        if error.code in scard.READER_GONE:  # the list was out of date
            self._tell(Sighting(service=True, detail=str(error)))
        else:
            self._tell(Sighting(service=False, detail=str(error)))
        self._stopping.wait(self._retry)
        self._retry = min(self._retry * 2, LAST_RETRY)

    def _watch(self, context: Context) -> None:
        known: dict[str, int] = {}
        while not self._stopping.is_set():
            readers = context.readers()
            reader = next((name for name in readers if name.startswith(self._prefix)), None)
            if reader is None:
                self._tell(Sighting(service=True, detail=self._none_of(readers)))
            watched = [scard.PNP] if reader is None else [scard.PNP, reader]
            known = {name: known.get(name, scard.UNAWARE) for name in watched}
            changed = context.wait(list(known.items()), LOOK_AGAIN_MS)
            known |= {name: state & ~scard.CHANGED for name, state in changed.items()}
            if reader is not None:
                self._tell(_sighting(reader, known[reader]))
            self._retry = FIRST_RETRY

    def _none_of(self, readers: list[str]) -> str:
        others = f", only: {', '.join(readers)}" if readers else ""
        return f"none is called {self._prefix!r}{others}" if self._prefix else "pcscd sees none"


def _sighting(reader: str, state: int) -> Sighting:
    if state & scard.NO_READER:
        return Sighting(service=True)
    told = bool(state & (scard.PRESENT | scard.EMPTY))
    return Sighting(
        service=True,
        reader=reader,
        present=bool(state & scard.PRESENT) if told else None,
        count=state >> 16,
        in_use=bool(state & scard.IN_USE),
    )

"""The inbox of the session: every device reports here, and here alone the session waits.

What a screen has to say is said when it appears, in its language; one that insists says it again and again
until it goes. Nothing else speaks.

``ask`` shows a screen and returns what the citizen pressed; being cancelled, idle, out of time or without
the card that is needed comes as an exception, so that the session reads as one straight line. A press
counts only when finger-down and finger-up hit the same enabled button of the same screen, so that an event
from an earlier screen or session can never act on a later one (P10).

The icons of the header, the pages of a long screen, the keys of a physical keypad and the last thirty seconds
before E5 or the limit are the desk's own business: the session hears nothing of them.
"""

import asyncio
import math
from collections.abc import Callable
from dataclasses import dataclass

from daemon.session.presenter import WARNING, Aids, Face, Presenter
from daemon.session.screens import still_there
from daemon.session.spoken import Spoken
from daemon.session.widgets import Screen
from hal.contracts import CardReader
from hal.events import (
    BillHeld,
    CardPlaced,
    CardTaken,
    CashCredited,
    CashRejected,
    CashReturnPressed,
    DeviceChanged,
    Event,
    KeyPressed,
    Touched,
)

STUCK_SECONDS = 900.0
WARNING_SECONDS = 30
UNUSED_SECONDS = 60.0
"""What somebody has set at the start menu is set back when nobody goes on."""
ACTIVITY = (
    BillHeld,
    CardPlaced,
    CardTaken,
    CashCredited,
    CashRejected,
    CashReturnPressed,
    KeyPressed,
    Touched,
)


class Ended(Exception):
    """The session ends before its natural end."""


class Quit(Ended):
    """終了する, 中止する, or the return lever of the coin vendor."""


class IdleTimeout(Ended):
    """E5: nobody did anything for the idle time."""


class LimitReached(Ended):
    """The absolute limit of a session until it is funded."""


class CardGone(Ended):
    """The card left the reader while it was needed."""


@dataclass(frozen=True, repr=False)
class Pressed(Event):
    """A finished press on the screen of this name; id "": beside every button.

    Its repr is empty: an id may be a PIN digit.
    """

    screen: str
    id: str


@dataclass(frozen=True)
class Limits:
    """Seconds: idle until E5, a whole session until funded, between two spoken repeats of an alert.

    double_tap: so soon after another screen has appeared nobody can have meant a press for it.
    """

    idle: float = 300.0
    session: float = 1200.0
    repeat: float = 12.0
    double_tap: float = 0.0


class Desk:
    """One for the life of the daemon; ``begin`` opens it for a session, ``end`` closes it."""

    def __init__(
        self, face: Face, say: Callable[[Spoken], None], aids: Aids, limits: Limits | None = None
    ) -> None:
        self.limits = limits or Limits()
        self._face = face
        self._texts = aids.texts
        self._presenter = Presenter(face, say, aids, self.limits.repeat)
        self._inbox: asyncio.Queue[Event] = asyncio.Queue()
        self._down: tuple[str, str | None] | None = None
        self._active_at = 0.0
        self._begun_at: float | None = None
        self._end_told: float | None = None
        self._working = False
        self._working_since = 0.0
        self._serving = False
        self._unused: asyncio.TimerHandle | None = None
        self._appeared_at = 0.0
        self._seen = ""
        self.observe(self._appeared)

    @property
    def screen(self) -> Screen | None:
        """What is on the glass."""
        return self._presenter.screen

    def observe(self, observer: Callable[[Screen], None]) -> None:
        """Calls observer with every screen that is shown from now on, and when its buttons move."""
        self._presenter.observe(observer)

    def begin(self) -> None:
        """A new session: nothing of the one before can reach it."""
        self._inbox = asyncio.Queue()
        self._down = None
        self._begun_at = self._active_at = self._now()
        self._serving = True

    def end(self) -> None:
        """The session is over: nothing of it stays, and nothing that was kept to draw its texts faster."""
        self.begin()
        self._serving = False
        self._presenter.reset()
        self._face.forget()

    def funded(self) -> None:
        """From now on the absolute limit no longer holds."""
        self._begun_at = None

    # ------------------------------------------------------------ what devices report

    def post(self, event: Event) -> None:
        """Takes an event of any device. Called on the loop."""
        if isinstance(event, ACTIVITY) and not self._looks_around(event):
            self._active_at = self._now()
            if self._warned:
                self._end_told = self._ends_at()
            if not self._serving:
                self._put_back_later()
        if isinstance(event, Touched):
            self._touch(event)
        elif isinstance(event, KeyPressed):
            self._key(event.key)
        else:
            if isinstance(event, DeviceChanged) and event.device == "touch":
                self._lift()  # nobody tells any more where the finger went up
            self._inbox.put_nowait(event)

    def _looks_around(self, event: Event) -> bool:
        """Walking to a button of the countdown does not end it: pressing one does."""
        return isinstance(event, KeyPressed) and self._warned and event.key in ("next", "previous", "help")

    def _appeared(self, screen: Screen) -> None:
        """Another screen: what is pressed too soon was meant for the one before."""
        if screen.name != self._seen:
            self._seen, self._appeared_at = screen.name, self._now()

    @property
    def _too_soon(self) -> bool:
        return self._now() < self._appeared_at + self.limits.double_tap

    def _touch(self, event: Touched) -> None:
        hit = self._face.hit(event.x, event.y)
        here = self.screen.name if self.screen else ""
        if event.down:
            self._presenter.touched()
            if self._too_soon:
                self._down = None
                return
            self._down = (here, hit)
            if hit is not None:
                self._face.press(hit)
            return
        down, self._down = self._down, None
        self._face.release()
        if down == (here, hit):
            self._press(here, hit or "")

    def _lift(self) -> None:
        """A press that is under way is none."""
        if self._down is not None:
            self._down = None
            self._face.release()

    def _key(self, key: str) -> None:
        here = self.screen.name if self.screen else ""
        pressed = None if self._too_soon else self._presenter.key(key)
        if pressed is not None:
            self._press(here, pressed)
        elif self._warned:
            self._inbox.put_nowait(Pressed(here, ""))

    def _press(self, here: str, id: str) -> None:
        if not self._presenter.takes(id) or self._warned:
            self._inbox.put_nowait(Pressed(here, id))

    def _put_back_later(self) -> None:
        """At the start menu: what somebody has set is not for whoever comes next."""
        if self._unused is not None:
            self._unused.cancel()
        loop = asyncio.get_running_loop()
        self._unused = loop.call_later(UNUSED_SECONDS, self._put_back)

    def _put_back(self) -> None:
        if not self._serving:
            self._presenter.reset()

    # ------------------------------------------------------------ what the session does

    def show(self, screen: Screen) -> None:
        """Shows a screen while the machine itself works: the idle clock stands still until the next ask."""
        self._working, self._working_since = True, self._now()
        self._presenter.show(screen)

    async def ask(self, screen: Screen, card: CardReader | None = None) -> str:
        """Shows a screen and returns the id of the button pressed.

        Raises Quit, IdleTimeout, LimitReached; and CardGone if ``card`` is given and empty (a card that
        bounced and lies there again has not gone).
        """
        while True:
            event = await self.watch(screen, (CardTaken,) if card else ())
            if isinstance(event, CardTaken) and card is not None and not card.card_present:
                raise CardGone
            if isinstance(event, Pressed):
                return event.id

    async def watch(
        self,
        screen: Screen,
        also: tuple[type[Event], ...],
        idle: bool = True,
        seconds: float | None = None,
    ) -> Event | None:
        """Shows a screen and returns the next ``Pressed``, or event of a type in ``also``.

        idle False: no timeout of the session counts. seconds: None comes back after that long.
        Raises Quit, IdleTimeout, LimitReached.
        """
        if self._working:
            self._working = False
            self._active_at = self._now()
            self._forget_presses()
        self._presenter.show(screen)
        until = None if seconds is None else self._now() + seconds
        while until is None or self._now() < until:
            self._count_down(screen, idle)
            event = await self._next(idle, until)
            if isinstance(event, Pressed) and event.screen == screen.name and event.id:
                if event.id == "quit":
                    raise Quit
                return event
            if isinstance(event, also):
                return event
        return None

    async def linger(self, screen: Screen, seconds: float) -> None:
        """Shows a screen that closes by itself, by any of its buttons, or if it has none by any touch.

        Whoever does anything has those seconds anew, for as long as the idle time at most.
        What devices report meanwhile is kept for the next ``watch``.
        """
        self.show(screen)
        since = self._now()
        reported: list[Event] = []
        while (left := self._closes_at(since, seconds) - self._now()) > 0:
            event = await self._get(left)
            if isinstance(event, Pressed):
                if event.screen == screen.name and (event.id or not screen.buttons):
                    break
            elif event is not None:
                reported.append(event)
        for event in reported:
            self._inbox.put_nowait(event)

    def _closes_at(self, since: float, seconds: float) -> float:
        """Of a page that lingers since then."""
        times = self._presenter.access.times
        latest = since + max(seconds, self.limits.idle) * times
        return min(latest, max(since, self._active_at) + seconds * times)

    async def alive(self) -> bool:
        """Whether the session waits for somebody, or has not worked suspiciously long by itself."""
        return not self._working or self._now() - self._working_since < STUCK_SECONDS

    # ------------------------------------------------------------ inside

    def _forget_presses(self) -> None:
        """What was pressed while the machine worked was meant for what stood there before."""
        events = [self._inbox.get_nowait() for _ in range(self._inbox.qsize())]
        for event in events:
            if not isinstance(event, Pressed):
                self._inbox.put_nowait(event)

    @property
    def _warned(self) -> bool:
        """Whether the countdown stands on the glass."""
        return self.screen is not None and self.screen.name == WARNING

    def _count_down(self, screen: Screen, idle: bool) -> None:
        """The last seconds before E5 or the limit are counted on the glass.

        Who does anything sees his screen again.
        """
        if self._down is not None and self._warned:
            return  # the finger may lie on one of its buttons
        left = self._left(idle)
        warning = self._warning
        if left is None or left > warning:
            self._presenter.show(screen)
        elif left > 0:
            say, doubled = self._texts(screen.language), self._presenter.access.doubled
            page = still_there(say, math.ceil(left), math.ceil(warning), doubled, limit=self._limit_is_next)
            self._presenter.show(page)

    @property
    def _warning(self) -> float:
        """Seconds that are counted down; of a short idle time only its second half."""
        return min(WARNING_SECONDS, self.limits.idle * self._presenter.access.times / 2)

    @property
    def _limit_is_next(self) -> bool:
        """Whether the session's own limit comes before E5."""
        ends_at = self._ends_at()
        return ends_at is not None and ends_at < self._idle_at()

    def _warns_of(self, idle: bool) -> float | None:
        """The end that is counted down to. Of the limit once only: nobody can press it away."""
        told = self._limit_is_next and self._ends_at() == self._end_told
        return None if told else self._deadline(idle)

    def _left(self, idle: bool) -> float | None:
        """Seconds until then."""
        end = self._warns_of(idle)
        return None if end is None else end - self._now()

    def _tick(self, idle: bool) -> float | None:
        """When the countdown changes next."""
        end, left = self._warns_of(idle), self._left(idle)
        if end is None or left is None:
            return None
        return end - min(self._warning, max(0, math.ceil(left) - 1))

    async def _next(self, idle: bool, until: float | None) -> Event | None:
        times = [at for at in (self._deadline(idle), self._tick(idle), until) if at is not None]
        event = await self._get(min(times) - self._now() if times else None)
        if event is None:
            self._check_time(idle)
        return event

    async def _get(self, seconds: float | None) -> Event | None:
        try:
            async with asyncio.timeout(None if seconds is None else max(0.0, seconds)):
                return await self._inbox.get()
        except TimeoutError:
            return None

    def _idle_at(self) -> float:
        return self._active_at + self.limits.idle * self._presenter.access.times

    def _ends_at(self) -> float | None:
        if self._begun_at is None:
            return None
        return self._begun_at + self.limits.session * self._presenter.access.times

    def _deadline(self, idle: bool) -> float | None:
        if not idle:
            return None
        ends_at = self._ends_at()
        return self._idle_at() if ends_at is None else min(self._idle_at(), ends_at)

    def _check_time(self, idle: bool) -> None:
        if not idle:
            return
        ends_at = self._ends_at()
        if ends_at is not None and self._now() >= ends_at:
            raise LimitReached
        if self._now() >= self._idle_at():
            raise IdleTimeout

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

"""How the screens are presented to the citizen who stands there: text, colours, voice, pages and focus.

What somebody has chosen holds for the session; ``reset`` forgets it. The focus is seen once a key of the
physical keypad was pressed, and goes with the next touch of the glass. Guidance reads what appears; it never
knows more than the clips there are (`reading`).
"""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from daemon.session import reading
from daemon.session.access import LOUDNESS, NEXT, PREVIOUS, TIME, VOICE, Access
from daemon.session.guide import Guide
from daemon.session.keys import first, meaning
from daemon.session.reading import Known, Line
from daemon.session.screens import Say
from daemon.session.spoken import Spoken
from daemon.session.widgets import Button, Screen, View, buttons

WARNING = "timeout"
"""The countdown: it only covers the screen that it counts for."""


@dataclass(frozen=True)
class Place:
    """Where somebody was on the screen of this name."""

    name: str
    page: int
    focus: str


class Face(Protocol):
    """What the renderer offers: pictures of screens, and which button is where.

    order: the enabled buttons on the glass as they are read. pages: of the screen on the glass.
    """

    @property
    def order(self) -> Sequence[str]: ...

    @property
    def pages(self) -> int: ...

    def show(self, screen: Screen, view: View) -> None: ...

    def hit(self, x: int, y: int) -> str | None: ...

    def press(self, id: str) -> None: ...

    def release(self) -> None: ...

    def forget(self) -> None: ...


@dataclass(frozen=True)
class Aids:
    """texts: in a language. say: a clip, in a language. seconds: how long it lasts.

    known: the clip of a text. volume: sets the loudness in percent; None: as it is without guidance.
    """

    texts: Callable[[str], Say]
    say: Callable[[str, str], None]
    seconds: Callable[[str, str], float]
    known: Known
    volume: Callable[[int | None], None]


class Presenter:
    """say: what everybody hears, in the language of the screen. repeat: seconds between two of an alert."""

    def __init__(self, face: Face, say: Callable[[Spoken], None], aids: Aids, repeat: float) -> None:
        self.screen: Screen | None = None
        self.access = Access()
        self._face = face
        self._speak = say
        self._aids = aids
        self._guide = Guide(aids.say, aids.seconds)
        self._repeat = repeat
        self._repeating: asyncio.TimerHandle | None = None
        self._observers: list[Callable[[Screen], None]] = []
        self._focus = ""
        self._keyed = False
        self._page = 0
        self._covered = Place("", 0, "")
        self._heard_at = 0.0

    def observe(self, observer: Callable[[Screen], None]) -> None:
        """Calls observer with every screen that is shown from now on, and when its buttons move."""
        self._observers.append(observer)

    def reset(self) -> None:
        """As for somebody who has just come."""
        if self.access.guided:
            self._aids.volume(None)
        self._guide.stop()
        changed = self.access != Access() or self._focus
        self.access, self._focus, self._keyed, self._page = Access(), "", False, 0
        if changed and self.screen is not None:
            self._draw(self.screen)

    # ------------------------------------------------------------ what is shown

    def show(self, screen: Screen) -> None:
        """A screen; nothing happens if it stands there already."""
        before, self.screen = self.screen, screen
        if screen == before:
            return
        if before is None or screen.name != before.name:
            self._go_to(screen, before)
        self._draw(screen)
        if before is None or screen.speech != before.speech:
            self._announce(screen)
        elif self.access.guided and _chosen(screen, self._focus) != _chosen(before, self._focus):
            self._guide.read(self._of_focus())

    def _go_to(self, screen: Screen, before: Screen | None) -> None:
        """A screen that comes back from under the countdown is as it was left."""
        page, focus = 0, ""
        if screen.name == WARNING and before is not None:
            self._covered = Place(before.name, self._page, self._focus)
            focus = next((button.id for button in screen.buttons if button.role == "primary"), "")
        elif before is not None and (before.name, self._covered.name) == (WARNING, screen.name):
            page, focus = self._covered.page, self._covered.focus
        self._page, self._focus = page, focus if self._keyed else ""

    def _draw(self, screen: Screen) -> None:
        self._view(screen)
        order = self._face.order
        if self._keyed and self._focus not in order and not self._is_disabled(self._focus):
            self._focus = first(order)
            self._view(screen)
        for observe in self._observers:
            observe(screen)

    def _is_disabled(self, id: str) -> bool:
        """Whoever stands on a button that cannot be pressed for now stays there: it can be soon."""
        button = self._button(id)
        return button is not None and not button.enabled

    def _view(self, screen: Screen) -> None:
        say = self._aids.texts(screen.language)
        self._face.show(screen, self.access.view(say, self._focus, self._page))

    # ------------------------------------------------------------ what is heard

    def _announce(self, screen: Screen) -> None:
        if self.access.guided and not screen.urgent:
            self._guide.read(self._of_screen(screen))
        else:
            self._tell(screen)
        self._heard_at = asyncio.get_running_loop().time()
        self._insist(screen)

    def _tell(self, screen: Screen) -> None:
        """What it has to say, and nothing else that stands on it."""
        self._guide.stop()
        if screen.spoken is None:
            return
        if self.access.guided and not screen.urgent:
            self._guide.read([Line(screen.spoken, screen.language)])
        else:
            self._speak(screen.spoken)

    def _insist(self, screen: Screen) -> None:
        """Says it again after a while; never into what guidance reads, nor while somebody looks around."""
        if self._repeating is not None:
            self._repeating.cancel()
            self._repeating = None
        if screen.spoken is not None and screen.insists:
            loop = asyncio.get_running_loop()
            self._repeating = loop.call_at(self._quiet_since + self._repeat, self._again, screen)

    def _again(self, screen: Screen) -> None:
        now = asyncio.get_running_loop().time()
        if now >= self._quiet_since + self._repeat:
            self._tell(screen)
            self._heard_at = now
        self._insist(screen)

    @property
    def _quiet_since(self) -> float:
        """The last word, or under guidance the last key."""
        return max(self._heard_at, self._guide.ends_at) if self.access.guided else self._heard_at

    def _interrupt(self) -> None:
        """Somebody does something: nothing more is read of what was being read."""
        self._guide.stop()
        if self.access.guided:
            self._heard_at = asyncio.get_running_loop().time()

    def _of_screen(self, screen: Screen) -> list[Line]:
        return [*reading.of_screen(screen, self._face.pages, self._aids.known), *self._of_focus()]

    def _of_focus(self) -> list[Line]:
        """The button the keypad stands on."""
        if self.screen is None or not self._focus:
            return []
        button = self._button(self._focus)
        return reading.of_button(self.screen, button, self._aids.known) if button else []

    def _button(self, id: str) -> Button | None:
        if self.screen is None:
            return None
        view = self.access.view(self._aids.texts(self.screen.language), "", 0)
        every = (*buttons(self.screen), *view.header, *view.pager)
        return next((button for button in every if button.id == id), None)

    # ------------------------------------------------------------ what is done

    def takes(self, id: str) -> bool:
        """Whether a press of this button is the presenter's own business; if so it is done."""
        if id.startswith("access."):
            self._adapt(id)
        elif id == "more":
            self._lengthen()
        elif id in (PREVIOUS, NEXT):
            self._turn(1 if id == NEXT else -1)
        else:
            if id.startswith("key.") and self.access.guided and self.screen is not None:
                self._guide.read(reading.of_typed(self.screen, id))
            return False
        return True

    def _adapt(self, icon: str) -> None:
        before = self.access
        self.access = before.pressed(icon)
        self._page = 0
        if self.screen is None:
            return
        self._draw(self.screen)
        if icon == VOICE:
            self._guidance(self.screen)
        elif self.access.guided:
            button = self._button(icon)
            self._guide.read(reading.of_button(self.screen, button, self._aids.known) if button else [])

    def _lengthen(self) -> None:
        """Twice the time, and never half of it."""
        if not self.access.doubled:
            self._adapt(TIME)

    def _guidance(self, screen: Screen) -> None:
        """Another loudness, or silence."""
        if not self.access.guided:
            self._aids.volume(None)
            self._guide.read([Line("say.unguided", screen.language)])
            return
        self._aids.volume(LOUDNESS[self.access.voice])
        intro: list[Line] = [Line("say.guided", screen.language)] if self.access.voice == 1 else []
        self._guide.read([*intro, *self._of_screen(screen)])

    def _turn(self, by: int) -> None:
        self._page = min(max(0, self._page + by), self._face.pages - 1)
        if self.screen is None:
            return
        if self._keyed and self.access.guided:
            self._focus = ""  # on the new page it begins anew
        self._draw(self.screen)
        if self.access.guided:
            more = self._page < self._face.pages - 1
            self._guide.read([*self._of_focus(), *self._of_pages(more)])

    def _of_pages(self, more: bool) -> list[Line]:
        """What is said of a page that was turned to."""
        if self.screen is None:
            return []
        key: Spoken = "say.page" if more else "page.previous"
        return [Line(key, self.screen.language)]

    def touched(self) -> None:
        """A finger on the glass: the focus of the keypad goes, and what is read ends."""
        self._interrupt()
        if self._keyed:
            self._keyed, self._focus = False, ""
            if self.screen is not None:
                self._view(self.screen)

    def key(self, key: str) -> str | None:
        """A key of the keypad: the id of what it presses ("": beside every button), or None."""
        self._interrupt()
        if self.screen is None:
            return None
        meant = meaning(key, self.screen, self._face.order, self._focus)
        if meant.act in ("press", "touch"):
            return meant.id
        if meant.act == "help":
            self._help(self.screen)
        elif meant.act == "focus":
            self._stand_on(meant.id, self.screen)
        return None

    def _stand_on(self, id: str, screen: Screen) -> None:
        self._keyed, self._focus = True, id
        self._view(screen)
        if self.access.guided:
            self._guide.read(self._of_focus())

    def _help(self, screen: Screen) -> None:
        """Begins the guidance, or reads everything once more."""
        if not self.access.guided:
            self._adapt(VOICE)
        else:
            self._guide.read(self._of_screen(screen))


def _chosen(screen: Screen, id: str) -> bool:
    return any(button.chosen for button in buttons(screen) if button.id == id)

"""What somebody needs in order to use the kiosk, chosen by the icons of the header and kept for the session.

Large text, strong colours, voice guidance with its loudness, and twice the time. Nothing of it is written
down, and the next citizen starts without it. Pure.
"""

from dataclasses import dataclass, replace

from daemon.session.screens.common import Say
from daemon.session.widgets import Button, View

LOUDNESS = (0, 60, 80, 100)
"""Percent of the speaker's volume: off, then louder with each press."""
LARGE, CONTRAST, VOICE, TIME = "access.large", "access.contrast", "access.voice", "access.time"
PREVIOUS, NEXT = "page.previous", "page.next"


@dataclass(frozen=True)
class Access:
    """voice: place in ``LOUDNESS``."""

    large: bool = False
    strong: bool = False
    voice: int = 0
    doubled: bool = False

    @property
    def guided(self) -> bool:
        return self.voice > 0

    @property
    def times(self) -> int:
        """By how much every time limit is longer."""
        return 2 if self.doubled else 1

    def pressed(self, icon: str) -> "Access":
        """After a press of this icon."""
        match icon:
            case "access.large":
                return replace(self, large=not self.large)
            case "access.contrast":
                return replace(self, strong=not self.strong)
            case "access.voice":
                return replace(self, voice=(self.voice + 1) % len(LOUDNESS))
            case _:
                return replace(self, doubled=not self.doubled)

    def view(self, say: Say, focus: str, page: int) -> View:
        """How a screen is shown to this citizen."""
        return View(header(say, self), pager(say), focus, page, self.large, self.strong)


def header(say: Say, access: Access) -> tuple[Button, ...]:
    """The icons of every screen, from the top; each says whether it is on."""
    voice, time = say(VOICE), say(TIME)
    return (
        Button(LARGE, say(LARGE), chosen=access.large, icon="large"),
        Button(CONTRAST, say(CONTRAST), chosen=access.strong, icon="contrast"),
        Button(
            VOICE,
            f"{voice} {access.voice}" if access.guided else voice,
            chosen=access.guided,
            icon=f"voice{access.voice}",
        ),
        Button(TIME, f"{time} ×2" if access.doubled else time, chosen=access.doubled, icon="time"),
    )


def pager(say: Say) -> tuple[Button, ...]:
    """To the page before and the next one."""
    return (Button(PREVIOUS, say(PREVIOUS)), Button(NEXT, say(NEXT)))

"""The kiosk that stands on the bench now, and what its citizen has taken out of it.

Another municipality, time or speed is another kiosk: the old one is taken down with everything it had, a
new one is built in its place. The page stays and shows whichever stands there.
"""

import asyncio
from collections import deque
from dataclasses import dataclass, field
from types import TracebackType

from PIL import Image

from daemon.bench.processes import ChildFailed
from daemon.bench.recorder import Recorder
from daemon.bench.rig import Rig
from daemon.bench.setup import Setup
from drivers.card.virtual_reader import PcscdUnusable
from drivers.document.virtual import Sheet

KEPT = 30


@dataclass
class Hand:
    """What the citizen holds: the newest sheets and receipts, and coins and bills in yen."""

    sheets: deque[Sheet] = field(default_factory=lambda: deque(maxlen=KEPT))
    receipts: deque[Image.Image] = field(default_factory=lambda: deque(maxlen=KEPT))
    money: list[int] = field(default_factory=list)


class NotStanding(RuntimeError):
    """There is no kiosk at this moment; the text says why."""


class Stand:
    """``async with Stand(setup)``: a kiosk stands there, or ``problem`` says why none could be built.

    finger: the screen and the button on which it went down. recorder: while one runs; script: what the last
    one wrote.
    """

    def __init__(self, setup: Setup) -> None:
        self.setup = setup
        self.hand = Hand()
        self.problem = ""
        self.finger = ("", "")
        self.recorder: Recorder | None = None
        self.script = ""
        self.standing: Rig | None = None
        self._building = asyncio.Lock()

    @property
    def rig(self) -> Rig:
        """Raises NotStanding."""
        if self.standing is None:
            raise NotStanding(self.problem or "the kiosk is being built; a moment")
        return self.standing

    async def __aenter__(self) -> "Stand":
        await self.build(self.setup)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._take_down()

    async def build(self, setup: Setup) -> None:
        """Puts another kiosk in the place of the one that stands there."""
        async with self._building:
            await self._take_down()
            self.setup, self.hand, self.problem = setup, Hand(), ""
            self.recorder = None
            try:
                self.standing = await Rig(setup).__aenter__()
            except (ChildFailed, PcscdUnusable, ValueError, OSError) as error:
                self.problem = str(error) or type(error).__name__

    async def _take_down(self) -> None:
        rig, self.standing = self.standing, None
        if rig is not None:
            await rig.__aexit__(None, None, None)

"""What kind of kiosk the bench builds: which municipality, at what time, and how quick its devices are."""

import math
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, time, timedelta

from daemon.clock import TOKYO
from daemon.config import LARGEST_OFFSET

MOMENT = "%Y-%m-%d %H:%M"
MOMENTS = (MOMENT, f"{MOMENT}:%S")
CLOCKS = ("%H:%M", "%H:%M:%S")
OPENING = 10


@dataclass(frozen=True)
class Setup:
    """municipality: 団体コード. moment: when the kiosk believes it starts; None: an open hour of today.

    speed: of the devices (2: twice as quick, 0: they take no time). idle: seconds until E5. attendant: until
    a print job that waits for one is given up. hoppers: coins by value, where not as many as ever.
    quick_looks: the kiosk looks after its devices ten times as often as in the field, so that nobody waits.
    """

    municipality: str = "162027"
    moment: datetime | None = None
    speed: float = 1.0
    idle: float = 300.0
    attendant: float = 300.0
    hoppers: Mapping[int, int] = field(default_factory=dict)
    quick_looks: bool = True

    def __post_init__(self) -> None:
        """Raises ValueError."""
        if not 0 <= self.speed < math.inf:
            raise ValueError(f"speed = {self.speed}: how many times as quick is meant, or 0: no time at all")
        for name in ("idle", "attendant"):
            if not 0 < getattr(self, name) < math.inf:
                raise ValueError(f"{name} = {getattr(self, name)}: seconds above 0 are meant")

    def seconds(self, real: float) -> float:
        """What takes this long at speed 1."""
        return real / self.speed if self.speed else 0.0

    def offset(self, now: datetime) -> float:
        """Seconds from now to the moment. now: aware. Raises ValueError: too far away for a kiosk's clock."""
        seconds = ((self.moment or open_hour(now)) - now).total_seconds()
        if abs(seconds) > LARGEST_OFFSET:
            raise ValueError(f"{self.moment:{MOMENT}}: a moment within ten years from now is meant")
        return seconds


DEFAULT = Setup()


@dataclass(frozen=True)
class Given:
    """What the command line says of a setup; it goes before what a script says. None: nothing."""

    municipality: str | None = None
    moment: datetime | None = None
    speed: float | None = None

    def over(self, setup: Setup = DEFAULT) -> Setup:
        return replace(
            setup,
            municipality=self.municipality or setup.municipality,
            moment=self.moment or setup.moment,
            speed=setup.speed if self.speed is None else self.speed,
        )


def open_hour(now: datetime) -> datetime:
    """Ten o'clock of this day, or of the nearest one on which every municipality is open (R34)."""
    hour = now.astimezone(TOKYO).replace(hour=OPENING, minute=0, second=0, microsecond=0)
    while (hour.month, hour.day) >= (12, 29) or (hour.month, hour.day) <= (1, 3):
        hour -= timedelta(days=1)
    return hour


def parse_moment(text: str) -> datetime:
    """``2028-02-29 10:00``, with seconds or without, in Asia/Tokyo. Raises ValueError."""
    for form in MOMENTS:
        with suppress(ValueError):
            return datetime.strptime(text, form).replace(tzinfo=TOKYO)
    raise ValueError(f"{text!r}: a moment like 2028-02-29 10:00 is meant")


def parse_clock(text: str) -> time:
    """``23:00``, with seconds or without. Raises ValueError."""
    for form in CLOCKS:
        with suppress(ValueError):
            return datetime.strptime(text, form).time()
    raise ValueError(f"{text!r}: a time like 23:00 is meant")

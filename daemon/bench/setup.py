"""What kind of kiosk the bench builds: which municipality, at what time, and how quick its devices are."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from daemon.clock import TOKYO

MOMENT = "%Y-%m-%d %H:%M"
OPENING = 10


@dataclass(frozen=True)
class Setup:
    """municipality: 団体コード. moment: when the kiosk believes it starts; None: an open hour of today.

    speed: of the devices (2: twice as quick, 0: they take no time). idle: seconds until E5.
    """

    municipality: str = "162027"
    moment: datetime | None = None
    speed: float = 1.0
    idle: float = 300.0

    def seconds(self, real: float) -> float:
        """What takes this long at speed 1."""
        return real / self.speed if self.speed else 0.0

    def offset(self, now: datetime) -> float:
        """Seconds from now to the moment. now: aware."""
        return ((self.moment or open_hour(now)) - now).total_seconds()


def open_hour(now: datetime) -> datetime:
    """Ten o'clock of this day, or of the nearest one on which every municipality is open (R34)."""
    hour = now.astimezone(TOKYO).replace(hour=OPENING, minute=0, second=0, microsecond=0)
    while (hour.month, hour.day) >= (12, 29) or (hour.month, hour.day) <= (1, 3):
        hour -= timedelta(days=1)
    return hour


def parse_moment(text: str) -> datetime:
    """``2028-02-29 10:00`` in Asia/Tokyo. Raises ValueError."""
    try:
        return datetime.strptime(text, MOMENT).replace(tzinfo=TOKYO)
    except ValueError:
        raise ValueError(f"{text!r}: a moment like 2028-02-29 10:00 is meant") from None

"""How loud the voice is at which hour: in percent of what the speaker can. Pure.

No hour is silent, since the kiosk has to be able to ask for a forgotten card (R9); what is urgent is at full
volume at any hour.
"""

import re
from collections.abc import Sequence
from datetime import time

import msgspec

FULL = 100
HOUR = "([01][0-9]|2[0-3]):[0-5][0-9]"


def is_volume(percent: int) -> bool:
    return 1 <= percent <= FULL


class Hours(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename={"begin": "from", "end": "to"}):
    """from, to: "22:00", until just before ``to``; across midnight where that is earlier. volume: percent."""

    begin: str
    end: str
    volume: int

    def __post_init__(self) -> None:
        for key, hour in (("from", self.begin), ("to", self.end)):
            if not re.fullmatch(HOUR, hour):
                raise ValueError(f'{key} = {hour!r}: an hour like "22:00" is meant')
        if self.begin == self.end:
            raise ValueError(f"from and to are both {self.begin}: that is no time at all")
        if not is_volume(self.volume):
            raise ValueError(f"volume = {self.volume}: 1 to 100 percent are meant")

    def holds(self, minute: str) -> bool:
        """Whether this minute of the day ("07:00") is one of these hours."""
        if self.begin < self.end:
            return self.begin <= minute < self.end
        return minute >= self.begin or minute < self.end


def overlap(hours: Sequence[Hours]) -> tuple[int, int] | None:
    """The first two that have a minute in common, counted from 1."""
    for at, one in enumerate(hours):
        for before in range(at):
            if one.holds(hours[before].begin) or hours[before].holds(one.begin):
                return before + 1, at + 1
    return None


def volume_at(now: time, ordinary: int, hours: Sequence[Hours]) -> int:
    """Percent at this time of the day."""
    minute = f"{now:%H:%M}"
    return next((each.volume for each in hours if each.holds(minute)), ordinary)

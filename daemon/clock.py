"""The one clock: Asia/Tokyo, and whether it can be believed. A Pi has no clock of its own."""

import ctypes
from collections.abc import Callable
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

TOKYO = ZoneInfo("Asia/Tokyo")
_TIME_ERROR = 5


def clock(offset: float = 0.0) -> Callable[[], datetime]:
    """A function that gives the time now. offset: seconds to add; only ever with virtual devices."""
    shift = timedelta(seconds=offset)
    return lambda: datetime.now(TOKYO) + shift


def synchronised() -> bool:
    """Whether an NTP daemon disciplines the system clock (adjtimex(2) does not return TIME_ERROR)."""
    state = ctypes.CDLL(None).adjtimex(ctypes.create_string_buffer(512))
    return bool(0 <= state < _TIME_ERROR)

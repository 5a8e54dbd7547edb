"""Gives memory back to the system when a session is over: what is not ours any more holds nothing of anybody.

glibc keeps what was freed for the next use; a kiosk's rest is long and its sessions are short.
"""

import ctypes
import gc
from contextlib import suppress

from daemon.session.entries import Entry


def after_session(entry: Entry) -> None:
    """To be told of each entry of the journal. Does nothing where the C library is not glibc."""
    if entry.event == "session.ended":
        give_back()


def give_back() -> None:
    """Collects what refers to itself, then returns the free pages."""
    gc.collect()
    with suppress(OSError, AttributeError):
        ctypes.CDLL(None).malloc_trim(0)

"""Ready and alive, for systemd: READY=1 once, WATCHDOG=1 while loop, session, cash and journal all live.

A hung reader is a fault, not a reason to be restarted in the middle of a paid session; so only those four
are asked.
"""

import asyncio
import logging
import os
from collections.abc import Awaitable, Callable, Mapping

from cysystemd.daemon import Notification, notify

from daemon.session.journal import JournalBroken

log = logging.getLogger(__name__)

ANSWER_SECONDS = 5.0

Part = Callable[[], Awaitable[bool]]


def ready() -> None:
    """The first screen is shown and the journal is settled."""
    _tell(Notification.READY)


def status(text: str) -> None:
    """One line for ``systemctl status``."""
    _tell(Notification.STATUS, text)


async def feed_watchdog(parts: Mapping[str, Part]) -> None:
    """Feeds the watchdog at half its period while every part answers in time. Ends at once without one."""
    period = int(os.environ.get("WATCHDOG_USEC", "0")) / 1e6
    while period:
        silent = [name for name, alive in parts.items() if not await _answers(alive)]
        if silent:
            log.critical("not feeding the watchdog: no life in %s", ", ".join(silent))
        else:
            _tell(Notification.WATCHDOG)
        await asyncio.sleep(period / 2)


def _tell(what: Notification, text: str = "") -> None:
    """Nothing without systemd."""
    if "NOTIFY_SOCKET" in os.environ:
        notify(what, text)


async def _answers(alive: Part) -> bool:
    try:
        async with asyncio.timeout(ANSWER_SECONDS):
            return await alive()
    except (TimeoutError, JournalBroken):
        return False

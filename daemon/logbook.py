"""Every journal entry also goes to the log: structured under systemd (``journalctl -x``), a line elsewhere.

Entries hold no personal data by the catalogue's word, so they can be shown whole.
"""

import logging
import os
from collections.abc import Callable, Mapping

from cysystemd import journal as systemd

from daemon.session.catalogue import EventKind
from daemon.session.entries import Entry

log = logging.getLogger("madoguchi.journal")


def writer(kinds: Mapping[str, EventKind]) -> Callable[[Entry], None]:
    """An observer of the journal."""
    if "JOURNAL_STREAM" not in os.environ:
        return lambda entry: log.info("%s", _line(entry))
    return lambda entry: _send(kinds[entry.event], entry)


def _line(entry: Entry) -> str:
    fields = " ".join(f"{name}={value}" for name, value in entry.data.items())
    return f"{entry.event} {entry.session[:8]} {fields}".strip()


def _send(kind: EventKind, entry: Entry) -> None:
    fields = {f"madoguchi_{name}": str(value) for name, value in entry.data.items()}
    systemd.send(
        message=_line(entry),
        message_id=kind.message_id,
        priority=kind.priority,
        syslog_identifier="madoguchi",
        madoguchi_event=entry.event,
        madoguchi_session=entry.session,
        **fields,
    )

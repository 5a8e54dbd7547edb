"""Every journal entry also goes to the log: structured under systemd (``journalctl -x``), a line elsewhere.

Entries hold no personal data by the catalogue's word, so they can be shown whole.
"""

import logging
import os
from collections.abc import Callable, Mapping

from cysystemd import journal as systemd

from daemon.session.catalogue import EventKind, FaultKind
from daemon.session.entries import Entry

log = logging.getLogger("madoguchi.journal")

CRITICAL = 2


def writer(events: Mapping[str, EventKind], faults: Mapping[str, FaultKind]) -> Callable[[Entry], None]:
    """An observer of the journal. A fault goes by its own message id: ``journalctl -x`` says what to do."""
    if "JOURNAL_STREAM" not in os.environ:
        return lambda entry: log.info("%s", _line(entry))

    def write(entry: Entry) -> None:
        kind = events[entry.event]
        fault = faults.get(str(entry.data.get("code", "")))
        _send(entry, fault.message_id if fault else kind.message_id, kind.priority)

    return write


def tell(fault: FaultKind, detail: str) -> None:
    """For a fault that no entry of the journal can tell of: that of the journal itself."""
    if "JOURNAL_STREAM" not in os.environ:
        log.critical("%s: %s", fault.code, detail)
        return
    systemd.send(
        message=f"{fault.code}: {detail}",
        message_id=fault.message_id,
        priority=CRITICAL,
        syslog_identifier="madoguchi",
        madoguchi_code=fault.code,
        madoguchi_detail=detail,
    )


def _line(entry: Entry) -> str:
    fields = " ".join(f"{name}={value}" for name, value in entry.data.items())
    return f"{entry.event} {entry.session[:8]} {fields}".strip()


def _send(entry: Entry, message_id: str, priority: int) -> None:
    fields = {f"madoguchi_{name}": str(value) for name, value in entry.data.items()}
    systemd.send(
        message=_line(entry),
        message_id=message_id,
        priority=priority,
        syslog_identifier="madoguchi",
        madoguchi_event=entry.event,
        madoguchi_session=entry.session,
        **fields,
    )

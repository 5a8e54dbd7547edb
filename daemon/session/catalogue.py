"""The two catalogues, ``assets/events.toml`` and ``assets/faults.toml``, as values."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class EventKind:
    """fields: what an entry of this event may carry. message_id, priority: for journald."""

    name: str
    fields: frozenset[str]
    message_id: str
    priority: int


@dataclass(frozen=True)
class FaultKind:
    """sell: whether the kiosk can sell with it. citizen: language → what he is told ("": nothing)."""

    code: str
    severity: str
    sell: bool
    message_id: str
    citizen: Mapping[str, str]


def load_events(assets: Path) -> Mapping[str, EventKind]:
    """The events of the journal, by name."""
    return {
        name: EventKind(name, frozenset(table["fields"]), table["message_id"], table["priority"])
        for name, table in _read(assets / "events.toml").items()
    }


def load_faults(assets: Path) -> Mapping[str, FaultKind]:
    """The faults of ``hal.faults``, by code."""
    return {
        code: FaultKind(code, table["severity"], table["sell"], table["message_id"], table["citizen"])
        for code, table in _read(assets / "faults.toml").items()
    }


def _read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))

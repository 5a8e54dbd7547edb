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


def load_events(assets: Path) -> Mapping[str, EventKind]:
    """The events of the journal, by name."""
    return {
        name: EventKind(name, frozenset(table["fields"]), table["message_id"], table["priority"])
        for name, table in _read(assets / "events.toml").items()
    }


def load_blocking(assets: Path) -> Mapping[str, bool]:
    """Fault code → whether the kiosk cannot sell with it."""
    return {code: not table["sell"] for code, table in _read(assets / "faults.toml").items()}


def _read(path: Path) -> Mapping[str, Any]:
    return tomllib.loads(path.read_text("utf-8"))

"""What the journal is made of, as values: a record to be written, an entry that is on disk. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

Value = str | int | bool | None | list[str] | dict[str, str]


@dataclass(frozen=True)
class Record:
    """An entry to be. key: written at most once for ever; a second one with the same key is dropped."""

    event: str
    session: str = ""
    data: Mapping[str, Value] = field(default_factory=dict)
    key: str | None = None


@dataclass(frozen=True)
class Entry:
    """An entry that is on disk. seq orders entries; ``at`` is wall time and may jump."""

    seq: int
    at: datetime
    boot: str
    session: str
    event: str
    data: Mapping[str, Value]
    hash: str

    def number(self, name: str) -> int:
        """An integer field."""
        value = self.data[name]
        assert isinstance(value, int)
        return value

    def text(self, name: str) -> str:
        """A string field."""
        value = self.data[name]
        assert isinstance(value, str)
        return value

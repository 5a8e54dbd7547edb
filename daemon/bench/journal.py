"""The kiosk's journal, read beside the running daemon."""

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import msgspec


class Line(msgspec.Struct, frozen=True):
    """An entry. at: ISO 8601, the kiosk's clock. data: the fields that assets/events.toml declares."""

    seq: int
    at: str
    session: str
    event: str
    data: dict[str, object]


def read_lines(path: Path, newest: int = -1) -> tuple[Line, ...]:
    """All entries, or so many of the newest, oldest first. Raises sqlite3.Error: it cannot be read now."""
    query = "SELECT seq, at, session, event, data FROM entries ORDER BY seq DESC LIMIT ?"
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
        rows = database.execute(query, (newest,)).fetchall()
    return tuple(
        Line(seq, at, session, event, json.loads(data)) for seq, at, session, event, data in reversed(rows)
    )

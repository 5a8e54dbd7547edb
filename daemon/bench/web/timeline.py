"""The newest lines of the kiosk's journal, read beside the running daemon."""

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


def last_lines(path: Path, number: int) -> tuple[Line, ...]:
    """So many entries at most, oldest first; none while there is no journal yet."""
    query = "SELECT seq, at, session, event, data FROM entries ORDER BY seq DESC LIMIT ?"
    try:
        with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as database:
            rows = database.execute(query, (number,)).fetchall()
    except sqlite3.OperationalError:
        return ()
    return tuple(
        Line(seq, at, session, event, json.loads(data)) for seq, at, session, event, data in reversed(rows)
    )

"""The registry's database: how it is opened, and that it is at the schema of this program.

A file is made and changed by the migrations alone (``daemon.center.upgrade``). The center never changes a
file that holds anything: it refuses one that is out of date and says which command brings it up to date.
"""

import logging
from pathlib import Path

from sqlalchemy import Connection, Engine, create_engine, event, insert, inspect, select, text
from sqlalchemy.engine.interfaces import DBAPIConnection
from sqlalchemy.pool import StaticPool

from daemon.center import tables

FIRST = "0001"
"""The schema of files that were made before there were migrations, and carry no number."""


logging.getLogger("alembic").setLevel(logging.WARNING)  # what its plug-ins say at import is no news here

MADE_UP = "made-up"


class SchemaError(ValueError):
    """A database of another schema. The text names the file and what to do."""


def open_engine(path: Path | None) -> Engine:
    """An SQLite file, or memory (path None); usable from any one thread at a time.

    An empty file gets the tables; so does memory, without the migrations, which the tests prove to be equal:
    it is made hundreds of times. Raises SchemaError.
    """
    if path is None:
        engine = create_engine(
            "sqlite://",
            poolclass=StaticPool,
            connect_args={"check_same_thread": False},
            hide_parameters=True,
        )
        event.listen(engine, "connect", _prepare)
        tables.metadata.create_all(engine)
        return engine
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    _check(engine, path)
    return engine


def new_sample_file(path: Path) -> Engine:
    """An empty registry for invented people, in the place of one that was there. It need not outlive a power
    cut, and waits for no disk. Raises OSError.
    """
    for file in (path, path.with_name(f"{path.name}-wal"), path.with_name(f"{path.name}-shm")):
        file.unlink(missing_ok=True)
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    event.listen(engine, "connect", _prepare)
    event.listen(engine, "connect", lambda connection, _: connection.execute("PRAGMA synchronous=OFF"))
    tables.metadata.create_all(engine)
    return engine


def is_made_up(engine: Engine) -> bool:
    """Whether its people are invented: then it is a sample, and real kiosks are refused."""
    with engine.connect() as connection:
        return connection.execute(select(tables.marks).filter_by(name=MADE_UP)).first() is not None


def mark_made_up(connection: Connection) -> None:
    """There is no way back: whoever was added since is among invented people."""
    if connection.execute(select(tables.marks).filter_by(name=MADE_UP)).first() is None:
        connection.execute(insert(tables.marks).values(name=MADE_UP))


def schema_of(engine: Engine) -> str:
    """The number of its migration; empty: no tables at all. Raises SchemaError: it is no registry."""
    names = inspect(engine).get_table_names()
    if names and "residents" not in names:
        raise SchemaError(f"{engine.url.database}: holds the tables of something else, and is no registry")
    if "alembic_version" in names:
        with engine.connect() as connection:
            return str(connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one())
    return FIRST if names else ""


def _check(engine: Engine, path: Path) -> None:
    found = schema_of(engine)
    if not found:
        from daemon.center.upgrade import upgrade  # noqa: PLC0415  alembic, for the first start alone

        upgrade(path)
    elif found < tables.SCHEMA:
        engine.dispose()
        raise SchemaError(
            f"{path}: the registry has schema {found}, this program needs {tables.SCHEMA}; stop the center, "
            "copy the file, then: madoguchi registry migrate --config FILE (the center's settings)"
        )
    elif found > tables.SCHEMA:
        engine.dispose()
        raise SchemaError(
            f"{path}: the registry has schema {found}, newer than this program's {tables.SCHEMA}: "
            "install the program that made it"
        )


def _prepare(connection: DBAPIConnection, _record: object) -> None:
    cursor = connection.cursor()
    for pragma in ("foreign_keys=ON", "journal_mode=WAL", "synchronous=FULL"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()

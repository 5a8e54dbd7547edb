"""Brings a registry's file to the schema of this program: all of it in one transaction, or nothing.

The steps are Alembic's, in ``daemon/center/migrations``. A file from before there were migrations is taken
for one of the first schema.
"""

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine.interfaces import DBAPIConnection

from daemon.center import tables
from daemon.center.database import FIRST, schema_of

MIGRATIONS = Path(__file__).parent / "migrations"


def upgrade(path: Path, municipality: str = "", prefix: str = "") -> tuple[str, str]:
    """(schema before, and now). Raises ValueError: a reference that leads nowhere; nothing is changed then.

    municipality: 団体コード of all households of a file of the first schema, and of those of its koseki whose
    本籍 begins with prefix (北海道石狩市); of the others only the text is known.
    """
    engine = migrating_engine(path)
    try:
        before = schema_of(engine)
        with engine.begin() as connection:
            config = config_for(connection)
            config.attributes["municipality"] = (municipality, prefix)
            if before == FIRST:
                command.stamp(config, FIRST)
            command.upgrade(config, "head")
            _check_references(connection, path)
        return before, tables.SCHEMA
    finally:
        engine.dispose()


def config_for(connection: Connection) -> Config:
    """Alembic's, over a connection of ours; it reads no file and sets up no logging."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config


def newest() -> str:
    """The number of the last migration there is."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.set_main_option("path_separator", "os")
    return str(ScriptDirectory.from_config(config).get_current_head())


def migrating_engine(path: Path) -> Engine:
    """Under it tables are rebuilt: references are not followed, and the transaction holds the tables too."""
    engine = create_engine(f"sqlite:///{path}", hide_parameters=True)
    event.listen(engine, "connect", _by_hand)
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def _by_hand(connection: DBAPIConnection, _record: object) -> None:
    """Python's sqlite3 would commit before each change of a table."""
    connection.isolation_level = None


def _check_references(connection: Connection, path: Path) -> None:
    lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
    if lost:
        found = ", ".join(sorted({row[0] for row in lost}))
        raise ValueError(f"{path}: {len(lost)} rows refer to rows that are not there, in: {found}")

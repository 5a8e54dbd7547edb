"""A sample municipality of any size from a seed: invented people with families, moves and deaths.

The same seed, people, profiles and day give the same registry, whichever machine makes it. Memory does not
grow with the number of people: clans are written down as they are made up, and all of it is one transaction.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from random import Random

from sqlalchemy import Connection, Engine, Table, func, insert, select

from daemon.center import tables
from daemon.center.database import mark_made_up
from daemon.center.generator import places
from daemon.center.generator.belongings import Belongings
from daemon.center.generator.clans import Genealogist
from daemon.center.generator.records import Rows, write
from daemon.issuance.profile import Profile

CHUNK = 2000
"""People that are written at a time."""


def generate(
    engine: Engine, people: int, seed: int, profiles: Sequence[Profile], today: date
) -> tuple[str, ...]:
    """Adds so many residents of these municipalities; the serials of their cards (lower-case hex).

    Their relatives who have died, moved out or live elsewhere come on top. Raises ValueError: nobody, or
    nowhere to live.
    """
    if people < 1 or not profiles:
        raise ValueError("a municipality needs at least one profile and one person")
    random = Random(seed)
    belongings = Belongings(random, today)
    with engine.begin() as connection:
        mark_made_up(connection)
        ids = (
            _last(connection, tables.residents),
            _last(connection, tables.households),
            _last(connection, tables.koseki),
        )
        genealogist = Genealogist(random, today, places.served(profiles), ids)
        rows: Rows = defaultdict(list)
        waiting = 0
        while people:
            clan = genealogist.clan(people)
            people -= clan.size
            waiting += clan.size
            write(clan, rows)
            belongings.write(clan, rows)
            if waiting >= CHUNK or not people:
                _insert(connection, rows)
                waiting = 0
    return tuple(belongings.serials)


def _last(connection: Connection, table: Table) -> int:
    return connection.execute(select(func.max(table.c.id))).scalar_one() or 0


def _insert(connection: Connection, rows: Rows) -> None:
    for table in tables.metadata.sorted_tables:
        if rows[table]:
            connection.execute(insert(table), rows[table])
    rows.clear()

"""The sample registry: invented people of both municipalities in one database, for bench and tests.

Nobody here exists, and the check digits of the 個人番号 are wrong on purpose. Serials are fixed, so that the
bench's cards match; dates that matter to a rule are relative to the given day.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from sqlalchemy import Engine, insert

from daemon.center import tables
from daemon.center.database import mark_made_up
from daemon.center.sample.ishikari import ISHIKARI
from daemon.center.sample.rows import Everybody, rows_of
from daemon.center.sample.takaoka import TAKAOKA
from daemon.center.sample.town import SampleHolder, Town
from daemon.issuance.calendar import certificate_good_through

TOWNS: Mapping[str, Town] = {town.code: town for town in (TAKAOKA, ISHIKARI)}
"""By 団体コード."""

SAMPLE_HOLDERS = TAKAOKA.holders


def holders(municipality: str) -> Mapping[str, SampleHolder]:
    """The sample cards of a municipality, by short name. Raises ValueError: it has none."""
    return _town(municipality).holders


def card_dates(key: str, today: date, municipality: str = "162027") -> tuple[date, date]:
    """(issued, good through) of this sample card's certificate, as its holder's birthday makes them (R7)."""
    town = _town(municipality)
    issued = today - timedelta(days=365)
    births = {person.id: person.born for person in town.people(today)}
    born = births.get(town.holders[key].resident, date(1990, 6, 15))
    return issued, certificate_good_through(issued, born, 5, None)


def sample_registry(engine: Engine, today: date) -> None:
    """Fills empty tables with the people of all towns."""
    everybody = Everybody.of(TOWNS.values(), today)
    towns = [rows_of(town, everybody, today) for town in TOWNS.values()]
    with engine.begin() as connection:
        mark_made_up(connection)
        for table in tables.metadata.sorted_tables:
            values = [row for rows in towns for row in rows.get(table, ())]
            if values:
                connection.execute(insert(table), values)


def _town(municipality: str) -> Town:
    if municipality not in TOWNS:
        raise ValueError(f"no sample residents of {municipality}; there are some of {', '.join(TOWNS)}")
    return TOWNS[municipality]

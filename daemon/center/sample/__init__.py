"""The sample registry: invented people of either municipality, for bench and tests.

Nobody here exists, and the check digits of the 個人番号 are wrong on purpose. Serials are fixed, so that the
bench's cards match; dates that matter to a rule are relative to the given day.
"""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, timedelta

from sqlalchemy import Engine, insert

from daemon.center import tables
from daemon.center.sample.ishikari import ISHIKARI
from daemon.center.sample.takaoka import TAKAOKA
from daemon.center.sample.town import Person, SampleHolder, Town
from daemon.issuance.calendar import certificate_good_through

TOWNS: Mapping[str, Town] = {"162027": TAKAOKA, "012351": ISHIKARI}
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


def sample_registry(engine: Engine, today: date, municipality: str = "162027") -> None:
    """Fills empty tables. Raises ValueError: there is no sample of this municipality."""
    town = _town(municipality)
    people = town.people(today)
    rows = {
        tables.households: [{"id": key, "head": head} for key, head in town.households.items()],
        tables.koseki: [
            {"id": key, "honseki": at, "hittosha": who} for key, (at, who) in town.koseki.items()
        ],
        tables.residents: [asdict(person) for person in people],
        tables.addresses: [row for person in people for row in _addresses(town, person)],
        tables.seals: [{"resident": key, "registered": day} for key, day in town.seals.items()],
        tables.certificates: [_certificate(one, today) for one in town.holders.values() if one.resident],
    }
    with engine.begin() as connection:
        for table, values in rows.items():
            connection.execute(insert(table), values)


def _town(municipality: str) -> Town:
    if municipality not in TOWNS:
        raise ValueError(f"no sample residents of {municipality}; there are some of {', '.join(TOWNS)}")
    return TOWNS[municipality]


def _addresses(town: Town, person: Person) -> list[dict[str, object]]:
    """The present home; before it, for some, another one."""
    since = person.resident_since
    filed = since + timedelta(days=2)
    rows: list[dict[str, object]] = [_address(person.id, town.homes[person.household], since, filed, None)]
    if person.id in town.former_homes:
        before = min(date(2005, 10, 1), since - timedelta(days=365))
        rows.append(_address(person.id, town.former_homes[person.id], before, before, since))
    return rows


def _address(resident: int, text: str, since: date, filed: date, until: date | None) -> dict[str, object]:
    return {"resident": resident, "text": text, "since": since, "filed": filed, "until": until}


def _certificate(holder: SampleHolder, today: date) -> dict[str, object]:
    filed = today - timedelta(days=holder.moved_in_days_ago) if holder.moved_in_days_ago else None
    return {
        "serial": f"{holder.serial:x}",
        "resident": holder.resident,
        "active_from": today - timedelta(days=364),
        "revoked": holder.revoked,
        "filed": filed,
    }

"""A clan as rows of the registry's tables: residents and households, koseki with matters, 附票."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import asdict
from datetime import date, timedelta

from sqlalchemy import Table

from daemon.center import tables
from daemon.center.generator.people import Clan, Koseki, Person
from daemon.center.made import matters
from daemon.center.made.numbers import no_mynumber

Row = dict[str, object]
Rows = defaultdict[Table, list[Row]]

NUMBERS = 80_000_000_000
"""Where 個人番号 of generated people begin."""


def write(clan: Clan, rows: Rows) -> None:
    """Adds what the registers say of these people."""
    for home in clan.households:
        rows[tables.households].append({"id": home.id, "municipality": home.at.code, "head": home.head})
    for koseki in clan.koseki:
        rows[tables.koseki].append(
            {
                "id": koseki.id,
                "municipality": koseki.at.code,
                "honseki": koseki.honseki,
                "hittosha": koseki.hittosha,
                "pending": koseki.pending if koseki.at.served else None,
            }
        )
    for person in clan.people:
        rows[tables.residents].append(_resident(person))
        rows[tables.addresses].extend(_addresses(person))
        if person.foreign:
            rows[tables.foreigners].append({"resident": person.id, **asdict(person.foreign)})
    for koseki in clan.koseki:
        if koseki.at.served:
            _write_koseki(koseki, rows)


# ---------------------------------------------------------------- residents


def _resident(person: Person) -> Row:
    near = person.before is not None and person.before[2]
    return {
        "id": person.id,
        "household": person.household.id if person.household else None,
        "koseki": person.koseki.id if person.koseki else None,
        "name": person.name,
        "kana": person.kana,
        "born": person.born,
        "sex": person.sex,
        "relation": person.relation,
        "resident_since": person.before[1] if near and person.before else person.since,
        "mynumber": no_mynumber(NUMBERS + person.id),
        "state": person.state,
        "former_name": person.former_name,
        "alias": person.alias,
    }


def _addresses(person: Person) -> Iterator[Row]:
    """Oldest first; filed some days after a move, on the day of a birth. Who moved out has no present one."""
    if person.household is None:
        return
    since = person.since
    if person.before is not None:
        text, first, _ = person.before
        yield _address(person.id, text, first, first, since)
    filed = since + timedelta(days=person.id % 14) if since > person.born else since
    gone = max(person.gone, since) if person.state == "moved-out" and person.gone else None
    yield _address(person.id, person.household.address, since, filed, gone)


def _address(resident: int, text: str, since: date, filed: date, until: date | None) -> Row:
    return {"resident": resident, "text": text, "since": since, "filed": filed, "until": until}


# ---------------------------------------------------------------- koseki


def _write_koseki(koseki: Koseki, rows: Rows) -> None:
    """戸籍事項, then everybody in the order of the entries."""
    rows[tables.koseki_matters].append(_matter(koseki, None, matters.founding(koseki.made)))
    written = [
        person
        for person in (*koseki.couple, *koseki.children)
        if person.id not in koseki.removed
        or matters.is_carried_over(koseki.made, koseki.removed[person.id].day)
    ]
    for place, person in enumerate(written, start=1):
        rows[tables.koseki_members].append(_member(koseki, place, person))
        for matter in _own_matters(koseki, person):
            rows[tables.koseki_matters].append(_matter(koseki, person.id, matter))
        rows[tables.fuhyo_stays].extend(_stays(koseki, person))


def _matter(koseki: Koseki, person: int | None, matter: matters.Matter) -> Row:
    title, lines = matter
    return {"koseki": koseki.id, "person": person, "title": title, "lines": lines}


def _member(koseki: Koseki, place: int, person: Person) -> Row:
    removal = koseki.removed.get(person.id)
    full_name = removal.name if removal else person.name
    couple = person in koseki.couple and len(koseki.couple) == 2
    return {
        "koseki": koseki.id,
        "person": person.id,
        "place": place,
        "name": person.given.text,
        "full_name": full_name,
        "father": person.father,
        "mother": person.mother,
        "relation": person.rank,
        "spouse": ("夫" if person.sex == "男" else "妻") if couple else "",
        "removed": removal is not None,
    }


def _own_matters(koseki: Koseki, person: Person) -> Iterator[matters.Matter]:
    yield matters.birth(person.born, koseki.at.name, "父" if person.father else "母")
    before = f"{koseki.at.name}中央町九千番地 {person.father}"
    if person in koseki.couple and len(koseki.couple) == 2:
        spouse = koseki.couple[1 - koseki.couple.index(person)]
        maiden = f"{spouse.father.partition(' ')[0]} {spouse.given.text}"
        yield matters.marriage(koseki.made, maiden, before)
    elif koseki.separated:
        yield matters.separated(koseki.made, before)
    removal = koseki.removed.get(person.id)
    if removal is None:
        return
    if removal.how == "death":
        yield matters.death(removal.day, koseki.at.name)
    elif removal.how == "child":
        yield matters.left_with_child(removal.day, removal.honseki)
    else:
        yield matters.married_away(removal.day, removal.spouse, removal.honseki, "夫の氏")


def _stays(koseki: Koseki, person: Person) -> Iterator[Row]:
    """Where somebody has lived since the koseki was made, until the removal from it."""
    removal = koseki.removed.get(person.id)
    end = removal.day if removal else date.max
    begin = max(koseki.made, person.born, matters.COMPUTERISED)
    known: list[tuple[str, date]] = []
    if person.before is not None:
        known.append((person.before[0], person.before[1]))
    if person.household is not None:
        known.append((person.household.address, person.since))
    for place, (address, since) in enumerate(known):
        until = known[place + 1][1] if place + 1 < len(known) else date.max
        if until > begin and (since < end or place == 0):
            yield {"koseki": koseki.id, "person": person.id, "address": address, "since": since}

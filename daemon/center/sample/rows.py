"""From a town as it is written down to the rows of the registry's tables."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import date, timedelta

from sqlalchemy import Table

from daemon.center import tables
from daemon.center.made import matters, seal, taxes
from daemon.center.sample.town import Family, Person, Relative, SampleHolder, Town
from daemon.issuance.calendar import has_reached

Row = dict[str, object]
TAX_YEARS = 6
ADULT = 20
PHONES = ("android", "iphone")
MOVED_OUT_DAYS_AGO = 45


@dataclass(frozen=True)
class Everybody:
    """Of all towns, by id: a koseki of one may hold somebody who lives in another one."""

    people: Mapping[int, Person]
    homes: Mapping[int, str]
    former_homes: Mapping[int, str]

    @classmethod
    def of(cls, towns: Iterable[Town], today: date) -> "Everybody":
        everywhere = list(towns)
        return cls(
            {person.id: person for town in everywhere for person in town.people(today)},
            {key: home.address for town in everywhere for key, home in town.households.items()},
            {key: text for town in everywhere for key, text in town.former_homes.items()},
        )

    def stays(self, person: Person) -> list[tuple[str, date]]:
        """(address, 住所を定めた年月日), oldest first; none of who lives where nobody here knows."""
        if person.household is None or person.resident_since is None:
            return []
        since = person.resident_since
        now = (self.homes[person.household], since)
        if person.id not in self.former_homes:
            return [now]
        before = max(min(date(2005, 10, 1), since - timedelta(days=365)), person.born)
        return [(self.former_homes[person.id], before), now]


def rows_of(town: Town, everybody: Everybody, today: date) -> dict[Table, list[Row]]:
    """What the registry holds of this town."""
    people = everybody.people
    own = town.people(today)
    foreign = [(person.id, person.foreign) for person in own if person.foreign]
    return {
        tables.households: [
            {"id": key, "municipality": home.municipality or town.code, "head": home.head}
            for key, home in town.households.items()
        ],
        tables.koseki: [_koseki(key, family, today) for key, family in town.koseki.items()],
        tables.residents: [_resident(person) for person in own],
        tables.foreigners: [{"resident": key, **asdict(facts)} for key, facts in foreign],
        tables.addresses: [row for person in own for row in _addresses(person, everybody, today)],
        tables.koseki_members: [
            _member(key, place, relative, people[relative.person])
            for key, family in town.koseki.items()
            for place, relative in enumerate(family.members, start=1)
        ],
        tables.koseki_matters: [
            row for key, family in town.koseki.items() for row in _matters(key, family, people)
        ],
        tables.fuhyo_stays: [
            row for key, family in town.koseki.items() for row in _stays(key, family, everybody)
        ],
        tables.seals: [_seal(key, town) for key in town.seals],
        tables.taxes: [row for person in own for row in _taxes(town, person, everybody, today)],
        tables.certificates: [_certificate(one, today) for one in town.holders.values() if one.resident],
        tables.blocks: [
            {"resident": key, "kind": one.kind, "cause": one.cause, "entered": _ago(today, one.days_ago)}
            for key, one in town.blocks.items()
        ],
        tables.registrations: [
            {
                "person": key,
                "municipality": one.municipality,
                "filed": _ago(today, one.days_ago),
                "ready": _ago(today, one.days_ago - one.days),
            }
            for key, one in town.registrations.items()
        ],
    }


def _ago(today: date, days: int) -> date:
    return today - timedelta(days=days)


# ---------------------------------------------------------------- residents


def _resident(person: Person) -> Row:
    return {field.name: getattr(person, field.name) for field in fields(Person) if field.name != "foreign"}


def _addresses(person: Person, everybody: Everybody, today: date) -> Iterator[Row]:
    """The present home; before it, for some, another one. Who moved out has no present home here."""
    stays = everybody.stays(person)
    gone = _ago(today, MOVED_OUT_DAYS_AGO) if person.state == "moved-out" else None
    for place, (text, since) in enumerate(stays):
        last = place == len(stays) - 1
        filed = since + timedelta(days=2) if last else since
        until = gone if last else stays[place + 1][1]
        yield {"resident": person.id, "text": text, "since": since, "filed": filed, "until": until}


def _seal(key: int, town: Town) -> Row:
    one = town.seals[key]
    image = seal.draw(one.text, key)
    return {"resident": key, "registered": one.registered, "abolished": one.abolished, "image": image}


def _certificate(holder: SampleHolder, today: date) -> Row:
    filed = _ago(today, holder.moved_in_days_ago) if holder.moved_in_days_ago else None
    leaving = _ago(today, -holder.leaves_in_days) if holder.leaves_in_days else None
    return {
        "serial": f"{holder.serial:x}",
        "resident": holder.resident,
        "active_from": _ago(today, 364),
        "phone": holder.kind in PHONES,
        "revoked": holder.revoked,
        "filed": filed,
        "leaving": leaving,
    }


def _taxes(town: Town, person: Person, everybody: Everybody, today: date) -> Iterator[Row]:
    """Of the latest years in which a grown-up lived here on 1 January. The year before last's is paid."""
    home = town.households.get(person.household or 0)
    if home is None or home.municipality or person.state != "resident":
        return
    family = [one for one in everybody.people.values() if one.household == person.household]
    supports = person.relation == "世帯主"
    for year in range(today.year - TAX_YEARS + 1, today.year + 1):
        first = date(year, 1, 1)
        since = person.resident_since or date.max
        if since > first or not has_reached(ADULT, person.born, first):
            continue
        children = [one for one in family if one.relation == "子" and supports and one.born < first]
        minors = sum(not has_reached(16, one.born, first) for one in children)
        grown = sum(
            has_reached(16, one.born, first) and not has_reached(23, one.born, first) for one in children
        )
        spouse = supports and any(
            one.relation in ("夫", "妻")
            and one.state == "resident"
            and town.salaries.get(one.id, 0) < 1_030_000
            for one in family
        )
        raised = town.salaries.get(person.id, 0) * (100 - 2 * (today.year - year)) // 100
        of = taxes.Situation(raised, 0, spouse, grown, minors, year < today.year)
        yield taxes.row(person.id, year, town.code, home.address, of)


# ---------------------------------------------------------------- koseki


def _koseki(key: int, family: Family, today: date) -> Row:
    pending = _ago(today, family.pending_days_ago) if family.pending_days_ago else None
    return {
        "id": key,
        "municipality": family.municipality,
        "honseki": family.honseki,
        "hittosha": family.hittosha,
        "pending": pending,
    }


def _member(koseki: int, place: int, one: Relative, person: Person) -> Row:
    full_name = one.full_name or person.name
    return {
        "koseki": koseki,
        "person": one.person,
        "place": place,
        "name": full_name.partition(" ")[2],
        "full_name": full_name,
        "father": one.father,
        "mother": one.mother,
        "relation": one.relation,
        "spouse": one.spouse,
        "removed": one.left is not None,
    }


def _matters(koseki: int, family: Family, people: Mapping[int, Person]) -> Iterator[Row]:
    """戸籍事項, then the 身分事項 of each member."""
    if not family.members:
        return
    yield _matter(koseki, None, matters.founding(family.made))
    for one in family.members:
        for matter in _own_matters(one, family, people):
            yield _matter(koseki, one.person, matter)


def _own_matters(one: Relative, family: Family, people: Mapping[int, Person]) -> Iterator[matters.Matter]:
    place = family.honseki.partition("市")[0] + "市"
    yield matters.birth(people[one.person].born, place, "父")
    partner = next((other for other in family.members if other.spouse and other is not one), None)
    if one.spouse and partner is not None:
        before = f"{place}中央町九千番地 {one.father}"
        yield matters.marriage(family.made, people[partner.person].name, before)
    elif not one.spouse and len(family.members) == 1:
        yield matters.separated(family.made, f"{place}中央町九千番地 {one.father}")
    if one.left is None:
        return
    day, why = one.left
    if why == "death":
        yield matters.death(day, place)
    else:
        spouse, new = one.to
        yield matters.married_away(day, spouse, new, "夫の氏")


def _matter(koseki: int, person: int | None, matter: matters.Matter) -> Row:
    title, lines = matter
    return {"koseki": koseki, "person": person, "title": title, "lines": lines}


def _stays(koseki: int, family: Family, everybody: Everybody) -> Iterator[Row]:
    """Where each member has lived since the koseki was made; at the family's home if nobody knows more."""
    for one in family.members:
        person = everybody.people[one.person]
        known = [] if one.left and one.left[1] == "marriage" else everybody.stays(person)
        for text, since in known or [(family.home, max(family.made, person.born))]:
            yield {"koseki": koseki, "person": one.person, "address": text, "since": since}

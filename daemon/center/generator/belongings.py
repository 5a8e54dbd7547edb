"""What else the registers hold of generated people: seals, taxes, cards, blocks, 利用登録."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from daemon.center import tables
from daemon.center.generator.people import Clan, Person
from daemon.center.generator.records import Row, Rows
from daemon.center.made import seal, taxes
from daemon.issuance.calendar import birthday, has_reached

SERIALS = 0x600000000000
"""Where the serials of generated cards begin."""
TAX_YEARS = 3
REGISTRATION_DAYS = 5
CUTS = 3
"""Seals of one name that differ."""
KINDS = ("inkan", "juminhyo", "koseki", "fuhyo")


class Belongings:
    """serials: of all cards that were made, in hex, in order."""

    def __init__(self, random: Random, today: date) -> None:
        self._random = random
        self._today = today
        self._years = range(today.year - TAX_YEARS + 1, today.year + 1)
        self.serials: list[str] = []

    def write(self, clan: Clan, rows: Rows) -> None:
        for person in clan.people:
            if person.state == "dead":
                continue
            if self._random.random() < 0.72:
                rows[tables.certificates].extend(self._cards(person))
            if not person.here:
                continue
            if self._random.random() < 0.6 and has_reached(18, person.born, self._today):
                rows[tables.seals].append(self._seal(person))
            rows[tables.taxes].extend(self._taxes(person))
            rows[tables.blocks].extend(self._blocks(person))
            rows[tables.registrations].extend(self._registration(person))

    # ------------------------------------------------------------ seals and taxes

    def _seal(self, person: Person) -> Row:
        """Registered some time after coming of age here; a few have been abolished."""
        adult = max(birthday(person.born, person.born.year + 18), person.since)
        registered = adult + timedelta(days=self._random.randrange(max((self._today - adult).days, 1)))
        abolished = self._today if self._random.random() < 0.04 else None
        text = (person.alias or person.surname.text).partition(" ")[0]
        image = seal.draw(text, self._random.randrange(CUTS))
        return {"resident": person.id, "registered": registered, "abolished": abolished, "image": image}

    def _taxes(self, person: Person) -> Iterator[Row]:
        """Of those grown up and living here on 1 January; about a third pays nothing."""
        home = person.household
        if home is None:
            return
        chance, age = self._random.random(), self._today.year - person.born.year
        salary = 0 if age >= 66 or chance < 0.25 else int(900_000 + 9_000_000 * chance**2) // 1000 * 1000
        pension = 600_000 + int(1_800_000 * chance) if age >= 66 else 0
        for year in self._years:
            first = date(year, 1, 1)
            if person.since <= first and has_reached(20, person.born, first):
                of = taxes.Situation(salary, pension, paid=year < self._today.year)
                yield taxes.row(person.id, year, home.at.code, home.address, of)

    # ------------------------------------------------------------ cards

    def _cards(self, person: Person) -> Iterator[Row]:
        """The present one; of some an earlier one that was revoked; some have lapsed (R12 to R14)."""
        if self._random.random() < 0.02:
            yield self._card(person, self._day(400, 1500), revoked=True)
        chance, since = self._random.random(), self._day(30, 1500)
        moved = max(person.since, since)
        if chance < 0.005:  # said to leave, and never filed anywhere
            yield self._card(person, since, leaving=self._day(31, 300))
        elif chance < 0.010:
            yield self._card(person, since, leaving=self._day(-20, 10))
        elif chance < 0.015:  # filed too late
            yield self._card(person, since, moved=moved, filed=moved + timedelta(days=20), continued=moved)
        elif chance < 0.020:  # never continued
            yield self._card(person, since, filed=self._day(91, 300))
        elif chance < 0.05:
            filed = moved + timedelta(days=7)
            yield self._card(person, since, moved=moved, filed=filed, continued=filed)
        elif chance < 0.052:
            yield self._card(person, self._today + timedelta(days=1))
        else:
            yield self._card(person, since)

    def _card(
        self,
        person: Person,
        active_from: date,
        *,
        revoked: bool = False,
        leaving: date | None = None,
        moved: date | None = None,
        filed: date | None = None,
        continued: date | None = None,
    ) -> Row:
        serial = f"{SERIALS + person.id * 4 + revoked:x}"
        self.serials.append(serial)
        return {
            "serial": serial,
            "resident": person.id,
            "active_from": active_from,
            "revoked": revoked,
            "leaving": leaving,
            "filed": filed,
            "moved": moved,
            "continued": continued,
        }

    # ------------------------------------------------------------ blocks and 利用登録

    def _blocks(self, person: Person) -> Iterator[Row]:
        for cause, kinds, share in (
            ("office", (*KINDS, "all"), 0.004),
            ("support", ("all",), 0.003),
            ("leaving", ("all",), 0.005),
        ):
            if self._random.random() < share:
                kind, entered = self._random.choice(kinds), self._day(0, 300 if cause != "leaving" else 14)
                yield {"resident": person.id, "kind": kind, "cause": cause, "entered": entered}

    def _registration(self, person: Person) -> Iterator[Row]:
        """Of those whose 本籍 is in another municipality of this registry."""
        koseki, home = person.koseki, person.household
        if koseki is None or home is None or not koseki.at.served or koseki.at.code == home.at.code:
            return
        if has_reached(15, person.born, self._today) and self._random.random() < 0.5:
            filed = self._day(0, 40)
            ready = filed + timedelta(days=REGISTRATION_DAYS)
            yield {"person": person.id, "municipality": koseki.at.code, "filed": filed, "ready": ready}

    def _day(self, least: int, most: int) -> date:
        """So many days ago."""
        return self._today - timedelta(days=self._random.randrange(least, most + 1))

"""What every clan is made of: persons, koseki and homes with their ids, moves between homes, days."""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from daemon.center.generator import names, places
from daemon.center.generator.names import Name
from daemon.center.generator.people import RANKS, Clan, Household, Koseki, Person
from daemon.center.generator.places import Municipality

YEAR = timedelta(days=365)


class Registrar:
    """Writes down the clan that is being made up; ids count on from those given."""

    def __init__(
        self, random: Random, today: date, towns: Sequence[Municipality], ids: tuple[int, int, int]
    ) -> None:
        """ids: the last ones of persons, households and koseki."""
        self._random = random
        self._today = today
        self._towns = towns
        self._person, self._household, self._koseki = ids
        self._clan = Clan()

    def _begin(self) -> None:
        self._clan = Clan()

    def _stranger(self, sex: str, born: date) -> Person:
        """Whose parents nobody here knows but by name."""
        surname = names.surname(self._random)
        father = f"{surname.text} {names.given(self._random, '男', born.year - 28).text}"
        mother = f"{surname.text} {names.given(self._random, '女', born.year - 26).text}"
        given, rank = names.given(self._random, sex, born.year), self._random.choice(RANKS[sex][:3])
        return self._person_of(surname, given, sex, born, father, mother, rank)

    def _person_of(
        self, surname: Name, given: Name, sex: str, born: date, father: str, mother: str, rank: str
    ) -> Person:
        self._person += 1
        person = Person(self._person, surname, given, sex, born, father, mother, rank)
        self._clan.people.append(person)
        return person

    def _new_koseki(self, at: Municipality, made: date, couple: list[Person]) -> Koseki:
        self._koseki += 1
        koseki = Koseki(self._koseki, at, places.honseki(self._random, at), made, couple)
        for person in couple:
            person.koseki = koseki
        self._clan.koseki.append(koseki)
        return koseki

    def _home(self, at: Municipality, since: date) -> Household:
        self._household += 1
        home = Household(self._household, at, places.address(self._random, at), since)
        self._clan.households.append(home)
        return home

    def _settle(self, person: Person, home: Household, relation: str, since: date = date.min) -> None:
        """Into a household, from somewhere else if it was not by birth."""
        person.since = max(person.born, home.since, since)
        if home.origin is not None and person.born < home.since:
            address, first, near = home.origin
            person.before = (address, max(first, person.born), near)
        elif person.since > person.born and self._random.random() < 0.6:
            near = self._random.random() < 0.5
            at = home.at if near else places.elsewhere(self._random, self._towns)
            before = self._between(person.born, person.since)
            person.before = (places.address(self._random, at), before, near)
        self._belong(person, home, relation)

    def _move(self, person: Person, home: Household, relation: str) -> None:
        """From one household that is known here to another one."""
        old = person.household
        if old is not None:
            person.before = (old.address, max(person.born, old.since), old.at.code == home.at.code)
        person.since = max(person.born, home.since)
        if person.before is not None and person.before[1] >= person.since:
            person.before = None
        self._belong(person, home, relation)

    def _belong(self, person: Person, home: Household, relation: str) -> None:
        person.household, person.relation = home, relation
        if relation == "世帯主":
            home.head = person.name

    # ------------------------------------------------------------ days

    def _born(self, youngest: int, oldest: int) -> date:
        return self._between(self._today - oldest * YEAR, self._today - youngest * YEAR)

    def _between(self, first: date, last: date) -> date:
        """Any day from first on, before last."""
        return first + timedelta(days=self._random.randrange(max((last - first).days, 1)))

    def _age(self, person: Person) -> int:
        return (self._today - person.born).days // 365

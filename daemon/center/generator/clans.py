"""Families made up from chance, by the rules of the registers: who marries gets a koseki with the spouse and
leaves that of the parents, and so does who has a child (R28); who dies leaves it too; a household has a head.
"""

from collections.abc import Sequence
from datetime import date, timedelta
from random import Random

from daemon.center.facts import Foreign
from daemon.center.generator import names, places
from daemon.center.generator.names import Name
from daemon.center.generator.people import RANKS, Clan, Household, Koseki, Person, Removal
from daemon.center.generator.places import Municipality

NEWCOMERS, FOREIGNERS = 0.25, 0.07
"""Share of clans that are one person who came alone, or a foreign resident."""
HONSEKI_HERE, HONSEKI_SERVED = 0.78, 0.1
"""Share of koseki in the municipality of the home, and in another one of this registry."""
HEAD_NOT_REPLACED = 0.12
YEAR = timedelta(days=365)


class Genealogist:
    """Makes up clans; ids count on from those given."""

    def __init__(
        self, random: Random, today: date, towns: Sequence[Municipality], ids: tuple[int, int, int]
    ) -> None:
        """ids: the last ones of persons, households and koseki."""
        self._random = random
        self._today = today
        self._towns = towns
        self._person, self._household, self._koseki = ids
        self._clan = Clan()

    def clan(self, room: int) -> Clan:
        """Some relatives; only one person where there is not room for a family."""
        self._clan = Clan()
        chance = self._random.random()
        town = self._random.choice(self._towns)
        if chance < FOREIGNERS:
            self._foreigner(town)
        elif chance < FOREIGNERS + NEWCOMERS:
            self._newcomer(town)
        else:
            self._family(town)
        if self._clan.size > room:
            self._clan = Clan()
            self._newcomer(town)
        return self._clan

    # ------------------------------------------------------------ who came alone

    def _newcomer(self, town: Municipality) -> None:
        """本籍 with the parents, elsewhere; or, grown older, one of their own here."""
        person = self._stranger("男" if self._random.random() < 0.5 else "女", self._born(20, 60))
        home = self._home(town, self._between(person.born + 19 * YEAR, self._today))
        self._settle(person, home, "世帯主")
        own = self._random.random() < 0.3
        at = self._honseki_at(town) if own else places.elsewhere(self._random, self._towns)
        koseki = self._new_koseki(at, self._between(person.born + 18 * YEAR, self._today), [person])
        koseki.separated, koseki.parent = own, "" if own else person.father

    def _foreigner(self, town: Municipality) -> None:
        one, born = names.foreign(self._random), self._born(20, 60)
        person = self._person_of(one.full, Name("", ""), one.sex, born, "", "", "")
        self._settle(person, self._home(town, self._between(self._today - 9 * YEAR, self._today)), "世帯主")
        if self._random.random() < 0.4:
            person.alias = f"{names.surname(self._random).text} {person.surname.text.split()[-1]}"
        permanent = self._random.random() < 0.3
        left = timedelta(days=self._random.randrange(30, 1800))
        person.foreign = Foreign(
            nationality=one.nationality,
            category="中長期在留者",
            status="永住者" if permanent else "技術・人文知識・国際業務",
            period="無期限" if permanent else "3年",
            expires=None if permanent else self._today + left,
            card_number=f"ZZ{90_000_000 + person.id % 10_000_000}ZZ",
        )

    # ------------------------------------------------------------ families

    def _family(self, town: Municipality) -> None:
        husband = self._stranger("男", self._born(28, 88))
        wed = min(husband.born + self._random.randrange(23, 35) * YEAR, self._today - 10 * timedelta(days=1))
        koseki = self._marry(husband, self._bride(husband), self._honseki_at(town), wed)
        self._found_home(koseki, town, wed, None)
        self._have_children(koseki)
        for child in list(koseki.children):
            if self._age(child) >= 18:
                self._grown(child, koseki, town)
        self._mortality(koseki)
        if self._random.random() < 0.006:
            koseki.pending = self._today - timedelta(days=self._random.randrange(1, 5))

    def _bride(self, husband: Person) -> Person:
        """Not yet of his name, and of age on the day."""
        born = husband.born + timedelta(days=self._random.randrange(-900, 1500))
        return self._stranger("女", min(born, husband.born + 3 * YEAR))

    def _marry(self, husband: Person, wife: Person, at: Municipality, day: date) -> Koseki:
        """She takes his name, and may have her former one written beside it (旧氏)."""
        if self._random.random() < 0.04:
            wife.former_name = wife.surname.text
        wife.surname = husband.surname
        return self._new_koseki(at, day, [husband, wife])

    def _have_children(self, koseki: Koseki) -> None:
        mother = koseki.couple[-1]
        number = self._random.choices((0, 1, 2, 3), (20, 25, 40, 15))[0]
        born = koseki.made + timedelta(days=self._random.randrange(280, 1200))
        for _ in range(number):
            if born >= self._today or born > mother.born + 44 * YEAR:
                return
            self._child(koseki, born, mother.household, "子")
            born += timedelta(days=self._random.randrange(500, 1600))

    def _child(self, koseki: Koseki, born: date, household: Household | None, relation: str) -> Person:
        """Born into the koseki, living with the parents."""
        sex = "男" if self._random.random() < 0.51 else "女"
        rank = RANKS[sex][sum(child.sex == sex for child in koseki.children)]
        given = names.given(self._random, sex, born.year)
        father = koseki.couple[0].name if len(koseki.couple) == 2 else ""
        surname, mother = koseki.couple[0].surname, koseki.couple[-1].name
        child = self._person_of(surname, given, sex, born, father, mother, rank)
        child.koseki = koseki
        koseki.children.append(child)
        if household is not None:
            self._settle(child, household, relation)
        return child

    # ------------------------------------------------------------ what becomes of children

    def _grown(self, child: Person, parents: Koseki, town: Municipality) -> None:
        age, chance = self._age(child), self._random.random()
        if age >= 24 and chance < min(0.15 + (age - 24) * 0.06, 0.7):
            self._marries(child, parents, town)
        elif age >= 22 and child.sex == "女" and chance > 0.985:
            self._alone_with_a_child(child, parents, town)
        elif chance > 0.9:
            child.state = "moved-out"
            child.gone = self._between(child.born + 18 * YEAR, self._today)
        elif chance > 0.7:
            at = places.elsewhere(self._random, self._towns) if chance > 0.8 else town
            home = self._home(at, self._between(child.born + 18 * YEAR, self._today))
            self._move(child, home, "世帯主")

    def _marries(self, child: Person, parents: Koseki, town: Municipality) -> None:
        """Out of the parents' koseki into one with the spouse; sometimes they all live together."""
        day = self._between(max(child.born + 22 * YEAR, parents.made), self._today)
        old_name, old_home = child.name, child.household
        if child.sex == "男":
            husband, wife = child, self._bride(child)
        else:
            born = child.born - timedelta(days=self._random.randrange(0, 1500))
            husband, wife = self._stranger("男", born), child
        koseki = self._marry(husband, wife, self._honseki_at(town), day)
        spouse = wife if child is husband else husband
        spouse_name = _maiden(spouse)
        parents.removed[child.id] = Removal(day, "marriage", old_name, spouse_name, koseki.honseki)
        if child.sex == "男" and old_home is not None and self._random.random() < 0.2:
            self._settle(wife, old_home, "子の妻", day)
            self._grandchildren(koseki, old_home)
        else:
            self._found_home(koseki, town, day, old_home)
            self._have_children(koseki)

    def _grandchildren(self, koseki: Koseki, home: Household) -> None:
        born = koseki.made + timedelta(days=self._random.randrange(280, 1500))
        if born < self._today:
            self._child(koseki, born, home, "子の子")

    def _alone_with_a_child(self, mother: Person, parents: Koseki, town: Municipality) -> None:
        """A koseki of mother and child, because nobody is in one with grandparents."""
        born = self._between(max(mother.born + 20 * YEAR, self._today - 17 * YEAR), self._today)
        koseki = self._new_koseki(self._honseki_at(town), born, [mother])
        parents.removed[mother.id] = Removal(born, "child", mother.name, "", koseki.honseki)
        home = self._home(town, born)
        self._move(mother, home, "世帯主")
        self._child(koseki, born, home, "子")

    def _mortality(self, koseki: Koseki) -> None:
        """One of the couple may have died; if that was the head, the other one is it now, or nobody."""
        husband, wife = koseki.couple
        dying = [one for one in koseki.couple if self._random.random() < _risk(self._age(one))]
        if not dying:
            return
        dead = dying[0]
        dead.state, dead.gone = "dead", self._between(max(koseki.made, self._today - 15 * YEAR), self._today)
        koseki.removed[dead.id] = Removal(dead.gone, "death", dead.name)
        if dead is husband and wife.household and self._random.random() >= HEAD_NOT_REPLACED:
            wife.relation, wife.household.head = "世帯主", wife.name

    # ------------------------------------------------------------ persons and places

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

    def _found_home(self, koseki: Koseki, town: Municipality, wed: date, parents: Household | None) -> None:
        """The couple's own, since the wedding or a later move. parents: where one of them came from."""
        since = wed if self._random.random() < 0.5 else self._between(wed, self._today)
        home = self._home(town, since)
        for person, relation in zip(koseki.couple, ("世帯主", "妻"), strict=True):
            if person.household is not None and person.household is parents:
                self._move(person, home, relation)
            else:
                self._settle(person, home, relation)

    def _settle(self, person: Person, home: Household, relation: str, since: date = date.min) -> None:
        """Into a household, from somewhere else if it was not by birth."""
        person.since = max(person.born, home.since, since)
        if person.since > person.born and self._random.random() < 0.6:
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

    def _honseki_at(self, town: Municipality) -> Municipality:
        chance = self._random.random()
        others = [one for one in self._towns if one.code != town.code]
        if chance < HONSEKI_HERE:
            return town
        if chance < HONSEKI_HERE + HONSEKI_SERVED and others:
            return self._random.choice(others)
        return places.elsewhere(self._random, self._towns)

    # ------------------------------------------------------------ days

    def _born(self, youngest: int, oldest: int) -> date:
        return self._between(self._today - oldest * YEAR, self._today - youngest * YEAR)

    def _between(self, first: date, last: date) -> date:
        """Any day from first on, before last."""
        return first + timedelta(days=self._random.randrange(max((last - first).days, 1)))

    def _age(self, person: Person) -> int:
        return (self._today - person.born).days // 365


def _maiden(person: Person) -> str:
    """As before the marriage: a stranger's father has that name."""
    return f"{person.father.partition(' ')[0]} {person.given.text}"


def _risk(age: int) -> float:
    return next(share for until, share in ((60, 0.01), (75, 0.07), (85, 0.25), (999, 0.45)) if age < until)

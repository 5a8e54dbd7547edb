"""Families made up from chance, by the rules of the registers: who marries gets a koseki with the spouse and
leaves that of the parents, and so does who has a child (R28); who dies leaves it too; a household has a head.
"""

from datetime import date, timedelta

from daemon.center.facts import Foreign
from daemon.center.generator import names, places
from daemon.center.generator.names import Name
from daemon.center.generator.people import RANKS, Clan, Household, Koseki, Person, Removal
from daemon.center.generator.places import Municipality
from daemon.center.generator.registrar import YEAR, Registrar

NEWCOMERS, FOREIGNERS = 0.25, 0.07
"""Share of clans that are one person who came alone, or a foreign resident."""
HONSEKI_HERE, HONSEKI_SERVED = 0.78, 0.1
"""Share of koseki in the municipality of the home, and in another one of this registry."""
HEAD_NOT_REPLACED = 0.12


class Genealogist(Registrar):
    """Makes up one clan after the other."""

    def clan(self, room: int) -> Clan:
        """Some relatives; only one person where there is not room for a family."""
        self._begin()
        chance = self._random.random()
        town = self._random.choice(self._towns)
        if chance < FOREIGNERS:
            self._foreigner(town)
        elif chance < FOREIGNERS + NEWCOMERS:
            self._newcomer(town)
        else:
            self._family(town)
        if self._clan.size > room:
            self._begin()
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
        person.foreign = self._stay(one.nationality, person.id)

    def _stay(self, nationality: str, person: int) -> Foreign:
        """In what capacity (30条の45): for some years, for ever, or 特別永住者, whose 住民票 says no more."""
        number, chance = f"ZZ{90_000_000 + person % 10_000_000}ZZ", self._random.random()
        until = self._today + timedelta(days=self._random.randrange(30, 1800))
        if nationality == "韓国" and chance < 0.5:
            return Foreign(nationality, "特別永住者", card_number=number)
        if chance < 0.3:
            return Foreign(nationality, "中長期在留者", "永住者", "無期限", None, number)
        return Foreign(nationality, "中長期在留者", "技術・人文知識・国際業務", "3年", until, number)

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

    def _found_home(self, koseki: Koseki, town: Municipality, wed: date, parents: Household | None) -> None:
        """The couple's own, since the wedding or a later move. parents: where one of them came from."""
        since = wed if self._random.random() < 0.5 else self._between(wed, self._today)
        home = self._home(town, since)
        if since > wed:
            near = self._random.random() < 0.6
            at = town if near else places.elsewhere(self._random, self._towns)
            home.origin = (places.address(self._random, at), wed, near)
        for person, relation in zip(koseki.couple, ("世帯主", "妻"), strict=True):
            if person.household is not None and person.household is parents and not home.origin:
                self._move(person, home, relation)
            else:
                self._settle(person, home, relation)

    def _honseki_at(self, town: Municipality) -> Municipality:
        chance = self._random.random()
        others = [one for one in self._towns if one.code != town.code]
        if chance < HONSEKI_HERE:
            return town
        if chance < HONSEKI_HERE + HONSEKI_SERVED and others:
            return self._random.choice(others)
        return places.elsewhere(self._random, self._towns)


def _maiden(person: Person) -> str:
    """As before the marriage: a stranger's father has that name."""
    return f"{person.father.partition(' ')[0]} {person.given.text}"


def _risk(age: int) -> float:
    return next(share for until, share in ((60, 0.01), (75, 0.07), (85, 0.25), (999, 0.45)) if age < until)

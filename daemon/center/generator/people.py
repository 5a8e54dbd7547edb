"""Who a generated municipality is made of: persons, households and koseki while they are being made up."""

from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from daemon.center.facts import Foreign
from daemon.center.generator.names import Name
from daemon.center.generator.places import Municipality

RANKS = {"男": ("長男", "二男", "三男", "四男"), "女": ("長女", "二女", "三女", "四女")}


@dataclass(eq=False)
class Household:
    """since: when it came to this address. origin: where all of it lived before, as in Person.before."""

    id: int
    at: Municipality
    address: str
    since: date
    head: str = ""
    origin: tuple[str, date, bool] | None = None


@dataclass(eq=False)
class Removal:
    """How somebody left a koseki. name: the full one until then. spouse, honseki: of the new koseki."""

    day: date
    how: Literal["death", "marriage", "child"]
    name: str
    spouse: str = ""
    honseki: str = ""


@dataclass(eq=False)
class Person:
    """surname and given: as now. before: (address, since when, in the same municipality) before the present
    one. household: None: nobody here knows where this person lives.
    """

    id: int
    surname: Name
    given: Name
    sex: str
    born: date
    father: str
    mother: str
    rank: str
    household: Household | None = None
    relation: str = "世帯主"
    since: date = date.min
    before: tuple[str, date, bool] | None = None
    state: Literal["resident", "moved-out", "dead"] = "resident"
    gone: date | None = None
    koseki: "Koseki | None" = None
    former_name: str = ""
    alias: str = ""
    foreign: Foreign | None = None

    @property
    def name(self) -> str:
        return f"{self.surname.text} {self.given.text}" if self.given.text else self.surname.text

    @property
    def kana(self) -> str:
        return f"{self.surname.kana} {self.given.kana}" if self.given.kana else self.surname.kana

    @property
    def here(self) -> bool:
        """Counted among the people of a municipality that is served."""
        return self.state == "resident" and self.household is not None and self.household.at.served


@dataclass(eq=False)
class Koseki:
    """couple: the 筆頭者 first; one person without a spouse. removed: of whom, how.

    parent: the 筆頭者 of one that is kept elsewhere, if it is nobody of the couple.
    """

    id: int
    at: Municipality
    honseki: str
    made: date
    couple: list[Person]
    children: list[Person] = field(default_factory=list)
    removed: dict[int, Removal] = field(default_factory=dict)
    separated: bool = False
    pending: date | None = None
    parent: str = ""

    @property
    def hittosha(self) -> str:
        return self.parent or self.couple[0].name


@dataclass
class Clan:
    """Relatives: made up together, written together."""

    people: list[Person] = field(default_factory=list)
    households: list[Household] = field(default_factory=list)
    koseki: list[Koseki] = field(default_factory=list)

    @property
    def size(self) -> int:
        """Of those counted as people of a municipality."""
        return sum(person.here for person in self.people)

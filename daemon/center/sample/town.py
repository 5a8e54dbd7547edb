"""How the invented people of one municipality are written down; some dates depend on the day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal

from daemon.center.facts import Foreign


@dataclass(frozen=True)
class SampleHolder:
    """A card of the sample. serial: of its authentication certificate. shows: what this card is good for.

    moved_in_days_ago: of a 転入届 that no 継続利用 has followed; 0: there was none. leaves_in_days: until the
    転出予定日; 0: none. kind: of card, as ``madoguchi virtual card`` names them. key: of the certificate.
    """

    serial: int
    resident: int
    name: str
    shows: str
    revoked: bool = False
    moved_in_days_ago: int = 0
    leaves_in_days: int = 0
    kind: str = "my-number-card"
    key: Literal["rsa", "p384"] = "rsa"


@dataclass(frozen=True)
class Person:
    """A row of ``residents``. household: None for who is only in a koseki here. foreign: of who has none."""

    id: int
    household: int | None
    koseki: int | None
    name: str
    kana: str
    born: date
    sex: str
    relation: str
    resident_since: date | None
    mynumber: str
    state: str = "resident"
    former_name: str = ""
    alias: str = ""
    foreign: Foreign | None = None


@dataclass(frozen=True)
class Relative:
    """A member of a koseki. full_name: in it, if another one than now.

    left: when and by what somebody was removed. to: (name of the spouse, new 本籍) of who left by marriage.
    """

    person: int
    father: str
    mother: str
    relation: str
    spouse: str = ""
    left: tuple[date, Literal["marriage", "death"]] | None = None
    to: tuple[str, str] = ("", "")
    full_name: str = ""


@dataclass(frozen=True)
class Family:
    """A koseki. made: 編製日, also the day of the marriage if there is a spouse in it. members: nobody where
    it is not kept here. home: where those live, or lived, whose 住民票 nobody here knows.
    pending_days_ago: of a notification that is not recorded yet; 0: there is none.
    """

    municipality: str
    honseki: str
    hittosha: str
    made: date
    members: tuple[Relative, ...] = ()
    home: str = ""
    pending_days_ago: int = 0


@dataclass(frozen=True)
class Home:
    """A household: its head and where it lives. municipality: empty for the town itself."""

    head: str
    address: str
    municipality: str = ""


@dataclass(frozen=True)
class Seal:
    """Registered, and perhaps abolished. text: what is cut into it."""

    registered: date
    text: str
    abolished: date | None = None


@dataclass(frozen=True)
class Block:
    """cause: as in ``blocks``. days_ago: when it was entered."""

    cause: Literal["office", "support", "leaving"]
    days_ago: int
    kind: str = "all"


@dataclass(frozen=True)
class Registration:
    """A 利用登録 with the municipality of the 本籍. days_ago: filed. days: until it works."""

    municipality: str
    days_ago: int
    days: int


@dataclass(frozen=True)
class Town:
    """holders: by the short name of the card. former_homes, seals, salaries (yen a year), blocks and
    registrations: by person. Who is of age, lives here and has no salary pays no tax.
    """

    code: str
    holders: Mapping[str, SampleHolder]
    people: Callable[[date], tuple[Person, ...]]
    households: Mapping[int, Home]
    koseki: Mapping[int, Family]
    former_homes: Mapping[int, str] = field(default_factory=dict)
    seals: Mapping[int, Seal] = field(default_factory=dict)
    salaries: Mapping[int, int] = field(default_factory=dict)
    blocks: Mapping[int, Block] = field(default_factory=dict)
    registrations: Mapping[int, Registration] = field(default_factory=dict)

"""How the invented people of one municipality are written down; some dates depend on the day."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Literal


@dataclass(frozen=True)
class SampleHolder:
    """A card of the sample. serial: of its authentication certificate. shows: what this card is good for.

    moved_in_days_ago: of a 転入届 that no 継続利用 has followed; 0: there was none. kind: of card, as
    ``madoguchi virtual card`` names them. key: of the certificate.
    """

    serial: int
    resident: int
    name: str
    shows: str
    revoked: bool = False
    moved_in_days_ago: int = 0
    kind: str = "my-number-card"
    key: Literal["rsa", "p384"] = "rsa"


@dataclass(frozen=True)
class Person:
    """A row of ``residents``."""

    id: int
    household: int
    koseki: int
    name: str
    kana: str
    born: date
    sex: str
    relation: str
    resident_since: date
    mynumber: str
    state: str = "resident"


@dataclass(frozen=True)
class Town:
    """holders: by the short name of the card. households: their heads. koseki: 本籍 and 筆頭者. homes: of the
    households. former_homes: of those persons who had another one. seals: when they were registered.
    """

    holders: Mapping[str, SampleHolder]
    people: Callable[[date], tuple[Person, ...]]
    households: Mapping[int, str]
    koseki: Mapping[int, tuple[str, str]]
    homes: Mapping[int, str]
    former_homes: Mapping[int, str] = field(default_factory=dict)
    seals: Mapping[int, date] = field(default_factory=dict)

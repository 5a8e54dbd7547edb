"""What the registry knows of a person, as values: the input of the rules and of the layouts."""

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Card:
    """A certificate by its serial. The dates are the lapse facts of R12 to R14; None: not so.

    leaving: 転出予定日. filed: day of the 転入届. moved: 実際に住み始めた日. continued: day of the 継続利用.
    active_from: first day it can be used (R10).
    """

    serial: str
    resident: int
    active_from: date
    revoked: bool = False
    leaving: date | None = None
    filed: date | None = None
    moved: date | None = None
    continued: date | None = None


@dataclass(frozen=True)
class Address:
    """since: 住所を定めた年月日. filed: 届出年月日."""

    text: str
    since: date
    filed: date


@dataclass(frozen=True)
class Resident:
    """A person with the current record only (R16). previous: 前住所, empty if there is none.

    here: still resident, neither moved out nor dead. blocks: kinds that are blocked; "all": every one.
    """

    id: int
    name: str
    kana: str
    born: date
    sex: str
    relation: str
    resident_since: date
    mynumber: str
    here: bool
    head: str
    honseki: str
    hittosha: str
    address: Address
    previous: str = ""
    seal_registered: date | None = None
    blocks: frozenset[str] = frozenset()

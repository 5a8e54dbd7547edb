"""What the rules work with and what they say: facts about a holder in, lines of screen 7 out. Values only."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum

from daemon.center.facts import Fuhyo, Guarded, Koseki, Resident, Tax
from daemon.issuance.messages import Item, Kind, Refusal, Scope, TaxYear


class Hidden(Enum):
    """Why a kind is not on screen 7 at all: for the log, never for the citizen; says nothing of a person."""

    NO_FEE_TODAY = "no-fee-today"
    NOT_LAID_OUT = "not-laid-out"
    NOT_OF_THE_KOSEKI_FAMILY = "not-of-the-koseki-family"
    NO_SEAL = "no-seal"
    NO_KOSEKI = "no-koseki"
    KOSEKI_ELSEWHERE = "koseki-elsewhere"
    NO_LONGER_IN_KOSEKI = "no-longer-in-koseki"
    NO_FUHYO = "no-fuhyo"
    NOT_TAXED_HERE = "not-taxed-here"


@dataclass(frozen=True)
class Known:
    """What the registry says now of a holder and of those who can be on a certificate with them.

    household: all who are resident in it, the holder among them. koseki, fuhyo: the holder's own, of
    whatever municipality. relatives: what is entered for each of its members, wherever they live, by person.
    taxes: by year, of the years on offer.
    """

    holder: Resident
    household: tuple[Resident, ...]
    koseki: Koseki | None = None
    fuhyo: Fuhyo | None = None
    relatives: Mapping[int, Guarded] = field(default_factory=dict)
    taxes: Mapping[int, Tax] = field(default_factory=dict)


@dataclass(frozen=True)
class Candidate:
    """Somebody who can be on a certificate. id: of the person. name: in full. given: 名 as a 戸籍 has it."""

    id: int
    name: str
    given: str = ""


@dataclass(frozen=True)
class Entry:
    """One line of screen 7, before handles. persons: who can be on it, in the order of its pages."""

    kind: Kind
    name: str
    fee: int
    scopes: tuple[Scope, ...] = ()
    items: tuple[Item, ...] = ()
    persons: tuple[Candidate, ...] = ()
    years: tuple[TaxYear, ...] = ()
    notices: tuple[str, ...] = ()
    refusal: Refusal | None = None


@dataclass(frozen=True)
class Listing:
    """Screen 7. hidden: the kinds of the profile that this holder can never have here, and why."""

    entries: tuple[Entry, ...]
    hidden: tuple[tuple[Kind, Hidden], ...] = ()

    def entry(self, kind: str) -> Entry | None:
        return next((one for one in self.entries if one.kind == kind), None)

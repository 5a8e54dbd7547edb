"""What the registry knows of a person, as values: the input of the rules and of the layouts.

Every person has one id, whether resident here or only a member of a koseki here. Dates are days in
Asia/Tokyo; a register's own wording is kept as text and printed unchanged.
"""

from dataclasses import dataclass
from datetime import date
from typing import Protocol


@dataclass(frozen=True)
class Card:
    """A certificate by its serial. The dates are the lapse facts of R12 to R14; None: not so.

    leaving: 転出予定日. filed: day of the 転入届. moved: 実際に住み始めた日. continued: day of the 継続利用.
    active_from: first day it can be used (R10). phone: on a smartphone, not on a card (R42).
    """

    serial: str
    resident: int
    active_from: date
    revoked: bool = False
    leaving: date | None = None
    filed: date | None = None
    moved: date | None = None
    continued: date | None = None
    phone: bool = False


@dataclass(frozen=True)
class Address:
    """since: 住所を定めた年月日. filed: 届出年月日."""

    text: str
    since: date
    filed: date


@dataclass(frozen=True)
class Foreign:
    """What a 住民票 says of a foreign resident (住民基本台帳法 30条の45). expires: 在留期間の満了の日."""

    nationality: str
    category: str
    status: str = ""
    period: str = ""
    expires: date | None = None
    card_number: str = ""


@dataclass(frozen=True)
class Resident:
    """A person with the current record only (R16). previous: 前住所, empty if there is none.

    here: still resident, neither moved out nor dead. blocks: kinds that are blocked; "all": every one.
    municipality: 団体コード of the 住所; koseki_municipality: of the 本籍, "" for who has none. koseki: the
    id of the koseki this person is in now. former_name: 旧氏. alias: 通称. seal_image: PNG of the 印影.
    leaving_filed: day on which a 転出届 was filed that has not taken effect yet. support_since: day on which
    支援措置 was entered. Neither is in blocks: the profile says whom they block, and from which day.
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
    municipality: str = ""
    koseki: int | None = None
    koseki_municipality: str = ""
    former_name: str = ""
    alias: str = ""
    foreign: Foreign | None = None
    seal_image: bytes = b""
    leaving_filed: date | None = None
    support_since: date | None = None


class Guarded(Protocol):
    """What is entered for a person against others: the part of ``Resident`` that is known of everybody."""

    @property
    def blocks(self) -> frozenset[str]: ...

    @property
    def support_since(self) -> date | None: ...


@dataclass(frozen=True)
class Guard:
    """``Guarded``, of a person wherever they live."""

    blocks: frozenset[str] = frozenset()
    support_since: date | None = None


@dataclass(frozen=True)
class Matter:
    """One matter of a koseki: 出生, 婚姻, 編製… with its lines: (【婚姻日】, 平成27年5月5日)."""

    title: str
    lines: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Member:
    """Somebody recorded in a koseki. person: the id. name: 名, without the family name. full_name: with it.

    spouse: 夫 or 妻, as 【配偶者区分】 says; "" for a child. relation: to the parents, 長男. removed: 除籍 by
    marriage, death or a koseki of one's own; still printed on 全部事項証明, never chosen.
    """

    person: int
    name: str
    full_name: str
    born: date
    father: str
    mother: str
    relation: str
    spouse: str = ""
    removed: bool = False
    entries: tuple[Matter, ...] = ()


@dataclass(frozen=True)
class Koseki:
    """municipality: 団体コード of the 本籍. hittosha: 筆頭者. entries: 戸籍事項 (編製, 改製).

    members: nobody where the 本籍 is in a municipality whose koseki this registry does not have.
    pending: day on which a notification was filed that is not recorded yet (R23).
    """

    id: int
    municipality: str
    honseki: str
    hittosha: str
    entries: tuple[Matter, ...]
    members: tuple[Member, ...]
    pending: date | None = None


@dataclass(frozen=True)
class Stay:
    """One line of a 戸籍の附票. since: 住所を定めた日."""

    address: str
    since: date


@dataclass(frozen=True)
class FuhyoMember:
    """The addresses of one member since the koseki was made, oldest first."""

    person: int
    full_name: str
    born: date
    sex: str
    stays: tuple[Stay, ...]
    removed: bool = False


@dataclass(frozen=True)
class Fuhyo:
    """The 戸籍の附票 of a koseki; members in its order."""

    koseki: int
    municipality: str
    honseki: str
    hittosha: str
    members: tuple[FuhyoMember, ...]


@dataclass(frozen=True)
class Tax:
    """Municipal tax of one 年度, on the income of the year before. Yen.

    address: on 1 January of the year (賦課期日), municipality: its 団体コード. incomes, deductions: (what,
    yen). dependents: (what, how many). taxable: 課税標準額. Then 所得割, 均等割, 森林環境税, 年税額; paid:
    納付済額 until now.
    """

    person: int
    year: int
    address: str
    incomes: tuple[tuple[str, int], ...]
    total_income: int
    deductions: tuple[tuple[str, int], ...]
    dependents: tuple[tuple[str, int], ...]
    taxable: int
    income_levy: int
    per_capita: int
    forest: int
    annual: int
    paid: int = 0
    municipality: str = ""


@dataclass(frozen=True)
class Registered:
    """A 利用登録 of a person with the municipality of the 本籍. ready: the first day it works."""

    person: int
    municipality: str
    filed: date
    ready: date

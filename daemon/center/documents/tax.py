"""The fields of the certificates of income and municipal tax (R25; REQUIREMENTS §6). Pure.

A 年度 is taxed on the income of the calendar year before. For whom nothing is due, 課税 becomes 非課税.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from daemon.center.documents.certificate import Certificate, Letterhead, Record
from daemon.center.facts import Resident, Tax
from daemon.issuance.calendar import wareki
from daemon.issuance.order import KINDS_OF_TAX_DUE, NOTHING_DUE

TaxKind = Literal["shotoku_kazei", "shotoku", "kazei", "nozei"]

SENTENCE = "上記のとおり相違ないことを証明する。"
Amounts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class TaxRecord(Record):
    """year: as the municipality writes it. income_year: 令和6年分. Amounts as they are printed: 1,234円."""

    person: int
    name: str
    kana: str
    address: str
    january_address: str
    year: str
    income_year: str
    incomes: Amounts
    total_income: str
    deductions: Amounts
    dependents: Amounts
    levies: Amounts
    annual: str
    payments: Amounts


def tax_certificate(kind: TaxKind, head: Letterhead, person: Resident, tax: Tax, label: str) -> Certificate:
    """label: how the municipality writes the year (令和7年度)."""
    untaxed = tax.annual == 0 and kind in KINDS_OF_TAX_DUE
    titled = replace(head, title=NOTHING_DUE) if untaxed else head
    return Certificate(kind, titled, SENTENCE, (_record(person, tax, label),))


def _record(person: Resident, tax: Tax, label: str) -> TaxRecord:
    return TaxRecord(
        person=person.id,
        name=person.name,
        kana=person.kana,
        address=person.address.text,
        january_address=tax.address,
        year=label,
        income_year=income_year(tax.year),
        incomes=_amounts(tax.incomes),
        total_income=yen(tax.total_income),
        deductions=_amounts(tax.deductions),
        dependents=tuple((what, f"{count}人") for what, count in tax.dependents),
        levies=_amounts(_levies(tax)),
        annual=yen(tax.annual),
        payments=_amounts(
            (("年税額", tax.annual), ("納付済額", tax.paid), ("未納額", max(0, tax.annual - tax.paid)))
        ),
    )


def _levies(tax: Tax) -> tuple[tuple[str, int], ...]:
    return (
        ("課税標準額", tax.taxable),
        ("所得割額", tax.income_levy),
        ("均等割額", tax.per_capita),
        ("森林環境税額", tax.forest),
    )


def income_year(year: int) -> str:
    """The year whose income a 年度 is about: 令和6年分 for 令和7年度."""
    return wareki(date(year - 1, 12, 31)).partition("年")[0] + "年分"


def yen(amount: int) -> str:
    """1,234,567円."""
    return f"{amount:,}円"


def _amounts(rows: Iterable[tuple[str, int]]) -> Amounts:
    return tuple((what, yen(amount)) for what, amount in rows)

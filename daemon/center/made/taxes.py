"""Municipal tax of invented people, by the rules of 2021 and later in their main lines (地方税法). Pure.

所得割 10 %, 均等割 and 森林環境税 as in force; who earns no more than the limit pays neither (非課税).
"""

from dataclasses import dataclass

EXEMPT = 450_000
"""合計所得 up to which one person alone pays nothing."""
BASIC, SPOUSE, DEPENDENT = 430_000, 330_000, 330_000
ADJUSTMENT = 2_500
FOREST_SINCE = 2024

STEPS = (
    (1_625_000, 0.0, 550_000),
    (1_800_000, 0.4, -100_000),
    (3_600_000, 0.3, 80_000),
    (6_600_000, 0.2, 440_000),
    (8_500_000, 0.1, 1_100_000),
)
"""給与所得控除: (salary up to, share of it, and yen)."""


@dataclass(frozen=True)
class Situation:
    """salary, pension: yen of the year before. dependents: from 16 on; minors: below. paid: all of it."""

    salary: int
    pension: int = 0
    spouse: bool = False
    dependents: int = 0
    minors: int = 0
    paid: bool = True


def row(person: int, year: int, municipality: str, address: str, of: Situation) -> dict[str, object]:
    """A row of ``taxes``."""
    incomes = [("給与", _salary_income(of.salary))] if of.salary else []
    incomes += [("公的年金等", max(of.pension - 1_100_000, 0))] if of.pension else []
    total = sum(yen for _, yen in incomes)
    deductions = _deductions(of)
    exempt = total <= EXEMPT + 350_000 * (of.spouse + of.dependents + of.minors)
    taxable = 0 if exempt else max(total - sum(yen for _, yen in deductions), 0) // 1000 * 1000
    levy = max(taxable // 10 - ADJUSTMENT, 0) // 100 * 100
    per_capita, forest = (4000, 1000) if year >= FOREST_SINCE else (5000, 0)
    if exempt:
        per_capita = forest = 0
    annual = levy + per_capita + forest
    return {
        "person": person,
        "year": year,
        "municipality": municipality,
        "address": address,
        "incomes": incomes,
        "total_income": total,
        "deductions": deductions,
        "dependents": _dependents(of),
        "taxable": taxable,
        "income_levy": levy,
        "per_capita": per_capita,
        "forest": forest,
        "annual": annual,
        "paid": annual if of.paid else annual // 4,
    }


def _salary_income(salary: int) -> int:
    for limit, share, yen in STEPS:
        if salary <= limit:
            return max(salary - int(salary * share) - yen, 0)
    return salary - 1_950_000


def _deductions(of: Situation) -> list[tuple[str, int]]:
    found = [("社会保険料", of.salary * 15 // 100), ("配偶者", SPOUSE * of.spouse)]
    found += [("扶養", DEPENDENT * of.dependents), ("基礎", BASIC)]
    return [(what, yen) for what, yen in found if yen]


def _dependents(of: Situation) -> list[tuple[str, int]]:
    found = [("控除対象配偶者", int(of.spouse)), ("一般扶養", of.dependents), ("16歳未満", of.minors)]
    return [(what, number) for what, number in found if number]

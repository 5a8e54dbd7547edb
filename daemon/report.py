"""The day's report (日報): what was issued, where the money is, what is open, and the head of the chain.

From the journal alone, but for what the hoppers' own counters say now. Head and sums on paper outside of the
kiosk are what shows that a journal was not written anew.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from daemon.issuance.messages import Municipality
from daemon.session.cases import Case, claim_number
from daemon.session.entries import Entry
from daemon.session.ledger import Ledger, Row
from daemon.session.treasurer import MONEY
from hal.contracts import HopperStock, Line

HEAD_WIDTH = 32


EVENTS = (*MONEY, "order.requested", "payment.opened", "print.done", "claim.recorded")
"""What a report reads, since the first day."""


def issued(day: date, entries: Sequence[Entry]) -> dict[str, tuple[int, int]]:
    """Certificate and whose it is → (通 printed on that day, yen kept for them)."""
    kinds, units = dict[str, str](), dict[str, int]()
    copies: Counter[str] = Counter()
    yen: Counter[str] = Counter()
    for entry in entries:
        match entry.event:
            case "order.requested":
                kinds[entry.session] = f"{entry.text('issuer')} {entry.text('title')}"
            case "payment.opened":
                units[entry.session] = entry.number("unit")
            case "print.done" if entry.at.date() == day:
                copies[kinds[entry.session]] += 1
                yen[kinds[entry.session]] += units[entry.session]
    return {kind: (copies[kind], yen[kind]) for kind in sorted(copies)}


def moved(day: date, entries: Sequence[Entry], values: Mapping[str, int]) -> dict[int, Row]:
    """The equation of each denomination over that day."""
    ledger = Ledger(values)
    ledger.add(entry for entry in entries if entry.at.date() < day)
    ledger.cut()
    ledger.add(entry for entry in entries if entry.at.date() == day)
    return ledger.rows()


@dataclass(frozen=True)
class Place:
    """Whose report it is."""

    municipality: Municipality
    terminal: str


def report_lines(
    place: Place,
    day: date,
    entries: Sequence[Entry],
    stock: Sequence[HopperStock],
    cases: Sequence[Case],
    head: str,
) -> list[Line]:
    """entries: of EVENTS, all. stock, cases: as they are now. head: of the chain, printed whole."""
    sales = issued(day, entries)
    rows = moved(day, entries, {hopper.hopper: hopper.value for hopper in stock})
    claims = [e for e in entries if e.event == "claim.recorded" and e.at.date() == day]
    return [
        Line("日報", size="large"),
        Line(f"{place.municipality.prefecture}{place.municipality.name}"),
        Line(day.isoformat(), place.terminal),
        *(Line(f"{kind} {copies}通", f"{yen}円") for kind, (copies, yen) in sales.items()),
        Line("手数料合計", f"{sum(yen for _, yen in sales.values())}円", size="large"),
        *(line for value, row in rows.items() for line in _row(value, row)),
        *(Line(f"ホッパー {hopper.value}円(計数)", f"{hopper.coins}枚") for hopper in stock),
        *(Line(f"お預かり {claim_number(claim)}", f"{claim.number('yen')}円") for claim in claims),
        *(Line(f"未処理 {case.kind}", case.id[:16]) for case in cases),
        Line("記録の鎖"),
        *(Line(head[at : at + HEAD_WIDTH]) for at in range(0, len(head), HEAD_WIDTH)),
    ]


def _row(value: int, row: Row) -> list[Line]:
    found = f" 過不足 {row.found:+d}" if row.found else ""
    flows = f"  投入 {row.taken} 補充 {row.filled} 払出 {row.paid} 回収 {row.collected}{found}"
    return [Line(f"{value}円 始 {row.start}枚", f"終 {row.end}枚"), Line(flows)]

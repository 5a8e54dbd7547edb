"""Open cases: what only a person can settle. Derived from the journal: opened minus resolved.

While a case is open the kiosk takes no new session. A case is resolved by staff, with a name and a reason,
through the daemon; what they say of the tray decides whether a 通 in doubt was delivered or is owed back.
"""

import asyncio
from dataclasses import dataclass

from daemon.session.entries import Entry, Record
from daemon.session.journal import Journal
from daemon.session.till import balance
from hal.faults import CASE_OPEN


def case_id(kind: str, of: str) -> str:
    """of: the certificate number, order, payout or session it is about; two kinds never share an id."""
    return of if kind == "in-doubt" else f"{of}/{kind}"


def case_record(kind: str, of: str, session: str, code: str = CASE_OPEN) -> Record:
    """The entry that opens a case; a second one with the same id is dropped.

    code: of the fault catalogue, which says what citizens are told and what staff do.
    """
    case = case_id(kind, of)
    return Record("case.opened", session, {"case": case, "kind": kind, "code": code}, f"case:{case}")


def claim_number(entry: Entry) -> str:
    """The number of a claim: that of the entry which records it."""
    return f"{entry.seq:06d}"


class CaseError(ValueError):
    """A resolution that cannot be taken; the text says what to give instead."""


@dataclass(frozen=True)
class Case:
    """kind: as assets/events.toml lists them. code: its fault."""

    id: str
    kind: str
    session: str
    code: str = CASE_OPEN


class Cases:
    """The open cases, kept up to date by observing the journal."""

    def __init__(self, journal: Journal) -> None:
        self._journal = journal
        self._open: dict[str, Case] = {}
        self._one_at_a_time = asyncio.Lock()
        journal.observe(self._follow)

    async def load(self) -> None:
        """Reads all cases ever opened or resolved."""
        for entry in await self._journal.events("case.opened", "case.resolved"):
            self._follow(entry)

    @property
    def open(self) -> tuple[Case, ...]:
        return tuple(self._open.values())

    async def resolve(self, case: str, delivered: bool | None, who: str, why: str) -> int:
        """Settles a case; returns yen owed on a new claim (0 if none).

        delivered: for a 通 in doubt, whether its sheets lie in the tray or went with the citizen.
        who: a staff number. Raises CaseError.
        """
        async with self._one_at_a_time:
            found = self._open.get(case)
            if found is None:
                known = ", ".join(self._open) or "none"
                raise CaseError(f"no open case {case!r}; open: {known}")
            if not who.strip() or not why.strip():
                raise CaseError("who and why are needed: they stand in the journal")
            records, owed = await self._end_doubt(found, delivered) if found.kind == "in-doubt" else ([], 0)
            resolved = Record("case.resolved", found.session, {"case": case, "who": who, "why": why})
            await self._journal.write_all([*records, resolved])
            return owed

    async def _end_doubt(self, case: Case, delivered: bool | None) -> tuple[list[Record], int]:
        if delivered is None:
            raise CaseError(f"case {case.id}: say whether its sheets were printed (delivered or missing)")
        if delivered:
            return [Record("print.done", case.session, {"number": case.id, "sheets": 0})], 0
        failed = Record("print.failed", case.session, {"number": case.id, "reason": "missing"})
        money = balance(await self._journal.session(case.session))
        owed = money.owed + money.unit
        claim = Record("claim.recorded", case.session, {"yen": owed, "reason": "not-printed"})
        return [failed, claim], owed

    def _follow(self, entry: Entry) -> None:
        if entry.event == "case.opened":
            code = str(entry.data.get("code", CASE_OPEN))  # an older journal tells only the kind
            case = Case(entry.text("case"), entry.text("kind"), entry.session, code)
            self._open[case.id] = case
        elif entry.event == "case.resolved":
            self._open.pop(entry.text("case"), None)

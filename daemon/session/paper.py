"""How many sheets lie in a printer that cannot tell: counted by the journal, from what staff say they loaded.

Every job takes as many sheets as its 通 has, also one that was cancelled before its end: so the count may be
too low, never too high by what was printed. Where nobody ever said what was loaded nothing is known, and
nothing is held up.
"""

from daemon.session.entries import Entry
from daemon.session.journal import Journal
from hal.contracts import DocumentPrinter
from hal.faults import PRINTER_PAPER_LOW, PRINTER_PAPER_OUT, Fault

DEVICE = "paper"
LOW = 50
MOST = 5000


class PaperCount:
    """Kept up to date by observing the journal."""

    def __init__(self, journal: Journal, printer: DocumentPrinter) -> None:
        self._journal = journal
        self._printer = printer
        self._left: int | None = None
        journal.observe(self._follow)

    async def load(self) -> None:
        """Reads everything that was ever loaded and printed."""
        for entry in await self._journal.events("paper.loaded", "print.job"):
            self._follow(entry)

    @property
    def left(self) -> int | None:
        """Sheets; None: not known, or the printer says it itself."""
        return self._left if self._printer.counts_sheets is False else None

    @property
    def fault(self) -> Fault | None:
        """What to tell staff."""
        left = self.left
        if left is None or left > LOW:
            return None
        code = PRINTER_PAPER_LOW if left > 0 else PRINTER_PAPER_OUT
        detail = (
            f"{max(0, left)} sheets by the kiosk's own count; load A4 paper, then: madoguchi paper loaded"
        )
        return Fault(code, DEVICE, detail)

    def lacks(self, sheets: int) -> bool:
        """Whether it is known that this many are not there."""
        return self.left is not None and self.left < sheets

    async def loaded(self, sheets: int, who: str, why: str) -> int:
        """So many lie in the printer now; answers that. who: a staff number. Raises ValueError."""
        if not 0 <= sheets <= MOST:
            raise ValueError(f"{sheets} sheets: say how many lie in the printer now, 0 to {MOST}")
        if not who.strip() or not why.strip():
            raise ValueError("who and why are needed: they stand in the journal")
        await self._journal.write("paper.loaded", sheets=sheets, before=self._left, who=who, why=why)
        return sheets

    def _follow(self, entry: Entry) -> None:
        if entry.event == "paper.loaded":
            self._left = entry.number("sheets")
        elif entry.event == "print.job" and self._left is not None:
            self._left -= entry.number("sheets")

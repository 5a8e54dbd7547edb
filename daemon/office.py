"""What staff do with money at a running kiosk: the treasurer's acts by their own card, the day's report."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from daemon.badge import Badge
from daemon.report import EVENTS, Place, report_lines
from daemon.session.cases import Cases
from daemon.session.host import Host
from daemon.session.journal import Journal
from daemon.session.treasurer import Act, Treasurer, check
from hal.contracts import CashVendor, ReceiptPrinter


@dataclass(frozen=True)
class Office:
    """Acts of the service socket. now: the kiosk's clock."""

    host: Host
    badge: Badge
    treasurer: Treasurer
    journal: Journal
    cases: Cases
    vendor: CashVendor
    printer: ReceiptPrinter
    place: Place
    now: Callable[[], datetime]

    async def cash(self, act: Act, coins: Mapping[int, int], why: str, pin: bytearray) -> dict[str, str]:
        """An act by whoever's card is on the reader; in words what it changed.

        Raises ActRefused, Busy, NotStaff, DeviceError, JournalBroken.
        """
        check(act, coins, why)
        with self.host.attended():
            who = await self.badge.identify(pin)
            return await self.treasurer.perform(act, coins, who, why)

    async def report(self, day: str, printed: bool) -> list[str]:
        """Of this day (2026-04-01; "": today), as lines; also on paper if wanted.

        Raises ValueError, Busy, DeviceError, JournalBroken.
        """
        which = date.fromisoformat(day) if day else self.now().date()
        stock, cases = await self.vendor.stock(), self.cases.open
        entries = await self.journal.events(*EVENTS)
        lines = report_lines(self.place, which, entries, stock, cases, self.journal.head)
        if printed:
            with self.host.attended():
                await self.printer.print(lines)
        await self.journal.write("report.made", day=which.isoformat(), printed=printed)
        return [f"{line.left}  {line.right}".rstrip() for line in lines]

"""The kiosk between sessions, on the stage: a host at work on a journal that earlier starts have left, and
orders that are on hand for those sessions that need one.
"""

import asyncio
import hashlib
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from datetime import datetime
from pathlib import Path

from daemon.issuance.messages import Manifest, OrderRequest, SealedCopy, Sheet
from daemon.issuance.order import Expected
from daemon.session.book import JournalBook
from daemon.session.cases import Cases
from daemon.session.cashier import Cashier
from daemon.session.catalogue import FaultKind
from daemon.session.health import Health
from daemon.session.host import Host
from daemon.session.journal import Journal
from daemon.session.purchase import Purchase
from daemon.session.till import balance
from daemon.session.untold import Untold
from tests.session.fake_vendor import FakeVendor
from tests.session.fakes import FakeCabinet, FakePrinter
from tests.session.stage import NOON, PLENTY, Counter, Shop, Told, journal

PDF = b"%PDF of one sheet"
KINDS = {
    code: FaultKind(code, "error", False, "", {"ja": f"of {code}"})
    for code in ("document.jam", "center.mismatch")
}


def purchase(*numbers: str, sheets: int = 1) -> Purchase:
    """Order o1 on hand: one 通 of so many sheets and 200 yen for each certificate number."""
    digest = hashlib.sha256(PDF).hexdigest()
    pages = tuple(Sheet(page, (f"h{page}",)) for page in range(1, sheets + 1))
    copies = tuple(SealedCopy(number, pages, digest) for number in numbers)
    manifest = Manifest(
        order="o1",
        terminal="T01",
        session="s1",
        holder="",
        municipality="162027",
        kind="juminhyo",
        scope="self",
        subjects=("h1",),
        items=(),
        issued="",
        expires=NOON,
        sample=True,
        copies=copies,
    )
    request = OrderRequest("o1", "T01", "s1", "juminhyo", "self", ("h1",), (), len(numbers), True)
    expected = Expected(request, "", "162027", {"h1": "山田 太郎"})
    return Purchase("o1", 200, manifest, tuple(bytearray(PDF) for _ in numbers), expected)


async def play(kept: Journal, told: Sequence[Told], session: str = "s1") -> None:
    """Writes down what a session did."""
    for event, data in told:
        await kept.write(event, session, **data)


async def left_behind(path: Path, *told: Told) -> None:
    """A first start, cut off after these entries of session s1."""
    async with journal(path) as kept:
        await play(kept, told)


async def shop_on(
    kept: Journal, boot: str, vendor: FakeVendor | None = None, *, today: datetime = NOON
) -> Shop:
    """A kiosk that starts on this journal. vendor: the one of the start before."""
    book = JournalBook(kept, f"stray-{boot}")
    await book.resume()
    cash = vendor or FakeVendor(book, PLENTY, frozenset(PLENTY))
    cash.book = book
    return Shop(Counter(kept, book, cash, Cashier(cash, book, kept)), FakePrinter(), FakeCabinet(), today)


@asynccontextmanager
async def restarted(path: Path, boot: str = "boot-2", today: datetime = NOON) -> AsyncIterator[Shop]:
    """A kiosk of fakes that starts on the journal left at this path; its host is not yet at work."""
    async with journal(path, boot, today) as kept:
        yield await shop_on(kept, boot, today=today)


class Hosting:
    """A host at work. cases, health: its own."""

    def __init__(self, at: Shop, boot: str, synchronised: bool) -> None:
        self.cases, self.health = Cases(at.journal), Health(KINDS, frozenset())
        self.host = Host(
            at.visit.kiosk,
            at.desk,
            self.health,
            self.cases,
            at.book,
            Untold(at.journal, at.line),
            at.vendor,
            lambda: synchronised,
        )
        self._boot = boot
        self.ready = asyncio.Event()

    async def serve(self) -> None:
        await self.cases.load()
        await self.host.serve(self._boot, self.ready.set)

    @property
    def kinds(self) -> set[str]:
        """Of the open cases."""
        return {case.kind for case in self.cases.open}


@asynccontextmanager
async def hosting(at: Shop, boot: str = "boot-2", *, synchronised: bool = True) -> AsyncIterator[Hosting]:
    """The host works until the end of the block; what stopped it before comes out of it."""
    at_work = Hosting(at, boot, synchronised)
    serving = asyncio.create_task(at_work.serve())
    try:
        await asyncio.wait([serving], timeout=1)
        yield at_work
        if serving.done():
            serving.result()
    finally:
        serving.cancel()
        with suppress(asyncio.CancelledError):
            await serving


async def owed(kept: Journal) -> dict[str, int]:
    """Yen the kiosk has of each session and has neither earned, paid back nor put on a claim."""
    entries = await kept.events(*kept.known_events)
    sessions = {entry.session for entry in entries}
    sums = {session: balance(e for e in entries if e.session == session).owed for session in sessions}
    return {session: yen for session, yen in sums.items() if yen}

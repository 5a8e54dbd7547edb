"""The stage of the session's tests: a clock that jumps, a journal inline, texts that are their keys, glass
without pixels, and a citizen who taps on it. Devices are in ``fakes``.
"""

import asyncio
import functools
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from concurrent.futures import Executor, Future
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, ParamSpec, TypeVar

from daemon.issuance.messages import Municipality, Refusal
from daemon.issuance.seal import Keyring
from daemon.session.book import JournalBook
from daemon.session.cashier import Cashier
from daemon.session.catalogue import load_events
from daemon.session.desk import Desk, Limits
from daemon.session.entries import Entry, Value
from daemon.session.journal import Journal
from daemon.session.paper import PaperCount
from daemon.session.presenter import Aids
from daemon.session.reminder import CardReminder
from daemon.session.spoken import SPOKEN, Spoken
from daemon.session.visit import Devices, Kiosk, Visit
from daemon.session.widgets import Button, Screen, View, buttons
from hal.contracts import CardReading, JobStatus, TokenKind
from hal.events import DeviceChanged, Event, Touched
from tests.session.fake_vendor import FakeVendor
from tests.session.fakes import FakeCabinet, FakeLine, FakePrinter, FakeReader, FakeReceipt
from tests.virtual_time import run_virtual

P = ParamSpec("P")
T = TypeVar("T")

ASSETS = Path(__file__).parents[2] / "assets"
FIELDS = {name: kind.fields for name, kind in load_events(ASSETS).items()}
Told = tuple[str, Mapping[str, Value]]
"""Event and data of an entry to be."""

NAMED = {"title": "住民票の写し", "issuer": "富山県高岡市"}
"""What an order's entry says besides: what the certificate is called, and whose it is."""

NOON = datetime(2026, 4, 1, 12, 0, tzinfo=UTC)


def virtual_time(test: Callable[P, Awaitable[None]]) -> Callable[P, None]:
    """Runs an async test under tests.virtual_time: hours of waiting take no time."""

    @functools.wraps(test)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        async def main() -> None:
            await test(*args, **kwargs)

        run_virtual(main())

    return run


# ---------------------------------------------------------------- the journal


class Inline(Executor):
    """Does the work at once, on the thread that asks."""

    def submit(self, fn: Callable[..., T], /, *args: Any, **kwargs: Any) -> Future[T]:
        future: Future[T] = Future()
        try:
            future.set_result(fn(*args, **kwargs))
        except Exception as error:  # noqa: BLE001 belongs to whoever awaits the future
            future.set_exception(error)
        return future


@asynccontextmanager
async def journal(
    path: Path | str = ":memory:", boot: str = "boot-1", today: datetime = NOON
) -> AsyncIterator[Journal]:
    """An open journal with the catalogue's fields; closed at the end."""
    opened = Journal(path, FIELDS, lambda: today, boot, Inline())
    try:
        await opened.open()
        yield opened
    finally:
        await opened.close()


def entries(*told: Told) -> list[Entry]:
    """A session as the journal would give it back, from (event, data) pairs."""
    return [
        Entry(seq, NOON, "boot-1", "s1", event, dict(data), f"{seq:064x}")
        for seq, (event, data) in enumerate(told, start=1)
    ]


# ---------------------------------------------------------------- texts and glass


class StubSay:
    """Says the key itself, with its values behind it: ``unit.yen n=200``."""

    def __init__(self, language: str = "ja") -> None:
        self.language = language

    def __call__(self, key: str, **values: object) -> str:
        return " ".join([key, *(f"{name}={value}" for name, value in values.items())])


def stub_aids(say: Callable[[str, str], None] = lambda key, language: None) -> Aids:
    """Texts are their keys, each clip lasts a second."""
    spoken: dict[str, Spoken] = {key: key for key in SPOKEN}
    return Aids(
        StubSay, say, lambda key, language: 1.0, lambda _, text: spoken.get(text), lambda percent: None
    )


class FakeFace:
    """Glass without pixels: x is the place of a button in its order, the header last. shown: every screen."""

    pages = 1

    def __init__(self) -> None:
        self.shown: list[Screen] = []
        self.view = View()
        self.forgotten = 0
        """How many of them it was told to forget."""

    def show(self, screen: Screen, view: View) -> None:
        if not self.shown or screen != self.shown[-1]:
            self.shown.append(screen)
        self.view = view

    @property
    def order(self) -> list[str]:
        return [button.id for button in self._there if button.enabled]

    @property
    def _there(self) -> list[Button]:
        return [*buttons(self.shown[-1]), *self.view.header] if self.shown else []

    def hit(self, x: int, y: int) -> str | None:
        there = self._there
        return there[x].id if 0 <= x < len(there) and there[x].enabled else None

    def press(self, id: str) -> None:
        pass

    def release(self) -> None:
        pass

    def forget(self) -> None:
        self.forgotten = len(self.shown)

    def place_of(self, id: str) -> int:
        return [button.id for button in self._there].index(id)


class Citizen:
    """Somebody in front of the glass."""

    def __init__(self, desk: Desk, face: FakeFace) -> None:
        self.desk = desk
        self.face = face

    def down(self, id: str) -> None:
        self.desk.post(Touched(self.face.place_of(id), 0, down=True))

    def up(self, id: str) -> None:
        self.desk.post(Touched(self.face.place_of(id), 0, down=False))

    def tap(self, id: str) -> None:
        self.down(id)
        self.up(id)

    async def press(self, *ids: str) -> None:
        """One button after the other, each on the screen that the one before has led to."""
        for button in ids:
            await settled()
            self.tap(button)
        await settled()

    @property
    def sees(self) -> Screen:
        return self.face.shown[-1]


async def settled() -> None:
    """Returns once everybody who can go on has gone on; no time passes."""
    for _ in range(50):
        await asyncio.sleep(0)


# ---------------------------------------------------------------- a payment


@dataclass(frozen=True)
class Counter:
    """A vendor whose book is a journal, and the cashier at it."""

    journal: Journal
    book: JournalBook
    vendor: FakeVendor
    cashier: Cashier


@asynccontextmanager
async def counter(
    levels: Mapping[int, int], denominations: frozenset[int] | None = None
) -> AsyncIterator[Counter]:
    """denominations: those of the hoppers unless given."""
    async with journal() as kept:
        book = JournalBook(kept, "nobody")
        vendor = FakeVendor(book, levels, denominations or frozenset(levels))
        yield Counter(kept, book, vendor, Cashier(vendor, book, kept))


# ---------------------------------------------------------------- a desk


def page(screen: str, *ids: str, disabled: str = "") -> Screen:
    return Screen(
        screen, "ja", "", (), buttons=tuple(Button(name, name, enabled=name != disabled) for name in ids)
    )


FIRST = page("first", "quit", "confirm")
SECOND = page("second", "quit", "confirm")


class DeskStage:
    """A desk that says what it speaks, and somebody in front of it."""

    def __init__(self, limits: Limits | None = None) -> None:
        self.spoken: list[tuple[float, str]] = []
        self.read: list[str] = []
        """What guidance has read."""
        self.face = FakeFace()
        self.desk = Desk(self.face, self._speak, stub_aids(self._read), limits)
        self.citizen = Citizen(self.desk, self.face)
        self.desk.begin()

    def _speak(self, key: str) -> None:
        self.spoken.append((now(), key))

    def _read(self, key: str, language: str) -> None:
        self.read.append(key)


def now() -> float:
    return asyncio.get_running_loop().time()


async def begun(asking: "asyncio.Task[str] | asyncio.Task[Event | None]") -> None:
    """Until the question is on the glass."""
    await settled()
    assert not asking.done()


# ---------------------------------------------------------------- a whole kiosk


PLENTY = {10: 50, 50: 20, 100: 30, 500: 10}
CARD = CardReading(TokenKind.MY_NUMBER_CARD, b"", 3)


class Shop:
    """A kiosk of fakes, a visit under way in it, and a citizen in front of it. today: what its clock says."""

    def __init__(
        self, at: Counter, printer: FakePrinter, cabinet: FakeCabinet, today: datetime = NOON
    ) -> None:
        self.journal, self.book, self.vendor, self.cashier = at.journal, at.book, at.vendor, at.cashier
        self.printer, self.cabinet, self.today = printer, cabinet, today
        self.reader, self.receipt, self.line = FakeReader(CARD), FakeReceipt(), FakeLine()
        self.closed: Refusal | None = None
        self.reported: list[DeviceChanged] = []
        self.spoken: list[str] = []
        self.face = FakeFace()
        self.desk = Desk(self.face, self.spoken.append, stub_aids())
        self.citizen = Citizen(self.desk, self.face)
        self.desk.begin()
        self.visit = Visit(self._kiosk(), self.desk, "s1", StubSay())

    def _kiosk(self) -> Kiosk:
        return Kiosk(
            terminal="T01",
            municipality=Municipality("162027", "富山県", "高岡市"),
            journal=self.journal,
            cashier=self.cashier,
            devices=Devices(self.reader, self.printer, self.receipt, self.cabinet),
            reminder=CardReminder(self.journal, self.cabinet, self.reported.append),
            paper=PaperCount(self.journal, self.printer),
            line=self.line,
            keyring=Keyring(()),
            texts=StubSay,
            opening=lambda kind: self.closed,
            sample=lambda: True,
            now=lambda: self.today,
            random=bytes,
        )

    async def told(self, session: str = "s1") -> list[str]:
        """The events of a session in the journal."""
        return [entry.event for entry in await self.journal.session(session)]


@asynccontextmanager
async def shop(*ends: JobStatus, cabinet: FakeCabinet | None = None) -> AsyncIterator[Shop]:
    """ends: of the print jobs, as ``FakePrinter`` has it."""
    async with counter(PLENTY) as at:
        yield Shop(at, FakePrinter(*ends), cabinet or FakeCabinet())

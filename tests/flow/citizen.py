"""A citizen who knows what he wants: goes to a named screen on the straight way, from wherever he stands.

Nothing is waited for by the clock but ``rest``: he looks at the screen until it is the one he waits for.
When he has gone, every yen must be somewhere, and nothing be owed without a claim.
"""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from daemon.session.entries import Entry
from daemon.session.till import balance
from daemon.session.widgets import Choices, Described, Field, Progress, Screen, Table, Text, buttons
from tests.flow.whole import Parts, SetUp, whole_kiosk
from tests.session import stage

PATIENCE = 450.0
MOMENT = 1e-6
WAITING = (
    "reading",
    "preparing",
    "printing",
    "returning",
    "take-money",
    "receipt",
    "thanks",
    "hold",
    "claim",
)
"""Screens that go on by themselves."""


@dataclass(frozen=True)
class Wants:
    """card: of the sample holders. names: places on the picker, for 世帯の一部 and 個人事項証明. items: 有.
    whose: own or other, on screen 4. year: 年度.

    coins: yen, in order; none: coins of 100 yen, and one of 50 where the fee asks for it.
    """

    card: str = "taro"
    pin: str = "1234"
    kind: str = "juminhyo"
    scope: str = "self"
    names: tuple[int, ...] = ()
    items: tuple[str, ...] = ()
    copies: int = 1
    coins: tuple[int, ...] = ()
    whose: str = "own"
    year: int = 0


class Citizen(stage.Citizen):
    """Somebody in front of a whole kiosk. parts: what else can be seen and done there."""

    def __init__(self, parts: Parts, wants: Wants) -> None:
        super().__init__(parts.desk, parts.face)
        self.parts = parts
        self.wants = wants
        self._changed = asyncio.Event()
        parts.desk.observe(lambda _: self._changed.set())

    # ------------------------------------------------------------ what he sees

    @property
    def ids(self) -> list[str]:
        """The buttons of the screen, the row first, without keypad and languages."""
        keys = ("key.", "language.")
        row = [button.id for button in self.sees.buttons]
        found = [button.id for button in buttons(self.sees) if not button.id.startswith(keys)]
        return row + [button for button in found if button not in row]

    @property
    def enabled(self) -> list[str]:
        return [button.id for button in buttons(self.sees) if button.enabled]

    @property
    def texts(self) -> list[str]:
        """Every text of the screen but those of its buttons (as ``StubSay`` says them)."""
        return [self.sees.title, self.sees.prompt, *(text for w in self.sees.body for text in _texts(w))]

    @property
    def table(self) -> dict[str, str]:
        """The lines of screens 11 and 12."""
        tables = [widget for widget in self.sees.body if isinstance(widget, Table)]
        return {label: value for table in tables for label, value in (*table.across, *table.rows)}

    @property
    def chosen(self) -> list[str]:
        return [button.id for button in buttons(self.sees) if button.chosen]

    @property
    def heard(self) -> list[str]:
        """Everything the voice has said."""
        return [key for _, key in self.parts.spoken]

    async def until(self, *names: str) -> Screen:
        """The first screen of one of these names, from now on."""
        async with asyncio.timeout(PATIENCE):
            await self._seeing(lambda: self.sees.name in names)
        return self.sees

    async def _seeing(self, condition: Callable[[], bool]) -> None:
        while not condition():
            self._changed.clear()
            await self._changed.wait()
        await settled()

    # ------------------------------------------------------------ what he does

    async def press(self, *ids: str) -> None:
        """One button after the other, each on the screen that the one before has led to."""
        for button in ids:
            self.tap(button)
            await settled()

    async def rest(self, seconds: float) -> None:
        """Does nothing. asyncio's debug mode sleeps meanwhile: it makes timers cost four times as much."""
        loop = asyncio.get_running_loop()
        loop.set_debug(False)
        await asyncio.sleep(seconds)
        loop.set_debug(True)
        await settled()

    def place(self, card: str = "") -> None:
        self.parts.reader.place(self.parts.cards[card or self.wants.card])

    async def take_card(self) -> None:
        self.parts.reader.take()
        await settled()

    async def type(self, digits: str) -> None:
        await self.press(*(f"key.{digit}" for digit in digits))

    async def insert(self, *coins: int) -> None:
        """One coin after the other, each once the one before is counted."""
        for coin in coins:
            before = self.sees
            assert self.parts.bus.insert(coin) == "accepted", f"{coin} yen at {before.name}"
            async with asyncio.timeout(PATIENCE):
                await self._seeing(lambda seen=before: self.sees != seen)  # type: ignore[misc]

    async def press_lever(self) -> None:
        self.parts.bus.press_return()
        await settled()

    async def take_paper(self) -> None:
        self.parts.take_paper()
        await settled()

    # ------------------------------------------------------------ the straight way

    async def to(self, *names: str) -> Screen:
        """Goes on as his wants say until he stands before one of these screens."""
        async with asyncio.timeout(PATIENCE):
            while self.sees.name not in names:
                await self._go_on()
        return self.sees

    async def to_the_end(self) -> None:
        """On from here, up to the start menu after it."""
        if self.sees.name == "start":
            await self._go_on()
        await self.to("start")

    async def _go_on(self) -> None:
        before = self.sees
        if before.name not in WAITING:
            assert before.name in self._steps, f"there is no straight way from {before.name}"
            await self._steps[before.name]()
        await self._seeing(lambda: self.sees.name != before.name)

    @property
    def _steps(self) -> dict[str, Callable[[], Awaitable[None]]]:
        wants = self.wants
        return {
            "start": lambda: self.press("services"),
            "services": lambda: self.press("issue"),
            "card": self._place,
            "municipality": lambda: self.press(wants.whose, "confirm"),
            "pin": lambda: self.type(wants.pin),
            "removal": self.take_card,
            "certificate": lambda: self.press(f"kind.{wants.kind}", "confirm"),
            "scope": lambda: self.press(f"scope.{wants.scope}", "confirm"),
            "persons": lambda: self.press(*(f"person.{name}" for name in wants.names), "confirm"),
            "person": lambda: self.press(f"person.{wants.names[0]}", "confirm"),
            "year": lambda: self.press(f"year.{wants.year}", "confirm"),
            "items": lambda: self.press(*(f"item.{item}.yes" for item in wants.items), "confirm"),
            "copies": self._copies,
            "confirm": lambda: self.press("confirm"),
            "payment": self._pay,
            "take": self.take_paper,
        }

    async def _place(self) -> None:
        self.place()
        await settled()

    async def _copies(self) -> None:
        await self.type(str(self.wants.copies))
        await self.press("confirm")

    async def _pay(self) -> None:
        rest = yen(self.table["pay.rest"])
        await self.insert(
            *(self.wants.coins or [100] * (rest // 100) + [50] * (rest % 100 // 50)) if rest else ()
        )

    # ------------------------------------------------------------ what is left afterwards

    async def told(self, session: str = "") -> list[str]:
        """The events of the last session, or of this one, without the bookkeeping of coins."""
        return [entry.event for entry in await self.entries(session) if entry.event != "cash.marked"]

    async def entries(self, session: str = "") -> list[Entry]:
        return await self.parts.journal.session(session or await self.session())

    async def session(self) -> str:
        """The last one that began."""
        return (await self.parts.journal.events("session.started"))[-1].session

    async def reason(self) -> str:
        """Why the last session ended; "": it has not."""
        ends = [entry for entry in await self.entries() if entry.event == "session.ended"]
        return ends[-1].text("reason") if ends else ""

    async def claims(self) -> list[int]:
        """Yen of every claim there is."""
        return [entry.number("yen") for entry in await self.parts.journal.events("claim.recorded")]

    @property
    def cases(self) -> list[str]:
        """The kinds of the open cases."""
        return [case.kind for case in self.parts.cases.open]

    async def resolve(self, delivered: bool | None = None) -> int:
        """Staff settle the one open case: yen owed on a new claim."""
        (case,) = self.parts.cases.open
        return await self.parts.cases.resolve(case.id, delivered, "17", "looked into the tray")

    @property
    def printed(self) -> list[str]:
        """The certificate numbers of the sheets in the output tray."""
        return [sheet.name for sheet in self.parts.printer.tray]

    async def outcomes(self) -> list[str]:
        """How each 通 of every order ended, by the center's registry; "": it has not heard."""
        orders = await self.parts.journal.events("order.requested")
        records = [self.parts.registry.order(entry.text("order")) for entry in orders]
        numbers = {number: end for record in records if record for number, end in record.numbers.items()}
        return [end.value if end else "" for _, end in sorted(numbers.items())]

    async def got_nothing_and_lost_nothing(self) -> None:
        """Nothing was printed or kept, and the next citizen can begin."""
        await self.until("start")
        money = self.parts.bus.money
        assert self.parts.printer.jobs == ()
        assert money.given_back == money.inserted
        await self.to("card")

    async def money_adds_up(self) -> None:
        """Inserted = kept + given back + claimed, by the machine and by the journal."""
        assert self.parts.bus.conserved
        for end in await self.parts.journal.events("session.ended"):
            money = balance(await self.parts.journal.session(end.session))
            assert money.owed == 0, f"{money.owed} yen are owed on no claim"


async def settled() -> None:
    """Returns once everybody who can go on has gone on: virtual time moves only when nobody can."""
    await asyncio.sleep(MOMENT)


def yen(text: str) -> int:
    """The amount that ``StubSay`` says."""
    return int(text.removeprefix("unit.yen n="))


def _texts(widget: object) -> tuple[str, ...]:
    match widget:
        case Text(text) | Progress(text) | Choices(_, text):
            return (text,)
        case Field(label, value, hint, alert):
            return (label, value, hint, *alert.split("\n"))
        case Described(_, description, notes):
            return (description, *notes)
        case Table(rows, across):
            return tuple(text for row in (*across, *rows) for text in row)
    return ()


@asynccontextmanager
async def citizen(set_up: SetUp | None = None, wants: Wants | None = None) -> AsyncIterator[Citizen]:
    """Somebody before a kiosk that shows its start menu."""
    async with someone(set_up, wants) as one:
        await one.until("start")
        yield one
        await one.money_adds_up()


@asynccontextmanager
async def someone(set_up: SetUp | None = None, wants: Wants | None = None) -> AsyncIterator[Citizen]:
    """Somebody before a kiosk that may be closed."""
    async with whole_kiosk(1, set_up=set_up) as parts:
        yield Citizen(parts, wants or Wants())

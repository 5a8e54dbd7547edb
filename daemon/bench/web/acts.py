"""What the page can do to the kiosk: only what a citizen, a clerk, a technician or bad luck can do.

One struct an act, as it comes over the line: ``{"do": "place", "card": "taro"}``. Each knows how it is done,
and what a script would say for it.
"""

import sqlite3
from dataclasses import replace
from typing import Annotated, Literal

import msgspec

from daemon.bench import faults
from daemon.bench.processes import ChildFailed
from daemon.bench.recorder import Recorder
from daemon.bench.rig import SIZE
from daemon.bench.scenario import Step
from daemon.bench.setup import parse_moment
from daemon.bench.vocabulary import BILLS
from daemon.bench.wallet import NoSuchCard
from daemon.bench.web.stand import NotStanding, Stand
from drivers.cash.virtual import FAULTS


class Impossible(ValueError):
    """The act cannot be done now, or came to nothing; the text says why and what to do."""


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag=str.lower):
    """One act of the page."""

    async def do(self, stand: Stand) -> Step | None:
        """Does it; returns the words of a script for it, if there are any.

        Raises Impossible, NotStanding, ChildFailed, NoSuchCard, KeyError, OSError, ValueError.
        """
        raise NotImplementedError


# ---------------------------------------------------------------- the citizen


class Touch(Act, frozen=True):
    """A finger on the glass goes down, or up. x, y: pixels."""

    x: Annotated[int, msgspec.Meta(ge=0, lt=SIZE[0])]
    y: Annotated[int, msgspec.Meta(ge=0, lt=SIZE[1])]
    down: bool

    async def do(self, stand: Stand) -> Step | None:
        rig = stand.rig
        under = (rig.feed.shown.name, rig.feed.shown.at(self.x, self.y))
        if self.down:
            stand.finger = under
            felt = rig.touch.press(self.x, self.y)
        else:
            felt = rig.touch.release_at(self.x, self.y)
        if not felt:
            raise Impossible("nobody feels the touch: the kiosk does not run, or its touch panel is lost")
        if self.down or under != stand.finger:
            return None
        return Step(press=(under[1],)) if under[1] else Step(tap=True)


class Press(Act, frozen=True):
    """A tap on this button, wherever it is; nothing happens if the screen has changed meanwhile."""

    button: str

    async def do(self, stand: Stand) -> Step | None:
        if self.button not in stand.rig.feed.shown.buttons:
            return None
        stand.rig.tap(self.button)
        return Step(press=(self.button,))


class Place(Act, frozen=True):
    card: str

    async def do(self, stand: Stand) -> Step | None:
        await stand.rig.wallet.place(self.card)
        return Step(place=self.card)


class Lift(Act, frozen=True):
    """The card off the reader."""

    async def do(self, stand: Stand) -> Step | None:
        if not stand.rig.wallet.lying:
            return None
        await stand.rig.wallet.lift()
        return Step(take="card")


class Insert(Act, frozen=True):
    """A coin or a bill. value: yen."""

    value: int

    async def do(self, stand: Stand) -> Step | None:
        bus, value = stand.rig.bus, self.value
        if (bus.insert_bill(value) if value in BILLS else bus.insert(value)) not in ("accepted", "held"):
            raise Impossible(f"{value} yen fell through into the return tray: the kiosk does not take it now")
        return Step(insert=(value,))


class Lever(Act, frozen=True):
    """The coin vendor's return lever."""

    async def do(self, stand: Stand) -> Step | None:
        stand.rig.bus.press_return()
        return Step(lever=True)


class Take(Act, frozen=True):
    """The citizen takes what came out."""

    what: Literal["money", "paper", "receipt"]

    async def do(self, stand: Stand) -> Step | None:
        rig, hand = stand.rig, stand.hand
        if self.what == "money":
            hand.money += rig.bus.take_tray()
        elif self.what == "paper":
            hand.sheets.extend(rig.take_paper())
        else:
            hand.receipts.extend(rig.receipts.take())
        return Step(take=self.what)


# ---------------------------------------------------------------- staff, and bad luck


class Door(Act, frozen=True):
    open: bool

    async def do(self, stand: Stand) -> Step | None:
        stand.rig.panel.set_door(self.open)
        return Step(door="open" if self.open else "shut")


class Key(Act, frozen=True):
    on: bool

    async def do(self, stand: Stand) -> Step | None:
        stand.rig.panel.set_key(self.on)
        return Step(key="on" if self.on else "off")


class Sensor(Act, frozen=True):
    """The sensor of the paper tray sees paper, or none, whatever lies there. A script has no word for it."""

    paper: bool

    async def do(self, stand: Stand) -> Step | None:
        stand.rig.panel.set_tray(self.paper)
        return None


class Disturb(Act, frozen=True):
    """Something goes wrong with the coin vendor at once, by its name. A script has no word for it."""

    what: str

    async def do(self, stand: Stand) -> Step | None:
        if self.what not in FAULTS:
            raise Impossible(f"the coin vendor has no fault {self.what!r}, only: {', '.join(FAULTS)}")
        await stand.rig.bus.inject(self.what)
        return None


class Jam(Act, frozen=True):
    """The next coin of this hopper gets stuck, or staff clear it. A script names the fault instead."""

    hopper: int
    on: bool

    async def do(self, stand: Stand) -> Step | None:
        hopper = stand.rig.bus.hoppers[self.hopper]
        if self.on:
            hopper.jam(stays=True)
        else:
            hopper.clear_jam()
        return None


class Swap(Act, frozen=True):
    """Another unit of the coin vendor takes the place of this one, or the old one comes back."""

    address: int

    async def do(self, stand: Stand) -> Step | None:
        stand.rig.bus.swap_unit(self.address)
        return None


class Plug(Act, frozen=True):
    """The cable of the coin vendor goes in."""

    async def do(self, stand: Stand) -> Step | None:
        stand.rig.bus.plug_in()
        return None


class Inject(Act, frozen=True):
    """A fault of the catalogue becomes true."""

    code: str

    async def do(self, stand: Stand) -> Step | None:
        await faults.inject(stand.rig, self.code)
        return Step(fault=self.code)


class Clear(Act, frozen=True):
    code: str

    async def do(self, stand: Stand) -> Step | None:
        await faults.clear(stand.rig, self.code)
        return Step(mend=self.code)


class Resolve(Act, frozen=True):
    """Staff settle a case. kind: of it. tray: for a certificate in doubt, what they found in it."""

    case: str
    kind: str
    tray: Literal["delivered", "missing", ""] = ""

    async def do(self, stand: Stand) -> Step | None:
        await stand.rig.resolve(self.case, self.tray)
        return Step(resolve=self.kind, tray=self.tray)


class Kill(Act, frozen=True):
    """The power of the daemon alone is cut."""

    async def do(self, stand: Stand) -> Step | None:
        await stand.rig.power_cut()
        return Step(power="cut")


class Start(Act, frozen=True):
    """The daemon starts again."""

    async def do(self, stand: Stand) -> Step | None:
        if stand.rig.daemon.running:
            return None
        await stand.rig.start_daemon()
        return Step(power="restore")


# ---------------------------------------------------------------- the bench itself


class Build(Act, frozen=True):
    """Another kiosk. at: ``2028-02-29 10:00``, or "" for an open hour of today."""

    municipality: str
    at: str
    speed: float
    idle: float

    async def do(self, stand: Stand) -> Step | None:
        moment = parse_moment(self.at) if self.at else None
        setup = replace(stand.setup, municipality=self.municipality, moment=moment)
        await stand.build(replace(setup, speed=self.speed, idle=self.idle))
        return None


class Record(Act, frozen=True):
    """Begins a recording, or ends it: then ``Stand.script`` is what was done."""

    on: bool

    async def do(self, stand: Stand) -> Step | None:
        rig, recorder = stand.rig, stand.recorder
        if self.on and rig.feed.shown.name != "start":
            raise Impossible("a recording begins at the start menu: end this session first")
        stand.recorder = Recorder(rig.setup, since=len(rig.entries())) if self.on else None
        if recorder is not None and not self.on:
            stand.script = recorder.script("a session on the bench")
        return None


Any = (
    Touch
    | Press
    | Place
    | Lift
    | Insert
    | Lever
    | Take
    | Door
    | Key
    | Sensor
    | Disturb
    | Jam
    | Swap
    | Plug
    | Inject
    | Clear
    | Resolve
    | Kill
    | Start
    | Build
    | Record
)


async def do(stand: Stand, line: str | bytes) -> None:
    """Carries out one line. Raises Impossible."""
    try:
        act = msgspec.json.decode(line, type=Any)
        rig = stand.standing
        shown = rig.feed.shown.name if rig else ""
        if rig is not None and stand.recorder is not None:
            stand.recorder.journal(rig.entries())
        step = await act.do(stand)
    except KeyError as error:
        raise Impossible(f"there is no {error} in the catalogue") from None
    except (NotStanding, ChildFailed, NoSuchCard, OSError, ValueError, sqlite3.Error) as error:
        raise Impossible(str(error)) from None
    if step is not None and stand.recorder is not None:
        stand.recorder.act(shown, step)

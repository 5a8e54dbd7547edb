"""What the page can do to the kiosk: only what a citizen, a clerk, a technician or bad luck can do.

One struct an act, as it comes over the line: ``{"do": "place", "card": "taro"}``.
"""

from dataclasses import replace
from typing import Literal

import msgspec

from daemon.bench import faults
from daemon.bench.processes import ChildFailed
from daemon.bench.rig import Rig
from daemon.bench.setup import Setup, parse_moment
from daemon.bench.wallet import NoSuchCard
from daemon.bench.web.stand import NotStanding, Stand


class Impossible(ValueError):
    """The act cannot be done now; the text says why and what to do."""


class Act(msgspec.Struct, frozen=True, forbid_unknown_fields=True, tag_field="do", tag=str.lower):
    """One act of the page."""


class Touch(Act, frozen=True):
    """A finger on the glass goes down, or up. x, y: pixels."""

    x: int
    y: int
    down: bool


class Press(Act, frozen=True):
    """A tap on this button, wherever it is."""

    button: str


class Place(Act, frozen=True):
    card: str


class Lift(Act, frozen=True):
    """The card off the reader."""


class Insert(Act, frozen=True):
    """A coin or a bill. value: yen."""

    value: int


class Lever(Act, frozen=True):
    """The coin vendor's return lever."""


class Take(Act, frozen=True):
    """The citizen takes what came out."""

    what: Literal["money", "paper", "receipt"]


class Door(Act, frozen=True):
    open: bool


class Key(Act, frozen=True):
    on: bool


class Sensor(Act, frozen=True):
    """The sensor of the paper tray sees paper, or none, whatever lies there."""

    paper: bool


class Inject(Act, frozen=True):
    """A fault of the catalogue becomes true."""

    code: str


class Clear(Act, frozen=True):
    code: str


class Resolve(Act, frozen=True):
    """Staff settle a case. tray: for a certificate in doubt, what they found in it."""

    case: str
    tray: Literal["delivered", "missing", ""] = ""


class Kill(Act, frozen=True):
    """The power of the daemon alone is cut."""


class Start(Act, frozen=True):
    """The daemon starts again."""


class Build(Act, frozen=True):
    """Another kiosk. at: ``2028-02-29 10:00``, or "" for an open hour of today."""

    municipality: str
    at: str
    speed: float
    idle: float


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
    | Inject
    | Clear
    | Resolve
    | Kill
    | Start
    | Build
)


async def do(stand: Stand, line: str | bytes) -> None:
    """Carries out one line. Raises Impossible."""
    try:
        act = msgspec.json.decode(line, type=Any)
        if isinstance(act, Build):
            await stand.build(_setup(act, stand.setup))
        else:
            await _citizen(stand, act)
            await _machine(stand, act)
    except (NotStanding, ChildFailed, NoSuchCard, OSError, ValueError) as error:
        raise Impossible(str(error)) from None


def _setup(act: Build, now: Setup) -> Setup:
    moment = parse_moment(act.at) if act.at else None
    return replace(now, municipality=act.municipality, moment=moment, speed=act.speed, idle=act.idle)


async def _citizen(stand: Stand, act: Act) -> None:
    rig = stand.rig
    match act:
        case Touch(x, y, down):
            if not (rig.touch.press(x, y) if down else rig.touch.release_at(x, y)):
                raise Impossible("nobody feels the touch: the kiosk does not run, or its touch panel is lost")
        case Press(button):
            if button in rig.feed.shown.buttons:
                rig.tap(button)
        case Place(card):
            await rig.wallet.place(card)
        case Lift():
            await rig.wallet.lift()
        case Insert(value):
            _insert(rig, value)
        case Lever():
            rig.bus.press_return()
        case Take(what):
            _take(stand, what)


def _insert(rig: Rig, value: int) -> None:
    done = rig.bus.insert_bill(value) if value >= 1000 else rig.bus.insert(value)
    if done not in ("accepted", "held"):
        raise Impossible(f"{value} yen fell through into the return tray: the kiosk does not take it now")


def _take(stand: Stand, what: str) -> None:
    rig, hand = stand.rig, stand.hand
    if what == "money":
        hand.money += rig.bus.take_tray()
    elif what == "paper":
        hand.sheets.extend(rig.take_paper())
    else:
        hand.receipts.extend(rig.receipts.take())


async def _machine(stand: Stand, act: Act) -> None:
    rig = stand.rig
    match act:
        case Door(open):
            rig.panel.set_door(open)
        case Key(on):
            rig.panel.set_key(on)
        case Sensor(paper):
            rig.panel.set_tray(paper)
        case Inject(code):
            await faults.inject(rig, code)
            stand.injected.add(code)
        case Clear(code):
            await faults.clear(rig, code)
            stand.injected.discard(code)
        case Resolve(case, tray):
            await rig.resolve(case, tray)
        case Kill():
            await rig.power_cut()
        case Start():
            if not rig.daemon.running:
                await rig.start_daemon()

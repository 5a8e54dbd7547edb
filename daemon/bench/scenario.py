"""A story as a TOML script: what a citizen, an attendant and bad luck do, what must be seen and what must
come of it. Parsing and checking only; ``player`` plays it. Every word is explained in docs/scenarios.md.

title = "山田 太郎 gets his 住民票の写し"
[setup]                     # what kind of kiosk; may be left out
at = "2028-02-29 10:00"
[expect]
ended = "complete"          # the reason of session.ended in the journal
delivered = 1               # 通 printed
kept = 200                  # yen the kiosk kept
[[step]]
see = "start"               # wait until this screen is shown …
press = ["services"]        # … then do one thing
"""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Literal

import msgspec

from daemon.bench import vocabulary
from daemon.bench.setup import DEFAULT, Setup, parse_clock, parse_moment
from daemon.toml import TomlError, read_toml

LONGEST_STEP = 3600.0
WAITS = ("see", "hear", "event", "until", "wait")
ACTS = (
    *("press", "place", "pin", "insert", "take", "lever", "door", "key"),
    *("fault", "mend", "jam", "paper", "power", "resolve", "publish"),
)


class ScenarioError(ValueError):
    """The script cannot be played; the text names the file, the step and the key, and what is possible."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """First it waits, then it does at most one thing, and last it may tap.

    It waits for all it names of: see, a screen; hear, a key the speaker says; event, an entry of the journal;
    until, what the kiosk's clock says; wait, seconds in which nobody comes.

    press: button ids, one after the other. place: a card of the wallet. pin: whether the citizen knows it.
    insert: coins and bills in yen; late: seconds until the kiosk hears of them. take: what is taken. lever:
    of the coin return. door, key: of the cabinet. fault, mend: a code of the catalogue. jam: so many sheets
    from now one gets stuck. paper: so many sheets lie in the printer. power: of the kiosk's computer alone.
    resolve: staff close the open cases of this kind; tray: what they saw of sheets in doubt. publish: what
    the municipality does with its profile. tap: touches the glass anywhere, which closes a screen without
    buttons. within: seconds each of its parts may last.
    """

    see: str = ""
    hear: str = ""
    event: str = ""
    until: str = ""
    wait: float = 0.0
    press: tuple[str, ...] = ()
    place: str = ""
    pin: Literal["", "right", "wrong"] = ""
    insert: tuple[int, ...] = ()
    late: float = 0.0
    take: Literal["", "card", "paper", "money", "receipt"] = ""
    lever: bool = False
    door: Literal["", "open", "shut"] = ""
    key: Literal["", "on", "off"] = ""
    fault: str = ""
    mend: str = ""
    jam: int = 0
    paper: int = 0
    power: Literal["", "cut", "restore"] = ""
    resolve: str = ""
    tray: Literal["", "delivered", "missing"] = ""
    publish: Literal["", "maintenance", "as before"] = ""
    tap: bool = False
    within: float = 20.0

    def __post_init__(self) -> None:
        if not 0 < self.within < LONGEST_STEP:
            raise ValueError(f"within = {self.within}: seconds, less than an hour, are meant")
        for word in ("late", "wait"):
            if not 0 <= getattr(self, word) < LONGEST_STEP:
                raise ValueError(f"{word} = {getattr(self, word)}: seconds, less than an hour, are meant")
        for word in ("jam", "paper"):
            if getattr(self, word) < 0:
                raise ValueError(f"{word} = {getattr(self, word)}: a number of sheets is meant")
        if self.until:
            parse_clock(self.until)

    @property
    def act(self) -> str:
        """The word for what it does; "": it only waits, or taps."""
        return next((word for word in ACTS if getattr(self, word)), "")

    @property
    def words(self) -> frozenset[str]:
        """All that it waits for and does."""
        return frozenset(word for word in (*WAITS, *ACTS, "tap") if getattr(self, word))

    def told(self) -> str:
        """One line for the log."""
        waits = [f"{word} {getattr(self, word)}" for word in WAITS if getattr(self, word)]
        acts = [TOLD[word](self) for word in ACTS if getattr(self, word)]
        return "; ".join([*waits, *acts, *["tap"] * self.tap])


TOLD: Mapping[str, Callable[[Step], str]] = {
    "press": lambda step: f"press {_list(step.press)}",
    "place": lambda step: f"place card {step.place}",
    "pin": lambda step: f"type the {step.pin} PIN",
    "insert": lambda step: f"insert {_list(step.insert)} yen" + (f", {step.late:g} s late" * bool(step.late)),
    "take": lambda step: f"take {step.take}",
    "lever": lambda _: "press the return lever",
    "door": lambda step: f"door {step.door}",
    "key": lambda step: f"service key {step.key}",
    "fault": lambda step: f"fault {step.fault}",
    "mend": lambda step: f"mend {step.mend}",
    "jam": lambda step: f"jam sheet {step.jam} from now",
    "paper": lambda step: f"{step.paper} sheets lie in the printer",
    "power": lambda step: f"{step.power} the power",
    "resolve": lambda step: f"staff resolve {step.resolve} {step.tray}".rstrip(),
    "publish": lambda step: f"the municipality publishes its profile: {step.publish}",
}


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the story must end, by the kiosk's own journal and the devices' own counts.

    ended: how the last session did. delivered: 通. kept, claims, returned: yen; returned None: not looked at.
    cases: kinds that are open at the end. sheets: left in the tray. events: those that the journal must have;
    never: those that it must not. printed: words that stand on the sheets.
    """

    ended: str
    delivered: int = 0
    kept: int = 0
    claims: int = 0
    returned: int | None = None
    cases: tuple[str, ...] = ()
    sheets: int = 0
    events: tuple[str, ...] = ()
    never: tuple[str, ...] = ()
    printed: tuple[str, ...] = ()


class Kiosk(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The kiosk a story needs; what is left out is as ever. at: its clock at the start.

    idle, attendant: seconds until E5, and until a print job that waits is given up. hoppers: value → coins.
    """

    municipality: str | None = None
    at: str | None = None
    idle: float | None = None
    attendant: float | None = None
    hoppers: dict[str, int] = {}

    def __post_init__(self) -> None:
        if self.at is not None:
            parse_moment(self.at)
        for value in self.hoppers:
            if value not in map(str, vocabulary.COINS):
                raise ValueError(f"hoppers: there is none for {value!r}, only: {_list(vocabulary.COINS)}")

    def over(self, setup: Setup) -> Setup:
        """This setup with what the story says."""
        said = {
            "municipality": self.municipality,
            "moment": None if self.at is None else parse_moment(self.at),
            "idle": self.idle,
            "attendant": self.attendant,
            "hoppers": {int(value): coins for value, coins in self.hoppers.items()} or None,
        }
        return replace(setup, **{key: value for key, value in said.items() if value is not None})  # type: ignore[arg-type]


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    expect: Expectation
    step: tuple[Step, ...]
    setup: Kiosk = Kiosk()


def load_scenario(path: Path) -> Scenario:
    """Reads a script. Raises ScenarioError."""
    try:
        scenario = read_toml(path, Scenario)
    except TomlError as error:
        raise ScenarioError(f"{error}; scripts lie in scenarios/") from None
    for complaint in complaints(scenario):
        raise ScenarioError(f"{path}: {complaint}")
    return scenario


def complaints(scenario: Scenario) -> Iterator[str]:
    """What cannot be played, in the order of the file."""
    for key, known in (("events", vocabulary.events()), ("never", vocabulary.events())):
        for name in getattr(scenario.expect, key):
            yield from _unknown("[expect] " + key, name, known)
    for kind in scenario.expect.cases:
        yield from _unknown("[expect] cases", kind, vocabulary.CASES)
    municipality = scenario.setup.municipality or DEFAULT.municipality
    yield from _unknown("[setup] municipality", municipality, vocabulary.municipalities())
    cards = vocabulary.cards(municipality)
    screen = ""
    for number, step in enumerate(scenario.step, start=1):
        screen = step.see or screen
        for complaint in (*_of_step(step, screen), *_unknown("place", step.place, cards)):
            yield f"[step {number}] {complaint}"


def _of_step(step: Step, screen: str) -> Iterator[str]:
    """screen: the one that was seen last."""
    if len(step.words & {*ACTS}) > 1 or not step.words:
        yield f"one of {', '.join(ACTS)}, or only {', '.join(WAITS)} or tap"
    if step.late and not step.insert:
        yield "late: says how late what is inserted drops; there is no insert"
    if bool(step.tray) != (step.resolve == "in-doubt"):
        yield 'tray: belongs to resolve = "in-doubt", and only to it'
    yield from _unknown("see", step.see, vocabulary.SCREENS)
    yield from _unknown("hear", step.hear, vocabulary.spoken())
    yield from _unknown("event", step.event, vocabulary.events())
    for money in step.insert:
        yield from _unknown("insert", money, (*vocabulary.COINS, *vocabulary.BILLS))
    yield from _unknown("fault", step.fault, vocabulary.faults())
    yield from _unknown("mend", step.mend, vocabulary.faults())
    yield from _unknown("resolve", step.resolve, vocabulary.CASES)
    yield from _of_buttons(step, screen)


def _of_buttons(step: Step, screen: str) -> Iterator[str]:
    """The first button is one of the screen that is seen; the next ones may stand on the screens after it."""
    for number, button in enumerate(step.press):
        here = vocabulary.SCREENS.get(step.see) if number == 0 else None
        known = vocabulary.buttons() if here is None else (*here, *vocabulary.ANYWHERE)
        yield from _unknown("press", button, known)
        if screen == "pin" and vocabulary.is_digit(button):
            yield 'press: no digit of a PIN stands in a script; pin = "right" or "wrong" is meant'


def _unknown(key: str, name: str | int, known: Collection[str | int]) -> Iterator[str]:
    if name and name not in known:
        yield f"{key}: there is no {name!r}, only: {_list(known)}"


def _list(known: Collection[str | int]) -> str:
    return ", ".join(map(str, known)) or "nothing"

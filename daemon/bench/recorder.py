"""Writes down what somebody does at the bench as a script that plays back to the same end.

    recorder = Recorder(rig.setup, since=len(rig.entries()))
    recorder.journal(rig.entries())                                  # what is new, before every act
    recorder.act("start", Step(press=("services",)))                 # as it happens
    recorder.act("pin", Step(press=("key.1",)))                      # forgotten at once
    recorder.journal(rig.entries())                                  # … and what is new at the end
    text = recorder.script("a title")

Each act comes with the screen that stands on the glass; money that fell through is no act. No key of the PIN
is ever kept: that it was right or wrong is what the journal says, or, where the kiosk did not come to ask the
card, taken as right.
"""

import json
import math
import time
from collections.abc import Callable, Sequence

import msgspec
from msgspec.structs import fields

from daemon.bench.scenario import Expectation, Kiosk, Step
from daemon.bench.setup import DEFAULT, MOMENTS, Setup
from daemon.bench.verdict import Entry, ending
from daemon.bench.vocabulary import PASSING, SCREENS, is_digit

PIN_LENGTH = 4
UNHEARD = ("cash.marked",)
"""Entries that say nothing of their own."""
PATIENCE = 20.0


class Recorder:
    """setup: of the kiosk. since: the number of the journal's newest entry when the recording begins.

    clock: seconds, for how long a step may last.
    """

    def __init__(self, setup: Setup, since: int = 0, clock: Callable[[], float] = time.monotonic) -> None:
        self._setup = setup
        self._since = since
        self._clock = clock
        self._at = clock()
        self._steps: list[Step] = []
        self._shown = ""
        self._entries: list[Entry] = []
        self._news = ""
        self._typed = 0
        self._sheets = 0

    def journal(self, entries: Sequence[Entry]) -> None:
        """Entries of the kiosk's journal, old ones too; the new ones come before the acts that follow."""
        for entry in entries:
            if entry[0] > self._since:
                self._since = entry[0]
                self._take(entry)

    def act(self, shown: str, step: Step) -> None:
        """One act, with or without a tap. shown: the screen that stands on the glass."""
        if shown == "pin" and step.press:
            step = self._without_digits(step)
        elif shown != "pin":
            self._settle_pin()
        if step.tap and SCREENS.get(shown):
            step = msgspec.structs.replace(step, tap=False)  # beside every button: nothing came of it
        if step.words:
            self._add(shown, step)

    def script(self, title: str) -> str:
        """The recording so far, as ``load_scenario`` reads it."""
        self._settle_pin()
        found = ending(self._entries)
        expect = Expectation(
            ended=found.ended,
            delivered=found.delivered,
            kept=found.kept,
            claims=found.claims,
            returned=found.returned,
            cases=found.cases,
            sheets=self._sheets,
        )
        steps = _without_bounced(self._steps, self._entries)
        if self._news:
            steps.append(self._in_time(Step(event=self._news)))
        return write(title, _kiosk(self._setup), expect, steps)

    # ------------------------------------------------------------ inside

    def _take(self, entry: Entry) -> None:
        _, _, event, data = entry
        said_wrong = bool(self._entries) and self._entries[-1][2] == "pin.wrong"
        self._entries.append(entry)
        if event == "print.done":
            sheets = data["sheets"]
            self._sheets += sheets if isinstance(sheets, int) else 0
        if event == "holder.authenticated":
            self._add("pin", Step(pin="right"))
        elif event == "pin.wrong" or (event == "pin.locked" and not said_wrong):
            self._add("pin", Step(pin="wrong"))
        elif event == "session.ended":
            self._settle_pin()
            self._steps.append(self._in_time(Step(event=event)))
            self._shown = self._news = ""
            return
        if event not in UNHEARD:
            self._news = event

    def _settle_pin(self) -> None:
        """Four digits were typed, and the journal has no word of them: the center was away, say."""
        if self._typed >= PIN_LENGTH:
            self._add("pin", Step(pin="right"))

    def _without_digits(self, step: Step) -> Step:
        """What else was pressed on the screen that asks for the PIN."""
        self._typed += sum(is_digit(button) for button in step.press)
        if "key.clear" in step.press:
            self._typed = 0
        others = tuple(button for button in step.press if not button.startswith("key."))
        return msgspec.structs.replace(step, press=others)

    def _add(self, shown: str, step: Step) -> None:
        """Joined to the step before if a person would write them as one."""
        self._typed = 0
        if step.take == "paper":
            self._sheets = 0
        last = self._steps[-1] if self._steps and self._shown == shown else None
        joined = last and _joined(last, step)
        if joined:
            self._steps[-1] = joined
        else:
            self._steps.append(self._in_time(self._after(shown, step)))
        self._shown, self._news = shown, ""

    def _after(self, shown: str, step: Step) -> Step:
        """The step, once what it follows has happened: a new screen shows that, else the journal does."""
        if shown in PASSING or shown == self._shown:
            return msgspec.structs.replace(step, see="", event=self._news)
        return msgspec.structs.replace(step, see=shown)

    def _in_time(self, step: Step) -> Step:
        """What took long may take twice as long when it is played."""
        before, self._at = self._at, self._clock()
        within = math.ceil((self._at - before) / 5) * 10.0
        return step if within <= PATIENCE else msgspec.structs.replace(step, within=min(within, 3599.0))


def _joined(last: Step, step: Step) -> Step | None:
    """Presses or money on one screen are one step, and so are an act and a tap; None: these two are not."""
    if step.words == {"tap"} and last.act and not last.tap:
        return msgspec.structs.replace(last, tap=True)
    if last.tap or last.late or step.late or last.words - {"see", "event"} != step.words:
        return None
    if step.press:
        return msgspec.structs.replace(last, press=(*last.press, *step.press))
    if step.insert:
        return msgspec.structs.replace(last, insert=(*last.insert, *step.insert))
    return None


def _without_bounced(steps: Sequence[Step], entries: Sequence[Entry]) -> list[Step]:
    """Without coins and bills that were never credited: they fell through, which a player would wait for."""
    left = [data["value"] for _, _, event, data in entries if event == "cash.credited"]
    kept: list[Step] = []
    for step in steps:
        taken = []
        for money in step.insert:
            if money in left:
                left.remove(money)
                taken.append(money)
        kept.append(msgspec.structs.replace(step, insert=tuple(taken), late=step.late if taken else 0.0))
    return [step for step in kept if step.words]


def _kiosk(setup: Setup) -> Kiosk:
    """What is not as ever. Not the speed: a story plays at any."""
    return Kiosk(
        municipality=None if setup.municipality == DEFAULT.municipality else setup.municipality,
        at=None if setup.moment is None else setup.moment.strftime(MOMENTS[-1]),
        idle=None if setup.idle == DEFAULT.idle else setup.idle,
        attendant=None if setup.attendant == DEFAULT.attendant else setup.attendant,
        hoppers={str(value): coins for value, coins in setup.hoppers.items()},
    )


# ---------------------------------------------------------------- TOML


def write(title: str, kiosk: Kiosk, expect: Expectation, steps: Sequence[Step]) -> str:
    """A script: a line a step."""
    lines = [f"title = {_toml(title)}"]
    if kiosk != Kiosk():
        lines.append(f"setup = {_toml(_said(kiosk))}")
    lines.append(f"expect = {_toml(_said(expect))}")
    rows = (f"    {_toml(_said(step))},\n" for step in steps)
    return "\n".join(lines) + "\n\nstep = [\n" + "".join(rows) + "]\n"


def _said(part: msgspec.Struct) -> dict[str, object]:
    """What is not as it would be if it were left out."""
    return {
        field.name: getattr(part, field.name)
        for field in fields(part)
        if getattr(part, field.name) not in (field.default, {})
    }


def _toml(value: object) -> str:
    match value:
        case dict():
            return "{ " + ", ".join(f"{key} = {_toml(part)}" for key, part in value.items()) + " }"
        case list() | tuple():
            return "[" + ", ".join(map(_toml, value)) + "]"
        case str():
            return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
        case bool():
            return "true" if value else "false"
        case _:
            return repr(value)

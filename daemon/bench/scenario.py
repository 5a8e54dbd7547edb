"""A story as a TOML script: what a citizen does, what must be seen. Parsing only; ``player`` plays it.

title = "山田 太郎 gets his 住民票の写し"
[expect]
ended = "complete"          # the reason of session.ended in the journal
delivered = 1               # 通 printed
kept = 200                  # yen the kiosk kept
[[step]]
see = "start"               # wait until this screen is shown …
press = ["services"]        # … then do one thing: press, place, pin, insert or take
"""

import re
from pathlib import Path
from typing import Literal

import msgspec

from daemon.toml import TomlError, read_toml

LONGEST_STEP = 3600.0


class ScenarioError(ValueError):
    """The script cannot be played; the text names the file, the step and the key."""


class Step(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """see: name of the screen to wait for. At most one act besides.

    press: button ids, one after the other. place: a card of the wallet. pin: four digits, typed on the glass.
    insert: coins in yen. take: what the citizen takes. tap: touches the glass anywhere, which closes a screen
    without buttons that would close by itself a little later. within: seconds the step may last.
    """

    see: str = ""
    press: tuple[str, ...] = ()
    place: str = ""
    pin: str = ""
    insert: tuple[int, ...] = ()
    take: Literal["", "card", "paper", "money", "receipt"] = ""
    tap: bool = False
    within: float = 20.0

    def __post_init__(self) -> None:
        if self.pin and not re.fullmatch("[0-9]{4}", self.pin):
            raise ValueError("pin: four digits are meant")
        if not 0 < self.within < LONGEST_STEP:
            raise ValueError(f"within = {self.within}: seconds, less than an hour, are meant")

    @property
    def acts(self) -> int:
        return sum(bool(act) for act in (self.press, self.place, self.pin, self.insert, self.take))

    def told(self) -> str:
        """One line for the log; a PIN is never told."""
        parts = [f"see {self.see}" if self.see else ""]
        parts += [f"press {', '.join(self.press)}" if self.press else ""]
        parts += [f"place card {self.place}" if self.place else "", "type the PIN" if self.pin else ""]
        parts += [f"insert {', '.join(map(str, self.insert))} yen" if self.insert else ""]
        parts += [f"take {self.take}" if self.take else "", "tap" if self.tap else ""]
        return "; ".join(part for part in parts if part)


class Expectation(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """How the story must end, by the kiosk's own journal and the devices' own counts."""

    ended: str
    delivered: int = 0
    kept: int = 0


class Scenario(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    title: str
    expect: Expectation
    step: tuple[Step, ...]


def load_scenario(path: Path) -> Scenario:
    """Reads a script. Raises ScenarioError."""
    try:
        scenario = read_toml(path, Scenario)
    except TomlError as error:
        raise ScenarioError(f"{error}; scripts lie in scenarios/") from None
    for number, step in enumerate(scenario.step, start=1):
        if step.acts > 1 or not (step.acts or step.see or step.tap):
            raise ScenarioError(
                f"{path}: [step {number}] one of press, place, pin, insert, take, or only see"
            )
    return scenario

"""What the page needs to know once: the catalogues of faults and events, and the municipalities there are."""

import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import msgspec

from daemon.bench import faults
from daemon.bench.rig import SIZE
from daemon.config import ASSETS
from daemon.issuance.profile import load_profile


class FaultKind(msgspec.Struct, frozen=True):
    """note: what is done to the machine. citizen: what is told, in Japanese."""

    severity: str
    sells: bool
    note: str
    citizen: str


class EventKind(msgspec.Struct, frozen=True):
    priority: int
    meaning: str


class Place(msgspec.Struct, frozen=True):
    """A municipality that the bench can be."""

    code: str
    name: str


class Unchanging(msgspec.Struct, frozen=True):
    """The catalogues, and the municipalities there are."""

    size: tuple[int, int]
    faults: dict[str, FaultKind]
    events: dict[str, EventKind]
    municipalities: tuple[Place, ...]


def unchanging() -> Unchanging:
    """What the page needs to know once."""
    return Unchanging(
        SIZE,
        {code: _fault_kind(code, table) for code, table in _catalogue("faults").items()},
        {name: _event_kind(table) for name, table in _catalogue("events").items()},
        tuple(_place(path) for path in sorted((ASSETS / "municipalities").glob("*.toml"))),
    )


def _fault_kind(code: str, table: Mapping[str, Any]) -> FaultKind:
    return FaultKind(table["severity"], table["sell"], faults.INJECTIONS[code].note, table["citizen"]["ja"])


def _event_kind(table: Mapping[str, Any]) -> EventKind:
    return EventKind(table["priority"], table["meaning"]["en"])


def _place(path: Path) -> Place:
    profile = load_profile(path)
    return Place(profile.code, f"{profile.prefecture}{profile.name}")


def _catalogue(name: str) -> Mapping[str, Any]:
    return tomllib.loads((ASSETS / f"{name}.toml").read_text("utf-8"))

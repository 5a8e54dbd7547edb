"""The catalogue for ``journalctl -x``, made from assets/events.toml and assets/faults.toml.

One entry a message id and language; what is written here is what an operator reads below the log line.
``make generate`` writes it to systemd/madoguchi.catalog; a test keeps that file fresh.
"""

import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TypedDict

ASSETS = Path(__file__).parent.parent / "assets"
HEAD = "# Made by `make generate` from assets/events.toml and assets/faults.toml; do not edit.\n"

Texts = Mapping[str, str]


class Event(TypedDict):
    """A table of events.toml. fields: name → meaning."""

    priority: int
    message_id: str
    meaning: Texts
    fields: Texts


class Fault(TypedDict):
    """A table of faults.toml."""

    severity: str
    sell: bool
    message_id: str
    citizen: Texts
    clerk: Texts
    technician: Texts


def events() -> dict[str, Event]:
    """assets/events.toml, by event."""
    return tomllib.loads((ASSETS / "events.toml").read_text("utf-8"))


def faults() -> dict[str, Fault]:
    """assets/faults.toml, by code."""
    return tomllib.loads((ASSETS / "faults.toml").read_text("utf-8"))


def catalog() -> str:
    """The whole file, in systemd's catalogue format; the entry without a language is English."""
    return HEAD + "".join(_events()) + "".join(_faults())


def _events() -> Iterator[str]:
    for name, event in events().items():
        lines = [f"{field}: @MADOGUCHI_{field.upper()}@" for field in event["fields"]]
        for language, suffix in (("en", ""), ("ja", " ja")):
            yield _entry(event["message_id"] + suffix, name, [event["meaning"][language], *lines])


def _faults() -> Iterator[str]:
    for code, fault in faults().items():
        sells = {"en": ("The kiosk does not sell.", "The kiosk goes on selling.")}
        sells["ja"] = ("販売は止まる。", "販売は続く。")
        for language, suffix in (("en", ""), ("ja", " ja")):
            paragraphs = [fault["clerk"][language], fault["technician"][language]]
            yield _entry(fault["message_id"] + suffix, code, [*paragraphs, sells[language][fault["sell"]]])


def _entry(identity: str, subject: str, lines: list[str]) -> str:
    return f"\n-- {identity}\nSubject: {subject}\nDefined-By: madoguchi\n\n" + "\n".join(lines) + "\n"


if __name__ == "__main__":
    sys.stdout.write(catalog())

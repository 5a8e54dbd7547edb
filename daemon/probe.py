"""``madoguchi probe``: what a driver's read-only side finds at an address, then every change of it.

A technician's tool, for devices real or not. It has no way to a driver's commands: all that it is given is a
``hal.contracts.Survey``, which asks and does nothing else.
"""

import asyncio
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import aclosing
from datetime import datetime
from typing import Any, Protocol, TextIO

import msgspec

from daemon.clock import TOKYO
from daemon.config import masked
from daemon.toml import complaint
from drivers.registry import survey_class
from hal.contracts import Finding, Survey

DRIVERS = {"card": "pcsc", "cash": "cctalk", "document": "ipp", "receipt": "escpos"}
"""The driver that each device is probed with."""

Found = Sequence[Finding]


def probe(device: str, keys: Mapping[str, object], as_json: bool, once: bool, out: TextIO) -> int:
    """Tells what is there and, unless once, what changes, until interrupted. keys: the survey's settings.

    Exit status 1 if a fault stands. Raises ValueError: settings that cannot be meant.
    """
    survey = _survey(device, keys)
    address = masked(str(keys.get("uri") or keys.get("port") or keys.get("reader") or "the first reader"))
    teller = JsonTeller(device, address, out) if as_json else TextTeller(device, address, out)
    return asyncio.run(_follow(survey, teller, once))


def _survey(device: str, keys: Mapping[str, object]) -> Survey:
    cls = survey_class(device, DRIVERS[device])
    try:
        survey: Survey = cls(msgspec.convert(dict(keys), cls.Settings))
    except msgspec.ValidationError as error:
        raise ValueError(complaint(error, cls.Settings, device)) from None
    return survey


class Teller(Protocol):
    def tell(self, found: Found, last: bool) -> None:
        """One look. last: no other one follows."""


async def _follow(survey: Survey, teller: Teller, once: bool) -> int:
    async with aclosing(survey.looks()) as looks:
        async for found in looks:
            teller.tell(found, once)
            if once:
                return int(any(finding.faults for finding in found))
    return 0


class JsonTeller:
    """One object a line: everything that was found, whenever it is not as in the line before."""

    def __init__(self, device: str, address: str, out: TextIO) -> None:
        self._head = {"device": device, "at": address}
        self._out = out
        self._told: list[object] | None = None

    def tell(self, found: Found, last: bool) -> None:
        if self._told == (now := [_key(finding) for finding in found]) and not _news(found):
            return
        self._told = now
        line = {"time": _now().isoformat(timespec="milliseconds"), **self._head, "found": _plain(found)}
        self._out.write(json.dumps(line, ensure_ascii=False) + "\n")
        self._out.flush()


class TextTeller:
    """A block for each finding, then a line for each change."""

    def __init__(self, device: str, address: str, out: TextIO) -> None:
        self._head = f"{device} at {address}"
        self._out = out
        self._told: Found | None = None

    def tell(self, found: Found, last: bool) -> None:
        if self._told is None:
            self._out.writelines(f"{line}\n" for line in self._blocks(found, last))
        else:
            time = _now().strftime("%H:%M:%S")
            self._out.writelines(f"{time}  {line}\n" for line in _changes(self._told, found))
        self._told = found
        self._out.flush()

    def _blocks(self, found: Found, last: bool) -> Iterator[str]:
        yield self._head
        for finding in found:
            yield ""
            yield finding.name
            width = max((len(label) for label, _ in finding.facts), default=0)
            yield from (f"  {label:<{width}}  {value}" for label, value in finding.facts)
            yield from (f"  FAULT {fault.code}: {fault.detail}" for fault in finding.faults)
        if not last:
            yield ""
            yield "following; Ctrl-C ends"


def _changes(before: Found, now: Found) -> Iterator[str]:
    """What to say of the second look, after the first."""
    known = {finding.name: finding for finding in before}
    for finding in now:
        old = known.pop(finding.name, None)
        said = _appeared(finding) if old is None else _changed(old, finding)
        yield from (f"{finding.name}: {text}" for text in said)
    yield from (f"{name}: gone" for name in known)


def _appeared(finding: Finding) -> Iterator[str]:
    yield "found; " + "; ".join(f"{label} {value}" for label, value in finding.facts)
    yield from (f"FAULT {fault.code}: {fault.detail}" for fault in finding.faults)


def _changed(old: Finding, new: Finding) -> Iterator[str]:
    yield from new.news
    before = dict(old.facts)
    for label, value in new.facts:
        was = before.get(label)
        if was != value:
            yield f"{label}: {value}" if was is None else f"{label}: {was} -> {value}"
    codes = {fault.code for fault in old.faults}
    yield from (f"FAULT {fault.code}: {fault.detail}" for fault in new.faults if fault.code not in codes)
    left = codes - {fault.code for fault in new.faults}
    yield from (f"mended: {fault.code}" for fault in old.faults if fault.code in left)


def _key(finding: Finding) -> object:
    """What makes two looks at a thing the same: not the words of a fault, which may count tries."""
    return finding.name, finding.facts, [fault.code for fault in finding.faults]


def _news(found: Found) -> bool:
    return any(finding.news for finding in found)


def _plain(found: Found) -> list[dict[str, Any]]:
    return [
        {
            "name": finding.name,
            "facts": dict(finding.facts),
            "faults": [{"code": fault.code, "detail": fault.detail} for fault in finding.faults],
            "news": list(finding.news),
        }
        for finding in found
    ]


def _now() -> datetime:
    return datetime.now(TOKYO)

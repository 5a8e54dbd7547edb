"""How a story ended, and what of that is not as its script expects. The journal speaks; pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from daemon.bench.scenario import Expectation

Entry = tuple[int, str, str, Mapping[str, object]]
"""(seq, session, event, data), as the rig reads a journal."""


@dataclass(frozen=True)
class Ending:
    """ended: how the last session did. claims, returned, kept: yen. cases: kinds still open."""

    ended: str
    delivered: int
    kept: int
    claims: int
    returned: int
    cases: tuple[str, ...]
    events: frozenset[str]


def ending(entries: Sequence[Entry]) -> Ending:
    """Of these entries."""
    credited = _sum(entries, "cash.credited", "value")
    claims = _sum(entries, "claim.recorded", "yen")
    returned = sum(
        _int(data["value"]) * _int(data["paid"]) for _, _, event, data in entries if event == "payout.outcome"
    )
    reasons = [str(data["reason"]) for _, _, event, data in entries if event == "session.ended"]
    return Ending(
        ended=reasons[-1] if reasons else "",
        delivered=sum(event == "print.done" for _, _, event, _ in entries),
        kept=credited - returned - claims,
        claims=claims,
        returned=returned,
        cases=_open_cases(entries),
        events=frozenset(event for _, _, event, _ in entries),
    )


def differences(expect: Expectation, found: Ending, sheets: int, words: str) -> Iterator[str]:
    """sheets: in the tray. words: on the sheets, without spaces."""
    for key in ("ended", "delivered", "kept", "claims", "returned", "cases"):
        wanted, is_so = getattr(expect, key), getattr(found, key)
        if wanted is not None and wanted != is_so:
            yield f"{key}: expected {_plain(wanted)}, found {_plain(is_so)}"
    if expect.sheets != sheets:
        yield f"sheets: expected {expect.sheets}, found {sheets}"
    yield from (f"events: the journal has no {name}" for name in expect.events if name not in found.events)
    yield from (f"never: the journal has {name}" for name in expect.never if name in found.events)
    yield from (f"printed: no sheet says {text!r}" for text in expect.printed if text not in words)


def _open_cases(entries: Sequence[Entry]) -> tuple[str, ...]:
    cases: dict[object, str] = {}
    for _, _, event, data in entries:
        if event == "case.opened":
            cases[data["case"]] = str(data["kind"])
        elif event == "case.resolved":
            cases.pop(data["case"], None)
    return tuple(sorted(cases.values()))


def _plain(value: object) -> object:
    return (", ".join(value) or "none") if isinstance(value, tuple) else value


def _sum(entries: Sequence[Entry], event: str, field: str) -> int:
    return sum(_int(data[field]) for _, _, name, data in entries if name == event)


def _int(value: object) -> int:
    assert isinstance(value, int)
    return value

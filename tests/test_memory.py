"""What is over leaves the memory: at the end of a session, not whenever the collector comes by."""

import gc
import weakref
from datetime import UTC, datetime
from pathlib import Path

import pytest

from daemon import memory
from daemon.bench.rig import UNIT
from daemon.session.entries import Entry

SYSTEMD = Path(__file__).parents[1] / "systemd"


class Ring:
    """Something that refers to itself, as an exception and its frames do."""

    def __init__(self) -> None:
        self.itself = self


def entry(event: str) -> Entry:
    return Entry(1, datetime(2026, 4, 1, tzinfo=UTC), "b", "s1", event, {}, "0" * 64)


@pytest.mark.parametrize(("event", "stays"), [("session.ended", False), ("card.removed", True)])
def test_what_refers_to_itself_goes_with_its_session(event: str, stays: bool) -> None:
    gc.collect()
    gc.disable()
    try:
        gone = weakref.ref(Ring())
        memory.after_session(entry(event))
        assert (gone() is not None) == stays
    finally:
        gc.enable()


def test_the_bench_uses_memory_as_the_unit_does() -> None:
    unit = (SYSTEMD / "madoguchi.service").read_text()
    assert all(f"Environment={name}={value}\n" in unit for name, value in UNIT.items())

"""Ends of orders are told to the center until it has heard each of them, and each once."""

from pathlib import Path

from daemon.issuance.messages import CopyOutcome
from daemon.session.untold import Untold
from tests.session.fakes import FakeLine
from tests.session.stage import journal


def reachable() -> FakeLine:
    line = FakeLine()
    line.down = False
    return line


async def test_an_end_is_told_once_the_center_is_back_and_only_once() -> None:
    async with journal() as kept:
        line = FakeLine()
        untold = Untold(kept, line)
        await kept.write("order.finished", "s1", order="o1", outcomes={"n1": "delivered"})
        await untold.tell()
        line.down = False
        await untold.tell()
        assert line.told == {"o1": {"n1": CopyOutcome.DELIVERED}}
        line.told.clear()
        await untold.tell()
        assert line.told == {}


async def test_what_was_not_told_before_a_restart_is_told_after_it(tmp_path: Path) -> None:
    async with journal(tmp_path / "j") as kept:
        await kept.write("order.cancelled", "s1", order="o1")
        await kept.write("order.finished", "s2", order="o2", outcomes={"n2": "void"})
        await kept.write("order.closed", "s2", order="o2")
    async with journal(tmp_path / "j", boot="boot-2") as kept:
        line = reachable()
        untold = Untold(kept, line)
        await untold.load()
        await untold.tell()
        assert line.told == {"o1": {}}


async def test_an_end_that_the_center_refuses_keeps_no_other_from_being_told() -> None:
    async with journal() as kept:
        line = reachable()
        line.unknown = {"never-arrived"}
        untold = Untold(kept, line)
        await kept.write("order.cancelled", "s0", order="never-arrived")
        await kept.write("order.finished", "s1", order="o1", outcomes={"n1": "delivered"})
        await untold.tell()
        assert set(line.told) == {"o1"}
        line.unknown = set()
        await untold.tell()
        assert set(line.told) == {"o1", "never-arrived"}

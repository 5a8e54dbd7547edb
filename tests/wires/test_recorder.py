"""A session that was recorded plays back to the same end: over the real wires, on another kiosk."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from msgspec.structs import replace

from daemon.bench.player import Player
from daemon.bench.recorder import Recorder
from daemon.bench.rig import Rig
from daemon.bench.scenario import Expectation, Scenario, Step, load_scenario
from daemon.bench.setup import DEFAULT, Given, Setup
from tests.layout import ROOT

SECRET = "1234"


def setup_of(story: Scenario) -> Setup:
    return Given(speed=0).over(story.setup.over(DEFAULT))


async def kiosk(rig: Rig) -> Player:
    """Somebody before a kiosk that is ready."""
    await rig.see("start", within=60)
    return Player(rig, None, lambda _: None)


async def do(player: Player, step: Step) -> None:
    """One step; whether the story ends well by then is no matter."""
    problems = await player.play(Scenario("", Expectation(""), (step,)))
    assert not [problem for problem in problems if problem.startswith("step ")]


def waiting(step: Step) -> Step:
    """What the step waits for, without what it does."""
    return Step(see=step.see, hear=step.hear, event=step.event, until=step.until, wait=step.wait)


def apart(step: Step) -> Iterator[Step]:
    """The acts of a step one by one, as a page hears of them."""
    alone = replace(step, see="", hear="", event="", until="", wait=0.0, tap=False)
    if step.press:
        yield from (Step(press=(button,)) for button in step.press)
    elif step.insert:
        yield from (replace(alone, insert=(money,)) for money in step.insert)
    elif step.act:
        yield alone
    if step.tap:
        yield Step(tap=True)


async def recorded(story: Scenario) -> str:
    """Plays a story by hand on a kiosk of its own, and writes it down as the page does."""
    async with Rig(setup_of(story)) as rig:
        player = await kiosk(rig)
        recorder = Recorder(rig.setup, since=len(rig.entries()))
        for step in story.step:
            await do(player, waiting(step))
            for act in apart(step):
                recorder.journal(rig.entries())
                for heard in typed(act):
                    recorder.act(rig.feed.shown.name, heard)
                await do(player, act)
        recorder.journal(rig.entries())
        return recorder.script(story.title)


def typed(act: Step) -> tuple[Step, ...]:
    """A PIN as the page hears of it: key by key."""
    return tuple(Step(press=(f"key.{digit}",)) for digit in SECRET) if act.pin else (act,)


@pytest.mark.parametrize("name", ["takaoka-juminhyo", "wrong-pin", "power-cut"])
async def test_a_recorded_session_plays_back_to_the_same_end(name: str, tmp_path: Path) -> None:
    story = load_scenario(ROOT / "scenarios" / f"{name}.toml")
    script = tmp_path / "recorded.toml"
    script.write_text(await recorded(story), "utf-8")
    again = load_scenario(script)
    written, recording = story.expect, again.expect
    assert (written.ended, written.delivered, written.kept) == (
        recording.ended,
        recording.delivered,
        recording.kept,
    )
    assert all(key not in script.read_text("utf-8") for key in ("key.1", "key.2", "key.3", "key.4", SECRET))
    async with Rig(setup_of(again)) as rig:
        assert await (await kiosk(rig)).play(again) == [], script.read_text("utf-8")

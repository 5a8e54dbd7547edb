"""What somebody does on the page is recorded as a script: it plays back to the same end and holds no PIN."""

from pathlib import Path

from daemon.bench.player import Player
from daemon.bench.rig import Rig
from daemon.bench.scenario import load_scenario
from daemon.bench.setup import Setup
from tests.browser.visitor import Visitor, visitor

DIALOG = "document.querySelector('#script').open"


async def a_session_with_a_wrong_pin(at: Visitor) -> None:
    await at.touch("services", "issue")
    await at.sees("card")
    await at.click(".cards [data-card=taro]")
    await at.sees("municipality")
    await at.touch("own", "confirm", "key.9", "key.8", "key.7", "key.6")
    await at.touch("key.1", "key.2", "key.3", "key.4")
    await at.sees("removal")
    await at.click("#reader .well")
    await at.sees("certificate")
    await at.touch("kind.inkan", "confirm", "key.2", "confirm", "confirm")
    await at.sees("payment")
    await at.click("[data-yen='1000'].taken")
    await at.sees("take-money")
    await at.click("#coins .tray.full")
    await at.sees("take")
    await at.click("#paper .well.full")
    await at.sees("start")
    await at.click("#receipt .well.full")


async def test_a_recorded_session_plays_back_to_the_same_end(tmp_path: Path) -> None:
    async with visitor() as at:
        await at.click("#record")
        await at.until("document.querySelector('#record').ariaPressed === 'true'")
        await a_session_with_a_wrong_pin(at)
        await at.click("#record")
        await at.until(DIALOG)
        text = await at.page.inner_text("#script pre")
    assert 'pin = "wrong"' in text and 'pin = "right"' in text
    assert not any(f"key.{digit}" in text for digit in "13456789")  # key.2 is the number of copies
    assert not any(pin in text for pin in ("1234", "9876"))
    script = tmp_path / "recorded.toml"
    script.write_text(text, "utf-8")
    scenario = load_scenario(script)
    assert (scenario.expect.delivered, scenario.expect.kept) == (2, 400)
    async with Rig(Setup(speed=0)) as rig:
        await rig.see("start", within=60)
        assert await Player(rig, None, lambda _: None).play(scenario) == []


async def test_a_recording_begins_at_the_start_menu_only() -> None:
    async with visitor() as at:
        await at.touch("services")
        await at.click("#record")
        await at.until("document.querySelector('#notices').textContent.includes('start menu')")
        assert at.stand.recorder is None

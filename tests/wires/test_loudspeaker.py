"""A real loudspeaker in a whole kiosk: how loud an alert is, and one that is not there or comes later."""

from pathlib import Path

from daemon.bench.rig import Rig
from daemon.bench.setup import Setup
from hal.faults import CARD_LEFT, VOICE_SILENT
from tests.browser.onlooker import until
from tests.drivers.voice.speaker import Speaker, mixer_plugin
from tests.wires.test_left_card import faults, told


async def leave_the_card(rig: Rig) -> None:
    """Somebody begins, and goes without the card."""
    await rig.see("start", within=60)
    for button in ("services", "issue"):
        await rig.press(button)
    await rig.see("card")
    await rig.wallet.place("taro")
    await rig.see("municipality")
    await rig.press("quit")
    await rig.see("card-left")


async def test_without_a_loudspeaker_a_left_card_is_told_by_the_screen_and_staff_know_it_is_silent(
    tmp_path: Path,
) -> None:
    """R9."""
    async with Rig(Setup(speed=0), launcher="tests.wires.hoarse") as rig:
        await leave_the_card(rig)
        await until(lambda: ("device.changed", CARD_LEFT) in told(rig), "staff are called")
        assert set(faults(await rig.status())) == {CARD_LEFT, VOICE_SILENT}
        Speaker(rig.root, mixer_plugin(tmp_path))
        await until(lambda: ("device.changed", "") in told(rig), "the end of the fault in the journal")
        assert faults(await rig.status()) == [CARD_LEFT]
        await rig.wallet.lift()
        await rig.see("start")
        assert faults(await rig.status()) == []


async def test_a_card_that_nobody_takes_is_asked_for_at_full_volume_and_the_next_sentence_is_as_ever(
    tmp_path: Path,
) -> None:
    """R9."""
    rig = Rig(Setup(speed=0), launcher="tests.wires.hoarse")
    speaker = Speaker(rig.root, mixer_plugin(tmp_path))
    async with rig:
        await leave_the_card(rig)
        await until(lambda: speaker.volume == 100, "the mixer at full volume")
        await rig.wallet.lift()
        await rig.see("start")
        await rig.press("services")
        await until(lambda: speaker.volume == 70, "the mixer as it is configured")

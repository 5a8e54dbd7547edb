"""A kiosk whose loudspeaker is not there: it sells, its alerts stand on the glass, and the fault is told."""

from daemon.bench.rig import Rig
from daemon.bench.setup import Setup
from hal.faults import CARD_LEFT, VOICE_SILENT
from tests.browser.onlooker import until
from tests.wires.test_left_card import faults, told

SPEAKER = (
    'pcm.speaker {{ type file slave.pcm nowhere file "{path}" format raw }}\npcm.nowhere {{ type null }}\n'
)


async def test_without_a_loudspeaker_a_left_card_is_told_by_the_screen_and_staff_know_it_is_silent() -> None:
    """R9."""
    async with Rig(Setup(speed=0), launcher="tests.wires.hoarse") as rig:
        await rig.see("start", within=60)
        for button in ("services", "issue"):
            await rig.press(button)
        await rig.see("card")
        await rig.wallet.place("taro")
        await rig.see("municipality")
        await rig.press("quit")
        await rig.see("card-left")
        await until(lambda: ("device.changed", CARD_LEFT) in told(rig), "staff are called")
        assert set(faults(await rig.status())) == {CARD_LEFT, VOICE_SILENT}
        (rig.root / "asoundrc").write_text(SPEAKER.format(path=rig.root / "sound"), "utf-8")
        await until(lambda: ("device.changed", "") in told(rig), "the end of the fault in the journal")
        assert faults(await rig.status()) == [CARD_LEFT]
        await rig.wallet.lift()
        await rig.see("start")
        assert faults(await rig.status()) == []

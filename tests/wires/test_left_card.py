"""A card that is not taken, over the wires: lamp and voice of the bench, what the kiosk says of itself."""

from daemon.bench.rig import Rig
from daemon.bench.setup import Setup
from daemon.bench.status import Status
from drivers.voice.virtual import Utterance, utterances
from hal.faults import CARD_LEFT
from tests.browser.onlooker import until

LEFT = ("device.changed", CARD_LEFT)
TAKEN = ("device.changed", "")


def faults(status: Status | None) -> list[str]:
    assert status is not None
    return [fault.code for fault in status.faults]


def told(rig: Rig) -> list[tuple[str, object]]:
    """What the journal says since the session began: events, and how urgent or which fault."""
    entries = [(event, data.get("urgency", data.get("code"))) for _, _, event, data in rig.entries()]
    return entries[entries.index(("session.started", None)) :]


async def test_a_left_card_is_told_by_lamp_and_loud_voice_and_staff_are_called_until_it_is_taken() -> None:
    async with Rig(Setup(speed=0), launcher="tests.wires.impatient") as rig:
        await rig.see("start", within=60)
        for button in ("services", "issue"):
            await rig.press(button)
        await rig.see("card")
        await rig.wallet.place("taro")
        await rig.see("municipality")
        await rig.press("quit")
        await rig.see("card-left")
        for lamp in ("card", "attention"):
            await rig.panel.until_lamp(lamp, True)
        await until(lambda: LEFT in told(rig), "a fault in the journal")
        assert faults(await rig.status()) == [CARD_LEFT]
        said = utterances(rig.root / "voice.jsonl")
        assert said[-2:] == [Utterance("card.forgotten", "ja", urgent) for urgent in (False, True)]
        await rig.wallet.lift()
        await rig.see("start")
        await rig.panel.until_lamp("attention", False)
        await until(lambda: TAKEN in told(rig), "the end of the fault in the journal")
        assert faults(await rig.status()) == []
        urgencies = [urgency for event, urgency in told(rig) if event == "card.alert"]
        assert urgencies == ["asked", "louder", "staff"]
        assert ("card.left", CARD_LEFT) in told(rig)

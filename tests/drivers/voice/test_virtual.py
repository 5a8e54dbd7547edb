"""The voice of the bench."""

from pathlib import Path

from drivers.voice.virtual import Utterance, VirtualVoice, VoiceSettings, utterances
from hal.contracts import Voice
from hal.events import DeviceChanged
from hal.faults import VOICE_SILENT, Fault
from tests.drivers.ear import running


def test_what_is_said_can_be_read_in_order(tmp_path: Path) -> None:
    voice: Voice = VirtualVoice(VoiceSettings(str(tmp_path / "voice")))
    assert utterances(tmp_path / "voice") == []
    voice.say("card.forgotten", "ja")
    voice.say("take.cert", "pt", urgent=True)
    assert utterances(tmp_path / "voice") == [
        Utterance("card.forgotten", "ja"),
        Utterance("take.cert", "pt", urgent=True),
    ]
    assert voice.virtual


async def test_a_voice_that_cannot_speak_is_reported_until_it_can_and_never_raises(tmp_path: Path) -> None:
    voice = VirtualVoice(VoiceSettings(str(tmp_path / "later" / "voice")))
    async with running(voice.run) as ear:
        assert await ear.next() == DeviceChanged("voice", None)
        voice.say("take.cert", "ja")
        voice.say("take.cert", "ja")
        silent = await ear.next()
        assert isinstance(silent, DeviceChanged)
        assert isinstance(silent.fault, Fault)
        assert silent.fault.code == VOICE_SILENT
        (tmp_path / "later").mkdir()
        assert await ear.next() == DeviceChanged("voice", None)
        assert len(ear.heard) == 3

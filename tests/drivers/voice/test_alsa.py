"""The loudspeaker through the real ALSA library: what would reach the speaker lands in a file or a pipe."""

import array
import asyncio
import os
import subprocess
from pathlib import Path

import pytest

from drivers.voice import alsa
from drivers.voice.alsa import CLIPS, AlsaSettings, AlsaVoice
from hal.contracts import Voice
from hal.events import DeviceChanged, Event
from hal.faults import VOICE_SILENT, Fault
from tests.drivers.ear import running

SHORT, LONG = ("take.receipt", "ja"), ("take.cert", "pt")
WELL = DeviceChanged("voice", None)
SPEAKER = 'pcm.speaker {{ type file slave.pcm nowhere file "{path}" format raw }} pcm.nowhere {{ type null }}'
PIPE_BYTES = 65536


class Speaker:
    """The device "speaker" of this test's ALSA. path: where its samples go."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "sound"
        self.settings = folder / "asoundrc"
        self.plug_in()

    def plug_in(self) -> None:
        self.settings.write_text(SPEAKER.format(path=self.path), "utf-8")

    def unplug(self) -> None:
        self.settings.write_text("", "utf-8")

    @property
    def heard(self) -> bytes:
        """What it played last."""
        return self.path.read_bytes()


@pytest.fixture
def speaker(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Speaker:
    speaker = Speaker(tmp_path)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(speaker.settings))
    return speaker


def samples(key: str, language: str) -> bytes:
    """What this clip sounds like, by the decoder alone."""
    clip = str(CLIPS / language / f"{key}.ogg")
    command = ["ogg123", "-q", "-d", "raw", "-o", "byteorder:little", "-f", "-", clip]
    return subprocess.run(command, capture_output=True, check=True).stdout


def is_silent(event: Event) -> bool:
    fault = event.fault if isinstance(event, DeviceChanged) else None
    return isinstance(fault, Fault) and fault.code == VOICE_SILENT


def children() -> list[str]:
    """The names of this process's children."""
    pids = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
    return [Path(f"/proc/{pid}/comm").read_text("ascii").strip() for pid in pids]


class Line:
    """A speaker that takes no more sound than one pipe holds until somebody listens."""

    def __init__(self, path: Path) -> None:
        os.mkfifo(path)
        self._file = os.open(path, os.O_RDWR | os.O_NONBLOCK)

    async def hears(self, ending: bytes) -> bytes:
        """Everything up to this sound."""
        heard = b""
        while not heard.endswith(ending):
            await self.is_not_quiet()
            heard += self.takes()
        return heard

    async def whole(self, length: int) -> bytes:
        """So many bytes."""
        heard = b""
        while len(heard) < length:
            await self.is_not_quiet()
            heard += self.takes()
        return heard

    def takes(self) -> bytes:
        return os.read(self._file, PIPE_BYTES)

    async def is_not_quiet(self) -> None:
        loop = asyncio.get_running_loop()
        sound = asyncio.Event()
        loop.add_reader(self._file, sound.set)
        async with asyncio.timeout(10):
            await sound.wait()
        loop.remove_reader(self._file)

    def close(self) -> None:
        os.close(self._file)


async def test_a_speaker_is_tried_before_anybody_needs_it(speaker: Speaker) -> None:
    voice: Voice = AlsaVoice(AlsaSettings("speaker"))
    async with running(voice.run) as ear:
        assert await ear.next() == WELL
        assert set(speaker.heard) == {0}
    assert not voice.virtual


async def test_what_is_said_is_what_sounds_and_the_newest_cuts_off_the_one_before(speaker: Speaker) -> None:
    line = Line(speaker.path)
    long, short = samples(*LONG), samples(*SHORT)
    voice = AlsaVoice(AlsaSettings("speaker"))
    async with running(voice.run) as ear:
        assert await ear.next() == WELL
        tried = line.takes()
        voice.say(*LONG)
        await line.is_not_quiet()
        voice.say(*SHORT)
        heard = await line.hears(short)
    line.close()
    cut = heard.removesuffix(short)
    assert set(tried) == {0}
    assert len(short) > 2 * 16000
    assert long.startswith(cut)
    assert 0 < len(cut) < len(long)
    assert len(ear.heard) == 1


async def test_when_it_stops_the_kiosk_falls_silent(speaker: Speaker) -> None:
    line = Line(speaker.path)
    voice = AlsaVoice(AlsaSettings("speaker"))
    async with running(voice.run) as ear:
        assert await ear.next() == WELL
        line.takes()
        voice.say(*LONG)
        await line.is_not_quiet()
        assert "ogg123" in children()
    line.close()
    assert "ogg123" not in children()


async def test_a_speaker_that_is_not_there_is_reported_and_found_when_it_comes(
    speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alsa, "RETRY_SECONDS", 0.01)
    speaker.unplug()
    voice = AlsaVoice(AlsaSettings("speaker"))
    async with running(voice.run) as ear:
        silent = await ear.next()
        assert is_silent(silent)
        assert "device speaker: " in repr(silent)
        assert "Look for its name with aplay -L" in repr(silent)
        speaker.plug_in()
        assert await ear.next() == WELL
        assert len(ear.heard) == 2


async def test_a_speaker_that_was_lost_speaks_the_next_sentence_when_it_can(speaker: Speaker) -> None:
    voice = AlsaVoice(AlsaSettings("speaker"))
    async with running(voice.run) as ear:
        assert await ear.next() == WELL
        speaker.unplug()
        voice.say(*SHORT)
        assert is_silent(await ear.next())
        speaker.plug_in()
        voice.say(*SHORT)
        assert await ear.next() == WELL
    assert speaker.heard == samples(*SHORT)


async def test_a_missing_player_is_reported_with_its_package(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    voice = AlsaVoice(AlsaSettings())
    async with running(voice.run) as ear:
        silent = await ear.next()
        assert is_silent(silent)
        assert "apt-get install vorbis-tools" in repr(silent)
        voice.say(*SHORT)


async def test_a_speaker_that_takes_no_sound_is_given_up(
    speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    line = Line(speaker.path)
    voice = AlsaVoice(AlsaSettings("speaker"))
    async with running(voice.run) as ear:
        assert await ear.next() == WELL
        monkeypatch.setattr(alsa, "LONGEST_SECONDS", 0.01)
        voice.say(*LONG)
        silent = await ear.next()
        assert is_silent(silent)
        assert "takes no sound" in repr(silent)
    line.close()


# ---------------------------------------------------------------- louder


ASOUND = Path(__file__).parents[3] / "systemd" / "asound.conf"


def peak(sound: bytes) -> int:
    """The loudest sample."""
    return max(abs(sample) for sample in array.array("h", sound))


async def heard(speaker: Speaker, settings: AlsaSettings, urgent: bool) -> bytes:
    """The short clip, as it reaches the speaker."""
    line = Line(speaker.path)
    voice = AlsaVoice(settings)
    async with running(voice.run) as ear:
        assert await ear.next() == WELL
        line.takes()
        voice.say(*SHORT, urgent=urgent)
        sound = await line.whole(len(samples(*SHORT)))
    line.close()
    speaker.path.unlink()
    return sound


async def test_with_the_alsa_settings_of_the_field_an_urgent_alert_is_three_times_as_loud(
    speaker: Speaker,
) -> None:
    field = ASOUND.read_text("utf-8").replace('"plughw:CARD=Headphones,DEV=0"', '"speaker"')
    speaker.settings.write_text(speaker.settings.read_text("utf-8") + field, "utf-8")
    settings = AlsaSettings("kiosk", "kiosk_urgent")
    ordinary, urgent = [await heard(speaker, settings, urgent) for urgent in (False, True)]
    assert urgent == samples(*SHORT)
    assert peak(ordinary) == pytest.approx(0.32 * peak(urgent), rel=0.01)


async def test_without_a_louder_device_an_urgent_alert_is_heard_all_the_same(speaker: Speaker) -> None:
    assert await heard(speaker, AlsaSettings("speaker"), urgent=True) == samples(*SHORT)

"""The loudspeaker through the real ALSA library: what would reach the speaker lands in a file or a pipe."""

import array
import os
from pathlib import Path

import pytest

from drivers.voice import alsa
from drivers.voice.alsa import AlsaSettings, AlsaVoice
from hal.contracts import Voice
from tests.drivers.ear import running
from tests.drivers.voice.speaker import LONG, SHORT, WELL, Line, Speaker, is_silent, samples


def children() -> list[str]:
    """The names of this process's children."""
    pids = Path(f"/proc/self/task/{os.getpid()}/children").read_text("ascii").split()
    return [Path(f"/proc/{pid}/comm").read_text("ascii").strip() for pid in pids]


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


async def test_a_speaker_that_disappears_in_the_middle_of_a_sentence_is_reported_and_its_return_too(
    speaker: Speaker, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(alsa, "RETRY_SECONDS", 0.01)
    line = Line(speaker.path)
    voice = AlsaVoice(AlsaSettings("speaker", mixer="speaker"))
    async with running(voice.run) as ear:
        assert await ear.next() == WELL
        line.takes()
        voice.say(*LONG)
        await line.is_not_quiet()
        speaker.unplug()
        line.close()
        assert is_silent(await ear.next())
        speaker.path.unlink()
        speaker.plug_in()
        await ear.skip_to(WELL)
        assert speaker.volume == 70


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

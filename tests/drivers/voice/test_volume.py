"""How loud the kiosk is: by the hour, by the citizen, and all there is for what nobody heeds (R9)."""

import logging
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.voice import mixer
from drivers.voice.alsa import TOKYO, AlsaSettings, AlsaVoice
from drivers.voice.loudness import Hours, overlap, volume_at
from tests.drivers.ear import Ear, running
from tests.drivers.voice.speaker import SHORT, WELL, Speaker, samples
from tests.patience import looked_until

NIGHT = Hours("22:00", "07:00", 40)
EVENING = Hours("18:00", "22:00", 55)
SETTINGS = AlsaSettings("speaker", mixer="speaker", volume=70, hours=(NIGHT, EVENING))
MINUTES = st.integers(0, 24 * 60 - 1)


def at(hour: int, minute: int = 0) -> Callable[[], datetime]:
    return lambda: datetime(2026, 4, 1, hour, minute, tzinfo=TOKYO)


async def whole_sentence(speaker: Speaker) -> None:
    sound = samples(*SHORT)
    await looked_until(lambda: speaker.heard == sound, "a sentence from the speaker", 10, 0.02)


async def said(speaker: Speaker, voice: AlsaVoice, urgent: bool = False) -> int:
    """The mixer's volume while a sentence sounds."""
    speaker.path.write_bytes(b"")
    voice.say(*SHORT, urgent=urgent)
    await whole_sentence(speaker)
    return speaker.volume


# ---------------------------------------------------------------- by the hour


@pytest.mark.parametrize(
    ("hour", "minute", "volume"),
    [(12, 0, 70), (17, 59, 70), (18, 0, 55), (21, 59, 55), (22, 0, 40), (0, 0, 40), (6, 59, 40), (7, 0, 70)],
)
def test_each_hour_has_its_volume(hour: int, minute: int, volume: int) -> None:
    assert volume_at(at(hour, minute)().time(), 70, (NIGHT, EVENING)) == volume


@settings(max_examples=60)
@given(MINUTES, MINUTES, MINUTES, MINUTES)
def test_hours_overlap_exactly_if_a_minute_belongs_to_both(a: int, b: int, c: int, d: int) -> None:
    if a == b or c == d:
        return
    hours = [Hours(_clock(begin), _clock(end), 50) for begin, end in ((a, b), (c, d))]
    both = any(all(each.holds(_clock(minute)) for each in hours) for minute in range(24 * 60))
    assert (overlap(hours) is not None) is both


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


@pytest.mark.parametrize(
    ("keys", "complaint"),
    [
        ({"volume": 0}, "volume = 0: 1 to 100 percent are meant"),
        ({"volume": 101}, "volume = 101"),
        ({"hours": [{"from": "9:00", "to": "10:00", "volume": 5}]}, 'from = .9:00.: an hour like "22:00"'),
        ({"hours": [{"from": "09:00", "to": "24:00", "volume": 5}]}, "to = .24:00."),
        ({"hours": [{"from": "09:00", "to": "09:00", "volume": 5}]}, "that is no time at all"),
        ({"hours": [{"from": "09:00", "to": "10:00", "volume": 0}]}, "volume = 0"),
        ({"hours": [{"from": "09:00", "to": "10:00"}]}, "missing required field `volume`"),
        (
            {
                "hours": [
                    {"from": "22:00", "to": "07:00", "volume": 5},
                    {"from": "06:00", "to": "08:00", "volume": 5},
                ]
            },
            "hours 1 and hours 2 overlap",
        ),
    ],
)
def test_wrong_hours_are_refused_with_a_reason(keys: dict[str, object], complaint: str) -> None:
    with pytest.raises(msgspec.ValidationError, match=complaint):
        msgspec.convert(keys, AlsaSettings)


async def test_the_mixer_gets_the_volume_of_the_hour_before_the_first_sound(speaker: Speaker) -> None:
    times = [at(21)()]
    voice = AlsaVoice(SETTINGS, lambda: times[-1])
    async with running(voice.run) as ear:
        assert await ear.next() == WELL
        assert speaker.volume == 55
        times.append(at(22)())
        assert await said(speaker, voice) == 40


# ---------------------------------------------------------------- by the citizen, and urgently


async def test_a_citizen_s_own_volume_holds_until_it_is_given_back(speaker: Speaker) -> None:
    voice = AlsaVoice(SETTINGS, at(12))
    async with running(voice.run) as ear:
        assert await ear.next() == WELL
        voice.volume(80)
        assert await said(speaker, voice) == 80
        voice.volume(100)
        assert await said(speaker, voice) == 100
        voice.volume(None)
        assert await said(speaker, voice) == 70


async def test_what_nobody_heeds_is_at_full_volume_at_any_hour_and_only_that(speaker: Speaker) -> None:
    """R9."""
    voice = AlsaVoice(SETTINGS, at(23))
    async with running(voice.run) as ear:
        assert await ear.next() == WELL
        assert await said(speaker, voice, urgent=True) == 100
        assert await said(speaker, voice) == 40
        voice.volume(60)
        assert await said(speaker, voice, urgent=True) == 100
        assert await said(speaker, voice) == 60


# ---------------------------------------------------------------- no mixer


def warnings(log: pytest.LogCaptureFixture) -> list[str]:
    return [record.message for record in log.records if record.levelno >= logging.WARNING]


async def test_without_a_mixer_the_voice_goes_on_and_the_log_says_it_once(
    speaker: Speaker, caplog: pytest.LogCaptureFixture
) -> None:
    speaker.lose_mixer()
    voice = AlsaVoice(SETTINGS, at(12))
    async with running(voice.run) as ear:
        assert await ear.next() == WELL
        for urgent in (False, True):
            speaker.path.write_bytes(b"")
            voice.say(*SHORT, urgent=urgent)
            await whole_sentence(speaker)
        (warning,) = warnings(caplog)
        assert "[voice] mixer and control" in warning
        assert "No such device" in warning
        speaker.plug_in()
        assert await said(speaker, voice) == 70
        assert "can be set again" in warnings(caplog)[1]
    assert only_well(ear)


async def test_a_control_that_the_mixer_lacks_is_named(
    speaker: Speaker, caplog: pytest.LogCaptureFixture
) -> None:
    voice = AlsaVoice(AlsaSettings("speaker", mixer="speaker", control="Headphone"), at(12))
    async with running(voice.run) as ear:
        assert await ear.next() == WELL
    (warning,) = warnings(caplog)
    assert "Unable to find simple control 'Headphone'" in warning


async def test_without_amixer_its_package_is_named(
    speaker: Speaker, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(speaker.path.parent))
    await mixer.Mixer("speaker", "PCM").set(50)
    assert "apt-get install alsa-utils" in warnings(caplog)[0]
    assert speaker.volume == 10


async def test_a_mixer_that_hangs_delays_one_sentence_a_minute(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls, amixer = tmp_path / "calls", tmp_path / "amixer"
    amixer.write_text(f"#!/bin/sh\necho >>{calls}\nexec sleep 60\n", "ascii")
    amixer.chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path), prepend=":")
    monkeypatch.setattr(mixer, "PATIENCE_SECONDS", 0.3)
    times = [100.0]
    hanging = mixer.Mixer("speaker", "PCM", lambda: times[-1])
    for now, tried in ((100, 1), (101, 1), (159, 1), (161, 2)):
        times.append(now)
        await hanging.set(50)
        assert len(calls.read_text("ascii")) == tried
    hanging.forget()
    await hanging.set(50)
    assert len(calls.read_text("ascii")) == 3, "the card may be another one"


def only_well(ear: Ear) -> bool:
    return ear.heard == [WELL]

"""What the voice tests stand on: a loudspeaker whose mixer is a plugin of ALSA, compiled once."""

from pathlib import Path

import pytest

from tests.drivers.voice.speaker import Speaker, mixer_plugin


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return mixer_plugin(tmp_path_factory.mktemp("alsa"))


@pytest.fixture
def speaker(plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Speaker:
    speaker = Speaker(tmp_path, plugin)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(speaker.settings))
    return speaker

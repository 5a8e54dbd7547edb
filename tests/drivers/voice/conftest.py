"""What the voice tests stand on: a loudspeaker whose mixer is a plugin of ALSA, compiled once."""

import subprocess
from pathlib import Path

import pytest

from tests.drivers.voice.speaker import Speaker

SOURCE = Path(__file__).with_name("mixer.c")


@pytest.fixture(scope="session")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("alsa") / "libmixer.so"
    command = ["gcc", "-shared", "-fPIC", "-DPIC", "-o", str(made), str(SOURCE), "-lasound"]
    subprocess.run(command, check=True)
    return made


@pytest.fixture
def speaker(plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Speaker:
    speaker = Speaker(tmp_path, plugin)
    monkeypatch.setenv("ALSA_CONFIG_PATH", str(speaker.settings))
    return speaker

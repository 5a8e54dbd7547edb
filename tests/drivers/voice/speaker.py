"""A loudspeaker and its mixer, through the real ALSA library with a configuration of the test's own."""

import asyncio
import os
import subprocess
from pathlib import Path

from drivers.voice.alsa import CLIPS
from hal.events import DeviceChanged, Event
from hal.faults import VOICE_SILENT, Fault

SHORT, LONG = ("take.receipt", "ja"), ("take.cert", "pt")
WELL = DeviceChanged("voice", None)
SPEAKER = """\
pcm.speaker {{ type file slave.pcm nowhere file "{path}" format raw }}
pcm.nowhere {{ type null }}
ctl_type.test {{ lib "{plugin}" }}
ctl.speaker {{ type test path "{mixer}" }}
"""
PIPE_BYTES = 65536
SOURCE = Path(__file__).with_name("mixer.c")


def mixer_plugin(folder: Path) -> Path:
    """mixer.c, compiled into this folder."""
    made = folder / "libmixer.so"
    command = ["gcc", "-shared", "-fPIC", "-DPIC", "-o", str(made), str(SOURCE), "-lasound"]
    subprocess.run(command, check=True)
    return made


class Speaker:
    """The device "speaker" of this test's ALSA, and the mixer of this name with its control "PCM".

    path: where its samples go. plugin: mixer.c, compiled.
    """

    def __init__(self, folder: Path, plugin: Path) -> None:
        self.path = folder / "sound"
        self.settings = folder / "asoundrc"
        self._mixer = folder / "mixer"
        self._plugin = plugin
        self.plug_in()

    def plug_in(self) -> None:
        """The whole card; its volume is at 10."""
        self.settings.write_text(
            SPEAKER.format(path=self.path, plugin=self._plugin, mixer=self._mixer), "utf-8"
        )
        self._mixer.write_text("10  \n", "ascii")

    def unplug(self) -> None:
        self.settings.write_text("", "utf-8")
        self.lose_mixer()

    def lose_mixer(self) -> None:
        """Sound goes on, its volume cannot be set."""
        self._mixer.unlink()

    @property
    def volume(self) -> int:
        return int(self._mixer.read_text("ascii").split()[0])

    @property
    def heard(self) -> bytes:
        """What it played last."""
        return self.path.read_bytes()


def samples(key: str, language: str) -> bytes:
    """What this clip sounds like, by the decoder alone."""
    clip = str(CLIPS / language / f"{key}.ogg")
    command = ["ogg123", "-q", "-d", "raw", "-o", "byteorder:little", "-f", "-", clip]
    return subprocess.run(command, capture_output=True, check=True).stdout


def is_silent(event: Event) -> bool:
    fault = event.fault if isinstance(event, DeviceChanged) else None
    return isinstance(fault, Fault) and fault.code == VOICE_SILENT


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

"""The loudspeaker of a kiosk: clips of assets/voice, played through ALSA by ogg123 as a child process.

A child can be stopped at once when something newer is to be said, and a sound system that hangs or crashes
takes nothing with it. Whether the speaker works is tried with a moment of silence at the start, and while it
does not work again and again, so that a fault and its end are known before the next citizen needs the voice.
"""

import asyncio
from asyncio.subprocess import DEVNULL, PIPE
from dataclasses import dataclass
from pathlib import Path

import msgspec

from hal.contracts import Emit
from hal.events import DeviceChanged
from hal.faults import VOICE_SILENT, Fault

CLIPS = Path(__file__).resolve().parents[2] / "assets" / "voice"
RETRY_SECONDS = 10.0
LONGEST_SECONDS = 30.0


class AlsaSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """device: a name of ``aplay -L``. urgent_device: one that plays the same speaker at its full volume, for
    alerts that nobody heeds; empty: they are as loud as the rest. clips: a folder with <language>/<key>.ogg
    and silence.ogg.
    """

    device: str = "default"
    urgent_device: str = ""
    clips: str = str(CLIPS)


@dataclass(frozen=True)
class Sound:
    """A clip, and the device it is played on."""

    clip: Path
    device: str


class AlsaVoice:
    """Implements hal.contracts.Voice."""

    Settings = AlsaSettings
    virtual = False

    def __init__(self, settings: AlsaSettings) -> None:
        self._device = settings.device
        self._urgent_device = settings.urgent_device or settings.device
        self._clips = Path(settings.clips)
        self._silence = Sound(self._clips / "silence.ogg", self._device)
        self._wanted = self._silence
        self._asked = asyncio.Event()

    def say(self, key: str, language: str, urgent: bool = False) -> None:
        """Speaks the clip of this key; returns at once; an unfinished one is cut off."""
        device = self._urgent_device if urgent else self._device
        self._wanted = Sound(self._clips / language / f"{key}.ogg", device)
        self._asked.set()

    async def run(self, emit: Emit) -> None:
        """Plays what is asked for, the newest only, and reports whether it can be heard."""
        sound, told, fault = self._silence, False, None
        while True:
            playing = asyncio.create_task(self._play(sound))
            asked = asyncio.create_task(self._asked.wait())
            try:
                await asyncio.wait((playing, asked), return_when=asyncio.FIRST_COMPLETED)
                if playing.done():
                    before, fault = fault, playing.result()
                    if not told or fault != before:
                        emit(DeviceChanged("voice", fault))
                    told = True
                    await asyncio.wait((asked,), timeout=RETRY_SECONDS if fault else None)
                sound = self._silence
                if asked.done():
                    self._asked.clear()
                    sound = self._wanted
            finally:
                playing.cancel()
                asked.cancel()
                await asyncio.wait((playing, asked))

    async def _play(self, sound: Sound) -> Fault | None:
        """One clip to its end; cancelled, it falls silent at once."""
        command = ("ogg123", "-q", "-d", "alsa", "-o", f"dev:{sound.device}", str(sound.clip))
        try:
            player = await asyncio.create_subprocess_exec(
                *command, stdin=DEVNULL, stdout=DEVNULL, stderr=PIPE
            )
        except OSError as error:
            return _silent(f"ogg123: {error.strerror}; apt-get install vorbis-tools")
        try:
            async with asyncio.timeout(LONGEST_SECONDS):
                _, said = await player.communicate()
        except TimeoutError:
            return _silent(f"device {sound.device} takes no sound; pull its plug and put it in again")
        finally:
            if player.returncode is None:
                player.kill()
                await player.wait()
        if player.returncode == 0:
            return None
        reason = " ".join(said.decode(errors="replace").split()) or f"status {player.returncode}"
        return _silent(f"device {sound.device}: {reason[-200:]} Look for its name with aplay -L")


def _silent(detail: str) -> Fault:
    return Fault(VOICE_SILENT, "voice", detail)

"""The loudspeaker of a kiosk: clips of assets/voice, played through ALSA by ogg123 as a child process.

A child can be stopped at once when something newer is to be said, and a sound system that hangs or crashes
takes nothing with it. Whether the speaker works is tried with a moment of silence at the start, and while it
does not work again and again, so that a fault and its end are known before the next citizen needs the voice.
Before a sound the mixer gets the volume of the hour, or the citizen's own; what is urgent gets all there is.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec

from drivers.voice.child import ChildFailed, ChildHung, run
from drivers.voice.loudness import FULL, Hours, is_volume, overlap, volume_at
from drivers.voice.mixer import Mixer
from hal.contracts import Emit
from hal.events import DeviceChanged
from hal.faults import VOICE_SILENT, Fault

CLIPS = Path(__file__).resolve().parents[2] / "assets" / "voice"
RETRY_SECONDS = 10.0
LONGEST_SECONDS = 30.0
TOKYO = ZoneInfo("Asia/Tokyo")


class AlsaSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """device: a name of ``aplay -L``. urgent_device: one that plays the same speaker at its full volume, for
    alerts that nobody heeds; empty: they are as loud as the mixer makes them. clips: a folder with
    <language>/<key>.ogg and silence.ogg. mixer: a name for ``amixer -D``; control: of that mixer.
    volume: percent, at all hours but ``hours``.
    """

    device: str = "default"
    urgent_device: str = ""
    clips: str = str(CLIPS)
    mixer: str = "default"
    control: str = "PCM"
    volume: int = 70
    hours: tuple[Hours, ...] = ()

    def __post_init__(self) -> None:
        if not is_volume(self.volume):
            raise ValueError(f"volume = {self.volume}: 1 to 100 percent are meant")
        if both := overlap(self.hours):
            raise ValueError("hours {} and hours {} overlap: which volume is meant then?".format(*both))


@dataclass(frozen=True)
class Sound:
    """A clip, the device it is played on, and percent of the mixer's volume."""

    clip: Path
    device: str
    percent: int


def _tokyo() -> datetime:
    return datetime.now(TOKYO)


class AlsaVoice:
    """Implements hal.contracts.Voice. now: this machine's clock, as ever with real devices."""

    Settings = AlsaSettings
    virtual = False

    def __init__(self, settings: AlsaSettings, now: Callable[[], datetime] = _tokyo) -> None:
        self._settings = settings
        self._clips = Path(settings.clips)
        self._now = now
        self._mixer = Mixer(settings.mixer, settings.control)
        self._chosen: int | None = None
        self._wanted = self._silence()
        self._asked = asyncio.Event()

    def say(self, key: str, language: str, urgent: bool = False) -> None:
        """Speaks the clip of this key; returns at once; an unfinished one is cut off."""
        clip = self._clips / language / f"{key}.ogg"
        loud = self._settings.urgent_device or self._settings.device
        self._wanted = (
            Sound(clip, loud, FULL) if urgent else Sound(clip, self._settings.device, self._percent())
        )
        self._asked.set()

    def volume(self, percent: int | None) -> None:
        """The citizen's own volume, from the next sound on; None: that of the hour again."""
        self._chosen = percent

    async def run(self, emit: Emit) -> None:
        """Plays what is asked for, the newest only, and reports whether it can be heard."""
        sound, told, fault = self._silence(), False, None
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
                sound = self._silence()
                if asked.done():
                    self._asked.clear()
                    sound = self._wanted
            finally:
                playing.cancel()
                asked.cancel()
                await asyncio.wait((playing, asked))

    def _percent(self) -> int:
        if self._chosen is not None:
            return self._chosen
        return volume_at(self._now().time(), self._settings.volume, self._settings.hours)

    def _silence(self) -> Sound:
        return Sound(self._clips / "silence.ogg", self._settings.device, self._percent())

    async def _play(self, sound: Sound) -> Fault | None:
        """One clip to its end; cancelled, it falls silent at once."""
        await self._mixer.set(sound.percent)
        command = ("ogg123", "-q", "-d", "alsa", "-o", f"dev:{sound.device}", str(sound.clip))
        try:
            await run(*command, seconds=LONGEST_SECONDS, package="vorbis-tools")
        except ChildHung:
            detail = f"device {sound.device} takes no sound; pull its plug and put it in again"
        except ChildFailed as error:
            detail = f"device {sound.device}: {error} Look for its name with aplay -L"
        else:
            return None
        self._mixer.forget()
        return _silent(detail)


def _silent(detail: str) -> Fault:
    return Fault(VOICE_SILENT, "voice", detail)

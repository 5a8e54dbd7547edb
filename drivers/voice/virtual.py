"""A voice that writes down what it would say: one JSON line an utterance, for the bench and the tests.

A voice that cannot speak is reported, and never disturbs a session.
"""

import asyncio
import json
from dataclasses import asdict, dataclass
from pathlib import Path

import msgspec

from hal.contracts import Emit
from hal.events import DeviceChanged
from hal.faults import VOICE_SILENT, Fault

LOOK_SECONDS = 1.0


class VoiceSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """path: the file to write to; its directory exists."""

    path: str


@dataclass(frozen=True)
class Utterance:
    """key: of the text. language: its code. urgent: as loud as can be. percent: the citizen's own volume."""

    key: str
    language: str
    urgent: bool = False
    percent: int | None = None


def utterances(path: Path) -> list[Utterance]:
    """What has been said so far, in order."""
    lines = path.read_text("utf-8").splitlines() if path.exists() else []
    return [Utterance(**json.loads(line)) for line in lines]


class VirtualVoice:
    """hal.contracts.Voice."""

    Settings = VoiceSettings

    def __init__(self, settings: VoiceSettings) -> None:
        self._path = Path(settings.path)
        self._percent: int | None = None
        self._emit: Emit | None = None
        self._fault: Fault | None = None

    @property
    def virtual(self) -> bool:
        return True

    def say(self, key: str, language: str, urgent: bool = False) -> None:
        """Writes the utterance down; returns at once."""
        self._write(json.dumps(asdict(Utterance(key, language, urgent, self._percent))) + "\n")

    def volume(self, percent: int | None) -> None:
        """Written down with what is said from now on."""
        self._percent = percent

    async def run(self, emit: Emit) -> None:
        """Reports; a voice that could not speak is tried again without a word."""
        self._emit = emit
        emit(DeviceChanged("voice", self._fault))
        try:
            while True:
                await asyncio.sleep(LOOK_SECONDS)
                if self._fault is not None:
                    self._write("")
        finally:
            self._emit = None

    def _write(self, text: str) -> None:
        try:
            with self._path.open("a", encoding="utf-8") as file:
                file.write(text)
        except OSError as error:
            self._report(Fault(VOICE_SILENT, "voice", f"{self._path}: {error.strerror}"))
        else:
            self._report(None)

    def _report(self, fault: Fault | None) -> None:
        changed, self._fault = fault != self._fault, fault
        if changed and self._emit is not None:
            self._emit(DeviceChanged("voice", fault))

"""A kiosk without a loudspeaker: says nothing, and says so. Alerts stand on the screen all the same."""

import asyncio

import msgspec

from hal.contracts import Emit
from hal.events import DeviceChanged
from hal.faults import VOICE_SILENT, Fault


class SilentSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing to set."""


class SilentVoice:
    """Implements hal.contracts.Voice."""

    Settings = SilentSettings
    virtual = False

    def __init__(self, settings: SilentSettings) -> None:
        del settings

    async def run(self, emit: Emit) -> None:
        emit(DeviceChanged("voice", Fault(VOICE_SILENT, "voice", 'driver = "silent": no loudspeaker')))
        await asyncio.Event().wait()

    def say(self, key: str, language: str, urgent: bool = False) -> None:
        """Nothing is heard."""

    def volume(self, percent: int | None) -> None:
        """Nothing can be louder."""

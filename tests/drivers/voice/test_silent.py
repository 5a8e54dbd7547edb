"""A kiosk without a loudspeaker: works as any other, and does not hide what it lacks."""

import asyncio

from drivers.voice.silent import SilentSettings, SilentVoice
from hal.contracts import Voice
from hal.events import DeviceChanged, Event
from hal.faults import VOICE_SILENT, Fault
from tests.virtual_time import run_virtual


def test_it_tells_once_that_it_is_silent() -> None:
    async def main() -> list[Event]:
        events: list[Event] = []
        task = asyncio.create_task(SilentVoice(SilentSettings()).run(events.append))
        await asyncio.sleep(3600)
        assert not task.done()
        task.cancel()
        await asyncio.wait([task])
        return events

    fault = Fault(VOICE_SILENT, "voice", 'driver = "silent": no loudspeaker')
    assert run_virtual(main()) == [DeviceChanged("voice", fault)]


def test_whatever_it_should_say_nothing_happens() -> None:
    voice: Voice = SilentVoice(SilentSettings())
    voice.say("pin.last", "ja")
    assert not voice.virtual

"""Screen, touch panel, voice and cabinet: what the citizen sees, touches and hears."""

from collections.abc import AsyncGenerator, Mapping

from daemon.bench.faults.injection import Act, Injection, switch
from daemon.bench.rig import Rig
from hal.faults import (
    CABINET_LOST,
    DISPLAY_LOST,
    DOOR_OPEN,
    KEYPAD_LOST,
    TOUCH_DIRTY,
    TOUCH_LOST,
    VOICE_SILENT,
)


def _away(name: str) -> Act:
    """A file of the rig is moved away."""
    return switch(
        lambda rig: (rig.root / name).rename(rig.root / f"{name}.away"),
        lambda rig: (rig.root / f"{name}.away").rename(rig.root / name),
    )


async def _silent(rig: Rig) -> AsyncGenerator[None, None]:
    """A folder where the voice writes its file: nobody, not even root, writes to that."""
    path, aside = rig.root / "voice.jsonl", rig.root / "voice.aside"
    path.touch()
    path.rename(aside)
    path.mkdir()
    yield
    path.rmdir()
    aside.rename(path)


FACE: Mapping[str, Injection] = {
    DISPLAY_LOST: Injection("The screen's cable is pulled: its framebuffer is gone.", _away("fb")),
    TOUCH_LOST: Injection("The touch panel's USB plug is pulled.", _away("touch.pipe")),
    TOUCH_DIRTY: Injection(
        "A drop of water falls onto the corner of the screen and stays: told after ten seconds.",
        switch(lambda rig: rig.touch.press(0, 0), lambda rig: rig.touch.release()),
        at_once=False,
    ),
    KEYPAD_LOST: Injection("The keypad's USB plug is pulled.", _away("keypad.pipe")),
    VOICE_SILENT: Injection(
        "The voice can no longer speak: let it try (leave paper in the tray, for one).",
        _silent,
        at_once=False,
    ),
    CABINET_LOST: Injection(
        "The cable of the cabinet's contacts and lamps is pulled.",
        switch(lambda rig: rig.panel.set_plugged(False), lambda rig: rig.panel.set_plugged(True)),
    ),
    DOOR_OPEN: Injection(
        "The cabinet's door is opened.",
        switch(lambda rig: rig.panel.set_door(True), lambda rig: rig.panel.set_door(False)),
    ),
}

"""The daemon with a real loudspeaker that is not there, and little patience: with it, and with a left card.

What ALSA has stands in the file ``asoundrc`` beside the configuration.
"""

import os
import sys
from pathlib import Path

from daemon.__main__ import main
from daemon.session import reminder
from drivers.voice import alsa

SPEAKER = '[voice]\ndriver = "alsa"\ndevice = "speaker"\nmixer = "speaker"\n'


def give_real_voice(settings: Path) -> None:
    """In place of the virtual one."""
    before, _, rest = settings.read_text("utf-8").partition("[voice]\n")
    settings.write_text(before + SPEAKER + rest[rest.index("\n[") :], "utf-8")
    asoundrc = settings.with_name("asoundrc")
    asoundrc.touch()
    os.environ["ALSA_CONFIG_PATH"] = str(asoundrc)


if __name__ == "__main__":
    reminder.STEPS = tuple((seconds / 360, urgency) for seconds, urgency in reminder.STEPS)
    alsa.RETRY_SECONDS = 0.05
    give_real_voice(Path(sys.argv[sys.argv.index("--config") + 1]))
    sys.exit(main())

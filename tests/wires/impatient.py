"""The daemon with little patience for a card that is not taken: half a second stands for three minutes."""

import sys

from daemon.__main__ import main
from daemon.session import reminder

if __name__ == "__main__":
    reminder.STEPS = tuple((seconds / 360, urgency) for seconds, urgency in reminder.STEPS)
    sys.exit(main())

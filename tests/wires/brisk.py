"""The daemon unchanged, but the pages that close by themselves do so at once: nobody has to read them.

Run instead of ``daemon``: ``Rig(fast=True, launcher="tests.wires.brisk")``.
"""

import sys

from daemon.__main__ import main
from daemon.session import delivery, flow, wizard

SECONDS = 0.3


def hurry() -> None:
    """Shortens every page that lingers. Alerts, limits and the wire's own times stay as they are."""
    flow.PAGE_SECONDS = flow.MONEY_SECONDS = flow.SHORT_SECONDS = flow.THANKS_SECONDS = SECONDS
    delivery.RECEIPT_SECONDS = SECONDS
    wizard.NOTICE_SECONDS = SECONDS


if __name__ == "__main__":
    hurry()
    sys.exit(main())

"""A center as a process, like ``madoguchi center``, but by another clock: its office is open at any hour.

``madoguchi center`` shifts its clock for the sample in memory only; a generated registry lies in a file.
"""

import asyncio
import sys
from datetime import datetime, timedelta
from pathlib import Path

from daemon.center.server import build_service, serving
from daemon.center.settings import load_settings
from daemon.issuance.calendar import TOKYO


async def main(config: Path, offset: timedelta) -> None:
    """Until it is ended by a signal."""
    settings = load_settings(config)
    service = build_service(settings, lambda: datetime.now(TOKYO) + offset)
    async with serving(settings, service):
        await asyncio.Event().wait()


if __name__ == "__main__":
    asyncio.run(main(Path(sys.argv[1]), timedelta(seconds=float(sys.argv[2]))))

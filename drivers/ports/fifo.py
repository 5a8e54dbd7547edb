"""The far end of a FIFO that stands for an input device on the bench.

Each message opens it anew: one that nobody reads is lost, as on a real device, not kept for a daemon that
starts later.
"""

import errno
import os
from pathlib import Path

NOBODY_THERE = (errno.ENXIO, errno.ENOENT, errno.EAGAIN, errno.EPIPE)


class Fifo:
    """path: created if it is not there."""

    def __init__(self, path: Path) -> None:
        self._path = path
        if not path.exists():
            os.mkfifo(path)

    def send(self, data: bytes) -> bool:
        """False: nobody listens."""
        try:
            fd = os.open(self._path, os.O_WRONLY | os.O_NONBLOCK | os.O_CLOEXEC)
            try:
                os.write(fd, data)
            finally:
                os.close(fd)
        except OSError as error:
            if error.errno in NOBODY_THERE:
                return False
            raise
        return True

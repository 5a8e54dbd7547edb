"""What a port is to a driver: bytes in, bytes out, and one way to be lost."""

from typing import Protocol


class PortLost(OSError):
    """The line is gone (EOF, EIO, unplugged, refused). The text names the address and what to look at."""


class Port(Protocol):
    async def read(self) -> bytes:
        """At least one byte, whatever has come. Raises PortLost."""

    async def write(self, data: bytes) -> None:
        """Raises PortLost."""

    def discard_input(self) -> bytes:
        """Throws away, and returns, what has come and was not read."""

    async def close(self) -> None: ...

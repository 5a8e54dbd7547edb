"""Byte streams to devices: serial line, pseudo-terminal, character device, TCP; and a pair in memory.

An address is one string: ``serial:/dev/serial/by-id/…`` (9600 8N1, ``?baud=19200``), ``pty:/path``,
``file:/dev/usb/lp0``, ``tcp:host:port``. One reader at a time per port.
"""

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


async def open_port(address: str) -> Port:
    """Opens an address. Raises PortLost, ValueError (malformed address)."""
    raise PortLost(address)


def memory_pair() -> tuple[Port, Port]:
    """Two connected ends in this process; bytes written to one are read from the other."""
    raise NotImplementedError

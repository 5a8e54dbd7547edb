"""Byte streams to devices: serial line, pseudo-terminal, character device, TCP; and a pair in memory.

An address is one string: ``serial:/dev/serial/by-id/…`` (9600 8N1, ``?baud=19200``), ``pty:/path``,
``file:/dev/usb/lp0``, ``tcp:host:port``. One reader at a time per port. A port that is lost stays lost:
every later call raises PortLost, and the driver opens a new one. No threads and no blocking calls.
"""

import termios
from collections.abc import Callable

from drivers.ports.contract import Port, PortLost
from drivers.ports.descriptor import FdPort, open_file, open_pty, open_serial
from drivers.ports.server import listen_tcp
from drivers.ports.stream import memory_pair, open_tcp

__all__ = ["FdPort", "Port", "PortLost", "listen_tcp", "memory_pair", "open_port"]


async def open_port(address: str) -> Port:
    """Opens an address. Raises PortLost, ValueError (malformed address)."""
    kind, _, rest = address.partition(":")
    if not rest:
        raise ValueError(
            f"{address!r} is no port: write serial:/dev/…, pty:/path, file:/dev/… or tcp:host:port"
        )
    if kind == "tcp":
        return await open_tcp(address, rest)
    openers: dict[str, Callable[[str, str], Port]] = {
        "serial": open_serial,
        "pty": open_pty,
        "file": open_file,
    }
    if kind not in openers:
        raise ValueError(f"{address!r}: {kind!r} is none of serial, pty, file, tcp")
    try:
        return openers[kind](address, rest)
    except (OSError, termios.error) as error:
        raise PortLost(f"{address} cannot be opened ({error}); check cable, power and permissions") from error

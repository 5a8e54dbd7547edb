"""Where the coin acceptor's sorter sends each type of coin (210), written only where that has changed."""

from collections.abc import Mapping

from drivers.cash import cctalk
from drivers.cash.bus import Bus


class Sorter:
    """The device forgets at a power cut: then say so, and ``write`` writes all of them again."""

    def __init__(self, bus: Bus, address: int) -> None:
        self._bus = bus
        self._address = address
        self._written: dict[int, int] = {}

    def forgotten(self) -> None:
        """The device has lost its paths."""
        self._written.clear()

    async def write(self, paths: Mapping[int, int]) -> None:
        """paths: type → sorter path. Raises bus.Silent, bus.Refused, PortLost."""
        for kind, path in paths.items():
            if self._written.get(kind) != path:
                await self._bus.command(self._address, cctalk.MODIFY_SORTER_PATH, bytes([kind, path]))
                self._written[kind] = path

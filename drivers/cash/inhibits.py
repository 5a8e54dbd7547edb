"""Which types of money a device may take: its masks (231/230) and its master switch (228/227)."""

import logging

from drivers.cash import cctalk
from drivers.cash.bus import Bus
from drivers.cash.payloads import build_inhibits, parse_byte, parse_inhibits

log = logging.getLogger(__name__)


class Inhibits:
    """size: bytes of the mask (coins 2, bills 2 or more). Raises bus.Silent, bus.Refused, PortLost."""

    def __init__(self, bus: Bus, address: int, size: int) -> None:
        self._bus = bus
        self._address = address
        self._size = size

    async def write(self, mask: int) -> None:
        """bit n: type n + 1 may be taken; 0 switches the whole device off, that first."""
        steps = [
            (cctalk.MODIFY_INHIBITS, build_inhibits(mask, self._size)),
            (cctalk.MODIFY_MASTER_INHIBIT, bytes([mask > 0])),
        ]
        for header, data in steps if mask else reversed(steps):
            await self._bus.command(self._address, header, data)

    async def hold(self, mask: int) -> bool:
        """Whether the device still has this mask; a reset that nobody saw takes it away."""
        found = await self._bus.query(self._address, cctalk.REQUEST_INHIBITS, parse_inhibits)
        master = await self._bus.query(self._address, cctalk.REQUEST_MASTER_INHIBIT, parse_byte)
        held = found == mask and bool(master & 1) == (mask > 0)
        if not held:
            log.warning("device %d had forgotten what it may take", self._address)
        return held

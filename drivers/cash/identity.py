"""Who answers at an address: the tuple that money is counted under, and that a swapped unit betrays."""

from dataclasses import dataclass

from drivers.cash import cctalk
from drivers.cash.bus import Bus, Refused, Silent
from drivers.cash.payloads import parse_serial, parse_text

VIRTUAL_MAKER = "VIRTUAL"
"""Part of the manufacturer id of every simulator of ours."""


@dataclass(frozen=True)
class Identity:
    """Headers 246, 245, 244 and 242. serial: -1 where the device has none to tell."""

    maker: str
    category: str
    product: str
    serial: int

    @property
    def key(self) -> str:
        """Names the device in the book."""
        return f"{self.maker}/{self.category}/{self.product}/{self.serial}"

    @property
    def virtual(self) -> bool:
        return VIRTUAL_MAKER in self.maker


async def identify(bus: Bus, address: int) -> Identity:
    """Asks the device who it is. Raises Silent, Refused, PortLost."""
    await bus.command(address, cctalk.SIMPLE_POLL)
    maker = await bus.query(address, cctalk.MANUFACTURER, parse_text)
    category = await bus.query(address, cctalk.CATEGORY, parse_text)
    product = await bus.query(address, cctalk.PRODUCT, parse_text)
    try:
        serial = await bus.query(address, cctalk.SERIAL, parse_serial)
    except (Silent, Refused):  # optional for simple hoppers
        serial = -1
    return Identity(maker, category, product, serial)

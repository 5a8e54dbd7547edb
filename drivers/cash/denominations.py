"""Which coins and bills a device can tell apart, in its own words: type → yen."""

from drivers.cash import cctalk
from drivers.cash.bus import Bus, Refused
from drivers.cash.payloads import Scale, parse_bill_id, parse_coin_id

COIN_TYPES = 16
BILL_TYPES = 8


async def read_coins(bus: Bus, address: int) -> dict[int, int]:
    """Of a coin acceptor. Raises bus.Silent, bus.Refused, PortLost."""
    values = {}
    for kind in range(1, COIN_TYPES + 1):
        try:
            value = await bus.query(address, cctalk.COIN_ID, parse_coin_id, bytes([kind]))
        except Refused:  # fewer types than sixteen
            break
        if value:
            values[kind] = value
    return values


async def read_bills(bus: Bus, address: int) -> dict[int, int]:
    """Of a bill validator. Raises bus.Silent, bus.Refused, PortLost."""
    scale = await bus.query(address, cctalk.COUNTRY_SCALE, Scale.parse, b"JP")
    values = {}
    for kind in range(1, BILL_TYPES + 1):
        value = await bus.query(address, cctalk.BILL_ID, parse_bill_id, bytes([kind]))
        if value:
            values[kind] = scale.yen(value)
    return values

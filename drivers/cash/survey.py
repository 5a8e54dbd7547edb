"""Surveys a ccTalk line: which devices answer on it, and how they are. For ``madoguchi probe cash``.

The rule it keeps, in one place (``ReadingBus``): only questions go out. Nothing is dispensed, enabled,
routed or reset, whatever the code above asks for; and nothing is written into any book.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable
from typing import Literal

import msgspec

from drivers.cash import cctalk
from drivers.cash.bus import Bus, BusError, Silent
from drivers.cash.cctalk import Frame
from drivers.cash.exchange import TRIES
from drivers.cash.looks import Looker
from drivers.ports import Port, PortLost, open_port
from hal.contracts import Finding
from hal.faults import CASH_LINK_LOST, Fault

LOOK_SECONDS = 0.5
AGAIN_SECONDS = 2.0
ADDRESSES = (2, *range(3, 11), 40)  # coin acceptor, hoppers, bill validator (S3 App. 16)
QUESTIONS = frozenset(
    {
        cctalk.SIMPLE_POLL,
        cctalk.MANUFACTURER,
        cctalk.CATEGORY,
        cctalk.PRODUCT,
        cctalk.SERIAL,
        cctalk.SOFTWARE,
        cctalk.COMMS_REVISION,
        cctalk.BUILD,
        cctalk.SELF_CHECK,
        cctalk.REQUEST_INHIBITS,
        cctalk.REQUEST_MASTER_INHIBIT,
        cctalk.READ_CREDITS,
        cctalk.READ_BILLS,
        cctalk.COIN_ID,
        cctalk.BILL_ID,
        cctalk.COUNTRY_SCALE,
        cctalk.HOPPER_COUNT,
        cctalk.HOPPER_STATUS,
        cctalk.TEST_HOPPER,
        cctalk.HOPPER_COIN,
        cctalk.HOPPER_LEVEL,
        cctalk.INSERTED_COUNT,
        cctalk.ACCEPTED_COUNT,
        cctalk.COUNT_BY_TYPE,
        cctalk.REQUEST_SORTER_PATH,
        cctalk.REQUEST_BILL_MODE,
    }
)


class ReadingBus(Bus):
    """A bus that carries questions only."""

    async def ask(self, address: int, header: int, data: bytes = b"", *, tries: int = TRIES) -> Frame:
        """Raises PermissionError: this header changes something; else as ``Bus``."""
        if header not in QUESTIONS:
            raise PermissionError(f"a survey does not send header {header}")
        return await super().ask(address, header, data, tries=tries)


class CctalkSurveySettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """As in ``CctalkSettings``."""

    port: str
    echo: Literal["auto", "on", "off"] = "auto"
    checksum: Literal["simple", "crc"] = "simple"


class CctalkSurvey:
    """Implements hal.contracts.Survey. opener: opens the port; tests hand in one in memory."""

    Settings = CctalkSurveySettings

    def __init__(
        self, settings: CctalkSurveySettings, opener: Callable[[str], Awaitable[Port]] = open_port
    ) -> None:
        self._settings = settings
        self._opener = opener
        self._bus = ReadingBus(settings.echo, settings.checksum == "crc")
        self._lookers: dict[int, Looker] = {}
        self._asked_last = 0

    async def looks(self) -> AsyncGenerator[tuple[Finding, ...], None]:
        """First every address is asked, then those that answered, and of the silent ones one a look."""
        while True:
            try:
                port = await self._opener(self._settings.port)
                self._bus.attach(port)
                try:
                    await self._find(ADDRESSES)
                    while True:
                        yield await self._look()
                        await asyncio.sleep(LOOK_SECONDS)
                        await self._find(self._next_silent())
                finally:
                    await self._bus.detach()
                    await port.close()
            except PortLost as error:
                yield (self._line(str(error)),)
            await asyncio.sleep(AGAIN_SECONDS)

    async def _find(self, addresses: tuple[int, ...]) -> None:
        """Raises PortLost."""
        for address in addresses:
            try:
                await self._bus.ask(address, cctalk.SIMPLE_POLL, tries=1)
            except Silent:
                continue
            self._lookers.setdefault(address, Looker(self._bus, address))

    def _next_silent(self) -> tuple[int, ...]:
        silent = [address for address in ADDRESSES if address not in self._lookers]
        if not silent:
            return ()
        self._asked_last = next((a for a in silent if a > self._asked_last), silent[0])
        return (self._asked_last,)

    async def _look(self) -> tuple[Finding, ...]:
        """Raises PortLost."""
        found = []
        for address in sorted(self._lookers):
            try:
                found.append(await self._lookers[address].look())
            except BusError:  # a noise that looked like an answer
                del self._lookers[address]
        return (self._line(), *found)

    def _line(self, lost: str = "") -> Finding:
        echo = {None: "not known yet", True: "yes", False: "no"}[self._bus.echoes]
        facts = (("port", self._settings.port), ("checksum", self._settings.checksum), ("echo", echo))
        if not lost and not self._lookers:
            lost = (
                f"nobody answers on {self._settings.port}; check the vendor's power and cable, "
                "or try the other checksum"
            )
        return Finding("line", facts, (Fault(CASH_LINK_LOST, "cash", lost),) if lost else ())

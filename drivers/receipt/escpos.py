"""Prints receipts on an ESC/POS printer, as a picture, and knows whether they came out.

Rule: a receipt counts as printed when the printer says so behind it (GS r 1), and one that failed is
cleared before anything else is sent, so that it never comes out later, beside its reprint.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from drivers.ports import Port, PortLost, open_port
from drivers.receipt.link import Link
from drivers.receipt.status import BARRIER, DEVICE, stopping
from hal import faults
from hal.contracts import Emit, Line
from hal.events import DeviceChanged
from hal.faults import DeviceError, Fault

log = logging.getLogger(__name__)

LOOK_SECONDS = 1.0
HOLD_SECONDS = 10.0
BARRIER_SECONDS = 30.0
SPECIMEN = (Line("領収書", "円"), Line("合計", "円", "large"))
NOTO = "/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"


class EscposSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """port: see ``drivers.ports``. dots: printable width, a multiple of 8. virtual: a simulator answers.

    look_seconds: between two looks at the printer.
    """

    port: str
    dots: int = 576
    font: str = NOTO
    virtual: bool = False
    look_seconds: float = 5.0


class EscposPrinter:
    """hal.contracts.ReceiptPrinter. connect: opens the port instead of ``open_port(settings.port)``."""

    Settings = EscposSettings

    def __init__(
        self, settings: EscposSettings, connect: Callable[[], Awaitable[Port]] | None = None
    ) -> None:
        if settings.dots <= 0 or settings.dots % 8:
            raise ValueError(f"dots = {settings.dots} is no multiple of 8")
        self._settings = settings
        self._connect = connect or (lambda: open_port(settings.port))
        self._link: Link | None = None
        self._dirty = False
        self._torn = False
        self._one_at_a_time = asyncio.Lock()

    @property
    def virtual(self) -> bool:
        """By configuration: the protocol has no word for it."""
        return self._settings.virtual

    async def run(self, emit: Emit) -> None:
        """Looks at the printer now and again and tells what changed."""
        told: list[Fault | None] = []
        try:
            while True:
                fault = await self._worst()
                if told != [fault]:
                    told = [fault]
                    log.info("receipt printer: %s", fault or "ready")
                    emit(DeviceChanged(DEVICE, fault))
                    await asyncio.to_thread(
                        self._draw, SPECIMEN
                    )  # loads encoder and font before they are needed
                await asyncio.sleep(self._settings.look_seconds)
        finally:
            await self._drop()

    async def print(self, lines: Sequence[Line]) -> None:
        """Draws, prints, cuts, and waits until it is out. Raises DeviceError: it is not, and will not be."""
        pieces = self._draw(lines)
        async with self._one_at_a_time:
            try:
                await self._print(await self._linked(), pieces)
            except PortLost as error:
                await self._drop()
                raise DeviceError(_unreachable(error)) from error

    def _draw(self, lines: Sequence[Line]) -> list[bytes]:
        from drivers.receipt import raster  # noqa: PLC0415 (0.2 s: not before the first screen)

        try:
            picture = raster.render(lines, self._settings.dots, self._settings.font)
        except OSError as error:
            detail = (
                f"font {self._settings.font} cannot be read; install fonts-noto-cjk or correct the setting"
            )
            raise DeviceError(Fault(faults.RECEIPT_ERROR, DEVICE, detail)) from error
        return raster.encode(picture)

    async def _print(self, link: Link, pieces: list[bytes]) -> None:
        if found := stopping(await link.status()):
            raise DeviceError(found[0])
        link.forget_barriers()
        if self._torn:
            await link.write(pieces[-1])  # cuts off what a failed receipt left on the paper
        self._dirty = self._torn = True
        for piece in pieces:
            await link.write(piece)
        await link.write(BARRIER)
        fault = await self._wait(link)
        if fault is not None:
            await self._clear(link)
            raise DeviceError(fault)
        self._dirty = self._torn = False

    async def _wait(self, link: Link) -> Fault | None:
        """None: it is out. A fault may be mended for a while; without one the printer has longer."""
        clock = asyncio.get_running_loop().time
        well = start = clock()
        while not await link.printed(LOOK_SECONDS):
            found = stopping(await link.status())
            well = well if found else clock()
            if found and clock() - well >= HOLD_SECONDS:
                return found[0]
            if not found and clock() - start >= BARRIER_SECONDS:
                return Fault(
                    faults.RECEIPT_ERROR, DEVICE, "it does not confirm the receipt; power it off and on"
                )
        return None

    async def _worst(self) -> Fault | None:
        async with self._one_at_a_time:
            try:
                return next(iter(await (await self._linked()).status()), None)
            except PortLost as error:
                await self._drop()
                return _unreachable(error)

    async def _linked(self) -> Link:
        """The connection. A new one is cleared first: whoever had the last one may have died in a receipt."""
        if self._link is None:
            self._dirty = True
            self._link = Link(await self._connect())
        if self._dirty:
            await self._clear(self._link)
        return self._link

    async def _clear(self, link: Link) -> None:
        await link.clear()
        self._dirty = False

    async def _drop(self) -> None:
        link, self._link = self._link, None
        if link is not None:
            await link.close()


def _unreachable(error: PortLost) -> Fault:
    return Fault(faults.RECEIPT_UNREACHABLE, DEVICE, str(error))

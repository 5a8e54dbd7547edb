"""A receipt printer without paper: takes ESC/POS, answers its status, keeps each receipt as a picture.

Rule: real-time commands are answered as they arrive, wherever they stand (also inside a picture); all
else is held back while the paper is out, the cover open or the cutter stuck, and printed afterwards, as
measured on real emulators: a receipt that was not cleared comes out later.
"""

import asyncio
import re
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from PIL import Image

from drivers.ports import Port, PortLost, listen_tcp
from drivers.receipt.paper import Paper, command_length, obey
from drivers.receipt.status import (
    BARRIER,
    CLEAR,
    CLEARED,
    FIRMWARE,
    IDENTITY,
    MAKER,
    MODEL,
    SERIAL,
    WARNINGS,
    write_barrier,
    write_status,
    write_text,
)
from hal import faults

REALTIME = re.compile(rb"\x10\x04[\x01-\x04]|" + re.escape(CLEAR))
IDENTITIES = {FIRMWARE: "1.0", MAKER: "MADOGUCHI", MODEL: "Virtual Receipt Printer", SERIAL: "VR-0001"}
REMEMBERED = 1000
KINDS = (
    faults.RECEIPT_COVER,
    faults.RECEIPT_PAPER_OUT,
    faults.RECEIPT_CUTTER,
    faults.RECEIPT_ERROR,
    faults.RECEIPT_PAPER_LOW,
)


class VirtualReceiptPrinter:
    """knows_clear False: an older printer that does not know DLE DC4 8, nor its own name.

    heard: the names (first octets) of the commands it last got; a picture's dots are not kept here.
    """

    def __init__(self, knows_clear: bool = True) -> None:
        self.paper = Paper()
        self.heard: deque[bytes] = deque(maxlen=REMEMBERED)
        self._knows_clear = knows_clear
        self._codes: set[str] = set()
        self._plugged = True
        self._held = bytearray()
        self._window = b""
        self._breaks_in: int | None = None
        self._out_of_paper_in: int | None = None
        self._outbox: deque[bytes] = deque()
        self._said = asyncio.Event()

    # ------------------------------------------------------------ the wire

    def receive(self, data: bytes) -> None:
        """Takes what the host sent; answers lie in ``answers``."""
        if not self._plugged:
            return
        text, start = self._window + data, len(self._window)
        taken = start
        for match in REALTIME.finditer(text):
            if match.end() <= start:
                continue
            self.heard.append(match.group())
            if match.group() == CLEAR and self._knows_clear:
                self._held.clear()
                taken = match.end()
                self._say(CLEARED)
            elif match.group() != CLEAR:
                self._say(write_status(match.group()[2], tuple(self._codes)))
        self._held += text[taken:]
        self._window = text[-(len(CLEAR) - 1) :]
        self._work()

    def answers(self) -> bytes:
        """What it has said since last asked."""
        said = b"".join(self._outbox)
        self._outbox.clear()
        self._said.clear()
        return said

    async def serve(self, port: Port) -> None:
        """Answers on this port until the other side is gone; closes it."""
        talking = asyncio.create_task(self._talk(port))
        try:
            while self._breaks_in != 0:
                self._take(await port.read())
        except PortLost:
            pass
        finally:
            self._breaks_in = None
            talking.cancel()
            with suppress(asyncio.CancelledError, PortLost):
                await talking
            await port.close()

    @asynccontextmanager
    async def serve_tcp(self, host: str = "127.0.0.1", port: int = 0) -> AsyncIterator[int]:
        """Serves TCP while the context lasts; gives the bound port."""
        async with listen_tcp(self.serve, host, port) as bound:
            yield bound

    def _take(self, data: bytes) -> None:
        if self._breaks_in is not None:
            data = data[: self._breaks_in]
            self._breaks_in -= len(data)
        self.receive(data)

    async def _talk(self, port: Port) -> None:
        while True:
            await self._said.wait()
            await port.write(self.answers())

    # ------------------------------------------------------------ what came out

    @property
    def receipts(self) -> tuple[Image.Image, ...]:
        """Receipts that are cut off and lie in the slot."""
        return tuple(self.paper.cut_off)

    def take(self) -> tuple[Image.Image, ...]:
        """Takes them out of the slot."""
        taken = self.receipts
        self.paper.cut_off.clear()
        return taken

    # ------------------------------------------------------------ hands

    def inject(self, code: str) -> None:
        """Makes a fault of the catalogue true. Raises KeyError: not one this device can have."""
        self._set(code, True)

    def repair(self, code: str) -> None:
        """Ends a fault; what was held back is printed now. Raises KeyError as above."""
        self._set(code, False)

    def run_out_of_paper(self, after_bands: int = 0) -> None:
        """Now, or when it has printed this many more bands of picture: in the middle of a receipt."""
        self._out_of_paper_in = after_bands
        self._work()

    def refill(self) -> None:
        """A new roll."""
        self.repair(faults.RECEIPT_PAPER_LOW)
        self.repair(faults.RECEIPT_PAPER_OUT)

    def break_after(self, octets: int) -> None:
        """The connection breaks when it has received this many octets more."""
        self._breaks_in = octets

    def _set(self, code: str, on: bool) -> None:
        if code == faults.RECEIPT_UNREACHABLE:
            self._plugged = not on
        elif code not in KINDS:
            raise KeyError(code)
        (self._codes.add if on and code in KINDS else self._codes.discard)(code)
        self._work()

    # ------------------------------------------------------------ printing

    def _work(self) -> None:
        while not self._stopped() and self._held:
            size = command_length(bytes(self._held))
            if size is None:
                return
            self._obey(bytes(self._held[:size]))
            del self._held[:size]

    def _stopped(self) -> bool:
        if self._out_of_paper_in == 0:
            self._out_of_paper_in = None
            self._codes.add(faults.RECEIPT_PAPER_OUT)
        return any(code not in WARNINGS for code in self._codes)

    def _obey(self, command: bytes) -> None:
        self.heard.append(command[:3])
        if command == BARRIER:
            self._say(write_barrier(tuple(self._codes)))
        if command[:2] == IDENTITY and self._knows_clear and command[2] in IDENTITIES:
            self._say(write_text(IDENTITIES[command[2]]))
        obey(self.paper, command)
        if self._out_of_paper_in is not None and command[:2] == b"\x1dv":
            self._out_of_paper_in -= 1

    def _say(self, data: bytes) -> None:
        self._outbox.append(data)
        self._said.set()

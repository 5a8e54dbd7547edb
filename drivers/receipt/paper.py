"""What a receipt printer makes of its bytes: dots on a roll of paper, cut into receipts.

Rule: written from the command reference, apart from the encoder, so that one checks the other. It reads
commands one by one; an incomplete one waits for the rest, as in a real printer.
"""

from collections import deque

from PIL import Image

from drivers.receipt.status import CLEAR, DLE_EOT, IDENTITY

LINE_DOTS = 30
REMEMBERED = 200
LENGTHS = {b"\x1bd": 3, b"\x1bJ": 3, b"\x1dr": 3, b"\x1dV": 3, IDENTITY: 3, DLE_EOT: 3, CLEAR[:2]: len(CLEAR)}


class Paper:
    """cut_off: the newest receipts, oldest first, mode "1", black on white. unknown: octets of no command."""

    def __init__(self) -> None:
        self.cut_off: deque[Image.Image] = deque(maxlen=REMEMBERED)
        self.unknown = bytearray()
        self._bands: list[Image.Image] = []

    @property
    def torn(self) -> int:
        """Height, in dots, of what is printed but not cut off."""
        return sum(band.height for band in self._bands)

    def feed(self, dots: int) -> None:
        """Blank paper; only between printed bands does it show."""
        if self._bands and dots:
            self._bands.append(Image.new("1", (self._bands[0].width, dots), 1))

    def raster(self, width_octets: int, rows: int, data: bytes) -> None:
        """Prints a band: a set bit is a black dot, the highest bit is left."""
        negative = bytes(octet ^ 0xFF for octet in data)
        self._bands.append(Image.frombytes("1", (width_octets * 8, rows), negative))

    def cut(self) -> None:
        """Blank paper that is cut off is not kept."""
        if not self._bands:
            return
        receipt = Image.new("1", (max(band.width for band in self._bands), self.torn), 1)
        top = 0
        for band in self._bands:
            receipt.paste(band, (0, top))
            top += band.height
        self.cut_off.append(receipt)
        self._bands.clear()


def command_length(data: bytes) -> int | None:
    """Octets of the command at the beginning; None: it is not complete yet."""
    size = _length(data)
    return size if size is not None and len(data) >= size else None


def _length(data: bytes) -> int | None:
    """None: that is not known yet."""
    if data[:1] not in (b"\x10", b"\x1b", b"\x1d"):
        return 1
    if data[:2] == b"\x1dv":
        return 8 + _raster_size(data) if len(data) >= 8 else None
    if data[:2] == b"\x1dV" and len(data) > 2:
        return 4 if data[2] in (65, 66) else 3
    return LENGTHS.get(data[:2], 2)


def obey(paper: Paper, command: bytes) -> None:
    """Does on paper what one complete command says; what is none of ours is kept in ``unknown``."""
    if command[:3] == b"\x1dv0":
        paper.raster(
            int.from_bytes(command[4:6], "little"), int.from_bytes(command[6:8], "little"), command[8:]
        )
    elif command[:2] == b"\x1dV":
        paper.cut()
    elif command[:2] == b"\x1bd":
        paper.feed(command[2] * LINE_DOTS)
    elif command[:2] == b"\x1bJ":
        paper.feed(command[2])
    elif command == b"\n":
        paper.feed(LINE_DOTS)
    elif command[:1] not in (b"\0", b"\x10") and command[:2] not in (b"\x1b@", b"\x1dr", IDENTITY):
        paper.unknown += command


def _raster_size(data: bytes) -> int:
    return int.from_bytes(data[4:6], "little") * int.from_bytes(data[6:8], "little")

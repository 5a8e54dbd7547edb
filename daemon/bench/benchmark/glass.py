"""The pixels of a screen as another process draws them: our framebuffer file, or Xvfb's (an XWD in memory).

Both are 32 bits a pixel, blue first. What is read is what stands on the screen at that moment; nothing of the
program that draws is asked.
"""

import mmap
import struct
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from PIL import Image

Colour = tuple[int, int, int]
"""Red, green, blue."""
Box = tuple[int, int, int, int]
"""x, y, width, height"""
XWD_HEADER = struct.Struct(">25I")
XWD_COLOUR_BYTES = 12


@dataclass(frozen=True)
class Frame:
    """Where the pixels lie in the file. stride: bytes from one row to the next."""

    width: int
    height: int
    offset: int
    stride: int


def xwd_frame(header: bytes) -> Frame:
    """Out of the first 100 bytes of an XWD file. Raises ValueError: not one of 32 bits a pixel."""
    words = XWD_HEADER.unpack(header[: XWD_HEADER.size])
    size, version, bits, colours = words[0], words[1], words[11], words[19]
    if (version, bits) != (7, 32):
        raise ValueError(f"XWD version {version} with {bits} bits a pixel, not 7 with 32")
    return Frame(words[4], words[5], size + colours * XWD_COLOUR_BYTES, words[12])


class Glass:
    """``with Glass(path, frame) as glass``."""

    def __init__(self, path: Path, frame: Frame) -> None:
        with path.open("rb") as file:
            self._map = mmap.mmap(file.fileno(), 0, prot=mmap.PROT_READ)
        self.frame = frame

    def __enter__(self) -> "Glass":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._map.close()

    def row(self, x: int, y: int, width: int) -> bytes:
        """Some pixels beside each other, as they lie in memory."""
        at = self.frame.offset + y * self.frame.stride + 4 * x
        return self._map[at : at + 4 * width]

    def colour(self, x: int, y: int) -> Colour:
        blue, green, red, _ = self.row(x, y, 1)
        return red, green, blue

    def shows(self, marks: Iterable[tuple[int, int, Colour]], title: Box, ground: Colour) -> bool:
        """Every mark has its colour, and on the title's ground stands something of another colour."""
        return all(self.colour(x, y) == colour for x, y, colour in marks) and self._written(title, ground)

    def _written(self, box: Box, ground: Colour) -> bool:
        x, y, width, height = box
        empty = bytes((*reversed(ground), 0))[:3]
        row = self.row(x, y + height // 2, width)
        return any(row[at : at + 3] != empty for at in range(0, len(row), 4))

    def picture(self) -> Image.Image:
        rows = b"".join(self.row(0, y, self.frame.width) for y in range(self.frame.height))
        return Image.frombytes("RGB", (self.frame.width, self.frame.height), rows, "raw", "BGRX")

"""Bytes as QR codes, and back: as few codes as will do, each of them large enough for an office scanner.

Every code begins with a header of ours: a mark that tells it from any other code on a desk, which part of
how many it is, and of what. So the codes of two sheets are never put together, and a missing one is named.
"""

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import segno
from PIL import Image

MARK = b"MDG\x01"
"""The last byte is the version of the header: mark, part (from 0), parts, name of the set."""
NAME = 4
HEADER = len(MARK) + 2 + NAME
ROOM = 2331
"""Bytes in a QR code of version 40, error correction M."""
QUIET = 4
"""Modules that stay white around a code."""
LIKED, SMALLEST = 12, 10
"""Pixels a module: 0.508 mm, or 0.423 mm where several codes must fit."""
MOST = 4
MASK = 0
"""Of the eight masks of a QR code. The standard's search for the best one is for data with a pattern of their
own; ours are compressed and signed, so one is as good as another. The search took half the time of an order.
"""


class TooMuch(ValueError):
    """More than the back of a sheet has room for."""


@dataclass(frozen=True)
class Part:
    """One code's share. name: of the whole, the same in all parts."""

    name: bytes
    part: int
    parts: int
    data: bytes


@dataclass(frozen=True)
class Code:
    """picture: one bit a module, without its quiet zone. scale: pixels a module."""

    picture: Image.Image
    scale: int

    @property
    def side(self) -> int:
        """Pixels, with the quiet zone."""
        return (self.picture.width + 2 * QUIET) * self.scale


def codes(data: bytes, side: int) -> tuple[Code, ...]:
    """side: pixels of the square that they share: whole for one, a quarter each for more. Raises TooMuch."""
    count = next((n for n in range(1, MOST + 1) if len(data) <= n * (ROOM - HEADER)), None)
    if count is None:
        raise TooMuch(f"{len(data)} bytes do not fit on the back of a sheet")
    return tuple(_code(share, side if count == 1 else side // 2) for share in _shares(data, count))


def _shares(data: bytes, count: int) -> list[bytes]:
    name, length = _name(data), -(-len(data) // count)
    heads = [MARK + bytes((part, count)) + name for part in range(count)]
    return [head + data[part * length : (part + 1) * length] for part, head in enumerate(heads)]


def _code(share: bytes, side: int) -> Code:
    made = segno.make(share, mode="byte", error="m", boost_error=False, micro=False, mask=MASK)
    rows = [bytes(255 * (1 - module) for module in row) for row in made.matrix]
    picture = Image.frombytes("L", (len(rows), len(rows)), b"".join(rows)).convert("1")
    scale = min(LIKED, side // (len(rows) + 2 * QUIET))
    if scale < SMALLEST:
        raise TooMuch("a code that no scanner would read")
    return Code(picture, scale)


def part_of(share: bytes) -> Part | None:
    """What a code holds; None: it is not one of ours."""
    if len(share) <= HEADER or not share.startswith(MARK):
        return None
    part, parts = share[len(MARK)], share[len(MARK) + 1]
    if not part < parts <= MOST:
        return None
    return Part(share[HEADER - NAME : HEADER], part, parts, share[HEADER:])


@dataclass(frozen=True)
class Assembled:
    """data: the whole; empty if parts are missing. missing: which, counted from 1."""

    data: bytes
    parts: int
    missing: tuple[int, ...] = ()


def assembled(parts: Iterable[Part]) -> tuple[Assembled, ...]:
    """One for each set of which a part was seen, in the order in which they came."""
    sets: dict[tuple[bytes, int], dict[int, bytes]] = {}
    for one in parts:
        sets.setdefault((one.name, one.parts), {}).setdefault(one.part, one.data)
    return tuple(_joined(count, shares) for (_, count), shares in sets.items())


def _joined(parts: int, shares: Mapping[int, bytes]) -> Assembled:
    missing = tuple(part + 1 for part in range(parts) if part not in shares)
    data = b"" if missing else b"".join(shares[part] for part in range(parts))
    return Assembled(data, parts, missing)


def _name(data: bytes) -> bytes:
    return hashlib.sha256(data).digest()[:NAME]

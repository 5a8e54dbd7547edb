"""Which characters a font can draw, variants of kanji among them: the preflight of every certificate.

A variation sequence (a kanji and a selector) that the font lacks would silently be drawn in the default
shape, which is another name. So the font's own tables are asked before anything is laid out: cmap formats 4
and 12 for characters, format 14 for sequences (OpenType 1.9, "cmap").
"""

import re
import struct
from bisect import bisect_right
from collections.abc import Iterable, Iterator
from pathlib import Path

Range = tuple[int, int]

SELECTORS = "\ufe00-\ufe0f\U000e0100-\U000e01ef"
UNIT = re.compile(rf".[{SELECTORS}]?", re.DOTALL)


class FontError(ValueError):
    """Not a font that can be used."""


class Repertoire:
    """What one font can draw. Raises FontError, OSError."""

    def __init__(self, font: Path) -> None:
        cmap = _cmap(font)
        subtables = {(p, e): cmap[offset:] for p, e, offset in _subtables(cmap)}
        full, basic = subtables.get((3, 10)), subtables.get((3, 1))
        if full is not None:
            self._ranges = sorted(_format_12(full))
        elif basic is not None:
            self._ranges = sorted(_format_4(basic))
        else:
            raise FontError(f"{font}: no table of Unicode characters")
        self._starts = [first for first, _ in self._ranges]
        variations = subtables.get((0, 5))
        self._sequences = dict(_format_14(variations)) if variations is not None else {}

    def can_draw(self, text: str) -> bool:
        """Whether every character and every variation sequence has its very own shape in the font."""
        return all(self._draws(unit) for unit in UNIT.findall(text))

    def _draws(self, unit: str) -> bool:
        """unit: a character, or one with its selector."""
        if is_selector(unit[0]):
            return False
        return self._has(ord(unit)) if len(unit) == 1 else self._has_sequence(*unit)

    def _has(self, code: int) -> bool:
        return _within(code, self._starts, self._ranges)

    def _has_sequence(self, base: str, selector: str) -> bool:
        return any(first <= ord(base) <= last for first, last in self._sequences.get(ord(selector), ()))


def is_selector(char: str) -> bool:
    """A variation selector, VS1 to VS256."""
    return re.fullmatch(rf"[{SELECTORS}]", char) is not None


def _within(code: int, starts: list[int], ranges: list[Range]) -> bool:
    at = bisect_right(starts, code) - 1
    return at >= 0 and code <= ranges[at][1]


def _cmap(font: Path) -> bytes:
    with font.open("rb") as file:
        head = file.read(12)
        if head[:4] == b"ttcf":
            file.seek(struct.unpack(">I", file.read(4))[0])
            head = file.read(12)
        if head[:4] not in (b"\0\1\0\0", b"OTTO", b"true"):
            raise FontError(f"{font}: not a TrueType or OpenType font")
        for _ in range(struct.unpack(">H", head[4:6])[0]):
            tag, _sum, offset, length = struct.unpack(">4sIII", file.read(16))
            if tag == b"cmap":
                file.seek(offset)
                return file.read(length)
    raise FontError(f"{font}: no cmap table")


def _subtables(cmap: bytes) -> Iterator[tuple[int, int, int]]:
    for at in range(struct.unpack_from(">H", cmap, 2)[0]):
        platform, encoding, offset = struct.unpack_from(">HHI", cmap, 4 + 8 * at)
        yield platform, encoding, offset


def _format_12(table: bytes) -> Iterator[Range]:
    kind, _, _, _, groups = struct.unpack_from(">HHIII", table)
    if kind != 12:
        raise FontError(f"a character table of format {kind} where 12 belongs")
    for at in range(groups):
        first, last, glyph = struct.unpack_from(">III", table, 16 + 12 * at)
        yield (first + (glyph == 0), last)


def _format_4(table: bytes) -> Iterator[Range]:
    kind, _, _, doubled = struct.unpack_from(">HHHH", table)
    if kind != 4:
        raise FontError(f"a character table of format {kind} where 4 belongs")
    segments = doubled // 2
    ends = struct.unpack_from(f">{segments}H", table, 14)
    starts = struct.unpack_from(f">{segments}H", table, 16 + doubled)
    yield from ((first, last) for first, last in zip(starts, ends, strict=True) if first != 0xFFFF)


def _format_14(table: bytes) -> Iterator[tuple[int, list[Range]]]:
    """(selector, ranges of base characters): those drawn by default and those with a glyph of their own."""
    for at in range(struct.unpack_from(">I", table, 6)[0]):
        record = table[10 + 11 * at : 21 + 11 * at]
        by_default, own = struct.unpack(">II", record[3:])
        ranges = [*_default_ranges(table, by_default), *_own_bases(table, own)]
        yield int.from_bytes(record[:3], "big"), ranges


def _default_ranges(table: bytes, offset: int) -> Iterable[Range]:
    for at in range(struct.unpack_from(">I", table, offset)[0] if offset else 0):
        entry = offset + 4 + 4 * at
        first = int.from_bytes(table[entry : entry + 3], "big")
        yield (first, first + table[entry + 3])


def _own_bases(table: bytes, offset: int) -> Iterable[Range]:
    for at in range(struct.unpack_from(">I", table, offset)[0] if offset else 0):
        entry = offset + 4 + 5 * at
        base = int.from_bytes(table[entry : entry + 3], "big")
        yield (base, base)

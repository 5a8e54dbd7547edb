"""What the code on the back says of the front, in few bytes: CBOR, squeezed with words that fronts share.

The words of version 1 never change: papers that are out already are read with them. What is squeezed comes
from outside when it is read back, so nothing of it is believed before its signature is (signed.py), and it
may not grow beyond a bound.
"""

import zlib
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import cbor2

from daemon.issuance.numbers import parse

VERSION = 1
LARGEST = 64 << 10
"""Bytes: of one front's texts, many times over."""
Field = tuple[str, str]
"""(label, words), as they stand on the front."""


class UnreadableRecord(ValueError):
    """Not what this version writes. Says no more: the text is personal."""


@dataclass(frozen=True)
class Record:
    """One front. issuer: 団体コード. title: the municipality's name of the kind. page of total: n/N."""

    issuer: str
    kind: str
    title: str
    number: str
    page: int
    total: int
    issued: date
    sample: bool
    fields: tuple[Field, ...]

    def pack(self) -> bytes:
        """The same record always gives the same bytes."""
        values = (
            VERSION,
            self.issuer,
            self.kind,
            self.title,
            self.number,
            [self.page, self.total],
            self.issued.isoformat(),
            self.sample,
            [list(field) for field in self.fields],
        )
        squeezer = zlib.compressobj(9, zlib.DEFLATED, 15, 9, zlib.Z_DEFAULT_STRATEGY, WORDS)
        return squeezer.compress(cbor2.dumps(dict(enumerate(values)), canonical=True)) + squeezer.flush()


def unpack(packed: bytes) -> Record:
    """Raises UnreadableRecord."""
    try:
        return _record(cbor2.loads(_whole(packed)))
    except (ValueError, KeyError, TypeError, zlib.error, cbor2.CBORDecodeError):
        raise UnreadableRecord("not a record of version 1") from None


def _whole(packed: bytes) -> bytes:
    opener = zlib.decompressobj(zdict=WORDS)
    whole = opener.decompress(packed, LARGEST)
    if not opener.eof or opener.unconsumed_tail or opener.unused_data:
        raise ValueError
    return whole


def _record(values: object) -> Record:
    """Raises ValueError, KeyError, TypeError."""
    if not isinstance(values, dict) or set(values) != set(range(9)) or values[0] != VERSION:
        raise ValueError
    page, total = values[5]
    fields = tuple((_text(label), _text(words)) for label, words in values[8])
    if not isinstance(values[7], bool) or not 1 <= page <= total:
        raise ValueError
    number = str(parse(_text(values[4])))
    issuer, kind, title, issued = (_text(values[key]) for key in (1, 2, 3, 6))
    return Record(issuer, kind, title, number, page, total, date.fromisoformat(issued), values[7], fields)


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError
    return value


WORDS = (Path(__file__).parents[3] / "assets" / "certificates" / "record-1.txt").read_bytes()
"""Version 1's. The likeliest stand last: they are the cheapest to point at."""

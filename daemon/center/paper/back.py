"""From the fronts of a 通 to the paper: every sheet gets its back, and both sides the pattern (R38).

What goes in are the fronts as laid out, one page each, and what each of them says; what comes out is front,
back, front, back. The pattern is made once; the codes of a back are signed here, by the center's own key.
"""

import io
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import pikepdf

from daemon.center.paper.codes import QUIET, Code, codes
from daemon.center.paper.overlay import Placed, Stencil, lay_under
from daemon.center.paper.pattern import PAGE, Dots, letters, mask
from daemon.center.paper.record import Record
from daemon.center.paper.signed import sign
from daemon.issuance import backs
from daemon.issuance.keys import PrivateKey

TEMPLATE = "back"
CODES_SIDE, CODES_TOP = 4016, 1417
"""Pixels: the square of back.typ that is left for the codes, in the middle across."""


class Typesetter(Protocol):
    """Sets a template of assets/certificates with these data; its font and family are known to it."""

    def set_pages(self, template: str, data: Mapping[str, object]) -> bytes: ...


class PageCount(ValueError):
    """Fronts and records are not of the same number of sheets."""


def anti_copy(font: Path, dots: Dots) -> Stencil:
    """The pattern for whole pages; takes a quarter of a second. Raises OSError: the font cannot be read."""
    return Stencil.of(mask(dots, letters(font)))


class Paper:
    """Finishes certificates. key: signs the codes. pattern: for both sides (``anti_copy``)."""

    def __init__(self, typesetter: Typesetter, key: PrivateKey, pattern: Stencil) -> None:
        self._typesetter = typesetter
        self._key = key
        self._pattern = pattern

    def finish(self, fronts: bytes, records: Sequence[Record]) -> bytes:
        """The PDF of one 通, 2N pages. records: what each front says, in the order of the fronts.

        Raises PageCount, and TooMuch (codes.py) if a front says more than its back can hold.
        """
        made = [codes(sign(record.pack(), self._key), CODES_SIDE) for record in records]
        with (
            pikepdf.open(io.BytesIO(fronts)) as pdf,
            pikepdf.open(io.BytesIO(self._backs(records))) as backs_,
        ):
            if not len(pdf.pages) == len(backs_.pages) == len(records):
                raise PageCount(f"{len(pdf.pages)} fronts, {len(records)} records")
            for sheet, page in enumerate(backs_.pages):
                pdf.pages.insert(2 * sheet + 1, page)
            pattern = Placed(self._pattern.into(pdf))
            for sheet, own in enumerate(made):
                lay_under(pdf, pdf.pages[2 * sheet], [pattern])
                lay_under(pdf, pdf.pages[2 * sheet + 1], [pattern, *_placed(pdf, own)])
            out = io.BytesIO()
            pdf.save(out)
        return out.getvalue()

    def _backs(self, records: Sequence[Record]) -> bytes:
        first = records[0]
        data = {
            "title": backs.TITLE,
            "about": backs.ABOUT,
            "label": backs.NUMBER_LABEL,
            "number": first.number,
            "total": first.total,
            "sample": first.sample,
        }
        return self._typesetter.set_pages(TEMPLATE, data)


def _placed(pdf: pikepdf.Pdf, made: Sequence[Code]) -> list[Placed]:
    """One in the middle at the top of the square; more of them in its quarters."""
    cell = CODES_SIDE if len(made) == 1 else CODES_SIDE // 2
    left = (PAGE[0] - CODES_SIDE) // 2
    placed = []
    for k, code in enumerate(made):
        quiet = QUIET * code.scale
        x = left + k % 2 * cell + (cell - code.side) // 2 + quiet
        y = CODES_TOP + k // 2 * cell + quiet
        placed.append(Placed(Stencil.of(code.picture).into(pdf), x, y, code.scale, alone=quiet))
    return placed

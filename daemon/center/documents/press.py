"""The press: certificates set by typst in the templates of assets/certificates, one sheet a page.

What goes in is text, never markup. What the font cannot draw exactly is refused before anything is laid out
(glyphs.py); a value that does not fit into its cell, or a person who does not fit on one sheet, is an error.
What stands on which sheet is asked of the layout itself, not reckoned beside it.
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import msgspec
import typst

from daemon.center.documents.certificate import Certificate, Letterhead
from daemon.center.documents.residence import juminhyo
from daemon.center.facts import Address, Resident
from daemon.center.glyphs import FontError, Repertoire
from daemon.center.paper.back import anti_copy
from daemon.center.paper.pattern import DEFAULT_DOTS, Dots
from daemon.issuance.calendar import wareki
from daemon.issuance.order import OMITTED

FONT = Path("/usr/share/fonts/truetype/ipamj/ipamjm.ttf")


class UnprintableCharacter(Exception):
    """The font lacks a character or a variant of one. Says no more: the text is personal."""


class LayoutError(RuntimeError):
    """The template and the data do not fit together; says which template."""


@dataclass(frozen=True)
class DrawnSheet:
    """The front of one sheet. persons: ids of those whose entries stand on it, in order.

    fields: (label, value) in reading order; the label is empty where a value stands by itself.
    """

    persons: tuple[int, ...]
    fields: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Drawn:
    """One 通. pdf: the fronts only, a page each, in the order of the sheets."""

    pdf: bytes
    sheets: tuple[DrawnSheet, ...]


class Press:
    """Keeps typst and the font warm: about 0.1 s for the first document, milliseconds for the others.

    templates: the folder of *.typ. font: the TrueType file that everything is set in. pattern: against
    copies, made once, for both sides of every sheet. One thread's.
    """

    def __init__(self, templates: Path, font: Path = FONT, dots: Dots = DEFAULT_DOTS) -> None:
        """Raises FontError, OSError."""
        self.pattern = anti_copy(font, dots)
        self._templates = templates
        self._repertoire = Repertoire(font)
        fonts = typst.Fonts(False, False, [str(font.parent)])
        self._family = _family(fonts, font)
        self._compiler = typst.Compiler(root=templates, font_paths=fonts, ignore_system_fonts=True)

    def warm(self) -> None:
        """Draws one page for nobody, so that the first citizen does not wait for the font."""
        day = date(2019, 5, 1)
        nobody = Resident(0, OMITTED, "", day, "", "", day, "", False, "", "", "", Address("", day, day))
        self.draw(juminhyo(Letterhead(OMITTED, OMITTED, day, True), (nobody,), (), "self"), OMITTED)

    def preflight(self, certificate: Certificate) -> None:
        """Asks the font for every text that is printed, of whatever kind. Raises UnprintableCharacter."""
        words = [certificate.head.title, certificate.head.mayor, certificate.sentence]
        words += texts_of(msgspec.to_builtins(certificate.parts))
        if not all(self._repertoire.can_draw(text) for text in words):
            raise UnprintableCharacter

    def draw(self, certificate: Certificate, number: str) -> Drawn:
        """One 通 under this number. Raises LayoutError."""
        data = {
            "title": certificate.head.title,
            "mayor": certificate.head.mayor,
            "seal": tuple(certificate.head.seal),
            "issued": wareki(certificate.head.issued),
            "sample": certificate.head.sample,
            "sentence": certificate.sentence,
            "parts": certificate.parts,
            "number": number,
        }
        pdf = self.set_pages(certificate.kind, data)
        sheets = self._sheets()
        if not certificate.is_register and len(sheets) != len(certificate.parts):
            raise LayoutError(f"{certificate.kind}.typ: a person does not fit on one page")
        return Drawn(pdf, sheets)

    def set_pages(self, template: str, data: Mapping[str, object]) -> bytes:
        """The pages of TEMPLATE.typ with these data and the font. Raises LayoutError."""
        file, words = str(self._templates / f"{template}.typ"), {"font": self._family, **data}
        inputs = {"data": msgspec.json.encode(words).decode()}
        try:
            pdf = self._compiler.compile(file, format="pdf", sys_inputs=inputs, pdf_tags=False)
        except typst.TypstError as error:
            # typst's message can quote the data: only the template is named
            raise LayoutError(f"{template}.typ: {type(error).__name__}") from None
        if not isinstance(pdf, bytes):
            raise LayoutError(f"{template}.typ: no PDF")
        return pdf

    def _sheets(self) -> tuple[DrawnSheet, ...]:
        """What the layout that was just compiled says of itself."""
        said, persons, pages = (
            json.loads(self._compiler.query(selector, field="value"))
            for selector in ("<said>", "<person>", "<sheet>")
        )
        return tuple(
            DrawnSheet(
                tuple(dict.fromkeys(person for on, person in persons if on == page)),
                tuple((label, value) for on, label, value in said if on == page and value),
            )
            for page in pages
        )


def texts_of(value: object) -> Iterator[str]:
    """Every text in it, however deep."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from texts_of(part)
    elif isinstance(value, list | tuple):
        for part in value:
            yield from texts_of(part)


def _family(fonts: typst.Fonts, font: Path) -> str:
    for found in fonts.fonts():
        if found.path and Path(found.path) == font:
            return found.family
    raise FontError(f"{font}: typst cannot use this font")

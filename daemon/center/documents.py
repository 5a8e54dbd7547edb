"""Certificates as PDF: the registry's words set by typst in the templates of assets/certificates.

What goes in is text, never markup. What the font cannot draw exactly is refused before anything is laid
out (glyphs.py). One PDF a 通 with its fronts, one person a sheet (R36); a layout that runs over is an error.
Every sheet is certified by itself and carries the number of the 通, for they are not stapled (R37). What is
on the backs and under everything is added afterwards (paper/).
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import typst

from daemon.center.facts import Address, Resident
from daemon.center.glyphs import FontError, Repertoire
from daemon.center.paper.back import anti_copy
from daemon.center.paper.pattern import DEFAULT_DOTS, Dots
from daemon.center.paper.record import Record
from daemon.issuance.calendar import wareki
from daemon.issuance.messages import Item, Scope
from daemon.issuance.order import WHOLE_HOUSEHOLD
from daemon.issuance.pages import page_texts

FONT = Path("/usr/share/fonts/truetype/ipamj/ipamjm.ttf")
OMITTED = "省略"
LABELS = {
    "name": "氏名",
    "kana": "振り仮名",
    "born": "生年月日",
    "sex": "性別",
    "address": "住所",
    "since": "住所を定めた年月日",
    "filed": "届出年月日",
    "resident_since": "住民となった年月日",
    "previous": "前住所",
    "head": "世帯主",
    "relation": "続柄",
    "honseki": "本籍",
    "hittosha": "筆頭者",
    "mynumber": "個人番号",
}
SENTENCES = {
    "juminhyo": "この写しは、住民票の原本と相違ないことを証明する。",
    "inkan": "この写しは、登録された印影と相違ないことを証明する。",
}


class UnprintableCharacter(Exception):
    """The font lacks a character or a variant of one. Says no more: the text is personal."""


class LayoutError(RuntimeError):
    """The template and the data do not fit together; says which template."""


@dataclass(frozen=True)
class Certificate:
    """One kind, still without a number. title: the municipality's name of it. persons: one a sheet."""

    kind: str
    title: str
    sentence: str
    persons: tuple[dict[str, str], ...]
    issued: date
    mayor: str
    sample: bool


def records(certificate: Certificate, issuer: str, number: str) -> tuple[Record, ...]:
    """What each front says, for the code on its back: all that somebody could falsify. issuer: 団体コード."""
    common = (("認証文", certificate.sentence), ("発行者", certificate.mayor))
    return tuple(
        Record(
            issuer=issuer,
            kind=certificate.kind,
            title=certificate.title,
            number=number,
            page=page,
            total=len(certificate.persons),
            issued=certificate.issued,
            sample=certificate.sample,
            fields=(*((LABELS[key], words) for key, words in person.items()), *common),
        )
        for page, person in enumerate(certificate.persons, start=1)
    )


def sentence(kind: str, scope: Scope) -> str:
    """What the mayor certifies (§6): whether these are all of a household is part of it."""
    return WHOLE_HOUSEHOLD if (kind, scope) == ("juminhyo", "all") else SENTENCES[kind]


def juminhyo(person: Resident, items: Iterable[Item]) -> dict[str, str]:
    """The fields of a 住民票の写し; what was not chosen is omitted (R16, R17; §6)."""
    chosen = frozenset(items)

    def by_choice(item: Item, words: str) -> str:
        return words if item in chosen else OMITTED

    return {
        "name": person.name,
        "kana": person.kana,
        "born": wareki(person.born),
        "sex": person.sex,
        "address": person.address.text,
        "since": wareki(person.address.since),
        "filed": wareki(person.address.filed),
        "resident_since": wareki(person.resident_since),
        "previous": person.previous,
        "head": by_choice("head", person.head),
        "relation": by_choice("head", person.relation),
        "honseki": by_choice("honseki", person.honseki),
        "hittosha": by_choice("honseki", person.hittosha),
        "mynumber": by_choice("mynumber", person.mynumber),
    }


def inkan(person: Resident) -> dict[str, str]:
    """The fields of an 印鑑登録証明書."""
    return {
        "name": person.name,
        "kana": person.kana,
        "born": wareki(person.born),
        "address": person.address.text,
    }


class Press:
    """Keeps typst and the font warm: about 0.1 s for the first document, milliseconds for the others.

    templates: the folder of *.typ. font: the TrueType file that everything is set in. pattern: against
    copies, made once, for both sides of every sheet.
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
        page = Certificate("juminhyo", OMITTED, OMITTED, (juminhyo(nobody, ()),), day, OMITTED, True)
        self.draw(page, OMITTED)

    def preflight(self, certificate: Certificate) -> None:
        """Raises UnprintableCharacter."""
        words = [certificate.title, certificate.mayor]
        words += [text for person in certificate.persons for text in person.values()]
        if not all(self._repertoire.can_draw(text) for text in words):
            raise UnprintableCharacter

    def draw(self, certificate: Certificate, number: str) -> bytes:
        """The fronts of one 通. Raises LayoutError."""
        data = {
            "title": certificate.title,
            "persons": certificate.persons,
            "sentence": certificate.sentence,
            "issued": wareki(certificate.issued),
            "mayor": certificate.mayor,
            "sample": certificate.sample,
            "number": number,
        }
        pdf = self.set_pages(certificate.kind, data)
        if len(page_texts(pdf)) != len(certificate.persons):
            raise LayoutError(f"{certificate.kind}.typ: a person does not fit on one page")
        return pdf

    def set_pages(self, template: str, data: Mapping[str, object]) -> bytes:
        """The pages of TEMPLATE.typ with these data. Raises LayoutError."""
        return self._compile(template, json.dumps({"font": self._family, **data}, ensure_ascii=False))

    def _compile(self, kind: str, data: str) -> bytes:
        template = str(self._templates / f"{kind}.typ")
        try:
            pdf = self._compiler.compile(template, format="pdf", sys_inputs={"data": data}, pdf_tags=False)
        except typst.TypstError as error:
            # typst's message can quote the data: only the template is named
            raise LayoutError(f"{kind}.typ: {type(error).__name__}") from None
        if not isinstance(pdf, bytes):
            raise LayoutError(f"{kind}.typ: no PDF")
        return pdf


def _family(fonts: typst.Fonts, font: Path) -> str:
    for found in fonts.fonts():
        if found.path and Path(found.path) == font:
            return found.family
    raise FontError(f"{font}: typst cannot use this font")

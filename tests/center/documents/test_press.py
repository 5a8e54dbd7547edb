"""The press: what it refuses before it draws, for every text of every kind, and what all sheets have."""

import re
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from io import BytesIO
from pathlib import Path
from random import Random
from typing import get_args

import pypdfium2
import pytest
from PIL import Image

from daemon.center.documents.certificate import Certificate
from daemon.center.documents.press import FONT, LayoutError, UnprintableCharacter
from daemon.center.documents.register import fuhyo, koseki
from daemon.center.documents.residence import inkan, juminhyo, kisaijiko
from daemon.center.documents.tax import TaxKind, tax_certificate
from daemon.center.glyphs import Repertoire
from daemon.center.settings import TEMPLATES
from daemon.issuance.messages import Item, Kind
from daemon.issuance.pages import page_texts, stands_in
from tests.center.documents.examples import examples
from tests.center.documents.people import (
    IMPRESSION,
    a_koseki,
    a_resident,
    a_status,
    a_tax,
    fuhyo_of,
    letterhead,
)
from tests.center.poppler import is_a_line, poppler
from tests.center.world import press

NAMED: tuple[Item, ...] = ("honseki",)
NUMBER = "162027-20260401-T01-000001-0"
PICTURES = Path(__file__).parents[3] / "docs" / "certificates"
LACKING = "葛\U000e0100"  # a variant that the font would draw in its default shape
TAXES: tuple[TaxKind, ...] = ("shotoku_kazei", "shotoku", "kazei", "nozei")


def one_of_each(sample: bool = True) -> list[Certificate]:
    """Every kind, with something in every field; registers over several sheets."""
    rng, head = Random(5), letterhead("証明書", sample, seal=IMPRESSION)
    person = replace(a_resident(rng, 1), foreign=None, former_name="山田", previous="富山県")
    foreigner = replace(a_resident(rng, 2), foreign=a_status(Random(3)), alias="花田 真理亜")
    register = a_koseki(rng, 1, 6)
    taxes = [tax_certificate(kind, head, person, a_tax(rng, 1), "令和7年度") for kind in TAXES]
    return [
        juminhyo(head, [person, foreigner], ("head", "honseki", "mynumber"), "all"),
        kisaijiko(head, [person, foreigner], ("head", "honseki", "mynumber")),
        inkan(head, person),
        koseki(head, register, "koseki_all", ()),
        fuhyo(head, fuhyo_of(rng, register), "koseki_all", (), NAMED),
        *taxes,
    ]


def spoilt(value: object) -> Iterator[object]:
    """The same value with one of its texts spoilt, for each text in it in turn."""
    if isinstance(value, str):
        yield value + LACKING
    elif isinstance(value, tuple) and not all(isinstance(part, int) for part in value):
        for at, part in enumerate(value):
            yield from ((*value[:at], other, *value[at + 1 :]) for other in spoilt(part))
    elif is_dataclass(value) and not isinstance(value, type):
        for field in fields(value):
            for other in spoilt(getattr(value, field.name)):
                yield replace(value, **{field.name: other})


@pytest.mark.parametrize("at", range(9))
def test_no_text_of_any_kind_escapes_the_preflight(at: int) -> None:
    right = one_of_each()[at]
    press().preflight(right)
    wrong = [other for other in spoilt(right) if isinstance(other, Certificate) and other.kind == right.kind]
    assert len(wrong) >= 8
    for certificate in wrong:
        with pytest.raises(UnprintableCharacter):
            press().preflight(certificate)


def test_the_font_has_every_letter_of_the_templates_themselves() -> None:
    """What a template itself says is not preflighted: it is the same for everybody."""
    font = Repertoire(FONT)
    for template in TEMPLATES.glob("*.typ"):
        lines = template.read_text(encoding="utf-8").splitlines()
        said = "".join(line for line in lines if not line.lstrip().startswith("//"))
        assert font.can_draw(re.sub(r"[\x00-\x7f]", "", said)), template.name


@pytest.mark.parametrize("at", range(9))
@pytest.mark.parametrize("sample", [True, False])
def test_every_sheet_has_its_place_its_number_and_its_mark(at: int, sample: bool) -> None:
    certificate = one_of_each(sample)[at]
    drawn = press().draw(certificate, NUMBER)
    texts = page_texts(drawn.pdf)
    assert len(texts) == len(drawn.sheets)
    for page, text in enumerate(texts, start=1):
        assert stands_in(NUMBER, text)
        assert stands_in(f"{page}/{len(texts)}", text)
        assert stands_in("見本", text) == sample


@pytest.mark.parametrize("at", range(9))
def test_who_certifies_stands_where_it_is_certified(at: int) -> None:
    """On each sheet of one person; of a register on the last alone, for its sentence is about them all."""
    certificate = one_of_each()[at]
    pages = poppler(press().draw(certificate, NUMBER).pdf).split("\f")[:-1]
    certified = pages[-1:] if certificate.is_register else pages
    for page in pages:
        for words in (certificate.sentence, "令和8年4月1日", "富山県高岡市長"):
            assert is_a_line(words, page) == (page in certified)
    assert len(pages) > 1 or not certificate.is_register


@pytest.mark.parametrize("at", range(9))
def test_every_page_has_the_size_that_keeps_an_overlays_raster(at: int) -> None:
    document = pypdfium2.PdfDocument(press().draw(one_of_each()[at], NUMBER).pdf)
    sizes = {tuple(round(side, 2) for side in page.get_size()) for page in document}
    document.close()
    assert sizes == {(595.2, 841.92)}


def test_the_seal_of_the_municipality_is_on_real_pages_and_another_on_samples() -> None:
    def pictures(sample: bool, seal: bytes) -> int:
        rng = Random(1)
        certificate = juminhyo(letterhead("証明書", sample, seal), [a_resident(rng, 1)], (), "self")
        document = pypdfium2.PdfDocument(press().draw(certificate, NUMBER).pdf)
        found = [one for one in document[0].get_objects() if isinstance(one, pypdfium2.PdfImage)]
        document.close()
        return len(found)

    assert [pictures(False, b""), pictures(False, IMPRESSION), pictures(True, b"")] == [0, 1, 1]


@pytest.mark.parametrize("pixels", [(236, 236), (590, 300)])
def test_the_impression_of_a_seal_prints_in_its_own_size(pixels: tuple[int, int]) -> None:
    """18 mm of a seal are 18 mm on the paper: its picture has 600 dots an inch."""
    person = replace(a_resident(Random(1), 1), seal_image=black(pixels))
    drawn = press().draw(inkan(letterhead("印鑑登録証明書", sample=False), person), NUMBER)
    document = pypdfium2.PdfDocument(drawn.pdf)
    boxes = [one.get_bounds() for one in document[0].get_objects() if isinstance(one, pypdfium2.PdfImage)]
    document.close()
    ((left, bottom, right, top),) = boxes
    assert (round((right - left) / 72 * 600), round((top - bottom) / 72 * 600)) == pixels


def black(pixels: tuple[int, int]) -> bytes:
    out = BytesIO()
    Image.new("1", pixels).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("picture", [b"", b"not a picture", black((600, 600))])
def test_a_registered_seal_without_its_impression_is_no_certificate(picture: bytes) -> None:
    person = replace(a_resident(Random(1), 1), seal_image=picture)
    with pytest.raises(LayoutError, match=r"^inkan\.typ: TypstError$"):
        press().draw(inkan(letterhead("印鑑登録証明書", sample=False), person), NUMBER)


def test_every_kind_has_its_template_and_a_picture_in_the_documentation() -> None:
    kinds = set(get_args(Kind))
    assert kinds <= {template.stem for template in TEMPLATES.glob("*.typ")}
    assert set(examples()) == {picture.stem for picture in PICTURES.glob("*.webp")}
    assert kinds <= set(examples())


def test_the_press_forgets_the_one_before() -> None:
    """What is asked of the layout is of the certificate that was just drawn."""
    first, second = one_of_each()[3], one_of_each()[0]
    before = press().draw(second, NUMBER)
    press().draw(first, NUMBER)
    assert press().draw(second, NUMBER).sheets == before.sheets

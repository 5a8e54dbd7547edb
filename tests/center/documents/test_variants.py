"""A registered variant of a kanji prints as that very shape, as poppler paints it at 600 dpi (§6).

The oracle is FreeType: it draws every variant of the character that the font has (HarfBuzz picks the glyph),
and the one most like the printed cell, by normalised cross-correlation, must be the right one.
"""

import functools
import subprocess
from dataclasses import replace
from io import BytesIO
from itertools import starmap
from operator import mul
from random import Random

import pytest
from PIL import Image, ImageDraw, ImageFont, features

from daemon.center.documents.certificate import Certificate
from daemon.center.documents.press import FONT
from daemon.center.documents.register import fuhyo, koseki
from daemon.center.documents.residence import inkan, juminhyo
from daemon.center.documents.tax import tax_certificate
from tests.center.documents.people import a_koseki, a_resident, a_tax, fuhyo_of, letterhead
from tests.center.poppler import words
from tests.center.world import press

SELECTORS = {
    "葛": range(0xE0102, 0xE0109),
    "辻": range(0xE0102, 0xE0104),
    "邉": (*range(0xE010F, 0xE011E), 0xE011F),
}
VARIANTS = {base: (base, *(base + chr(code) for code in codes)) for base, codes in SELECTORS.items()}
ROWS = [VARIANTS["葛"] + VARIANTS["辻"], VARIANTS["邉"][:9], VARIANTS["邉"][9:]]
DPI = 600
SIDE = 72


def test_the_oracle_shapes_text_with_harfbuzz() -> None:
    assert features.check("raqm")


@functools.cache
def shape(variant: str) -> tuple[float, ...]:
    """As FreeType draws it."""
    font = ImageFont.truetype(str(FONT), 120, layout_engine=ImageFont.Layout.RAQM)
    picture = Image.new("L", (200, 200), 255)
    ImageDraw.Draw(picture).text((40, 30), variant, 0, font)
    return normal(picture)


def normal(picture: Image.Image) -> tuple[float, ...]:
    """Its ink in a square of one size, with mean 0 and length 1."""
    ink = picture.point(lambda value: 255 - value)
    square = ink.crop(ink.point(lambda value: 255 * (value > 64)).getbbox()).resize((SIDE, SIDE))
    values = square.tobytes()
    mean = sum(values) / len(values)
    length = sum((value - mean) ** 2 for value in values) ** 0.5
    return tuple((value - mean) / length for value in values)


def likeness(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    return float(sum(starmap(mul, zip(one, other, strict=True))))


def cells(pdf: bytes, name: str, count: int) -> list[Image.Image]:
    """The letters of the name, as they are painted where it stands first."""
    page, word = next((at, one) for at, page in enumerate(words(pdf)) for one in page if name in one.text)
    scale = DPI / 72
    before = len(word.text.partition(name)[0])
    side = (word.right - word.left) / (count + before)
    left, top = round((word.left + before * side) * scale), round(word.top * scale)
    box = [
        str(value)
        for value in (left, top, round(count * side * scale), round((word.bottom - word.top) * scale))
    ]
    where = ["-x", box[0], "-y", box[1], "-W", box[2], "-H", box[3], "-f", str(page + 1), "-l", str(page + 1)]
    command = ["pdftoppm", "-r", str(DPI), "-gray", *where, "-"]
    strip = Image.open(BytesIO(subprocess.run(command, input=pdf, capture_output=True, check=True).stdout))
    wide = strip.width / count
    return [strip.crop((round(at * wide), 0, round((at + 1) * wide), strip.height)) for at in range(count)]


def certificates(name: str) -> dict[str, Certificate]:
    """Kinds whose names stand in every size and form."""
    rng = Random(1)
    person = replace(a_resident(rng, 1), name=name, foreign=None)
    register = a_koseki(rng, 1, 1)
    member = replace(register.members[0], name=name, full_name=name)
    register = replace(register, members=(member,))
    head = letterhead("証明書", sample=False)
    return {
        "juminhyo": juminhyo(head, [person], (), "self"),
        "inkan": inkan(head, person),
        "koseki": koseki(head, register, "koseki_all", ()),
        "fuhyo": fuhyo(head, fuhyo_of(rng, register), "koseki_all", (), ()),
        "nozei": tax_certificate("nozei", head, person, a_tax(rng, 1), "令和7年度"),
    }


@pytest.mark.parametrize("row", ROWS, ids=["one", "two", "three"])
@pytest.mark.parametrize("kind", ["juminhyo", "inkan", "koseki", "fuhyo", "nozei"])
def test_every_variant_is_printed_in_its_own_shape(kind: str, row: tuple[str, ...]) -> None:
    name = "".join(row)
    drawn = press().draw(certificates(name)[kind], "1")
    for variant, cell in zip(row, cells(drawn.pdf, name, len(row)), strict=True):
        printed = normal(cell)
        scores = {other: likeness(printed, shape(other)) for other in VARIANTS[variant[0]]}
        assert scores[variant] == max(scores.values()), (kind, variant.encode("unicode_escape"))
        assert scores[variant] > 0.85

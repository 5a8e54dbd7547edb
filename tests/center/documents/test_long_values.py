"""The longest values are set smaller or over several lines, never run over; what cannot fit is an error."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.center.documents.certificate import Certificate
from daemon.center.documents.press import Drawn, LayoutError
from daemon.center.documents.register import fuhyo, koseki
from daemon.center.documents.residence import inkan, juminhyo, kisaijiko
from daemon.center.documents.tax import TaxKind, tax_certificate
from daemon.center.facts import Matter, Resident, Tax
from daemon.issuance.messages import Item
from daemon.issuance.pages import page_texts, stands_below, stands_in
from tests.center.documents import expected
from tests.center.documents.people import (
    LONG_NAMES,
    LONG_PLACE,
    letterhead,
    long_fuhyo,
    long_koseki,
    long_resident,
    long_tax,
)
from tests.center.documents.reading import check_register, read, stands_in_order
from tests.center.poppler import Word, words
from tests.center.world import press

ALL: tuple[Item, ...] = ("head", "honseki", "mynumber")
NAMED: tuple[Item, ...] = ("honseki",)
HEAD = letterhead("戸籍全部(個人)事項証明書(戸籍謄抄本)", sample=False)
NUMBER = "162027-20260401-T01-000001-0"
MM = 72 / 25.4
LEFT, RIGHT, TOP, BOTTOM = 20 * MM, 190 * MM, 9 * MM, 290 * MM
TAXES: tuple[TaxKind, ...] = ("shotoku_kazei", "shotoku", "kazei", "nozei")


def draw(certificate: Certificate) -> Drawn:
    press().preflight(certificate)
    return press().draw(certificate, NUMBER)


def nothing_runs_over(drawn: Drawn) -> None:
    """Every word stands within the margins, and none upon another."""
    for page in words(drawn.pdf):
        assert all(word.left >= LEFT - 1 and word.right <= RIGHT + 1 for word in page)
        assert all(word.top >= TOP and word.bottom <= BOTTOM for word in page)
        assert not [1 for one, other in combinations(page, 2) if overlap(one, other)]


def overlap(one: Word, other: Word) -> bool:
    """Of the middles of the lines: poppler's boxes are as high as the font's tallest letters."""
    wide = min(one.right, other.right) - max(one.left, other.left)
    high = min(inner(one)[1], inner(other)[1]) - max(inner(one)[0], inner(other)[0])
    return wide > 0.5 and high > 0.5


def inner(word: Word) -> tuple[float, float]:
    third = (word.bottom - word.top) / 4
    return word.top + third, word.bottom - third


def check_sheet(drawn: Drawn, fields: expected.Fields, name: str) -> None:
    ((sheet, page),) = read([drawn])
    assert list(sheet.fields) == fields
    assert stands_in_order(fields, page)
    assert stands_below("氏名", name, page_texts(drawn.pdf)[0])
    nothing_runs_over(drawn)


@pytest.mark.parametrize("foreign", [True, False])
@pytest.mark.parametrize("name", LONG_NAMES)
def test_long_names_and_addresses_of_residents(name: str, foreign: bool) -> None:
    person = long_resident(name, foreign)
    for kana in (person.kana, ""):
        one = replace(person, kana=kana)
        items = expected.juminhyo(one, ALL), expected.kisaijiko(one, ALL), expected.inkan(one)
        made = juminhyo(HEAD, [one], ALL, "self"), kisaijiko(HEAD, [one], ALL), inkan(HEAD, one)
        for certificate, fields in zip(made, items, strict=True):
            check_sheet(draw(certificate), fields, one.name)


@pytest.mark.parametrize("name", ["MARIA " * 9 + "JEAN-LUC", "JEAN-" * 12, "山-", "寿限無-" * 12])
def test_a_name_that_is_broken_at_its_hyphen_is_still_found(name: str) -> None:
    """PDFium takes a hyphen at the end of a line for one that is not of the word."""
    person = long_resident(name)
    for certificate in (juminhyo(HEAD, [person], ALL, "self"), inkan(HEAD, person)):
        assert stands_below("氏名", person.name, page_texts(draw(certificate).pdf)[0])


@pytest.mark.parametrize("kind", TAXES)
def test_many_incomes_and_deductions(kind: TaxKind) -> None:
    person, facts, year = long_resident(LONG_NAMES[0]), long_tax(1), "令和7年度(令和6年分)"
    certificate = tax_certificate(kind, HEAD, person, facts, year)
    check_sheet(draw(certificate), expected.tax(kind, person, facts, year), person.name)


def test_a_koseki_of_ten_with_twelve_matters_each() -> None:
    facts = long_koseki()
    drawn = draw(koseki(HEAD, facts, "koseki_all", ()))
    head = [("本籍", facts.honseki), ("氏名", facts.hittosha)]
    check_register(read([drawn]), head, expected.matters(facts.entries), expected.koseki_people(facts))
    nothing_runs_over(drawn)
    names = {one.person: one.name for one in facts.members}
    check_names(drawn, {person: "【名】" + name for person, name in names.items()})


def test_twenty_addresses_of_each_of_ten() -> None:
    facts = long_fuhyo(long_koseki())
    drawn = draw(fuhyo(HEAD, facts, "koseki_all", (), NAMED))
    head = [("本籍", facts.honseki), ("筆頭者", facts.hittosha)]
    check_register(read([drawn]), head, [], expected.fuhyo_people(facts))
    nothing_runs_over(drawn)
    check_names(drawn, {one.person: "【氏名】" + one.full_name for one in facts.members})


def check_names(drawn: Drawn, entries: dict[int, str]) -> None:
    """By what the kiosk reads with: on each sheet exactly these persons."""
    for sheet, text in zip(drawn.sheets, page_texts(drawn.pdf), strict=True):
        assert tuple(who for who, entry in entries.items() if stands_in(entry, text)) == sheet.persons


LETTERS = ("山", "邉\U000e0110", "葛\U000e0102", "𠮷", "W", "i", "あ", "-", " ", "MARIA ")
letters = st.lists(st.sampled_from(LETTERS), max_size=60).map(lambda text: "".join(text)[:60].strip())
places = st.text("富山県高岡市広小路９千番地Wi ", max_size=100).map(str.strip)


@settings(max_examples=25, deadline=None)
@given(name=letters.filter(bool), head=letters, alias=letters, place=places, previous=places)
def test_whatever_the_names_and_addresses(
    name: str, head: str, alias: str, place: str, previous: str
) -> None:
    person = long_resident(name)
    home = replace(person.address, text=place)
    person = replace(person, head=head, alias=alias, previous=previous, address=home)
    check_sheet(draw(juminhyo(HEAD, [person], ALL, "self")), expected.juminhyo(person, ALL), person.name)


@settings(max_examples=8, deadline=None)
@given(matters=st.lists(st.lists(st.integers(1, 120), max_size=5), max_size=12))
def test_whatever_the_matters(matters: Sequence[Sequence[int]]) -> None:
    def words_of(size: int) -> str:
        return (LONG_PLACE + "WIDE " * 5)[:size].strip()

    facts = long_koseki(members=2, matters=0)
    entries = tuple(
        Matter("出生", tuple((f"【{at}】", words_of(size)) for at, size in enumerate(sizes)))
        for sizes in matters
    )
    facts = replace(facts, members=tuple(replace(one, entries=entries) for one in facts.members))
    drawn = draw(koseki(HEAD, facts, "koseki_all", ()))
    head = [("本籍", facts.honseki), ("氏名", facts.hittosha)]
    check_register(read([drawn]), head, expected.matters(facts.entries), expected.koseki_people(facts))
    nothing_runs_over(drawn)


def too_long(person: Resident) -> list[Certificate]:
    place = replace(person.address, text="富山県高岡市 " * 600)
    tax: Tax = replace(long_tax(1), incomes=(("給与所得", 1),) * 60)
    title = replace(HEAD, title="証明書" * 60)
    entry = Matter("出生", (("【出生地】", "富山県高岡市" * 600),))
    return [
        juminhyo(HEAD, [replace(person, address=place)], ALL, "self"),
        juminhyo(title, [person], ALL, "self"),
        inkan(HEAD, replace(person, name="山" * 2000)),
        tax_certificate("shotoku", HEAD, person, tax, "令和7年度"),
        koseki(HEAD, replace(long_koseki(1, 1), entries=(entry,)), "koseki_all", ()),
    ]


@pytest.mark.parametrize("at", range(5))
def test_what_cannot_fit_is_an_error_that_quotes_nothing(at: int) -> None:
    person = long_resident("山田 太郎", foreign=False)
    with pytest.raises(LayoutError) as error:
        draw(too_long(person)[at])
    assert not any(word in str(error.value) for word in ("山", "富", "1"))

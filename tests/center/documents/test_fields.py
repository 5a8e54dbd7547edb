"""What the fields say of particular cases: 省略, foreign residents, 除籍, one person of a koseki, no tax."""

from dataclasses import replace
from datetime import date
from random import Random

import pytest

from daemon.center.documents.register import fuhyo, koseki
from daemon.center.documents.residence import juminhyo, kisaijiko
from daemon.center.documents.tax import TaxKind, income_year, tax_certificate
from daemon.center.facts import Foreign, Resident
from daemon.issuance.messages import Item, Scope
from daemon.issuance.order import PART_OF_KOSEKI, WHOLE_HOUSEHOLD, WHOLE_KOSEKI
from tests.center.documents.people import a_koseki, a_resident, a_tax, fuhyo_of, letterhead
from tests.center.documents.reading import read
from tests.center.poppler import is_a_line, poppler, value_beside
from tests.center.world import press

NAMED: tuple[Item, ...] = ("honseki",)
HEAD = letterhead("証明書")
JAPANESE = replace(
    a_resident(Random(1), 7), foreign=None, alias="", former_name="佐藤", honseki="富山県高岡市"
)
PERMANENT = Foreign("韓国", "特別永住者", card_number="AB12345678CD")


def text_of(person: Resident) -> str:
    return poppler(press().draw(juminhyo(HEAD, [person], ("head", "honseki"), "self"), "1").pdf)


# ---------------------------------------------------------------- residents


def test_a_foreign_resident_has_a_status_and_an_alias_but_neither_koseki_nor_former_name() -> None:
    text = text_of(replace(JAPANESE, foreign=PERMANENT, alias="花田 真理亜"))
    assert value_beside("国籍・地域", text) == "韓国"
    assert value_beside("30条45規定区分", text) == "特別永住者"
    assert value_beside("在留カード等の番号", text) == "AB12345678CD"
    assert value_beside("通称", text) == "花田 真理亜"
    assert not any(label in "".join(text.split()) for label in ("本籍", "筆頭者", "旧氏"))


def test_a_japanese_resident_has_a_koseki_and_may_have_a_former_name_but_no_status() -> None:
    text = text_of(JAPANESE)
    assert value_beside("本籍", text) == "富山県高岡市"
    assert value_beside("旧氏", text) == "佐藤"
    assert not any(label in "".join(text.split()) for label in ("国籍", "在留", "通称"))


@pytest.mark.parametrize("scope", ["self", "part", "all"])
def test_only_the_whole_household_is_certified_as_whole(scope: Scope) -> None:
    sentence = juminhyo(HEAD, [JAPANESE], (), scope).sentence
    assert (sentence == WHOLE_HOUSEHOLD) == (scope == "all")


def test_a_certificate_of_items_has_no_history() -> None:
    """住民票記載事項証明書: what is so today, nothing of where somebody came from."""
    person = replace(JAPANESE, previous="富山県富山市新桜町9038番地")
    text = poppler(press().draw(kisaijiko(HEAD, [person], ()), "1").pdf)
    assert person.previous not in text
    assert "届出年月日" not in "".join(text.split())
    assert value_beside("個人番号", text) == "省略"


@pytest.mark.parametrize(
    ("born", "printed"),
    [
        (date(1873, 1, 1), "明治6年1月1日"),
        (date(1912, 7, 30), "大正元年7月30日"),
        (date(1926, 12, 25), "昭和元年12月25日"),
        (date(1989, 1, 7), "昭和64年1月7日"),
        (date(1989, 1, 8), "平成元年1月8日"),
        (date(2019, 5, 1), "令和元年5月1日"),
    ],
)
def test_dates_are_of_their_era(born: date, printed: str) -> None:
    assert value_beside("生年月日", text_of(replace(JAPANESE, born=born))) == printed


# ---------------------------------------------------------------- registers

REGISTER = a_koseki(Random(2), 1, 4)
REGISTER = replace(
    REGISTER, members=tuple(replace(one, removed=at == 2) for at, one in enumerate(REGISTER.members))
)
IDS = tuple(one.person for one in REGISTER.members)


@pytest.mark.parametrize(("removed", "marks"), [((), 0), ((1,), 1), ((0, 1, 2, 3), 4)])
def test_whoever_left_is_marked_so_on_the_extract_of_all(removed: tuple[int, ...], marks: int) -> None:
    members = tuple(replace(one, removed=at in removed) for at, one in enumerate(REGISTER.members))
    facts = replace(REGISTER, members=tuple(replace(one, entries=()) for one in members))
    drawn = press().draw(koseki(HEAD, facts, "koseki_all", ()), "1")
    assert "".join(poppler(drawn.pdf).split()).count("除籍") == marks
    assert sum(sheet.fields.count(("", "除籍")) for sheet in drawn.sheets) == marks


@pytest.mark.parametrize("person", IDS[:2])
def test_an_extract_of_one_person_says_so_and_names_nobody_else(person: int) -> None:
    certificate = koseki(HEAD, REGISTER, "koseki_one", (person,))
    drawn = press().draw(certificate, "1")
    assert certificate.sentence == PART_OF_KOSEKI
    assert "個人事項証明" in "".join(poppler(drawn.pdf).split())
    assert {one for sheet in drawn.sheets for one in sheet.persons} == {person}


def test_the_extract_of_all_says_so() -> None:
    certificate = koseki(HEAD, REGISTER, "koseki_all", ())
    drawn = press().draw(certificate, "1")
    assert certificate.sentence == WHOLE_KOSEKI
    assert "全部事項証明" in "".join(poppler(drawn.pdf).split())
    assert {one for sheet in drawn.sheets for one in sheet.persons} == set(IDS)


@pytest.mark.parametrize("persons", [(), (999,), (IDS[0], 999), (IDS[2],)])
def test_who_is_not_in_the_register_or_has_left_it_gets_no_extract(persons: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match="not exactly these persons"):
        koseki(HEAD, REGISTER, "koseki_one", persons)
    with pytest.raises(ValueError, match="not exactly these persons"):
        fuhyo(HEAD, fuhyo_of(Random(1), REGISTER), "koseki_one", persons, ())


def test_a_register_of_nobody_is_none() -> None:
    """As one of another municipality is known here: its place alone."""
    empty = replace(REGISTER, entries=(), members=())
    with pytest.raises(ValueError, match="nobody is recorded"):
        koseki(HEAD, empty, "koseki_all", ())
    with pytest.raises(ValueError, match="nobody is recorded"):
        fuhyo(HEAD, fuhyo_of(Random(1), empty), "koseki_all", (), ())


def test_a_register_without_matters_is_laid_out_all_the_same() -> None:
    bare = replace(REGISTER, entries=(), members=tuple(replace(one, entries=()) for one in REGISTER.members))
    (sheet,) = press().draw(koseki(HEAD, bare, "koseki_all", ()), "1").sheets
    assert sheet.persons == IDS


def test_the_sheets_of_a_register_are_counted_and_say_that_they_go_on() -> None:
    drawn = press().draw(koseki(HEAD, a_koseki(Random(5), 1, 9), "koseki_all", ()), "1")
    pages = [page for _, page in read([drawn])]
    total = len(pages)
    assert total > 2
    for at, page in enumerate(pages, start=1):
        assert f"（{total}の{at}）全部事項証明" in page
        assert ("（次葉に続く）" in page) == (at < total)
        assert ("以下余白" in page) == (at == total)


def test_the_address_history_omits_the_koseki_unless_it_is_chosen() -> None:
    facts = fuhyo_of(Random(1), REGISTER)
    omitted = press().draw(fuhyo(HEAD, facts, "koseki_all", (), ()), "1").sheets[0].fields
    named = press().draw(fuhyo(HEAD, facts, "koseki_all", (), NAMED), "1").sheets[0].fields
    assert omitted[:2] == (("本籍", "省略"), ("筆頭者", "省略"))
    assert named[:2] == (("本籍", facts.honseki), ("筆頭者", facts.hittosha))


# ---------------------------------------------------------------- tax


@pytest.mark.parametrize(
    ("kind", "annual", "title"),
    [
        ("shotoku_kazei", 5000, "所得・課税証明書"),
        ("shotoku_kazei", 0, "非課税証明書"),
        ("kazei", 0, "非課税証明書"),
        ("shotoku", 0, "所得・課税証明書"),
        ("nozei", 0, "所得・課税証明書"),
    ],
)
def test_for_whom_nothing_is_due_the_certificate_of_tax_is_one_of_none(
    kind: TaxKind, annual: int, title: str
) -> None:
    facts = replace(a_tax(Random(1), 7), annual=annual, paid=0)
    certificate = tax_certificate(kind, letterhead("所得・課税証明書"), JAPANESE, facts, "令和7年度")
    page = poppler(press().draw(certificate, "1").pdf)
    assert is_a_line(" ".join(title), page) or title in "".join(page.split())
    assert ("非課税" in "".join(page.split())) == (title == "非課税証明書")


@pytest.mark.parametrize(("year", "words"), [(2025, "令和6年分"), (2020, "令和元年分"), (2019, "平成30年分")])
def test_a_year_is_taxed_on_the_income_of_the_one_before(year: int, words: str) -> None:
    assert income_year(year) == words

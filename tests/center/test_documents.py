"""What an order prints equals the registry's record, read back by poppler; the unprintable is refused."""

import re
from dataclasses import replace
from datetime import date

import pypdfium2
import pytest

from daemon.center.documents.certificate import Certificate, Letterhead
from daemon.center.documents.press import LayoutError, UnprintableCharacter
from daemon.center.documents.residence import inkan, residence_record
from daemon.center.facts import Address, Resident
from daemon.center.sample import SAMPLE_HOLDERS
from daemon.center.settings import TEMPLATES
from daemon.issuance.messages import Item, Kind
from daemon.issuance.order import OMITTED
from daemon.issuance.pages import page_texts, stands_below, stands_in
from tests.center.poppler import is_a_line, poppler, value_beside
from tests.center.world import World, manifest_of, press, request_for

ALL: tuple[Item, ...] = ("head", "honseki", "mynumber")
LABELS = {
    "生年月日": "born",
    "性別": "sex",
    "住所": "address",
    "住所を定めた年月日": "since",
    "届出年月日": "filed",
    "住民となった年月日": "resident_since",
    "前住所": "previous",
    "世帯主": "head",
    "続柄": "relation",
    "本籍": "honseki",
    "筆頭者": "hittosha",
    "個人番号": "mynumber",
}

SEAL_IMAGE = (TEMPLATES / "sample-impression.png").read_bytes()


def resident(world: World, holder: str) -> Resident:
    return world.registry.resident(SAMPLE_HOLDERS[holder].resident)


def printed(world: World, holder: str, kind: Kind, items: tuple[Item, ...] = ()) -> str:
    sealed = world.service.order(request_for(world.enter(holder), kind, items))
    return poppler(sealed.pdfs[0])


@pytest.mark.parametrize("holder", ["taro", "hanako", "sakura", "makoto"])
def test_a_resident_record_says_what_the_registry_says_field_by_field(world: World, holder: str) -> None:
    """R16."""
    person = resident(world, holder)
    text = printed(world, holder, "juminhyo", ALL)
    assert is_a_line(person.name, text)
    assert value_beside("振り仮名", text) == person.kana
    record = residence_record(person, frozenset(ALL))
    expected = {label: words for label, key in LABELS.items() if (words := getattr(record, key))}
    assert {label: value_beside(label, text) for label in expected} == expected


def test_the_fields_are_the_registrys_own_words() -> None:
    world = World()
    record = residence_record(resident(world, "taro"), frozenset(ALL))
    world.close()
    assert record.address == "富山県高岡市広小路9001番地 さくらハイツ203号"
    assert record.previous == "富山県富山市新桜町9038番地"
    assert (record.born, record.sex, record.relation) == ("昭和60年4月10日", "男", "世帯主")
    assert (record.since, record.filed) == ("平成28年4月1日", "平成28年4月3日")
    assert (record.head, record.hittosha) == ("山田 太郎", "山田 太郎")
    assert (record.honseki, record.mynumber) == ("富山県高岡市広小路九千一番地", "900000000011")


@pytest.mark.parametrize("items", [(), ("head",), ("honseki",), ("mynumber",), ("head", "mynumber"), ALL])
def test_what_was_not_chosen_is_omitted(world: World, items: tuple[Item, ...]) -> None:
    """R17."""
    text = printed(world, "taro", "juminhyo", items)
    person = resident(world, "taro")
    said = {
        item: value_beside(label, text) for item, label in zip(ALL, ("続柄", "本籍", "個人番号"), strict=True)
    }
    real = {"head": person.relation, "honseki": person.honseki, "mynumber": person.mynumber}
    assert said == {item: real[item] if item in items else OMITTED for item in ALL}
    assert (person.mynumber in text) == ("mynumber" in items)


def test_a_seal_certificate_says_what_the_registry_says(world: World) -> None:
    text = printed(world, "makoto", "inkan")
    person = resident(world, "makoto")
    assert is_a_line(person.name, text)
    assert value_beside("生年月日", text) == "昭和33年1月7日"
    assert value_beside("住所", text) == person.address.text
    assert "この写しは、登録された印影と相違ないことを証明する。" in text


def test_every_page_says_who_certifies_when_and_under_which_number(world: World) -> None:
    sealed = world.service.order(request_for(world.enter(), copies=2))
    for pdf, copy in zip(sealed.pdfs, manifest_of(sealed).copies, strict=True):
        text = poppler(pdf)
        assert is_a_line("この写しは、住民票の原本と相違ないことを証明する。", text)
        assert is_a_line("令和8年4月1日", text)
        assert is_a_line("富山県高岡市長", text)
        assert re.search(rf"証明書固有番号 +{copy.number} +1/1$", text, re.MULTILINE)


def certificate(person: Resident, sample: bool = True) -> Certificate:
    return inkan(Letterhead("印鑑登録証明書", "富山県高岡市長", date(2026, 4, 1), sample), person)


@pytest.mark.parametrize("sample", [True, False])
def test_a_sample_is_marked_as_one_and_a_real_page_is_not(world: World, sample: bool) -> None:
    person = replace(resident(world, "taro"), seal_image=SEAL_IMAGE)
    pdf = press().draw(certificate(person, sample), "1").pdf
    assert stands_in("見本", page_texts(pdf)[0]) == sample
    assert is_a_line("見本", poppler(pdf)) == sample


def test_the_kiosks_reader_keeps_the_variant_of_a_kanji(world: World) -> None:
    text = page_texts(press().draw(certificate(resident(world, "makoto")), "1").pdf)[0]
    name = SAMPLE_HOLDERS["makoto"].name
    assert stands_below("氏名", name, text)
    assert not stands_below("氏名", name.replace("\U000e010f", ""), text)
    assert not stands_below("氏名", name.replace("\U000e010f", "\U000e0110"), text)


def test_markup_in_the_registry_is_printed_as_it_stands(world: World) -> None:
    tricky = '#panic("x") *太字* $1$ \\u{41} <a> "引用"'
    day = date(2020, 1, 1)
    person = replace(resident(world, "taro"), address=Address(tricky, day, day))
    assert tricky in poppler(press().draw(certificate(person), "1").pdf)


@pytest.mark.parametrize(
    "name", ["葛\U000e0100", "邉\U000e0102", "山田 \U0001f600", "山\ufe00田", "\U000e0102葛"]
)
def test_what_the_font_lacks_is_refused(world: World, name: str) -> None:
    with pytest.raises(UnprintableCharacter):
        press().preflight(certificate(replace(resident(world, "taro"), name=name)))


def test_a_record_that_runs_over_the_page_is_an_error(world: World) -> None:
    day = date(2020, 1, 1)
    person = replace(resident(world, "taro"), address=Address("富山県高岡市 " * 600, day, day))
    with pytest.raises(LayoutError):
        press().draw(certificate(person), "1")


def test_the_page_has_the_size_that_keeps_an_overlays_raster(world: World) -> None:
    """R35."""
    document = pypdfium2.PdfDocument(press().draw(certificate(resident(world, "taro")), "1").pdf)
    width, height = document[0].get_size()
    document.close()
    assert (round(width, 2), round(height, 2)) == (595.2, 841.92)

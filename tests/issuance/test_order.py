"""The kiosk's checks before money: each property of REQUIREMENTS §5 broken by itself, rightly sealed."""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, timedelta
from io import BytesIO

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pypdfium2 import PdfDocument

from daemon.center.documents.certificate import Letterhead
from daemon.center.documents.records import records
from daemon.center.documents.residence import inkan, juminhyo
from daemon.center.paper.back import Paper
from daemon.issuance.messages import Item, Manifest, Scope, SealedCopy, SealedOrder, Sheet
from daemon.issuance.numbers import CertificateNumber
from daemon.issuance.order import Expected, Mismatch, check
from daemon.issuance.seal import Keyring, Sealer, new_key
from tests.center.paper.printed import finished, some_key
from tests.center.world import NOON, ORDER, TERMINAL, World, manifest_of, press, request_for

change = msgspec.structs.replace
TODAY = date(2026, 4, 1)


@dataclass
class Case:
    """An order of two 通 that is right in everything; tests spoil one thing."""

    world: World
    sealed: SealedOrder
    expected: Expected
    title: str = "住民票の写し"
    items: tuple[Item, ...] = ("head", "honseki")

    @property
    def manifest(self) -> Manifest:
        return manifest_of(self.sealed)

    def check(self, sealed: SealedOrder | None = None) -> Manifest:
        return check(sealed or self.sealed, self.expected, self.world.keyring, NOON)

    def mismatch(self, sealed: SealedOrder) -> Mismatch:
        with pytest.raises(Mismatch) as found:
            self.check(sealed)
        return found.value

    def with_manifest(self, **changes: object) -> SealedOrder:
        return self.world.resealed(self.sealed, change(self.manifest, **changes))

    def with_documents(self, *pdfs: bytes, sheets: tuple[Sheet, ...] | None = None) -> SealedOrder:
        """Sealed over these very bytes, as a center would that made the wrong pages."""
        copies = tuple(
            SealedCopy(copy.number, sheets or copy.sheets, hashlib.sha256(pdf).hexdigest())
            for copy, pdf in zip(self.manifest.copies, pdfs, strict=True)
        )
        return change(self.with_manifest(copies=copies), pdfs=pdfs)

    def page(self, resident: int, number: str, sample: bool = True) -> bytes:
        return self.pages((resident,), number, "self", sample)

    def pages(
        self, residents: tuple[int, ...], number: str, scope: Scope = "part", sample: bool = True
    ) -> bytes:
        """A page for each of these residents, in this order."""
        persons = [self.world.registry.resident(one) for one in residents]
        head = Letterhead(self.title, "富山県高岡市長", TODAY, sample)
        made = juminhyo(head, persons, self.items, scope)
        return finished(press(), made, number)

    @property
    def numbers(self) -> tuple[str, str]:
        one, other = (copy.number for copy in self.manifest.copies)
        return one, other


@pytest.fixture
def case(world: World) -> Case:
    entitlement = world.enter("taro")
    request = request_for(entitlement, items=("head", "honseki"), copies=2)
    return Case(world, world.service.order(request), world.expected(request, entitlement))


def test_an_order_that_is_right_passes(case: Case) -> None:
    assert case.check() == case.manifest


# ---------------------------------------------------------------- P1


def test_p1_an_answer_to_another_order_is_caught(case: Case) -> None:
    assert case.mismatch(change(case.sealed, order="ff" * 16)).property == "P1"
    assert case.mismatch(case.with_manifest(order="ff" * 16)).property == "P1"


# ---------------------------------------------------------------- P5


@pytest.mark.parametrize(
    "changes",
    [
        {"terminal": "T02"},
        {"session": "00" * 16},
        {"holder": "00" * 32},
        {"municipality": "012351"},
        {"kind": "inkan"},
        {"scope": "all"},
        {"subjects": ()},
        {"subjects": ("00" * 16,)},
        {"items": ("head",)},
        {"items": ("honseki", "head")},
        {"copies": ()},
        {"sample": False},
        {"issued": "2026-03-31"},
        {"expires": NOON},
        {"expires": NOON - timedelta(days=1)},
    ],
    ids=str,
)
def test_p5_a_manifest_that_differs_from_screen_11_is_caught(case: Case, changes: dict[str, object]) -> None:
    assert case.mismatch(case.with_manifest(**changes)).property == "P5"


def test_p5_the_page_of_another_person_is_caught(case: Case) -> None:
    one, other = case.numbers
    assert case.mismatch(case.with_documents(case.page(1, one), case.page(5, other))).property == "P5"


def test_p5_the_page_of_the_wife_is_caught_though_it_names_him_as_head_of_household(case: Case) -> None:
    one, other = case.numbers
    assert case.mismatch(case.with_documents(case.page(2, one), case.page(2, other))).property == "P5"


def printing(case: Case, title: str = "住民票の写し", items: tuple[Item, ...] = ("head", "honseki")) -> str:
    """What catches pages of this title with these items, where 世帯主 and 本籍 were chosen alone."""
    one, other = case.numbers
    case.title, case.items = title, items
    return str(case.mismatch(case.with_documents(case.page(1, one), case.page(1, other))))


@pytest.mark.parametrize(
    "items", [("head", "honseki", "mynumber"), ("head",), ("honseki",), ("mynumber",), ()], ids=str
)
def test_p5_a_page_with_an_item_more_or_less_than_was_chosen_is_caught(
    case: Case, items: tuple[Item, ...]
) -> None:
    """Above all a 個人番号 that nobody asked for."""
    found = printing(case, items=items)
    assert "against what was chosen" in found
    assert not any(one.mynumber in found for one in case.world.registry.household(1))


def test_p5_a_page_of_another_kind_is_caught(case: Case) -> None:
    assert "another title" in printing(case, title="住民票記載事項証明書")


def test_p5_a_name_in_another_variant_is_caught(case: Case) -> None:
    handle = case.expected.request.subjects[0]
    case.expected = replace(case.expected, names={handle: "山\U000e0100田 太郎"})
    assert case.mismatch(case.sealed).property == "P5"


def test_p5_a_person_who_was_not_on_screen_11_is_caught(case: Case) -> None:
    case.expected = replace(case.expected, names={})
    assert case.mismatch(case.sealed).property == "P5"


# ---------------------------------------------------------------- P6


def renumbered(case: Case, change_number: Callable[[CertificateNumber], CertificateNumber]) -> SealedOrder:
    numbers = [str(change_number(CertificateNumber("162027", TODAY, TERMINAL, n))) for n in (1, 2)]
    copies = [change(copy, number=number) for copy, number in zip(case.manifest.copies, numbers, strict=True)]
    return case.with_manifest(copies=tuple(copies))


@pytest.mark.parametrize(
    "change_number",
    [
        lambda number: replace(number, serial=7),
        lambda number: replace(number, terminal="T02"),
        lambda number: replace(number, municipality="012351"),
        lambda number: replace(number, day=date(2026, 3, 31)),
        lambda number: replace(number, serial=number.serial + 100),
    ],
    ids=["the same twice", "another terminal's", "another municipality's", "of yesterday", "not on its page"],
)
def test_p6_a_wrong_number_is_caught(
    case: Case, change_number: Callable[[CertificateNumber], CertificateNumber]
) -> None:
    assert case.mismatch(renumbered(case, change_number)).property == "P6"


def test_p6_what_is_no_number_is_caught(case: Case) -> None:
    one, other = case.manifest.copies
    assert case.mismatch(case.with_manifest(copies=(change(one, number="1"), other))).property == "P6"


def test_p6_two_copies_with_their_pages_exchanged_are_caught(case: Case) -> None:
    one, other = case.sealed.pdfs
    assert case.mismatch(case.with_documents(other, one)).property == "P6"


def test_p6_a_missing_or_surplus_document_is_caught(case: Case) -> None:
    one, other = case.sealed.pdfs
    assert case.mismatch(change(case.sealed, pdfs=(one,))).property == "P6"
    assert case.mismatch(change(case.sealed, pdfs=(one, other, other))).property == "P6"


@pytest.mark.parametrize("pages", [(), (2,), (0,), (1, 2), (1, 1), (2, 1)])
def test_p6_pages_that_are_not_complete_are_caught(case: Case, pages: tuple[int, ...]) -> None:
    subjects = case.manifest.subjects
    sheets = tuple(Sheet(page, subjects) for page in pages)
    copies = tuple(change(copy, sheets=sheets) for copy in case.manifest.copies)
    assert case.mismatch(case.with_manifest(copies=copies)).property == "P6"


@pytest.mark.parametrize("subjects", [(), ("00" * 16,)])
def test_p6_a_page_of_nobody_or_of_somebody_else_is_caught(case: Case, subjects: tuple[str, ...]) -> None:
    copies = tuple(change(copy, sheets=(Sheet(1, subjects),)) for copy in case.manifest.copies)
    assert case.mismatch(case.with_manifest(copies=copies)).property == "P6"


def test_p6_a_document_that_cannot_be_read_is_caught(case: Case) -> None:
    assert case.mismatch(case.with_documents(b"%PDF-", case.sealed.pdfs[1])).property == "P6"


# ---------------------------------------------------------------- the pages of a household


YAMADA = ("山田 太郎", "山田 花子", "山田 さくら", "山田 健太")
TARO, HANAKO, SAKURA = 1, 2, 3


def household(world: World, scope: Scope, *names: str) -> Case:
    """One 通 in the hands of 山田 太郎's kiosk."""
    entitlement = world.enter("taro")
    request = request_for(entitlement, items=("head", "honseki"), scope=scope, names=names)
    return Case(world, world.service.order(request), world.expected(request, entitlement))


@pytest.fixture
def couple(world: World) -> Case:
    return household(world, "part", *YAMADA[:2])


def paged(case: Case, *residents: int, scope: Scope = "part", sheets: tuple[Sheet, ...] | None = None) -> str:
    """Which property catches a 通 with these pages."""
    (copy,) = case.manifest.copies
    return case.mismatch(
        case.with_documents(case.pages(residents, copy.number, scope), sheets=sheets)
    ).property


@pytest.mark.parametrize(("scope", "names"), [("all", YAMADA), ("part", YAMADA[:2]), ("part", YAMADA[2:3])])
def test_the_pages_of_a_household_pass(world: World, scope: Scope, names: tuple[str, ...]) -> None:
    case = household(world, scope, *names)
    assert [sheet.page for sheet in case.check().copies[0].sheets] == list(range(1, len(names) + 1))


def test_p5_pages_that_are_swapped_are_caught(couple: Case) -> None:
    assert paged(couple, HANAKO, TARO) == "P5"


def test_p5_the_page_of_one_who_was_not_chosen_is_caught(couple: Case) -> None:
    assert paged(couple, TARO, SAKURA) == "P5"
    assert paged(couple, TARO, TARO) == "P5"


def test_p6_a_page_too_few_or_too_many_is_caught(couple: Case) -> None:
    assert paged(couple, TARO) == "P6"
    assert paged(couple, TARO, HANAKO, SAKURA) == "P6"


def test_p6_a_page_more_of_one_who_was_chosen_is_caught(couple: Case) -> None:
    (first, second) = couple.manifest.copies[0].sheets
    again = Sheet(3, first.subjects)
    assert paged(couple, TARO, HANAKO, TARO, sheets=(first, second, again)) == "P6"


def test_p6_a_page_of_nobody_chosen_is_caught_though_its_handle_is_known(couple: Case) -> None:
    (first, second) = couple.manifest.copies[0].sheets
    stranger = next(handle for handle, name in couple.expected.names.items() if name == YAMADA[2])
    assert paged(couple, TARO, HANAKO, SAKURA, sheets=(first, second, Sheet(3, (stranger,)))) == "P6"
    assert paged(couple, TARO, SAKURA, sheets=(first, Sheet(2, (stranger,)))) == "P6"


def test_p6_two_persons_on_one_page_are_caught(couple: Case) -> None:
    (first, second) = couple.manifest.copies[0].sheets
    both = (Sheet(1, first.subjects + second.subjects),)
    assert paged(couple, TARO, sheets=both) == "P6"


MIXED = [(0, 2), (0, 1, 2), (0, 1, 2, 1), (0, 3, 2, 1), (0, 0, 2, 2), (0, 1, 2, 3, 3), (0, 1, 2, 3, 0, 1)]


@pytest.mark.parametrize("pages", MIXED)
def test_p6_sheets_whose_sides_do_not_belong_together_are_caught(
    couple: Case, pages: tuple[int, ...]
) -> None:
    (copy,) = couple.manifest.copies
    mixed = rearranged(couple.pages((TARO, HANAKO), copy.number), pages)
    assert couple.mismatch(couple.with_documents(mixed)).property == "P6"


class Scribbler:
    """Sets every back with something changed."""

    def __init__(self, **changes: object) -> None:
        self._changes = changes

    def set_pages(self, template: str, data: Mapping[str, object]) -> bytes:
        return press().set_pages(template, {**data, **self._changes})


@pytest.mark.parametrize(
    "changes",
    [
        {"title": "偽造・改ざん防止情報 山田 花子"},
        {"label": "山田 花子 証明書固有番号"},
        {"about": []},
        {"number": "162027-20260401-T01-000009-0"},
        {"sample": False},
    ],
    ids=["a name", "a name beside the number", "words missing", "another number", "no mark of a sample"],
)
def test_p6_a_back_with_anything_else_on_it_is_caught(couple: Case, changes: dict[str, object]) -> None:
    (copy,) = couple.manifest.copies
    persons = [couple.world.registry.resident(one) for one in (TARO, HANAKO)]
    head = Letterhead("住民票の写し", "富山県高岡市長", TODAY, sample=True)
    made = juminhyo(head, persons, ("head", "honseki"), "part")
    paper = Paper(Scribbler(**changes), some_key(), press().pattern)
    drawn = press().draw(made, copy.number)
    pdf = paper.finish(drawn.pdf, records(made, drawn, "162027", copy.number))
    found = couple.mismatch(couple.with_documents(pdf))
    assert (found.property, "back of page 1" in found.detail) == ("P6", True)


def rearranged(pdf: bytes, pages: tuple[int, ...]) -> bytes:
    source, target, out = PdfDocument(pdf), PdfDocument.new(), BytesIO()
    target.import_pages(source, list(pages))
    target.save(out)
    target.close()
    source.close()
    return out.getvalue()


def test_p6_a_page_with_anothers_place_is_caught(couple: Case) -> None:
    (copy,) = couple.manifest.copies
    sheets = (Sheet(2, copy.sheets[0].subjects), Sheet(1, copy.sheets[1].subjects))
    assert paged(couple, HANAKO, TARO, sheets=sheets) == "P6"


def test_p5_a_part_certified_as_the_whole_household_is_caught(couple: Case) -> None:
    assert paged(couple, TARO, HANAKO, scope="all") == "P5"


def test_p5_a_whole_household_that_is_not_certified_as_one_is_caught(world: World) -> None:
    assert paged(household(world, "all", *YAMADA), 1, 2, 3, 4, scope="part") == "P5"


@pytest.mark.parametrize("subjects", [slice(0, 3), slice(1, 4)])
def test_p5_a_household_with_one_member_less_is_caught(world: World, subjects: slice) -> None:
    case = household(world, "all", *YAMADA)
    fewer = case.manifest.subjects[subjects]
    assert case.mismatch(case.with_manifest(subjects=fewer)).property == "P5"


# ---------------------------------------------------------------- P7


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_p7_any_changed_bit_is_caught(case: Case, data: st.DataObject) -> None:
    part = data.draw(st.sampled_from(["manifest", "seal", "pdf"]))
    whole = {"manifest": case.sealed.manifest, "seal": case.sealed.seal, "pdf": case.sealed.pdfs[0]}[part]
    bit = data.draw(st.integers(0, len(whole) * 8 - 1))
    spoilt = bytearray(whole)
    spoilt[bit // 8] ^= 1 << bit % 8
    fields = {"pdfs": (bytes(spoilt), case.sealed.pdfs[1])} if part == "pdf" else {part: bytes(spoilt)}
    assert case.mismatch(change(case.sealed, **fields)).property == "P7"


def test_p7_a_seal_of_another_center_is_caught(case: Case) -> None:
    stranger = Sealer.from_pem(new_key())
    forged = change(case.sealed, seal=stranger.seal(case.sealed.manifest), key=stranger.key)
    assert case.mismatch(forged).property == "P7"
    assert case.mismatch(change(case.sealed, key=stranger.key)).property == "P7"


def test_p7_a_kiosk_without_keys_believes_nobody(case: Case) -> None:
    with pytest.raises(Mismatch, match="P7"):
        check(case.sealed, case.expected, Keyring(()), NOON)


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"\xff"])
def test_p7_a_sealed_text_that_is_no_manifest_is_caught(case: Case, body: bytes) -> None:
    sealed = change(case.sealed, manifest=body, seal=case.world.sealer.seal(body))
    assert case.mismatch(sealed).property == "P7"


# ---------------------------------------------------------------- samples


def test_an_unmarked_page_is_caught_where_samples_are_printed(case: Case) -> None:
    one, other = case.numbers
    sealed = case.with_documents(case.page(1, one, sample=False), case.page(1, other, sample=False))
    assert case.mismatch(sealed).property == "見本"


def test_a_marked_page_is_caught_where_real_ones_are_printed(case: Case) -> None:
    case.expected = replace(case.expected, request=change(case.expected.request, sample=False))
    assert case.mismatch(case.with_manifest(sample=False)).property == "見本"


# ---------------------------------------------------------------- all of them


def test_the_day_of_issue_is_the_day_in_tokyo(case: Case) -> None:
    late = NOON.replace(hour=8, minute=59).astimezone(UTC)
    assert late.date() == date(2026, 3, 31)
    assert check(case.sealed, case.expected, case.world.keyring, late) == case.manifest


def test_no_text_of_a_mismatch_holds_personal_data(case: Case) -> None:
    one, other = case.numbers
    for sealed in (
        case.with_documents(case.page(5, one), case.page(2, other)),
        case.with_manifest(subjects=("00" * 16,)),
        case.with_manifest(holder="00" * 32),
    ):
        text = str(case.mismatch(sealed))
        assert not any(word in text for word in ("山田", "太郎", "花子", "渡", one, ORDER, "00000000"))


def test_an_inkan_certificate_is_checked_alike(world: World) -> None:
    entitlement = world.enter("makoto")
    request = request_for(entitlement, "inkan")
    sealed = world.service.order(request)
    expected = world.expected(request, entitlement, "makoto")
    assert check(sealed, expected, world.keyring, NOON).kind == "inkan"
    number = manifest_of(sealed).copies[0].number
    head = Letterhead("印鑑登録証明書", "富山県高岡市長", TODAY, sample=True)
    other = finished(press(), inkan(head, world.registry.resident(1)), number)
    copy = SealedCopy(number, (Sheet(1, request.subjects),), hashlib.sha256(other).hexdigest())
    wrong = world.resealed(sealed, change(manifest_of(sealed), copies=(copy,)))
    with pytest.raises(Mismatch, match="name of its person"):
        check(change(wrong, pdfs=(other,)), expected, world.keyring, NOON)

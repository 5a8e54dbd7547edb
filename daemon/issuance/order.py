"""The kiosk's checks of a sealed order against screen 11, before any money (REQUIREMENTS §5, P1 to P7).

Nothing that the center says is believed because the center says it: the seal must hold, the manifest must
say what was asked for, each PDF must be the one that was sealed, and every page is read and must carry its
own number, place and names. A koseki or a 附票 may run over several sheets; the seal says whose entries stand
on which, and nobody else of the offer may stand there. Every front is followed by its back, which carries
its number, its place and fixed words, and no others. On any mismatch nothing is printed and nothing is taken
(P8). No text of a mismatch holds personal data.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

import msgspec

from daemon.issuance.backs import SAMPLE_MARK, is_back
from daemon.issuance.calendar import TOKYO
from daemon.issuance.messages import Item, Kind, Manifest, OrderRequest, SealedCopy, SealedOrder, Sheet
from daemon.issuance.numbers import parse
from daemon.issuance.pages import (
    UnreadablePdf,
    page_texts,
    standing_before,
    stands_below,
    stands_in,
    words_beside,
)
from daemon.issuance.seal import Keyring, SealError

NAME_LABEL = "氏名"
"""What a subject's name stands below on every page; another place on the page may name another person."""
REGISTER_LABELS = {"koseki": "【名】", "fuhyo": "【氏名】"}
"""What a name stands beside in a register: of a 戸籍 without the family name."""
REMOVED, CONTINUED = "除籍", "（続き）"
"""What stands before the name of who has left a register; and of whose entry began on an earlier sheet."""
OMITTED = "省略"
ITEM_LABELS: Mapping[Item, tuple[str, ...]] = {
    "head": ("世帯主", "続柄"),
    "honseki": ("本籍", "筆頭者"),
    "mynumber": ("個人番号",),
}
"""Beside what a page says 省略 where the item was not chosen. No page of a foreign resident has a 本籍."""
KINDS_OF_TAX_DUE: tuple[Kind, ...] = ("shotoku_kazei", "kazei")
NOTHING_DUE = "非課税証明書"
"""The title instead of the municipality's own, of a kind that says that tax is due, where none is."""
WHOLE_HOUSEHOLD = "この写しは、世帯全員の住民票の原本と相違ないことを証明する。"
"""What a 住民票の写し says of 世帯全員, and of nobody less (§6)."""
WHOLE_KOSEKI = "これは、戸籍に記録されている事項の全部を証明した書面である。"
PART_OF_KOSEKI = "これは、戸籍中の一部の者について記録されている事項の全部を証明した書面である。"
KOSEKI_SENTENCES = {"koseki_all": WHOLE_KOSEKI, "koseki_one": PART_OF_KOSEKI}
"""What a 戸籍 certificate says on its last sheet."""


class Mismatch(Exception):
    """property: "P1".."P7" of REQUIREMENTS §5, or "見本". detail: which value differs, never the value."""

    def __init__(self, property: str, detail: str) -> None:
        super().__init__(f"{property}: {detail}")
        self.property = property
        self.detail = detail


@dataclass(frozen=True)
class Expected:
    """What screen 11 showed. holder: SHA-256 (hex) of the certificate's serial. names: handle → name, of all
    who were on offer. year: the 年度 of a tax certificate as it was shown. given: handle → 名, for a 戸籍.
    title: what the municipality calls the certificate. choices: the items that could be chosen.
    """

    request: OrderRequest
    holder: str
    municipality: str
    names: Mapping[str, str]
    year: str = ""
    given: Mapping[str, str] = field(default_factory=dict)
    title: str = ""
    choices: tuple[Item, ...] = ()

    def written(self, handle: str) -> str:
        """What a page says in the place of the name; "": nobody who was on offer. A center that does not say
        what the 名 is writes a space before it.
        """
        name = self.names.get(handle, "")
        if self.request.kind != "koseki" or not name.strip():
            return name
        return self.given.get(handle) or name.rsplit(maxsplit=1)[-1]


def check(sealed: SealedOrder, expected: Expected, keyring: Keyring, now: datetime) -> Manifest:
    """The manifest, once everything fits. now: aware. Raises Mismatch."""
    if sealed.order != expected.request.order:
        raise Mismatch("P1", "an answer to another order")
    manifest = _opened(sealed, keyring)
    _check_wish(manifest, expected)
    _check_time(manifest, now)
    _check_numbers(manifest)
    if len(sealed.pdfs) != len(manifest.copies):
        raise Mismatch("P6", "not one document for each 通")
    for pdf, copy in zip(sealed.pdfs, manifest.copies, strict=True):
        _check_sheets(copy, manifest)
        if hashlib.sha256(pdf).hexdigest() != copy.sha256:
            raise Mismatch("P7", "the document is not the one that was sealed")
        _check_pages(pdf, copy, manifest, expected)
    return manifest


def _opened(sealed: SealedOrder, keyring: Keyring) -> Manifest:
    try:
        keyring.verify(sealed.key, sealed.manifest, sealed.seal)
        return msgspec.json.decode(sealed.manifest, type=Manifest)
    except SealError as error:
        raise Mismatch("P7", str(error)) from None
    except msgspec.MsgspecError:
        raise Mismatch("P7", "the sealed manifest cannot be read") from None


def _check_wish(manifest: Manifest, expected: Expected) -> None:
    request = expected.request
    if manifest.order != request.order:
        raise Mismatch("P1", "the manifest is of another order")
    pairs: dict[str, tuple[object, object]] = {
        "terminal": (manifest.terminal, request.terminal),
        "session": (manifest.session, request.session),
        "holder": (manifest.holder, expected.holder),
        "municipality": (manifest.municipality, expected.municipality),
        "kind": (manifest.kind, request.kind),
        "scope": (manifest.scope, request.scope),
        "subjects": (manifest.subjects, request.subjects),
        "items": (manifest.items, request.items),
        "year": (manifest.year, request.year),
        "copies": (len(manifest.copies), request.copies),
        "sample": (manifest.sample, request.sample),
    }
    for name, (sealed, asked) in pairs.items():
        if sealed != asked:
            raise Mismatch("P5", f"{name} differs from what was confirmed")


def _check_time(manifest: Manifest, now: datetime) -> None:
    if manifest.issued != now.astimezone(TOKYO).date().isoformat():
        raise Mismatch("P5", "not issued today")
    if manifest.expires.tzinfo is None or manifest.expires <= now:
        raise Mismatch("P5", "the order has expired")


def _check_numbers(manifest: Manifest) -> None:
    numbers = [copy.number for copy in manifest.copies]
    if len(set(numbers)) != len(numbers):
        raise Mismatch("P6", "two 通 with one number")
    for text in numbers:
        try:
            number = parse(text)
        except ValueError:
            raise Mismatch("P6", "a certificate number that is none") from None
        said = (number.municipality, number.day.isoformat(), number.terminal)
        if said != (manifest.municipality, manifest.issued, manifest.terminal):
            raise Mismatch("P6", "a certificate number of another place or day")


def _check_sheets(copy: SealedCopy, manifest: Manifest) -> None:
    if [sheet.page for sheet in copy.sheets] != list(range(1, len(copy.sheets) + 1)) or not copy.sheets:
        raise Mismatch("P6", "the pages of a 通 are not 1 to n")
    named = {handle for sheet in copy.sheets for handle in sheet.subjects}
    if named != set(manifest.subjects):
        raise Mismatch("P6", "the pages of a 通 do not name exactly the persons chosen")
    on_each = [len(sheet.subjects) for sheet in copy.sheets]
    if manifest.kind not in REGISTER_LABELS and on_each != [1] * len(named):
        raise Mismatch("P6", "a 通 has not one page for each person")


def _check_pages(pdf: bytes, copy: SealedCopy, manifest: Manifest, expected: Expected) -> None:
    try:
        texts = page_texts(pdf)
    except UnreadablePdf:
        raise Mismatch("P6", "the document cannot be read") from None
    if len(texts) != 2 * len(copy.sheets):
        raise Mismatch("P6", "the document has another number of pages than was sealed")
    fronts = texts[::2]
    for sheet, text, back in zip(copy.sheets, fronts, texts[1::2], strict=True):
        _check_place(text, sheet, copy)
        _check_names(text, sheet, expected)
        _check_kind(text, sheet, expected)
        if expected.year and not stands_in(expected.year, text):
            raise Mismatch("P5", f"page {sheet.page} is not of the year that was chosen")
        if stands_in(SAMPLE_MARK, text) != manifest.sample:
            raise Mismatch(SAMPLE_MARK, "a page is marked as sample, or is not, against what is so")
        if not is_back(back, copy.number, sheet.page, len(copy.sheets), manifest.sample):
            raise Mismatch("P6", f"the back of page {sheet.page} is not what it has to be")
    _check_sentences(fronts, manifest)


def _check_place(text: str, sheet: Sheet, copy: SealedCopy) -> None:
    if not stands_in(copy.number, text):
        raise Mismatch("P6", f"page {sheet.page} does not carry its certificate number")
    if not stands_in(f"{sheet.page}/{len(copy.sheets)}", text):
        raise Mismatch("P6", f"page {sheet.page} does not carry its place in the 通")


def _check_names(text: str, sheet: Sheet, expected: Expected) -> None:
    """The names of those whose sheet it is, and in a register of nobody else who was on offer."""
    kind = expected.request.kind
    meant = {expected.written(handle) for handle in sheet.subjects}
    if not all(_is_about(text, kind, name) for name in meant):
        raise Mismatch("P5", f"page {sheet.page} does not carry the name of its person")
    if kind in REGISTER_LABELS:
        others = {expected.written(handle) for handle in expected.names} - meant
        if any(_is_about(text, kind, name) for name in others):
            raise Mismatch("P5", f"page {sheet.page} carries the name of somebody else")


def _is_about(text: str, kind: str, name: str) -> bool:
    """Whether an entry of the page is about the person of this name. In a register that is nobody who has
    left it: they are never on offer, and one of them may be called like one who is.
    """
    if not name.strip():
        return False
    if kind not in REGISTER_LABELS:
        return stands_below(NAME_LABEL, name, text)
    before = standing_before(REGISTER_LABELS[kind] + name, text)
    return any(not one.removesuffix(CONTINUED).endswith(REMOVED) for one in before)


def _check_kind(text: str, sheet: Sheet, expected: Expected) -> None:
    """Of what kind the page is, as far as it has a title; and 省略 beside what was not chosen alone."""
    kind = expected.request.kind
    titles = [expected.title] + [NOTHING_DUE] * (kind in KINDS_OF_TAX_DUE)
    if expected.title and kind != "koseki" and not any(stands_in(one, text) for one in titles):
        raise Mismatch("P5", f"page {sheet.page} has another title than was confirmed")
    for item in expected.choices:
        chosen = item in expected.request.items
        said = {word == OMITTED for label in ITEM_LABELS[item] for word in words_beside(label, text)}
        if chosen in said:
            raise Mismatch("P5", f"page {sheet.page} shows {item}, or does not, against what was chosen")


def _check_sentences(fronts: Sequence[str], manifest: Manifest) -> None:
    """Whether it certifies the whole household or koseki, where it is so and nowhere else."""
    whole = (manifest.kind, manifest.scope) == ("juminhyo", "all")
    if any(stands_in(WHOLE_HOUSEHOLD, text) != whole for text in fronts):
        raise Mismatch("P5", "a page certifies the whole household, or does not, against what is so")
    for scope, sentence in KOSEKI_SENTENCES.items():
        meant = (manifest.kind, manifest.scope) == ("koseki", scope)
        if stands_in(sentence, fronts[-1]) != meant:
            raise Mismatch("P5", "the last page certifies all of a koseki, or a part, against what is so")

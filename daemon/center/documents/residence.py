"""The fields of 住民票の写し, 住民票記載事項証明書 and 印鑑登録証明書 (REQUIREMENTS §6). Pure.

The current record only (R16); what was not chosen is omitted, and 住民票コード is in no field (R17).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from daemon.center.documents.certificate import Certificate, Letterhead, Record
from daemon.center.facts import Foreign, Resident
from daemon.issuance.calendar import wareki
from daemon.issuance.messages import Item, Scope
from daemon.issuance.order import OMITTED, WHOLE_HOUSEHOLD

SENTENCE = "この写しは、住民票の原本と相違ないことを証明する。"
ITEMS_SENTENCE = "上記の事項は、住民票に記載されている事項と相違ないことを証明する。"
SEAL_SENTENCE = "この写しは、登録された印影と相違ないことを証明する。"


@dataclass(frozen=True)
class ForeignRecord(Record):
    """expires: as an era date, empty where there is none."""

    nationality: str
    category: str
    status: str
    period: str
    expires: str
    card_number: str


@dataclass(frozen=True)
class ResidenceRecord(Record):
    """One person's sheet. Dates are era dates; what was not chosen says 省略."""

    person: int
    name: str
    kana: str
    former_name: str
    alias: str
    born: str
    sex: str
    address: str
    since: str
    filed: str
    resident_since: str
    previous: str
    head: str
    relation: str
    honseki: str
    hittosha: str
    mynumber: str
    foreign: ForeignRecord | None


@dataclass(frozen=True)
class SealRecord(Record):
    """other_name: 通称 of a foreign resident, else 旧氏.

    seal_image: the bytes of a PNG of the 印影 at 600 dpi. seal_size: its pixels, (across, down).
    """

    person: int
    name: str
    kana: str
    other_name: str
    is_foreign: bool
    born: str
    address: str
    seal_image: tuple[int, ...]
    seal_size: tuple[int, int]


def juminhyo(
    head: Letterhead, persons: Sequence[Resident], items: Iterable[Item], scope: Scope
) -> Certificate:
    """住民票の写し: a sheet for each person, in this order."""
    chosen = frozenset(items)
    sentence = WHOLE_HOUSEHOLD if scope == "all" else SENTENCE
    return Certificate("juminhyo", head, sentence, tuple(residence_record(one, chosen) for one in persons))


def kisaijiko(head: Letterhead, persons: Sequence[Resident], items: Iterable[Item]) -> Certificate:
    """住民票記載事項証明書: a sheet for each person, in this order."""
    chosen = frozenset(items)
    return Certificate(
        "kisaijiko", head, ITEMS_SENTENCE, tuple(residence_record(one, chosen) for one in persons)
    )


def inkan(head: Letterhead, holder: Resident) -> Certificate:
    """印鑑登録証明書: of the holder alone (R18)."""
    return Certificate("inkan", head, SEAL_SENTENCE, (seal_record(holder),))


def residence_record(person: Resident, chosen: frozenset[Item]) -> ResidenceRecord:
    """What a resident's sheet says."""

    def by_choice(item: Item, words: str) -> str:
        return words if item in chosen else OMITTED

    return ResidenceRecord(
        person=person.id,
        name=person.name,
        kana=person.kana,
        former_name=person.former_name,
        alias=person.alias,
        born=wareki(person.born),
        sex=person.sex,
        address=person.address.text,
        since=wareki(person.address.since),
        filed=wareki(person.address.filed),
        resident_since=wareki(person.resident_since),
        previous=person.previous,
        head=by_choice("head", person.head),
        relation=by_choice("head", person.relation),
        honseki=by_choice("honseki", person.honseki),
        hittosha=by_choice("honseki", person.hittosha),
        mynumber=by_choice("mynumber", person.mynumber),
        foreign=_foreign(person.foreign) if person.foreign else None,
    )


def seal_record(person: Resident) -> SealRecord:
    """What the certificate of a registered seal says."""
    is_foreign = person.foreign is not None
    return SealRecord(
        person=person.id,
        name=person.name,
        kana=person.kana,
        other_name=person.alias if is_foreign else person.former_name,
        is_foreign=is_foreign,
        born=wareki(person.born),
        address=person.address.text,
        seal_image=tuple(person.seal_image),
        seal_size=_pixels(person.seal_image),
    )


def _pixels(png: bytes) -> tuple[int, int]:
    """Of its header (PNG, 11.2.2); none of what is no PNG, which the press will refuse."""
    header = png[16:24]
    return (int.from_bytes(header[:4], "big"), int.from_bytes(header[4:], "big"))


def _foreign(one: Foreign) -> ForeignRecord:
    return ForeignRecord(
        one.nationality, one.category, one.status, one.period, _era(one.expires), one.card_number
    )


def _era(day: date | None) -> str:
    return wareki(day) if day else ""

"""Every field of every kind, read back by poppler, for some hundreds of invented people (§6)."""

from collections.abc import Sequence
from random import Random

import pytest

from daemon.center.documents.certificate import Certificate
from daemon.center.documents.press import Drawn
from daemon.center.documents.register import fuhyo, koseki
from daemon.center.documents.residence import inkan, juminhyo, kisaijiko
from daemon.center.documents.tax import TaxKind, tax_certificate
from daemon.issuance.messages import Item
from tests.center.documents import expected
from tests.center.documents.people import a_koseki, a_resident, a_tax, fuhyo_of, letterhead
from tests.center.documents.reading import check_register, read, stands_in_order
from tests.center.world import press

CHOICES: tuple[tuple[Item, ...], ...] = ((), ("head",), ("honseki",), ("head", "honseki", "mynumber"))
TAXES: tuple[TaxKind, ...] = ("shotoku_kazei", "shotoku", "kazei", "nozei")
NUMBER = "162027-20260401-T01-{:06}-0"


def drawn(certificate: Certificate, at: int) -> Drawn:
    press().preflight(certificate)
    return press().draw(certificate, NUMBER.format(at))


def check(certificates: Sequence[Certificate], wanted: Sequence[expected.Fields], ids: Sequence[int]) -> None:
    """A sheet for each of these persons, saying exactly this."""
    sheets = read([drawn(one, at) for at, one in enumerate(certificates)])
    for (sheet, page), fields, person in zip(sheets, wanted, ids, strict=True):
        assert list(sheet.fields) == fields
        assert sheet.persons == (person,)
        assert stands_in_order(fields, page)


def test_residents_records() -> None:
    rng = Random(1)
    people = [a_resident(rng, at) for at in range(1, 121)]
    households = [people[at : at + 4] for at in range(0, len(people), 4)]
    items = [CHOICES[at % len(CHOICES)] for at in range(len(households))]
    ids = [person.id for person in people]
    head = letterhead("住民票の写し")
    made = [juminhyo(head, home, chosen, "part") for home, chosen in zip(households, items, strict=True)]
    wanted = [
        expected.juminhyo(one, chosen) for home, chosen in zip(households, items, strict=True) for one in home
    ]
    check(made, wanted, ids)


def test_records_of_items() -> None:
    rng = Random(3)
    people = [a_resident(rng, at) for at in range(1, 61)]
    head = letterhead("住民票記載事項証明書", sample=False)
    items: tuple[Item, ...] = ("head", "mynumber")
    wanted = [expected.kisaijiko(one, items) for one in people]
    check([kisaijiko(head, people, items)], wanted, [one.id for one in people])


def test_seals() -> None:
    rng = Random(4)
    people = [a_resident(rng, at) for at in range(1, 61)]
    made = [inkan(letterhead("印鑑登録証明書", sample=False), one) for one in people]
    check(made, [expected.inkan(one) for one in people], [one.id for one in people])


@pytest.mark.parametrize("kind", TAXES)
def test_taxes(kind: TaxKind) -> None:
    rng = Random(kind)
    people = [a_resident(rng, at) for at in range(1, 51)]
    taxes = [a_tax(rng, one.id) for one in people]
    head, year = letterhead("所得・課税証明書"), "令和7年度"
    made = [tax_certificate(kind, head, one, facts, year) for one, facts in zip(people, taxes, strict=True)]
    wanted = [expected.tax(kind, one, facts, year) for one, facts in zip(people, taxes, strict=True)]
    check(made, wanted, [one.id for one in people])


@pytest.mark.parametrize("size", [1, 2, 5, 7])
def test_registers(size: int) -> None:
    rng = Random(size)
    for at in range(1, 9):
        facts = a_koseki(rng, at, size)
        head = [("本籍", facts.honseki), ("氏名", facts.hittosha)]
        made, people = expected.matters(facts.entries), expected.koseki_people(facts)
        whole = drawn(koseki(letterhead("戸籍"), facts, "koseki_all", ()), at)
        check_register(read([whole]), head, made, people)
        first = facts.members[0].person
        alone = drawn(koseki(letterhead("戸籍"), facts, "koseki_one", (first,)), at)
        check_register(read([alone]), head, made, expected.koseki_people(facts, (first,)))


@pytest.mark.parametrize("size", [1, 3, 6])
def test_address_histories(size: int) -> None:
    rng = Random(size)
    for at in range(1, 9):
        facts = fuhyo_of(rng, a_koseki(rng, at, size), stays=8)
        items: tuple[Item, ...] = ("honseki",) if at % 2 else ()
        named = [("本籍", facts.honseki), ("筆頭者", facts.hittosha)]
        head = named if items else [(label, "省略") for label, _ in named]
        whole = drawn(fuhyo(letterhead("戸籍の附票の写し"), facts, "koseki_all", (), items), at)
        check_register(read([whole]), head, [], expected.fuhyo_people(facts))

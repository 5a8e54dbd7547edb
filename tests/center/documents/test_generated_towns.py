"""Every field of every kind, read back by poppler, for the people of generated municipalities (§6).

The registry is asked as the center asks it; what it says is what must stand on the paper, subject by subject.
"""

from collections.abc import Iterator, Sequence

import pytest

from daemon.center.documents.certificate import Certificate
from daemon.center.documents.press import Drawn
from daemon.center.documents.register import fuhyo, koseki
from daemon.center.documents.residence import inkan, juminhyo, kisaijiko
from daemon.center.documents.tax import TaxKind, tax_certificate
from daemon.center.facts import Fuhyo, Koseki, Resident
from daemon.issuance.messages import Item
from tests.center.documents import expected
from tests.center.documents.people import TODAY, letterhead
from tests.center.documents.reading import check_register, read, stands_in_order
from tests.center.test_generator import CODES, Made
from tests.center.world import press

ALL: tuple[Item, ...] = ("head", "honseki", "mynumber")
TAXES: tuple[TaxKind, ...] = ("shotoku_kazei", "shotoku", "kazei", "nozei")
SEED = 11
PEOPLE = 200


class Town:
    """Of 200 people, and the registers they are in. Of a koseki elsewhere only the place is known."""

    def __init__(self, made: Made) -> None:
        ask = made.registry
        self.people: list[Resident] = [ask.resident(one) for one in made.here()]
        ids = [one.id for one in self.people if one.koseki_municipality in CODES]
        registers = [family for one in ids if (family := ask.koseki(one))]
        histories = [history for one in ids if (history := ask.fuhyo(one))]
        self.registers: list[Koseki] = list({one.id: one for one in registers}.values())
        self.histories: list[Fuhyo] = list({one.koseki: one for one in histories}.values())
        self.taxes = [(one, tax) for one in self.people if (tax := ask.tax(one.id, 2025))]


@pytest.fixture(scope="module")
def town() -> Iterator[Town]:
    with Made(PEOPLE, SEED, TODAY) as made:
        yield Town(made)


def drawn(certificate: Certificate) -> Drawn:
    press().preflight(certificate)
    return press().draw(certificate, "162027-20260401-T01-000001-0")


def check(certificates: Sequence[Certificate], wanted: Sequence[expected.Fields]) -> None:
    sheets = read([drawn(one) for one in certificates])
    assert len(sheets) == len(wanted)
    for (sheet, page), fields in zip(sheets, wanted, strict=True):
        assert list(sheet.fields) == fields
        assert stands_in_order(fields, page)


def test_the_town_has_people_of_all_sorts(town: Town) -> None:
    assert len(town.people) == PEOPLE
    assert any(one.foreign and one.alias for one in town.people)
    assert any(one.seal_image for one in town.people)
    assert any(member.removed for facts in town.registers for member in facts.members)
    assert max(len(facts.members) for facts in town.registers) > 3
    assert len(town.taxes) > PEOPLE // 2


@pytest.mark.parametrize("items", [(), ALL])
def test_everybodys_resident_record(town: Town, items: tuple[Item, ...]) -> None:
    certificate = juminhyo(letterhead("住民票の写し"), town.people, items, "part")
    check([certificate], [expected.juminhyo(one, items) for one in town.people])


def test_everybodys_record_of_items(town: Town) -> None:
    certificate = kisaijiko(letterhead("住民票記載事項証明書"), town.people, ("head",))
    check([certificate], [expected.kisaijiko(one, ("head",)) for one in town.people])


def test_the_seal_of_whoever_has_registered_one(town: Town) -> None:
    owners = [one for one in town.people if one.seal_registered]
    head = letterhead("印鑑登録証明書", sample=False)
    check([inkan(head, one) for one in owners], [expected.inkan(one) for one in owners])


@pytest.mark.parametrize("turn", range(4))
def test_everybodys_tax_each_kind_by_turns(town: Town, turn: int) -> None:
    kind, head, year = TAXES[turn], letterhead("所得・課税証明書"), "令和7年度"
    some = town.taxes[turn :: len(TAXES)]
    certificates = [tax_certificate(kind, head, person, facts, year) for person, facts in some]
    check(certificates, [expected.tax(kind, person, facts, year) for person, facts in some])


def test_every_koseki(town: Town) -> None:
    for facts in town.registers:
        head = [("本籍", facts.honseki), ("氏名", facts.hittosha)]
        whole = drawn(koseki(letterhead("戸籍"), facts, "koseki_all", ()))
        made, people = expected.matters(facts.entries), expected.koseki_people(facts)
        check_register(read([whole]), head, made, people)


def test_every_address_history(town: Town) -> None:
    for facts in town.histories:
        head = [("本籍", "省略"), ("筆頭者", "省略")]
        whole = drawn(fuhyo(letterhead("戸籍の附票の写し"), facts, "koseki_all", (), ()))
        check_register(read([whole]), head, [], expected.fuhyo_people(facts))

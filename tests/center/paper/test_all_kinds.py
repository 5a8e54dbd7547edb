"""Every kind's sheets, the fullest ones too: their backs hold what their fronts say, and a scan tells it."""

from collections.abc import Iterator
from datetime import date
from random import Random

import pytest

from daemon.center.documents.certificate import Certificate
from daemon.center.documents.records import records
from daemon.center.documents.register import fuhyo, koseki
from daemon.center.documents.residence import inkan, juminhyo, kisaijiko
from daemon.center.documents.tax import tax_certificate
from daemon.center.paper.back import Paper
from daemon.center.paper.scan import read
from daemon.center.paper.verify import missing_sheets, verify
from daemon.issuance.backs import is_back
from daemon.issuance.numbers import CertificateNumber
from daemon.issuance.pages import page_texts
from daemon.issuance.seal import Keyring
from tests.center.documents.people import (
    a_koseki,
    a_resident,
    a_tax,
    fuhyo_of,
    letterhead,
    long_resident,
    long_tax,
)
from tests.center.paper.printed import some_key
from tests.center.world import press

NUMBER = str(CertificateNumber("162027", date(2026, 4, 1), "T01", 7))
CERTIFIED = ("発行者", "富山県高岡市長")


def all_kinds() -> Iterator[tuple[str, Certificate]]:
    rng = Random(7)
    people = [a_resident(rng, at) for at in range(1, 3)]
    longest, family = long_resident("渡邉\U000e010f 誠"), a_koseki(rng, 1, 6)
    yield "juminhyo", juminhyo(letterhead("住民票の写し"), people, ("head", "honseki", "mynumber"), "part")
    yield "long juminhyo", juminhyo(letterhead("住民票の写し"), [longest], ("head", "honseki"), "self")
    yield "kisaijiko", kisaijiko(letterhead("住民票記載事項証明書"), people[:1], ("head",))
    yield "inkan", inkan(letterhead("印鑑登録証明書"), people[0])
    yield "koseki", koseki(letterhead("戸籍"), family, "koseki_all", ())
    yield "fuhyo", fuhyo(letterhead("戸籍の附票の写し"), fuhyo_of(rng, family, 9), "koseki_all", (), ())
    head, year = letterhead("所得・課税証明書"), "令和7年度"
    yield "tax", tax_certificate("shotoku_kazei", head, people[0], a_tax(rng, 1), year)
    yield "long tax", tax_certificate("shotoku_kazei", head, longest, long_tax(longest.id), year)


KINDS = dict(all_kinds())


@pytest.mark.parametrize("kind", KINDS)
def test_r38_the_back_of_every_sheet_tells_what_its_front_says(kind: str) -> None:
    made = KINDS[kind]
    drawn = press().draw(made, NUMBER)
    pdf = Paper(press(), some_key(), press().pattern).finish(
        drawn.pdf, records(made, drawn, "162027", NUMBER)
    )
    total, texts = len(drawn.sheets), page_texts(pdf)
    assert len(texts) == 2 * total
    assert all(is_back(texts[2 * k + 1], NUMBER, k + 1, total, sample=True) for k in range(total))
    findings = verify([read(pdf)], Keyring([some_key().public]))
    assert missing_sheets(findings) == ()
    told = [one.record.fields for one in findings if one.record is not None]
    assert [fields[: len(sheet.fields)] for fields, sheet in zip(told, drawn.sheets, strict=True)] == [
        sheet.fields for sheet in drawn.sheets
    ]
    certified = [CERTIFIED in fields for fields in told]
    assert certified == ([False] * (total - 1) + [True] if made.is_register else [True] * total)

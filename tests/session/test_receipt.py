"""The receipt: everything REQUIREMENTS §6 names, from the journal alone, and no name of anybody."""

from daemon.issuance.messages import Municipality
from daemon.session.entries import Value
from daemon.session.receipt import receipt_lines, receipt_number
from hal.contracts import Line
from tests.session.stage import NAMED, Told, entries

TAKAOKA = Municipality("162027", "富山県", "高岡市")
HEAD = "0123456789abcdef" * 4


def paid_out(yen: int) -> Told:
    data: dict[str, Value] = {
        "payout": "p",
        "hopper": "h",
        "value": 100,
        "asked": 4,
        "paid": yen // 100,
        "certain": True,
    }
    return ("payout.outcome", data)


SALE: list[Told] = [
    ("session.started", {}),
    ("order.requested", {"order": "o1", "kind": "juminhyo", "copies": 3, **NAMED}),
    ("order.checked", {"order": "o1", "numbers": ["n1", "n2", "n3"]}),
    ("payment.opened", {"due": 600, "unit": 200, "copies": 3}),
    ("cash.credited", {"device": "a", "epoch": 0, "number": 1, "value": 1000}),
    *(("print.done", {"number": number, "sheets": 1}) for number in ("n1", "n2", "n3")),
]


def printed(told: list[Told], again: bool = False) -> list[Line]:
    return receipt_lines(entries(*told), "T01", HEAD, again)


def amounts(lines: list[Line]) -> dict[str, str]:
    return {line.left.strip(): line.right for line in lines if line.right}


def test_a_receipt_says_where_when_what_and_how_much() -> None:
    assert printed([*SALE, paid_out(400)]) == [
        Line("領収書", size="large"),
        Line("富山県高岡市"),
        Line("2026-04-01 12:00", "T01"),
        Line("住民票の写し"),
        Line("  200円 × 3通", "600円"),
        Line("合計", "600円", size="large"),
        Line("お預り", "1000円"),
        Line("お返し", "400円"),
        Line("領収書番号", "0000004"),
        Line("記録", HEAD[:16]),
    ]


def test_a_reprint_is_marked_and_otherwise_the_same() -> None:
    sale = [*SALE, paid_out(400)]
    assert printed(sale, again=True)[0] == Line("領収書(再発行)", size="large")
    assert printed(sale, again=True)[1:] == printed(sale)[1:]


def test_only_what_was_delivered_is_charged() -> None:
    jammed: list[Told] = [*SALE[:-1], ("print.failed", {"number": "n3", "reason": "jam"}), paid_out(600)]
    told = amounts(printed(jammed))
    assert (told["200円 × 2通"], told["合計"], told["お返し"]) == ("400円", "400円", "600円")


def test_what_is_still_owed_stands_on_it() -> None:
    claim: Told = ("claim.recorded", {"yen": 300, "reason": "not-paid-out"})
    told = amounts(printed([*SALE, paid_out(100), claim]))
    assert told["未払い(係員へお申し出ください)"] == "300円"


def test_paid_is_kept_and_given_back_and_owed() -> None:
    claim: Told = ("claim.recorded", {"yen": 100, "reason": "not-paid-out"})
    told = amounts(printed([*SALE, paid_out(300), claim]))
    yen = {name: int(text.removesuffix("円")) for name, text in told.items() if text.endswith("円")}
    assert yen["お預り"] == yen["合計"] + yen["お返し"] + yen["未払い(係員へお申し出ください)"]


def test_municipality_and_kind_are_those_of_the_order() -> None:
    order = {"issuer": "北海道石狩市", "title": "戸籍全部(個人)事項証明書(戸籍謄抄本)"}
    told: list[Told] = [
        (event, {**data, **order} if event == "order.requested" else data) for event, data in SALE
    ]
    assert {Line(text) for text in order.values()} <= set(printed(told))


def test_the_number_is_that_of_the_entry_that_opened_the_payment() -> None:
    assert receipt_number(entries(*SALE)) == "0000004"

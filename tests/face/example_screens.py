"""Every screen the kiosk can show, filled with the longest contents that are to be expected.

The 15 steps of REQUIREMENTS §1 come first, then errors and the kiosk's own states. All names are invented.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from daemon.face.texts import Texts
from daemon.issuance.messages import Item, Municipality, Offer, Office, Person, Scope, TaxYear
from daemon.session import screens
from daemon.session.catalogue import load_faults
from daemon.session.screens import Amounts, Say, Wish
from daemon.session.widgets import Screen
from hal import faults as codes

ASSETS = Path(__file__).parents[2] / "assets"
TEXTS = Texts.load(ASSETS / "texts")
FAULTS = load_faults(ASSETS)
ITEMS: tuple[Item, ...] = ("head", "honseki", "mynumber")
SCOPES: tuple[Scope, ...] = ("self", "all", "part")
FAMILY = tuple(
    Person(f"p{at}", name)
    for at, name in enumerate(
        (
            "山田 太郎",
            "山田 花子",
            "山田 一郎",
            "山田 さくら",
            "長谷川 喜左衛門之介",
            "マリア クララ ロドリゲス",
        )
    )
)
JUMINHYO = Offer("juminhyo", 200, 10, SCOPES, ITEMS, FAMILY)
LARGE = Offer(
    "juminhyo", 200, 10, SCOPES, ITEMS, tuple(Person(f"p{at}", FAMILY[at % 6].name) for at in range(12))
)
INKAN = Offer("inkan", 200, 10, persons=FAMILY[:1])
KOSEKI = Offer("koseki", 350, 10, ("koseki_all", "koseki_one"), (), FAMILY, ("note.koseki_pending",))
FUHYO = Offer("fuhyo", 200, 10, ("koseki_all", "koseki_one"), (), FAMILY, ("note.fuhyo",))
KISAIJIKO = Offer("kisaijiko", 200, 10, SCOPES, ITEMS, FAMILY)
YEARS = tuple(
    TaxYear(year, f"令和{year - 2018}年度(令和{year - 2019}年分)") for year in range(2026, 2020, -1)
)
TAX = Offer("shotoku_kazei", 350, 10, persons=FAMILY[:1], years=YEARS)
ISHIKARI_KOSEKI = Offer(
    "koseki", 450, 10, ("koseki_all", "koseki_one"), (), FAMILY, name="戸籍全部(個人)事項証明書(戸籍謄抄本)"
)
ISHIKARI = Municipality("012351", "北海道", "石狩市")
OFFICES = (
    Office("高岡市役所本庁舎", "広小路7-50", "0766-00-0000"),
    Office("伏木支所", "伏木湊町13-1"),
    Office("戸出支所", "戸出町2丁目13-4"),
    Office("中田支所", "下麻生1108"),
    Office("福岡支所", "福岡町大滝12"),
)
ALONE = (
    "timeout busy center character nochange cashclosed integrity integrity_free printer printer_paid "
    "register reg_needed reg_same reg_done changed"
)
TAKAOKA = Municipality("162027", "富山県", "高岡市", OFFICES, "https://www.city.takaoka.example/")


def all_screens(language: str) -> dict[str, Screen]:
    """Example name → screen, in this language."""
    say = TEXTS(language)
    found = [
        *_identify(say),
        *_choose(say),
        *_apply(say),
        *_pay(say),
        *_deliver(say),
        *_own_states(say),
        *_errors(say),
    ]
    assert len({name for name, _ in found}) == len(found)
    return dict(found)


def _identify(say: Say) -> Iterator[tuple[str, Screen]]:
    yield "01-start", screens.start(say)
    yield "02-services", screens.services(say)
    yield "03-card", screens.card(say)
    yield "03-card-lift", screens.card(say, lift=True)
    yield "03-reading", screens.reading(say)
    yield "04-municipality", screens.municipality(say, None)
    yield "04-municipality-own", screens.municipality(say, "residence")
    yield "04-registration", screens.registration(say)
    yield "05-pin", screens.pin(say, 0, 3, False)
    yield "05-pin-wrong", screens.pin(say, 3, 2, True)
    yield "05-pin-last", screens.pin(say, 1, 1, True)
    yield "06-removal", screens.removal(say)
    yield "06-removal-louder", screens.removal(say, "louder")
    yield "06-removal-staff", screens.removal(say, "staff")


def _choose(say: Say) -> Iterator[tuple[str, Screen]]:
    four, six = (JUMINHYO, INKAN, KOSEKI, FUHYO), (JUMINHYO, KISAIJIKO, INKAN, KOSEKI, FUHYO, TAX)
    yield "07-certificate-two", screens.certificate(say, (JUMINHYO, INKAN), None)
    yield "07-certificate", screens.certificate(say, four, "juminhyo")
    yield "07-certificate-six", screens.certificate(say, six, "koseki")
    yield "07-certificate-honseki", screens.certificate(say, (ISHIKARI_KOSEKI, FUHYO), None)
    yield "08-scope", screens.scope(say, JUMINHYO, "self")
    yield "08-scope-koseki", screens.scope(say, KOSEKI, None)
    yield "08-persons", screens.persons(say, JUMINHYO, {"p0", "p1"})
    yield "08-persons-many", screens.persons(say, LARGE, {"p7"})
    yield "08-person", screens.person(say, KOSEKI, {"p4"})
    yield "08-year", screens.year(say, TAX, 2025)
    yield "09-items", screens.items(say, JUMINHYO, frozenset({"honseki"}))
    yield "10-copies", screens.copies(say, "1", 10, False)
    yield "10-copies-over", screens.copies(say, "", 10, True)
    wish = Wish(JUMINHYO, "self", frozenset({"head"}), "3")
    yield "11-confirm", screens.confirm(say, JUMINHYO, wish, FAMILY[:1])
    yield "11-confirm-family", screens.confirm(say, JUMINHYO, wish, FAMILY)
    yield "11-confirm-large", screens.confirm(say, LARGE, wish, LARGE.persons)
    tax = Wish(TAX, year=2025)
    yield "11-confirm-tax", screens.confirm(say, TAX, tax, FAMILY[:1])
    one = Wish(ISHIKARI_KOSEKI, "koseki_one", persons=frozenset({"p4"}))
    yield "11-confirm-koseki-one", screens.confirm(say, ISHIKARI_KOSEKI, one, FAMILY[4:5])
    yield "11-confirm-fuhyo", screens.confirm(say, FUHYO, Wish(FUHYO, "koseki_all"), FAMILY)


def _apply(say: Say) -> Iterator[tuple[str, Screen]]:
    yield "16-apply", screens.apply(say, ISHIKARI, 5)
    yield "16-applying", screens.applying(say)
    yield "16-applied", screens.applied(say, ISHIKARI, 5, date(2026, 9, 28))


def _pay(say: Say) -> Iterator[tuple[str, Screen]]:
    yield "11-preparing", screens.preparing(say)
    yield "12-payment", screens.payment(say, Amounts(600, 0))
    yield "12-payment-part", screens.payment(say, Amounts(3500, 500, exact=True, rejected=True))
    doubt = FAULTS[codes.CASH_COIN_SWALLOWED].citizen[say.language]
    yield "12-payment-doubt", screens.payment(say, Amounts(600, 100, exact=True, doubt=doubt))
    yield "12-payment-change", screens.payment(say, Amounts(600, 1000))
    yield "12-returning", screens.returning(say)
    yield "12-take-money", screens.take_money(say, 400)


def _deliver(say: Say) -> Iterator[tuple[str, Screen]]:
    yield "13-printing", screens.printing(say, 2, 3)
    yield "13-printing-many", screens.printing(say, 17, 60)
    yield "13-hold", screens.hold(say)
    yield "14-take", screens.take(say, 3, False, sensor=False)
    yield "14-take-forgotten", screens.take(say, 3, True, sensor=True)
    yield "15-receipt", screens.receipt(say, "0001234", False)
    yield "15-receipt-failed", screens.receipt(say, "0001234", True)
    yield "15-thanks", screens.thanks(say)


def _own_states(say: Say) -> Iterator[tuple[str, Screen]]:
    yield "x-card-left", screens.card_left(say)
    yield "x-card-left-staff", screens.card_left(say, "staff")
    yield "x-closed", screens.closed(say, "6:30", "23:00")
    yield "x-out", screens.out_of_service(say)
    told = {kind.citizen[say.language]: code for code, kind in FAULTS.items() if not kind.sell}
    yield from ((f"x-out-{code}", screens.out_of_service(say, text)) for text, code in told.items() if text)
    yield "x-refund-offer", screens.refund_offer(say, 600)
    yield "x-timeout", screens.still_there(say, 17, 30)
    yield "x-claim", screens.claim(say, "R-20260103-00017", 600)


def _errors(say: Say) -> Iterator[tuple[str, Screen]]:
    for cause in ("err.nocert", "err.underage", "err.lapsed", "err.revoked", "err.expired", "err.not_ready"):
        yield f"e1-{cause}", screens.error(say, "E1", [say("err.card"), say(cause)], TAKAOKA)
    others = say("err.excluded", cards="、".join(("たかおか市民カード", "住民基本台帳カード", "通知カード")))
    yield "e1-excluded", screens.error(say, "E1", [say("err.card"), others], TAKAOKA)
    yield "e3", screens.error(say, "E3", [say("err.pin_locked")], TAKAOKA)
    until = {"pref": "富山県", "city": "高岡市", "month": 9, "day": 28, "hour": 12}
    yield "e4", screens.error(say, "E4", [say("err.maintenance", **until)])
    hours = say("err.hours", open="6:30", close="23:00")
    yield "e-hours", screens.error(say, "hours", [hours])
    closed = say("err.closed_day", open="6:30", close="23:00")
    yield "e-closed-day", screens.error(say, "hours", [closed])
    yield "e-in-doubt", screens.error(say, "in-doubt", [say("err.in_doubt", number="0001234")])
    yield "e-printer-staff", screens.error(say, "printer", [say("err.busy"), say("out.staff")])
    yield "e-blocked", screens.error(say, "order", [say("err.blocked")], TAKAOKA, "err.blocked")
    for key in ALONE.split():
        yield f"e-{key}", screens.error(say, key, [say(f"err.{key}")])
    pending = say("err.reg_pending", month=9, day=28)
    yield "e-reg-pending", screens.error(say, "unavailable", [pending])
    yield "e-cert.none", screens.error(say, "none", [say("cert.none")], TAKAOKA)
    for key in ("card.gone", "session.limit", "note.koseki_pending", "reg.phone"):
        yield f"e-{key}", screens.error(say, "other", [say(key)])

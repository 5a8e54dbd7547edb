"""One certificate of every kind, of an invented family: what docs/certificates shows."""

from datetime import date

from daemon.center.documents.certificate import Certificate
from daemon.center.documents.register import fuhyo, koseki
from daemon.center.documents.residence import inkan, juminhyo, kisaijiko
from daemon.center.documents.tax import TaxKind, tax_certificate
from daemon.center.facts import (
    Address,
    Foreign,
    Fuhyo,
    FuhyoMember,
    Koseki,
    Matter,
    Member,
    Resident,
    Stay,
    Tax,
)
from tests.center.documents.people import letterhead

HONSEKI = "富山県高岡市広小路九千一番地"
HOME = "富山県高岡市広小路9001番地 さくらハイツ203号"
BEFORE = "富山県富山市新桜町9038番地"
TAXES: dict[TaxKind, str] = {
    "shotoku_kazei": "所得・課税証明書",
    "shotoku": "所得証明書",
    "kazei": "課税証明書",
    "nozei": "納税証明書",
}

TARO = Resident(
    1,
    "山田 太郎",
    "やまだ たろう",
    date(1985, 4, 10),
    "男",
    "世帯主",
    date(2016, 4, 1),
    "900000000011",
    True,
    "山田 太郎",
    HONSEKI,
    "山田 太郎",
    Address(HOME, date(2016, 4, 1), date(2016, 4, 3)),
    BEFORE,
)
MARIA = Resident(
    8,
    "FERNANDEZ MARIA ALEXANDRA",
    "ふぇるなんです まりあ あれくさんどら",
    date(1991, 5, 20),
    "女",
    "同居人",
    date(2021, 7, 15),
    "900000000088",
    True,
    "山田 太郎",
    "",
    "",
    Address(HOME, date(2021, 7, 15), date(2021, 7, 20)),
    "北海道石狩市花川北9条9丁目9001番地",
    alias="花田 真理亜",
    foreign=Foreign(
        "ブラジル",
        "中長期在留者",
        "技術・人文知識・国際業務",
        "5年",
        date(2027, 7, 14),
        "AB12345678CD",
    ),
)


def birth(day: str, place: str, filed: str) -> Matter:
    lines = (("【出生日】", day), ("【出生地】", place), ("【届出日】", filed), ("【届出人】", "父"))
    return Matter("出生", lines)


def marriage(day: str, spouse: str, before: str) -> Matter:
    return Matter("婚姻", (("【婚姻日】", day), ("【配偶者氏名】", spouse), ("【従前戸籍】", before)))


LEFT = Matter(
    "婚姻",
    (
        ("【婚姻日】", "令和7年1月5日"),
        ("【配偶者氏名】", "甲野 一"),
        ("【新本籍】", "富山県富山市新桜町九千番地"),
        ("【称する氏】", "夫の氏"),
    ),
)
MADE = Matter("戸籍編製", (("【編製日】", "平成19年5月5日"),))
WED = "平成19年5月5日"
FAMILY = Koseki(
    1,
    "162027",
    HONSEKI,
    "山田 太郎",
    (MADE,),
    (
        Member(
            1,
            "太郎",
            "山田 太郎",
            date(1985, 4, 10),
            "山田 一郎",
            "山田 和子",
            "長男",
            "夫",
            entries=(
                birth("昭和60年4月10日", "富山県高岡市", "昭和60年4月15日"),
                marriage(WED, "佐藤 花子", "富山県高岡市広小路九千番地　山田 一郎"),
            ),
        ),
        Member(
            2,
            "花子",
            "山田 花子",
            date(1987, 9, 23),
            "佐藤 次郎",
            "佐藤 幸子",
            "二女",
            "妻",
            entries=(
                birth("昭和62年9月23日", "富山県富山市", "昭和62年9月30日"),
                marriage(WED, "山田 太郎", "富山県富山市新桜町九千三十八番地　佐藤 次郎"),
            ),
        ),
        Member(
            3,
            "さくら",
            "山田 さくら",
            date(2006, 12, 31),
            "山田 太郎",
            "山田 花子",
            "長女",
            removed=True,
            entries=(birth("平成18年12月31日", "富山県高岡市", "平成19年1月5日"), LEFT),
        ),
        Member(
            4,
            "健太",
            "山田 健太",
            date(2016, 5, 5),
            "山田 太郎",
            "山田 花子",
            "長男",
            entries=(birth("平成28年5月5日", "富山県高岡市", "平成28年5月9日"),),
        ),
    ),
)
HOMES = (
    Stay("富山県高岡市伏木古国府9012番地", date(2007, 5, 5)),
    Stay(BEFORE, date(2011, 5, 9)),
    Stay(HOME, date(2016, 4, 1)),
)
HISTORY = Fuhyo(
    1,
    "162027",
    HONSEKI,
    "山田 太郎",
    tuple(
        FuhyoMember(one.person, one.full_name, one.born, sex, HOMES[-stays:], one.removed)
        for one, sex, stays in zip(FAMILY.members, "男女女男", (3, 3, 3, 1), strict=True)
    ),
)
EARNED = Tax(
    person=1,
    year=2025,
    address=HOME,
    incomes=(("給与所得", 3_560_000), ("不動産所得", 240_000)),
    total_income=3_800_000,
    deductions=(
        ("社会保険料控除", 612_345),
        ("生命保険料控除", 70_000),
        ("地震保険料控除", 25_000),
        ("配偶者控除", 330_000),
        ("基礎控除", 430_000),
    ),
    dependents=(("控除対象配偶者", 1), ("16歳未満", 1)),
    taxable=2_332_000,
    income_levy=230_700,
    per_capita=4_000,
    forest=1_000,
    annual=235_700,
    paid=118_000,
)
NOTHING = Tax(1, 2025, HOME, (("給与所得", 250_000),), 250_000, (("基礎控除", 430_000),), (), 0, 0, 0, 0, 0)


def examples() -> dict[str, Certificate]:
    """By kind; a few besides, by what they show."""
    record, extract = letterhead("住民票の写し"), letterhead("戸籍証明書")
    taxes: dict[str, Certificate] = {
        kind: tax_certificate(kind, letterhead(title), TARO, EARNED, "令和7年度")
        for kind, title in TAXES.items()
    }
    untaxed = tax_certificate("shotoku_kazei", letterhead("所得・課税証明書"), TARO, NOTHING, "令和7年度")
    return {
        "juminhyo": juminhyo(record, [TARO], ("head", "honseki"), "self"),
        "juminhyo-foreign": juminhyo(record, [MARIA], ("head",), "self"),
        "kisaijiko": kisaijiko(letterhead("住民票記載事項証明書"), [TARO], ("head",)),
        "inkan": inkan(letterhead("印鑑登録証明書"), TARO),
        "koseki": koseki(extract, FAMILY, "koseki_all", ()),
        "koseki-one": koseki(extract, FAMILY, "koseki_one", (2,)),
        "fuhyo": fuhyo(letterhead("戸籍の附票の写し"), HISTORY, "koseki_all", (), ()),
        **taxes,
        "shotoku_kazei-none": untaxed,
    }

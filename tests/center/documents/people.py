"""Invented people with all that a certificate can say of them, from a seed; and the longest of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from daemon.center.documents.certificate import Letterhead
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
from daemon.center.settings import TEMPLATES

TODAY = date(2026, 4, 1)
IMPRESSION = (TEMPLATES / "sample-impression.png").read_bytes()
FAMILIES = (
    "山田",
    "髙橋",
    "渡邉\U000e010f",
    "渡邉\U000e0111",
    "葛\U000e0102城",
    "葛\U000e0104西",
    "辻\U000e0102",
    "𠮷野",
    "長宗我部",
    "一",
)
GIVEN = ("太郎", "花子", "さくら", "健太", "ヱイ", "﨑一郎", "喜右衛門", "あ", "碧")
FOREIGN = ("FERNANDEZ MARIA ALEXANDRA", "NGUYEN VAN AN", "O'NEILL JEAN-LUC", "金 秀賢", "LI")
PLACES = ("富山県高岡市広小路", "富山県高岡市伏木古国府", "富山県富山市新桜町", "北海道石狩市花川北九条")
KANA = ("やまだ たろう", "たかはし はなこ", "わたなべ けんた", "つじ ゑい")


def letterhead(title: str, sample: bool = True, seal: bytes = b"") -> Letterhead:
    return Letterhead(title, "富山県高岡市長", TODAY, sample, seal)


def a_day(rng: Random, first: date = date(1920, 1, 1), last: date = TODAY) -> date:
    return first + timedelta(days=rng.randrange((last - first).days + 1))


def a_place(rng: Random) -> str:
    rooms = f" さくらハイツ{rng.randrange(1, 999)}号" if rng.random() < 0.4 else ""
    return f"{rng.choice(PLACES)}{rng.randrange(9000, 9999)}番地{rooms}"


def a_name(rng: Random) -> str:
    return f"{rng.choice(FAMILIES)} {rng.choice(GIVEN)}"


def a_resident(rng: Random, id: int, born: date | None = None) -> Resident:
    """Every fifth is a foreign resident; some have a former name or no former address."""
    is_foreign = rng.random() < 0.2
    own = a_name(rng)
    name = rng.choice(FOREIGN) if is_foreign else own
    since = a_day(rng, date(1950, 1, 1))
    return Resident(
        id=id,
        name=name,
        kana="" if is_foreign and rng.random() < 0.5 else rng.choice(KANA),
        born=born or a_day(rng, date(1873, 1, 1)),
        sex=rng.choice("男女"),
        relation=rng.choice(("世帯主", "妻", "子", "妻の子", "縁故者")),
        resident_since=a_day(rng, date(1950, 1, 1)),
        mynumber=f"{rng.randrange(10**12):012}",
        here=True,
        head=a_name(rng),
        honseki="" if is_foreign else a_place(rng),
        hittosha="" if is_foreign else own,
        address=Address(a_place(rng), since, since + timedelta(days=rng.randrange(14))),
        previous=a_place(rng) if rng.random() < 0.7 else "",
        former_name="" if is_foreign or rng.random() < 0.8 else rng.choice(FAMILIES),
        alias=a_name(rng) if is_foreign and rng.random() < 0.5 else "",
        foreign=a_status(rng) if is_foreign else None,
        seal_image=IMPRESSION,
    )


def a_status(rng: Random) -> Foreign:
    if rng.random() < 0.4:
        return Foreign("韓国", "特別永住者", card_number="AB12345678CD")
    return Foreign(
        "ブラジル", "中長期在留者", "技術・人文知識・国際業務", "5年", a_day(rng, TODAY), "XY98765432ZW"
    )


def a_tax(rng: Random, person: int) -> Tax:
    """Every fourth owes nothing."""
    income = 0 if rng.random() < 0.25 else rng.randrange(500_000, 20_000_000)
    levy = income // 20
    flat = (4_000, 1_000) if income else (0, 0)
    annual = levy + sum(flat)
    return Tax(
        person=person,
        year=rng.randrange(2019, 2026),
        address=a_place(rng),
        incomes=(("給与所得", income), ("雑所得(公的年金等)", rng.randrange(90_000)))[: rng.randrange(1, 3)],
        total_income=income,
        deductions=(
            ("社会保険料控除", rng.randrange(10**6)),
            ("配偶者控除", 330_000),
            ("基礎控除", 430_000),
        ),
        dependents=(("一般扶養", rng.randrange(4)), ("16歳未満", rng.randrange(4))),
        taxable=max(0, income - 430_000) // 1000 * 1000,
        income_levy=levy,
        per_capita=flat[0],
        forest=flat[1],
        annual=annual,
        paid=rng.randrange(annual + 1),
    )


def a_matter(rng: Random) -> Matter:
    if rng.random() < 0.5:
        birth = (("【出生日】", "昭和40年6月21日"), ("【出生地】", a_place(rng)), ("【届出人】", "父"))
        return Matter("出生", birth)
    marriage = (
        ("【婚姻日】", "平成27年5月5日"),
        ("【配偶者氏名】", a_name(rng)),
        ("【従前戸籍】", f"{a_place(rng)}　{a_name(rng)}"),
    )
    return Matter("婚姻", marriage)


def a_member(rng: Random, person: int, family: str) -> Member:
    name = rng.choice(GIVEN)
    return Member(
        person=person,
        name=name,
        full_name=f"{family} {name}",
        born=a_day(rng),
        father=a_name(rng),
        mother=a_name(rng),
        relation=rng.choice(("長男", "二女", "養子")),
        spouse=rng.choice(("夫", "妻", "", "")),
        removed=rng.random() < 0.25,
        entries=tuple(a_matter(rng) for _ in range(rng.randrange(1, 6))),
    )


def a_koseki(rng: Random, id: int, size: int) -> Koseki:
    """Its members are persons id * 100 and on; the first is never removed."""
    family = rng.choice(FAMILIES)
    first, *others = (a_member(rng, id * 100 + at, family) for at in range(size))
    made = (Matter("戸籍編製", (("【編製日】", "平成4年1月10日"),)),)
    members = (replace(first, removed=False), *others)
    return Koseki(id, "162027", a_place(rng), first.full_name, made, members)


def fuhyo_of(rng: Random, koseki: Koseki, stays: int = 5) -> Fuhyo:
    members = tuple(
        FuhyoMember(
            one.person,
            one.full_name,
            one.born,
            rng.choice("男女"),
            tuple(Stay(a_place(rng), a_day(rng)) for _ in range(rng.randrange(1, stays + 1))),
            one.removed,
        )
        for one in koseki.members
    )
    return Fuhyo(koseki.id, koseki.municipality, koseki.honseki, koseki.hittosha, members)


# ---------------------------------------------------------------- the longest

LONG_NAMES = (
    "W" * 60,
    "MARIA" * 12,
    "ALEXANDRA MARIE " * 3 + "FERNANDEZ DEL",
    "寿限無寿限無五劫の擦り切れ" * 5,
)
LONG_PLACE = ("北海道石狩市花川北九条九丁目九千九百九十九番地の九　石狩グランドハイツはまなす弐号館" * 3)[
    :100
]


def long_resident(name: str, foreign: bool = True) -> Resident:
    """60 characters and more a name, 100 an address."""
    person = a_resident(Random(1), 1)
    return replace(
        person,
        name=name[:60],
        kana="ふぇるなんです" * 8 + "まりあ",
        head=name[:60],
        hittosha="" if foreign else name[:60],
        honseki="" if foreign else LONG_PLACE,
        former_name="" if foreign else name[:60],
        alias=name[:60] if foreign else "",
        address=replace(person.address, text=LONG_PLACE),
        previous=LONG_PLACE,
        relation="夫(未届)の子の配偶者",
        foreign=replace(a_status(Random(3)), nationality="グレートブリテン及び北アイルランド連合王国")
        if foreign
        else None,
    )


def long_tax(person: int) -> Tax:
    """Sixteen of everything, billions of yen."""
    many = tuple((f"先物取引に係る雑所得等の金額その{at}", 9_999_999_999 - at) for at in range(12))
    deductions = tuple((f"住宅借入金等特別税額控除等その{at}", 99_999_999 + at) for at in range(16))
    dependents = tuple((f"同居老親等以外の老人扶養{at}", at) for at in range(8))
    most = 9_999_999_999
    return Tax(
        person,
        2025,
        LONG_PLACE,
        many,
        most,
        deductions,
        dependents,
        most,
        999_999_999,
        5_000,
        1_000,
        most,
        most - 1,
    )


def long_koseki(members: int = 10, matters: int = 12) -> Koseki:
    rng = Random(9)
    lines = (
        ("【婚姻日】", "平成27年5月5日"),
        ("【配偶者氏名】", "W" * 60),
        ("【従前戸籍】", f"{LONG_PLACE}　{'寿限無' * 20}"),
    )
    people = tuple(
        replace(
            a_member(rng, at, "山田"),
            name=f"寿限無寿限無{at}" * 3,
            full_name=f"山田 {f'寿限無寿限無{at}' * 3}",
            father="W" * 60,
            mother="寿限無" * 20,
            removed=at == 3,
            entries=tuple(Matter(f"特別養子縁組{n}", lines) for n in range(matters)),
        )
        for at in range(1, members + 1)
    )
    return Koseki(1, "162027", LONG_PLACE, "寿限無" * 20, (Matter("戸籍改製", lines),), people)


def long_fuhyo(koseki: Koseki, stays: int = 20) -> Fuhyo:
    homes = tuple(Stay(LONG_PLACE, a_day(Random(at))) for at in range(stays))
    members: Sequence[FuhyoMember] = [
        FuhyoMember(one.person, one.full_name, one.born, "女", homes, one.removed) for one in koseki.members
    ]
    return Fuhyo(koseki.id, koseki.municipality, koseki.honseki, koseki.hittosha, tuple(members))

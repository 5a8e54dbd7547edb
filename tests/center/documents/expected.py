"""What a certificate must say of the facts, written apart from what prints it: (label, value) in order.

A value that is empty in the register is not printed and not listed.
"""

from collections.abc import Sequence
from datetime import date

from daemon.center.facts import Fuhyo, FuhyoMember, Koseki, Matter, Member, Resident, Tax
from daemon.issuance.calendar import wareki
from daemon.issuance.messages import Item

Fields = list[tuple[str, str]]
OMITTED = "省略"


def said(fields: Sequence[tuple[str, str]]) -> Fields:
    return [(label, value) for label, value in fields if value]


def juminhyo(person: Resident, items: Sequence[Item]) -> Fields:
    return said(
        [
            *named(person),
            other_name(person),
            ("生年月日", wareki(person.born)),
            ("性別", person.sex),
            ("住所", person.address.text),
            ("住所を定めた年月日", wareki(person.address.since)),
            ("届出年月日", wareki(person.address.filed)),
            ("住民となった年月日", wareki(person.resident_since)),
            ("前住所", person.previous),
            *chosen(person, items),
        ]
    )


def kisaijiko(person: Resident, items: Sequence[Item]) -> Fields:
    return said(
        [
            *named(person),
            other_name(person),
            ("生年月日", wareki(person.born)),
            ("性別", person.sex),
            ("住所", person.address.text),
            ("住民となった年月日", wareki(person.resident_since)),
            *chosen(person, items),
        ]
    )


def inkan(person: Resident) -> Fields:
    birth, home = ("生年月日", wareki(person.born)), ("住所", person.address.text)
    return said([*named(person), other_name(person), birth, home])


def named(person: Resident) -> Fields:
    return [("振り仮名", person.kana), ("氏名", person.name)]


def other_name(person: Resident) -> tuple[str, str]:
    return ("通称", person.alias) if person.foreign else ("旧氏", person.former_name)


def chosen(person: Resident, items: Sequence[Item]) -> Fields:
    head = ("世帯主", person.head), ("続柄", person.relation)
    home = ("本籍", person.honseki), ("筆頭者", person.hittosha)
    own = [("個人番号", person.mynumber if "mynumber" in items else OMITTED)]
    return [
        *((label, value if "head" in items else OMITTED) for label, value in head),
        *(
            status(person)
            if person.foreign
            else ((label, value if "honseki" in items else OMITTED) for label, value in home)
        ),
        *own,
    ]


def status(person: Resident) -> Fields:
    one = person.foreign
    assert one
    return [
        ("国籍・地域", one.nationality),
        ("30条45規定区分", one.category),
        ("在留資格", one.status),
        ("在留期間等", one.period),
        ("在留期間の満了の日", wareki(one.expires) if one.expires else ""),
        ("在留カード等の番号", one.card_number),
    ]


def tax(kind: str, person: Resident, facts: Tax, year: str) -> Fields:
    """Of shotoku_kazei, shotoku, kazei or nozei."""
    about = [
        ("年度", year),
        *named(person),
        ("住所", person.address.text),
        ("1月1日の住所", facts.address),
    ]
    incomes = [*money(facts.incomes), ("合計所得金額", f"{facts.total_income:,}円")]
    reliefs = money(facts.deductions)
    dependents = [(what, f"{count}人") for what, count in facts.dependents]
    due = money(
        [
            ("課税標準額", facts.taxable),
            ("所得割額", facts.income_levy),
            ("均等割額", facts.per_capita),
            ("森林環境税額", facts.forest),
            ("年税額", facts.annual),
        ]
    )
    paid = [("年税額", facts.annual), ("納付済額", facts.paid), ("未納額", facts.annual - facts.paid)]
    parts = {
        "shotoku_kazei": [*incomes, *reliefs, *dependents, *due],
        "shotoku": incomes,
        "kazei": [*reliefs, *due, *dependents],
        "nozei": money(paid),
    }
    return said([*about, *parts[kind]])


def money(rows: Sequence[tuple[str, int]]) -> Fields:
    return [(what, f"{amount:,}円") for what, amount in rows]


# ---------------------------------------------------------------- registers: about whom, then all the rest


def left(removed: bool) -> Fields:
    return [("", "除籍")] if removed else []


def koseki_head(one: Member) -> Fields:
    return said(
        [
            *left(one.removed),
            ("【名】", one.name),
            ("【生年月日】", wareki(one.born)),
            ("【配偶者区分】", one.spouse),
        ]
    )


def koseki_member(one: Member) -> Fields:
    parents = said([("【父】", one.father), ("【母】", one.mother), ("【続柄】", one.relation)])
    return [*parents, *matters(one.entries)]


def matters(entries: Sequence[Matter]) -> Fields:
    return [field for matter in entries for field in (("", matter.title), *said(matter.lines))]


def fuhyo_head(one: FuhyoMember) -> Fields:
    return said(
        [
            *left(one.removed),
            ("【氏名】", one.full_name),
            ("【生年月日】", wareki(one.born)),
            ("【男女の別】", one.sex),
        ]
    )


def fuhyo_member(one: FuhyoMember) -> Fields:
    return [
        field
        for stay in one.stays
        for field in (("【住所】", stay.address), ("【住所を定めた日】", day(stay.since)))
    ]


def day(of: date) -> str:
    return wareki(of)


Person = tuple[int, Fields, Fields]
"""(id, what says whom it is about, what is recorded)."""


def koseki_people(facts: Koseki, persons: Sequence[int] = ()) -> list[Person]:
    return [
        (one.person, koseki_head(one), koseki_member(one))
        for one in facts.members
        if not persons or one.person in persons
    ]


def fuhyo_people(facts: Fuhyo, persons: Sequence[int] = ()) -> list[Person]:
    return [
        (one.person, fuhyo_head(one), fuhyo_member(one))
        for one in facts.members
        if not persons or one.person in persons
    ]

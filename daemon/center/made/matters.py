"""The matters of a koseki in the wording of a 戸籍全部事項証明書: (title, [(label, text), …]). Pure."""

from datetime import date, timedelta

from daemon.issuance.calendar import wareki

Lines = list[tuple[str, str]]
Matter = tuple[str, Lines]

COMPUTERISED = date(2006, 3, 11)
"""When all koseki were written anew by computer (改製)."""
REFORM = "平成6年法務省令第51号附則第2条第1項による改製"


def founding(day: date) -> Matter:
    """編製, or 改製 of one that is older than the register's computer: the older day was not carried over."""
    if day >= COMPUTERISED:
        return "戸籍編製", [("【編製日】", wareki(day))]
    return "戸籍改製", [("【改製日】", wareki(COMPUTERISED)), ("【改製事由】", REFORM)]


def is_carried_over(made: date, removed: date) -> bool:
    """Whether somebody removed on that day still stands in it: not who had left before the 改製."""
    return made >= COMPUTERISED or removed >= COMPUTERISED


def birth(born: date, place: str, filed_by: str) -> Matter:
    """place: a municipality. filed_by: 父 or 母."""
    filed = born + timedelta(days=7)
    return "出生", [
        ("【出生日】", wareki(born)),
        ("【出生地】", place),
        ("【届出日】", wareki(filed)),
        ("【届出人】", filed_by),
    ]


def marriage(day: date, spouse: str, before: str) -> Matter:
    """Of somebody who came into this koseki by it. before: 従前戸籍."""
    return "婚姻", [("【婚姻日】", wareki(day)), ("【配偶者氏名】", spouse), ("【従前戸籍】", before)]


def married_away(day: date, spouse: str, new: str, name: str) -> Matter:
    """Of a child who left this koseki by it. new: 新本籍. name: 称する氏, 夫の氏 or 妻の氏."""
    return "婚姻", [
        ("【婚姻日】", wareki(day)),
        ("【配偶者氏名】", spouse),
        ("【新本籍】", new),
        ("【称する氏】", name),
    ]


def death(day: date, place: str) -> Matter:
    return "死亡", [
        ("【死亡日】", wareki(day)),
        ("【死亡地】", place),
        ("【届出日】", wareki(day + timedelta(days=3))),
        ("【届出人】", "親族"),
    ]


def separated(day: date, before: str) -> Matter:
    """分籍: of a grown-up who made a koseki alone."""
    return "分籍", [("【分籍日】", wareki(day)), ("【従前戸籍】", before)]


def left_with_child(day: date, new: str) -> Matter:
    """Of an unmarried parent: nobody is in one koseki with grandparents."""
    return "子の出生", [("【新戸籍編製日】", wareki(day)), ("【新本籍】", new)]

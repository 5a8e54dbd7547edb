"""Addresses and 本籍 that do not exist: streets many towns have, and numbers from 9000 on.

本籍 are written in kanji numerals, as registers write them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from daemon.issuance.profile import Profile

_STREETS = (
    *("本町", "栄町", "緑町", "中央町", "旭町", "末広町", "東町", "西町", "南町", "北町", "新町", "港町"),
    *("大手町", "桜町", "若葉町", "美里", "花園町"),
)
_HOUSES = ("コーポ若葉", "ハイツ青空", "グリーンハイム", "第二さくら荘", "メゾン・ド・ソレイユ")
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True)
class Municipality:
    """code: 団体コード. name: with its prefecture. served: its koseki and residents are in this registry."""

    code: str
    name: str
    served: bool = True


ELSEWHERE = (
    Municipality("011002", "北海道札幌市", False),
    Municipality("131083", "東京都江東区", False),
    Municipality("172014", "石川県金沢市", False),
    Municipality("231002", "愛知県名古屋市", False),
    Municipality("271004", "大阪府大阪市", False),
)


def served(profiles: Sequence[Profile]) -> tuple[Municipality, ...]:
    return tuple(Municipality(one.code, one.prefecture + one.name) for one in profiles)


def elsewhere(random: Random, known: Sequence[Municipality]) -> Municipality:
    """Not one of those known."""
    codes = {one.code for one in known}
    return random.choice([one for one in ELSEWHERE if one.code not in codes])


def address(random: Random, at: Municipality) -> str:
    street, number = random.choice(_STREETS), random.randrange(9000, 10000)
    house = f" {random.choice(_HOUSES)}{random.randrange(101, 610)}号" if random.random() < 0.3 else ""
    return f"{at.name}{street}{number}番地{house}"


def honseki(random: Random, at: Municipality) -> str:
    number = random.randrange(1, 1000)
    return f"{at.name}{random.choice(_STREETS)}九千{_numeral(number)}番地"


def _numeral(number: int) -> str:
    """Below 1000: 二百十五."""
    text = ""
    for value, sign in ((100, "百"), (10, "十")):
        digit, number = divmod(number, value)
        text += (_DIGITS[digit] if digit > 1 else "") + sign if digit else ""
    return text + (_DIGITS[number] if number else "")

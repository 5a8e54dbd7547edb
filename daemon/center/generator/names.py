"""Invented Japanese names: common surnames and given names of the time, some with a rare variant of a kanji.

The variants are registered sequences (IVS). IPAmj Mincho has all of them but those in LACKING, whose holders
must be sent to the counter.
"""

from dataclasses import dataclass
from random import Random

VARIANTS = {
    "渡邉": "渡邉\U000e010f",
    "渡邊": "渡邊\U000e0108",
    "齋藤": "齋\U000e0104藤",
    "葛西": "葛\U000e0102西",
    "辻": "辻\U000e0102",
    "辻本": "辻\U000e0103本",
}
"""As they stand in some registers instead."""
LACKING = {"葛城": "葛\U000e0100城", "榊": "榊\U000e01ef"}
VARIANT_SHARE, LACKING_SHARE = 0.5, 0.25

_SURNAMES = """
佐藤:さとう 鈴木:すずき 高橋:たかはし 田中:たなか 伊藤:いとう 渡辺:わたなべ 山本:やまもと
中村:なかむら 小林:こばやし 加藤:かとう 吉田:よしだ 山田:やまだ 佐々木:ささき 山口:やまぐち
松本:まつもと 井上:いのうえ 木村:きむら 林:はやし 斎藤:さいとう 清水:しみず 山崎:やまざき 森:もり
池田:いけだ 橋本:はしもと 阿部:あべ 石川:いしかわ 山下:やました 中島:なかじま 石井:いしい
小川:おがわ 前田:まえだ 岡田:おかだ 長谷川:はせがわ 藤田:ふじた 後藤:ごとう 近藤:こんどう
村上:むらかみ 遠藤:えんどう 青木:あおき 坂本:さかもと 斉藤:さいとう 福田:ふくだ 太田:おおた
西村:にしむら 藤井:ふじい 金子:かねこ 岡本:おかもと 藤原:ふじわら 三浦:みうら 中野:なかの
中川:なかがわ 原田:はらだ 松田:まつだ 竹内:たけうち 小野:おの 田村:たむら 中山:なかやま 和田:わだ
石田:いしだ 森田:もりた 上田:うえだ 原:はら 内田:うちだ 柴田:しばた 酒井:さかい 宮崎:みやざき
横山:よこやま 高木:たかぎ 安藤:あんどう 宮本:みやもと 大野:おおの 小島:こじま 工藤:くどう
谷口:たにぐち 今井:いまい 高田:たかた 増田:ますだ 丸山:まるやま 杉山:すぎやま 村田:むらた
大塚:おおつか 新井:あらい 小山:こやま 平野:ひらの 藤本:ふじもと 河野:こうの 上野:うえの 野口:のぐち
武田:たけだ 松井:まつい 千葉:ちば 岩崎:いわさき 菅原:すがわら 木下:きのした 久保:くぼ 佐野:さの
野村:のむら 松尾:まつお 市川:いちかわ 菊地:きくち 杉本:すぎもと 古川:ふるかわ 大西:おおにし
島田:しまだ 水野:みずの 桜井:さくらい 高野:たかの 渡部:わたべ 吉川:よしかわ 五十嵐:いがらし
勅使河原:てしがわら 渡邉:わたなべ 渡邊:わたなべ 齋藤:さいとう 髙橋:たかはし 﨑山:さきやま
葛西:かさい 辻:つじ 辻本:つじもと 葛城:かつらぎ 榊:さかき 𠮷野:よしの
"""
_MEN = (
    (
        1955,
        "清:きよし 勇:いさむ 正:ただし 茂:しげる 実:みのる 進:すすむ 弘:ひろし 昭:あきら 勝:まさる 武:たけし",
    ),
    (
        1975,
        "誠:まこと 隆:たかし 浩:ひろし 修:おさむ 豊:ゆたか 健一:けんいち 和彦:かずひこ 博:ひろし 哲也:てつや",
    ),
    (
        1995,
        "大輔:だいすけ 健太:けんた 拓也:たくや 直樹:なおき 翔太:しょうた 亮:りょう 達也:たつや 学:まなぶ",
    ),
    (
        2010,
        "翔:しょう 大輝:だいき 拓海:たくみ 陸:りく 颯太:そうた 悠斗:ゆうと 優斗:ゆうと 健人:けんと",
    ),
    (
        9999,
        "蓮:れん 湊:みなと 陽翔:はると 蒼:あおい 樹:いつき 律:りつ 朝陽:あさひ 悠真:ゆうま 新:あらた 暖:だん",
    ),
)
_WOMEN = (
    (
        1955,
        "和子:かずこ 幸子:さちこ 節子:せつこ 千代:ちよ トシ:とし ハル:はる 文子:ふみこ 久子:ひさこ キミ:きみ",
    ),
    (
        1975,
        "恵子:けいこ 洋子:ようこ 京子:きょうこ 由美:ゆみ 明美:あけみ 直美:なおみ 久美子:くみこ 真由美:まゆみ",
    ),
    (
        1995,
        "愛:あい 美穂:みほ 麻衣:まい 恵:めぐみ 綾:あや 香織:かおり 千尋:ちひろ 彩:あや 裕子:ゆうこ 舞:まい",
    ),
    (
        2010,
        "美咲:みさき 葵:あおい さくら:さくら 陽菜:ひな 七海:ななみ 未来:みく 優奈:ゆうな 結衣:ゆい 莉子:りこ",
    ),
    (
        9999,
        "陽葵:ひまり 凛:りん 紬:つむぎ 結菜:ゆいな 芽依:めい 澪:みお 詩:うた 咲良:さくら ひなの:ひなの",
    ),
)
_FOREIGN = (
    ("NGUYEN VAN MINH", "ぐえん ばん みん", "男", "ベトナム"),
    ("TRAN THI HOA", "ちゃん てぃ ほあ", "女", "ベトナム"),
    ("WANG XIAOMING", "おう しょうめい", "男", "中国"),
    ("LI MEI", "り めい", "女", "中国"),
    ("KIM MINJUN", "きむ みんじゅん", "男", "韓国"),
    ("SANTOS MARIA CLARA", "さんとす まりあ くらら", "女", "フィリピン"),
    ("SILVA DE OLIVEIRA RODRIGO AUGUSTO", "しるば で おりべいら ろどりご あうぐすと", "男", "ブラジル"),
    ("SMITH JOHN EDWARD", "すみす じょん えどわーど", "男", "米国"),
    ("SHRESTHA BINITA", "しゅれすた びにた", "女", "ネパール"),
)


@dataclass(frozen=True)
class Name:
    """As written, and its furigana."""

    text: str
    kana: str


@dataclass(frozen=True)
class ForeignName:
    full: Name
    sex: str
    nationality: str


def _names(text: str) -> tuple[Name, ...]:
    return tuple(Name(*one.split(":")) for one in text.split())


SURNAMES = _names(_SURNAMES)
MEN = tuple((until, _names(names)) for until, names in _MEN)
WOMEN = tuple((until, _names(names)) for until, names in _WOMEN)


def surname(random: Random) -> Name:
    """Common ones more often than those further down."""
    common = SURNAMES[int(len(SURNAMES) * random.random() ** 1.7)]
    lacking, variant = LACKING.get(common.text), VARIANTS.get(common.text)
    if lacking and random.random() < LACKING_SHARE:
        return Name(lacking, common.kana)
    if variant and random.random() < VARIANT_SHARE:
        return Name(variant, common.kana)
    return common


def given(random: Random, sex: str, year: int) -> Name:
    """As children born in that year were named."""
    names = next(names for until, names in (MEN if sex == "男" else WOMEN) if year < until)
    return random.choice(names)


def foreign(random: Random) -> ForeignName:
    text, kana, sex, nationality = random.choice(_FOREIGN)
    return ForeignName(Name(text, kana), sex, nationality)

"""富山県高岡市: households and koseki of every kind that a rule asks about, and a card for each thing that
can be wrong with one.

山田: a couple and their children. 渡邉: a widower, his daughter, and a daughter who has married into the
五十嵐 (R28). 高橋, 工藤, 佐々木 茜: 本籍 in 石狩市, with and without 利用登録.
"""

from dataclasses import replace
from datetime import date, timedelta

from daemon.center.facts import Foreign
from daemon.center.made.numbers import no_mynumber
from daemon.center.sample.town import (
    Block,
    Family,
    Home,
    Person,
    Registration,
    Relative,
    SampleHolder,
    Seal,
    Town,
)

CODE, ISHIKARI, KANAZAWA = "162027", "012351", "172014"

WATANABE = "渡邉\U000e010f"  # a registered variant (IVS) of 邉, which IPAmj Mincho has
KATSURAGI = "葛\U000e0100城"  # a variant of 葛 that IPAmj Mincho lacks: it cannot be printed
TARO, HANAKO, SAKURA, KENTA = "山田 太郎", "山田 花子", "山田 さくら", "山田 健太"
MAKOTO, MISAKI, RYOKO = f"{WATANABE} 誠", f"{WATANABE} 美咲", f"{KATSURAGI} 涼子"
KAZUKO, BORN_YUMI = f"{WATANABE} 和子", f"{WATANABE} 由美"
TAKUYA, YUMI, AOI = "五十嵐 拓也", "五十嵐 由美", "五十嵐 蒼"
LAN = "NGUYEN THI LAN"
RYO, MEGUMI, NOBORU, REIKO, AKANE = "高橋 亮", "高橋 恵", "工藤 昇", "工藤 玲子", "佐々木 茜"
CHIHIRO, NAOTO, SHOICHI, FUMI = "野村 千尋", "大野 直人", "林 正一", "林 ふみ"
HIROSHI, KYOKO, SHO = "吉田 浩", "吉田 京子", "吉田 翔"

HOLDERS = {
    "taro": SampleHolder(0x5A0001, 1, TARO, "head of his household, seal registered"),
    "hanako": SampleHolder(0x5A0002, 2, HANAKO, "his wife, no seal registered"),
    "sakura": SampleHolder(0x5A0003, 3, SAKURA, "their daughter, 17"),
    "kenta": SampleHolder(0x5A0004, 4, KENTA, "their son, under 15"),
    "makoto": SampleHolder(0x5A0005, 5, MAKOTO, "a name with a kanji variant, seal registered"),
    "misaki": SampleHolder(0x5A0006, 6, MISAKI, "lapsed: no 継続利用 within 90 days", moved_in_days_ago=98),
    "revoked": SampleHolder(0x5A0007, 2, HANAKO, "an earlier card of hers, revoked", revoked=True),
    "ryoko": SampleHolder(0x5A0008, 7, RYOKO, "a name that the font cannot draw"),
    "phone": SampleHolder(0x5A0009, 1, TARO, "his Android phone, for certificates only", kind="android"),
    "p384": SampleHolder(0x5A000A, 1, TARO, "his card of the next generation: ECDSA P-384", key="p384"),
    "takuya": SampleHolder(0x5A0010, 9, TAKUYA, "head of a koseki of three, seal registered"),
    "yumi": SampleHolder(0x5A0011, 10, YUMI, "his wife, removed from the koseki of 渡邉 誠"),
    "lan": SampleHolder(0x5A0012, 12, LAN, "a foreign resident with 通称 and 在留カード"),
    "megumi": SampleHolder(0x5A0013, 14, MEGUMI, "旧氏; 本籍 in 石狩市, no 利用登録"),
    "noboru": SampleHolder(0x5A0014, 15, NOBORU, "本籍 in 石狩市, 利用登録 completed"),
    "akane": SampleHolder(0x5A0015, 17, AKANE, "本籍 in 石狩市, 利用登録 filed two days ago"),
    "chihiro": SampleHolder(0x5A0016, 18, CHIHIRO, "支援措置; her seal has been abolished"),
    "hiroshi": SampleHolder(0x5A0017, 19, HIROSHI, "a koseki notification of his is not recorded yet"),
    "naoto": SampleHolder(0x5A0018, 22, NAOTO, "has filed a 転出届, leaves in ten days", leaves_in_days=10),
    "fumi": SampleHolder(0x5A0019, 24, FUMI, "the head of her household has died and is not replaced"),
    "unknown": SampleHolder(0x5A00FF, 0, "", "a certificate that the registry does not know"),
}


def people(today: date) -> tuple[Person, ...]:
    """The son is under 15 and the daughter 17 on any day."""
    came, born_17, born_10 = date(2016, 4, 1), date(today.year - 18, 12, 31), date(today.year - 10, 5, 5)
    settled, moved_in = date(2011, 5, 9), today - timedelta(days=100)
    return (
        Person(1, 1, 1, TARO, "やまだ たろう", date(1985, 4, 10), "男", "世帯主", came, "900000000011"),
        Person(2, 1, 1, HANAKO, "やまだ はなこ", date(1987, 9, 23), "女", "妻", came, "900000000022"),
        Person(3, 1, 1, SAKURA, "やまだ さくら", born_17, "女", "子", came, "900000000033"),
        Person(4, 1, 1, KENTA, "やまだ けんた", born_10, "男", "子", born_10, "900000000045"),
        Person(5, 2, 2, MAKOTO, "わたなべ まこと", date(1958, 1, 7), "男", "世帯主", settled, "900000000055"),
        Person(6, 2, 2, MISAKI, "わたなべ みさき", date(1989, 1, 8), "女", "子", moved_in, "900000000066"),
        Person(
            7, 2, 3, RYOKO, "かつらぎ りょうこ", date(1962, 2, 28), "女", "妻(未届)", settled, "900000000077"
        ),
        *_others(today),
    )


def _others(today: date) -> tuple[Person, ...]:
    def one(
        id: int, home: int, koseki: int | None, name: str, kana: str, born: date, sex: str, relation: str
    ) -> Person:
        since = max(born, SINCE.get(home, date(2013, 4, 1)))
        return Person(id, home, koseki, name, kana, born, sex, relation, since, no_mynumber(90000002000 + id))

    lan = one(12, 4, None, LAN, "ぐえん てぃ らん", date(1994, 8, 14), "女", "世帯主")
    megumi = one(14, 5, 111, MEGUMI, "たかはし めぐみ", date(1985, 6, 30), "女", "妻")
    return (
        replace(one(8, 2, 2, KAZUKO, "わたなべ かずこ", date(1960, 5, 2), "女", "妻"), state="dead"),
        one(9, 3, 4, TAKUYA, "いがらし たくや", date(1984, 7, 1), "男", "世帯主"),
        one(10, 3, 4, YUMI, "いがらし ゆみ", date(1986, 3, 3), "女", "妻"),
        one(11, 3, 4, AOI, "いがらし あおい", date(today.year - 6, 5, 5), "男", "子"),
        replace(
            lan,
            alias="山本 蘭",
            foreign=Foreign(
                "ベトナム",
                "中長期在留者",
                "技術・人文知識・国際業務",
                "3年",
                today + timedelta(days=400),
                "ZZ90000001ZZ",
            ),
        ),
        one(13, 5, 111, RYO, "たかはし りょう", date(1983, 2, 11), "男", "世帯主"),
        replace(megumi, former_name="中川"),
        one(15, 6, 112, NOBORU, "くどう のぼる", date(1972, 10, 5), "男", "世帯主"),
        one(16, 6, 112, REIKO, "くどう れいこ", date(1975, 1, 19), "女", "妻"),
        one(17, 7, 102, AKANE, "ささき あかね", date(1970, 4, 4), "女", "世帯主"),
        one(18, 8, 8, CHIHIRO, "のむら ちひろ", date(1990, 12, 1), "女", "世帯主"),
        one(19, 9, 9, HIROSHI, "よしだ ひろし", date(1971, 9, 9), "男", "世帯主"),
        one(20, 9, 9, KYOKO, "よしだ きょうこ", date(1973, 3, 21), "女", "妻"),
        replace(one(21, 9, 9, SHO, "よしだ しょう", date(2001, 8, 8), "男", "子"), state="moved-out"),
        one(22, 10, 10, NAOTO, "おおの なおと", date(1995, 5, 25), "男", "世帯主"),
        replace(
            one(23, 11, 11, SHOICHI, "はやし しょういち", date(1940, 1, 2), "男", "世帯主"), state="dead"
        ),
        one(24, 11, 11, FUMI, "はやし ふみ", date(1943, 11, 30), "女", "妻"),
    )


SINCE = {2: date(2011, 5, 9), 3: date(2018, 12, 1), 4: date(2021, 9, 1), 10: date(2019, 4, 1)}
"""When a household came to its home, if not in 2013."""


def family(
    of: str, at: str, made: date, *members: Relative, home: str = "", pending_days_ago: int = 0
) -> Family:
    return Family(CODE, f"富山県高岡市{at}", of, made, members, home, pending_days_ago)


WEDDING = date(2018, 11, 22)
IGARASHI = "戸出町二丁目九千七番地"

TAKAOKA = Town(
    code=CODE,
    holders=HOLDERS,
    people=people,
    households={
        1: Home(TARO, "富山県高岡市広小路9001番地 さくらハイツ203号"),
        2: Home(MAKOTO, "富山県高岡市戸出町2丁目9013番地"),
        3: Home(TAKUYA, "富山県高岡市戸出町2丁目9007番地"),
        4: Home(LAN, "富山県高岡市末広町9番19号 みなとコーポ105号"),
        5: Home(RYO, "富山県高岡市あわら町9番9号"),
        6: Home(NOBORU, "富山県高岡市福岡町大滝9012番地"),
        7: Home(AKANE, "富山県高岡市下麻生9108番地"),
        8: Home(CHIHIRO, "富山県高岡市定塚町9番41号"),
        9: Home(HIROSHI, "富山県高岡市伏木古国府9番12号"),
        10: Home(NAOTO, "富山県高岡市駅南9丁目9番1号 コーポ立山302号"),
        11: Home(SHOICHI, "富山県高岡市中田9055番地"),
    },
    koseki={
        1: family(
            TARO,
            "広小路九千一番地",
            date(2007, 11, 22),
            Relative(1, "山田 一郎", "山田 和枝", "長男", "夫"),
            Relative(2, "木村 茂", "木村 文子", "二女", "妻"),
            Relative(3, TARO, HANAKO, "長女"),
            Relative(4, TARO, HANAKO, "長男"),
        ),
        2: family(
            MAKOTO,
            "伏木湊町九千十三番地",
            date(1984, 4, 4),
            Relative(5, f"{WATANABE} 武", f"{WATANABE} 静子", "長男", "夫"),
            Relative(8, "小林 清", "小林 房子", "長女", "妻", (date(2015, 8, 1), "death")),
            Relative(
                10,
                MAKOTO,
                KAZUKO,
                "長女",
                left=(WEDDING, "marriage"),
                to=(TAKUYA, f"富山県高岡市{IGARASHI}"),
                full_name=BORN_YUMI,
            ),
            Relative(6, MAKOTO, KAZUKO, "二女"),
            home="富山県高岡市伏木湊町9013番地",
        ),
        3: Family(KANAZAWA, "石川県金沢市広坂九丁目九番地", RYOKO, date(1990, 6, 1)),
        4: family(
            TAKUYA,
            IGARASHI,
            WEDDING,
            Relative(9, "五十嵐 修", "五十嵐 良子", "二男", "夫"),
            Relative(10, MAKOTO, KAZUKO, "長女", "妻"),
            Relative(11, TAKUYA, YUMI, "長男"),
        ),
        8: family(
            CHIHIRO, "定塚町九千四十一番地", date(2019, 6, 3), Relative(18, "野村 豊", "野村 幸子", "長女")
        ),
        9: family(
            HIROSHI,
            "伏木古国府九千十二番地",
            date(1999, 9, 9),
            Relative(19, "吉田 実", "吉田 節子", "三男", "夫"),
            Relative(20, "松本 勇", "松本 千代", "長女", "妻"),
            Relative(21, HIROSHI, KYOKO, "長男"),
            pending_days_ago=2,
        ),
        10: family(
            NAOTO, "駅南九丁目九千一番地", date(2019, 4, 8), Relative(22, "大野 隆", "大野 恵子", "二男")
        ),
        11: family(
            SHOICHI,
            "中田九千五十五番地",
            date(1966, 3, 15),
            Relative(23, "林 正", "林 ハル", "長男", "夫", (date(2024, 2, 29), "death")),
            Relative(24, "前田 栄", "前田 キヨ", "三女", "妻"),
        ),
    },
    former_homes={
        1: "富山県富山市新桜町9038番地",
        5: "石川県金沢市広坂9丁目1番1号",
        6: "東京都江東区東陽9丁目9番9号",
        17: "北海道石狩市厚田区厚田9013番地",
    },
    seals={
        1: Seal(date(2016, 4, 11), "山田"),
        5: Seal(date(2011, 6, 1), WATANABE),
        9: Seal(date(2019, 1, 10), "五十嵐"),
        12: Seal(date(2022, 3, 3), "山本"),
        14: Seal(date(2020, 5, 7), "中川"),
        18: Seal(date(2014, 2, 3), "野村", abolished=date(2023, 10, 2)),
        19: Seal(date(2000, 1, 11), "吉田"),
        24: Seal(date(1992, 7, 1), "林"),
    },
    salaries={
        1: 6_480_000,
        2: 980_000,
        5: 2_400_000,
        7: 3_120_000,
        9: 5_100_000,
        10: 3_900_000,
        12: 4_260_000,
        13: 7_200_000,
        14: 4_440_000,
        15: 8_760_000,
        17: 5_520_000,
        18: 2_880_000,
        19: 6_960_000,
        22: 3_720_000,
    },
    blocks={18: Block("support", 400), 22: Block("leaving", 3)},
    registrations={15: Registration(ISHIKARI, 40, 5), 17: Registration(ISHIKARI, 2, 5)},
)

"""富山県高岡市: two households and two koseki, and a card for each thing that can be wrong with one."""

from datetime import date, timedelta

from daemon.center.sample.town import Person, SampleHolder, Town

WATANABE = "渡邉\U000e010f"  # a registered variant (IVS) of 邉, which IPAmj Mincho has
KATSURAGI = "葛\U000e0100城"  # a variant of 葛 that IPAmj Mincho lacks: it cannot be printed
TARO, HANAKO, SAKURA, KENTA = "山田 太郎", "山田 花子", "山田 さくら", "山田 健太"
MAKOTO, MISAKI, RYOKO = f"{WATANABE} 誠", f"{WATANABE} 美咲", f"{KATSURAGI} 涼子"

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
        Person(7, 2, 2, RYOKO, "かつらぎ りょうこ", date(1962, 2, 28), "女", "妻", settled, "900000000077"),
    )


TAKAOKA = Town(
    holders=HOLDERS,
    people=people,
    households={1: TARO, 2: MAKOTO},
    koseki={
        1: ("富山県高岡市広小路九千一番地", TARO),
        2: ("富山県高岡市伏木湊町九千十三番地", MAKOTO),
    },
    homes={1: "富山県高岡市広小路9001番地 さくらハイツ203号", 2: "富山県高岡市戸出町2丁目9013番地"},
    former_homes={1: "富山県富山市新桜町9038番地", 5: "石川県金沢市広坂9丁目1番1号"},
    seals={1: date(2016, 4, 11), 5: date(2011, 6, 1)},
)

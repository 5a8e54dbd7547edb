"""北海道石狩市: a household of four, one person alone, and a mother and her son with a long name."""

from datetime import date

from daemon.center.sample.town import Person, SampleHolder, Town

DAICHI, MIYUKI, HINA, REN = "北野 大地", "北野 美雪", "北野 陽菜", "北野 蓮"
TOME = "佐々木 トメ"
MARIA, ALEX = "フェルナンデス 真理亜アレクサンドラ", "フェルナンデス 亜歴クリストバル"

HOLDERS = {
    "daichi": SampleHolder(0x5B0001, 1, DAICHI, "head of his household, seal registered"),
    "miyuki": SampleHolder(0x5B0002, 2, MIYUKI, "his wife, no seal registered"),
    "hina": SampleHolder(0x5B0003, 3, HINA, "their daughter, 17"),
    "ren": SampleHolder(0x5B0004, 4, REN, "their son, under 15"),
    "tome": SampleHolder(0x5B0005, 5, TOME, "lives alone, seal registered"),
    "maria": SampleHolder(0x5B0006, 6, MARIA, "a long name; a household of two"),
    "revoked": SampleHolder(0x5B0007, 2, MIYUKI, "an earlier card of hers, revoked", revoked=True),
    "phone": SampleHolder(0x5B0009, 1, DAICHI, "his Android phone, for certificates only", kind="android"),
    "p384": SampleHolder(0x5B000A, 1, DAICHI, "his card of the next generation: ECDSA P-384", key="p384"),
    "unknown": SampleHolder(0x5B00FF, 0, "", "a certificate that the registry does not know"),
}


def people(today: date) -> tuple[Person, ...]:
    """The sons are under 15 and the daughter 17 on any day."""
    came, alone, last = date(2012, 3, 30), date(1974, 10, 1), date(2021, 7, 15)
    born_17, born_10, born_8 = (date(today.year - years, 12, 31) for years in (18, 11, 9))
    return (
        Person(1, 1, 1, DAICHI, "きたの だいち", date(1980, 2, 29), "男", "世帯主", came, "900000001011"),
        Person(2, 1, 1, MIYUKI, "きたの みゆき", date(1982, 12, 3), "女", "妻", came, "900000001022"),
        Person(3, 1, 1, HINA, "きたの ひな", born_17, "女", "子", came, "900000001033"),
        Person(4, 1, 1, REN, "きたの れん", born_10, "男", "子", born_10, "900000001044"),
        Person(5, 2, 2, TOME, "ささき とめ", date(1944, 11, 15), "女", "世帯主", alone, "900000001055"),
        Person(
            6,
            3,
            3,
            MARIA,
            "ふぇるなんです まりああれくさんどら",
            date(1991, 5, 20),
            "女",
            "世帯主",
            last,
            "900000001066",
        ),
        Person(
            7, 3, 3, ALEX, "ふぇるなんです あれっくくりすとばる", born_8, "男", "子", last, "900000001077"
        ),
    )


ISHIKARI = Town(
    holders=HOLDERS,
    people=people,
    households={1: DAICHI, 2: TOME, 3: MARIA},
    koseki={
        1: ("北海道石狩市花川北九条九丁目九千一番地", DAICHI),
        2: ("北海道石狩市厚田区厚田九千十三番地", TOME),
        3: ("北海道札幌市北区北九十九条西九丁目九千番地", MARIA),
    },
    homes={
        1: "北海道石狩市花川北9条9丁目9001番地",
        2: "北海道石狩市厚田区厚田9013番地",
        3: "北海道石狩市花川南9条9丁目9022番地 はまなす団地3号棟401号",
    },
    former_homes={1: "北海道小樽市花園9丁目9044番地", 6: "北海道札幌市北区北99条西9丁目9番9号"},
    seals={1: date(2012, 4, 2), 5: date(1974, 10, 8)},
)

"""北海道石狩市: a household of four, one person alone, a mother and her son with a long name.

北野 隼人 has his 本籍 here and lives in 札幌市, which this registry does not serve.
"""

from datetime import date

from daemon.center.made.numbers import no_mynumber
from daemon.center.sample.town import Family, Home, Person, Relative, SampleHolder, Seal, Town

CODE, SAPPORO = "012351", "011002"

DAICHI, MIYUKI, HINA, REN = "北野 大地", "北野 美雪", "北野 陽菜", "北野 蓮"
TOME, KIYOSHI, AKANE = "佐々木 トメ", "佐々木 清", "佐々木 茜"
MARIA, ALEX = "フェルナンデス 真理亜アレクサンドラ", "フェルナンデス 亜歴クリストバル"
ISAMU, SETSUKO, HAYATO = "北野 勇", "北野 節子", "北野 隼人"
RYO, MEGUMI, NOBORU, REIKO = "高橋 亮", "高橋 恵", "工藤 昇", "工藤 玲子"

HOLDERS = {
    "daichi": SampleHolder(0x5B0001, 101, DAICHI, "head of his household, seal registered"),
    "miyuki": SampleHolder(0x5B0002, 102, MIYUKI, "his wife, no seal registered"),
    "hina": SampleHolder(0x5B0003, 103, HINA, "their daughter, 17"),
    "ren": SampleHolder(0x5B0004, 104, REN, "their son, under 15"),
    "tome": SampleHolder(0x5B0005, 105, TOME, "lives alone, seal registered"),
    "maria": SampleHolder(0x5B0006, 106, MARIA, "a long name; a household of two"),
    "revoked": SampleHolder(0x5B0007, 102, MIYUKI, "an earlier card of hers, revoked", revoked=True),
    "phone": SampleHolder(0x5B0009, 101, DAICHI, "his Android phone, for certificates only", kind="android"),
    "p384": SampleHolder(0x5B000A, 101, DAICHI, "his card of the next generation: ECDSA P-384", key="p384"),
    "hayato": SampleHolder(0x5B0010, 110, HAYATO, "lives in 札幌市, 本籍 here, no 利用登録"),
    "unknown": SampleHolder(0x5B00FF, 0, "", "a certificate that the registry does not know"),
}


def people(today: date) -> tuple[Person, ...]:
    """The sons are under 15 and the daughter 17 on any day."""
    came, alone, last = date(2012, 3, 30), date(1974, 10, 1), date(2021, 7, 15)
    born_17, born_10, born_8 = (date(today.year - years, 12, 31) for years in (18, 11, 9))
    return (
        Person(
            101, 101, 101, DAICHI, "きたの だいち", date(1980, 2, 29), "男", "世帯主", came, "900000001011"
        ),
        Person(102, 101, 101, MIYUKI, "きたの みゆき", date(1982, 12, 3), "女", "妻", came, "900000001022"),
        Person(103, 101, 101, HINA, "きたの ひな", born_17, "女", "子", came, "900000001033"),
        Person(104, 101, 101, REN, "きたの れん", born_10, "男", "子", born_10, "900000001044"),
        Person(105, 102, 102, TOME, "ささき とめ", date(1944, 11, 15), "女", "世帯主", alone, "900000001055"),
        Person(
            106,
            103,
            103,
            MARIA,
            "ふぇるなんです まりああれくさんどら",
            date(1991, 5, 20),
            "女",
            "世帯主",
            last,
            "900000001066",
        ),
        Person(
            107,
            103,
            103,
            ALEX,
            "ふぇるなんです あれっくくりすとばる",
            born_8,
            "男",
            "子",
            last,
            "900000001077",
        ),
        *_in_a_koseki_here(),
    )


def _in_a_koseki_here() -> tuple[Person, ...]:
    """Who lives elsewhere, or has died."""

    def one(id: int, koseki: int, name: str, kana: str, born: date, sex: str, state: str) -> Person:
        number = no_mynumber(90000003000 + id)
        return Person(id, None, koseki, name, kana, born, sex, "", None, number, state)

    return (
        Person(
            110,
            104,
            104,
            HAYATO,
            "きたの はやと",
            date(1986, 4, 1),
            "男",
            "世帯主",
            date(2017, 4, 1),
            no_mynumber(90000003110),
        ),
        one(108, 104, ISAMU, "きたの いさむ", date(1949, 7, 7), "男", "dead"),
        one(109, 104, SETSUKO, "きたの せつこ", date(1952, 9, 30), "女", "resident"),
        one(111, 102, KIYOSHI, "ささき きよし", date(1940, 2, 3), "男", "dead"),
    )


MADE_BY_DAICHI = "北海道石狩市花川北九条九丁目九千一番地"

ISHIKARI = Town(
    code=CODE,
    holders=HOLDERS,
    people=people,
    households={
        101: Home(DAICHI, "北海道石狩市花川北9条9丁目9001番地"),
        102: Home(TOME, "北海道石狩市厚田区厚田9013番地"),
        103: Home(MARIA, "北海道石狩市花川南9条9丁目9022番地 はまなす団地3号棟401号"),
        104: Home(HAYATO, "北海道札幌市北区北99条西9丁目9番1号", SAPPORO),
    },
    koseki={
        101: Family(
            CODE,
            MADE_BY_DAICHI,
            DAICHI,
            date(2007, 3, 3),
            (
                Relative(101, ISAMU, SETSUKO, "長男", "夫"),
                Relative(102, "石川 忠", "石川 久子", "長女", "妻"),
                Relative(103, DAICHI, MIYUKI, "長女"),
                Relative(104, DAICHI, MIYUKI, "長男"),
            ),
        ),
        102: Family(
            CODE,
            "北海道石狩市厚田区厚田九千十三番地",
            TOME,
            date(1968, 5, 10),
            (
                Relative(105, "佐々木 留吉", "佐々木 ヨシ", "長女", "妻"),
                Relative(111, "中村 弥一", "中村 ハナ", "四男", "夫", (date(2009, 12, 24), "death")),
                Relative(17, KIYOSHI, TOME, "長女"),
            ),
            "北海道石狩市厚田区厚田9013番地",
        ),
        103: Family(SAPPORO, "北海道札幌市北区北九十九条西九丁目九千番地", MARIA, date(2012, 8, 1)),
        104: Family(
            CODE,
            "北海道石狩市浜益区浜益九千二百番地",
            ISAMU,
            date(1976, 6, 6),
            (
                Relative(108, "北野 松蔵", "北野 フサ", "二男", "夫", (date(2020, 1, 5), "death")),
                Relative(109, "長谷川 茂", "長谷川 キミ", "長女", "妻"),
                Relative(
                    101,
                    ISAMU,
                    SETSUKO,
                    "長男",
                    left=(date(2007, 3, 3), "marriage"),
                    to=(MIYUKI, MADE_BY_DAICHI),
                ),
                Relative(110, ISAMU, SETSUKO, "二男"),
            ),
            "北海道石狩市浜益区浜益9200番地",
        ),
        111: Family(
            CODE,
            "北海道石狩市花畔九千五百番地",
            RYO,
            date(2012, 10, 10),
            (
                Relative(13, "高橋 進", "高橋 順子", "長男", "夫"),
                Relative(14, "中川 肇", "中川 ゆかり", "二女", "妻"),
            ),
        ),
        112: Family(
            CODE,
            "北海道石狩市親船町九千三番地",
            NOBORU,
            date(1998, 2, 14),
            (
                Relative(15, "工藤 義雄", "工藤 トシ", "長男", "夫"),
                Relative(16, "阿部 明", "阿部 陽子", "長女", "妻"),
            ),
        ),
    },
    former_homes={101: "北海道小樽市花園9丁目9044番地", 106: "北海道札幌市北区北99条西9丁目9番9号"},
    seals={
        101: Seal(date(2012, 4, 2), "北野"),
        105: Seal(date(1974, 10, 8), "佐々木"),
        110: Seal(date(2018, 9, 3), "北野"),
    },
    salaries={101: 5_640_000, 102: 1_020_000, 106: 2_760_000, 110: 4_080_000},
)

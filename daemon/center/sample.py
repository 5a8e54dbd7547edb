"""The sample registry: invented people of two households and two koseki, for bench and tests.

Nobody here exists, and the check digits of the 個人番号 are wrong on purpose. Serials are fixed, so that the
bench's cards match; dates that matter to a rule are relative to the given day.
"""

from dataclasses import asdict, dataclass
from datetime import date, timedelta

from sqlalchemy import Engine, insert

from daemon.center import tables
from daemon.issuance.calendar import certificate_good_through


@dataclass(frozen=True)
class SampleHolder:
    """A card of the sample. serial: of its authentication certificate. shows: what this card is good for."""

    serial: int
    resident: int
    name: str
    shows: str


@dataclass(frozen=True)
class Person:
    """A row of ``residents``."""

    id: int
    household: int
    koseki: int
    name: str
    kana: str
    born: date
    sex: str
    relation: str
    resident_since: date
    mynumber: str
    state: str = "resident"


WATANABE = "渡邉\U000e010f"  # a registered variant (IVS) of 邉, which IPAmj Mincho has
KATSURAGI = "葛\U000e0100城"  # a variant of 葛 that IPAmj Mincho lacks: it cannot be printed

SAMPLE_HOLDERS = {
    "taro": SampleHolder(0x5A0001, 1, "山田 太郎", "head of his household, seal registered"),
    "hanako": SampleHolder(0x5A0002, 2, "山田 花子", "his wife, no seal registered"),
    "sakura": SampleHolder(0x5A0003, 3, "山田 さくら", "their daughter, 17"),
    "kenta": SampleHolder(0x5A0004, 4, "山田 健太", "their son, under 15"),
    "makoto": SampleHolder(0x5A0005, 5, f"{WATANABE} 誠", "a name with a kanji variant, seal registered"),
    "misaki": SampleHolder(0x5A0006, 6, f"{WATANABE} 美咲", "lapsed: no 継続利用 within 90 days"),
    "revoked": SampleHolder(0x5A0007, 2, "山田 花子", "an earlier card of hers, revoked"),
    "ryoko": SampleHolder(0x5A0008, 7, f"{KATSURAGI} 涼子", "a name that the font cannot draw"),
    "unknown": SampleHolder(0x5A00FF, 0, "", "a certificate that the registry does not know"),
}

_HOUSEHOLDS = ((1, "山田 太郎"), (2, f"{WATANABE} 誠"))
_KOSEKI = (
    (1, "富山県高岡市広小路九千一番地", "山田 太郎"),
    (2, "富山県高岡市伏木湊町九千十三番地", f"{WATANABE} 誠"),
)
_HOMES = {1: "富山県高岡市広小路9001番地 さくらハイツ203号", 2: "富山県高岡市戸出町2丁目9013番地"}
_FORMER_HOMES = {1: "富山県富山市新桜町9038番地", 5: "石川県金沢市広坂9丁目1番1号"}
_SEALS = ((1, date(2016, 4, 11)), (5, date(2011, 6, 1)))


def card_dates(key: str, today: date) -> tuple[date, date]:
    """(issued, good through) of this sample card's certificate, as its holder's birthday makes them (R7)."""
    issued = today - timedelta(days=365)
    births = {person.id: person.born for person in _people(today)}
    born = births.get(SAMPLE_HOLDERS[key].resident, date(1990, 6, 15))
    return issued, certificate_good_through(issued, born, 5, None)


def sample_registry(engine: Engine, today: date) -> None:
    """Fills empty tables."""
    rows = {
        tables.households: [{"id": key, "head": head} for key, head in _HOUSEHOLDS],
        tables.koseki: [{"id": key, "honseki": at, "hittosha": who} for key, at, who in _KOSEKI],
        tables.residents: [asdict(person) for person in _people(today)],
        tables.addresses: [row for person in _people(today) for row in _addresses(person)],
        tables.seals: [{"resident": key, "registered": day} for key, day in _SEALS],
        tables.certificates: _certificates(today),
    }
    with engine.begin() as connection:
        for table, values in rows.items():
            connection.execute(insert(table), values)


def _people(today: date) -> tuple[Person, ...]:
    came, born_17, born_10 = date(2016, 4, 1), date(today.year - 18, 12, 31), date(today.year - 10, 5, 5)
    return (
        Person(
            1, 1, 1, "山田 太郎", "やまだ たろう", date(1985, 4, 10), "男", "世帯主", came, "900000000011"
        ),
        Person(2, 1, 1, "山田 花子", "やまだ はなこ", date(1987, 9, 23), "女", "妻", came, "900000000022"),
        Person(3, 1, 1, "山田 さくら", "やまだ さくら", born_17, "女", "子", came, "900000000033"),
        Person(4, 1, 1, "山田 健太", "やまだ けんた", born_10, "男", "子", born_10, "900000000045"),
        Person(
            5,
            2,
            2,
            f"{WATANABE} 誠",
            "わたなべ まこと",
            date(1958, 1, 7),
            "男",
            "世帯主",
            date(2011, 5, 9),
            "900000000055",
        ),
        Person(
            6,
            2,
            2,
            f"{WATANABE} 美咲",
            "わたなべ みさき",
            date(1989, 1, 8),
            "女",
            "子",
            today - timedelta(days=100),
            "900000000066",
        ),
        Person(
            7,
            2,
            2,
            f"{KATSURAGI} 涼子",
            "かつらぎ りょうこ",
            date(1962, 2, 28),
            "女",
            "妻",
            date(2011, 5, 9),
            "900000000077",
        ),
    )


def _addresses(person: Person) -> list[dict[str, object]]:
    """The present home; before it, for two of them, another one."""
    since = person.resident_since
    filed = since + timedelta(days=2)
    rows: list[dict[str, object]] = [_address(person.id, _HOMES[person.household], since, filed, None)]
    if person.id in _FORMER_HOMES:
        before = date(2005, 10, 1)
        rows.append(_address(person.id, _FORMER_HOMES[person.id], before, before, since))
    return rows


def _address(resident: int, text: str, since: date, filed: date, until: date | None) -> dict[str, object]:
    return {"resident": resident, "text": text, "since": since, "filed": filed, "until": until}


def _certificates(today: date) -> list[dict[str, object]]:
    known = {key: holder for key, holder in SAMPLE_HOLDERS.items() if holder.resident}
    return [
        {
            "serial": f"{holder.serial:x}",
            "resident": holder.resident,
            "active_from": today - timedelta(days=364),
            "revoked": key == "revoked",
            "filed": today - timedelta(days=98) if key == "misaki" else None,
        }
        for key, holder in known.items()
    ]

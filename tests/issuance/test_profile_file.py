"""What makes a profile's file refused: file, line, key, reason and what to do, all faults at once (§4)."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.issuance.profile import ProfileError, check_digit, load_profile, parse_profile, profile_hash

TAKAOKA = Path(__file__).parents[2] / "assets" / "municipalities" / "162027.toml"
TEXT = TAKAOKA.read_text("utf-8")
ISHIKARI = TAKAOKA.with_name("012351.toml").read_text("utf-8")
FILE = Path("profile.toml")
FEE = "{ yen = 200, valid_from = 2021-04-01 }"
KOSEKI = 'kind = "koseki"'


def faults(text: str) -> Iterator[str]:
    """Each fault of this text as "line: key: reason"; the file's name stands before it."""
    with pytest.raises(ProfileError) as refused:
        parse_profile(FILE, text.encode())
    for line in str(refused.value).splitlines():
        assert line.startswith(f"{FILE}:")
        yield line.removeprefix(f"{FILE}:").strip()


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


CASES = [
    ("prefecture =", "prefectur =", "prefectur: no such key; did you mean prefecture?"),
    ("mayor =", "colour = 1\nmayor =", "colour: no such key; there are only: code, prefecture,"),
    (
        'kind = "juminhyo"',
        'kind = "juminhyou"',
        "certificates 1 kind: 'juminhyou' is not known; did you mean",
    ),
    (FEE, "{ yen = 0, valid_from = 2021-04-01 }", "certificates 1 fees 1 yen: 0 yen is not a positive"),
    (FEE, "{ yen = -200, valid_from = 2021-04-01 }", "certificates 1 fees 1 yen: -200 yen"),
    (
        FEE,
        "{ yen = 205, valid_from = 2021-04-01 }",
        "certificates 1 fees 1 yen: 205 yen is not a positive mul",
    ),
    (FEE, '{ yen = "200", valid_from = 2021-04-01 }', "certificates 1 fees 1 yen: a whole number is meant"),
    (FEE, "", "certificates 1 fees: a certificate on offer needs a fee"),
    (
        FEE,
        f"{FEE}, {{ yen = 300, valid_from = 2026-04-01 }}",
        "certificates 1 fees 2 valid_from: 2026-04-01 is in another period; end the one from 2021-04-01",
    ),
    (
        FEE,
        "{ yen = 200, valid_from = 2021-04-01, valid_to = 2026-03-30 }, "
        "{ yen = 300, valid_from = 2026-04-01 }",
        "certificates 1 fees 2 valid_from: there is no fee between 2026-03-30 and 2026-04-01",
    ),
    (
        FEE,
        "{ yen = 200, valid_from = 2021-04-01, valid_to = 2021-03-01 }",
        "certificates 1 fees 1 valid_to: 2021-03-01 is before valid_from, 2021-04-01",
    ),
    ("close = 23:00:00", "close = 06:30:00", "hours close: 06:30 is not after open, 06:30"),
    ("close = 23:00:00", 'close = 23:00:00, days = "weekday"', "hours days: 'weekday' is not known; did you"),
    ("close = 23:00:00", "close = 2300", "hours close: a time like 09:00:00 is meant, not a whole number"),
    ('code = "162027"', 'code = "162028"', "code: 162028: the check digit should be 7"),
    ('code = "162027"', 'code = "16202"', "code: '16202' is not a 団体コード of six digits"),
    ('kind = "inkan"', 'kind = "juminhyo"', "certificates 2 kind: juminhyo is there twice"),
    ("max_copies = 10", "max_copies = 11", "max_copies: 11 is not 1 to 10"),
    ("min_age = 15", "min_age = 14", "min_age: 14 is below 15"),
    ("idle_seconds = 300", "idle_seconds = 0", "idle_seconds: 0 is not 30 to 600"),
    (
        'scopes = ["self", "all"',
        'scopes = ["self", "koseki_all"',
        "certificates 1 scopes 2: koseki_all is no sc",
    ),
    ('scopes = ["self", "all"', 'scopes = ["self", "self"', "certificates 1 scopes 2: self is there twice"),
    (
        'scopes = ["self", "all", "part"]\n',
        "",
        "certificates 1 scopes: is missing; add scopes = [ ] with some of",
    ),
    ('mynumber = "choose"', 'mynumber = "ask"', "certificates 1 items mynumber: 'ask' is not known"),
    (
        KOSEKI,
        f'{KOSEKI}\nitems = {{ head = "always" }}',
        "certificates 3 items head: koseki has no such choice",
    ),
    (KOSEKI, f'{KOSEKI}\ntax = {{ years = 1, switch = "06-01" }}', "certificates 3 tax: koseki is no tax"),
    (
        KOSEKI,
        f'{KOSEKI}\nclosed = [{{ from = "02-30", to = "03-01" }}]',
        "certificates 3 closed 1 from: there is no 02-30",
    ),
    (
        "min_age = 15",
        'closed = [{ from = "13-01", to = "01-03" }]',
        "closed 1 from: '13-01' is none: A day of",
    ),
    ("min_age = 15", "registration_days = 5", "registration_days: nobody registers under"),
    (
        'koseki_rule = "residence"',
        'koseki_rule = "registration"',
        'koseki_rule: koseki_rule = "registration" n',
    ),
    ("min_age = 15", 'seal = "../seal.png"', "seal: '../seal.png': the name of a .png beside this file"),
    ("min_age = 15", 'excluded_cards = "x"\nsmartphones = 1', "smartphones: a list in [ ] is meant"),
    (
        "[[certificates]]",
        "[[maintenance]]\nfrom = 2026-04-01T10:00:00\nto = 2026-04-01T10:00:00\n[[certificates]]",
        "maintenance 1 to: 2026-04-01 10:00:00 is not after from, 2026-04-01 10:00:00",
    ),
    (
        "[[certificates]]",
        '[[maintenance]]\nfrom = 2026-04-01T10:00:00\nto = 2026-04-01T11:00:00\nkinds = ["regster"]\n'
        "[[certificates]]",
        "maintenance 1 kinds 1: 'regster' is not known; did you mean register?",
    ),
    (FEE, "{ yen = 1_000_000, valid_from = 2021-04-01 }", "certificates 1 fees 1 yen: 1000000 yen is more"),
    ("min_age = 15", "min_age = 900", "min_age: 900 is above 100"),
    ('mayor = "富山県高岡市長"', 'mayor = " "', "mayor: is empty"),
    ('prefecture = "富山県"', 'prefecture = ""', "prefecture: is empty"),
    ('name = "高岡市"', 'name = ""', "name: is empty"),
    ('name = "印鑑登録証明書"', 'name = ""', "certificates 2 name: is empty"),
    ('name = "印鑑登録証明書"', 'name = "印鑑😀"', "certificates 2 name: '😀' cannot be printed"),
    ('name = "印鑑登録証明書"', f'name = "{"印" * 80}"', "certificates 2 name: has 80 letters; 40 at most"),
    ('name = "印鑑登録証明書"', 'name = "住民票の写し"', "certificates 2 name: 住民票の写し is there twice"),
    (
        KOSEKI,
        f"{KOSEKI}\nhours = {{ open = 05:00:00, close = 06:00:00 }}",
        "certificates 3 hours: never open: outside the municipality's, 06:30 to 23:00",
    ),
    (
        "[[certificates]]",
        "[[maintenance]]\nfrom = 2026-04-01T10:00:00\nto = 2026-04-01T11:00:00\n"
        'kinds = ["nozei", "register"]\n[[certificates]]',
        "maintenance 1 kinds 2: register is not on offer here",
    ),
    (
        "[[certificates]]",
        "[[maintenance]]\nfrom = 2026-04-01T10:00:00\nto = 2026-04-01T11:00:00\n"
        'kinds = ["nozei"]\n[[certificates]]',
        "maintenance 1 kinds 1: nozei is not on offer here",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), CASES, ids=[said[:40] for _, _, said in CASES])
def test_a_faulty_profile_is_refused_with_file_line_key_and_reason(old: str, new: str, said: str) -> None:
    assert old in TEXT
    text = TEXT.replace("excluded_cards", "#", 1) if "excluded_cards" in new else TEXT
    told = list(faults(text.replace(old, new, 1)))
    assert any(said in one for one in told), told
    assert all(one.partition(":")[0].isdigit() for one in told), "each of these has a line"


TAX = [
    ("years = 1", "years = 7", "tax years: 7 is not 1 to 6"),
    ("{era}年度", "{ear}年度", "tax label: {ear} means nothing; there are {era}, {income}, {year}"),
    ("{era}年度", "{era年度", "tax label: {era年度 means nothing;"),
    ('switch = "06-01"', 'switch = "06-31"', "tax switch: there is no 06-31"),
    (
        'years = 1, switch = "06-01", label = "{era}年度"',
        'years = 3, switch = "06-01", label = "年度"',
        "tax label: all 3 年度 would read alike",
    ),
    ('switch = "06-01"', 'switch = "6/1"', "tax switch: '6/1' is none"),
    ('switch = "06-01"', 'switch = "06-01", labels = { R1 = "x" }', "tax labels R1: a 年度 like"),
]


@pytest.mark.parametrize(("old", "new", "said"), TAX)
def test_faulty_tax_years_are_refused(old: str, new: str, said: str) -> None:
    at = line_of(ISHIKARI, "tax = {")
    assert old in ISHIKARI
    (told,) = faults(ISHIKARI.replace(old, new, 1))
    assert told.startswith(f"{at}: certificates 5 {said}")


def test_days_of_a_registration_that_nobody_waits_for_are_refused() -> None:
    (told,) = faults(ISHIKARI.replace("registration_days = 5", "registration_days = 5000", 1))
    assert "registration_days: 5000 is more than 90" in told


def test_a_tax_certificate_without_its_years_is_refused() -> None:
    (told,) = faults("\n".join(one for one in ISHIKARI.splitlines() if not one.startswith("tax =")))
    assert "certificates 5 tax: is missing; add tax = " in told


def test_all_faults_are_told_at_once_in_the_order_of_the_file() -> None:
    text = TEXT
    for old, new in (
        ('code = "162027"', 'code = "162028"'),
        ("prefecture =", "prefectur ="),
        ("close = 23:00:00", "close = 06:00:00"),
        ("max_copies = 10", 'max_copies = "ten"'),
        ('kind = "inkan"', 'kind = "inkann"'),
        ("yen = 350", "yen = 355"),
    ):
        text = text.replace(old, new, 1)
    told = list(faults(text))
    keys = [one.split(": ")[1] for one in told]
    assert keys == [
        "code",
        "prefectur",
        "hours close",
        "max_copies",
        "certificates 2 kind",
        "certificates 3 fees 1 yen",
    ]
    lines = [line_of(text, piece) for piece in ("162028", "prefectur", "06:00:00", '"ten"', "inkann", "355")]
    assert [int(one.partition(":")[0]) for one in told] == lines


def test_a_second_fault_behind_an_entry_that_cannot_be_read_keeps_its_number() -> None:
    text = TEXT.replace('kind = "juminhyo"', 'kind = "x"', 1).replace('kind = "fuhyo"', 'kind = "koseki"', 1)
    told = [one.partition(": ")[2] for one in faults(text)]
    assert told[1].startswith("certificates 4 kind: koseki is there twice")


def test_a_missing_key_is_told_with_the_entry_it_belongs_to() -> None:
    text = TEXT.replace('name = "印鑑登録証明書"\n', "", 1)
    (told,) = faults(text)
    at = line_of(text, '[[certificates]]\nkind = "inkan"')
    assert told == f"{at}: certificates 2: name is missing; add name = …"


def test_a_missing_key_of_the_whole_is_told_of_the_file() -> None:
    (told,) = faults(TEXT.replace("mayor =", "# mayor =", 1))
    assert told == "the file: mayor is missing; add mayor = …"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b'code = "162027"\nname', "2: file: is not TOML in UTF-8: "),
        (b"code = 1\ncode = 2\n", "2: file: is not TOML in UTF-8: Cannot overwrite a value"),
        ("code = '高岡'".encode("euc-jp"), "file: is not TOML in UTF-8: "),
        (b"a = " + b"[" * 100_000, "file: is not TOML in UTF-8: "),
    ],
)
def test_what_is_no_toml_is_refused(content: bytes, said: str) -> None:
    with pytest.raises(ProfileError) as refused:
        parse_profile(FILE, content)
    assert said in str(refused.value)


@given(st.text(max_size=80))
def test_any_text_is_a_profile_or_refused(text: str) -> None:
    with pytest.raises(ProfileError):
        parse_profile(FILE, text.encode("utf-8", "surrogatepass"))


LINES = TEXT.splitlines(keepends=True)


@given(st.lists(st.sampled_from(range(len(LINES))), max_size=4), st.lists(st.sampled_from(LINES), max_size=3))
def test_a_file_with_lines_lost_and_doubled_is_a_profile_or_refused_with_lines_of_it(
    lost: list[int], doubled: list[str]
) -> None:
    text = "".join(line for at, line in enumerate(LINES) if at not in lost) + "".join(doubled)
    try:
        parse_profile(FILE, text.encode())
    except ProfileError as error:
        assert error.faults
        assert all(0 <= fault.line <= text.count("\n") + 1 for fault in error.faults)


def test_a_profile_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="No such file"):
        load_profile(tmp_path / "none.toml")


@pytest.mark.parametrize(("five", "digit"), [("16202", 7), ("01235", 1), ("13101", 6), ("27100", 4)])
def test_the_check_digit_of_known_municipalities(five: str, digit: int) -> None:
    assert check_digit(five) == digit


def test_p11_the_hash_is_of_the_file(tmp_path: Path) -> None:
    other = tmp_path / "profile.toml"
    other.write_text(TEXT.replace("15", "16", 1), "utf-8")
    assert profile_hash(TAKAOKA) != profile_hash(other)

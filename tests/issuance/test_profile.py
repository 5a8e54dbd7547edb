"""What a profile offers, and what makes a file refused: file, key and reason (REQUIREMENTS §4)."""

from datetime import date, datetime, time
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.issuance.calendar import TOKYO
from daemon.issuance.hours import ClosedDays, Hours, Maintenance
from daemon.issuance.messages import Reason, Refusal
from daemon.issuance.profile import Profile, ProfileError, check_digit, load_profile, profile_hash

TAKAOKA = Path(__file__).parents[2] / "assets" / "municipalities" / "162027.toml"
TEXT = TAKAOKA.read_text("utf-8")
PROFILE = load_profile(TAKAOKA)
OTHER = load_profile(TAKAOKA.with_name("012351.toml"))


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=TOKYO)


def changed(**fields: object) -> Profile:
    return msgspec.structs.replace(PROFILE, **fields)


# ---------------------------------------------------------------- Takaoka, as its manual says


def test_takaoka_asks_the_fees_of_its_manual() -> None:
    fees = {one.kind: PROFILE.fee(one.kind, date(2026, 4, 1)) for one in PROFILE.certificates}
    assert fees == {"juminhyo": 200, "inkan": 200, "koseki": 350, "fuhyo": 200}


def test_takaoka_serves_koseki_to_its_residents_without_registration() -> None:
    assert (PROFILE.koseki_rule, PROFILE.registration_days) == ("residence", 0)


def test_takaoka_helps_at_five_offices() -> None:
    offices = [(office.name, office.address) for office in PROFILE.municipality().offices]
    assert offices[0] == ("高岡市役所本庁舎", "広小路7-50")
    assert [name for name, _ in offices[1:]] == ["伏木支所", "戸出支所", "中田支所", "福岡支所"]


def test_the_limits_are_those_of_the_service() -> None:
    assert (PROFILE.min_age, PROFILE.max_copies, PROFILE.idle_seconds) == (15, 10, 300)


def test_the_items_of_a_resident_record_are_for_the_citizen_to_choose() -> None:
    offering = PROFILE.offering("juminhyo")
    assert offering is not None
    assert offering.choices() == ("head", "honseki", "mynumber")
    assert offering.printed(("honseki",)) == {"honseki"}


def test_an_item_that_always_stands_there_is_no_choice() -> None:
    offering = PROFILE.offering("juminhyo")
    assert offering is not None
    fixed = msgspec.structs.replace(
        offering, items={"head": "always", "honseki": "choose", "mynumber": "never"}
    )
    assert fixed.choices() == ("honseki",)
    assert fixed.printed(()) == {"head"}


# ---------------------------------------------------------------- Ishikari, as its page says


def test_ishikari_asks_the_fees_of_its_page() -> None:
    fees = {one.kind: OTHER.fee(one.kind, date(2026, 4, 1)) for one in OTHER.certificates}
    assert fees == {"juminhyo": 350, "inkan": 350, "koseki": 450, "fuhyo": 350, "shotoku_kazei": 350}


def test_ishikari_serves_koseki_to_those_of_its_honseki_after_registration() -> None:
    assert (OTHER.koseki_rule, OTHER.registration_days) == ("registration", 5)


def test_ishikari_gives_the_latest_tax_year_only() -> None:
    offering = OTHER.offering("shotoku_kazei")
    assert offering is not None
    assert offering.tax_years == 1


@pytest.mark.parametrize(
    ("day", "clock", "reason"),
    [
        ("2026-12-28", "22:59", None),
        ("2026-12-28", "23:00", Reason.HOURS),
        ("2026-12-29", "12:00", Reason.CLOSED_DAY),
        ("2027-01-03", "12:00", Reason.CLOSED_DAY),
        ("2027-01-04", "06:29", Reason.HOURS),
        ("2027-01-04", "06:30", None),
    ],
)
def test_ishikari_is_closed_around_new_year(day: str, clock: str, reason: Reason | None) -> None:
    refusal = OTHER.opening("juminhyo", at(day, clock))
    assert (refusal.reason if refusal else None) is reason


def test_ishikari_helps_at_three_offices_and_by_a_number_for_phones() -> None:
    here = OTHER.municipality()
    assert (here.prefecture, here.name, OTHER.mayor) == ("北海道", "石狩市", "北海道石狩市長")
    *offices, line = here.offices
    assert [office.name for office in offices] == [
        "石狩市役所 市民課",
        "厚田支所 市民福祉課",
        "浜益支所 市民福祉課",
    ]
    assert line.phone == "0120-95-0178"
    assert "スマホ用電子証明書" in line.name


def test_ishikari_takes_the_certificate_of_an_android_phone() -> None:
    assert OTHER.smartphones == ("android",)


# ---------------------------------------------------------------- hours


@pytest.mark.parametrize(
    ("clock", "opened"), [("06:29:59", False), ("06:30", True), ("22:59:59", True), ("23:00", False)]
)
def test_the_hours_are_half_open_every_day(clock: str, opened: bool) -> None:
    refusal = PROFILE.opening(None, at("2026-01-01", clock))
    assert refusal == (None if opened else Refusal(Reason.HOURS, "06:30", "23:00"))


def test_a_shop_that_is_shorter_closes_earlier() -> None:
    assert PROFILE.opening("juminhyo", at("2026-04-01", "21:00"), "07:00", "21:00") == Refusal(
        Reason.HOURS, "07:00", "21:00"
    )
    assert PROFILE.opening("juminhyo", at("2026-04-01", "20:59"), "07:00", "21:00") is None


def test_a_shop_that_is_longer_does_not_open_the_municipality() -> None:
    assert PROFILE.opening(None, at("2026-04-01", "23:30"), "00:00", "23:59") is not None


def test_a_kind_may_have_hours_of_its_own() -> None:
    first, *others = PROFILE.certificates
    short = msgspec.structs.replace(first, hours=Hours(time(9), time(17)))
    profile = changed(certificates=(short, *others))
    assert profile.opening(first.kind, at("2026-04-01", "17:00")) == Refusal(Reason.HOURS, "09:00", "17:00")
    assert profile.opening("inkan", at("2026-04-01", "17:00")) is None
    assert profile.opening(None, at("2026-04-01", "17:00")) is None


@pytest.mark.parametrize(
    ("day", "closed"),
    [("2026-12-28", False), ("2026-12-29", True), ("2027-01-03", True), ("2027-01-04", False)],
)
def test_closed_days_go_across_new_year(day: str, closed: bool) -> None:
    refusal = changed(closed=(ClosedDays("12-29", "01-03"),)).opening(None, at(day, "12:00"))
    assert (refusal.reason if refusal else None) is (Reason.CLOSED_DAY if closed else None)


def test_maintenance_stops_everything_and_says_until_when() -> None:
    profile = changed(maintenance=(Maintenance(datetime(2026, 4, 1, 9), datetime(2026, 4, 1, 23, 30)),))
    until = at("2026-04-02", "00:00")
    assert profile.opening(None, at("2026-04-01", "09:00")) == Refusal(Reason.MAINTENANCE, until=until)
    assert profile.opening("inkan", at("2026-04-01", "08:59:59")) is None


def test_maintenance_of_one_kind_leaves_the_others() -> None:
    stop = Maintenance(datetime(2026, 4, 1, 9), datetime(2026, 4, 1, 10), ("koseki",))
    profile = changed(maintenance=(stop,))
    assert profile.opening("koseki", at("2026-04-01", "09:30")) is not None
    assert profile.opening("juminhyo", at("2026-04-01", "09:30")) is None
    assert profile.opening(None, at("2026-04-01", "09:30")) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.times(), st.times())
def test_a_site_never_opens_what_the_municipality_has_closed(now: datetime, open: time, close: time) -> None:
    site = (open.strftime("%H:%M"), close.strftime("%H:%M"))
    when = now.replace(tzinfo=TOKYO)
    if PROFILE.opening(None, when) is not None:
        assert PROFILE.opening(None, when, *site) is not None


# ---------------------------------------------------------------- fees that change


def test_a_fee_changes_on_its_day(tmp_path: Path) -> None:
    old = "{ yen = 200, valid_from = 2021-04-01, valid_to = 2026-03-31 }"
    new = "{ yen = 300, valid_from = 2026-04-01 }"
    profile = load_profile(written(tmp_path, FEE, f"{old}, {new}"))
    assert profile.fee("juminhyo", date(2026, 3, 31)) == 200
    assert profile.fee("juminhyo", date(2026, 4, 1)) == 300
    assert profile.fee("juminhyo", date(2021, 3, 31)) is None
    assert profile.fee("shotoku_kazei", date(2026, 4, 1)) is None


# ---------------------------------------------------------------- files that are refused


def written(folder: Path, old: str, new: str) -> Path:
    """Takaoka's profile with the first ``old`` in it changed."""
    assert old in TEXT
    path = folder / "profile.toml"
    path.write_text(TEXT.replace(old, new, 1), "utf-8")
    return path


FEE = "{ yen = 200, valid_from = 2021-04-01 }"


@pytest.mark.parametrize(
    ("old", "new", "key", "reason"),
    [
        ("prefecture =", 'prefectur = "x"\nprefecture =', "top level", "unknown field `prefectur`"),
        ('kind = "juminhyo"', 'kind = "juminhyou"', "certificates[0].kind", "juminhyou"),
        (FEE, "{ yen = 0, valid_from = 2021-04-01 }", "certificates.juminhyo.fees", "0 yen"),
        (FEE, "{ yen = -200, valid_from = 2021-04-01 }", "certificates.juminhyo.fees", "-200 yen"),
        (FEE, "{ yen = 205, valid_from = 2021-04-01 }", "certificates.juminhyo.fees", "multiple of 10"),
        (FEE, "", "certificates.juminhyo.fees", "needs a fee"),
        (FEE, f"{FEE}, {{ yen = 300, valid_from = 2026-04-01 }}", "certificates.juminhyo.fees", "overlap"),
        (
            FEE,
            "{ yen = 200, valid_from = 2021-04-01, valid_to = 2026-03-30 }, "
            "{ yen = 300, valid_from = 2026-04-01 }",
            "certificates.juminhyo.fees",
            "no fee between",
        ),
        (
            FEE,
            "{ yen = 200, valid_from = 2021-04-01, valid_to = 2021-03-01 }",
            "certificates.juminhyo.fees",
            "is after",
        ),
        ("close = 23:00:00", "close = 06:30:00", "hours", "not after open"),
        ('code = "162027"', 'code = "162028"', "code", "check digit should be 7"),
        ('code = "162027"', 'code = "16202"', "code", "six digits"),
        ('kind = "inkan"', 'kind = "juminhyo"', "certificates", "twice"),
        ("max_copies = 10", "max_copies = 11", "max_copies", "1 to 10"),
        ("min_age = 15", "min_age = 14", "min_age", "15"),
        ("idle_seconds = 300", "idle_seconds = 0", "idle_seconds", "above 0"),
        (
            "[[certificates]]",
            "[[maintenance]]\nfrom = 2026-04-01T10:00:00\nto = 2026-04-01T10:00:00\n[[certificates]]",
            "maintenance",
            "ends before it begins",
        ),
        ("min_age = 15", 'closed = [{ from = "13-01", to = "01-03" }]', "closed[0].from", "regex"),
        ("code =", "code", "file", "not TOML"),
    ],
)
def test_a_faulty_profile_is_refused_with_file_key_and_reason(
    tmp_path: Path, old: str, new: str, key: str, reason: str
) -> None:
    path = written(tmp_path, old, new)
    with pytest.raises(ProfileError) as refused:
        load_profile(path)
    assert refused.value.key == key
    assert reason in refused.value.reason
    assert str(path) in str(refused.value)


def test_a_profile_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match="No such file"):
        load_profile(tmp_path / "none.toml")


@pytest.mark.parametrize(("five", "digit"), [("16202", 7), ("01235", 1)])
def test_the_check_digit_of_known_municipalities(five: str, digit: int) -> None:
    assert check_digit(five) == digit


def test_the_hash_is_of_the_file(tmp_path: Path) -> None:
    assert profile_hash(TAKAOKA) != profile_hash(written(tmp_path, "15", "16"))

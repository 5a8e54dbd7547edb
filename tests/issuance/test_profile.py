"""What a profile offers, for how much and when (REQUIREMENTS §4, R29 to R34)."""

from datetime import date, datetime, time, timedelta
from pathlib import Path

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.issuance.calendar import TOKYO
from daemon.issuance.hours import ClosedDays, Hours, Maintenance
from daemon.issuance.messages import Reason, Refusal, TaxYear
from daemon.issuance.profile import Fee, Offering, Profile, TaxYears, load_profile, parse_profile

TAKAOKA = Path(__file__).parents[2] / "assets" / "municipalities" / "162027.toml"
PROFILE = load_profile(TAKAOKA)
OTHER = load_profile(TAKAOKA.with_name("012351.toml"))


def at(day: str, clock: str) -> datetime:
    return datetime.fromisoformat(f"{day}T{clock}").replace(tzinfo=TOKYO)


def changed(**fields: object) -> Profile:
    return msgspec.structs.replace(PROFILE, **fields)


# ---------------------------------------------------------------- Takaoka, as its manual says


def test_r29_takaoka_asks_the_fees_of_its_manual() -> None:
    fees = {one.kind: PROFILE.fee(one.kind, date(2026, 4, 1)) for one in PROFILE.certificates}
    assert fees == {"juminhyo": 200, "inkan": 200, "koseki": 350, "fuhyo": 200}


def test_takaoka_serves_koseki_to_its_residents_without_registration() -> None:
    assert (PROFILE.koseki_rule, PROFILE.registration_days) == ("residence", 0)


def test_takaoka_helps_at_five_offices() -> None:
    here = PROFILE.municipality()
    assert [(office.name, office.address) for office in here.offices] == [
        ("高岡市役所本庁舎", "広小路7-50"),
        ("伏木支所", "伏木湊町13-1"),
        ("戸出支所", "戸出町2丁目13-4"),
        ("中田支所", "下麻生1108"),
        ("福岡支所", "福岡町大滝12"),
    ]


def test_r2_takaoka_names_the_cards_that_cannot_be_used() -> None:
    cards = ("たかおか市民カード", "住民基本台帳カード", "通知カード")
    assert PROFILE.municipality().excluded_cards == PROFILE.excluded_cards == cards


def test_the_certificates_have_the_names_of_the_manual_and_of_the_page() -> None:
    assert [one.name for one in PROFILE.certificates] == [
        "住民票の写し",
        "印鑑登録証明書",
        "戸籍証明書",
        "戸籍の附票の写し",
    ]
    assert [one.name for one in OTHER.certificates] == [
        "住民票の写し",
        "印鑑登録証明書",
        "戸籍全部(個人)事項証明書(戸籍謄抄本)",
        "戸籍の附票の写し",
        "所得・課税証明書",
    ]


@pytest.mark.parametrize("profile", [PROFILE, OTHER], ids=["Takaoka", "Ishikari"])
def test_both_let_the_citizen_choose_whom_and_what_a_certificate_is_about(profile: Profile) -> None:
    scopes = {one.kind: one.scopes for one in profile.certificates if one.scopes}
    family = ("koseki_all", "koseki_one")
    assert scopes == {"juminhyo": ("self", "all", "part"), "koseki": family, "fuhyo": family}
    items = {one.kind: one.choices() for one in profile.certificates if one.items}
    assert items == {"juminhyo": ("head", "honseki", "mynumber")}


def test_r32_the_limits_are_those_of_the_service() -> None:
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


def test_r30_ishikari_asks_the_fees_of_its_page() -> None:
    fees = {one.kind: OTHER.fee(one.kind, date(2026, 4, 1)) for one in OTHER.certificates}
    assert fees == {"juminhyo": 350, "inkan": 350, "koseki": 450, "fuhyo": 350, "shotoku_kazei": 350}


def test_ishikari_serves_koseki_to_those_of_its_honseki_after_registration() -> None:
    assert (OTHER.koseki_rule, OTHER.registration_days) == ("registration", 5)


@pytest.mark.parametrize(("day", "year"), [("2026-05-31", 2025), ("2026-06-01", 2026), ("2027-01-01", 2026)])
def test_r25_ishikari_gives_the_latest_tax_year_only(day: str, year: int) -> None:
    years = OTHER.tax_years("shotoku_kazei", date.fromisoformat(day))
    assert years == (TaxYear(year, f"令和{year - 2018}年度"),)


def test_what_is_no_tax_certificate_has_no_tax_years() -> None:
    assert OTHER.tax_years("juminhyo", date(2026, 6, 1)) == ()
    assert PROFILE.tax_years("shotoku_kazei", date(2026, 6, 1)) == ()


def test_r41_registration_is_offered_by_ishikari_and_not_by_takaoka() -> None:
    assert (OTHER.offers_registration, PROFILE.offers_registration) == (True, False)


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
def test_r34_ishikari_is_closed_around_new_year(day: str, clock: str, reason: Reason | None) -> None:
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
def test_r34_the_hours_are_half_open_every_day(clock: str, opened: bool) -> None:
    refusal = PROFILE.opening(None, at("2026-01-01", clock))
    assert refusal == (None if opened else Refusal(Reason.HOURS, "06:30", "23:00"))


def test_r34_a_shop_that_is_shorter_closes_earlier() -> None:
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


def test_maintenance_of_the_registration_leaves_the_certificates() -> None:
    stop = Maintenance(datetime(2026, 4, 1, 9), datetime(2026, 4, 1, 10), ("register",))
    profile = changed(maintenance=(stop,))
    assert profile.opening("register", at("2026-04-01", "09:30")) is not None
    assert profile.opening("koseki", at("2026-04-01", "09:30")) is None


def test_of_two_stops_at_once_the_longer_one_is_told() -> None:
    stops = tuple(Maintenance(datetime(2026, 4, 1, 9), datetime(2026, 4, 1, end)) for end in (10, 12))
    refusal = changed(maintenance=stops).opening(None, at("2026-04-01", "09:30"))
    assert refusal == Refusal(Reason.MAINTENANCE, until=at("2026-04-01", "12:00"))


@pytest.mark.parametrize(
    ("day", "reason"),
    [
        ("2026-05-01", None),
        ("2026-05-02", Reason.CLOSED_DAY),
        ("2026-05-04", Reason.CLOSED_DAY),
        ("2026-05-06", Reason.CLOSED_DAY),
        ("2026-05-07", None),
        ("2026-09-22", Reason.CLOSED_DAY),
        ("2021-10-11", None),
    ],
    ids=[
        "Friday",
        "Saturday",
        "Monday, holiday",
        "substitute",
        "Thursday",
        "between two",
        "moved away in 2021",
    ],
)
def test_a_kind_of_weekdays_is_closed_on_saturdays_sundays_and_public_holidays(
    day: str, reason: Reason | None
) -> None:
    koseki = PROFILE.offering("koseki")
    assert koseki is not None
    weekdays = msgspec.structs.replace(koseki, hours=Hours(time(9), time(17), "weekdays"))
    profile = changed(certificates=(weekdays,))
    refusal = profile.opening("koseki", at(day, "12:00"))
    assert (refusal.reason if refusal else None) is reason
    assert profile.opening(None, at(day, "12:00")) is None


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.times(), st.times())
def test_a_site_never_opens_what_the_municipality_has_closed(now: datetime, open: time, close: time) -> None:
    site = (open.strftime("%H:%M"), close.strftime("%H:%M"))
    when = now.replace(tzinfo=TOKYO)
    if PROFILE.opening(None, when) is not None:
        assert PROFILE.opening(None, when, *site) is not None


# ---------------------------------------------------------------- fees that change


def test_a_fee_changes_on_its_day() -> None:
    old = "{ yen = 200, valid_from = 2021-04-01, valid_to = 2026-03-31 }"
    new = "{ yen = 300, valid_from = 2026-04-01 }"
    text = TAKAOKA.read_text("utf-8").replace("{ yen = 200, valid_from = 2021-04-01 }", f"{old}, {new}", 1)
    profile = parse_profile(TAKAOKA, text.encode())
    assert profile.fee("juminhyo", date(2026, 3, 31)) == 200
    assert profile.fee("juminhyo", date(2026, 4, 1)) == 300
    assert profile.fee("juminhyo", date(2021, 3, 31)) is None
    assert profile.fee("shotoku_kazei", date(2026, 4, 1)) is None


days = st.dates(date(2015, 1, 1), date(2040, 12, 31))


@given(st.lists(days, min_size=1, max_size=5, unique=True), days)
def test_r31_on_every_day_from_the_first_period_on_there_is_exactly_one_fee(
    starts: list[date], on: date
) -> None:
    """However often a fee changes: periods that follow each other leave no day without and none with two."""
    starts = sorted(starts)
    ends = [start - timedelta(days=1) for start in starts[1:]] + [date.max]
    periods = zip(starts, ends, strict=True)
    fees = tuple(Fee(10 * (at + 1), start, end) for at, (start, end) in enumerate(periods))
    offering = Offering("inkan", "印鑑登録証明書", fees)
    assert list(offering.complaints()) == []
    begun = [at for at, start in enumerate(starts) if start <= on]
    assert offering.fee(on) == (10 * (begun[-1] + 1) if begun else None)


@given(days, days, days, days)
def test_two_fees_for_one_day_are_always_complained_of(a: date, b: date, c: date, d: date) -> None:
    fees = (Fee(200, min(a, b), max(a, b)), Fee(300, min(c, d), max(c, d)))
    both = [fee for fee in fees if fee.valid_from <= c <= fee.valid_to]
    if len(both) == 2:
        offering = Offering("inkan", "印鑑登録証明書", fees)
        assert any("is in another period" in one.reason for one in offering.complaints())


# ---------------------------------------------------------------- tax years

TAX_YEARS = TaxYears(6, "06-01", "{era}年度({income}年中の所得)", {"2019": "平成31年度"})


def test_tax_years_are_written_as_the_municipality_writes_them() -> None:
    labels = [year.label for year in TAX_YEARS.on(date(2022, 6, 1))]
    assert labels[:3] == [
        "令和4年度(令和3年中の所得)",
        "令和3年度(令和2年中の所得)",
        "令和2年度(令和元年中の所得)",
    ]
    assert labels[3] == "平成31年度"
    assert labels[4] == "平成30年度(平成29年中の所得)"


def test_2019_is_reiwa_gannen_unless_the_profile_says_otherwise() -> None:
    assert TaxYears(1, "06-01").written(2019) == "令和元年度"


@given(days, st.integers(1, 6))
def test_the_tax_years_are_as_many_as_offered_and_none_of_the_future(on: date, number: int) -> None:
    years = [one.year for one in TaxYears(number, "06-10").on(on)]
    assert years == sorted(years, reverse=True)
    assert len(years) == number
    assert years[0] == on.year - (0 if (on.month, on.day) >= (6, 10) else 1)


# ---------------------------------------------------------------- subject rules


def test_what_keeps_people_from_certificates_is_said_in_the_profile() -> None:
    assert (PROFILE.move_out_blocks, PROFILE.support_blocks, PROFILE.blocks_from) == (
        "person",
        "person",
        "same-day",
    )

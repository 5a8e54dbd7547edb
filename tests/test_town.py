"""What this kiosk serves now: the published profile, within what the site allows (R34, R43, §4)."""

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from daemon.clock import TOKYO
from daemon.config import ASSETS, ConfigError, load_config
from daemon.issuance.messages import Reason, Refusal
from daemon.issuance.profile import ProfileError, profile_hash
from daemon.town import Town, load_municipality
from hal.contracts import TokenKind
from tests.settings import write_settings

FIRST = datetime(2026, 4, 1, 0, 0, tzinfo=TOKYO)
CARD = TokenKind.MY_NUMBER_CARD
TAKAOKA = ASSETS / "municipalities" / "162027.toml"
STOP = """\
[[site.maintenance]]
from = 2026-04-01T12:00:00
to = 2026-04-01T12:30:00
[[site.maintenance]]
from = 2026-04-01T14:00:00
to = 2026-04-01T15:00:00
kinds = ["koseki"]
"""


def town(folder: Path, site: str = "", at: datetime = FIRST, profile: str | None = None) -> Town:
    """On Takaoka's profile, or on this text in a file of its own."""
    changes = [("[card]", f"{site}\n[card]")]
    if profile is not None:
        file = folder / "municipality.toml"
        file.write_text(profile, "utf-8")
        changes.append(('municipality = "162027"', f'municipality = "162027"\nprofile = "{file}"'))
    return Town(load_config(write_settings(folder, *changes)), lambda: at)


@pytest.mark.parametrize(
    ("site", "at", "tokens"),
    [
        ("", FIRST, {CARD}),
        ("android_from = 2026-04-01", FIRST, {CARD, TokenKind.ANDROID}),
        ("android_from = 2026-04-01", FIRST - timedelta(seconds=1), {CARD}),
        ("iphone = true", FIRST, {CARD, TokenKind.IPHONE}),
        ("iphone = true\nandroid_from = 2020-01-01", FIRST, {CARD, TokenKind.IPHONE, TokenKind.ANDROID}),
    ],
)
def test_r43_phones_are_accepted_as_the_site_says(
    tmp_path: Path, site: str, at: datetime, tokens: set[TokenKind]
) -> None:
    assert town(tmp_path, f"[site]\n{site}", at).tokens == tokens


def test_r43_a_phone_that_the_municipality_does_not_take_is_not_taken_at_any_site(tmp_path: Path) -> None:
    only_android = 'smartphones = ["android"]\n' + TAKAOKA.read_text("utf-8")
    here = town(tmp_path, "[site]\niphone = true\nandroid_from = 2020-01-01", FIRST, only_android)
    assert here.tokens == {CARD, TokenKind.ANDROID}


@pytest.mark.parametrize(
    ("clock", "kind", "reason"),
    [
        ("11:59:59", None, None),
        ("12:00:00", None, Reason.MAINTENANCE),
        ("12:29:59", "inkan", Reason.MAINTENANCE),
        ("12:30:00", None, None),
        ("14:30:00", "koseki", Reason.MAINTENANCE),
        ("14:30:00", "inkan", None),
        ("14:30:00", None, None),
        ("21:00:00", None, Reason.HOURS),
    ],
)
def test_r34_a_site_has_stops_and_hours_of_its_own(
    tmp_path: Path, clock: str, kind: str | None, reason: Reason | None
) -> None:
    at = datetime.fromisoformat(f"2026-04-01T{clock}+09:00")
    refusal = town(tmp_path, f'[site]\nclose = "21:00"\n{STOP}', at).opening(kind)
    assert (refusal.reason if refusal else None) is reason


@pytest.mark.parametrize(
    ("day", "refusal"),
    [
        (1, None),
        (2, Refusal(Reason.CLOSED_DAY, "08:30", "23:00")),
        (4, Refusal(Reason.CLOSED_DAY, "08:30", "23:00")),
    ],
    ids=["Friday", "Saturday", "Monday, holiday"],
)
def test_a_kiosk_inside_a_town_hall_is_closed_when_the_hall_is(
    tmp_path: Path, day: int, refusal: Refusal | None
) -> None:
    hall = '[site]\nopen = "08:30"\ndays = "weekdays"'
    assert town(tmp_path, hall, datetime(2026, 5, day, 12, tzinfo=TOKYO)).opening(None) == refusal


def test_the_end_of_a_site_stop_is_told_in_whole_hours(tmp_path: Path) -> None:
    at = datetime(2026, 4, 1, 12, 10, tzinfo=TOKYO)
    until = datetime(2026, 4, 1, 13, tzinfo=TOKYO)
    assert town(tmp_path, STOP, at).opening(None) == Refusal(Reason.MAINTENANCE, until=until)


def test_the_idle_time_is_the_municipalitys_unless_the_kiosk_has_its_own(tmp_path: Path) -> None:
    slow = TAKAOKA.read_text("utf-8").replace("idle_seconds = 300", "idle_seconds = 240")
    assert town(tmp_path, profile=slow).idle == 240
    assert town(tmp_path, "[limits]\nidle = 60", profile=slow).idle == 60


def test_the_municipality_is_the_configured_one_with_the_hash_of_its_file(tmp_path: Path) -> None:
    here = load_municipality(load_config(write_settings(tmp_path)))
    assert here.profile.code == "162027"
    assert here.hash == profile_hash(TAKAOKA)


def test_a_municipality_without_a_profile_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ProfileError, match=r"999997\.toml"):
        load_municipality(load_config(write_settings(tmp_path, ("162027", "999997"))))


def test_a_profile_of_another_municipality_is_refused(tmp_path: Path) -> None:
    other = TAKAOKA.with_name("012351.toml").read_text("utf-8")
    with pytest.raises(ConfigError, match=r"\[kiosk\] profile is of 012351, but municipality = 162027"):
        town(tmp_path, profile=other)


def test_a_new_profile_answers_from_the_next_question_on(tmp_path: Path) -> None:
    at = datetime(2026, 4, 1, 12, 0, tzinfo=TOKYO)
    here = town(tmp_path, at=at, profile=TAKAOKA.read_text("utf-8"))
    assert here.opening(None) is None
    stop = "[[maintenance]]\nfrom = 2026-04-01T11:00:00\nto = 2026-04-01T13:00:00\n"
    with (tmp_path / "municipality.toml").open("a", encoding="utf-8") as file:
        file.write(stop)
    new = [one for one in (here.look(), here.look()) if one]
    assert new == [here.published]
    refusal = here.opening(None)
    assert refusal is not None
    assert refusal.reason is Reason.MAINTENANCE

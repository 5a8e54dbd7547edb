"""``madoguchi profile``: what it says of good and bad files, and how one is published."""

import os
import stat
from datetime import datetime
from io import StringIO
from pathlib import Path

import pytest

from daemon.issuance.calendar import TOKYO
from daemon.issuance.profile import ProfileError, parse_profile
from daemon.issuance.published import PNG, Published
from daemon.profile import command
from daemon.profile.show import shown
from tests.layout import ROOT

TAKAOKA = ROOT / "assets" / "municipalities" / "162027.toml"
ISHIKARI = TAKAOKA.with_name("012351.toml")
TEXT = TAKAOKA.read_text("utf-8")


def written(folder: Path, text: str, name: str = "new.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


# ---------------------------------------------------------------- check


def test_good_profiles_are_told_with_what_they_offer() -> None:
    out = StringIO()
    assert command.check([TAKAOKA, ISHIKARI], out) == 0
    takaoka, ishikari = out.getvalue().splitlines()
    assert takaoka == (
        f"{TAKAOKA}: ok: 富山県高岡市 (162027) offers 住民票の写し 200 yen, 印鑑登録証明書 200 yen, "
        "戸籍証明書 350 yen, 戸籍の附票の写し 200 yen"
    )
    assert ishikari.startswith(f"{ISHIKARI}: ok: 北海道石狩市 (012351) offers 住民票の写し 350 yen, ")


def test_each_fault_of_each_bad_file_is_a_line_and_the_status_is_1(tmp_path: Path) -> None:
    one = written(tmp_path, TEXT.replace("yen = 200", "yen = 205", 1).replace("23:00:00", "05:00:00"))
    two = written(tmp_path, "nonsense", "two.toml")
    out = StringIO()
    assert command.check([one, TAKAOKA, two], out) == 1
    first, second, good, last = out.getvalue().splitlines()
    hours, fee = (TEXT[: TEXT.index(piece)].count("\n") + 1 for piece in ("23:00:00", "yen = 200"))
    assert first.startswith(f"{one}:{hours}: hours close: ")
    assert second.startswith(f"{one}:{fee}: certificates 1 fees")
    assert good.startswith(f"{TAKAOKA}: ok: ")
    assert last.startswith(f"{two}:1: file: is not TOML")


def test_a_certificate_whose_last_fee_is_over_is_a_warning(tmp_path: Path) -> None:
    path, out = (
        written(tmp_path, TEXT.replace("2021-04-01 }", "2021-04-01, valid_to = 2024-03-31 }", 1)),
        StringIO(),
    )
    assert command.check([path], out) == 0
    assert f"{path}: warning: 住民票の写し has no fee after 2024-03-31" in out.getvalue()


def test_a_seal_that_is_named_must_be_beside_the_file(tmp_path: Path) -> None:
    path, out = written(tmp_path, 'seal = "seal.png"\n' + TEXT), StringIO()
    assert command.check([path], out) == 1
    assert "put the image of the 公印 there" in out.getvalue()
    (tmp_path / "seal.png").write_bytes(PNG)
    assert command.check([path], out) == 0


# ---------------------------------------------------------------- show


def said(text: str, at: str) -> str:
    what = Published(parse_profile(Path("x.toml"), text.encode()), "ab" * 32)
    return "\n".join(shown(what, datetime.fromisoformat(at).replace(tzinfo=TOKYO)))


def test_r29_r34_takaoka_is_shown_with_fees_and_hours_on_an_open_day() -> None:
    lines = said(TEXT, "2026-04-01T09:00").splitlines()
    assert lines[0] == "富山県高岡市 (162027), profile abababababab"
    assert lines[1] == "on 2026-04-01 (Wed) at 09:00"
    assert lines[3:8] == [
        "kind      certificate       yen  hours        at that moment",
        "juminhyo  住民票の写し      200  06:30-23:00  open",
        "inkan     印鑑登録証明書    200  06:30-23:00  open",
        "koseki    戸籍証明書        350  06:30-23:00  open",
        "fuhyo     戸籍の附票の写し  200  06:30-23:00  open",
    ]
    assert "  伏木支所          伏木湊町13-1" in lines


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-12-28T06:29", "outside its hours"),
        ("2026-12-28T06:30", "open"),
        ("2026-12-29T09:00", "closed today"),
    ],
)
def test_r30_r34_ishikari_is_shown_as_it_is_at_that_moment(at: str, state: str) -> None:
    text = said(ISHIKARI.read_text("utf-8"), at)
    assert f"450  06:30-23:00  {state}" in text
    assert f"利用登録申請 (takes 5 days)             -  06:30-23:00  {state}" in text
    assert "  12-29 to 01-03  every year  all" in text


RICH = (
    TEXT.replace(
        "fees = [{ yen = 350, valid_from = 2021-04-01 }]",
        "fees = [{ yen = 350, valid_from = 2021-04-01, valid_to = 2026-12-31 }, "
        "{ yen = 450, valid_from = 2027-01-01 }]\n"
        'hours = { open = 09:00:00, close = 17:00:00, days = "weekdays" }',
    )
    + "\n[[maintenance]]\nfrom = 2026-05-02T22:00:00\nto = 2026-05-03T04:30:00\n"
    '[[maintenance]]\nfrom = 2026-06-01T09:00:00\nto = 2026-06-01T10:00:00\nkinds = ["koseki", "fuhyo"]\n'
    "[[maintenance]]\nfrom = 2025-01-01T09:00:00\nto = 2025-01-01T10:00:00\n"
)


def test_what_is_ahead_is_shown_and_what_is_over_is_not() -> None:
    text = said(RICH, "2026-04-30T12:00")
    assert "  2027-01-01  戸籍証明書  450 yen" in text
    assert "  2026-05-02 22:00  to 2026-05-03 04:30  all" in text
    assert "  2026-06-01 09:00  to 2026-06-01 10:00  戸籍証明書 戸籍の附票の写し" in text
    assert "2025-01-01" not in text


@pytest.mark.parametrize(
    ("at", "state"),
    [
        ("2026-04-30T12:00", "350  09:00-17:00 weekdays  open"),
        ("2026-05-04T12:00", "350  09:00-17:00 weekdays  closed today"),
        ("2026-05-02T22:00", "350  09:00-17:00 weekdays  maintenance until 05-03 05:00"),
        ("2027-01-04T12:00", "450  09:00-17:00 weekdays  open"),
        ("2021-03-31T12:00", "-  09:00-17:00 weekdays  not on offer before 2021-04-01"),
    ],
)
def test_a_kind_of_its_own_hours_is_shown_as_it_is_at_that_moment(at: str, state: str) -> None:
    assert state in said(RICH, at)


def test_the_last_day_of_a_kind_without_a_later_fee_is_told() -> None:
    ended = TEXT.replace("valid_from = 2021-04-01 }", "valid_from = 2021-04-01, valid_to = 2026-09-30 }", 1)
    assert "  2026-10-01  住民票の写し  no longer on offer" in said(ended, "2026-04-30T12:00")
    assert "  -  06:30-23:00  no longer on offer" in said(ended, "2026-10-01T12:00")


def test_show_takes_a_day_and_a_time(capsys: pytest.CaptureFixture[str]) -> None:
    for on, at, line in (
        ("2026-12-29", "09:00", "on 2026-12-29 (Tue) at 09:00"),
        ("2026-12-29", "", "on 2026-12-29 (Tue) at 12:00"),
    ):
        out = StringIO()
        assert command.show(TAKAOKA, on, at, out) == 0
        assert out.getvalue().splitlines()[1] == line
    for on in ("29.12.2026", "2026-13-40"):
        with pytest.raises(ValueError, match=f"--on {on}: a day like"):
            command.show(TAKAOKA, on, "", StringIO())
    with pytest.raises(ValueError, match="--at 25:00: a time like"):
        command.show(TAKAOKA, "", "25:00", StringIO())


# ---------------------------------------------------------------- publish


def test_a_good_profile_takes_the_place_of_another_and_keeps_its_rights(tmp_path: Path) -> None:
    new, target = written(tmp_path, TEXT.replace("yen = 200", "yen = 250")), tmp_path / "served.toml"
    target.write_text(TEXT, "utf-8")
    target.chmod(0o640)
    before, out = target.stat().st_ino, StringIO()
    assert command.publish(new, target, out) == 0
    assert target.read_bytes() == new.read_bytes()
    assert (stat.S_IMODE(target.stat().st_mode), target.stat().st_ino == before) == (0o640, False)
    assert "住民票の写し 250 yen" in out.getvalue()
    assert {path.name for path in tmp_path.iterdir()} == {"new.toml", "served.toml"}


def test_a_first_profile_can_be_read_by_everybody(tmp_path: Path) -> None:
    target = tmp_path / "served.toml"
    assert command.publish(TAKAOKA, target, StringIO()) == 0
    assert stat.S_IMODE(target.stat().st_mode) == 0o644


def test_a_bad_profile_or_one_of_another_municipality_is_not_published(tmp_path: Path) -> None:
    target = written(tmp_path, TEXT, "served.toml")
    with pytest.raises(ProfileError, match="205 yen"):
        command.publish(written(tmp_path, TEXT.replace("yen = 200", "yen = 205", 1)), target, StringIO())
    out = StringIO()
    assert command.publish(ISHIKARI, target, out) == 1
    assert "is of 162027" in out.getvalue()
    assert target.read_text("utf-8") == TEXT


def test_a_bad_file_that_is_served_can_be_replaced(tmp_path: Path) -> None:
    target = written(tmp_path, "nonsense", "served.toml")
    assert command.publish(TAKAOKA, target, StringIO()) == 0
    assert target.read_text("utf-8") == TEXT


def test_the_seal_goes_along_or_nothing_does(tmp_path: Path) -> None:
    """A center without it would take up nothing, while the kiosks do."""
    new, target = written(tmp_path, 'seal = "seal.png"\n' + TEXT), tmp_path / "center" / "served.toml"
    target.parent.mkdir()
    with pytest.raises(ProfileError, match="put the image of the 公印 there"):
        command.publish(new, target, StringIO())
    assert not target.exists()
    assert command.publish(new, target, StringIO(), kiosk=True) == 0
    (tmp_path / "seal.png").write_bytes(PNG)
    assert command.publish(new, target, StringIO()) == 0
    assert target.with_name("seal.png").read_bytes() == PNG
    (tmp_path / "seal.png").unlink()
    assert command.publish(new, target, StringIO()) == 0


def test_a_disk_that_fails_leaves_the_old_profile_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    target = written(tmp_path, TEXT, "served.toml")

    def full(_: int) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="no space"):
        command.publish(TAKAOKA, target, StringIO())
    assert target.read_text("utf-8") == TEXT
    assert [path.name for path in tmp_path.iterdir()] == ["served.toml"]

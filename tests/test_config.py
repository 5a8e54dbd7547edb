"""The configuration file: what is right loads, what is wrong is refused with file, table and key."""

import json
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.config import DEVICES, ConfigError, load_config, masked
from drivers.registry import DRIVERS
from tests.settings import EXAMPLE, GOOD, write_settings

TABLES = ("kiosk", "center", "site", "limits", "staff")


def refusal(folder: Path, *changes: tuple[str, str]) -> str:
    """What is said of the good file with these changes; it must begin with the file's name."""
    path = write_settings(folder, *changes)
    with pytest.raises(ConfigError) as refused:
        config = load_config(path)
        for device in DEVICES:
            config.settings(device)
    said = str(refused.value)
    assert said.startswith(f"{path}: ")
    return said


# ---------------------------------------------------------------- what is right


def test_the_example_in_the_repository_loads_as_it_stands() -> None:
    config = load_config(EXAMPLE)
    assert config.kiosk.municipality == "162027"
    assert set(config.devices) == set(DEVICES)


def test_what_is_not_given_has_the_values_of_the_field(tmp_path: Path) -> None:
    config = load_config(write_settings(tmp_path))
    assert config.kiosk.true_clock
    assert (config.kiosk.clock_offset, config.kiosk.build) == (0.0, "")
    assert (config.limits.idle, config.limits.session) == (None, 1200.0)
    assert (config.site.android_from, config.site.iphone) == (None, False)


CARD = "0f" * 32


def staff(*lines: str) -> tuple[str, str]:
    return "[card]", "[staff.cards]\n" + "\n".join(lines) + "\n\n[card]"


def test_staff_are_numbers_and_their_cards_and_the_log_shows_only_the_numbers(tmp_path: Path) -> None:
    config = load_config(write_settings(tmp_path, staff(f'17 = "{CARD}"')))
    assert config.staff.cards == {"17": CARD}
    assert CARD not in config.effective()
    assert json.loads(config.effective())["staff"] == {"cards": ["17"]}


@pytest.mark.parametrize(
    ("lines", "text"),
    [
        (['"山田" = "' + CARD + '"'], "no name"),
        (['17 = "1234"'], "64 hex digits"),
        ([f'17 = "{CARD}"', f'18 = "{CARD}"'], "two staff numbers"),
    ],
)
def test_staff_that_cannot_be_are_refused(tmp_path: Path, lines: list[str], text: str) -> None:
    assert text in refusal(tmp_path, staff(*lines))


def test_the_first_day_of_phones_is_a_date(tmp_path: Path) -> None:
    path = write_settings(tmp_path, ("[card]", "[site]\nandroid_from = 2026-04-01\n\n[card]"))
    assert load_config(path).site.android_from == date(2026, 4, 1)


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_has_its_driver_and_the_drivers_own_settings(device: str, tmp_path: Path) -> None:
    driver, settings = load_config(write_settings(tmp_path)).settings(device)
    assert isinstance(settings, driver.Settings)


# ---------------------------------------------------------------- what is wrong


@pytest.mark.parametrize("table", [*TABLES, *DEVICES])
def test_an_unknown_key_is_refused_in_every_table_with_those_that_are_known(
    table: str, tmp_path: Path
) -> None:
    heading = f"[{table}]\n"
    change = (
        (heading, f"{heading}mistyped = 1\n")
        if heading in GOOD
        else ("[card]", f"{heading}mistyped = 1\n[card]")
    )
    assert f"[{table}] there is no mistyped, only: " in refusal(tmp_path, change)


@pytest.mark.parametrize("table", ["kiosk", "center", *DEVICES])
def test_a_missing_table_is_named_with_where_to_see_it(table: str, tmp_path: Path) -> None:
    path = write_settings(tmp_path)
    blocks = path.read_text("utf-8").split("\n\n")
    path.write_text("\n\n".join(block for block in blocks if not block.startswith(f"[{table}]")), "utf-8")
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    assert str(refused.value) == f"{path}: needs {table}; systemd/kiosk.example.toml shows every table"


@pytest.mark.parametrize("device", DEVICES)
def test_a_device_without_a_driver_is_told_which_there_are(device: str, tmp_path: Path) -> None:
    path = write_settings(tmp_path)
    lines = path.read_text("utf-8").splitlines()
    del lines[lines.index(f"[{device}]") + 1]
    path.write_text("\n".join(lines), "utf-8")
    with pytest.raises(ConfigError) as refused:
        load_config(path)
    names = [name for kind, name in DRIVERS if kind == device]
    assert str(refused.value) == f'{path}: [{device}] needs driver = "…", one of: {", ".join(names)}'


def test_an_unknown_driver_is_told_which_there_are(tmp_path: Path) -> None:
    said = refusal(tmp_path, ('driver = "silent"', 'driver = "loud"'))
    assert "[voice] driver = 'loud' does not exist; one of: alsa, silent, virtual" in said


def test_a_vendor_library_that_is_missing_breaks_its_own_driver_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "loud_driver.py").write_text("import vendors_own_library", "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setitem(DRIVERS, ("voice", "loud"), "loud_driver:Loud")
    config = load_config(write_settings(tmp_path, ('"silent"', '"loud"')))
    with pytest.raises(ConfigError, match=r"\[voice\] driver 'loud' needs vendors_own_library; install it"):
        config.settings("voice")
    assert config.settings("touch")


SILENT, ALSA = 'driver = "silent"', 'driver = "alsa"\n'
NIGHT = '{ from = "22:00", to = "07:00", volume = 40 }'


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ('"T01"', "1", "[kiosk] terminal: Expected `str`"),
        ('"T01"', '""', "[kiosk] terminal = '': 1 to 12 capital letters and digits"),
        ('"T01"', '"kiosk-1"', "[kiosk] terminal = 'kiosk-1'"),
        ('"162027"', '"../secret"', "[kiosk] municipality = '../secret': a 団体コード of six digits"),
        ("[center]", "clock_offset = inf\n[center]", "[kiosk] clock_offset = inf: seconds"),
        ("[center]", "clock_offset = nan\n[center]", "[kiosk] clock_offset = nan: seconds"),
        ("[card]", "look_seconds = 0\n[card]", "[center] look_seconds = 0.0: seconds above 0"),
        ("[card]", "[limits]\nidle = 0\n[card]", "[limits] idle = 0.0: seconds above 0"),
        ("[card]", "[limits]\nsession = -1\n[card]", "[limits] session = -1.0: seconds above 0"),
        ("[card]", "[limits]\ndark = 0\n[card]", "[limits] dark = 0.0: seconds above 0"),
        ("[card]", "[limits]\ndouble_tap = 3\n[card]", "[limits] double_tap = 3.0: seconds from 0 to 2"),
        ("[card]", "[limits]\nattendant = nan\n[card]", "[limits] attendant = nan: seconds above 0"),
        ("[card]", '[site]\nopen = "7am"\n[card]', "[site] open = '7am': an hour like \"07:00\""),
        ("[card]", '[site]\nclose = "24:00"\n[card]', "[site] close = '24:00': an hour like"),
        ("[card]", '[site]\nandroid_from = "soon"\n[card]', "[site] android_from: "),
        ("value = 10", 'value = "ten"', "[cash] hoppers 1 value: Expected `int`"),
        (
            SILENT,
            ALSA + 'hours = [{ from = "9:00", to = "12:00", volume = 40 }]',
            "[voice] hours 1: from = '9:00'",
        ),
        (SILENT, ALSA + 'hours = [{ from = "22:00", to = "07:00" }]', "[voice] hours 1: needs volume"),
        (SILENT, ALSA + "volume = 0", "[voice] volume = 0: 1 to 100 percent"),
        (SILENT, ALSA + f"hours = [{NIGHT}, {NIGHT}]", "[voice] hours 1 and hours 2 overlap"),
        ("[card]", 'keys = 1\n[card]\nreader = "x"', "not TOML in UTF-8: Cannot overwrite a value"),
    ],
)
def test_a_wrong_value_is_named_with_what_is_meant(tmp_path: Path, old: str, new: str, said: str) -> None:
    assert said in refusal(tmp_path, (old, new))


def test_a_kiosk_without_a_key_of_the_center_is_refused(tmp_path: Path) -> None:
    path = write_settings(tmp_path)
    path.write_text(path.read_text("utf-8").replace(f'["{tmp_path}/center.pem"]', "[]"), "utf-8")
    with pytest.raises(ConfigError, match=r"\[center\] keys is empty: name a PEM file"):
        load_config(path)


def test_a_file_that_is_not_there_is_told_by_its_name(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=rf"{tmp_path}/none.toml: No such file or directory; .*example"):
        load_config(tmp_path / "none.toml")


@given(st.integers(0, len(GOOD) - 1), st.integers(1, 40), st.text(max_size=12))
def test_whatever_is_damaged_in_a_file_the_refusal_begins_with_its_name(
    tmp_path_factory: pytest.TempPathFactory, at: int, length: int, instead: str
) -> None:
    path = tmp_path_factory.getbasetemp() / "damaged.toml"
    path.write_text(GOOD[:at] + instead + GOOD[at + length :], "utf-8", "replace")
    try:
        config = load_config(path)
        for device in DEVICES:
            config.settings(device)
    except ConfigError as error:
        assert str(error).startswith(f"{path}: ")


# ---------------------------------------------------------------- what goes to the log


def test_the_effective_configuration_is_one_line_with_every_table_and_default(tmp_path: Path) -> None:
    line = load_config(write_settings(tmp_path)).effective()
    assert "\n" not in line
    told = json.loads(line)
    assert set(told) == {*TABLES, *DEVICES}
    assert told["staff"] == {"cards": []}
    assert told["limits"]["session"] == 1200.0
    assert told["cash"]["hoppers"] == [{"address": 3, "value": 10, "loaded": 10}]


def test_the_effective_configuration_holds_no_secret(tmp_path: Path) -> None:
    path = write_settings(
        tmp_path,
        ("ipp://127.0.0.1", "ipp://admin:CANARY@127.0.0.1"),
        (f"unix:{tmp_path}/center.sock", "https://CANARY@center.example:8443"),
    )
    line = load_config(path).effective()
    assert "CANARY" not in line
    assert "ipp://***@127.0.0.1:1/ipp/print" in line
    assert (tmp_path / "center.pem").read_text("utf-8").splitlines()[1] not in line


@given(st.text("abcXYZ019%:._~-", min_size=1))
def test_whatever_stands_before_the_at_of_an_address_is_masked(secret: str) -> None:
    assert masked(f"ipps://{secret}@printer.example:631/x") == "ipps://***@printer.example:631/x"


def test_a_date_where_no_driver_wants_one_does_not_disturb_the_log(tmp_path: Path) -> None:
    path = write_settings(tmp_path, ('driver = "silent"', 'driver = "silent"\nsince = 2026-04-01'))
    assert '"since": "2026-04-01"' in load_config(path).effective()

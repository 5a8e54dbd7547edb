"""``madoguchi registry``: a file brought up to date by the center's settings, or made of invented people."""

import sqlite3
from contextlib import closing
from io import StringIO
from pathlib import Path

import pytest

from daemon.__main__ import main
from daemon.center.database import is_made_up, open_engine
from daemon.center.registry import Registry
from daemon.center.server import run_center
from daemon.center.tables import SCHEMA
from daemon.center.tool import generate_file, migrate
from tests.center.test_migrations import make_old
from tests.center.world import ISHIKARI, PROFILE

SETTINGS = """\
listen = "unix:/run/center.sock"
registry = "{registry}"
profile = "{profile}"
seal_key = "seal.pem"
trust = []
"""


def settings(folder: Path, registry: str = "") -> Path:
    file = folder / "center.toml"
    file.write_text(SETTINGS.format(registry=registry or folder / "registry.db", profile=PROFILE), "utf-8")
    return file


def test_an_old_registry_becomes_one_of_the_municipality_of_the_settings(tmp_path: Path) -> None:
    make_old(tmp_path / "registry.db", numbered=False)
    out = StringIO()
    assert migrate(settings(tmp_path), out) == 0
    assert out.getvalue() == f"{tmp_path}/registry.db: from schema 0001 to {SCHEMA}\n"
    engine = open_engine(tmp_path / "registry.db")
    taro = Registry(engine).resident(1)
    assert not is_made_up(engine)
    engine.dispose()
    assert (taro.municipality, taro.koseki_municipality) == ("162027", "162027")


def test_a_registry_that_is_up_to_date_stays_as_it_is(tmp_path: Path) -> None:
    open_engine(tmp_path / "registry.db").dispose()
    out = StringIO()
    assert migrate(settings(tmp_path), out) == 0
    assert out.getvalue() == f"{tmp_path}/registry.db: has schema {SCHEMA} already\n"


def test_a_registry_that_was_not_there_is_said_to_be_new(tmp_path: Path) -> None:
    """The path may be mistyped."""
    out = StringIO()
    assert migrate(settings(tmp_path), out) == 0
    assert out.getvalue() == (
        f"{tmp_path}/registry.db: was not there; it is new, of schema {SCHEMA}, with nobody in it\n"
    )


@pytest.mark.parametrize("what", ["no folder", "noise", "another program's"])
def test_what_is_no_registry_is_named_with_the_reason_and_left_alone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], what: str
) -> None:
    file = tmp_path / ("none/registry.db" if what == "no folder" else "registry.db")
    if what == "noise":
        file.write_bytes(b"nothing of the kind " * 300)
    elif what == "another program's":
        with closing(sqlite3.connect(file)) as other:
            other.execute("CREATE TABLE songs (name TEXT)")
    before = file.read_bytes() if file.exists() else b""
    assert main(["registry", "migrate", "--config", str(settings(tmp_path, str(file)))]) == 2
    said = capsys.readouterr().err
    assert said.startswith(f"madoguchi: {file}: ")
    assert "registry" in said.removeprefix(f"madoguchi: {file}")
    assert (file.read_bytes() if file.exists() else b"") == before


def test_a_municipality_that_is_given_twice_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    twice = ["--municipality", str(PROFILE)] * 2
    assert main(["registry", "generate", str(tmp_path / "town.db"), "--people", "5", *twice]) == 2
    assert f"--municipality {PROFILE}: 162027 is given twice" in capsys.readouterr().err
    assert not list(tmp_path.glob("town.db*"))


def test_the_sample_in_memory_has_nothing_to_migrate(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["registry", "migrate", "--config", str(settings(tmp_path, "sample"))]) == 2
    assert "nothing to migrate" in capsys.readouterr().err


def test_a_generated_file_holds_the_people_and_knows_that_they_are_invented(tmp_path: Path) -> None:
    out = StringIO()
    file = tmp_path / "town.db"
    assert generate_file(file, 20, 3, [PROFILE, ISHIKARI], "2026-04-01", out) == 0
    assert out.getvalue().startswith(f"{file}: 20 people, ")
    assert out.getvalue().endswith("; day 2026-04-01, seed 3\n")
    engine = open_engine(file)
    assert is_made_up(engine)
    engine.dispose()


@pytest.mark.parametrize("day", ["2026-04-01", ""])
def test_invented_people_never_go_into_a_registry_that_is_there(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], day: str
) -> None:
    file = tmp_path / "registry.db"
    open_engine(file).dispose()
    before = file.read_bytes()
    arguments = ["registry", "generate", str(file), "--people", "5", "--municipality", str(PROFILE)]
    assert main([*arguments, "--day", day]) == 2
    assert "is there already" in capsys.readouterr().err
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("people", "day", "said"), [("0", "2026-04-01", "at least"), ("5", "yesterday", "yesterday")]
)
def test_a_town_that_cannot_be_made_leaves_no_file(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], people: str, day: str, said: str
) -> None:
    file = tmp_path / "town.db"
    arguments = ["registry", "generate", str(file), "--people", people, "--municipality", str(PROFILE)]
    assert main([*arguments, "--day", day]) == 2
    assert said in capsys.readouterr().err
    assert not list(tmp_path.glob("town.db*"))


def test_a_center_does_not_start_on_a_registry_that_is_out_of_date_and_says_what_to_do(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    make_old(tmp_path / "registry.db", numbered=False)
    assert run_center(settings(tmp_path)) == 1
    assert "has schema 0001, this program needs" in caplog.text
    assert "madoguchi registry migrate --config" in caplog.text

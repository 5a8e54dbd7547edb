"""The hash of what is installed: changes with every name and content that runs, with nothing else."""

from pathlib import Path

import pytest

from daemon import build
from daemon.build import build_hash


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A small installation in place of this one."""
    for name in (
        "hal/a.py",
        "drivers/card/b.py",
        "daemon/c.py",
        "assets/texts/ja.toml",
        "assets/certificates/d.typ",
    ):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, "utf-8")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    return tmp_path


def test_it_is_the_same_every_time() -> None:
    assert build_hash() == build_hash()
    assert len(bytes.fromhex(build_hash())) == 32


@pytest.mark.parametrize("name", ["hal/a.py", "drivers/card/b.py", "daemon/c.py", "assets/texts/ja.toml"])
def test_a_changed_file_changes_it(name: str, installed: Path) -> None:
    before = build_hash()
    (installed / name).write_text("other", "utf-8")
    assert build_hash() != before


def test_a_new_file_changes_it(installed: Path) -> None:
    before = build_hash()
    (installed / "drivers" / "new.py").touch()
    assert build_hash() != before


def test_a_file_that_is_gone_changes_it(installed: Path) -> None:
    before = build_hash()
    (installed / "hal" / "a.py").unlink()
    assert build_hash() != before


def test_two_files_that_change_places_change_it(installed: Path) -> None:
    before = build_hash()
    one, other = installed / "hal" / "a.py", installed / "daemon" / "c.py"
    text = one.read_text("utf-8")
    one.write_text(other.read_text("utf-8"), "utf-8")
    other.write_text(text, "utf-8")
    assert build_hash() != before


def test_caches_tests_and_time_do_not_change_it(installed: Path) -> None:
    before = build_hash()
    for name in ("hal/__pycache__/a.pyc", "tests/test_a.py", "README.md"):
        (installed / name).parent.mkdir(exist_ok=True)
        (installed / name).touch()
    (installed / "hal" / "a.py").touch()
    assert build_hash() == before


def test_where_it_is_installed_does_not_change_it(installed: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = build_hash()
    elsewhere = installed.with_name("elsewhere")
    installed.rename(elsewhere)
    monkeypatch.setattr(build, "ROOT", elsewhere)
    assert build_hash() == before
    elsewhere.rename(installed)

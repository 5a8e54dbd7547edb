"""``madoguchi check``: explains, changes nothing, and finds what would keep the kiosk from selling."""

from io import StringIO
from pathlib import Path

import pytest

from daemon import town
from daemon.build import build_hash
from daemon.check import check
from daemon.config import ConfigError
from tests.settings import write_settings

TLS = """\
address = "https://center.example:8443"
ca = "{0}/ca.pem"
certificate = "{0}/own.pem"
key = "{0}/own.key"
"""


def checked(path: Path) -> tuple[int, list[str], str]:
    """(exit status, problems, everything said)."""
    out = StringIO()
    status = check(path, out)
    lines = out.getvalue().splitlines()
    return (
        status,
        [line.removeprefix("PROBLEM: ") for line in lines if line.startswith("PROBLEM: ")],
        out.getvalue(),
    )


def only_problem(path: Path) -> str:
    status, problems, said = checked(path)
    assert (status, len(problems)) == (1, 1), said
    assert said.splitlines()[-1] == "1 problem(s)"
    return problems[0]


def with_tls(folder: Path) -> Path:
    return write_settings(folder, (f'address = "unix:{folder}/center.sock"', TLS.format(folder)))


def test_a_good_configuration_is_explained_and_can_run(tmp_path: Path) -> None:
    status, problems, said = checked(write_settings(tmp_path))
    assert (status, problems) == (0, [])
    assert said.splitlines()[-1] == "this configuration can run"
    for part in (
        "terminal T01 of municipality 162027",
        "center.sock",
        "cctalk: port=",
        "silent",
        build_hash(),
    ):
        assert part in said


def test_it_changes_nothing(tmp_path: Path) -> None:
    path = write_settings(tmp_path)
    before = {file: file.read_bytes() for file in tmp_path.iterdir()}
    checked(path)
    assert {file: file.read_bytes() for file in tmp_path.iterdir()} == before


def test_it_shows_no_password_of_an_address(tmp_path: Path) -> None:
    _, _, said = checked(write_settings(tmp_path, ("ipp://", "ipp://admin:CANARY@")))
    assert "CANARY" not in said


def test_a_kiosk_without_a_socket_is_told_what_it_misses(tmp_path: Path) -> None:
    _, _, said = checked(write_settings(tmp_path, (f'socket = "{tmp_path}/kiosk.sock"\n', "")))
    assert "(none: status and resolve do not work)" in said


def test_a_file_that_is_no_configuration_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ConfigError):
        check(tmp_path / "none.toml", StringIO())


def test_every_problem_is_found_at_once(tmp_path: Path) -> None:
    path = write_settings(
        tmp_path,
        (f"{tmp_path}/journal.db", f"{tmp_path}/none/journal.db"),
        (f"{tmp_path}/center.pem", f"{tmp_path}/none.pem"),
        ('driver = "silent"', 'driver = "loud"'),
    )
    status, problems, said = checked(path)
    assert (status, len(problems)) == (1, 3), said


# ---------------------------------------------------------------- one problem each


def test_a_wrong_key_of_a_device(tmp_path: Path) -> None:
    path = write_settings(tmp_path, ('"gpio"', '"gpio"\nlamp = 3'))
    assert "[cabinet] there is no lamp, only: card_lamp" in only_problem(path)


def test_a_folder_for_the_journal_that_is_not_there(tmp_path: Path) -> None:
    path = write_settings(tmp_path, (f"{tmp_path}/journal.db", f"{tmp_path}/none/journal.db"))
    assert only_problem(path).startswith(
        f"[kiosk] journal: the folder {tmp_path}/none does not exist; make it"
    )


def test_a_municipality_without_a_profile(tmp_path: Path) -> None:
    said = only_problem(write_settings(tmp_path, ("162027", "999997")))
    assert "assets/municipalities/999997.toml" in said
    assert "No such file" in said


@pytest.mark.parametrize("content", [b"code = ", b"\xff\xff", b'code = "1"'])
def test_a_profile_that_cannot_be_read(
    content: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    profile = tmp_path / "municipalities" / "162027.toml"
    profile.parent.mkdir()
    profile.write_bytes(content)
    monkeypatch.setattr(town, "ASSETS", tmp_path)
    status, problems, _ = checked(write_settings(tmp_path))
    assert status == 1
    assert [one.startswith(f"{profile}:") for one in problems] == [True] * len(problems)


def test_a_build_that_is_not_the_approved_one(tmp_path: Path) -> None:
    path = write_settings(tmp_path, ("[center]", f'build = "{"0" * 64}"\n[center]'))
    assert only_problem(path).startswith("[kiosk] build is not the hash of the installed files")


def test_the_approved_build_is_no_problem(tmp_path: Path) -> None:
    path = write_settings(tmp_path, ("[center]", f'build = "{build_hash()}"\n[center]'))
    assert checked(path)[0] == 0


def test_a_key_of_the_center_that_is_not_there(tmp_path: Path) -> None:
    path = write_settings(tmp_path, (f"{tmp_path}/center.pem", f"{tmp_path}/none.pem"))
    assert only_problem(path) == (
        f"[center] keys: {tmp_path}/none.pem: No such file or directory; copy the center's public key there"
    )


def test_a_key_of_the_center_that_is_no_key(tmp_path: Path) -> None:
    path = write_settings(tmp_path)
    (tmp_path / "center.pem").write_text("no key", "utf-8")
    assert only_problem(path).startswith(f"[center] keys: {tmp_path}/center.pem: not a public key in PEM")


@pytest.mark.parametrize("missing", ["ca.pem", "own.pem", "own.key"])
def test_a_tls_file_that_is_not_there_is_named(missing: str, tmp_path: Path) -> None:
    path = with_tls(tmp_path)
    for name in {"ca.pem", "own.pem", "own.key"} - {missing}:
        (tmp_path / name).touch()
    said = only_problem(path)
    assert said.startswith(f"[center] {tmp_path}/{missing}: No such file or directory; ")
    assert said.endswith("the center's operator issues the TLS files")


def test_tls_files_that_are_none(tmp_path: Path) -> None:
    path = with_tls(tmp_path)
    for name in ("ca.pem", "own.pem", "own.key"):
        (tmp_path / name).write_text("nothing", "utf-8")
    said = only_problem(path)
    assert f"ca = '{tmp_path}/ca.pem'" in said
    assert "no PEM files that belong together" in said


def test_an_https_center_without_tls_files(tmp_path: Path) -> None:
    path = write_settings(tmp_path, (f"unix:{tmp_path}/center.sock", "https://center.example:8443"))
    assert only_problem(path) == "[center] an https address needs ca, certificate and key (mutual TLS)"


def test_an_address_of_another_kind(tmp_path: Path) -> None:
    path = write_settings(tmp_path, (f"unix:{tmp_path}/center.sock", "http://center.example"))
    assert only_problem(path).endswith("unix:/path or https://host:port")

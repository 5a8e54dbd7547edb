"""A profile that is replaced while it is served: taken up whole and good, or not at all (P11)."""

import logging
import os
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.issuance.profile import ProfileError, profile_hash
from daemon.issuance.published import PNG, ProfileFile, published
from tests.layout import ROOT

TEXT = (ROOT / "assets" / "municipalities" / "162027.toml").read_text("utf-8")
DEARER = TEXT.replace("yen = 200", "yen = 250")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    file = tmp_path / "profile.toml"
    file.write_text(TEXT, "utf-8")
    return file


def replaced(path: Path, text: str) -> None:
    """As `install` or `mv` do it: the new file takes the name of the old one."""
    new = path.with_name("new.toml")
    new.write_text(text, "utf-8")
    new.replace(path)


def looks(file: ProfileFile, number: int = 2) -> list[str]:
    """The hash of what each of these looks took up."""
    return [new.hash for new in (file.look() for _ in range(number)) if new is not None]


def test_a_file_that_stays_as_it_is_changes_nothing(path: Path) -> None:
    file = ProfileFile(path, published(path))
    assert looks(file, 5) == []
    path.touch()
    assert looks(file, 5) == []


def test_a_new_profile_is_taken_up_once(path: Path) -> None:
    file = ProfileFile(path, published(path))
    replaced(path, DEARER)
    assert looks(file, 5) == [profile_hash(path)]
    assert file.current.profile.certificates[0].fees[0].yen == 250


def test_a_change_between_the_start_and_the_first_look_is_not_missed(path: Path) -> None:
    current = published(path)
    replaced(path, DEARER)
    assert looks(ProfileFile(path, current)) == [profile_hash(path)]


def test_the_way_back_is_taken_too(path: Path) -> None:
    file, before = ProfileFile(path, published(path)), published(path)
    replaced(path, DEARER)
    looks(file)
    replaced(path, TEXT)
    assert looks(file) == [before.hash]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (TEXT.replace("yen = 200", "yen = 205"), "certificates 1 fees 1 yen: 205 yen"),
        ("nonsense", "is not TOML"),
        (TEXT.replace('"162027"', '"012351"'), "this is the profile of 012351, but 162027 is served here"),
        (None, "No such file"),
    ],
    ids=["faulty", "no TOML", "another municipality", "gone"],
)
def test_a_bad_one_is_refused_and_told_once_and_the_old_one_stays_in_force(
    path: Path, caplog: pytest.LogCaptureFixture, text: str | None, said: str
) -> None:
    file, before = ProfileFile(path, published(path)), published(path)
    looks(file)
    if text is None:
        path.unlink()
    else:
        replaced(path, text)
    with caplog.at_level(logging.ERROR):
        assert looks(file, 5) == []
    (told,) = caplog.messages
    assert said in told
    assert f"{path}:" in told
    assert file.current == before
    replaced(path, DEARER)
    assert looks(file) == [profile_hash(path)]


@settings(max_examples=40)
@given(cuts=st.lists(st.integers(0, len(DEARER.encode()) - 1), max_size=4, unique=True).map(sorted))
def test_a_file_that_is_still_being_written_is_never_taken_up(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int]
) -> None:
    """However slowly it is copied in place: a part of a profile can be a good profile that offers less."""
    path = tmp_path_factory.mktemp("slow") / "profile.toml"
    path.write_text(TEXT, "utf-8")
    file, before = ProfileFile(path, published(path)), published(path)
    looks(file)
    whole = DEARER.encode()
    for cut in cuts:
        path.write_bytes(whole[:cut])
        assert file.look() is None
        assert file.current == before
    path.write_bytes(whole)
    assert looks(file) == [profile_hash(path)]


def test_a_new_file_of_the_same_size_and_time_is_seen(path: Path) -> None:
    file = ProfileFile(path, published(path))
    looks(file)
    stat = path.stat()
    replaced(path, TEXT.replace("yen = 200", "yen = 300"))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert looks(file) == [profile_hash(path)]


def test_the_center_wants_the_seal_beside_the_profile_and_the_kiosk_does_not(path: Path) -> None:
    path.write_text('seal = "seal.png"\n' + TEXT, "utf-8")
    assert published(path).profile.seal == "seal.png"
    with pytest.raises(ProfileError, match=r"seal: .*seal\.png: No such file"):
        published(path, with_seal=True)
    path.with_name("seal.png").write_bytes(b"GIF89a")
    with pytest.raises(ProfileError, match=r"seal\.png is no PNG"):
        published(path, with_seal=True)
    path.with_name("seal.png").write_bytes(PNG + b"rest")
    found = published(path, with_seal=True)
    assert (found.profile, found.seal) == (published(path).profile, PNG + b"rest")


def test_another_seal_under_the_same_name_is_taken_up_at_the_center_alone(path: Path) -> None:
    path.write_text('seal = "seal.png"\n' + TEXT, "utf-8")
    path.with_name("seal.png").write_bytes(PNG + b"one")
    center, kiosk = ProfileFile(path, published(path, True), True), ProfileFile(path, published(path))
    assert looks(center) == looks(kiosk) == []
    path.with_name("seal.png").write_bytes(PNG + b"the other")
    assert (looks(center), looks(kiosk)) == ([profile_hash(path)], [])
    assert center.current.seal == PNG + b"the other"
    path.with_name("seal.png").write_bytes(b"nothing")
    assert looks(center) == []
    assert center.current.seal == PNG + b"the other"

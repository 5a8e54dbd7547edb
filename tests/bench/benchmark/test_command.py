"""``make benchmark``: what it can be asked for."""

import pytest

from daemon.bench.benchmark.__main__ import SECTIONS, chosen, main


def test_its_help_names_every_part_and_says_what_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["--help"])
    told = capsys.readouterr().out
    assert end.value.code == 0
    for name, (_, text) in SECTIONS.items():
        assert f"{name:<9} {text}" in told


def test_a_part_that_there_is_not_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["fase"])
    assert end.value.code == 2
    assert "one of face" in capsys.readouterr().err


def test_without_a_name_everything_is_measured() -> None:
    assert chosen([]) == chosen(["all"]) == list(SECTIONS)
    assert chosen(["paper", "face", "face"]) == ["face", "paper"]

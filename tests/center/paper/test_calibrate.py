"""The chart for a printer: what stands on it can be set, and comes out of a printer's raster as it would."""

import re
import shlex
import subprocess
from pathlib import Path

import msgspec
import pytest
from PIL import Image

from daemon.__main__ import _parser, main
from daemon.center.documents.press import FONT
from daemon.center.paper.calibrate import SIDE, chart, patches
from daemon.center.paper.pattern import CELL, PAGE, Dots, mask
from daemon.center.settings import SettingsError, load_settings
from tests.center.world import press
from tests.layout import ROOT

SETTINGS = 'listen = "unix:/x"\nregistry = "sample"\nprofile = "x"\nseal_key = "x"\ntrust = []\n'


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Image.Image, str]:
    """(the chart in a printer's raster, its text)."""
    pdf = chart(press(), FONT)
    root = tmp_path_factory.mktemp("chart") / "page"
    subprocess.run(["pdftoppm", "-mono", "-r", "600", "-", str(root)], input=pdf, check=True)
    text = subprocess.run(["pdftotext", "-", "-"], input=pdf, capture_output=True, check=True)
    (page,) = root.parent.glob("page*.pbm")
    return Image.open(page).copy(), text.stdout.decode()


def test_every_patch_has_the_dots_of_its_line(drawn: tuple[Image.Image, str]) -> None:
    page, text = drawn
    assert page.size == PAGE
    for patch in patches():
        patch_side = SIDE * CELL
        area = (patch.left, patch.top, patch.left + patch_side, patch.top + patch_side)
        corner = (patch.left, patch.top, patch.left + CELL, patch.top + CELL)
        ground = mask(patch.dots, Image.new("1", (1, 1), 0), (CELL, CELL))
        assert page.crop(corner).tobytes() == ground.tobytes(), patch.name
        big, small = (cells * inks for cells, inks in zip((100, 684), patch.dots.ink, strict=True))
        assert abs(page.crop(area).histogram()[0] / (big + small) - 1) < 0.25
        assert re.search(rf"^{patch.name}\b", text, re.MULTILINE)


def test_the_line_below_a_patch_is_one_for_the_settings(tmp_path: Path) -> None:
    for patch in patches():
        (tmp_path / "center.toml").write_text(f"{SETTINGS}dots = {patch.dots}\n")
        assert load_settings(tmp_path / "center.toml").dots == patch.dots


def test_the_usual_dots_are_on_the_chart_and_are_the_default(tmp_path: Path) -> None:
    (tmp_path / "center.toml").write_text(SETTINGS)
    assert load_settings(tmp_path / "center.toml").dots == Dots() in [patch.dots for patch in patches()]


@pytest.mark.parametrize(
    ("dots", "says"),
    [
        ("{ big = 4, bigs = 2, small = 4 }", "small dots"),
        ("{ large = 4 }", "large"),
        ("{ big = 'x' }", "big"),
    ],
)
def test_dots_that_cannot_work_are_refused_with_the_reason(tmp_path: Path, dots: str, says: str) -> None:
    (tmp_path / "center.toml").write_text(f"{SETTINGS}dots = {dots}\n")
    with pytest.raises(SettingsError, match=rf"center\.toml.*{says}"):
        load_settings(tmp_path / "center.toml")


def test_the_command_writes_the_chart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["paper", "calibrate", str(tmp_path / "chart.pdf")]) == 0
    assert "600 dpi" in capsys.readouterr().out
    assert (tmp_path / "chart.pdf").read_bytes().startswith(b"%PDF")


def test_the_commands_and_the_setting_of_the_page_are_taken() -> None:
    page = (ROOT / "docs" / "paper.md").read_text("utf-8")
    commands = re.findall(r"^madoguchi (.+?)(?: <.*)?$", page, re.MULTILINE)
    assert len(commands) == 4
    for command in commands:
        _parser().parse_args(shlex.split(command))
    (setting,) = re.findall(r"^dots = (\{.*\})", page, re.MULTILINE)
    assert setting == str(Dots())
    assert msgspec.structs.asdict(Dots()).keys() == {"big", "bigs", "small", "smalls"}

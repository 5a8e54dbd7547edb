"""docs/scenarios.md has every word of a script, and no other."""

import re
from pathlib import Path

import pytest
from msgspec import Struct

from daemon.bench.scenario import Expectation, Kiosk, Step, load_scenario
from tests.layout import ROOT

PAGE = (ROOT / "docs" / "scenarios.md").read_text("utf-8")


def words(head: str) -> list[str]:
    """Of the first column of the table with this head."""
    rows = PAGE.partition(f"\n| {head} |")[2].partition("\n\n")[0].splitlines()[2:]
    return [word for row in rows for word in re.findall(r"`([a-z]+)`", row.split("|")[1])]


@pytest.mark.parametrize(
    ("head", "part"), [("word of a step", Step), ("`setup`", Kiosk), ("`expect`", Expectation)]
)
def test_a_table_has_every_word_once(head: str, part: type[Struct]) -> None:
    assert sorted(words(head)) == sorted(part.__struct_fields__)


def test_the_example_of_the_page_can_be_played(tmp_path: Path) -> None:
    path = tmp_path / "example.toml"
    path.write_text(PAGE.partition("```toml\n")[2].partition("```")[0], "utf-8")
    assert load_scenario(path).setup == Kiosk(idle=60)

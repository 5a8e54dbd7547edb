"""docs/municipality.md: the page's example is a good profile and has every key there is."""

import json
import re
import tomllib
from datetime import date
from pathlib import Path

import pytest

from daemon.__main__ import _parser
from daemon.issuance.profile import parse_profile
from daemon.profile.schema import WORDS, schema, undescribed
from tests.layout import ROOT

PAGE = (ROOT / "docs" / "municipality.md").read_text("utf-8")
(EXAMPLE,) = re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)
FOLDER = ROOT / "assets" / "municipalities"


def keys(value: object) -> set[str]:
    """Every key of every table."""
    if isinstance(value, dict):
        return set(value).union(*(keys(one) for one in value.values()))
    return set().union(*(keys(one) for one in value)) if isinstance(value, list) else set()


def test_the_example_passes_the_check() -> None:
    profile = parse_profile(Path("example.toml"), EXAMPLE.encode())
    assert profile.offers_registration
    years = profile.tax_years("shotoku_kazei", date(2026, 12, 5))
    assert [year.label for year in years] == [
        "令和8年度(令和7年中の所得)",
        "令和7年度(令和6年中の所得)",
        "令和6年度(令和5年中の所得)",
    ]


def test_the_example_has_every_key() -> None:
    known = {key for words in WORDS.values() for key in words}
    assert known <= keys(tomllib.loads(EXAMPLE))


def test_the_example_names_every_kind() -> None:
    kinds = json.loads(schema())["$defs"]["Offering"]["properties"]["kind"]["enum"]
    assert all(re.search(rf"\b{kind}\b", EXAMPLE) for kind in kinds)


@pytest.mark.parametrize("command", re.findall(r"`?madoguchi (profile [^`#\n]+)", PAGE))
def test_each_command_of_the_page_is_one_that_there_is(command: str) -> None:
    _parser().parse_args(command.split())


def test_the_schema_that_is_committed_is_the_one_of_the_types() -> None:
    """`madoguchi profile schema > assets/municipalities/schema.json` makes it anew."""
    assert (FOLDER / "schema.json").read_text("utf-8") == schema()


def test_every_key_has_a_word_for_editors() -> None:
    assert list(undescribed()) == []


@pytest.mark.parametrize("file", sorted(FOLDER.glob("*.toml")), ids=lambda file: file.name)
def test_every_profile_names_its_schema_for_editors(file: Path) -> None:
    first = file.read_text("utf-8").partition("\n")[0]
    assert first == "#:schema ./schema.json"
    assert file.with_name("schema.json").exists()


def test_the_schema_knows_nothing_that_toml_cannot_write() -> None:
    assert '"null"' not in schema()
    assert '"format": "time"' not in schema()

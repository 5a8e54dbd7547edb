"""docs/rules.md against the tests: each rule has a row, each test in it is there and names its rule."""

import ast
import re
from pathlib import Path

import pytest

from tests.layout import ROOT

NUMBERS = [f"R{k}" for k in range(1, 46)] + [f"P{k}" for k in range(1, 15)]


def rows() -> dict[str, list[str]]:
    """Number → its tests, as ``file::test``."""
    table = (ROOT / "docs" / "rules.md").read_text("utf-8")
    cells = [line.split("|") for line in table.splitlines() if re.match(r"\| [RP]\d", line)]
    return {cell[1].strip(): re.findall(r"`([^`\s]+::\w+)`", cell[4]) for cell in cells}


ROWS = rows()
PROOFS = [(number, test) for number, tests in ROWS.items() for test in tests]


def words_of(test: str) -> set[str]:
    """The numbers in this test's name and docstring. Raises LookupError: there is no such test."""
    file, name = test.split("::")
    for node in ast.walk(ast.parse((ROOT / "tests" / Path(file)).read_text("utf-8"))):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name == name:
            in_name = {part.upper() for part in name.split("_")}
            return in_name | set(re.findall(r"[RP]\d+", ast.get_docstring(node) or ""))
    raise LookupError(test)


def test_every_rule_and_property_has_its_row_in_order() -> None:
    assert list(ROWS) == NUMBERS


def test_every_rule_and_property_is_proved_by_a_test() -> None:
    assert [number for number, tests in ROWS.items() if not tests] == []


@pytest.mark.parametrize(("number", "test"), PROOFS)
def test_the_test_of_a_row_is_there_and_names_its_rule(number: str, test: str) -> None:
    assert number in words_of(test)


def test_what_a_row_says_of_the_code_is_there() -> None:
    table = (ROOT / "docs" / "rules.md").read_text("utf-8")
    files = re.findall(r"`((?:daemon|drivers|assets)/[\w/.]+)`", table)
    assert [file for file in files if not (ROOT / file).exists()] == []

"""The scanner sees the same keys as tomllib, each in the line in which it stands."""

import tomllib
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from daemon.issuance.toml_lines import lines_of
from tests.layout import ROOT

TORTURE = (
    r'''# a comment with [brackets] and = signs
top = 1
"quoted \"key\" ]" = """
text = 'no key' [no] header
""" # after
'plain # key' = '''
    + "'''\nx = 1\n'''"
    + r'''
dotted.a.b = [1, 2, # a comment, with ] in it
  { x = "}", "y.z" = [3] },
  "]",
]
quotes = """two "" inside and at the end"""""
when = 2026-04-01T09:00:00
[table."with.dot".sub]
key = true
[[list]]
a = 1
[[list.inner]]
b = 2
[[list.inner]]
b = 3
[list.own]
c = {}
[[list]]
[list.own]
c = []
'''
)


def paths(value: object, above: tuple[str | int, ...] = ()) -> set[tuple[str | int, ...]]:
    """Every key and index that tomllib has found."""
    children: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    found = {(*above, step) for step, _ in children}
    return found.union(*(paths(one, (*above, step)) for step, one in children))


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_a_file_full_of_traps_is_seen_as_tomllib_sees_it(end: str) -> None:
    text = TORTURE.replace("\n", end)
    assert paths(tomllib.loads(text)) <= set(lines_of(text))


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("top",), 2),
        (('quoted "key" ]',), 3),
        (("plain # key",), 6),
        (("dotted", "a", "b", 1), 9),
        (("dotted", "a", "b", 2, "y.z"), 10),
        (("dotted", "a", "b", 3), 11),
        (("when",), 14),
        (("table", "with.dot", "sub", "key"), 16),
        (("list", 0), 17),
        (("list", 0, "inner", 1, "b"), 22),
        (("list", 0, "own", "c"), 24),
        (("list", 1), 25),
        (("list", 1, "own", "c"), 27),
    ],
)
def test_a_key_is_found_in_its_line(path: tuple[str | int, ...], line: int) -> None:
    assert lines_of(TORTURE)[path] == line


@pytest.mark.parametrize("file", sorted(ROOT.glob("assets/**/*.toml")), ids=lambda file: file.name)
def test_every_file_of_ours_is_seen_as_tomllib_sees_it(file: Path) -> None:
    text = file.read_text("utf-8")
    assert paths(tomllib.loads(text)) <= set(lines_of(text))


VALUES = st.recursive(
    st.sampled_from(["1", '"a # b = [c]"', "'}'", "2026-04-01", '"""x\n] y"""', "true"]),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3).map(lambda items: "[" + ",\n ".join(items) + "]"),
        st.lists(inner, max_size=3).map(
            lambda items: "{ " + ", ".join(f"k{at} = {one}" for at, one in enumerate(items)) + " }"
        ),
    ),
    max_leaves=6,
)


@given(st.lists(VALUES, min_size=1, max_size=5))
def test_any_value_ends_where_tomllib_ends_it(values: list[str]) -> None:
    """Each value stands in a line of its own after the ones before: the scanner must not lose its place."""
    text, lines = "", {}
    for at, value in enumerate(values):
        lines[f"key{at}"] = text.count("\n") + 1
        text += f"key{at} = {value}\n"
    found = lines_of(text)
    assert paths(tomllib.loads(text)) <= set(found)
    assert {key: found[(key,)] for key in lines} == lines

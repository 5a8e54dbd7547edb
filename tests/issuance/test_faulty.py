"""Our own walk over a raw file and msgspec agree on every value: nothing gets through, nothing is made up."""

import copy
import re
import tomllib
from datetime import date, datetime, time

import msgspec
from hypothesis import given, settings
from hypothesis import strategies as st

from daemon.issuance.faulty import examine
from daemon.issuance.profile import Profile
from tests.layout import ROOT

PAGE = (ROOT / "docs" / "municipality.md").read_text("utf-8")
EXAMPLE = tomllib.loads(re.findall(r"```toml\n(.*?)```", PAGE, re.DOTALL)[0])
"""It has every key there is."""

Path = tuple[str | int, ...]
JUNK = st.one_of(
    st.sampled_from(
        ["", "choose", "weekdays", "01-03", "99-99", "juminhyo", "register", True, 0, -1, 10, 2.5]
    ),
    st.sampled_from([date(2026, 4, 1), time(9), datetime(2026, 4, 1, 9)]),
    st.sampled_from([[], {}, [{}], [[]], {"from": "12-29", "to": "01-03"}, ["self"], {"head": "always"}]),
)


def paths(value: object, above: Path = ()) -> list[Path]:
    children: list[tuple[str | int, object]] = []
    if isinstance(value, dict):
        children = list(value.items())
    elif isinstance(value, list):
        children = list(enumerate(value))
    deeper = [path for step, one in children for path in paths(one, (*above, step))]
    return [*((*above, step) for step, _ in children), *deeper]


def replaced(value: object, path: Path, new: object) -> None:
    """In place."""
    for step in path[:-1]:
        value = value[step]  # type: ignore[index]
    value[path[-1]] = new  # type: ignore[index]


def converts(raw: object) -> bool:
    try:
        msgspec.convert(raw, Profile)
    except msgspec.ValidationError:
        return False
    return True


def test_the_example_is_complained_of_in_nothing() -> None:
    assert examine(EXAMPLE, Profile) == []


@settings(max_examples=300)
@given(st.lists(st.tuples(st.sampled_from(paths(EXAMPLE)), JUNK), min_size=1, max_size=2))
def test_what_msgspec_refuses_is_complained_of_and_what_is_not_complained_of_it_takes(
    changes: list[tuple[Path, object]],
) -> None:
    raw = copy.deepcopy(EXAMPLE)
    for path, new in sorted(changes, key=lambda change: -len(change[0])):
        replaced(raw, path, copy.deepcopy(new))
    complaints = examine(raw, Profile)
    assert complaints or converts(raw)
    if not converts(raw):
        changed = [path for path, _ in changes]
        assert any(_touches(one.path, path) for one in complaints for path in changed)


def _touches(complaint: Path, changed: Path) -> bool:
    """The complaint is of what was changed, of something in it, or of the table it is missing from."""
    shorter = min(len(complaint), len(changed))
    return complaint[:shorter] == changed[:shorter]


@settings(max_examples=100)
@given(st.lists(st.sampled_from([path for path in paths(EXAMPLE) if isinstance(path[-1], str)]), max_size=6))
def test_every_misspelt_key_is_told_however_many_there_are(wrong: list[Path]) -> None:
    raw = copy.deepcopy(EXAMPLE)
    deepest_first = sorted(set(wrong), key=len, reverse=True)
    for path in deepest_first:
        table: object = raw
        for step in path[:-1]:
            table = table[step]  # type: ignore[index]
        assert isinstance(table, dict)
        table[f"{path[-1]}x"] = table.pop(path[-1])
    told = {one.path[-1] for one in examine(raw, Profile) if one.path}
    assert {f"{path[-1]}x" for path in wrong} <= told

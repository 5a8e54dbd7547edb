"""What a script may name is what the kiosk has."""

import ast
import dataclasses
import tomllib
from collections import defaultdict
from collections.abc import Iterator

from daemon.bench import vocabulary
from daemon.bench.rig import HOPPERS
from daemon.config import ASSETS
from daemon.session.widgets import Button, Keypad
from hal import faults
from tests.face.example_screens import all_screens
from tests.layout import ROOT

EXAMPLES = tuple(all_screens("ja").values())


def buttons(part: object) -> Iterator[str]:
    """Ids of all buttons in a screen, or in a part of one."""
    if isinstance(part, Button):
        yield part.id
    elif isinstance(part, Keypad):
        yield from ("key.clear", *(f"key.{digit}" for digit in range(10)))
    elif isinstance(part, tuple):
        for one in part:
            yield from buttons(one)
    elif dataclasses.is_dataclass(part):
        for field in dataclasses.fields(part):
            yield from buttons(getattr(part, field.name))


def shown() -> dict[str, set[str]]:
    """Screen → buttons, of all examples but error pages."""
    found: dict[str, set[str]] = defaultdict(set)
    for screen in EXAMPLES:
        if not screen.name.startswith("error."):
            found[screen.name] |= set(buttons(screen))
    return found


def error_codes() -> set[str]:
    """Of every error page that some place in the session's code makes."""
    calls = (
        node
        for path in (ROOT / "daemon" / "session").rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call)
    )
    return {code for call in calls for code in _code(call)}


def _code(call: ast.Call) -> Iterator[str]:
    """``Stopped(code, …)`` and ``screens.error(say, code, …)``."""
    match call.func:
        case ast.Name("Stopped"):
            place = 0
        case ast.Attribute(ast.Name("screens"), "error"):
            place = 1
        case _:
            return
    if isinstance(call.args[place], ast.Constant):
        yield str(ast.literal_eval(call.args[place]))


def test_screens_are_those_that_the_kiosk_can_show() -> None:
    assert set(vocabulary.SCREENS) == {*shown(), *(f"error.{code}" for code in error_codes())}


AS_MANY = ("certificate", "persons", "person", "year")
"""Screens with as many buttons as the citizen has kinds, names or years."""


def test_their_buttons_are_those_they_can_have() -> None:
    for name, has in shown().items():
        known = set(vocabulary.SCREENS[name])
        assert has <= known
        if name not in AS_MANY:
            assert has == known, name


def test_an_error_page_can_only_be_closed() -> None:
    errors = [set(buttons(screen)) for screen in EXAMPLES if screen.name.startswith("error.")]
    assert errors
    assert all(has == {"quit"} for has in errors)


def test_a_passing_screen_has_nothing_to_press() -> None:
    assert not [name for name in vocabulary.PASSING if name and vocabulary.SCREENS[name]]


def test_only_digits_can_be_a_pin() -> None:
    digits = {button for button in vocabulary.buttons() if vocabulary.is_digit(button)}
    assert digits == {f"key.{digit}" for digit in range(10)}


def test_coins_are_those_the_hoppers_pay() -> None:
    assert set(vocabulary.COINS) == {value for value, _ in HOPPERS.values()}


def test_cases_are_those_that_the_catalogue_names() -> None:
    catalogue = tomllib.loads((ASSETS / "events.toml").read_text("utf-8"))
    kinds = catalogue["case.opened"]["fields"]["kind"].replace(" or ", ", ").split(", ")
    assert sorted(kinds) == sorted(vocabulary.CASES)


def test_the_catalogues_are_all_there() -> None:
    assert faults.PRINTER_JAM in vocabulary.faults()
    assert "session.ended" in vocabulary.events()
    assert "card.forgotten" in vocabulary.spoken()
    assert {"taro", "hanako"} <= vocabulary.cards("162027")

"""The two catalogues of assets/ are complete, and equal to what the code knows and does."""

import ast
import re
from collections.abc import Iterator

import pytest

from hal import faults as codes
from scripts.journal_catalog import catalog, events, faults
from tests.layout import ROOT

LANGUAGES = {"ja", "en", "ko", "zh-Hans", "zh-Hant", "es", "pt"}
SEVERITIES = {"info", "warning", "error", "critical"}
FAULT_KEYS = {"severity", "sell", "message_id", "citizen", "clerk", "technician"}
PERSONAL = {"name", "address", "birth", "serial", "certificate", "pin", "holder", "mynumber", "sex", "person"}

EVENTS = events()
FAULTS = faults()
CODES = {value for name, value in vars(codes).items() if name.isupper()}


def test_the_fault_catalogue_knows_exactly_the_codes_of_hal() -> None:
    assert set(FAULTS) == CODES


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_says_how_bad_it_is_and_whether_the_kiosk_sells(code: str) -> None:
    fault = FAULTS[code]
    assert set(fault) == FAULT_KEYS
    assert fault["severity"] in SEVERITIES
    assert isinstance(fault["sell"], bool)
    assert not (fault["sell"] and fault["severity"] == "critical")


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_speaks_to_the_citizen_in_all_languages_or_in_none(code: str) -> None:
    citizen = FAULTS[code]["citizen"]
    assert set(citizen) == LANGUAGES
    assert len({bool(text) for text in citizen.values()}) == 1


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_tells_clerk_and_technician_what_to_do(code: str) -> None:
    for reader in (FAULTS[code]["clerk"], FAULTS[code]["technician"]):
        assert set(reader) == {"ja", "en"}
        assert all(text.strip() for text in reader.values())


def test_a_fault_that_stops_sales_is_seen_by_the_citizen_unless_the_screen_is_dark() -> None:
    silent = {code for code, fault in FAULTS.items() if not fault["sell"] and not fault["citizen"]["ja"]}
    assert silent == {codes.DISPLAY_LOST}


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_says_what_it_means_and_what_each_field_holds(name: str) -> None:
    event = EVENTS[name]
    assert set(event) == {"priority", "message_id", "meaning", "fields"}
    assert 0 <= event["priority"] <= 7
    assert set(event["meaning"]) == {"ja", "en"}
    assert all(event["fields"].values())


@pytest.mark.parametrize("name", EVENTS)
def test_an_event_has_no_field_for_personal_data(name: str) -> None:
    assert not set(EVENTS[name]["fields"]) & PERSONAL


def test_message_ids_are_128_bit_hex_and_used_once() -> None:
    ids = [entry["message_id"] for entry in (*EVENTS.values(), *FAULTS.values())]
    assert all(re.fullmatch("[0-9a-f]{32}", identity) for identity in ids)
    assert len(set(ids)) == len(ids)


def test_the_journal_catalogue_is_fresh() -> None:
    shipped = (ROOT / "systemd" / "madoguchi.catalog").read_text("utf-8")
    assert shipped == catalog(), "run: make generate"


def test_every_event_the_daemon_writes_is_in_the_catalogue_with_its_fields() -> None:
    for place, event, fields in written_events():
        assert event in EVENTS, f"{place}: {event} is not in assets/events.toml"
        surplus = fields - set(EVENTS[event]["fields"])
        assert not surplus, f"{place}: {event} has no field {surplus} in assets/events.toml"


def written_events() -> Iterator[tuple[str, str, set[str]]]:
    """(place, event, fields) of each ``….write("a.b", …, field=…)`` and ``….note("a.b", field=…)``."""
    for path in (ROOT / "daemon").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and (event := _event(node)):
                fields = {keyword.arg for keyword in node.keywords if keyword.arg}
                yield f"{path.relative_to(ROOT)}:{node.lineno}", event, fields


def _event(call: ast.Call) -> str:
    writes = isinstance(call.func, ast.Attribute) and call.func.attr in ("write", "note")
    if not writes or not call.args or not isinstance(call.args[0], ast.Constant):
        return ""
    value = call.args[0].value
    return value if isinstance(value, str) and re.fullmatch(r"[a-z]+\.[a-z]+", value) else ""

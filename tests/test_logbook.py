"""Journal entries in the system journal: named fields, and a message id for `journalctl -x`."""

import logging
import re
from collections.abc import Mapping
from datetime import datetime

import pytest
from cysystemd import journal

from daemon.clock import TOKYO
from daemon.config import ASSETS
from daemon.logbook import tell, writer
from daemon.session.catalogue import load_events, load_faults
from daemon.session.entries import Entry, Value

EVENTS = load_events(ASSETS)
FAULTS = load_faults(ASSETS)
SESSION = "5e" * 16
JOURNALD_FIELD = re.compile("[A-Z][A-Z0-9_]{0,63}")

Sent = dict[str, object]


def entry(event: str, **data: Value) -> Entry:
    return Entry(7, datetime(2026, 4, 1, 12, 0, tzinfo=TOKYO), "boot-1", SESSION, event, data, "ab" * 32)


@pytest.fixture
def sent(monkeypatch: pytest.MonkeyPatch) -> list[Sent]:
    """What journald gets; we run under systemd."""
    sent: list[Sent] = []
    monkeypatch.setenv("JOURNAL_STREAM", "8:12345")
    monkeypatch.setattr(journal, "send", lambda **fields: sent.append(fields))
    return sent


def only(sent: list[Sent]) -> Sent:
    (fields,) = sent
    return fields


def test_an_entry_goes_to_journald_with_its_fields(sent: list[Sent]) -> None:
    writer(EVENTS, FAULTS)(entry("payment.opened", due=400, unit=200, copies=2))
    assert only(sent) == {
        "message": "payment.opened 5e5e5e5e due=400 unit=200 copies=2",
        "message_id": EVENTS["payment.opened"].message_id,
        "priority": EVENTS["payment.opened"].priority,
        "syslog_identifier": "madoguchi",
        "madoguchi_event": "payment.opened",
        "madoguchi_session": SESSION,
        "madoguchi_due": "400",
        "madoguchi_unit": "200",
        "madoguchi_copies": "2",
    }


@pytest.mark.parametrize("code", FAULTS)
def test_a_fault_goes_by_its_own_message_id(code: str, sent: list[Sent]) -> None:
    writer(EVENTS, FAULTS)(entry("device.changed", device="x", code=code, detail="d"))
    assert only(sent)["message_id"] == FAULTS[code].message_id
    assert only(sent)["madoguchi_code"] == code


@pytest.mark.parametrize("code", ["", "a.code-of-tomorrow"])
def test_a_recovery_and_an_unknown_code_go_by_the_events_id(code: str, sent: list[Sent]) -> None:
    writer(EVENTS, FAULTS)(entry("device.changed", device="x", code=code, detail=""))
    assert only(sent)["message_id"] == EVENTS["device.changed"].message_id


@pytest.mark.parametrize("name", EVENTS)
def test_every_event_of_the_catalogue_can_be_sent(name: str, sent: list[Sent]) -> None:
    fields: Mapping[str, Value] = dict.fromkeys(EVENTS[name].fields, "value")
    writer(EVENTS, FAULTS)(entry(name, **fields))
    assert all(JOURNALD_FIELD.fullmatch(field.upper()) for field in only(sent))
    assert {f"madoguchi_{field}" for field in fields} <= set(only(sent))


@pytest.mark.parametrize("value", [["n1", "n2"], {"n1": "delivered"}, None, True, 0])
def test_a_value_of_any_kind_is_told_as_text(value: Value, sent: list[Sent]) -> None:
    writer(EVENTS, FAULTS)(entry("order.checked", order="o1", numbers=value))
    assert only(sent)["madoguchi_numbers"] == str(value)


def test_without_systemd_an_entry_is_a_line_of_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    caplog.set_level(logging.INFO)
    writer(EVENTS, FAULTS)(entry("session.ended", reason="complete"))
    assert caplog.messages == ["session.ended 5e5e5e5e reason=complete"]


def test_an_entry_without_a_session_or_data_is_a_short_line(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    caplog.set_level(logging.INFO)
    short = Entry(1, datetime(2026, 4, 1, tzinfo=TOKYO), "b", "", "session.started", {}, "ab")
    writer(EVENTS, FAULTS)(short)
    assert caplog.messages == ["session.started"]


def test_the_fault_of_the_journal_itself_is_told_by_its_message_id(sent: list[Sent]) -> None:
    tell(FAULTS["kiosk.journal"], "the disk is full")
    assert only(sent) == {
        "message": "kiosk.journal: the disk is full",
        "message_id": FAULTS["kiosk.journal"].message_id,
        "priority": 2,
        "syslog_identifier": "madoguchi",
        "madoguchi_code": "kiosk.journal",
        "madoguchi_detail": "the disk is full",
    }


def test_without_systemd_it_is_a_line_of_the_log(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.delenv("JOURNAL_STREAM", raising=False)
    tell(FAULTS["kiosk.journal"], "the disk is full")
    assert caplog.messages == ["kiosk.journal: the disk is full"]


def test_journald_itself_takes_what_is_sent() -> None:
    """The real sender accepts these fields; without a journald they go nowhere."""
    fields = {
        f"madoguchi_{name}": "x" for name in sorted({f for kind in EVENTS.values() for f in kind.fields})
    }
    journal.send(message="a test", message_id="0" * 32, priority=7, **fields)

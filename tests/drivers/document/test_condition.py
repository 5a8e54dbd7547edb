"""What the printer's keywords mean to the kiosk."""

import pytest

from drivers.document import attributes as a
from drivers.document.condition import Condition, read_condition
from hal import faults


def condition(
    *reasons: str, state: int = 3, tray: bytes = b"level=100;", missing: str = "", **changed: str
) -> Condition:
    texts = {
        "document-format-supported": "application/pdf",
        "media-supported": "iso_a4_210x297mm",
        "sides-supported": "two-sided-long-edge",
        **{key.replace("_", "-"): value for key, value in changed.items()},
    }
    found = [a.attribute(name, a.KEYWORD, value) for name, value in texts.items() if name != missing]
    found += [
        a.attribute("printer-state", a.ENUM, state),
        a.attribute("printer-state-reasons", a.KEYWORD, *(reasons or ("none",))),
        a.attribute("operations-supported", a.ENUM, 4, 5, 6, 8, 9, 10, 11),
        a.attribute("printer-input-tray", a.OCTETS, tray),
    ]
    return read_condition(a.message(0, 1, groups=[a.Group(a.PRINTER_GROUP, found)]), "ipp://printer")


@pytest.mark.parametrize("suffix", ["", "-error", "-warning", "-report"])
def test_a_reason_counts_whatever_its_severity(suffix: str) -> None:
    assert [fault.code for fault in condition("media-empty" + suffix).stops] == [faults.PRINTER_PAPER_OUT]


@pytest.mark.parametrize(
    ("reason", "code"),
    [
        ("media-jam", faults.PRINTER_JAM),
        ("door-open", faults.PRINTER_COVER),
        ("marker-supply-empty", faults.PRINTER_TONER_OUT),
        ("paused", faults.PRINTER_STOPPED),
        ("output-area-full", faults.PRINTER_STOPPED),
        ("vendor-says-no-error", faults.PRINTER_STOPPED),
    ],
)
def test_these_reasons_stop_the_printer(reason: str, code: str) -> None:
    found = condition(reason)
    assert found.obstacles(1)[0].code == code
    assert found.worst is not None and found.worst.code == code


@pytest.mark.parametrize("reason", ["none", "vendor-says-hello-warning", "vendor-says-hello", "sleep-report"])
def test_an_unknown_reason_that_is_no_error_does_not_stop_it(reason: str) -> None:
    assert condition(reason).worst is None


@pytest.mark.parametrize(
    ("reason", "code"),
    [("media-low-warning", faults.PRINTER_PAPER_LOW), ("toner-low-report", faults.PRINTER_TONER_LOW)],
)
def test_what_runs_low_is_reported_but_stops_nothing(reason: str, code: str) -> None:
    found = condition(reason)
    assert found.worst is not None and found.worst.code == code
    assert found.obstacles(1) == ()


def test_of_several_faults_the_worst_is_reported() -> None:
    found = condition("toner-low-warning", "cover-open-error", "media-jam-error")
    assert found.worst is not None and found.worst.code == faults.PRINTER_JAM


def test_a_stopped_printer_without_a_reason_is_stopped() -> None:
    assert [fault.code for fault in condition(state=5).stops] == [faults.PRINTER_STOPPED]


@pytest.mark.parametrize("name", ["document-format-supported", "media-supported", "sides-supported"])
def test_a_printer_that_lacks_what_a_certificate_needs_is_unsuitable(name: str) -> None:
    assert [fault.code for fault in condition(missing=name).obstacles(1)] == [faults.PRINTER_UNSUITABLE]


def test_a_tray_set_to_another_size_is_no_paper() -> None:
    found = condition(media_ready="na_letter_8.5x11in")
    assert [fault.code for fault in found.obstacles(1)] == [faults.PRINTER_PAPER_OUT]


def test_too_few_sheets_for_this_order_are_an_obstacle() -> None:
    found = condition(tray=b"type=other;level=2;status=0;")
    assert found.obstacles(2) == ()
    assert [fault.code for fault in found.obstacles(3)] == [faults.PRINTER_PAPER_OUT]


@pytest.mark.parametrize("tray", [b"level=-2;", b"level=-3;", b"level=;", b"", b"\xff=;level"])
def test_an_unknown_level_is_fine(tray: bytes) -> None:
    assert condition(tray=tray).obstacles(50) == ()

"""The survey of an IPP printer: against our own and against CUPS' ippeveprinter; no job is ever made."""

from contextlib import aclosing
from pathlib import Path

import pytest

from drivers.document.attributes import ENUM, PRINTER_GROUP, Group, attribute
from drivers.document.codes import GET_PRINTER, VALIDATE_JOB
from drivers.document.condition import lacking
from drivers.document.printer import IppSettings
from drivers.document.survey import IppSurvey
from drivers.document.virtual import VirtualPrinter
from hal import faults
from hal.contracts import Finding, Survey
from tests.drivers.document.test_ippeveprinter import ippeveprinter
from tests.virtual_time import run_virtual

URI = "ipp://printer/ipp/print"


def look(device: VirtualPrinter) -> Finding:
    """The first look at it, in memory."""

    async def main() -> Finding:
        survey: Survey = IppSurvey(IppSettings(URI), device.exchange)
        async with aclosing(survey.looks()) as looks:
            (found,) = await anext(looks)
            return found

    found = run_virtual(main())
    assert set(device.heard) <= {GET_PRINTER, VALIDATE_JOB}
    return found


def test_a_printer_is_told_by_what_it_is_and_can() -> None:
    found = look(VirtualPrinter(paper=100))
    facts = dict(found.facts)
    assert (found.name, found.faults) == ("printer", ())
    assert facts.pop("uuid").startswith("urn:uuid:")
    assert facts == {
        "model": "Madoguchi Virtual Printer",
        "name": "Madoguchi Virtual Printer",
        "serial": "VP-0001",
        "firmware": "1.0",
        "simulator": "yes",
        "prints PDF": "yes",
        "prints A4": "yes",
        "both sides": "yes",
        "operations": "yes",
        "as it must be": "yes",
        "knows too": "print-scaling, print-color-mode, printer-resolution",
        "state": "idle",
        "reasons": "none",
        "takes jobs": "yes",
        "paper ready": "iso_a4_210x297mm",
        "sheets": "100",
        "line": "not encrypted: for USB, or a cable of its own",
        "disk spool": "IPP does not tell; it must keep nothing: ask its maker",
        "for the kiosk": "yes",
    }


@pytest.mark.parametrize(
    ("code", "label", "value"),
    [
        (faults.PRINTER_PAPER_OUT, "sheets", "0"),
        (faults.PRINTER_PAPER_LOW, "reasons", "media-low-warning"),
        (faults.PRINTER_COVER, "reasons", "cover-open-report"),
        (faults.PRINTER_STOPPED, "state", "stopped"),
        (faults.PRINTER_REFUSES, "takes jobs", "no"),
        (faults.PRINTER_UNSUITABLE, "prints PDF", "no"),
    ],
)
def test_what_is_the_matter_is_told_by_code_and_by_the_printers_own_words(
    code: str, label: str, value: str
) -> None:
    device = VirtualPrinter()
    device.inject(code)
    found = look(device)
    assert [fault.code for fault in found.faults] == [code]
    assert dict(found.facts)[label] == value


def test_a_printer_that_cannot_do_our_jobs_is_told_why() -> None:
    device = VirtualPrinter()
    device.inject(faults.PRINTER_UNSUITABLE)
    reason = "no: application/pdf is not in its document-format-supported"
    assert dict(look(device).facts)["for the kiosk"] == reason


def test_a_printer_that_does_not_count_its_sheets_is_told_so_and_does_for_the_kiosk() -> None:
    device = VirtualPrinter()
    device.set_counting(False)
    facts = dict(look(device).facts)
    assert facts["sheets"] == "not told: the kiosk counts them, see madoguchi paper loaded"
    assert facts["for the kiosk"] == "yes"


def test_a_printer_that_would_not_take_our_job_with_fidelity_does_not_do() -> None:
    """It lists what we need, and refuses it all the same."""
    device = VirtualPrinter()
    device.refuse_two_sides()
    found = look(device)
    facts = dict(found.facts)
    reason = "no: it answers client-error-attributes-or-values-not-supported"
    assert (facts["both sides"], facts["as it must be"], facts["for the kiosk"]) == ("yes", reason, reason)
    assert [fault.code for fault in found.faults] == [faults.PRINTER_UNSUITABLE]


def test_the_operations_that_a_printer_lacks_are_named() -> None:
    lacks = Group(
        PRINTER_GROUP, [attribute("operations-supported", ENUM, 0x02, 0x04, 0x08, 0x09, 0x0A, 0x0B)]
    )
    assert lacking(lacks) == ["Create-Job", "Send-Document"]


@pytest.mark.parametrize(
    ("settings", "line"),
    [
        (IppSettings(URI), "not encrypted"),
        (IppSettings("ipps://printer/ipp/print"), "TLS, its certificate by"),
        (IppSettings("ipps://printer/ipp/print", "ab" * 32), "TLS, its certificate pinned"),
    ],
)
def test_how_the_line_is_kept_is_told(settings: IppSettings, line: str) -> None:
    async def main() -> Finding:
        async with aclosing(IppSurvey(settings, VirtualPrinter().exchange).looks()) as looks:
            return (await anext(looks))[0]

    assert dict(run_virtual(main()).facts)["line"].startswith(line)


def test_out_of_reach_is_a_fault_and_it_is_found_again() -> None:
    async def main() -> None:
        device = VirtualPrinter()
        device.reachable = False
        async with aclosing(IppSurvey(IppSettings(URI), device.exchange).looks()) as looks:
            (found,) = await anext(looks)
            assert [fault.code for fault in found.faults] == [faults.PRINTER_UNREACHABLE]
            device.reachable = True
            (found,) = await anext(looks)
            assert not found.faults

    run_virtual(main())


async def test_over_http_a_wrong_path_or_host_is_told_with_the_address() -> None:
    async with aclosing(IppSurvey(IppSettings("ipp://127.0.0.1:1/ipp/print")).looks()) as looks:
        (found,) = await anext(looks)
    assert "http://127.0.0.1:1/ipp/print" in found.faults[0].detail
    assert "check its power" in found.faults[0].detail


async def test_our_printer_over_http_is_asked_only_what_makes_no_job() -> None:
    device = VirtualPrinter()
    async with (
        device.serve() as port,
        aclosing(IppSurvey(IppSettings(f"ipp://127.0.0.1:{port}/ipp/print")).looks()) as looks,
    ):
        (found,) = await anext(looks)
        assert not found.faults
    assert list(device.heard) == [GET_PRINTER, VALIDATE_JOB]
    assert (device.jobs, device.tray) == ((), ())


async def test_a_printer_of_somebody_else_is_told_too(tmp_path: Path) -> None:
    """ippeveprinter: letter paper in its tray, so it does not do for the kiosk as it stands."""
    async with ippeveprinter(tmp_path) as printer:
        survey = IppSurvey(IppSettings(printer._settings.uri))
        async with aclosing(survey.looks()) as looks:
            (found,) = await anext(looks)
    facts = dict(found.facts)
    assert facts["name"] == "kiosk"
    assert facts["uuid"].startswith("urn:uuid:")
    assert (facts["prints PDF"], facts["prints A4"], facts["both sides"]) == ("yes", "yes", "yes")
    assert (facts["simulator"], facts["state"], facts["takes jobs"]) == ("no", "idle", "yes")
    assert facts["for the kiosk"] == "no: no tray is set to A4; load A4 and set the tray"
    assert not (tmp_path / "received.pdf").exists()

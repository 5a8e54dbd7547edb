"""Health: the kiosk sells once everything needed has reported and nothing that it needs is broken."""

import pytest

from daemon.session.catalogue import FaultKind
from daemon.session.health import Health
from hal.events import DeviceChanged
from hal.faults import CASH_LINK_LOST, PRINTER_JAM, PRINTER_TONER_LOW, Fault


def kind(code: str, *, sell: bool, citizen: str = "") -> FaultKind:
    return FaultKind(code, "error", sell, "", {"ja": citizen})


KINDS = {
    PRINTER_JAM: kind(PRINTER_JAM, sell=False, citizen="紙づまりです。"),
    PRINTER_TONER_LOW: kind(PRINTER_TONER_LOW, sell=True, citizen="トナーが残り少なくなりました。"),
    CASH_LINK_LOST: kind(CASH_LINK_LOST, sell=False),
}


def health(*well: str) -> Health:
    """document and cash are needed; these have reported themselves well."""
    made = Health(KINDS, frozenset({"document", "cash"}))
    for device in well:
        made.take(DeviceChanged(device, None))
    return made


def test_nothing_is_sold_before_everything_needed_has_reported() -> None:
    assert not health().can_sell
    assert not health("cash").can_sell
    assert health("cash").waiting_for == ("document",)
    assert health("cash", "document").can_sell


def test_a_device_that_has_not_reported_is_not_well() -> None:
    assert not health("cash").well("document")
    assert health("cash").well("cash")


@pytest.mark.parametrize(
    ("code", "sells"), [(PRINTER_JAM, False), (PRINTER_TONER_LOW, True), ("document.unheard-of", False)]
)
def test_the_catalogue_decides_what_stops_sales_and_what_it_does_not_know_does(
    code: str, sells: bool
) -> None:
    kiosk = health("cash", "document")
    fault = Fault(code, "document", "tray 2")
    kiosk.take(DeviceChanged("document", fault))
    assert (kiosk.can_sell, kiosk.well("document"), kiosk.faults) == (sells, sells, (fault,))


def test_a_fault_of_a_device_nobody_waits_for_counts_too() -> None:
    kiosk = health("cash", "document")
    kiosk.take(DeviceChanged("display", Fault("display.lost", "display")))
    assert not kiosk.can_sell


def test_a_device_that_recovers_is_well_again() -> None:
    kiosk = health("cash", "document")
    kiosk.take(DeviceChanged("cash", Fault(CASH_LINK_LOST, "cash")))
    assert not kiosk.well("cash")
    assert kiosk.well("document")
    kiosk.take(DeviceChanged("cash", None))
    assert (kiosk.can_sell, kiosk.faults) == (True, ())


def test_the_newest_fault_of_a_device_replaces_the_one_before() -> None:
    kiosk = health("cash", "document")
    kiosk.take(DeviceChanged("document", Fault(PRINTER_JAM, "document")))
    kiosk.take(DeviceChanged("document", Fault(PRINTER_TONER_LOW, "document")))
    assert kiosk.can_sell
    assert [fault.code for fault in kiosk.faults] == [PRINTER_TONER_LOW]


def test_a_first_report_that_is_a_fault_is_a_report() -> None:
    kiosk = health("cash")
    kiosk.take(DeviceChanged("document", Fault(PRINTER_JAM, "document")))
    assert (kiosk.waiting_for, kiosk.can_sell) == ((), False)


def test_the_citizen_is_told_what_stops_sales_and_only_that() -> None:
    kiosk = health("cash", "document")
    assert kiosk.told("ja") == ""
    kiosk.take(DeviceChanged("document", Fault(PRINTER_TONER_LOW, "document")))
    assert kiosk.told("ja") == ""
    kiosk.take(DeviceChanged("cash", Fault(CASH_LINK_LOST, "cash")))
    assert kiosk.told("ja") == ""
    kiosk.take(DeviceChanged("document", Fault(PRINTER_JAM, "document")))
    assert kiosk.told("ja") == "紙づまりです。"


def test_any_fault_of_the_catalogue_can_be_explained_whether_it_stands_or_not() -> None:
    assert health().explain(PRINTER_TONER_LOW, "ja") == "トナーが残り少なくなりました。"
    assert health().explain("document.unheard-of", "ja") == ""


def test_of_a_fault_that_no_catalogue_knows_there_is_nothing_to_tell() -> None:
    kiosk = health("cash", "document")
    kiosk.take(DeviceChanged("document", Fault("document.unheard-of", "document")))
    assert (kiosk.can_sell, kiosk.told("ja")) == (False, "")

"""Vectors of hal.events and hal.faults: values are equal by content, hashable, and safe to log."""

from hal import faults
from hal.events import CardPlaced, CardTaken, CashCredited, DeviceChanged, KeyPressed, Touched, TrayChanged
from hal.faults import DeviceError, Fault


def check_events_are_equal_by_kind_and_content() -> None:
    assert CashCredited(500) == CashCredited(500)
    assert CashCredited(500) != CashCredited(100)
    assert CardPlaced() == CardPlaced()
    assert CardPlaced() != CardTaken()
    assert Touched(3, 4, True) != Touched(3, 4, False)
    assert CardPlaced() != "CardPlaced"


def check_equal_events_have_equal_hashes() -> None:
    assert len({CashCredited(10), CashCredited(10), CashCredited(50)}) == 2
    assert hash(TrayChanged(True)) == hash(TrayChanged(True))


def check_an_event_names_its_fields() -> None:
    finger = Touched(3, 4, True)
    assert (finger.x, finger.y, finger.down) == (3, 4, True)
    assert repr(CashCredited(500)).startswith("CashCredited(")
    assert "500" in repr(CashCredited(500))


def check_where_a_finger_was_is_not_told() -> None:
    assert repr(Touched(3, 4, True)) == "Touched()"


def check_which_key_was_pressed_is_not_told() -> None:
    assert KeyPressed("7").key == "7"
    assert KeyPressed("7") != KeyPressed("8")
    assert repr(KeyPressed("7")) == "KeyPressed()"


def check_a_device_change_is_equal_by_its_fault() -> None:
    jam = Fault(faults.PRINTER_JAM, "document", "tray 1")
    assert DeviceChanged("document", jam) == DeviceChanged(
        "document", Fault("document.jam", "document", "tray 1")
    )
    assert DeviceChanged("document", jam) != DeviceChanged("document", None)


def check_faults_are_equal_by_content() -> None:
    assert Fault("cash.fraud-suspected", "cash") == Fault(faults.CASH_FRAUD, "cash", "")
    assert Fault(faults.CASH_FRAUD, "cash", "event 20") != Fault(faults.CASH_FRAUD, "cash", "event 25")
    assert hash(Fault(faults.CASH_FRAUD, "cash")) == hash(Fault(faults.CASH_FRAUD, "cash"))


def check_a_device_error_says_device_code_and_detail() -> None:
    error = DeviceError(Fault(faults.CASH_HOPPER_JAM, "cash", "hopper 3: open it"))
    assert error.fault.code == "cash.hopper-jam"
    assert str(error) == "cash: cash.hopper-jam (hopper 3: open it)"

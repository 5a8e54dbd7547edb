"""The one fault that the cash vendor shows, out of those its parts have; reported on change only."""

from hal.contracts import Emit
from hal.events import DeviceChanged
from hal.faults import (
    CASH_ACCEPTOR_BLOCKED,
    CASH_BILLS_OFF,
    CASH_COIN_SWALLOWED,
    CASH_EVENTS_LOST,
    CASH_FRAUD,
    CASH_HOPPER_EMPTY,
    CASH_HOPPER_JAM,
    CASH_HOPPER_WRONG,
    CASH_IDENTITY_CHANGED,
    CASH_LINK_LOST,
    Fault,
)

WORST_FIRST = (
    CASH_LINK_LOST,
    CASH_IDENTITY_CHANGED,
    CASH_EVENTS_LOST,
    CASH_FRAUD,
    CASH_ACCEPTOR_BLOCKED,
    CASH_HOPPER_WRONG,
    CASH_HOPPER_JAM,
    CASH_COIN_SWALLOWED,
    CASH_HOPPER_EMPTY,
    CASH_BILLS_OFF,
)


class Troubles:
    """``set`` what each part has, then ``report``."""

    def __init__(self, emit: Emit) -> None:
        self._emit = emit
        self._faults: dict[str, Fault] = {}
        self._reported: Fault | None = None
        self._ever = False

    def begin(self) -> None:
        """A new run of the pump: its first report tells what stands, whatever was told before."""
        self._ever = False

    def set(self, part: str, fault: Fault | None) -> None:
        """None: this part is well."""
        if fault is None:
            self._faults.pop(part, None)
        else:
            self._faults[part] = fault

    def report(self) -> None:
        """Emits DeviceChanged if the worst fault is another one than last time, and the first time."""
        worst = min(self._faults.values(), key=lambda fault: WORST_FIRST.index(fault.code), default=None)
        if worst != self._reported or not self._ever:
            self._ever = True
            self._reported = worst
            self._emit(DeviceChanged("cash", worst))

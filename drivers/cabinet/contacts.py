"""What a cabinet's contacts say, as the events and the faults the daemon knows. Shared by both drivers.

Reported is what changed, and everything once at the start. An open door is a fault until it is closed.
"""

from typing import Literal

from hal.contracts import Emit
from hal.events import DeviceChanged, DoorChanged, Event, ServiceKeyTurned, TrayChanged
from hal.faults import CABINET_LOST, DOOR_OPEN, Fault

Contact = Literal["tray", "door", "key"]


class Contacts:
    """The last known state of each contact, and of the way to them."""

    def __init__(self) -> None:
        self._states: dict[Contact, bool] = {}
        self._fault: Fault | None = None
        self._heard = False

    def state(self, name: Contact) -> bool | None:
        """None: not fitted, or not known now."""
        return self._states.get(name)

    def take(self, name: Contact, state: bool, emit: Emit) -> None:
        """This contact is so now."""
        if self._states.get(name) != state:
            self._states[name] = state
            emit(_event(name, state))

    def well(self, emit: Emit) -> None:
        """The cabinet answers, and every contact has been taken."""
        open_door = Fault(DOOR_OPEN, "cabinet", "close the door of the cabinet")
        self._report(open_door if self._states.get("door") else None, emit)

    def lost(self, detail: str, emit: Emit) -> None:
        """Nothing is known any more."""
        self._states.clear()
        self._report(Fault(CABINET_LOST, "cabinet", detail), emit)

    def forget(self) -> None:
        """Nothing is known, for the moment."""
        self._states.clear()

    def begin(self) -> None:
        """A pump starts: whoever listens now has heard nothing yet."""
        self._states.clear()
        self._heard = False

    def _report(self, fault: Fault | None, emit: Emit) -> None:
        if fault != self._fault or not self._heard:
            self._fault, self._heard = fault, True
            emit(DeviceChanged("cabinet", fault))


def _event(name: Contact, state: bool) -> Event:
    if name == "tray":
        return TrayChanged(state)
    return DoorChanged(state) if name == "door" else ServiceKeyTurned(state)

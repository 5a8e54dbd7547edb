"""Which devices are faulty now, and whether the kiosk can sell: the newest ``DeviceChanged`` of each device.

The catalogue says of each fault whether the kiosk can sell with it; nothing else decides.
"""

from collections.abc import Mapping

from daemon.session.catalogue import FaultKind
from hal.events import DeviceChanged
from hal.faults import Fault


class Health:
    """kinds: the catalogue of faults.

    needed: devices that must have reported themselves well once before the first session.
    """

    def __init__(self, kinds: Mapping[str, FaultKind], needed: frozenset[str]) -> None:
        self._kinds = kinds
        self._faults: dict[str, Fault] = {}
        self._unheard = set(needed)

    def take(self, event: DeviceChanged) -> None:
        """Remembers what a device says of itself."""
        self._unheard.discard(event.device)
        if event.fault is None:
            self._faults.pop(event.device, None)
        else:
            self._faults[event.device] = event.fault

    def well(self, device: str) -> bool:
        """Whether this device has reported and has no fault that stops sales."""
        fault = self._faults.get(device)
        return device not in self._unheard and (fault is None or not self._blocks(fault))

    @property
    def faults(self) -> tuple[Fault, ...]:
        return tuple(self._faults.values())

    @property
    def waiting_for(self) -> tuple[str, ...]:
        """Devices that have not reported yet since the start."""
        return tuple(sorted(self._unheard))

    def told(self, language: str) -> str:
        """What the citizen is told of the fault that stops sales; "" if there is nothing to tell."""
        stopping = [
            self._kinds[f.code] for f in self._faults.values() if self._blocks(f) and f.code in self._kinds
        ]
        return next((kind.citizen[language] for kind in stopping if kind.citizen[language]), "")

    def explain(self, code: str, language: str) -> str:
        """What the catalogue tells the citizen of this code; "" if it has nothing to tell."""
        return self._kinds[code].citizen[language] if code in self._kinds else ""

    @property
    def can_sell(self) -> bool:
        return not self._unheard and not any(self._blocks(fault) for fault in self._faults.values())

    def _blocks(self, fault: Fault) -> bool:
        kind = self._kinds.get(fault.code)
        return kind is None or not kind.sell

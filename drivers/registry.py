"""Which drivers exist: (device, driver name) → "module:Class", imported only when configured.

So a missing vendor library breaks its own driver alone. A driver class takes its settings, a msgspec
Struct that it names ``Settings`` (unknown keys refused); the cash vendor takes a ``CashBook`` besides,
the touch panel the ``Display`` it lies on.
Of the devices behind a wire there is also the read-only side, the survey, under the same names.
"""

from importlib import import_module
from typing import Any

DRIVERS = {
    ("card", "pcsc"): "drivers.card.pcsc:PcscReader",
    ("cash", "cctalk"): "drivers.cash.vendor:CctalkVendor",
    ("document", "ipp"): "drivers.document.printer:IppPrinter",
    ("receipt", "escpos"): "drivers.receipt.escpos:EscposPrinter",
    ("display", "framebuffer"): "drivers.display.framebuffer:Framebuffer",
    ("touch", "evdev"): "drivers.display.touch:EvdevTouch",
    ("keypad", "evdev"): "drivers.keypad.evdev:EvdevKeypad",
    ("voice", "alsa"): "drivers.voice.alsa:AlsaVoice",
    ("voice", "silent"): "drivers.voice.silent:SilentVoice",
    ("voice", "virtual"): "drivers.voice.virtual:VirtualVoice",
    ("cabinet", "gpio"): "drivers.cabinet.gpio:GpioCabinet",
    ("cabinet", "virtual"): "drivers.cabinet.virtual:VirtualCabinet",
}

SURVEYS = {
    ("card", "pcsc"): "drivers.card.survey:PcscSurvey",
    ("cash", "cctalk"): "drivers.cash.survey:CctalkSurvey",
    ("document", "ipp"): "drivers.document.survey:IppSurvey",
    ("receipt", "escpos"): "drivers.receipt.survey:EscposSurvey",
}


class UnknownDriver(ValueError):
    """The configuration names a driver that does not exist; the text lists those that do."""


def drivers_of(device: str) -> list[str]:
    """The names that ``driver`` of this device's table may have."""
    return [name for kind, name in DRIVERS if kind == device]


def driver_class(device: str, name: str) -> Any:  # the caller checks it against the device's contract
    """The class of this driver. Raises UnknownDriver, ImportError (its vendor library is missing)."""
    try:
        place = DRIVERS[device, name]
    except KeyError:
        known = ", ".join(drivers_of(device))
        raise UnknownDriver(f"[{device}] driver = {name!r} does not exist; one of: {known}") from None
    return _loaded(place)


def survey_class(device: str, name: str) -> Any:  # the caller checks it against hal.contracts.Survey
    """The read-only side of this driver. Raises KeyError (it has none), ImportError."""
    return _loaded(SURVEYS[device, name])


def _loaded(place: str) -> Any:
    module, _, attribute = place.partition(":")
    return getattr(import_module(module), attribute)

"""Lamps, door, paper tray and service key on the pins of the Raspberry Pi, by gpiozero.

gpiozero is imported when the pins are opened, so that a kiosk without pins does not need it, and calls back
from its own thread; everything is handed to the loop before it is looked at. Lamps are remembered: after
pins were lost and found again they show what they should.
"""

import asyncio
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import msgspec

from drivers.cabinet.contacts import Contact, Contacts
from hal.contracts import Emit, Lamp

if TYPE_CHECKING:
    from gpiozero import LED, Button

Pin = int | None
FIRST_WAIT, LONGEST_WAIT = 1.0, 30.0


class GpioSettings(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """Pins by their BCM number; absent: not fitted.

    A contact to ground that is closed means: paper in the tray, door open, key turned; for those named in
    ``inverted`` it means the opposite. bounce: seconds a contact must rest.
    """

    card_lamp: Pin = None
    cash_lamp: Pin = None
    paper_lamp: Pin = None
    receipt_lamp: Pin = None
    attention_lamp: Pin = None
    tray: Pin = None
    door: Pin = None
    key: Pin = None
    inverted: tuple[Contact, ...] = ()
    bounce: float | None = 0.05

    def lamps(self) -> Mapping[Lamp, int]:
        """The lamps that are fitted."""
        pins: dict[Lamp, Pin] = {
            "card": self.card_lamp,
            "cash": self.cash_lamp,
            "paper": self.paper_lamp,
            "receipt": self.receipt_lamp,
            "attention": self.attention_lamp,
        }
        return {name: pin for name, pin in pins.items() if pin is not None}

    def contacts(self) -> Mapping[Contact, int]:
        """The contacts that are fitted."""
        pins: dict[Contact, Pin] = {"tray": self.tray, "door": self.door, "key": self.key}
        return {name: pin for name, pin in pins.items() if pin is not None}


class _PinsLost(Exception):
    """Why the pins cannot be used."""


class GpioCabinet:
    """hal.contracts.Cabinet."""

    Settings = GpioSettings

    def __init__(self, settings: GpioSettings) -> None:
        self._settings = settings
        self._lit: dict[Lamp, bool] = {}
        self._lamps: dict[Lamp, LED] = {}
        self._contacts: dict[Contact, Button] = {}
        self._states = Contacts()

    @property
    def virtual(self) -> bool:
        return False

    @property
    def has_tray_sensor(self) -> bool:
        return self._settings.tray is not None

    @property
    def paper_in_tray(self) -> bool | None:
        return self._states.state("tray")

    def lamp(self, name: Lamp, on: bool) -> None:
        """Switches a lamp; one that is not fitted is ignored."""
        self._lit[name] = on
        if name in self._lamps:
            self._lamps[name].value = on

    async def run(self, emit: Emit) -> None:
        """Opens the pins and reports every contact, first as it stands, then on change."""
        wait = FIRST_WAIT
        self._states.begin()
        while True:
            try:
                self._open(emit)
                self._look(emit)
                await asyncio.Event().wait()
            except _PinsLost as error:
                self._states.lost(str(error), emit)
            finally:
                self._close()
            await asyncio.sleep(wait)
            wait = min(LONGEST_WAIT, wait * 2)

    # ------------------------------------------------------------ pins

    def _open(self, emit: Emit) -> None:
        """Raises _PinsLost."""
        try:
            import gpiozero  # noqa: PLC0415 only a kiosk with pins needs it
        except ImportError as error:
            raise _PinsLost(f"{error.name} is not installed") from None
        loop = asyncio.get_running_loop()
        try:
            for lamp, pin in self._settings.lamps().items():
                self._lamps[lamp] = gpiozero.LED(pin, initial_value=self._lit.get(lamp, False))
            for name, pin in self._settings.contacts().items():
                self._contacts[name] = gpiozero.Button(pin, bounce_time=self._settings.bounce)
                self._listen(name, partial(loop.call_soon_threadsafe, self._edge, emit))
        except (gpiozero.GPIOZeroError, OSError) as error:
            raise _PinsLost(
                f"{type(error).__name__}: {error}; is this a Raspberry Pi, is the pin free?"
            ) from None

    def _listen(self, name: Contact, changed: Callable[[], object]) -> None:
        self._contacts[name].when_pressed = changed
        self._contacts[name].when_released = changed

    def _close(self) -> None:
        for device in (*self._lamps.values(), *self._contacts.values()):
            device.close()
        self._lamps.clear()
        self._contacts.clear()
        self._states.forget()

    # ------------------------------------------------------------ contacts

    def _edge(self, emit: Emit) -> None:
        """An edge that was still under way when the pins were closed is nobody's."""
        if self._contacts:
            self._look(emit)

    def _look(self, emit: Emit) -> None:
        """On the loop: reads every contact as it is now, so that no edge can arrive out of order."""
        for name, contact in self._contacts.items():
            self._states.take(name, bool(contact.is_pressed) != (name in self._settings.inverted), emit)
        self._states.well(emit)

"""A card reader without PC/SC: the contract over a virtual card in this process, for virtual time.

Same dialogue with the card as the PC/SC driver has, no threads. A reading takes ``latency`` seconds
before it happens, so that a test can take the card away in between.
"""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

from drivers.card import dialogue
from drivers.card.jpki import CardLost, Transmit
from drivers.card.vpcd import Card
from hal.contracts import CardError, CardProblem, CardReading, Emit, PinUnsure, Signed, WrongPin
from hal.events import CardPlaced, CardTaken, DeviceChanged
from hal.faults import DeviceError, Fault


class DirectReader:
    """A ``hal.contracts.CardReader``. ``fail``: the fault it has from now on, None: recovered."""

    def __init__(self, latency: float = 0.0) -> None:
        self.virtual = True
        self._latency = latency
        self._card: Card | None = None
        self._fault: Fault | None = None
        self._emit: Emit | None = None

    @property
    def card_present(self) -> bool | None:
        """None until it runs, and while it is out of order."""
        return self._card is not None if self._emit and not self._fault else None

    async def run(self, emit: Emit) -> None:
        self._emit = emit
        emit(DeviceChanged("card", self._fault))
        emit(CardPlaced() if self._card else CardTaken())
        try:
            await asyncio.Event().wait()
        finally:
            self._emit = None

    def place(self, card: Card) -> None:
        """Raises RuntimeError: one lies there already."""
        if self._card is not None:
            raise RuntimeError("there is a card on the reader already")
        self._card = card
        self._tell(CardPlaced())

    def take(self) -> None:
        """Nothing happens without a card."""
        if self._card is None:
            return
        self._card.power_off()
        self._card = None
        self._tell(CardTaken())

    def fail(self, fault: Fault | None) -> None:
        self._fault = fault
        self._tell(DeviceChanged("card", fault))

    async def read(self) -> CardReading:
        card = await self._same_card()
        return dialogue.read(lambda: self._connect(card))

    async def authenticate(
        self, certificate: bytes, pin: bytearray, message: bytes
    ) -> Signed | WrongPin | PinUnsure:
        try:
            card = await self._same_card()
            return dialogue.authenticate(lambda: self._connect(card), certificate, pin, message)
        finally:
            pin[:] = bytes(len(pin))

    async def _same_card(self) -> Card:
        """The card that lies there before and after the latency. Raises CardError, DeviceError."""
        card = self._card
        await asyncio.sleep(self._latency)
        if self._fault is not None:
            raise DeviceError(self._fault)
        if card is None or card is not self._card:
            raise CardError(CardProblem.REMOVED)
        return card

    @contextmanager
    def _connect(self, card: Card) -> Iterator[Transmit]:
        if not card.power_on():
            raise CardError(CardProblem.UNREADABLE)
        try:
            yield lambda apdu: card.transmit(bytes(apdu))
        except CardLost:
            raise CardError(CardProblem.UNREADABLE) from None
        finally:
            card.power_off()

    def _tell(self, event: CardPlaced | CardTaken | DeviceChanged) -> None:
        if self._emit is not None:
            self._emit(event)

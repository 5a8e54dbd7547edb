"""Who a member of staff is: their own card at the kiosk's reader, and its PIN.

The card signs our own message of fresh random bytes; the certificate must be registered in ``[staff]``
by its hash and be in date. Nothing of the card or the PIN is logged or journaled: only the staff number is.
"""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from datetime import datetime

from cryptography import x509
from cryptography.exceptions import InvalidSignature

from daemon.issuance.cards import verify
from hal.contracts import CardError, CardReader, PinUnsure, Signed
from hal.events import CardPlaced, Event

PURPOSE = b"madoguchi-staff/1"
CARD_SECONDS = 60.0
"""For a card to be placed."""


class NotStaff(ValueError):
    """Nobody has been identified; the text says why and what to do."""


def fingerprint(certificate: bytes) -> str:
    """By what a card is registered: SHA-256 of its user-authentication certificate."""
    return hashlib.sha256(certificate).hexdigest()


class Badge:
    """cards: fingerprint → staff number. ``hear`` every event of the devices."""

    def __init__(
        self,
        reader: CardReader,
        cards: Mapping[str, str],
        terminal: str,
        now: Callable[[], datetime],
        random: Callable[[int], bytes],
    ) -> None:
        self._reader = reader
        self._cards = cards
        self._terminal = terminal
        self._now = now
        self._random = random
        self._placed = asyncio.Event()

    def hear(self, event: Event) -> None:
        """A card was placed."""
        if isinstance(event, CardPlaced):
            self._placed.set()

    async def identify(self, pin: bytearray) -> str:
        """The staff number of the card on the reader, whose PIN this is; zeroes the PIN.

        Raises NotStaff, DeviceError.
        """
        try:
            return await self._identify(pin)
        except CardError as error:
            raise NotStaff(f"this card cannot be used: {error.problem.value}; place it again") from None
        finally:
            pin[:] = bytes(len(pin))

    async def _identify(self, pin: bytearray) -> str:
        if len(pin) != 4 or not bytes(pin).isdigit():
            raise NotStaff("the PIN of the card's user authentication has four digits")
        await self._until_placed()
        certificate = (await self._reader.read()).certificate
        number = self._cards.get(fingerprint(certificate))
        if number is None:  # before a try of its PIN is spent
            text = "this card is not registered; a manager puts it into [staff] cards of the configuration:"
            raise NotStaff(f"{text} {fingerprint(certificate)}")
        message = self._message()
        answer = await self._reader.authenticate(certificate, pin, message)
        if not isinstance(answer, Signed):
            doubt = "the card was taken too early" if isinstance(answer, PinUnsure) else "the PIN is wrong"
            raise NotStaff(f"{doubt}; tries left: {answer.tries_left}")
        _check(certificate, answer.signature, message, self._now())
        return number

    async def _until_placed(self) -> None:
        self._placed.clear()
        try:
            async with asyncio.timeout(CARD_SECONDS):
                while not self._reader.card_present:
                    await self._placed.wait()
                    self._placed.clear()
        except TimeoutError:
            raise NotStaff("no card was placed on the kiosk's reader") from None

    def _message(self) -> bytes:
        return b"\0".join((PURPOSE, self._terminal.encode(), self._random(32)))


def _check(certificate: bytes, signature: bytes, message: bytes, now: datetime) -> None:
    parsed = x509.load_der_x509_certificate(certificate)
    if not parsed.not_valid_before_utc <= now <= parsed.not_valid_after_utc:
        raise NotStaff("the card's certificate is not in date; register the renewed one")
    try:
        verify(parsed, message, signature)
    except InvalidSignature:
        raise NotStaff("the card's signature does not fit its certificate; it is not genuine") from None

"""What a reading and an authentication do with a card, whatever carries the bytes.

The PC/SC driver and the in-process reader of the tests share this, so both keep the same rules: any
transport error ends the connection, the PIN is compared only on the card whose certificate was read,
a locked PIN is never tried, and VERIFY is never sent again by itself.
"""

import logging
from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass

from drivers.card import jpki
from drivers.card.jpki import JpkiSession, Transmit
from hal.contracts import CardError, CardProblem, CardReading, PinUnsure, Signed, TokenKind, WrongPin

log = logging.getLogger(__name__)

Connect = Callable[[], AbstractContextManager[Transmit]]
"""Opens an exclusive connection and powers the card off at its end.

Raises CardError, DeviceError; turns a ``CardLost`` that passes through it into a CardError.
"""

KINDS = {
    jpki.LABEL_MY_NUMBER: TokenKind.MY_NUMBER_CARD,
    jpki.LABEL_RESIDENT: TokenKind.RESIDENT_CARD,
    jpki.LABEL_ANDROID: TokenKind.ANDROID,
    jpki.LABEL_IPHONE: TokenKind.IPHONE,
}
PHONES = (TokenKind.ANDROID, TokenKind.IPHONE)


@dataclass(frozen=True)
class Look:
    """A card as a survey sees it, also one that cannot be used. certificate: DER; empty: none to be read."""

    kind: TokenKind
    tries_left: int | None
    certificate: bytes


class VerifyLost(Exception):
    """The answer to VERIFY did not come, or says nothing: the try may be used up."""


def read(connect: Connect) -> CardReading:
    """Kind, certificate and tries left. Raises CardError (BLOCKED when no try is left), DeviceError.

    A phone gives its certificate only after the PIN: then ``certificate`` is empty.
    """
    with connect() as transmit:
        session = JpkiSession(transmit)
        kind = _kind(session)
        certificate = _certificate(session, kind)
        tries = _tries(session)
    if tries == 0 and kind is not TokenKind.RESIDENT_CARD:
        raise CardError(CardProblem.BLOCKED)
    return CardReading(kind, certificate, tries)


def look(connect: Connect) -> Look:
    """As ``read``, but a locked PIN or a missing certificate is no error, and nothing else can be sent."""
    with connect() as transmit:
        session = JpkiSession(_reading_only(transmit))
        kind = _kind(session)
        try:
            certificate = _certificate(session, kind)
        except CardError:
            certificate = b""
        return Look(kind, _tries(session), certificate)


def authenticate(
    connect: Connect, certificate: bytes, pin: bytearray, digest: bytes
) -> Signed | WrongPin | PinUnsure:
    """VERIFY and signature in one connection. Raises CardError, DeviceError, ValueError (pin, digest)."""
    try:
        with connect() as transmit:
            return _verify_and_sign(JpkiSession(transmit), certificate, pin, digest)
    except VerifyLost:
        return PinUnsure(_tries_afterwards(connect, certificate))


def _reading_only(transmit: Transmit) -> Transmit:
    """Lets SELECT, READ BINARY and the question for the tries (VERIFY without a body) pass."""
    question = jpki.query_tries().encode()

    def guarded(apdu: bytes | bytearray) -> bytes:
        if apdu[1] not in (jpki.INS_SELECT, jpki.INS_READ) and apdu != question:
            raise PermissionError(f"a survey does not send INS {apdu[1]:02X}")
        return transmit(apdu)

    return guarded


def _kind(session: JpkiSession) -> TokenKind:
    try:
        session.open()
        label = session.label()
    except jpki.StatusError as error:
        log.info("no JPKI application: %s", error)
        raise CardError(CardProblem.NOT_MY_NUMBER) from None
    if label not in KINDS:
        log.warning("unknown token label %r", label)
        raise CardError(CardProblem.NOT_MY_NUMBER)
    return KINDS[label]


def _certificate(session: JpkiSession, kind: TokenKind) -> bytes:
    try:
        if not session.has_authentication_certificate():
            raise CardError(CardProblem.NO_CERTIFICATE)
        return session.certificate()
    except jpki.StatusError as error:
        if error.sw == jpki.PIN_NEEDED and kind in PHONES:
            return b""
        log.info("no authentication certificate: %s", error)
        raise CardError(CardProblem.NO_CERTIFICATE) from None
    except jpki.NotACertificate as error:
        log.info("no authentication certificate: %s", error)
        raise CardError(CardProblem.NO_CERTIFICATE) from None


def _tries(session: JpkiSession) -> int | None:
    try:
        return session.tries_left()
    except jpki.StatusError as error:
        log.info("tries left not told: %s", error)
        raise CardError(CardProblem.UNREADABLE) from None


def _verify_and_sign(
    session: JpkiSession, certificate: bytes, pin: bytearray, digest: bytes
) -> Signed | WrongPin:
    if _tries_of_same_card(session, certificate) == 0:
        raise CardError(CardProblem.BLOCKED)
    try:
        session.select_pin()
        _verify(session, pin)
        return Signed(session.sign(digest))
    except jpki.PinRefused as refused:
        return WrongPin(refused.tries_left)
    except jpki.PinBlocked:
        raise CardError(CardProblem.BLOCKED) from None
    except jpki.StatusError as error:
        log.warning("the card does not sign: %s", error)
        raise CardError(CardProblem.UNREADABLE) from None


def _verify(session: JpkiSession, pin: bytearray) -> None:
    try:
        session.verify(pin)
    except (jpki.CardLost, jpki.StatusError) as error:
        log.warning("the outcome of VERIFY is unknown: %s", error)
        raise VerifyLost from None


def _tries_of_same_card(session: JpkiSession, certificate: bytes) -> int | None:
    """Raises CardError(CHANGED) on another card: compared by certificate, as a handle can change cards."""
    kind = _kind(session)
    if not certificate:
        raise CardError(CardProblem.NO_CERTIFICATE)
    if _certificate(session, kind) != certificate:
        raise CardError(CardProblem.CHANGED)
    return _tries(session)


def _tries_afterwards(connect: Connect, certificate: bytes) -> int | None:
    """Asks anew what a lost VERIFY cost. None: this card does not say any more."""
    try:
        with connect() as transmit:
            return _tries_of_same_card(JpkiSession(transmit), certificate)
    except CardError as error:
        if error.problem is CardProblem.UNREADABLE:
            return None
        raise

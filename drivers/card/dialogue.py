"""What a reading and an authentication do with a card, whatever carries the bytes.

The PC/SC driver and the in-process reader of the tests share this, so both keep the same rules: any
transport error ends the connection, the PIN is compared only on the card whose certificate was read (a phone
shows its own only after the PIN), a locked PIN is never tried, and VERIFY is never sent again by itself.
"""

import hashlib
import logging
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass

from drivers.card import jpki
from drivers.card.certificate import scheme_of
from drivers.card.jpki import JpkiSession, Scheme, Transmit
from hal.contracts import PHONES, CardError, CardProblem, CardReading, PinUnsure, Signed, TokenKind, WrongPin

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


@dataclass(frozen=True)
class Look:
    """A card as a survey sees it, also one that cannot be used. certificate: DER; empty: none to be read."""

    kind: TokenKind
    tries_left: int | None
    certificate: bytes


class VerifyLost(Exception):
    """The answer to VERIFY did not come, or says nothing: the try may be used up."""


def read(connect: Connect) -> CardReading:
    """Kind, certificate and tries left. Raises CardError (BLOCKED or NO_PIN: no try is left), DeviceError.

    A phone gives its certificate only after the PIN: then ``certificate`` is empty, as it is for a
    住民基本台帳カード, of which nothing more is asked.
    """
    with connect() as transmit:
        session = JpkiSession(transmit)
        kind = _kind(session)
        if kind is TokenKind.RESIDENT_CARD:
            return CardReading(kind, b"", None)
        signs, certificate = _certificates(session, kind)
        tries = _tries(session)
    if tries == 0:
        raise CardError(CardProblem.BLOCKED if signs else CardProblem.NO_PIN)
    return CardReading(kind, certificate, tries)


def look(connect: Connect) -> Look:
    """As ``read``, but a locked PIN or a missing certificate is no error, and nothing else can be sent."""
    with connect() as transmit:
        session = JpkiSession(_reading_only(transmit))
        kind = _kind(session)
        try:
            certificate = _certificates(session, kind)[1]
        except CardError:
            certificate = b""
        return Look(kind, _tries(session), certificate)


def authenticate(
    connect: Connect, certificate: bytes, pin: bytearray, message: bytes
) -> Signed | WrongPin | PinUnsure:
    """VERIFY and signature in one connection. Raises CardError, DeviceError, ValueError (the PIN's form)."""
    try:
        with connect() as transmit:
            return _verify_and_sign(JpkiSession(transmit), certificate, pin, message)
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


# ---------------------------------------------------------------- what a card is


@contextmanager
def _expecting(problem: CardProblem) -> Iterator[None]:
    """What it means that the card refuses here. One that says it failed is unreadable, whatever is asked."""
    try:
        yield
    except (jpki.StatusError, jpki.NotACertificate, jpki.NotASignature) as error:
        log.info("%s: %s", problem.value, error)
        failed = isinstance(error, jpki.StatusError) and error.status.kind == "failed"
        raise CardError(CardProblem.UNREADABLE if failed else problem) from None


def _kind(session: JpkiSession) -> TokenKind:
    try:
        session.open()
    except jpki.StatusError as error:
        log.info("no JPKI application: %s", error)
        raise CardError(CardProblem.NOT_MY_NUMBER) from None
    with _expecting(CardProblem.NOT_MY_NUMBER):
        label = session.label()
    if label not in KINDS:
        log.warning("unknown token label %r", label)
        raise CardError(CardProblem.NOT_MY_NUMBER)
    return KINDS[label]


def _certificates(session: JpkiSession, kind: TokenKind) -> tuple[bool, bytes]:
    """Whether there is one for signatures, and the authentication certificate; a phone's is empty."""
    with _expecting(CardProblem.NO_CERTIFICATE):
        signs, authenticates = session.availability()
    if not authenticates:
        raise CardError(CardProblem.NO_CERTIFICATE)
    if kind in PHONES:
        return signs, b""
    return signs, _certificate(session)


def _certificate(session: JpkiSession) -> bytes:
    """One that can be parsed, with a key whose scheme is known."""
    with _expecting(CardProblem.NO_CERTIFICATE):
        certificate = session.certificate()
    scheme_of(certificate)
    return certificate


def _tries(session: JpkiSession) -> int | None:
    """Of a card without a PIN file there is nothing to be hoped."""
    try:
        return session.tries_left()
    except jpki.StatusError as error:
        log.info("tries left not told: %s", error)
        no_file = error.status.kind == "not-found"
        raise CardError(CardProblem.NO_PIN if no_file else CardProblem.UNREADABLE) from None


# ---------------------------------------------------------------- PIN and signature


def _verify_and_sign(
    session: JpkiSession, certificate: bytes, pin: bytearray, message: bytes
) -> Signed | WrongPin:
    tries = _tries_of_same_card(session, certificate)
    if not tries:  # a card that does not tell its counter could be one that never locks: not a My Number card
        raise CardError(CardProblem.UNREADABLE if tries is None else CardProblem.BLOCKED)
    try:
        with _expecting(CardProblem.UNREADABLE):
            session.select_pin()
        _verify(session, pin)
    except jpki.PinRefused as refused:
        return WrongPin(refused.tries_left)
    except jpki.PinBlocked:
        raise CardError(CardProblem.BLOCKED) from None
    shown = certificate or _certificate(session)
    scheme = scheme_of(shown)
    with _expecting(CardProblem.UNREADABLE):
        return Signed(session.sign(_digest(message, scheme), scheme), shown)


def _digest(message: bytes, scheme: Scheme) -> bytes:
    return hashlib.new(scheme.hash, message).digest()


def _verify(session: JpkiSession, pin: bytearray) -> None:
    try:
        session.verify(pin)
    except (jpki.CardLost, jpki.StatusError) as error:
        log.warning("the outcome of VERIFY is unknown: %s", error)
        raise VerifyLost from None


def _tries_of_same_card(session: JpkiSession, certificate: bytes) -> int | None:
    """Raises CardError(CHANGED) on another card: compared by certificate, as a handle can change cards.

    Without a certificate it can only be a phone.
    """
    kind = _kind(session)
    if not certificate and kind not in PHONES:
        raise CardError(CardProblem.NO_CERTIFICATE)
    if _certificates(session, kind)[1] != certificate:
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

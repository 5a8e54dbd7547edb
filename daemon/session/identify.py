"""Screens 2 to 6: which service, the card, what for, the PIN, and the card's way home.

The card is read without a PIN first and checked by its serial alone; only then is the PIN asked for (a
phone shows its certificate after the PIN only). The card signs what the kiosk has put together itself. After
screen 6 the card is not used any more (R8).
"""

import hashlib
from typing import Literal

from cryptography import x509

from daemon.issuance.messages import CenterDown, Entitlement, Purpose, Reason, Refusal, Refused
from daemon.issuance.seal import challenge_message
from daemon.session import screens
from daemon.session.desk import CardGone, Pressed
from daemon.session.pin import PIN_LENGTH, Pin
from daemon.session.refusals import NOTHING_TO_OFFER, REFUSED_PURPOSES, refusal_text
from daemon.session.visit import Stopped, Visit
from hal.contracts import (
    PHONES,
    CardError,
    CardProblem,
    CardReading,
    PinUnsure,
    Signed,
    TokenKind,
    WrongPin,
)
from hal.events import CardPlaced, CardTaken
from hal.faults import DeviceError

CAUSES = {
    Reason.UNDERAGE: "err.underage",
    Reason.LAPSED: "err.lapsed",
    Reason.NOT_READY: "err.not_ready",
    Reason.UNKNOWN_CERTIFICATE: "err.not_ready",
    Reason.EXPIRED: "err.expired",
    Reason.REVOKED: "err.revoked",
}
"""The cause line under E1."""
NOT_THE_CARD = (Reason.TOO_MANY, Reason.OUT_OF_SERVICE)
"""The center cannot say now; the card may be as good as any."""


Service = Literal["issue", "register"]


async def select_service(visit: Visit) -> Service:
    """Screen 2: certificates, or the registration that koseki certificates of elsewhere need (R41)."""
    choice = await visit.desk.ask(screens.services(visit.say))
    return "register" if choice == "register" else "issue"


async def identify(visit: Visit, service: Service) -> Entitlement:
    """Screens 3 to 5: from the card to what its holder can have. Raises Ended."""
    reading = await _place_card(visit)
    await _check_before_pin(visit, reading, service)
    purpose: Purpose | None = None
    tries = reading.tries_left
    while True:
        purpose = await (_registration(visit) if service == "register" else _municipality(visit, purpose))
        answer = await _enter_pin(visit, reading, tries, purpose)
        if isinstance(answer, Entitlement):
            return _of_some_use(visit, purpose, answer)
        tries = answer


async def give_card_back(visit: Visit) -> None:
    """Screen 6: goes on only when the card is gone."""
    card, reminder = visit.kiosk.devices.card, visit.kiosk.reminder
    while card.card_present is not False:
        screen = screens.removal(visit.say, await reminder.remind(visit.id))
        event = await visit.desk.watch(screen, (CardTaken,), seconds=reminder.seconds)
        if isinstance(event, Pressed):
            visit.speak_language(event.id.removeprefix("language."))
    reminder.over()
    await visit.note("card.removed")


# ---------------------------------------------------------------- screen 3


async def _place_card(visit: Visit) -> CardReading:
    reader = visit.kiosk.devices.card
    lift = False
    while True:
        if not reader.card_present:
            await visit.desk.watch(screens.card(visit.say, lift), (CardPlaced,))
        visit.desk.show(screens.reading(visit.say))
        try:
            return await reader.read()
        except CardError as error:
            await visit.note("card.refused", reason=error.problem.value)
            if error.problem not in (CardProblem.UNREADABLE, CardProblem.REMOVED):
                raise _unusable(visit, error.problem) from None
        except DeviceError as error:
            raise Stopped("reader", [visit.say("err.busy")], error.fault.code) from None
        lift = True
        await _wait_until_lifted(visit)


async def _wait_until_lifted(visit: Visit) -> None:
    """A badly placed card: E1 says so, and how to mend it; lifting the card goes on."""
    say = visit.say
    lines = [say("err.card"), say("card.lift")]
    page = screens.error(say, "E1", lines, visit.kiosk.municipality)
    while visit.kiosk.devices.card.card_present:
        await visit.desk.watch(page, (CardTaken,))


def _unusable(visit: Visit, problem: CardProblem) -> Stopped:
    say = visit.say
    if problem is CardProblem.BLOCKED:
        return Stopped("E3", [say("err.pin_locked")], problem.value)
    if problem is CardProblem.NO_PIN:
        return Stopped("E3", [say("err.pin_locked"), say("err.nopin")], problem.value)
    causes = {CardProblem.NO_CERTIFICATE: [say("err.nocert")], CardProblem.NOT_MY_NUMBER: _others(visit)}
    return Stopped("E1", [say("err.card"), *causes.get(problem, [])], problem.value)


def _others(visit: Visit) -> list[str]:
    """The other cards of this city that people try, by their names (R2)."""
    cards = visit.kiosk.municipality.excluded_cards
    return [visit.say("err.excluded", cards="、".join(cards))] if cards else []


async def _check_before_pin(visit: Visit, reading: CardReading, service: Service) -> None:
    """Kind, NotAfter, and the center's answer by serial alone (REQUIREMENTS §1, checked twice)."""
    try:
        _check_kind(visit, reading.kind, service)
        if reading.kind not in PHONES:
            await _check_certificate(visit, reading.certificate)
    except Stopped as stopped:
        await _note_refusal(visit, stopped)
        raise
    await visit.note("card.read", kind=reading.kind.value, tries=reading.tries_left)


async def _note_refusal(visit: Visit, stopped: Stopped) -> None:
    """Not if it was the center that could not say."""
    if stopped.code == "E1":
        await visit.note("card.refused", reason=stopped.reason)


def _check_kind(visit: Visit, kind: TokenKind, service: Service) -> None:
    """What this site takes; the registration only ever takes the card itself (R42)."""
    say = visit.say
    if kind not in visit.kiosk.tokens:
        raise Stopped("E1", [say("err.card"), *([] if kind in PHONES else _others(visit))], kind.value)
    if service == "register" and kind in PHONES:
        raise Stopped("E1", [say("err.card"), say("reg.phone")], kind.value)


async def _check_certificate(visit: Visit, der: bytes) -> None:
    certificate = x509.load_der_x509_certificate(der)
    if visit.kiosk.now() > certificate.not_valid_after_utc:
        raise _refused_card(visit, Reason.EXPIRED)
    try:
        await visit.kiosk.line.precheck(_serial(certificate))
    except Refused as refused:
        raise _refused_card(visit, refused.refusal.reason) from None
    except CenterDown:
        raise Stopped("center", [visit.say("err.center")], "center-unreachable") from None


def _serial(certificate: x509.Certificate) -> str:
    return f"{certificate.serial_number:x}"


def holder_hash(certificate: bytes) -> str:
    """What the manifest names the holder by: SHA-256 of the certificate's serial."""
    serial = _serial(x509.load_der_x509_certificate(certificate))
    return hashlib.sha256(serial.encode()).hexdigest()


def _refused_card(visit: Visit, reason: Reason) -> Stopped:
    say = visit.say
    if reason in NOT_THE_CARD:
        return Stopped("center", [say("err.busy")], reason.value, "err.busy")
    cause = [say(CAUSES[reason])] if reason in CAUSES else []
    return Stopped("E1", [say("err.card"), *cause], reason.value)


def _refused_holder(visit: Visit, refusal: Refusal) -> Stopped:
    """The card may be good, but not for this, or not now."""
    reason = refusal.reason
    if reason not in REFUSED_PURPOSES:
        return _refused_card(visit, reason)
    lines = [refusal_text(visit.say, visit, refusal)]
    if reason is Reason.MAINTENANCE:
        return Stopped("E4", lines, reason.value)
    return Stopped("unavailable", lines, reason.value, REFUSED_PURPOSES[reason])


# ---------------------------------------------------------------- screen 4


async def _municipality(visit: Visit, chosen: Purpose | None) -> Purpose:
    """Whose certificates: of the municipality of the 住所, or of that of the 本籍."""
    while True:
        pressed = await visit.desk.ask(screens.municipality(visit.say, chosen), visit.kiosk.devices.card)
        if pressed == "confirm" and chosen is not None:
            return chosen
        if pressed.startswith("language."):
            visit.speak_language(pressed.removeprefix("language."))
        else:
            chosen = "honseki" if pressed == "other" else "residence"


async def _registration(visit: Visit) -> Purpose:
    """In place of screen 4: what 利用登録 is, and in which language."""
    while True:
        pressed = await visit.desk.ask(screens.registration(visit.say), visit.kiosk.devices.card)
        if pressed == "confirm":
            return "register"
        visit.speak_language(pressed.removeprefix("language."))


def _of_some_use(visit: Visit, purpose: Purpose, entitlement: Entitlement) -> Entitlement:
    if purpose != "register" and not entitlement.offers:
        raise Stopped("none", [visit.say("cert.none")], NOTHING_TO_OFFER)
    return entitlement


# ---------------------------------------------------------------- screen 5


async def _enter_pin(
    visit: Visit, reading: CardReading, tries: int | None, purpose: Purpose
) -> Entitlement | int | None:
    """Returns the entitlement, or the tries left if the citizen went back. Raises Ended (E3 among them)."""
    pin = Pin()
    wrong = False
    try:
        while True:
            screen = screens.pin(visit.say, pin.typed, tries, wrong)
            pressed = await visit.desk.ask(screen, visit.kiosk.devices.card)
            if pressed == "back":
                return tries
            pin.type(pressed.removeprefix("key."))
            if not pin.complete:
                continue
            answer = await _verify(visit, reading, pin)
            if isinstance(answer, Signed):
                return await _entitlement(visit, answer, purpose)
            tries, wrong = answer.tries_left, isinstance(answer, WrongPin)
    finally:
        pin.wipe()


async def _verify(visit: Visit, reading: CardReading, pin: Pin) -> Signed | WrongPin | PinUnsure:
    """One VERIFY, with the signature in the same exclusive connection. The PIN is gone afterwards."""
    kiosk, say = visit.kiosk, visit.say
    visit.desk.show(screens.pin(say, PIN_LENGTH, None, wrong=False))
    try:
        challenge = await kiosk.line.challenge(visit.id)
        message = challenge_message(
            challenge.center, kiosk.terminal, visit.id, challenge.nonce, challenge.expires
        )
        visit.nonce = challenge.nonce
        answer = await kiosk.devices.card.authenticate(reading.certificate, pin.digits, message)
    except (CenterDown, Refused):
        raise Stopped("center", [say("err.center")], "center-unreachable") from None
    except DeviceError as error:
        raise Stopped("reader", [say("err.busy")], error.fault.code) from None
    except CardError as error:
        await visit.note("card.refused", reason=error.problem.value)
        if error.problem is CardProblem.REMOVED:
            raise CardGone from None
        raise _unusable(visit, error.problem) from None
    finally:
        pin.wipe()
    if isinstance(answer, WrongPin):
        await visit.note("pin.wrong", tries=answer.tries_left)
    if not isinstance(answer, Signed) and answer.tries_left == 0:
        await visit.note("pin.locked")
        raise Stopped("E3", [say("err.pin_locked")], "pin-locked")
    return answer


async def _entitlement(visit: Visit, signed: Signed, purpose: Purpose) -> Entitlement:
    line = visit.kiosk.line
    try:
        entitlement = await line.authenticate(
            visit.id, visit.nonce, signed.certificate, signed.signature, purpose
        )
    except Refused as refused:
        stopped = _refused_holder(visit, refused.refusal)
        await _note_refusal(visit, stopped)
        raise stopped from None
    except CenterDown:
        raise Stopped("center", [visit.say("err.center")], "center-unreachable") from None
    visit.entitlement = entitlement
    visit.holder = holder_hash(signed.certificate)
    await visit.note("holder.authenticated", municipality=entitlement.municipality.code)
    return entitlement

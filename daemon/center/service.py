"""The center's operations, whatever line they come by. Synchronous and short; one caller at a time.

Nothing of a person is taken from the kiosk: who the holder is comes from the signature and the registry, and
whether the order is allowed is read again when it is made (P12). An order id is used once: the same request
gets the same answer, another one is refused (P4), and one that was cancelled never comes back (P3).
"""

import logging
import re
import secrets
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from daemon.center import rules
from daemon.center.allowance import Allowance
from daemon.center.documents import Press
from daemon.center.facts import Resident
from daemon.center.identity import Challenges, Trust, check_signature, is_serial, serial_of
from daemon.center.issuing import Issuer, Office
from daemon.center.registry import OrderRecord, Registry, request_digest
from daemon.center.sessions import Session, Sessions
from daemon.issuance.calendar import TOKYO
from daemon.issuance.messages import (
    Authentication,
    CenterStatus,
    Challenge,
    ChallengeRequest,
    CopyOutcome,
    Entitlement,
    Offer,
    OrderCancel,
    OrderClose,
    OrderRequest,
    Person,
    Precheck,
    Reason,
    Refusal,
    Refused,
    Registration,
    RegistrationRequest,
    SealedOrder,
)
from daemon.issuance.numbers import is_terminal
from daemon.issuance.seal import Sealer

__all__ = ["CenterService", "Office"]

log = logging.getLogger(__name__)

PRECHECKS, PRECHECK_PERIOD = 30, timedelta(minutes=1)
"""Of one terminal: more than cards can be laid down and lifted by hand."""


class CenterService:
    """One municipality's center. clock: aware times."""

    def __init__(
        self,
        registry: Registry,
        office: Office,
        sealer: Sealer,
        trust: Trust,
        press: Press,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        self._registry = registry
        self._office = office
        self._profile = office.profile
        self._sealer = sealer
        self._trust = trust
        self._issuer = Issuer(registry, office, sealer, press)
        self._clock = clock
        self._challenges = Challenges(office.name, clock, random)
        self._sessions = Sessions(clock, random)
        self._prechecks = Allowance(PRECHECKS, PRECHECK_PERIOD, clock)

    def status(self) -> CenterStatus:
        office, municipality = self._office, self._profile.municipality()
        return CenterStatus(
            office.name, self._now(), municipality, office.profile_hash, office.sample, self._sealer.key
        )

    # ------------------------------------------------------------ who it is

    def precheck(self, request: Precheck) -> None:
        """By serial alone, and only so often. Raises Refused."""
        if not is_terminal(request.terminal) or not is_serial(request.serial):
            raise Refused(Refusal(Reason.BAD_REQUEST))
        if not self._prechecks.take(request.terminal):
            log.warning("terminal %s: more than %d pre-checks in a minute", request.terminal, PRECHECKS)
            raise Refused(Refusal(Reason.TOO_MANY))
        self._eligible(request.serial)

    def challenge(self, request: ChallengeRequest) -> Challenge:
        """Raises Refused."""
        _check_ids(request.session, request.terminal)
        return self._challenges.make(request.terminal, request.session)

    def authenticate(self, request: Authentication) -> Entitlement:
        """Raises Refused."""
        now = self._now()
        message = self._challenges.take(request.terminal, request.session, request.nonce)
        certificate = self._trust.verify(request.certificate, now)
        check_signature(certificate, message, request.signature)
        serial = serial_of(certificate)
        holder = self._eligible(serial)
        if request.purpose != "residence":
            raise Refused(Refusal(Reason.NOT_OFFERED))
        entries = rules.entries(self._profile, holder, self._registry.household(holder.id), now)
        people = {one.id: one for one in (holder, *(one for entry in entries for one in entry.persons))}
        handles = self._sessions.begin(request.terminal, request.session, serial, people)
        persons = {key: Person(handles[key], one.name) for key, one in people.items()}
        offers = tuple(self._offer(entry, holder, persons) for entry in entries)
        log.info("terminal %s: a holder was authenticated, %d kinds on offer", request.terminal, len(offers))
        return Entitlement(self._profile.municipality(), persons[holder.id], offers)

    def _offer(self, entry: rules.Entry, holder: Resident, persons: Mapping[int, Person]) -> Offer:
        holder_first = sorted(entry.persons, key=lambda one: one.id != holder.id)
        return Offer(
            kind=entry.kind,
            fee=entry.fee,
            max_copies=self._profile.max_copies,
            scopes=entry.scopes,
            items=entry.items,
            persons=tuple(persons[one.id] for one in holder_first),
            refusal=entry.refusal,
            name=entry.name,
        )

    def _eligible(self, serial: str) -> Resident:
        """The holder, as the registry has it now. Raises Refused."""
        now = self._now()
        today = now.date()
        card = self._registry.card(serial)
        reason = self._trust.revocations.refusal(serial, now) or rules.card_refusal(card, today)
        if card is None or reason is not None:
            raise Refused(Refusal(reason or Reason.UNKNOWN_CERTIFICATE))
        holder = self._registry.resident(card.resident)
        reason = rules.holder_refusal(holder, self._profile, today)
        if reason is not None:
            raise Refused(Refusal(reason))
        return holder

    def register(self, request: RegistrationRequest) -> Registration:
        """利用登録 of this session's holder. Raises Refused."""
        _check_ids(request.registration, request.terminal)
        raise Refused(Refusal(Reason.NOT_OFFERED))

    # ------------------------------------------------------------ an order

    def order(self, request: OrderRequest) -> SealedOrder:
        """Raises Refused."""
        self._check_form(request)
        record = self._registry.order(request.order)
        if record is not None:
            return self._repeated(request, record)
        session = self._sessions.find(request.terminal, request.session)
        holder = self._eligible(session.serial)
        subjects = self._subjects(request, session, holder)
        sealed = self._issuer.issue(request, subjects, session.serial, self._now())
        session.answers[request.order] = sealed
        log.info("terminal %s: order %s, %d 通", request.terminal, request.order, request.copies)
        return sealed

    def _check_form(self, request: OrderRequest) -> None:
        _check_ids(request.order, request.terminal)
        if request.sample != self._office.sample:
            log.error("terminal %s: a sample and a real side do not go together", request.terminal)
            raise Refused(Refusal(Reason.SAMPLE_MIXED))

    def _repeated(self, request: OrderRequest, record: OrderRecord) -> SealedOrder:
        """A retry gets the same answer, as long as its session lives. Raises Refused."""
        if record.state == "cancelled":
            raise Refused(Refusal(Reason.CANCELLED))
        answer = self._sessions.answer(request.order)
        if answer is None or record.request != request_digest(request):
            raise Refused(Refusal(Reason.DUPLICATE))
        return answer

    def _subjects(
        self, request: OrderRequest, session: Session, holder: Resident
    ) -> tuple[tuple[str, Resident], ...]:
        """(handle, person) of each page, in their order, once everything allows it. Raises Refused."""
        household = self._registry.household(holder.id)
        listed = rules.entries(self._profile, holder, household, self._now())
        entry = next((one for one in listed if one.kind == request.kind), None)
        if entry is None:
            raise Refused(Refusal(Reason.NOT_ENTITLED))
        chosen = session.residents(request.subjects)
        refusal = rules.order_refusal(request, entry, holder.id, chosen.keys(), self._profile.max_copies)
        if refusal is not None:
            raise Refused(refusal)
        return tuple((chosen[person.id], person) for person in entry.persons if person.id in chosen)

    # ------------------------------------------------------------ its end

    def cancel(self, request: OrderCancel) -> None:
        """Voids what is still open; an order that has not come yet never will (P3). Raises Refused."""
        self._check_owner(request.order, request.terminal)
        self._registry.cancel(request.order, request.terminal, self._now())
        self._sessions.forget(request.order)
        log.info("terminal %s: order %s was cancelled", request.terminal, request.order)

    def close(self, request: OrderClose) -> None:
        """How each 通 ended; may come long after the session, and more than once. Raises Refused."""
        record = self._check_owner(request.order, request.terminal)
        if record is None:
            return self.cancel(OrderCancel(request.order, request.terminal))
        known = self._outcomes(request, record)
        self._registry.close(request.order, known)
        self._sessions.forget(request.order)
        log.info("terminal %s: order %s is closed, %d 通", request.terminal, request.order, len(known))
        return None

    def _outcomes(self, request: OrderClose, record: OrderRecord) -> Mapping[str, CopyOutcome]:
        ended = request.outcomes.items()
        known = {number: outcome for number, outcome in ended if number in record.numbers}
        if len(known) < len(request.outcomes):
            # taken nevertheless: a kiosk that is refused would ask for ever
            log.error("order %s was closed with numbers that are not its own", request.order)
        return known

    def _check_owner(self, order: str, terminal: str) -> OrderRecord | None:
        _check_ids(order, terminal)
        record = self._registry.order(order)
        if record is not None and record.terminal != terminal:
            log.error("terminal %s asked for an order of another terminal", terminal)
            raise Refused(Refusal(Reason.NOT_ENTITLED))
        return record

    def sweep(self) -> None:
        """Drops sessions that are over, with their documents. To be called now and then."""
        self._sessions.sweep()

    def _now(self) -> datetime:
        return self._clock().astimezone(TOKYO)


def _check_ids(id: str, terminal: str) -> None:
    """128 random bits in hex; a name that fits into a certificate number. Raises Refused."""
    if not re.fullmatch(r"[0-9a-f]{32}", id) or not is_terminal(terminal):
        raise Refused(Refusal(Reason.BAD_REQUEST))

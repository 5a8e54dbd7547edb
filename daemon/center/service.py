"""The center's operations, whatever line they come by. Synchronous and short; one caller at a time.

Nothing of a person is taken from the kiosk: who the holder is comes from the signature and the registry, and
whether the order is allowed is read again when it is made (P12). An order id is used once: the same request
gets the same answer, another one is refused (P4), and one that was cancelled never comes back (P3).
"""

import hashlib
import logging
import re
import secrets
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from daemon.center import documents, rules
from daemon.center.documents import Certificate, LayoutError, Press, UnprintableCharacter
from daemon.center.facts import Resident
from daemon.center.identity import Challenges, Trust, check_signature, serial_of
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
    Manifest,
    Offer,
    OrderCancel,
    OrderClose,
    OrderRequest,
    Person,
    Precheck,
    Reason,
    Refusal,
    Refused,
    SealedCopy,
    SealedOrder,
    Sheet,
)
from daemon.issuance.numbers import is_terminal
from daemon.issuance.profile import Profile
from daemon.issuance.seal import Sealer

log = logging.getLogger(__name__)

ORDER_LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True)
class Office:
    """The municipality behind the service. profile_hash: of the profile's file. sample: invented people."""

    profile: Profile
    profile_hash: str
    sample: bool

    @property
    def name(self) -> str:
        """How the center names itself in challenges."""
        return f"center-{self.profile.code}"


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
        self._press = press
        self._clock = clock
        self._challenges = Challenges(office.name, clock, random)
        self._sessions = Sessions(clock, random)

    def status(self) -> CenterStatus:
        office, municipality = self._office, self._profile.municipality()
        return CenterStatus(
            office.name, self._now(), municipality, office.profile_hash, office.sample, self._sealer.key
        )

    # ------------------------------------------------------------ who it is

    def precheck(self, request: Precheck) -> None:
        """By serial alone. Raises Refused."""
        self._eligible(request.serial)

    def challenge(self, request: ChallengeRequest) -> Challenge:
        """Raises Refused."""
        _check_ids(request.session, request.terminal)
        return self._challenges.make(request.terminal, request.session)

    def authenticate(self, request: Authentication) -> Entitlement:
        """Raises Refused."""
        now = self._now()
        digest = self._challenges.take(request.terminal, request.session, request.nonce)
        certificate = self._trust.verify(request.certificate, now)
        check_signature(certificate, digest, request.signature)
        serial = serial_of(certificate)
        holder = self._eligible(serial)
        _, handle = self._sessions.begin(request.terminal, request.session, serial, holder.id)
        person = Person(handle, holder.name)
        offers = tuple(self._offer(entry, person) for entry in rules.entries(self._profile, holder, now))
        log.info("terminal %s: a holder was authenticated, %d kinds on offer", request.terminal, len(offers))
        return Entitlement(self._profile.municipality(), person, offers)

    def _offer(self, entry: rules.Entry, holder: Person) -> Offer:
        return Offer(
            kind=entry.kind,
            fee=entry.fee,
            max_copies=self._profile.max_copies,
            scopes=entry.scopes,
            items=entry.items,
            persons=(holder,),
            refusal=entry.refusal,
        )

    def _eligible(self, serial: str) -> Resident:
        """The holder, as the registry has it now. Raises Refused."""
        today = self._now().date()
        card = self._registry.card(serial)
        reason = rules.card_refusal(card, today)
        if card is None or reason is not None:
            raise Refused(Refusal(reason or Reason.UNKNOWN_CERTIFICATE))
        holder = self._registry.resident(card.resident)
        reason = rules.holder_refusal(holder, self._profile, today)
        if reason is not None:
            raise Refused(Refusal(reason))
        return holder

    # ------------------------------------------------------------ an order

    def order(self, request: OrderRequest) -> SealedOrder:
        """Raises Refused."""
        self._check_form(request)
        record = self._registry.order(request.order)
        if record is not None:
            return self._repeated(request, record)
        session = self._sessions.find(request.terminal, request.session)
        holder = self._eligible(session.serial)
        certificate = self._certificate(request, session, holder)
        sealed = self._issue(request, session, certificate)
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

    def _certificate(self, request: OrderRequest, session: Session, holder: Resident) -> Certificate:
        """What is to be printed, once everything allows it. Raises Refused."""
        now = self._now()
        listed = rules.entries(self._profile, holder, now)
        entry = next((one for one in listed if one.kind == request.kind), None)
        subjects = session.residents(request.subjects)
        refusal = rules.order_refusal(request, entry, len(subjects), self._profile.max_copies)
        if refusal is not None:
            raise Refused(refusal)
        certificate = self._laid_out(request, self._registry.resident(subjects[0]), now)
        try:
            self._press.preflight(certificate)
        except UnprintableCharacter:
            raise Refused(Refusal(Reason.CHARACTER)) from None
        return certificate

    def _laid_out(self, request: OrderRequest, subject: Resident, now: datetime) -> Certificate:
        offering = self._profile.offering(request.kind)
        if offering is None:
            raise Refused(Refusal(Reason.NOT_ENTITLED))
        if request.kind == "inkan":
            person = documents.inkan(subject)
        else:
            person = documents.juminhyo(subject, offering.printed(request.items))
        mayor = self._profile.mayor
        return Certificate(request.kind, offering.name, person, now.date(), mayor, request.sample)

    def _issue(self, request: OrderRequest, session: Session, certificate: Certificate) -> SealedOrder:
        """Numbers, pages and seal; nothing is written down if any of it fails. Raises Refused."""
        try:
            with self._registry.issuing(request, self._now()) as issue:
                numbers = [
                    issue.new_number(self._profile.code, certificate.issued) for _ in range(request.copies)
                ]
                pdfs = tuple(self._press.draw(certificate, number) for number in numbers)
        except LayoutError as error:
            log.error("a certificate cannot be laid out: %s", error)
            raise Refused(Refusal(Reason.OUT_OF_SERVICE)) from None
        sheets = (Sheet(1, request.subjects),)
        copies = [
            SealedCopy(number, sheets, hashlib.sha256(pdf).hexdigest())
            for number, pdf in zip(numbers, pdfs, strict=True)
        ]
        manifest = msgspec.json.encode(self._manifest(request, session, certificate, copies))
        return SealedOrder(request.order, manifest, self._sealer.seal(manifest), self._sealer.key, pdfs)

    def _manifest(
        self,
        request: OrderRequest,
        session: Session,
        certificate: Certificate,
        copies: Iterable[SealedCopy],
    ) -> Manifest:
        return Manifest(
            order=request.order,
            terminal=request.terminal,
            session=request.session,
            holder=hashlib.sha256(session.serial.encode()).hexdigest(),
            municipality=self._profile.code,
            kind=request.kind,
            scope=request.scope,
            subjects=request.subjects,
            items=request.items,
            issued=certificate.issued.isoformat(),
            expires=self._now() + ORDER_LIFETIME,
            sample=request.sample,
            copies=tuple(copies),
        )

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

"""Orders, from 確定する on screen 11 to how each 通 ended.

Whether an order is allowed is read again when it is made (P12). An order id is used once: the same request
gets the same answer, another one is refused (P4), and one that was cancelled never comes back (P3).
An order is begun, laid out and finished; whoever calls lets nothing of the same order come in between.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

import msgspec

from daemon.center import rules
from daemon.center.admission import Admission
from daemon.center.composing import Allowed
from daemon.center.issuing import Draft, Issuer, Printed
from daemon.center.registry import OrderRecord, Registry, request_digest
from daemon.center.sessions import Session, Sessions, check_ids
from daemon.issuance.messages import (
    CopyOutcome,
    Manifest,
    OrderCancel,
    OrderClose,
    OrderRequest,
    Reason,
    Refusal,
    Refused,
    ReissueRequest,
    SealedOrder,
)

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Job:
    """What was begun. instead_of: the void number that is replaced; "": it is the order itself."""

    session: Session
    draft: Draft
    instead_of: str = ""


class Orders:
    """clock: aware times in Asia/Tokyo. sample: the people are invented."""

    def __init__(
        self,
        registry: Registry,
        admission: Admission,
        issuer: Issuer,
        sessions: Sessions,
        clock: Callable[[], datetime],
        sample: bool,
    ) -> None:
        self._registry = registry
        self._admission = admission
        self._issuer = issuer
        self._sessions = sessions
        self._clock = clock
        self._sample = sample

    def order(self, request: OrderRequest) -> SealedOrder | Job:
        """The answer it had already, or what is to be laid out. Raises Refused."""
        self._check_form(request)
        record = self._registry.order(request.order)
        if record is not None:
            return self._repeated(request, record)
        session = self._sessions.find(request.terminal, request.session)
        now = self._clock()
        allowed = self._allowed(request, session, now)
        return Job(session, self._issuer.begin(request, allowed, session.serial, now))

    def lay_out(self, job: Job) -> tuple[Printed, ...] | None:
        """In any thread: neither registry nor sessions are touched."""
        return self._issuer.lay_out(job.draft)

    def finish(self, job: Job, printed: tuple[Printed, ...] | None) -> SealedOrder:
        """printed: None: it cannot be laid out, and its numbers are void for ever. Raises Refused."""
        request, session = job.draft.request, job.session
        if printed is None:
            if not job.instead_of:
                self._registry.cancel(request.order, request.terminal, self._clock())
            raise Refused(Refusal(Reason.OUT_OF_SERVICE))
        sealed = self._issuer.seal(job.draft, printed)
        if job.instead_of:
            session.reissues[job.instead_of] = sealed
        else:
            session.answers[request.order] = sealed
        log.info("terminal %s: order %s, %d 通", request.terminal, request.order, request.copies)
        return sealed

    def reissue(self, request: ReissueRequest) -> SealedOrder | Job:
        """One 通 of a live order in place of one that jammed: once, and everything is read again (P12, P13).

        The question itself makes the old number void, whatever the answer is. Raises Refused.
        """
        record = self._check_owner(request.order, request.terminal)
        session = self._sessions.find(request.terminal, request.session)
        first = session.answers.get(request.order)
        if record is None or record.state != "issued" or first is None:
            raise Refused(Refusal(Reason.NOT_ENTITLED))
        if request.number in session.reissues:
            return session.reissues[request.number]
        self._check_first_time(request, record)
        self._registry.void(request.number)
        wish, now = _one_more(first), self._clock()
        allowed = self._allowed(wish, session, now, charged=False)
        draft = self._issuer.begin(wish, allowed, session.serial, now, request.number)
        return Job(session, draft, request.number)

    def _check_first_time(self, request: ReissueRequest, record: OrderRecord) -> None:
        """Of this order, neither replaced already nor a replacement. Raises Refused.

        As long as the order is not ended, only a question that was refused can have made it void.
        """
        replaced = self._registry.reissued(request.order)
        known = request.number in record.numbers
        if not known or request.number in replaced or request.number in replaced.values():
            raise Refused(Refusal(Reason.DUPLICATE))

    def _check_form(self, request: OrderRequest) -> None:
        check_ids(request.order, request.terminal)
        if request.sample != self._sample:
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

    def _allowed(
        self, request: OrderRequest, session: Session, now: datetime, charged: bool = True
    ) -> Allowed:
        """What is to be printed, once everything allows it. charged: for the fee that was shown.

        Raises Refused.
        """
        errand = session.errand
        listed = errand.listing.entry(request.kind)
        if listed is None:
            raise Refused(Refusal(Reason.NOT_ENTITLED))
        holder = self._admission.holder(session.serial, now)
        office = self._admission.served(errand, holder, now)
        known = self._admission.known(office.profile, holder, [request.kind], now)
        entry = rules.listed_entry(office.profile, request.kind, known, errand.purpose, now)
        if entry is None:
            raise Refused(Refusal(Reason.NOT_ENTITLED))
        if not charged:
            listed, entry = replace(listed, fee=request.fee), replace(entry, fee=request.fee)
        chosen = session.persons(request.subjects)
        most = office.profile.max_copies
        refusal = rules.order_refusal(request, listed, entry, holder.id, chosen.keys(), most)
        if refusal is not None:
            raise Refused(refusal)
        subjects = tuple((chosen[one.id], one.id) for one in entry.persons if one.id in chosen)
        return Allowed(office, known, subjects)

    # ------------------------------------------------------------ its end

    def cancel(self, request: OrderCancel) -> None:
        """Voids what is still open; an order that has not come yet never will (P3). Raises Refused."""
        self._check_owner(request.order, request.terminal)
        self._registry.cancel(request.order, request.terminal, self._clock())
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
        open_ends = (None, CopyOutcome.IN_DOUBT)
        for number, outcome in known.items():
            if record.numbers[number] not in (*open_ends, outcome):
                log.error("order %s: %s is not %s any more", request.order, number, outcome.value)
        return known

    def _check_owner(self, order: str, terminal: str) -> OrderRecord | None:
        check_ids(order, terminal)
        record = self._registry.order(order)
        if record is not None and record.terminal != terminal:
            log.error("terminal %s asked for an order of another terminal", terminal)
            raise Refused(Refusal(Reason.NOT_ENTITLED))
        return record


def _one_more(sealed: SealedOrder) -> OrderRequest:
    """The same wish for one 通."""
    manifest = msgspec.json.decode(sealed.manifest, type=Manifest)
    return OrderRequest(
        order=manifest.order,
        terminal=manifest.terminal,
        session=manifest.session,
        kind=manifest.kind,
        scope=manifest.scope,
        subjects=manifest.subjects,
        items=manifest.items,
        copies=1,
        sample=manifest.sample,
        year=manifest.year,
    )

"""From the card to what its holder can have: pre-check, challenge, authentication, and the 利用登録申請.

Nothing of a person is taken from the kiosk: who the holder is comes from the signature and the registry. What
is hidden from a list is written to the log by kind and reason, never with whom it concerns.
"""

import logging
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from daemon.center import rules
from daemon.center.admission import Admission
from daemon.center.allowance import Allowance
from daemon.center.facts import Resident
from daemon.center.identity import Challenges, Trust, check_signature, is_serial, serial_of
from daemon.center.offices import Office
from daemon.center.registry import Registry
from daemon.center.sessions import Errand, Sessions, check_ids
from daemon.issuance.messages import (
    Authentication,
    Challenge,
    ChallengeRequest,
    Entitlement,
    Offer,
    Person,
    Precheck,
    Purpose,
    Reason,
    Refusal,
    Refused,
    Registration,
    RegistrationRequest,
)
from daemon.issuance.numbers import is_terminal

log = logging.getLogger(__name__)

PRECHECKS, PRECHECK_PERIOD = 30, timedelta(minutes=1)
"""Of one terminal: more than cards can be laid down and lifted by hand."""


class Arrival:
    """clock: aware times in Asia/Tokyo."""

    def __init__(
        self,
        registry: Registry,
        admission: Admission,
        trust: Trust,
        challenges: Challenges,
        sessions: Sessions,
        clock: Callable[[], datetime],
    ) -> None:
        self._registry = registry
        self._admission = admission
        self._trust = trust
        self._challenges = challenges
        self._sessions = sessions
        self._clock = clock
        self._prechecks = Allowance(PRECHECKS, PRECHECK_PERIOD, clock)

    def precheck(self, request: Precheck) -> None:
        """By serial alone, and only so often: the card and the age, and nothing else. Raises Refused."""
        if not is_terminal(request.terminal) or not is_serial(request.serial):
            raise Refused(Refusal(Reason.BAD_REQUEST))
        if not self._prechecks.take(request.terminal):
            log.warning("terminal %s: more than %d pre-checks in a minute", request.terminal, PRECHECKS)
            raise Refused(Refusal(Reason.TOO_MANY))
        self._admission.precheck(request.serial, self._clock())

    def challenge(self, request: ChallengeRequest) -> Challenge:
        """Raises Refused."""
        check_ids(request.session, request.terminal)
        return self._challenges.make(request.terminal, request.session)

    def authenticate(self, request: Authentication) -> Entitlement:
        """Raises Refused."""
        now = self._clock()
        message = self._challenges.take(request.terminal, request.session, request.nonce)
        certificate = self._trust.verify(request.certificate, now)
        check_signature(certificate, message, request.signature)
        serial = serial_of(certificate)
        holder = self._admission.holder(serial, now)
        self._admission.check_token(serial, request.purpose, now)
        office = self._admission.office(request.purpose, holder, now)
        listing = self._listing(office, holder, request.purpose, now)
        errand = Errand(request.purpose, office.profile.code, listing)
        people = {holder.id, *(one.id for entry in listing.entries for one in entry.persons)}
        handles = self._sessions.begin(request.terminal, request.session, serial, errand, people)
        _log_listing(request.terminal, errand)
        return Entitlement(
            municipality=office.profile.municipality(),
            holder=Person(handles[holder.id], holder.name),
            offers=tuple(_offer(entry, holder.id, handles, office) for entry in listing.entries),
            registration_days=office.profile.registration_days if request.purpose == "register" else 0,
        )

    def register(self, request: RegistrationRequest) -> Registration:
        """利用登録申請 with the municipality of the 本籍 (R41), if it is offered, needed and not done.

        A retry gets the same answer. Raises Refused.
        """
        check_ids(request.registration, request.terminal)
        session = self._sessions.find(request.terminal, request.session)
        done = session.registration
        if done is not None and done.registration == request.registration:
            return done
        if session.errand.purpose != "register":
            raise Refused(Refusal(Reason.NOT_ENTITLED))
        now = self._clock()
        holder = self._admission.holder(session.serial, now)
        profile = self._admission.served(session.errand, holder, now).profile
        today, days = now.date(), profile.registration_days
        filed = self._registry.register(holder.id, profile.code, today, today + timedelta(days=days))
        ready = filed.ready.isoformat()
        session.registration = Registration(request.registration, profile.municipality(), days, ready)
        log.info("terminal %s: a 利用登録 with %s was filed", request.terminal, profile.code)
        return session.registration

    def _listing(self, office: Office, holder: Resident, purpose: Purpose, now: datetime) -> rules.Listing:
        if purpose == "register":
            return rules.Listing(())
        profile = office.profile
        kinds = [one.kind for one in profile.certificates]
        known = self._admission.known(profile, holder, kinds, now)
        return rules.listing(profile, known, purpose, now)


def _offer(entry: rules.Entry, holder: int, handles: dict[int, str], office: Office) -> Offer:
    holder_first: Sequence[rules.Candidate] = sorted(entry.persons, key=lambda one: one.id != holder)
    return Offer(
        kind=entry.kind,
        fee=entry.fee,
        max_copies=office.profile.max_copies,
        scopes=entry.scopes,
        items=entry.items,
        persons=tuple(Person(handles[one.id], one.name, one.given) for one in holder_first),
        notices=entry.notices,
        refusal=entry.refusal,
        years=entry.years,
        name=entry.name,
    )


def _log_listing(terminal: str, errand: Errand) -> None:
    hidden = ", ".join(f"{kind} {why.value}" for kind, why in errand.listing.hidden)
    log.info(
        "terminal %s: a holder was authenticated (%s), %d kinds on offer, hidden: %s",
        terminal,
        errand.purpose,
        len(errand.listing.entries),
        hidden or "none",
    )

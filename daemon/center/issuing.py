"""From an order that is allowed to what the kiosk gets: numbers, pages, manifest, seal.

All or nothing: what cannot be printed exactly is refused before a number is given, and a layout that fails
takes its numbers with it.
"""

import hashlib
import logging
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from daemon.center import documents
from daemon.center.documents import Certificate, LayoutError, Press, UnprintableCharacter
from daemon.center.offices import Office
from daemon.center.registry import Issue, Registry
from daemon.center.rules import Known
from daemon.issuance.messages import (
    Manifest,
    OrderRequest,
    Reason,
    Refusal,
    Refused,
    SealedCopy,
    SealedOrder,
    Sheet,
)
from daemon.issuance.seal import Sealer

log = logging.getLogger(__name__)

ORDER_LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True)
class Allowed:
    """What the rules allow to be printed. subjects: (handle, person) of those on it, in their order."""

    office: Office
    known: Known
    subjects: tuple[tuple[str, int], ...]


class Issuer:
    """Makes sealed orders."""

    def __init__(self, registry: Registry, sealer: Sealer, press: Press) -> None:
        self._registry = registry
        self._sealer = sealer
        self._press = press

    def issue(
        self, request: OrderRequest, allowed: Allowed, serial: str, now: datetime, instead_of: str = ""
    ) -> SealedOrder:
        """serial: of the holder's certificate. now: in Asia/Tokyo. instead_of: the void number that the one
        通 of a re-issue replaces. Raises Refused.
        """
        certificate = self._certificate(request, allowed, now)
        if instead_of:
            transaction = self._registry.reissuing(request, instead_of)
        else:
            transaction = self._registry.issuing(request, now)
        municipality = allowed.office.profile.code
        numbers, pdfs = self._printed(transaction, certificate, municipality, now, request.copies)
        sheets = tuple(Sheet(page, (handle,)) for page, (handle, _) in enumerate(allowed.subjects, start=1))
        copies = tuple(
            SealedCopy(number, sheets, hashlib.sha256(pdf).hexdigest())
            for number, pdf in zip(numbers, pdfs, strict=True)
        )
        manifest = msgspec.json.encode(_manifest(request, municipality, serial, copies, now))
        return SealedOrder(request.order, manifest, self._sealer.seal(manifest), self._sealer.key, pdfs)

    def _certificate(self, request: OrderRequest, allowed: Allowed, now: datetime) -> Certificate:
        """What is to be printed, once the font can draw it. Raises Refused."""
        profile = allowed.office.profile
        offering = profile.offering(request.kind)
        if offering is None or request.kind not in ("juminhyo", "inkan"):
            raise Refused(Refusal(Reason.NOT_OFFERED))
        people = {one.id: one for one in allowed.known.household}
        subjects = [people[person] for _, person in allowed.subjects]
        if request.kind == "inkan":
            persons = tuple(documents.inkan(subject) for subject in subjects)
        else:
            printed = offering.printed(request.items)
            persons = tuple(documents.juminhyo(subject, printed) for subject in subjects)
        made = Certificate(
            kind=request.kind,
            title=offering.name,
            sentence=documents.sentence(request.kind, request.scope),
            persons=persons,
            issued=now.date(),
            mayor=profile.mayor,
            sample=request.sample,
        )
        try:
            self._press.preflight(made)
        except UnprintableCharacter:
            raise Refused(Refusal(Reason.CHARACTER)) from None
        return made

    def _printed(
        self,
        transaction: AbstractContextManager[Issue],
        certificate: Certificate,
        municipality: str,
        now: datetime,
        copies: int,
    ) -> tuple[list[str], tuple[bytes, ...]]:
        """(numbers, PDFs), one a 通; nothing is written down if a page fails. Raises Refused."""
        try:
            with transaction as issue:
                numbers = [issue.new_number(municipality, now.date()) for _ in range(copies)]
                return numbers, tuple(self._press.draw(certificate, number) for number in numbers)
        except LayoutError as error:
            log.error("a certificate cannot be laid out: %s", error)
            raise Refused(Refusal(Reason.OUT_OF_SERVICE)) from None


def _manifest(
    request: OrderRequest, municipality: str, serial: str, copies: tuple[SealedCopy, ...], now: datetime
) -> Manifest:
    return Manifest(
        order=request.order,
        terminal=request.terminal,
        session=request.session,
        holder=hashlib.sha256(serial.encode()).hexdigest(),
        municipality=municipality,
        kind=request.kind,
        scope=request.scope,
        subjects=request.subjects,
        items=request.items,
        issued=now.date().isoformat(),
        expires=now + ORDER_LIFETIME,
        sample=request.sample,
        copies=copies,
        year=request.year,
    )

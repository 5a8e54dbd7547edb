"""From an order that is allowed to what the kiosk gets: numbers, pages, manifest, seal.

All or nothing: what cannot be printed exactly is refused before a number is given, and a layout that fails
takes its numbers with it.
"""

import hashlib
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from daemon.center import documents
from daemon.center.documents import Certificate, LayoutError, Press, UnprintableCharacter
from daemon.center.facts import Resident
from daemon.center.registry import Registry
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
from daemon.issuance.profile import Profile
from daemon.issuance.seal import Sealer

log = logging.getLogger(__name__)

ORDER_LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True)
class Office:
    """The municipality behind the center. profile_hash: of the profile's file. sample: invented people."""

    profile: Profile
    profile_hash: str
    sample: bool

    @property
    def name(self) -> str:
        """How the center names itself in challenges."""
        return f"center-{self.profile.code}"


class Issuer:
    """Makes sealed orders."""

    def __init__(self, registry: Registry, office: Office, sealer: Sealer, press: Press) -> None:
        self._registry = registry
        self._profile = office.profile
        self._sealer = sealer
        self._press = press

    def publish(self, profile: Profile) -> None:
        """From the next order on this one counts."""
        self._profile = profile

    def issue(
        self, request: OrderRequest, subjects: Sequence[tuple[str, Resident]], serial: str, now: datetime
    ) -> SealedOrder:
        """subjects: (handle, person), one a page, in the order of the pages. serial: of the holder's
        certificate. now: in Asia/Tokyo. Raises Refused.
        """
        certificate = self._certificate(request, [person for _, person in subjects], now)
        numbers, pdfs = self._printed(request, certificate, now)
        sheets = tuple(Sheet(page, (handle,)) for page, (handle, _) in enumerate(subjects, start=1))
        copies = tuple(
            SealedCopy(number, sheets, hashlib.sha256(pdf).hexdigest())
            for number, pdf in zip(numbers, pdfs, strict=True)
        )
        manifest = msgspec.json.encode(self._manifest(request, serial, copies, now))
        return SealedOrder(request.order, manifest, self._sealer.seal(manifest), self._sealer.key, pdfs)

    def _certificate(self, request: OrderRequest, subjects: Sequence[Resident], now: datetime) -> Certificate:
        """What is to be printed, once the font can draw it. Raises Refused."""
        offering = self._profile.offering(request.kind)
        if offering is None:
            raise Refused(Refusal(Reason.NOT_ENTITLED))
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
            mayor=self._profile.mayor,
            sample=request.sample,
        )
        try:
            self._press.preflight(made)
        except UnprintableCharacter:
            raise Refused(Refusal(Reason.CHARACTER)) from None
        return made

    def _printed(
        self, request: OrderRequest, certificate: Certificate, now: datetime
    ) -> tuple[list[str], tuple[bytes, ...]]:
        """(numbers, PDFs), one a 通; nothing is written down if a page fails. Raises Refused."""
        try:
            with self._registry.issuing(request, now) as issue:
                numbers = [issue.new_number(self._profile.code, now.date()) for _ in range(request.copies)]
                return numbers, tuple(self._press.draw(certificate, number) for number in numbers)
        except LayoutError as error:
            log.error("a certificate cannot be laid out: %s", error)
            raise Refused(Refusal(Reason.OUT_OF_SERVICE)) from None

    def _manifest(
        self, request: OrderRequest, serial: str, copies: tuple[SealedCopy, ...], now: datetime
    ) -> Manifest:
        return Manifest(
            order=request.order,
            terminal=request.terminal,
            session=request.session,
            holder=hashlib.sha256(serial.encode()).hexdigest(),
            municipality=self._profile.code,
            kind=request.kind,
            scope=request.scope,
            subjects=request.subjects,
            items=request.items,
            issued=now.date().isoformat(),
            expires=now + ORDER_LIFETIME,
            sample=request.sample,
            copies=copies,
        )

"""From an order that is allowed to what the kiosk gets: numbers, pages, manifest, seal.

All or nothing: what cannot be printed exactly is refused before a number is given, and a layout that fails
takes its numbers with it.
"""

import hashlib
import logging
from collections.abc import Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from daemon.center.composing import Allowed, compose
from daemon.center.documents.certificate import Certificate
from daemon.center.documents.press import DrawnSheet, LayoutError, Press, UnprintableCharacter
from daemon.center.documents.records import records
from daemon.center.paper.back import Paper
from daemon.center.paper.codes import TooMuch
from daemon.center.registry import Issue, Registry
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
class Printed:
    """One 通. pdf: both sides of each sheet. sheets: what the layout says of the fronts."""

    pdf: bytes
    sheets: tuple[DrawnSheet, ...]


class Issuer:
    """Makes sealed orders."""

    def __init__(self, registry: Registry, sealer: Sealer, press: Press) -> None:
        self._registry = registry
        self._sealer = sealer
        self._press = press
        self._paper = Paper(press, sealer.signing, press.pattern)

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
        printed = self._printed(transaction, certificate, municipality, now, request.copies)
        handles = {person: handle for handle, person in allowed.subjects}
        copies = tuple(
            SealedCopy(number, _sheets(one, handles), hashlib.sha256(one.pdf).hexdigest())
            for number, one in printed.items()
        )
        manifest = msgspec.json.encode(_manifest(request, municipality, serial, copies, now))
        pdfs = tuple(one.pdf for one in printed.values())
        return SealedOrder(request.order, manifest, self._sealer.seal(manifest), self._sealer.key, pdfs)

    def _certificate(self, request: OrderRequest, allowed: Allowed, now: datetime) -> Certificate:
        """What is to be printed, once the font can draw it. Raises Refused."""
        made = compose(request, allowed, now.date())
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
    ) -> dict[str, Printed]:
        """By number, a 通 each; nothing is written down if a page fails. Raises Refused."""
        try:
            with transaction as issue:
                numbers = [issue.new_number(municipality, now.date()) for _ in range(copies)]
                return {number: self._finished(certificate, municipality, number) for number in numbers}
        except (LayoutError, TooMuch) as error:
            log.error("a certificate cannot be laid out: %s", error)
            raise Refused(Refusal(Reason.OUT_OF_SERVICE)) from None

    def _finished(self, certificate: Certificate, municipality: str, number: str) -> Printed:
        """Both sides of each sheet. Raises LayoutError, TooMuch."""
        drawn = self._press.draw(certificate, number)
        said = records(certificate, drawn, municipality, number)
        return Printed(self._paper.finish(drawn.pdf, said), drawn.sheets)


def _sheets(printed: Printed, handles: Mapping[int, str]) -> tuple[Sheet, ...]:
    """Who stands on which, of those that were chosen: who left a koseki has no handle."""
    return tuple(
        Sheet(page, tuple(handles[person] for person in sheet.persons if person in handles))
        for page, sheet in enumerate(printed.sheets, start=1)
    )


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

"""From an order that is allowed to what the kiosk gets: numbers, pages, manifest, seal.

In three steps: the numbers, in a transaction of their own; the pages, which touch neither registry nor
sessions and so may be laid out in another thread; the seal. What cannot be printed exactly is refused before
a number is given. All or nothing: if one page fails, the order has none.
"""

import hashlib
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

import msgspec

from daemon.center.composing import Allowed, compose
from daemon.center.documents.certificate import Certificate
from daemon.center.documents.press import DrawnSheet, LayoutError, Press, UnprintableCharacter
from daemon.center.documents.records import records
from daemon.center.paper.back import Paper
from daemon.center.paper.codes import TooMuch
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
from daemon.issuance.seal import Sealer

log = logging.getLogger(__name__)

ORDER_LIFETIME = timedelta(minutes=30)


@dataclass(frozen=True)
class Printed:
    """One 通. pdf: both sides of each sheet. sheets: what the layout says of the fronts."""

    pdf: bytes
    sheets: tuple[DrawnSheet, ...]


@dataclass(frozen=True)
class Draft:
    """An order that has its numbers and no pages yet. serial: of the holder's certificate."""

    request: OrderRequest
    allowed: Allowed
    serial: str
    now: datetime
    certificate: Certificate
    numbers: tuple[str, ...]

    @property
    def municipality(self) -> str:
        return self.allowed.office.profile.code


class Issuer:
    """Makes sealed orders: ``begin``, ``lay_out``, ``seal``."""

    def __init__(self, registry: Registry, sealer: Sealer, press: Press) -> None:
        self._registry = registry
        self._sealer = sealer
        self._press = press
        self._paper = Paper(press, sealer.signing, press.pattern)

    def begin(
        self, request: OrderRequest, allowed: Allowed, serial: str, now: datetime, instead_of: str = ""
    ) -> Draft:
        """now: in Asia/Tokyo. instead_of: the void number that the one 通 of a re-issue replaces.

        Raises Refused.
        """
        certificate = self._certificate(request, allowed, now)
        if instead_of:
            transaction = self._registry.reissuing(request, instead_of)
        else:
            transaction = self._registry.issuing(request, now)
        code, day = allowed.office.profile.code, now.date()
        with transaction as issue:
            numbers = tuple(issue.new_number(code, day) for _ in range(request.copies))
        return Draft(request, allowed, serial, now, certificate, numbers)

    def lay_out(self, draft: Draft) -> tuple[Printed, ...] | None:
        """A 通 for each number; None: a page fails. In any thread, one order after another."""
        try:
            return tuple(self._finished(draft, number) for number in draft.numbers)
        except (LayoutError, TooMuch) as error:
            log.error("a certificate cannot be laid out: %s", error)
            return None

    def seal(self, draft: Draft, printed: tuple[Printed, ...]) -> SealedOrder:
        handles = {person: handle for handle, person in draft.allowed.subjects}
        copies = tuple(
            SealedCopy(number, _sheets(one, handles), hashlib.sha256(one.pdf).hexdigest())
            for number, one in zip(draft.numbers, printed, strict=True)
        )
        manifest = msgspec.json.encode(_manifest(draft, copies))
        pdfs = tuple(one.pdf for one in printed)
        return SealedOrder(draft.request.order, manifest, self._sealer.seal(manifest), self._sealer.key, pdfs)

    def _certificate(self, request: OrderRequest, allowed: Allowed, now: datetime) -> Certificate:
        """What is to be printed, once the font can draw it. Raises Refused."""
        made = compose(request, allowed, now.date())
        try:
            self._press.preflight(made)
        except UnprintableCharacter:
            raise Refused(Refusal(Reason.CHARACTER)) from None
        return made

    def _finished(self, draft: Draft, number: str) -> Printed:
        """Both sides of each sheet. Raises LayoutError, TooMuch."""
        drawn = self._press.draw(draft.certificate, number)
        said = records(draft.certificate, drawn, draft.municipality, number)
        return Printed(self._paper.finish(drawn.pdf, said), drawn.sheets)


def _sheets(printed: Printed, handles: Mapping[int, str]) -> tuple[Sheet, ...]:
    """Who stands on which, of those that were chosen: who left a koseki has no handle."""
    return tuple(
        Sheet(page, tuple(handles[person] for person in sheet.persons if person in handles))
        for page, sheet in enumerate(printed.sheets, start=1)
    )


def _manifest(draft: Draft, copies: tuple[SealedCopy, ...]) -> Manifest:
    request = draft.request
    return Manifest(
        order=request.order,
        terminal=request.terminal,
        session=request.session,
        holder=hashlib.sha256(draft.serial.encode()).hexdigest(),
        municipality=draft.municipality,
        kind=request.kind,
        scope=request.scope,
        subjects=request.subjects,
        items=request.items,
        issued=draft.now.date().isoformat(),
        expires=draft.now + ORDER_LIFETIME,
        sample=request.sample,
        copies=copies,
        year=request.year,
    )

"""A center that lies: what it answers to an order is changed on its way, most of it sealed anew by the
center's own key, so that only what it says can give it away.
"""

import functools
import hashlib
from collections.abc import Callable
from datetime import date, timedelta

import msgspec

from daemon.center.documents.certificate import Letterhead
from daemon.center.documents.residence import juminhyo
from daemon.center.registry import Registry, open_engine
from daemon.center.sample import SAMPLE_HOLDERS, sample_registry
from daemon.center.service import CenterService
from daemon.issuance.messages import CenterDown, Manifest, OrderRequest, Scope, SealedOrder
from daemon.issuance.numbers import CertificateNumber
from daemon.issuance.seal import Sealer, new_key
from tests.center.paper.printed import finished
from tests.direct_line import DirectLine
from tests.flow.whole import MORNING, TERMINAL, SetUp, press

TODAY = MORNING.date()
Lie = Callable[[SealedOrder, Sealer], SealedOrder]


class LyingLine(DirectLine):
    """A line that hands on what ``lie`` makes of each sealed order."""

    def __init__(
        self, service: CenterService, terminal: str, lie: Callable[[SealedOrder], SealedOrder]
    ) -> None:
        super().__init__(service, terminal)
        self._lie = lie

    async def order(self, request: OrderRequest) -> SealedOrder:
        return self._lie(await super().order(request))


def lying(lie: Lie) -> SetUp:
    """A kiosk whose center tells this lie."""
    sealer = Sealer.from_pem(new_key())

    def line(service: CenterService, terminal: str) -> DirectLine:
        return LyingLine(service, terminal, lambda sealed: lie(sealed, sealer))

    return SetUp(line=line, sealer=sealer)


def away(call: str, line_down: list[bool], after: bool = False) -> SetUp:
    """A kiosk whose center cannot be reached by this call while ``line_down`` is not empty.

    after: the center does as it was told, and only its answer is lost.
    """

    def make(service: CenterService, terminal: str) -> DirectLine:
        line = DirectLine(service, terminal)
        reached = getattr(line, call)

        async def asked(*args: object) -> object:
            if line_down and not after:
                raise CenterDown("away")
            answer = await reached(*args)
            if line_down:
                raise CenterDown("the answer is lost")
            return answer

        setattr(line, call, asked)
        return line

    return SetUp(line=make)


# ---------------------------------------------------------------- what it can change


def manifest_of(sealed: SealedOrder) -> Manifest:
    return msgspec.json.decode(sealed.manifest, type=Manifest)


def resealed(
    sealed: SealedOrder, sealer: Sealer, pdfs: tuple[bytes, ...] = (), **changes: object
) -> SealedOrder:
    """These fields of the manifest, or these documents, under a seal that holds."""
    pdfs = pdfs or sealed.pdfs
    manifest = msgspec.structs.replace(manifest_of(sealed), **changes)
    copies = list(manifest.copies)
    for k, pdf in enumerate(pdfs[: len(copies)]):
        copies[k] = msgspec.structs.replace(copies[k], sha256=hashlib.sha256(pdf).hexdigest())
    raw = msgspec.json.encode(msgspec.structs.replace(manifest, copies=tuple(copies)))
    return SealedOrder(sealed.order, raw, sealer.seal(raw), sealer.key, pdfs)


def with_pages(sealed: SealedOrder, sealer: Sealer, who: str = "taro", sample: bool = True) -> SealedOrder:
    """Every page drawn anew: of this person, with or without 見本."""
    numbers = [copy.number for copy in manifest_of(sealed).copies]
    return resealed(sealed, sealer, tuple(page(who, number, sample) for number in numbers))


def with_numbers(sealed: SealedOrder, sealer: Sealer, numbers: list[str], shown: list[str]) -> SealedOrder:
    """These numbers in the manifest, and those on the pages."""
    copies = tuple(
        msgspec.structs.replace(copy, number=number)
        for copy, number in zip(manifest_of(sealed).copies, numbers, strict=True)
    )
    return resealed(sealed, sealer, tuple(page("taro", number) for number in shown), copies=copies)


def number(serial: int, terminal: str = TERMINAL, day: date = TODAY) -> str:
    return str(CertificateNumber("162027", day, terminal, serial))


def yesterday() -> date:
    return TODAY - timedelta(days=1)


def page(who: str, number: str, sample: bool = True) -> bytes:
    """The 住民票 of a sample holder under this number."""
    return pages((who,), number, "self", sample)


@functools.cache
def pages(people: tuple[str, ...], number: str, scope: Scope = "part", sample: bool = True) -> bytes:
    """One 通 with a page for each of these sample holders, in this order."""
    residents = [_people().resident(SAMPLE_HOLDERS[who].resident) for who in people]
    head = Letterhead("住民票の写し", "富山県高岡市長", TODAY, sample)
    return finished(press(), juminhyo(head, residents, (), scope), number)


@functools.cache
def _people() -> Registry:
    engine = open_engine(None)
    sample_registry(engine, TODAY)
    return Registry(engine)

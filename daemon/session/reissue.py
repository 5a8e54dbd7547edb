"""A 通 that jammed, once more (P13): asked of the center by its void number, and checked like the first.

The new 通 costs nothing: the fee is for what is delivered. What the center refuses, or cannot be asked, is
refunded. A mismatch ends the printing of the whole order (P8).
"""

from dataclasses import replace

import msgspec

from daemon.issuance.messages import CenterDown, Refused, ReissueRequest, SealedCopy, SealedOrder
from daemon.issuance.order import Mismatch, check
from daemon.session.purchase import Purchase, report_mismatch
from daemon.session.visit import Visit


async def reissue(visit: Visit, purchase: Purchase, number: str) -> tuple[SealedCopy, bytearray] | None:
    """The 通 in place of that of this number; None: it is to be refunded.

    Raises Mismatch: what came is not what screen 11 showed; it is reported.
    """
    await visit.note("reissue.requested", order=purchase.order, number=number)
    request = ReissueRequest(purchase.order, visit.kiosk.terminal, visit.id, number)
    try:
        sealed = await visit.kiosk.line.reissue(request)
    except Refused as refused:
        await visit.note("reissue.failed", number=number, reason=refused.refusal.reason.value)
        return None
    except CenterDown:
        await visit.note("reissue.failed", number=number, reason="center-unreachable")
        return None
    try:
        copy = _checked(visit, purchase, sealed)
    except Mismatch as mismatch:
        await report_mismatch(visit, purchase.order, mismatch)
        raise
    pdf = bytearray(sealed.pdfs[0])
    visit.documents.append(pdf)
    await visit.note("reissue.checked", order=purchase.order, number=number, by=copy.number)
    return copy, pdf


def _checked(visit: Visit, purchase: Purchase, sealed: SealedOrder) -> SealedCopy:
    """Everything that was checked before the money (P1, P5 to P7), of one 通. Raises Mismatch."""
    one = msgspec.structs.replace(purchase.expected.request, copies=1)
    expected = replace(purchase.expected, request=one)
    (copy,) = check(sealed, expected, visit.kiosk.keyring, visit.kiosk.now()).copies
    if copy.number in {known.number for known in purchase.copies}:
        raise Mismatch("P6", "a re-issued 通 under a number that was given before")
    return copy

"""What each front says, for the code on its back: the layout's own account of it, and who certifies what."""

from daemon.center.documents.certificate import Certificate
from daemon.center.documents.press import Drawn
from daemon.center.paper.record import Record


def records(certificate: Certificate, drawn: Drawn, issuer: str, number: str) -> tuple[Record, ...]:
    """One a sheet, in their order; a register is certified on its last. issuer: 団体コード."""
    head, last = certificate.head, len(drawn.sheets)
    certified = (("認証文", certificate.sentence), ("発行者", head.mayor))
    return tuple(
        Record(
            issuer=issuer,
            kind=certificate.kind,
            title=head.title,
            number=number,
            page=page,
            total=last,
            issued=head.issued,
            sample=head.sample,
            fields=sheet.fields + (certified if page == last or not certificate.is_register else ()),
        )
        for page, sheet in enumerate(drawn.sheets, start=1)
    )

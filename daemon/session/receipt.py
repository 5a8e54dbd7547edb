"""What the receipt printer prints for citizens, as lines; no names (§6).

The receipt comes from the journal alone: it is the same at first and as a 再発行.
"""

from collections.abc import Sequence
from datetime import datetime

from daemon.issuance.messages import Municipality
from daemon.session.entries import Entry
from daemon.session.till import balance
from hal.contracts import Line


def receipt_number(entries: Sequence[Entry]) -> str:
    """The number of a session's receipt: that of the entry that opened its payment."""
    return next(f"{entry.seq:07d}" for entry in entries if entry.event == "payment.opened")


def receipt_lines(entries: Sequence[Entry], terminal: str, head: str, again: bool = False) -> list[Line]:
    """Date and time, terminal, municipality, kind, unit × 通, total, paid, change, number, chain head.

    Municipality and kind are those of the order: the certificate may be of the 本籍 municipality.
    """
    money = balance(entries)
    order = next(e for e in reversed(entries) if e.event == "order.requested")
    opened = next(e for e in entries if e.event == "payment.opened")
    title = "領収書(再発行)" if again else "領収書"
    return [
        Line(title, size="large"),
        Line(order.text("issuer")),
        Line(opened.at.strftime("%Y-%m-%d %H:%M"), terminal),
        Line(order.text("title")),
        Line(f"  {money.unit}円 × {money.printed + money.in_doubt}通", f"{money.kept}円"),
        Line("合計", f"{money.kept}円", size="large"),
        Line("お預り", f"{money.credited}円"),
        Line("お返し", f"{money.paid_out}円"),
        *([Line("未払い(係員へお申し出ください)", f"{money.claimed}円")] if money.claimed else []),
        Line("領収書番号", receipt_number(entries)),
        Line("記録", head[:16]),
    ]


def claim_lines(
    number: str, yen: int, at: datetime, municipality: Municipality, terminal: str, head: str
) -> list[Line]:
    """The slip of a claim (返金票): staff pay it against this number, once."""
    return [
        Line("返金票", size="large"),
        Line(f"{municipality.prefecture}{municipality.name}"),
        Line(at.strftime("%Y-%m-%d %H:%M"), terminal),
        Line("お預かり番号", number, size="large"),
        Line("お返しする額", f"{yen}円", size="large"),
        Line("機械からお返しできませんでした。この票を係員へお渡しください。"),
        Line("記録", head[:16]),
    ]

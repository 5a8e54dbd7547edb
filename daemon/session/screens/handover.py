"""Screens 12 to 15: money, paper, receipt. T has captions only here: the buttons are ours."""

from dataclasses import dataclass

from daemon.session.screens.common import (
    Say,
)
from daemon.session.spoken import Spoken
from daemon.session.widgets import (
    Button,
    Picture,
    Progress,
    Screen,
    Table,
    Text,
    Widget,
)


def preparing(say: Say) -> Screen:
    """Between 11 and 12: the document is made, sealed and checked before any money."""
    body = (Picture("wait"), Text(say("print.preparing"), "lead"))
    return Screen("preparing", say.language, say("title.issue"), body)


@dataclass(frozen=True)
class Amounts:
    """Yen. exact: no change can be given, exact money only. rejected: the last coin came back.

    doubt: what to tell because the vendor is not sure of a coin.
    """

    due: int
    paid: int
    exact: bool = False
    rejected: bool = False
    doubt: str = ""

    @property
    def rest(self) -> int:
        return max(0, self.due - self.paid)

    @property
    def change(self) -> int:
        return max(0, self.paid - self.due)


def _asks_for(money: Amounts) -> Spoken | None:
    """What is said of the money: never how much."""
    if money.rejected:
        return "pay.rejected"
    if not money.rest:
        return None
    return "err.nochange" if money.exact else "say.pay"


def payment(say: Say, money: Amounts) -> Screen:
    """12: due, paid, remaining; 中止する until the fee is complete."""
    rows: list[tuple[str, str]] = [
        (say("pay.due"), say("unit.yen", n=money.due)),
        (say("pay.paid"), say("unit.yen", n=money.paid)),
        (say("pay.rest"), say("unit.yen", n=money.rest)),
    ]
    if money.change:
        rows.append((say("pay.change"), say("unit.yen", n=money.change)))
    notes: list[Widget] = [Text(say("pay.norefund"), "note")]
    if money.exact:
        notes.insert(0, Text(say("err.nochange"), "alert"))
    if money.rejected:
        notes.insert(0, Text(say("pay.rejected"), "alert"))
    if money.doubt:
        notes.insert(0, Text(money.doubt, "alert"))
    return Screen(
        "payment",
        say.language,
        say("pay.title"),
        (Picture("coins"), Table(tuple(rows)), *notes),
        prompt=say("pay.insert", n=money.rest) if money.rest else say("pay.change_later"),
        buttons=(Button("quit", say("btn.cancel")),) if money.rest else (),
        spoken=_asks_for(money),
    )


def returning(say: Say) -> Screen:
    """Money is on its way back to the citizen."""
    body = (Picture("wait"), Text(say("pay.returning"), "lead"))
    return Screen("returning", say.language, say("pay.title"), body)


def take_money(say: Say, yen: int) -> Screen:
    """The coins lie in the return tray."""
    body = (Picture("coins-take"), Table(((say("pay.change"), say("unit.yen", n=yen)),)))
    return Screen(
        "take-money",
        say.language,
        say("pay.title"),
        body,
        prompt=say("pay.take_change"),
        spoken="pay.take_change",
    )


def printing(say: Say, sheet: int, sheets: int) -> Screen:
    """13: sheet k of n."""
    text = say("print.progress", k=sheet, n=sheets)
    return Screen(
        "printing",
        say.language,
        say("print.title"),
        (Picture("printing"), Progress(text, sheet, sheets)),
        prompt=say("print.wait"),
        spoken="print.wait",
    )


def hold(say: Say) -> Screen:
    """The printer needs an attendant; the job waits."""
    return Screen(
        "hold",
        say.language,
        say("print.title"),
        (Picture("error"), Text(say("print.hold"), "alert")),
        spoken="print.hold",
        insists=True,
    )


def take(say: Say, sheets: int, forgotten: bool, sensor: bool) -> Screen:
    """14: stays until the paper is taken: seen by the sensor, or said by the citizen where there is none.

    sheets: 0 if it is not known how many lie there.
    """
    alert = (Text(say("take.forgotten"), "alert"),) if forgotten else ()
    count = (Text(say("take.sheets", n=sheets), "lead"),) if sheets else ()
    return Screen(
        "take",
        say.language,
        say("take.title"),
        (Picture("paper-take"), *count, *alert),
        prompt=say("take.cert"),
        buttons=() if sensor else (Button("taken", say("btn.taken"), "primary"),),
        spoken="take.forgotten" if forgotten else "take.cert",
        insists=True,
        urgent=forgotten,
    )


def receipt(say: Say, number: str, failed: bool) -> Screen:
    """15: the receipt; when it could not be printed its number stands here (reprint by staff, 再発行)."""
    note = (Text(say("print.hold"), "alert"), Text(number, "lead")) if failed else ()
    return Screen(
        "receipt",
        say.language,
        say("receipt.title"),
        (Picture("receipt"), *note),
        prompt="" if failed else say("take.receipt"),
        spoken="print.hold" if failed else "take.receipt",
    )


def thanks(say: Say) -> Screen:
    body = (Text(say("done.thanks"), "lead"),)
    return Screen("thanks", say.language, say("title.issue"), body, spoken="done.thanks")

"""Error pages, and what the kiosk shows when it is not with a citizen."""

from collections.abc import Mapping, Sequence

from daemon.issuance.messages import Municipality
from daemon.session.screens.common import (
    Say,
    Urgency,
    quit_button,
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

ERRORS: Mapping[str, Spoken] = {
    "E1": "err.card",
    "E3": "err.pin_locked",
    "E4": "say.unavailable",
    "E5": "err.timeout",
    "card-gone": "card.gone",
    "cash": "err.cashclosed",
    "center": "err.center",
    "door": "say.unavailable",
    "in-doubt": "say.in_doubt",
    "limit": "session.limit",
    "mismatch": "err.integrity_free",
    "none": "cert.none",
    "order": "say.unavailable",
    "printer": "err.busy",
    "reader": "err.busy",
    "unavailable": "say.unavailable",
}
"""What is said of an error, by its code, unless the page knows better."""


def error(
    say: Say,
    code: str,
    lines: Sequence[str],
    help_at: Municipality | None = None,
    spoken: Spoken | None = None,
) -> Screen:
    """An error page: what happened, its cause line, where to get help; closes by itself."""
    offices: tuple[Widget, ...] = ()
    if help_at is not None and help_at.offices:
        rows = tuple((office.name, f"{office.address} {office.phone}".strip()) for office in help_at.offices)
        note = "  ".join([say("err.offices"), help_at.website]).strip()
        japanese = frozenset(cell for row in rows for cell in row)
        offices = (Text(note, "note"), Table(rows, japanese=japanese), Text(say("err.bring"), "note"))
    first, *rest = lines
    return Screen(
        f"error.{code}",
        say.language,
        say("title.issue"),
        (Picture("error"), Text(first, "alert"), *(Text(line) for line in rest), *offices),
        buttons=(quit_button(say),),
        spoken=spoken or ERRORS.get(code),
    )


def card_left(say: Say, urgency: Urgency = "asked") -> Screen:
    """A card lies on the reader and must go; stays until it is taken."""
    staff = (Text(say("card.staff"), "alert"),) if urgency == "staff" else ()
    return Screen(
        "card-left",
        say.language,
        say("title.issue"),
        (Picture("card-take"), Text(say("card.forgotten"), "alert"), *staff),
        spoken="card.forgotten",
        insists=True,
        urgent=urgency != "asked",
    )


def closed(say: Say, opens: str, closes: str) -> Screen:
    """Outside the site's hours."""
    return Screen(
        "closed",
        say.language,
        say("closed.title"),
        (Picture("closed"), Text(say("closed.hours", open=opens, close=closes), "lead")),
    )


def out_of_service(say: Say, reason: str = "") -> Screen:
    """Something the kiosk cannot work without is missing. reason: what the fault catalogue tells citizens."""
    return Screen(
        "out",
        say.language,
        say("out.title"),
        (Picture("closed"), Text(reason or say("out.staff"), "lead")),
    )


def refund_offer(say: Say, yen: int) -> Screen:
    """After a power cut: the money of the interrupted session, offered for three minutes."""
    return Screen(
        "refund-offer",
        say.language,
        say("pay.title"),
        (Text(say("refund.offer"), "lead"), Table(((say("pay.paid"), say("unit.yen", n=yen)),))),
        buttons=(Button("refund", say("btn.refund"), "primary"),),
        spoken="refund.offer",
        insists=True,
    )


def claim(say: Say, number: str, yen: int) -> Screen:
    """Money the kiosk owes and cannot pay out: the number staff will ask for."""
    return Screen(
        "claim",
        say.language,
        say("pay.title"),
        (Text(say("claim.number", number=number, yen=yen), "alert"),),
        buttons=(quit_button(say),),
        spoken="say.claim",
    )


def still_there(say: Say, seconds: int, of: int, doubled: bool = False, limit: bool = False) -> Screen:
    """Before E5: how many seconds are left. Any touch goes on; one button doubles the time, unless doubled.

    limit: before the session's own limit, which no touch puts off.
    """
    more = () if doubled else (Button("more", say("btn.more_time")),)
    touch = () if limit else (Text(say("timeout.touch")),)
    return Screen(
        "timeout",
        say.language,
        say("title.issue"),
        (
            Picture("wait"),
            Text(say("timeout.soon"), "lead"),
            Progress(say("timeout.left", n=seconds), seconds, of),
            *touch,
        ),
        buttons=(*more, Button("continue", say("btn.continue"), "primary")),
        spoken="timeout.soon",
    )

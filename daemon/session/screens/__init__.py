"""Every screen of the kiosk as a pure function: what it says and which buttons it has (REQUIREMENTS §1).

A ``Say`` gives the text of a key in the citizen's language. Nothing here knows where things
stand on the glass.
"""

from daemon.session.screens.application import applied, apply, applying, registration
from daemon.session.screens.arrival import card, municipality, pin, reading, removal, services, start
from daemon.session.screens.common import LANGUAGES, Say, Urgency
from daemon.session.screens.handover import (
    Amounts,
    hold,
    payment,
    preparing,
    printing,
    receipt,
    returning,
    take,
    take_money,
    thanks,
)
from daemon.session.screens.states import (
    card_left,
    claim,
    closed,
    error,
    out_of_service,
    refund_offer,
    still_there,
)
from daemon.session.screens.wishes import (
    Wish,
    certificate,
    confirm,
    copies,
    items,
    person,
    persons,
    scope,
    typed,
    year,
)

__all__ = [
    "LANGUAGES",
    "Amounts",
    "Say",
    "Urgency",
    "Wish",
    "applied",
    "apply",
    "applying",
    "card",
    "card_left",
    "certificate",
    "claim",
    "closed",
    "confirm",
    "copies",
    "error",
    "hold",
    "items",
    "municipality",
    "out_of_service",
    "payment",
    "person",
    "persons",
    "pin",
    "preparing",
    "printing",
    "reading",
    "receipt",
    "refund_offer",
    "registration",
    "removal",
    "returning",
    "scope",
    "services",
    "start",
    "still_there",
    "take",
    "take_money",
    "thanks",
    "typed",
    "year",
]

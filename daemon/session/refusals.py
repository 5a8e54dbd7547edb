"""What the center's refusals are to the citizen: the sentence, the code of its page, and what is said."""

from collections.abc import Mapping

from daemon.issuance.messages import Reason, Refusal
from daemon.session.screens import Say
from daemon.session.spoken import Spoken
from daemon.session.visit import Visit

REFUSED_PURPOSES: Mapping[Reason, Spoken] = {
    Reason.HOURS: "say.unavailable",
    Reason.CLOSED_DAY: "say.unavailable",
    Reason.MAINTENANCE: "say.unavailable",
    Reason.NOT_OFFERED: "err.register",
    Reason.SAME_MUNICIPALITY: "err.reg_same",
    Reason.REGISTRATION_NEEDED: "err.reg_needed",
    Reason.REGISTRATION_PENDING: "say.unavailable",
    Reason.ALREADY_REGISTERED: "err.reg_done",
}
"""Not the card's fault, but nothing can be had with this choice, or not now; and what is said then."""

SENTENCES: Mapping[Reason, str] = {
    Reason.KOSEKI_PENDING: "note.koseki_pending",
    Reason.BLOCKED: "err.blocked",
    Reason.CHARACTER: "err.character",
    Reason.CHANGED: "err.changed",
    Reason.NOT_OFFERED: "err.register",
    Reason.SAME_MUNICIPALITY: "err.reg_same",
    Reason.REGISTRATION_NEEDED: "err.reg_needed",
    Reason.ALREADY_REGISTERED: "err.reg_done",
}

NOTHING_TO_OFFER = "nothing-to-offer"
AT_THE_COUNTER = (NOTHING_TO_OFFER, Reason.BLOCKED.value, Reason.CHARACTER.value)
"""Reasons why only the municipality's own counter can help: its offices stand on the page."""


def refusal_text(say: Say, visit: Visit, refusal: Refusal) -> str:
    """The sentence for a refusal of hours, maintenance (E4), a kind or a registration."""
    until = refusal.until
    if refusal.reason is Reason.MAINTENANCE and until is not None:
        whose = refusal.municipality or visit.municipality
        day = {"month": until.month, "day": until.day, "hour": until.hour}
        return say("err.maintenance", pref=whose.prefecture, city=whose.name, **day)
    if refusal.reason is Reason.REGISTRATION_PENDING and until is not None:
        return say("err.reg_pending", month=until.month, day=until.day)
    if refusal.reason in (Reason.HOURS, Reason.CLOSED_DAY):
        key = "err.hours" if refusal.reason is Reason.HOURS else "err.closed_day"
        return say(key, open=refusal.open, close=refusal.close)
    return say(SENTENCES.get(refusal.reason, "err.busy"))

"""戸籍証明書交付の利用登録申請, once the holder is known and the card is back (R41, R42).

Nothing is paid and nothing printed: the application goes to the center under an id of its own, and a lost
answer is asked for again with the same id.
"""

from datetime import date

from daemon.issuance.messages import CenterDown, Entitlement, Refused, Registration, RegistrationRequest
from daemon.session import screens
from daemon.session.refusals import refusal_text
from daemon.session.visit import Stopped, Visit

PAGE_SECONDS = 30.0


async def register(visit: Visit, entitlement: Entitlement) -> None:
    """Asks whether to apply, applies, and says from when on certificates can be had. Raises Ended."""
    say, at = visit.say, entitlement.municipality
    await visit.desk.ask(screens.apply(say, at, entitlement.registration_days))
    visit.desk.show(screens.applying(say))
    taken = await _apply(visit)
    await visit.note("registration.taken", registration=taken.registration, municipality=at.code)
    page = screens.applied(say, taken.municipality, taken.days, date.fromisoformat(taken.ready))
    await visit.desk.linger(page, PAGE_SECONDS)


async def _apply(visit: Visit) -> Registration:
    request = RegistrationRequest(visit.kiosk.random(16).hex(), visit.kiosk.terminal, visit.id)
    await visit.note("registration.requested", registration=request.registration)
    try:
        taken = await visit.kiosk.line.register(request)
    except Refused as refused:
        text = refusal_text(visit.say, visit, refused.refusal)
        raise Stopped("order", [text], refused.refusal.reason.value) from None
    except CenterDown:
        raise Stopped("center", [visit.say("err.center")], "center-unreachable") from None
    if taken.registration != request.registration:
        raise Stopped("center", [visit.say("err.center")], "another-registration")
    return taken

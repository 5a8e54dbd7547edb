"""Which municipality is asked, and whether it serves this holder for this purpose (R21, R41, R42). Pure."""

from datetime import datetime, time

from daemon.center.facts import Registered, Resident
from daemon.issuance.calendar import TOKYO
from daemon.issuance.messages import Purpose, Reason, Refusal
from daemon.issuance.profile import Profile


def municipality_of(purpose: Purpose, holder: Resident) -> str:
    """団体コード; "" for the 本籍 of somebody who has none."""
    return holder.municipality if purpose == "residence" else holder.koseki_municipality


def destination_refusal(
    purpose: Purpose, holder: Resident, profile: Profile | None, registered: Registered | None, now: datetime
) -> Refusal | None:
    """profile, registered: of ``municipality_of``; None: not served here, no 利用登録. now: in Asia/Tokyo."""
    if purpose != "residence" and holder.koseki_municipality == holder.municipality:
        return Refusal(Reason.SAME_MUNICIPALITY)
    if profile is None or (purpose != "residence" and not profile.offers_registration):
        return Refusal(Reason.NOT_OFFERED)
    refusal = None if purpose == "residence" else _registration_refusal(purpose, registered, now)
    return refusal or profile.opening("register" if purpose == "register" else None, now)


def _registration_refusal(purpose: Purpose, registered: Registered | None, now: datetime) -> Refusal | None:
    """Once is enough, and nothing is issued before it is completed."""
    if registered is None:
        return Refusal(Reason.REGISTRATION_NEEDED) if purpose == "honseki" else None
    if registered.ready > now.date():
        first_moment = datetime.combine(registered.ready, time(), TOKYO)
        return Refusal(Reason.REGISTRATION_PENDING, until=first_moment)
    return Refusal(Reason.ALREADY_REGISTERED) if purpose == "register" else None

"""Who the holder of a certificate is, which municipality serves them, and what is known around them.

Everything is read when it is asked for: once for the list, once more for the order (P12). For an order only
what its own kind needs is read.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec

from daemon.center import rules
from daemon.center.facts import Koseki, Resident, Tax
from daemon.center.identity import Trust
from daemon.center.offices import Office, Offices
from daemon.center.registry import Registry
from daemon.center.rules.family import FAMILY_KINDS
from daemon.center.rules.residence import TAX_KINDS
from daemon.center.sessions import Errand
from daemon.issuance.messages import Purpose, Reason, Refusal, Refused
from daemon.issuance.profile import Profile


class Admission:
    """The questions before an offer. now: aware, in Asia/Tokyo."""

    def __init__(self, registry: Registry, offices: Offices, trust: Trust) -> None:
        self._registry = registry
        self._offices = offices
        self._trust = trust

    def holder(self, serial: str, now: datetime) -> Resident:
        """As the registry has them now; by the rules of where they live, or of the center's home if that is
        not served here. Raises Refused.
        """
        card = self._registry.card(serial)
        today = now.date()
        reason = self._trust.revocations.refusal(serial, now) or rules.card_refusal(card, today)
        if card is None or reason is not None:
            raise Refused(Refusal(reason or Reason.UNKNOWN_CERTIFICATE))
        holder = self._registry.resident(card.resident)
        office = self._offices.get(holder.municipality) or self._offices.home
        reason = rules.holder_refusal(holder, office.profile, today)
        if reason is not None:
            raise Refused(Refusal(reason))
        return holder

    def office(self, purpose: Purpose, holder: Resident, now: datetime) -> Office:
        """Of the municipality that is asked for this purpose, once it serves the holder. Raises Refused."""
        code = rules.municipality_of(purpose, holder)
        office = self._offices.get(code)
        registered = None if purpose == "residence" else self._registry.registration(holder.id, code)
        profile = office.profile if office else None
        refusal = rules.destination_refusal(purpose, holder, profile, registered, now)
        if office is None or refusal is not None:
            raise Refused(self._signed(refusal or Refusal(Reason.NOT_OFFERED), office))
        return office

    def _signed(self, refusal: Refusal, office: Office | None) -> Refusal:
        """Says whose it is, if not of the center's own municipality."""
        if office is None or office is self._offices.home:
            return refusal
        return msgspec.structs.replace(refusal, municipality=office.profile.municipality())

    def served(self, errand: Errand, holder: Resident, now: datetime) -> Office:
        """Of the municipality that the holder was told, as long as it is still the one. Raises Refused."""
        office = self.office(errand.purpose, holder, now)
        if office.profile.code != errand.municipality:
            raise Refused(Refusal(Reason.CHANGED))
        return office

    def known(self, profile: Profile, holder: Resident, kinds: Collection[str], now: datetime) -> rules.Known:
        """What the rules need of the registry for these kinds."""
        family = any(kind in FAMILY_KINDS for kind in kinds)
        household = self._registry.household(holder.id)
        koseki = self._registry.koseki(holder.id) if family else None
        return rules.Known(
            holder=holder,
            household=household,
            koseki=koseki,
            fuhyo=self._registry.fuhyo(holder.id) if koseki and "fuhyo" in kinds else None,
            relatives=self._relatives(koseki, household) if koseki else {},
            taxes=self._taxes(profile, holder, kinds, now),
        )

    def _relatives(self, koseki: Koseki, household: Collection[Resident]) -> Mapping[int, Resident]:
        """The household is read already; of who lives nowhere that is known here, nothing is known."""
        found = {one.id: one for one in household}
        for person in {one.person for one in koseki.members} - found.keys():
            try:
                found[person] = self._registry.resident(person)
            except LookupError:
                continue
        return found

    def _taxes(
        self, profile: Profile, holder: Resident, kinds: Collection[str], now: datetime
    ) -> Mapping[int, Tax]:
        offered = (profile.tax_years(kind, now.date()) for kind in kinds if kind in TAX_KINDS)
        years = {year.year for some in offered for year in some}
        taxes = {year: self._registry.tax(holder.id, year) for year in years}
        return {year: tax for year, tax in taxes.items() if tax is not None}

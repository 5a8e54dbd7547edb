"""Who the holder of a certificate is, which municipality serves them, and what is known around them.

Everything is read when it is asked for: once for the list, once more for the order (P12). For an order only
what its own kind needs is read.
"""

from collections.abc import Collection, Mapping
from datetime import datetime

import msgspec

from daemon.center import rules
from daemon.center.facts import Card, Resident, Tax
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

    def precheck(self, serial: str, now: datetime) -> None:
        """What may be told to whoever has a serial: how it stands with the card, and R3. Raises Refused."""
        holder = self._known(self._card(serial, now))
        if holder is not None and rules.is_underage(holder, self._home(holder), now.date()):
            raise Refused(Refusal(Reason.UNDERAGE))

    def holder(self, serial: str, now: datetime) -> Resident:
        """As the registry has them now; for who has shown to be the holder. Raises Refused."""
        holder = self._known(self._card(serial, now))
        if holder is None:
            raise Refused(Refusal(Reason.NOT_ENTITLED))
        reason = rules.holder_refusal(holder, self._home(holder), now.date())
        if reason is not None:
            raise Refused(Refusal(reason))
        return holder

    def check_token(self, serial: str, purpose: Purpose, now: datetime) -> None:
        """Raises Refused: of a phone, and for the 利用登録, whatever the kiosk thinks of it (R42)."""
        if purpose == "register" and not rules.can_register(self._card(serial, now)):
            raise Refused(Refusal(Reason.NOT_ENTITLED))

    def _card(self, serial: str, now: datetime) -> Card:
        """Raises Refused: it cannot be used."""
        card = self._registry.card(serial)
        reason = self._trust.revocations.refusal(serial, now) or rules.card_refusal(card, now.date())
        if card is None or reason is not None:
            raise Refused(Refusal(reason or Reason.UNKNOWN_CERTIFICATE))
        return card

    def _known(self, card: Card) -> Resident | None:
        """None: they have moved to where this registry does not reach."""
        try:
            return self._registry.resident(card.resident)
        except LookupError:
            return None

    def _home(self, holder: Resident) -> Profile:
        """By whose rules somebody may stand here: of where they live, else of the center itself."""
        return (self._offices.get(holder.municipality) or self._offices.home).profile

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
            relatives=self._registry.guards([one.person for one in koseki.members]) if koseki else {},
            taxes=self._taxes(profile, holder, kinds, now),
        )

    def _taxes(
        self, profile: Profile, holder: Resident, kinds: Collection[str], now: datetime
    ) -> Mapping[int, Tax]:
        offered = (profile.tax_years(kind, now.date()) for kind in kinds if kind in TAX_KINDS)
        years = {year.year for some in offered for year in some}
        taxes = {year: self._registry.tax(holder.id, year) for year in years}
        return {year: tax for year, tax in taxes.items() if tax is not None}

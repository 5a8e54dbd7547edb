"""The center's operations, whatever line they come by. Synchronous and short; one caller at a time.

Only ``lay_out`` is long, and may run beside the others; ``order`` and ``reissue`` do all three steps at once.
``Arrival`` says who a holder is and what can be had, ``Orders`` makes it; the sessions are common to both.
"""

import secrets
from collections.abc import Callable
from datetime import datetime

from daemon.center.admission import Admission
from daemon.center.arrival import Arrival
from daemon.center.documents.press import Press
from daemon.center.identity import Challenges, Trust
from daemon.center.issuing import Issuer
from daemon.center.offices import Office, Offices
from daemon.center.orders import Job, Orders
from daemon.center.registry import Registry
from daemon.center.sessions import Sessions
from daemon.issuance.calendar import TOKYO
from daemon.issuance.messages import CenterStatus, OrderRequest, ReissueRequest, SealedOrder
from daemon.issuance.published import Published
from daemon.issuance.seal import Sealer

__all__ = ["CenterService", "Office", "Offices"]


class CenterService:
    """A center of one or more municipalities. clock: aware times. random: n random bytes."""

    def __init__(
        self,
        registry: Registry,
        offices: Offices,
        sealer: Sealer,
        trust: Trust,
        press: Press,
        clock: Callable[[], datetime],
        random: Callable[[int], bytes] = secrets.token_bytes,
    ) -> None:
        def now() -> datetime:
            return clock().astimezone(TOKYO)

        self._offices = offices
        self._sealer = sealer
        self._now = now
        self._sessions = Sessions(now, random)
        admission = Admission(registry, offices, trust)
        challenges = Challenges(offices.home.name, now, random)
        arrival = Arrival(registry, admission, trust, challenges, self._sessions, now)
        issuer = Issuer(registry, sealer, press)
        orders = Orders(registry, admission, issuer, self._sessions, now, offices.home.sample)
        self.precheck = arrival.precheck
        self.challenge = arrival.challenge
        self.authenticate = arrival.authenticate
        self.register = arrival.register
        self.begin_order = orders.order
        self.begin_reissue = orders.reissue
        self.lay_out = orders.lay_out
        self.finish = orders.finish
        self.cancel = orders.cancel
        self.close = orders.close

    def order(self, request: OrderRequest) -> SealedOrder:
        """Raises Refused."""
        return self._made(self.begin_order(request))

    def reissue(self, request: ReissueRequest) -> SealedOrder:
        """Raises Refused."""
        return self._made(self.begin_reissue(request))

    def _made(self, begun: SealedOrder | Job) -> SealedOrder:
        return self.finish(begun, self.lay_out(begun)) if isinstance(begun, Job) else begun

    def status(self) -> CenterStatus:
        home = self._offices.home
        return CenterStatus(
            center=home.name,
            now=self._now(),
            municipality=home.profile.municipality(),
            profile=home.profile_hash,
            sample=home.sample,
            key=self._sealer.key,
            others=self._offices.others(),
        )

    @property
    def sample(self) -> bool:
        """Whether the people are invented."""
        return self._offices.home.sample

    def published(self) -> tuple[Published, ...]:
        """The profiles in force, that of the home first."""
        return tuple(Published(office.profile, office.profile_hash, office.seal) for office in self._offices)

    def publish(self, office: Office) -> None:
        """From the next question on this is what is offered: also to who is being served already."""
        self._offices.update(office)

    def sweep(self) -> None:
        """Drops sessions that are over, with their documents. To be called now and then."""
        self._sessions.sweep()

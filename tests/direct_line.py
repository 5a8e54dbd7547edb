"""The line to the center without a wire: the kiosk's calls go straight to the service.

Messages still pass through their JSON form, so that nothing gets by that the wire would not carry.
"""

from typing import TypeVar

import msgspec

from daemon.center.service import CenterService
from daemon.issuance.messages import (
    Authentication,
    CenterStatus,
    Challenge,
    ChallengeRequest,
    CopyOutcome,
    Entitlement,
    Message,
    OrderCancel,
    OrderClose,
    OrderRequest,
    Precheck,
    Purpose,
    Registration,
    RegistrationRequest,
    ReissueRequest,
    SealedOrder,
)

Sent = TypeVar("Sent", bound=Message)


def carried(message: Sent) -> Sent:
    """The message as it comes out at the other end of a wire."""
    return msgspec.json.decode(msgspec.json.encode(message), type=type(message))


class DirectLine:
    """A ``CenterLine`` in process."""

    def __init__(self, service: CenterService, terminal: str) -> None:
        self._service = service
        self._terminal = terminal

    async def status(self) -> CenterStatus:
        return carried(self._service.status())

    async def precheck(self, serial: str) -> None:
        self._service.precheck(carried(Precheck(self._terminal, serial)))

    async def challenge(self, session: str) -> Challenge:
        return carried(self._service.challenge(carried(ChallengeRequest(self._terminal, session))))

    async def authenticate(
        self, session: str, nonce: bytes, certificate: bytes, signature: bytes, purpose: Purpose
    ) -> Entitlement:
        request = Authentication(self._terminal, session, nonce, certificate, signature, purpose)
        return carried(self._service.authenticate(carried(request)))

    async def register(self, request: RegistrationRequest) -> Registration:
        return carried(self._service.register(carried(request)))

    async def order(self, request: OrderRequest) -> SealedOrder:
        return carried(self._service.order(carried(request)))

    async def reissue(self, request: ReissueRequest) -> SealedOrder:
        return carried(self._service.reissue(carried(request)))

    async def cancel(self, order: str) -> None:
        self._service.cancel(carried(OrderCancel(order, self._terminal)))

    async def close(self, order: str, outcomes: dict[str, CopyOutcome]) -> None:
        self._service.close(carried(OrderClose(order, self._terminal, outcomes)))

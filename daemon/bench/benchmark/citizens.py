"""The kiosk's part of the procedure with the center for many cards: challenge, signature, offers, order."""

import secrets
import time
from dataclasses import dataclass, field

import msgspec
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256

from daemon.issuance.client import CenterClient
from daemon.issuance.messages import (
    CopyOutcome,
    Entitlement,
    Manifest,
    Offer,
    OrderRequest,
    Refused,
)
from daemon.issuance.seal import challenge_message
from drivers.card.sample import new_key, sample_authority

KIND = "juminhyo"


@dataclass
class Times:
    """Seconds. offers: of each request that was answered with offers; orders: of each that was sealed.

    refused: citizens who cannot have a 住民票の写し (too young, blocked, moved out).
    """

    offers: list[float] = field(default_factory=list)
    orders: list[float] = field(default_factory=list)
    refused: int = 0


class Cards:
    """Anybody's card, by its serial. All have one key, as making keys is slow."""

    def __init__(self) -> None:
        self.authority = sample_authority()
        self._key = new_key()

    def certificate(self, serial: str) -> bytes:
        return self.authority.issue_for(int(serial, 16), key=self._key).certificate

    def sign(self, message: bytes) -> bytes:
        return self._key.sign(message, PKCS1v15(), SHA256())


class Terminal:
    """One kiosk at a center."""

    def __init__(self, name: str, address: str, cards: Cards) -> None:
        self._name = name
        self._client = CenterClient(address, name)
        self._cards = cards

    async def close(self) -> None:
        await self._client.close_connection()

    async def serve(self, serial: str, times: Times) -> None:
        """One citizen gets a 住民票の写し, if there is one to be had."""
        session = secrets.token_hex(16)
        try:
            entitlement = await self._enter(serial, session, times)
            offer = next(
                (one for one in entitlement.offers if one.kind == KIND and one.refusal is None), None
            )
            if offer is None:
                times.refused += 1
            else:
                await self._order(session, offer, entitlement, times)
        except Refused:
            times.refused += 1

    async def _enter(self, serial: str, session: str, times: Times) -> Entitlement:
        certificate = self._cards.certificate(serial)
        challenge = await self._client.challenge(session)
        message = challenge_message(challenge.center, self._name, session, challenge.nonce, challenge.expires)
        signature = self._cards.sign(message)
        began = time.perf_counter()
        entitlement = await self._client.authenticate(
            session, challenge.nonce, certificate, signature, "residence"
        )
        times.offers.append(time.perf_counter() - began)
        return entitlement

    async def _order(self, session: str, offer: Offer, entitlement: Entitlement, times: Times) -> None:
        request = OrderRequest(
            order=secrets.token_hex(16),
            terminal=self._name,
            session=session,
            kind=offer.kind,
            scope="self",
            subjects=(entitlement.holder.handle,),
            items=(),
            copies=1,
            sample=True,
            fee=offer.fee,
        )
        began = time.perf_counter()
        sealed = await self._client.order(request)
        times.orders.append(time.perf_counter() - began)
        manifest = msgspec.json.decode(sealed.manifest, type=Manifest)
        outcomes = {copy.number: CopyOutcome.DELIVERED for copy in manifest.copies}
        await self._client.close(request.order, outcomes)

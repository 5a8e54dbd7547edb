"""What only the municipality's counter can give: the page says so and names its offices, never the cause."""

import msgspec

from daemon.issuance.messages import (
    Entitlement,
    OrderRequest,
    Purpose,
    Reason,
    Refusal,
    Refused,
    SealedOrder,
)
from tests.direct_line import DirectLine
from tests.flow.citizen import Citizen, citizen
from tests.flow.whole import SetUp
from tests.session.stage import virtual_time


class Blocks(DirectLine):
    """A 支援措置 was entered after the listing."""

    async def order(self, request: OrderRequest) -> SealedOrder:
        raise Refused(Refusal(Reason.BLOCKED))


class OffersNothing(DirectLine):
    async def authenticate(
        self, session: str, nonce: bytes, certificate: bytes, signature: bytes, purpose: Purpose
    ) -> Entitlement:
        found = await super().authenticate(session, nonce, certificate, signature, purpose)
        return msgspec.structs.replace(found, offers=())


async def stands_at_the_offices(one: Citizen, text: str) -> None:
    assert text in one.texts
    assert one.heard[-1] == text
    assert "err.offices" in " ".join(one.texts)
    assert "高岡市役所本庁舎" in one.texts
    await one.press("quit")


@virtual_time
async def test_an_order_for_somebody_who_is_protected() -> None:
    async with citizen(SetUp(line=Blocks)) as one:
        await one.to("error.order")
        await stands_at_the_offices(one, "err.blocked")
        await one.got_nothing_and_lost_nothing()


@virtual_time
async def test_a_holder_who_can_have_nothing() -> None:
    async with citizen(SetUp(line=OffersNothing)) as one:
        await one.to("pin")
        await one.type("1234")
        await one.until("error.none")
        await stands_at_the_offices(one, "cert.none")
        await one.take_card()
        await one.got_nothing_and_lost_nothing()

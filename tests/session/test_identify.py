"""Which kinds of card each service takes."""

from dataclasses import replace

import pytest

from daemon.session.identify import identify
from daemon.session.visit import Stopped
from hal.contracts import CardReading, TokenKind
from tests.session.fakes import FakeReader
from tests.session.stage import shop


@pytest.mark.parametrize("phone", [TokenKind.ANDROID, TokenKind.IPHONE])
async def test_a_phone_cannot_apply_for_the_registration_even_where_it_can_issue(phone: TokenKind) -> None:
    """R42."""
    async with shop() as at:
        reader = FakeReader(CardReading(phone, b"", 3), present=True)
        devices = replace(at.visit.kiosk.devices, card=reader)
        at.visit.kiosk = replace(at.visit.kiosk, devices=devices, tokens=frozenset(TokenKind))
        with pytest.raises(Stopped) as stopped:
            await identify(at.visit, "register")
        assert (stopped.value.code, stopped.value.reason) == ("E1", phone.value)
        assert "reg.phone" in stopped.value.lines
        assert await at.told() == ["card.refused"]

"""利用登録申請 once the holder is known: asked, sent under one id, told, and never a yen (R41)."""

import asyncio
from dataclasses import replace

import pytest

from daemon.issuance.messages import Entitlement, Municipality, Person, Reason, Refusal
from daemon.session.desk import Quit
from daemon.session.registration import register
from daemon.session.visit import Stopped
from tests.session.fakes import FakeLine
from tests.session.stage import Shop, settled, shop, virtual_time

ISHIKARI = Municipality("012351", "北海道", "石狩市")
HOLDER = Entitlement(ISHIKARI, Person("h1", "山田 太郎"), (), registration_days=5)


async def applying(at: Shop, refusal: Refusal | None = None, down: bool = False) -> "asyncio.Task[None]":
    """Somebody whose 本籍 is in 石狩市 stands before the question whether to apply."""
    line = FakeLine(HOLDER)
    line.refusal, line.down = refusal, down
    at.line, at.visit.kiosk = line, replace(at.visit.kiosk, line=line)
    task = asyncio.create_task(register(at.visit, HOLDER))
    await settled()
    assert at.citizen.sees.name == "apply"
    return task


@virtual_time
async def test_the_citizen_sees_where_it_goes_and_how_long_it_takes_before_it_is_sent() -> None:
    async with shop() as at:
        task = await applying(at)
        assert "北海道石狩市" in str(at.citizen.sees.body)
        assert "reg.days n=5" in str(at.citizen.sees.body)
        assert at.line.registered == []
        await at.citizen.press("confirm")
        assert at.citizen.sees.name == "applied"
        assert "reg.ready month=4 day=6" in str(at.citizen.sees.body)
        await at.citizen.press("quit")
        await task
        assert [request.session for request in at.line.registered] == ["s1"]
        assert await at.told() == ["registration.requested", "registration.taken"]


@virtual_time
async def test_who_quits_has_applied_for_nothing() -> None:
    async with shop() as at:
        task = await applying(at)
        await at.citizen.press("quit")
        with pytest.raises(Quit):
            await task
        assert at.line.registered == []
        assert await at.told() == []


@virtual_time
async def test_a_refusal_says_why() -> None:
    async with shop() as at:
        task = await applying(at, Refusal(Reason.ALREADY_REGISTERED))
        await at.citizen.press("confirm")
        with pytest.raises(Stopped) as stopped:
            await task
        assert stopped.value.lines == ("err.reg_done",)
        assert await at.told() == ["registration.requested"]


@virtual_time
async def test_without_the_center_nothing_is_promised() -> None:
    async with shop() as at:
        task = await applying(at, down=True)
        await at.citizen.press("confirm")
        with pytest.raises(Stopped) as stopped:
            await task
        assert stopped.value.code == "center"

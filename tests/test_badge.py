"""Staff are known by their own card and its PIN: a genuine signature over fresh bytes, or nobody."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta

import pytest

from daemon.badge import Badge, NotStaff, fingerprint
from drivers.card.chip import CardContents, VirtualCard
from drivers.card.sample import new_key
from tests.direct_reader import DirectReader
from tests.flow.whole import MORNING, card_files
from tests.session.stage import virtual_time

FILES = card_files("162027")
REGISTERED = {fingerprint(FILES["taro"][0].certificate): "17"}
"""山田 太郎 is staff here."""


def card(holder: str) -> VirtualCard:
    keys, authority = FILES[holder]
    return VirtualCard(CardContents(keys, authority))


class Kiosk:
    """A reader at work and the badge at it. drawn: the random bytes of each digest."""

    def __init__(self, now: datetime = MORNING) -> None:
        self.reader = DirectReader()
        self.drawn = 0
        self.badge = Badge(self.reader, REGISTERED, "T01", lambda: now, self._random)
        self._pump = asyncio.create_task(self.reader.run(self.badge.hear))

    def _random(self, size: int) -> bytes:
        self.drawn += 1
        return bytes([self.drawn]) * size

    async def __aenter__(self) -> "Kiosk":
        await asyncio.sleep(0)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._pump.cancel()
        with suppress(asyncio.CancelledError):
            await self._pump


@virtual_time
async def test_a_registered_card_and_its_pin_are_a_staff_number() -> None:
    async with Kiosk() as kiosk:
        kiosk.reader.place(card("taro"))
        pin = bytearray(b"1234")
        assert await kiosk.badge.identify(pin) == "17"
        assert pin == bytes(4)


@virtual_time
async def test_a_card_may_be_placed_after_the_question() -> None:
    async with Kiosk() as kiosk:
        asked = asyncio.create_task(kiosk.badge.identify(bytearray(b"1234")))
        await asyncio.sleep(20)
        kiosk.reader.place(card("taro"))
        assert await asked == "17"


@virtual_time
async def test_without_a_card_the_question_ends_after_a_minute() -> None:
    async with Kiosk() as kiosk:
        with pytest.raises(NotStaff, match="no card was placed"):
            await kiosk.badge.identify(bytearray(b"1234"))


@virtual_time
async def test_an_unknown_card_is_nobody_and_spends_no_try() -> None:
    async with Kiosk() as kiosk:
        hanako = card("hanako")
        kiosk.reader.place(hanako)
        with pytest.raises(NotStaff, match="not registered") as told:
            await kiosk.badge.identify(bytearray(b"1234"))
        assert fingerprint(FILES["hanako"][0].certificate) in str(told.value)
        assert (hanako.pin.tries_left, kiosk.drawn) == (3, 0)


@virtual_time
async def test_a_wrong_pin_is_nobody() -> None:
    async with Kiosk() as kiosk:
        kiosk.reader.place(card("taro"))
        with pytest.raises(NotStaff, match="the PIN is wrong; tries left: 2"):
            await kiosk.badge.identify(bytearray(b"9999"))


@pytest.mark.parametrize("pin", [b"", b"123", b"12345", b"12a4"])
@virtual_time
async def test_what_is_no_pin_never_reaches_the_card(pin: bytes) -> None:
    async with Kiosk() as kiosk:
        taro = card("taro")
        kiosk.reader.place(taro)
        with pytest.raises(NotStaff, match="four digits"):
            await kiosk.badge.identify(bytearray(pin))
        assert taro.pin.tries_left == 3


@virtual_time
async def test_a_forged_card_with_the_registered_certificate_is_not_believed() -> None:
    async with Kiosk() as kiosk:
        taro, authority = FILES["taro"]
        forged = replace(taro, key=new_key())
        kiosk.reader.place(VirtualCard(CardContents(forged, authority)))
        with pytest.raises(NotStaff, match="not genuine"):
            await kiosk.badge.identify(bytearray(b"1234"))


@virtual_time
async def test_a_card_out_of_date_is_nobody() -> None:
    async with Kiosk(MORNING + timedelta(days=4000)) as kiosk:
        kiosk.reader.place(card("taro"))
        with pytest.raises(NotStaff, match="not in date"):
            await kiosk.badge.identify(bytearray(b"1234"))


@virtual_time
async def test_each_question_is_signed_anew() -> None:
    async with Kiosk() as kiosk:
        kiosk.reader.place(card("taro"))
        for _ in range(2):
            await kiosk.badge.identify(bytearray(b"1234"))
        assert kiosk.drawn == 2


@virtual_time
async def test_nothing_of_card_or_pin_reaches_the_log(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    async with Kiosk() as kiosk:
        kiosk.reader.place(card("taro"))
        await kiosk.badge.identify(bytearray(b"1234"))
    assert "1234" not in caplog.text
    assert fingerprint(FILES["taro"][0].certificate) not in caplog.text
